"""Conflict-based search: the least sum of costs of a few robots, slowly and exactly.

Sharon, Stern, Felner, Sturtevant (2015), doi:10.1016/j.artint.2014.11.006. Conflicts
that cost both robots come first, and a child no dearer than its parent and with fewer
conflicts takes its place (Boyarski et al. 2015, ICBS). Shares no code with the solvers.
"""

import heapq
from collections.abc import Iterator, Sequence
from itertools import combinations, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

Path = list[int]
State = tuple[int, int]
Ban = tuple[int | None, int, int]
Conflict = tuple[tuple[int, Ban], tuple[int, Ban]]

WAIT = 4


def least_sum_of_costs(
    successors: NDArray[np.int32],
    starts: Sequence[int] | NDArray[np.int32],
    goals: Sequence[int] | NDArray[np.int32],
    headings: Sequence[int] | NDArray[np.uint8] | None = None,
    most_nodes: int = 100_000,
) -> int | None:
    """Least sum over robots of the step from which on each stays at its goal.

    Parameters
    ----------
    successors : ndarray of int, shape (vertices, 4)
        Neighbours up, right, down, left; -1 for none.
    starts, goals : sequence of int
        Vertices. There has to be a solution.
    headings : sequence of int, optional
        At first, of robots that turn.
    most_nodes : int
        Nodes of the constraint tree after which to give up and return None.
    """
    search = _Search(successors, starts, goals, headings)
    paths: list[Path] = []
    for robot in range(len(search.starts)):
        path = search.path(robot, frozenset(), paths)
        assert path is not None
        paths.append(path)
    number = count()
    heap: list[Any] = []
    _push(heap, number, (frozenset(),) * len(paths), paths)
    for _ in range(most_nodes):
        cost, _, _, bans, paths = heapq.heappop(heap)
        while True:
            conflicts = _conflicts(paths)
            if not conflicts:
                return int(cost)
            children = []
            for robot, ban in search.choose(conflicts, bans, paths):
                more = bans[robot] | {ban}
                path = search.path(robot, more, paths)
                if path is not None:
                    after = (*bans[:robot], more, *bans[robot + 1 :])
                    children.append((after, _with(paths, robot, path), robot))
            for _, new, robot in children:
                as_cheap = len(new[robot]) == len(paths[robot])
                if as_cheap and len(_conflicts(new)) < len(conflicts):
                    paths = new
                    break
            else:
                for after, new, _ in children:
                    _push(heap, number, after, new)
                break
    return None


def _push(
    heap: list[Any],
    number: Iterator[int],
    bans: tuple[frozenset[Ban], ...],
    paths: list[Path],
) -> None:
    cost = sum(len(path) - 1 for path in paths)
    heapq.heappush(heap, (cost, len(_conflicts(paths)), next(number), bans, paths))


def _with(paths: list[Path], robot: int, path: Path) -> list[Path]:
    return [*paths[:robot], path, *paths[robot + 1 :]]


def _at(path: Path, t: int) -> int:
    return path[min(t, len(path) - 1)]


def _conflicts(paths: list[Path]) -> list[Conflict]:
    """Pairs of denials (robot, (place before, place after, timestep after)).

    The place before is None where the robot may not come at all.
    """
    found: list[Conflict] = []
    for (i, a), (j, b) in combinations(enumerate(paths), 2):
        for t in range(1, max(len(a), len(b))):
            from_a, to_a, from_b, to_b = (
                _at(a, t - 1),
                _at(a, t),
                _at(b, t - 1),
                _at(b, t),
            )
            if to_a == to_b:
                found.append(((i, (None, to_a, t)), (j, (None, to_a, t))))
            elif to_a == from_b and to_b == from_a:
                found.append(((i, (from_a, to_a, t)), (j, (from_b, to_b, t))))
    return found


