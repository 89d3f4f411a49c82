"""Conflict-based search: the least sum of costs of a small team, and proof of it.

Sharon, Stern, Felner, Sturtevant (2015), doi:10.1016/j.artint.2014.11.006. Conflicts
that cost both robots are resolved first and paths without cost are exchanged (Boyarski
et al. 2015); conflicts that cost are counted into the bound (Felner et al. 2018); who
passes the goal of a robot that has arrived keeps off it for good, or that robot
arrives later (Li et al. 2020). What we changed: plans that are known cut off what
cannot be better.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.banned_paths import (
    find_layers,
    first_arrival,
    make_layers,
    write_banned_path,
)
from solvers.mapf.one_shot.constraint_tree import (
    EDGE,
    FOR_EVER,
    LATER,
    NO_BAN,
    VERTEX,
    doubled,
    enter_bans,
    gather,
    make_constraint_tree,
    make_present,
    pop,
    push,
    remove_bans,
)
from solvers.mapf.one_shot.reservations import way

PROVED, BUDGET_SPENT, ROOM_NEEDED = 0, 1, 2

MOST_BYTES = 400_000_000
"""Memory that the paths in the nodes may take."""

MOST_NODES = 1 << 23
"""Nodes that `_rank` can tell apart."""

MOST_LABELS = 2_000_000
"""States times timesteps beyond which `ConflictBasedSearch` is not for an instance."""


@lean_kernel
def _find_conflict(present, chosen):  # type: ignore[no-untyped-def]
    """Count conflicts and choose one; how many, and by how much cost must rise.

    ``chosen`` gets robot and other robot, kind, and timestep.
    """
    at, narrow = present.at, present.narrow
    length, matched = present.length, present.matched
    robots = len(at)
    count, rise, best = 0, 0, -1
    for i in range(robots):
        matched[i] = False
    for i in range(robots):
        for j in range(i):
            costs_both = False
            for t in range(1, max(length[i], length[j]) + 1):
                kind, worth = NO_BAN, 0
                if at[i, t] == at[j, t]:
                    worth = narrow[i, t] + narrow[j, t]
                    rests = t >= length[i] or t >= length[j]
                    kind = FOR_EVER if rests else VERTEX
                elif at[i, t] == at[j, t - 1] and at[j, t] == at[i, t - 1]:
                    kind = EDGE
                    worth = np.int64(narrow[i, t] and narrow[i, t - 1])
                    worth += narrow[j, t] and narrow[j, t - 1]
                if kind == NO_BAN:
                    continue
                count += 1
                costs_both |= worth == 2
                # Of equals, those at a goal, then the earliest.
                value = (worth * 2 + (kind == FOR_EVER)) * 65536 - t
                if best < 0 or value > best:
                    best = value
                    chosen[0], chosen[1], chosen[2], chosen[3] = i, j, kind, t
            if costs_both and not matched[i] and not matched[j]:
                matched[i] = matched[j] = True
                rise += 1
    if chosen[2] == FOR_EVER and count > 0 and chosen[3] >= length[chosen[0]]:
        # The robot that passes comes first, then the one that rests.
        chosen[0], chosen[1] = chosen[1], chosen[0]
    return count, rise


@lean_kernel
def _write_ban(tree, node, present, successors, chosen, second):  # type: ignore[no-untyped-def]
    """Enter the robot and the ban of a child by the chosen conflict."""
    robot, kind, t = chosen[second], chosen[2], chosen[3]
    ban = tree.ban[node]
    tree.robot[node] = robot
    vertex, d = present.at[robot, t], np.int64(0)
    if kind == EDGE:
        vertex = present.at[robot, t - 1]
        d = way(successors, vertex, present.at[robot, t])
    elif kind == FOR_EVER and second == 1:
        kind = LATER
    ban[0], ban[1], ban[2], ban[3] = kind, vertex, d, t


@lean_kernel
def _find_path(  # type: ignore[no-untyped-def]
    tree, node, present, layers, successors, shift, to_goal, starts, goals, most
):
    """Give a node the path of its robot under all bans; False where there is none.

    ``most`` is the last timestep at which an arrival is of use.
    """
    robot = np.int64(tree.robot[node])
    earliest, latest = enter_bans(tree, node, robot, goals, layers)
    start = np.int64(starts[robot])
    cost = max(earliest, np.int64(to_goal[robot, start]))
    latest = min(latest, most)
    label = np.int64(-1)
    for attempt in range(3):
        if cost > latest:
            break
        # At first the least cost; if that fails, which is the least there is; then it.
        tried = latest if attempt == 1 else cost
        label = find_layers(
            layers, successors, shift, to_goal[robot], start, present.at, robot, tried
        )
        if label >= 0 and attempt != 1:
            break
        if attempt == 1:
            cost = first_arrival(layers, shift, goals[robot], cost + 1, latest)
    found = label >= 0 and cost <= latest
    if found:
        write_banned_path(layers, successors, shift, label, cost, tree.path[node])
        tree.length[node] = cost
    remove_bans(tree, node, robot, layers)
    return found


@lean_kernel
def _rank(bound, conflicts, node):  # type: ignore[no-untyped-def]
    """Order of open nodes: cheapest, fewest conflicts, newest first."""
    return (bound << 40) + (min(conflicts, 65535) << 24) + (1 << 24) - 1 - node


@lean_kernel
def begin(tree, present, layers, successors, shift, to_goal, starts, goals):  # type: ignore[no-untyped-def]
    """Enter the root: every robot's path, the later ones around the earlier."""
    robots = len(starts)
    chosen = present.chosen[0]
    total = 0
    present.at[:] = -1
    for robot in range(robots):
        tree.parent[robot] = robot - 1
        tree.robot[robot] = robot
        tree.ban[robot, 0] = NO_BAN
        most = np.int64(present.at.shape[1] - 1)
        _find_path(
            tree,
            np.int64(robot),
            present,
            layers,
            successors,
            shift,
            to_goal,
            starts,
            goals,
            most,
        )
        for t in range(present.at.shape[1]):
            present.at[robot, t] = tree.path[robot, t] >> (1 + shift)
        total += tree.length[robot]
        tree.cost[robot] = total
    gather(tree, np.int64(robots - 1), shift, present)
    count, rise = _find_conflict(present, chosen)
    tree.rank[robots - 1] = _rank(np.int64(total + rise), count, robots - 1)
    tree.used[0] = robots
    push(tree, np.int64(robots - 1))


