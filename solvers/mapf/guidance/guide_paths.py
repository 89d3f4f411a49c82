"""The search for one guide path among those of the others, as numba kernels: A*.

A path leads through states: vertices, or for robots that turn four times the vertex
plus the heading. ``shift`` is the number of bits that say the heading, 0 or 2; which
state follows which is given as for vertices, by a table with four columns.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel

CROWD = 4
"""Column of the use of a vertex that counts robots entering it; 0..3 departures."""

_COST = np.int64(0xFFFFFFFF)


class PathSearch(NamedTuple):
    """Memory of one search after another."""

    label: NDArray[np.int64]  # (states,): number of the search << 32 | cost
    steps: NDArray[np.int32]  # (states,): length of the way there
    parent: NDArray[np.int32]  # (states,)
    bucket: NDArray[np.int32]  # (costs,): newest open node of each cost, or -1
    state: NDArray[np.int32]  # (nodes,)
    cost: NDArray[np.int32]  # (nodes,)
    below: NDArray[np.int32]  # (nodes,): node opened before it at the same cost
    searches: NDArray[np.int64]  # (1,)


class Prices(NamedTuple):
    """What a guide path pays for."""

    step: int  # for a step, and for each step of a detour
    crowd: int  # for each robot whose path enters the vertex
    contra: int  # for each robot whose path takes the edge the other way
    block: int  # for each timestep that a robot settled there would lose
    longest: int  # most timesteps counted so


def make_path_search(states: int, costs: int = 16384) -> PathSearch:
    """Allocate the memory of the search."""
    nodes = 8 * states + 8
    return PathSearch(
        label=np.zeros(states, np.int64),
        steps=np.zeros(states, np.int32),
        parent=np.zeros(states, np.int32),
        bucket=np.full(costs, -1, np.int32),
        state=np.zeros(nodes, np.int32),
        cost=np.zeros(nodes, np.int32),
        below=np.zeros(nodes, np.int32),
        searches=np.zeros(1, np.int64),
    )


@lean_kernel
def _count_use(
    successors: NDArray[np.int32],
    shift: int,
    use: NDArray[np.int32],
    path: NDArray[np.int32],
    length: int,
    robots: int,
) -> None:
    """Add a path to the use of the floor (``robots`` 1) or take it away (-1)."""
    for k in range(length):
        before, after = path[k], path[k + 1]
        if shift > 0:
            if before >> shift != after >> shift:
                use[after >> shift, CROWD] += robots
                use[before >> shift, before & 3] += robots
            continue
        use[after, CROWD] += robots
        for d in range(4):
            if successors[before, d] == after:
                use[before, d] += robots


@lean_kernel
def _price(use, owner, arrival, prices, robot, after, d, steps):  # type: ignore[no-untyped-def]
    """Cost of entering a vertex by a direction, besides the step itself."""
    cost = prices.contra * np.int64(use[after, d ^ 2])
    cost += prices.crowd * np.int64(use[after, CROWD])
    other = owner[after]
    if other >= 0 and other != robot and steps >= arrival[other]:
        # It would have to leave its goal, and to come back.
        lost = np.int64(steps) - arrival[other] + 2
        cost += prices.block * min(lost, prices.longest)
    return cost


@lean_kernel
def _write_path(search, goal, path):  # type: ignore[no-untyped-def]
    """Write the way to a vertex; return its length, or -1 if there is no room."""
    length = -1
    vertex = np.int64(goal)
    while vertex >= 0:
        length += 1
        vertex = np.int64(search.parent[vertex])
    if length >= len(path):
        return -1
    vertex = np.int64(goal)
    for k in range(length, -1, -1):
        path[k] = vertex
        vertex = np.int64(search.parent[vertex])
    return length


@lean_kernel
def _find_path(  # type: ignore[no-untyped-def]
    successors, shift, to_goal, start, owner, arrival, robot, use, prices, search, path
):
    """Write the cheapest path to ``path``; its length, or -1 when there is none.

    Costs are counted above that of a shortest path, in a queue of buckets.
    """
    search.searches[0] += 1
    number = search.searches[0]
    dearest = len(search.bucket) - 1
    search.label[start] = number << np.int64(32)
    search.steps[start] = 0
    search.parent[start] = -1
    search.state[0], search.cost[0], search.below[0] = start, 0, -1
    search.bucket[0] = 0
    nodes, cheapest, highest, found = 1, 0, 0, -1
    while cheapest <= highest and nodes + 4 <= len(search.state):
        node = search.bucket[cheapest]
        if node < 0:
            cheapest += 1
            continue
        search.bucket[cheapest] = search.below[node]
        before = search.state[node]
        paid = np.int64(search.cost[node])
        if search.label[before] & _COST != paid:
            continue  # reached for less since
        if to_goal[before] == 0:
            found = before
            break
        steps = search.steps[before] + 1
        for k in range(4):
            d = (k + robot) & 3
            after = successors[before, d]
            if after < 0:
                continue
            detour = 1 + np.int64(to_goal[after]) - np.int64(to_goal[before])
            cost = paid + prices.step * detour
            vertex, way = after >> shift, (d if shift == 0 else after & 3)
            if before >> shift != vertex:
                cost += _price(use, owner, arrival, prices, robot, vertex, way, steps)
            cost = min(cost, dearest)
            label = search.label[after]
            if label >> np.int64(32) == number and label & _COST <= cost:
                continue
            search.label[after] = number << np.int64(32) | cost
            search.steps[after] = steps
            search.parent[after] = before
            search.state[nodes] = after
            search.cost[nodes] = cost
            search.below[nodes] = search.bucket[cost]
            search.bucket[cost] = nodes
            nodes += 1
            highest = max(highest, cost)
    for cost in range(cheapest, highest + 1):
        search.bucket[cost] = -1
    return -1 if found < 0 else _write_path(search, found, path)


@lean_kernel
def plan_paths(  # type: ignore[no-untyped-def]
    successors,
    shift,
    distances,
    starts,
    owner,
    arrival,
    order,
    use,
    prices,
    search,
    paths,
    lengths,
):
    """Plan the path of each robot of the order anew, in place.

    A robot for which none is found keeps the path it has.
    """
    for k in range(len(order)):
        robot = order[k]
        path = paths[robot]
        if lengths[robot] >= 0:
            _count_use(successors, shift, use, path, lengths[robot], -1)
        length = _find_path(
            successors,
            shift,
            distances[robot],
            starts[robot],
            owner,
            arrival,
            robot,
            use,
            prices,
            search,
            path,
        )
        if length >= 0:
            lengths[robot] = length
            arrival[robot] = length
        if lengths[robot] >= 0:
            _count_use(successors, shift, use, path, lengths[robot], 1)


@kernel
def write_rows(  # type: ignore[no-untyped-def]
    predecessors, shift, paths, lengths, distances, step, off_path, robots, rows
):
    """Write what remains to go from every state if the path is to be followed.

    On the path that is what is left of it, ``step`` for each step; elsewhere the least
    of ``off_path`` for each step to a state of the path and what is left from there.
    """
    states = predecessors.shape[0]
    queue = np.empty(states, np.int32)
    for number in range(len(robots)):
        robot = robots[number]
        row = rows[robot]
        length = lengths[robot]
        if length < 0:
            for state in range(states):
                left = np.int64(distances[robot, state])
                row[state] = min(left * step, 32767)
            continue
        for state in range(states):
            row[state] = 32767
        path = paths[robot]
        for k in range(length + 1):
            row[path[k]] = min(step * (length - k), 32767)
        head, tail, k = 0, 0, length
        # At the goal any heading will do.
        for heading in range(1 << shift):
            end = (path[length] >> shift << shift) + heading
            if end != path[length]:
                row[end] = 0
                queue[tail] = end
                tail += 1
        # Two queues in order of distance: the path from its end, and what is off it.
        while head < tail or k >= 0:
            if k >= 0 and (head == tail or row[path[k]] <= row[queue[head]]):
                state = path[k]
                k -= 1
            else:
                state = queue[head]
                head += 1
            left = np.int64(row[state]) + off_path
            if left >= 32767:
                continue
            for d in range(4):
                before = predecessors[state, d]
                if before >= 0 and row[before] == 32767:
                    row[before] = left
                    queue[tail] = before
                    tail += 1
