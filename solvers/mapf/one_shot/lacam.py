"""LaCAM*: lazy search over configurations, complete and getting better with time.

Okumura (2023), AAAI, doi:10.1609/aaai.v37i10.26377, and LaCAM*, IJCAI 2023,
arXiv:2305.03632. Depth-first over configurations of all robots; `pibt.step` makes the
next one from what is best for each robot and from constraints, which are tried one by
one (breadth first, most urgent robot first) whenever the search comes back. Once the
goals are found, ways between known configurations are rewired towards the least loss,
the number of robot-steps away from the goals, until nothing better can be left.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.pibt import (
    away_first,
    make_space,
    random_bits,
    step,
)
from solvers.mapf.one_shot.search_tree import (
    add_edge,
    add_node,
    grow,
    has_room,
    hash_of,
    make_tree,
    next_constraint,
    push_open,
    size_bytes,
    slot_of,
)

EXHAUSTED, FOUND, BUDGET_SPENT, ROOM_NEEDED = 0, 1, 2, 3

RESTART = 1000
"""One in so many known configurations is answered by going back to the start."""


class Instance(NamedTuple):
    """What does not change while searching."""

    successors: NDArray[np.int32]  # (vertices, 4)
    degree: NDArray[np.int8]  # (vertices,): how many moves lead out
    distances: NDArray[np.int16]  # (robots, vertices)
    goals: NDArray[np.int32]  # (robots,): vertices
    preferred: NDArray[np.int32]  # (robots,): -1


class Scratch(NamedTuple):
    """Room to work in; all of shape (robots,)."""

    position: NDArray[np.int32]  # vertices
    target: NDArray[np.int32]  # vertices
    best: NDArray[np.int32]  # vertices


@lean_kernel
def _sum_of_distances(vertices, instance):  # type: ignore[no-untyped-def]
    total = np.int64(0)
    for robot in range(len(vertices)):
        total += instance.distances[robot, vertices[robot]]
    return total


@lean_kernel
def _loss(before, after, instance):  # type: ignore[no-untyped-def]
    """How many robots begin or end the step away from the goal."""
    total = np.int64(0)
    for robot in range(len(instance.goals)):
        goal = instance.goals[robot]
        rests = before[robot] == goal and after[robot] == goal
        total += not rests
    return total


@lean_kernel
def _constrain(tree, constraint, space, scratch):  # type: ignore[no-untyped-def]
    """Fill the targets that a constraint fixes; False where two of them collide."""
    position, target = scratch.position, scratch.target
    for robot in range(len(target)):
        target[robot] = -1
    here, there = space.here, space.there
    one = constraint
    while one >= 0:
        here[position[tree.robot[one]]] = tree.robot[one]
        one = tree.above[one]
    fine = True
    one = constraint
    while one >= 0:
        robot = tree.robot[one]
        vertex = tree.vertex[one]
        other = here[vertex]
        swaps = other >= 0 and other != robot and target[other] == position[robot]
        if there[vertex] >= 0 or swaps:
            fine = False
            break
        there[vertex] = robot
        target[robot] = vertex
        one = tree.above[one]
    one = constraint
    while one >= 0:
        here[position[tree.robot[one]]] = -1
        there[tree.vertex[one]] = -1
        one = tree.above[one]
    return fine


@lean_kernel
def _generate(instance, tree, node, constraint, space, scratch, tries):  # type: ignore[no-untyped-def]
    """Best of some next configurations by PIBT, into ``best``; False when none."""
    before, position, target = (
        tree.configuration[node],
        scratch.position,
        scratch.target,
    )
    for robot in range(len(before)):
        position[robot] = before[robot]
    least = np.int64(-1)
    for _ in range(tries):
        if not _constrain(tree, constraint, space, scratch):
            return False
        if not step(
            instance.successors,
            instance.degree,
            instance.distances,
            instance.goals,
            position,
            tree.order[node],
            instance.preferred,
            target,
            space,
        ):
            continue
        value = np.int64(0)
        if tries > 1:
            value = _loss(before, target, instance)
            value += _sum_of_distances(target, instance)
        if least < 0 or value < least:
            least = value
            for robot in range(len(target)):
                scratch.best[robot] = target[robot]
    return least >= 0


@lean_kernel
def _rewire(instance, tree, node):  # type: ignore[no-untyped-def]
    """Pass on from a node at what cost others may now be reached."""
    queue, room = tree.queue, len(tree.queue)
    queue[0] = node
    head, waiting = 0, 1
    while waiting > 0:
        at = np.int64(queue[head])
        head = (head + 1) % room
        waiting -= 1
        tree.in_queue[at] = False
        edge = tree.edges[at]
        while edge >= 0:
            to = np.int64(tree.edge_to[edge])
            edge = tree.edge_next[edge]
            cost = tree.cost[at] + _loss(
                tree.configuration[at], tree.configuration[to], instance
            )
            if cost >= tree.cost[to]:
                continue
            tree.cost[to] = cost
            tree.parent[to] = at
            if not tree.in_queue[to]:
                tree.in_queue[to] = True
                queue[(head + waiting) % room] = to
                waiting += 1
            goal = tree.goal[0]
            if goal >= 0 and cost + tree.to_go[to] < tree.cost[goal]:
                push_open(tree, to)


@lean_kernel
def begin(instance, tree, starts, order):  # type: ignore[no-untyped-def]
    """Enter the starts as the first node."""
    hashed = hash_of(starts, tree.salt)
    slot = slot_of(tree, starts, hashed)
    to_go = _sum_of_distances(starts, instance)
    node = add_node(tree, starts, hashed, slot, np.int64(-1), np.int64(0), to_go)
    for k in range(len(order)):
        tree.order[node, k] = order[k]
    push_open(tree, node)


@lean_kernel
def search(instance, tree, space, scratch, budget, tries):  # type: ignore[no-untyped-def]
    """Go on with the search for some steps of PIBT.

    Returns
    -------
    status : int
        ``EXHAUSTED``: nothing is left; without a goal node there is no solution,
        with one its way has the least loss. ``FOUND``: the goals have just been
        reached (once). ``BUDGET_SPENT``. ``ROOM_NEEDED``: let the tree grow.
    steps : int
        How much of the budget was used.
    """
    steps = 0
    while tree.opened[0] > 0:
        if steps >= budget:
            return BUDGET_SPENT, steps
        if not has_room(tree):
            return ROOM_NEEDED, steps
        node = np.int64(tree.open[tree.opened[0] - 1])
        goal = tree.goal[0]
        if goal < 0 and tree.to_go[node] == 0:
            tree.goal[0] = node
            return FOUND, steps
        if goal >= 0 and tree.cost[node] + tree.to_go[node] >= tree.cost[goal]:
            tree.opened[0] -= 1
            continue
        bits = random_bits(space.random)
        more, constraint = next_constraint(tree, instance.successors, node, bits >> 20)
        if not more:
            tree.opened[0] -= 1
            continue
        steps += 1
        if not _generate(instance, tree, node, constraint, space, scratch, tries):
            continue
        after = scratch.best
        hashed = hash_of(after, tree.salt)
        slot = slot_of(tree, after, hashed)
        known = np.int64(tree.table[slot])
        if known >= 0:
            add_edge(tree, node, known)
            _rewire(instance, tree, node)
            again = np.int64(0) if bits % RESTART == 0 else known
            if goal < 0 or tree.cost[again] + tree.to_go[again] < tree.cost[goal]:
                push_open(tree, again)
            continue
        cost = tree.cost[node] + _loss(tree.configuration[node], after, instance)
        to_go = _sum_of_distances(after, instance)
        new = add_node(tree, after, hashed, slot, node, cost, to_go)
        away_first(tree.order[node], after, instance.goals, tree.order[new])
        add_edge(tree, node, new)
        push_open(tree, new)
    return EXHAUSTED, steps


def make_instance(
    floor: Floor,
    distances: NDArray[np.int16],
    goals: NDArray[np.int32],
) -> Instance:
    """State an instance for the kernels.

    Parameters
    ----------
    floor : Floor
    distances : ndarray of int16, shape (robots, vertices)
    goals : ndarray of int32, shape (robots,)
        Vertices.

    Examples
    --------
    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 3), bool)))
    >>> rows, goal = np.array([[2, 1, 0]], np.int16), np.array([2], np.int32)
    >>> make_instance(floor, rows, goal).degree.tolist()
    [1, 2, 1]
    """
    degree = (floor.successors >= 0).sum(axis=1).astype(np.int8)
    nowhere = np.full(len(goals), -1, np.int32)
    return Instance(floor.successors, degree, distances, goals, nowhere)


class Lacam:
    """A search under way, which can be gone on with as long as there is time.

    Parameters
    ----------
    instance : Instance
    starts : ndarray of int32, shape (robots,)
        Vertices.
    seed : int
    memory_bytes : int
        When the configurations take more than this, the search forgets them and
        starts again; it is no longer complete then.

    Attributes
    ----------
    exhausted : bool
        Nothing is left to search: what was found has the least loss, or, where
        nothing was, no solution exists.

    Examples
    --------
    Two robots that cannot pass each other are proved to be stuck:

    >>> from solvers.mapf.distances import distance_rows
    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 3), bool)))
    >>> starts, goals = np.array([0, 2], np.int32), np.array([2, 0], np.int32)
    >>> stuck = Lacam(make_instance(floor, distance_rows(floor, goals), goals), starts)
    >>> stuck.run(steps=1000), stuck.exhausted, stuck.best()
    (False, True, None)
    """

    def __init__(
        self,
        instance: Instance,
        starts: NDArray[np.int32],
        seed: int = 0,
        memory_bytes: int = 2_000_000_000,
    ) -> None:
        robots = len(starts)
        self.instance = instance
        self.exhausted = False
        self.restarts = 0
        self._memory_bytes = memory_bytes
        self._starts = starts
        self._space = make_space(len(instance.degree), robots, seed)
        self._scratch = Scratch(*(np.zeros(robots, np.int32) for _ in range(3)))
        away = instance.distances[np.arange(robots), starts]
        self._order = np.argsort(-away.astype(np.int32), kind="stable").astype(np.int32)
        self._kept: NDArray[np.int32] | None = None
        self._tree = make_tree(robots)
        begin(instance, self._tree, starts, self._order)

    def run(self, steps: int, tries: int = 1) -> bool:
        """Go on for some steps; True as soon as a first solution is there."""
        while steps > 0 and not self.exhausted:
            status, used = search(
                self.instance, self._tree, self._space, self._scratch, steps, tries
            )
            steps -= used
            if status == FOUND:
                return True
            if status == EXHAUSTED:
                self.exhausted = self.restarts == 0
                return False
            if status == ROOM_NEEDED:
                self._make_room()
        return False

    def best(self) -> NDArray[np.int32] | None:
        """Vertices of the best solution so far, shape (timesteps + 1, robots)."""
        tree = self._tree
        node = int(tree.goal[0])
        if node < 0:
            return self._kept
        nodes = []
        while node >= 0:
            nodes.append(node)
            node = int(tree.parent[node])
        found: NDArray[np.int32] = tree.configuration[nodes[::-1]]
        return found

    def _make_room(self) -> None:
        if 2 * size_bytes(self._tree) <= self._memory_bytes:
            self._tree = grow(self._tree)
            return
        self._kept = self.best()
        self.restarts += 1
        self._tree = make_tree(len(self._starts))
        begin(self.instance, self._tree, self._starts, self._order)