@lean_kernel
def expand(  # type: ignore[no-untyped-def]
    tree, present, layers, successors, shift, to_goal, starts, goals, best, budget
):
    """Go on for some nodes.

    Parameters
    ----------
    best : ndarray of int64, shape (2,)
        Least sum of costs known, and the node it is at, -1 when it is not from here.

    Returns
    -------
    int
        ``PROVED``: nothing is better than the best. ``BUDGET_SPENT``. ``ROOM_NEEDED``.
    """
    chosen, later = present.chosen[0], present.chosen[1]
    while tree.used[1] > 0 and tree.rank[tree.heap[0]] >> 40 < best[0]:
        if budget <= 0:
            return BUDGET_SPENT
        if tree.used[0] + 3 > len(tree.parent):
            return ROOM_NEEDED
        budget -= 1
        node = pop(tree)
        bound = tree.rank[node] >> 40
        gather(tree, node, shift, present)
        count, _ = _find_conflict(present, chosen)
        if count == 0:
            best[0], best[1] = tree.cost[node], node
            break
        made = tree.used[0]
        bypass = np.int64(-1)
        for second in range(2):
            child = tree.used[0]
            _write_ban(tree, child, present, successors, chosen, second)
            tree.parent[child] = node
            robot = tree.robot[child]
            before = np.int64(present.length[robot])
            others = np.int64(tree.cost[node]) - before
            if not _find_path(
                tree,
                child,
                present,
                layers,
                successors,
                shift,
                to_goal,
                starts,
                goals,
                best[0] - 1 - others,
            ):
                continue
            cost = others + tree.length[child]
            tree.cost[child] = cost
            gather(tree, child, shift, present)
            met, rise = _find_conflict(present, later)
            if met == 0 and cost < best[0]:
                best[0], best[1] = cost, child
            low = max(bound, cost + rise)
            tree.rank[child] = _rank(low, met, child)
            tree.used[0] = child + 1
            gather(tree, node, shift, present)
            if cost == tree.cost[node] and met < count:
                bypass = child
                break
        if bypass >= 0:
            # As cheap with fewer conflicts: a path that needs no ban replaces the
            # parent's, the one with fewest conflicts.
            made = tree.used[0]
            tree.used[0] = made + 1
            tree.parent[made] = node
            tree.robot[made] = tree.robot[bypass]
            tree.cost[made] = tree.cost[node]
            tree.ban[made, 0] = NO_BAN
            most = np.int64(present.length[tree.robot[made]])
            _find_path(
                tree,
                made,
                present,
                layers,
                successors,
                shift,
                to_goal,
                starts,
                goals,
                most,
            )
            gather(tree, made, shift, present)
            met, rise = _find_conflict(present, later)
            low = max(bound, tree.cost[made] + rise)
            tree.rank[made] = _rank(low, met, made)
        for child in range(made, tree.used[0]):
            if tree.rank[child] >> 40 < best[0]:
                push(tree, child)
    return PROVED