class _Search:
    """Paths of single robots under bans. A state is a place, or place and heading."""

    def __init__(self, successors: Any, starts: Any, goals: Any, headings: Any) -> None:
        turning = headings is not None
        rows = successors.tolist()
        self.after: dict[State, list[State]] = {}
        for place, row in enumerate(rows):
            if not turning:
                self.after[place, WAIT] = [
                    (to, WAIT) for to in (place, *row) if to >= 0
                ]
                continue
            for heading in range(4):
                options = [(place, (heading + turn) % 4) for turn in (0, 1, 3)]
                if row[heading] >= 0:
                    options.append((row[heading], heading))
                self.after[place, heading] = options
        faces = list(headings) if turning else [WAIT] * len(starts)
        self.starts = [
            (int(v), int(face)) for v, face in zip(starts, faces, strict=True)
        ]
        self.goals = [int(vertex) for vertex in goals]
        self.left = [self._steps_to(goal) for goal in self.goals]
        self.layers_known: dict[Any, list[set[int]]] = {}

    def _steps_to(self, goal: int) -> dict[State, int]:
        before: dict[State, list[State]] = {}
        for state, options in self.after.items():
            for option in options:
                before.setdefault(option, []).append(state)
        layer = [state for state in self.after if state[0] == goal]
        steps = dict.fromkeys(layer, 0)
        for state in layer:
            for source in before[state]:
                if source not in steps:
                    steps[source] = steps[state] + 1
                    layer.append(source)
        return steps

    def _options(
        self, robot: int, bans: frozenset[Ban], state: State, t: int
    ) -> Iterator[State]:
        for after in self.after[state]:
            if (None, after[0], t + 1) in bans or after not in self.left[robot]:
                continue
            if (state[0], after[0], t + 1) not in bans:
                yield after

    def path(self, robot: int, bans: frozenset[Ban], others: list[Path]) -> Path | None:
        """Places of an earliest path, with few conflicts among those; or None."""
        goal, left = self.goals[robot], self.left[robot]
        last_ban = max((t for *_, t in bans), default=0)
        goal_bans = [t for before, to, t in bans if before is None and to == goal]
        free_from = max(goal_bans, default=-1) + 1
        taken = {
            (t, _at(path, t))
            for k, path in enumerate(others)
            if k != robot
            for t in range(last_ban + len(self.after))
        }
        heap: list[Any] = [(left[self.starts[robot]], 0, 0, self.starts[robot], None)]
        seen = set()
        while heap:
            _, met, minus_t, state, chain = heapq.heappop(heap)
            t = -minus_t
            if (state, t) in seen or t > last_ban + len(self.after):
                continue
            seen.add((state, t))
            chain = (state[0], chain)
            if state[0] == goal and t >= free_from:
                places = []
                while chain is not None:
                    place, chain = chain
                    places.append(place)
                return places[::-1]
            for after in self._options(robot, bans, state, t):
                worse = met + ((t + 1, after[0]) in taken)
                rank = max(t + 1 + left[after], free_from)
                heapq.heappush(heap, (rank, worse, minus_t - 1, after, chain))
        return None

    def layers(self, robot: int, bans: frozenset[Ban], cost: int) -> list[set[int]]:
        """Places that some path of this cost visits, by timestep."""
        key = robot, bans, cost
        if key not in self.layers_known:
            left = self.left[robot]
            layers = [{self.starts[robot]}]
            for t in range(cost):
                options = {
                    after
                    for state in layers[t]
                    for after in self._options(robot, bans, state, t)
                }
                layers.append({s for s in options if t + 1 + left[s] <= cost})
            for t in range(cost - 1, -1, -1):
                layers[t] = {
                    state
                    for state in layers[t]
                    if layers[t + 1].intersection(self._options(robot, bans, state, t))
                }
            self.layers_known[key] = [{place for place, _ in one} for one in layers]
        return self.layers_known[key]

    def choose(
        self,
        conflicts: list[Conflict],
        bans: tuple[frozenset[Ban], ...],
        paths: list[Path],
    ) -> Conflict:
        """Return a conflict that costs both robots, else one, else any."""
        return max(
            conflicts,
            key=lambda pair: sum(
                self._costs(robot, ban, bans[robot], len(paths[robot]) - 1)
                for robot, ban in pair
            ),
        )

    def _costs(self, robot: int, ban: Ban, bans: frozenset[Ban], cost: int) -> bool:
        """Whether all paths as cheap do what would be banned."""
        before, to, t = ban
        layers = self.layers(robot, bans, cost)
        if t > cost:
            return True
        return layers[t] == {to} and (before is None or layers[t - 1] == {before})