def _timesteps(to_goal: NDArray[np.int16], starts: NDArray[np.int32], cost: int) -> int:
    """How long paths may be in a plan that is better than one of that cost."""
    alone = to_goal[np.arange(len(starts)), starts].astype(int)
    return int(alone.max()) + max(1, cost - int(alone.sum())) + 1


class ConflictBasedSearch:
    """A search under way, which can be gone on with as long as there is time.

    Parameters
    ----------
    floor : Floor
    to_goal : ndarray of int16, shape (robots, states)
        Steps from each state, see `solvers.mapf.one_shot.lacam.make_instance`.
    starts : ndarray of int32, shape (robots,)
        States.
    goals : ndarray of int32, shape (robots,)
        Vertices.
    cost : int
        Sum of costs of a plan that is known; only better ones are looked for.

    Attributes
    ----------
    proved : bool
        No plan is cheaper than the one known or found.

    Examples
    --------
    One of two robots that cross has to wait:

    >>> from solvers.mapf.distances import distance_rows
    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((3, 3), bool)))
    >>> starts, goals = np.array([1, 3], np.int32), np.array([7, 5], np.int32)
    >>> rows = distance_rows(floor, goals)
    >>> search = ConflictBasedSearch(floor, rows, starts, goals, cost=9)
    >>> search.run(nodes=100), search.proved, search.cost, search.bound
    (False, True, 5, 5)
    """

    def __init__(
        self,
        floor: Floor,
        to_goal: NDArray[np.int16],
        starts: NDArray[np.int32],
        goals: NDArray[np.int32],
        cost: int,
    ) -> None:
        robots = len(starts)
        self._shift = 2 if to_goal.shape[1] > floor.vertices else 0
        timesteps = _timesteps(to_goal, starts, cost)
        self._layers = make_layers(floor.vertices, self._shift, timesteps)
        self._present = make_present(robots, timesteps)
        self._tree = make_constraint_tree(timesteps, max(1024, 2 * robots))
        self._instance = (floor.successors, self._shift, to_goal, starts, goals)
        self._best = np.array([cost, -1])
        self.proved = False
        begin(self._tree, self._present, self._layers, *self._instance)

    @staticmethod
    def fits(to_goal: NDArray[np.int16], starts: NDArray[np.int32], cost: int) -> bool:
        """Whether an instance is small enough; arguments as above."""
        return _timesteps(to_goal, starts, cost) * to_goal.shape[1] <= MOST_LABELS

    @property
    def cost(self) -> int:
        """Sum of costs of the best plan known."""
        return int(self._best[0])

    @property
    def bound(self) -> int:
        """Sum of costs that no plan is below."""
        if self.proved:
            return self.cost
        tree = self._tree
        return min(self.cost, int(tree.rank[tree.heap[0]]) >> 40)

    def run(self, nodes: int) -> bool:
        """Go on for some nodes; False when it is proved or memory is spent."""
        status = ROOM_NEEDED
        before = int(self._tree.used[0])
        while status == ROOM_NEEDED:
            made = (int(self._tree.used[0]) - before) // 2
            status = expand(
                self._tree,
                self._present,
                self._layers,
                *self._instance,
                self._best,
                nodes - made,
            )
            if status == ROOM_NEEDED:
                large = 2 * self._tree.path.nbytes > MOST_BYTES
                if large or 2 * len(self._tree.parent) > MOST_NODES:
                    return False
                self._tree = doubled(self._tree)
        self.proved = status == PROVED
        return not self.proved

    def plan(self) -> NDArray[np.int32] | None:
        """States of the best plan, shape (timesteps + 1, robots); None if not ours."""
        node = int(self._best[1])
        if node < 0:
            return None
        tree = self._tree
        found: dict[int, NDArray[np.int32]] = {}
        while node >= 0:
            found.setdefault(int(tree.robot[node]), tree.path[node] >> 1)
            node = int(tree.parent[node])
        states = np.array([found[robot] for robot in range(len(found))], np.int32).T
        return np.ascontiguousarray(states)

    def take(self, cost: int) -> None:
        """Make a plan known that was found elsewhere."""
        if cost < self._best[0]:
            self._best[:] = cost, -1
