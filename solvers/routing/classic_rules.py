"""Routing rules that pickers follow by heart: the baselines.

As described by Hall (1993, doi:10.1080/07408179308964306) and by Petersen (1997,
doi:10.1108/01443579710177860); S-shape and largest gap in several blocks are in
`classic_blocks`. All rules walk the aisles with picks from left to
right, beginning and ending at the depot; front is the side of the depot.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from solvers.routing.classic_blocks import largest_gap_blocks, s_shape_blocks
from solvers.routing.parallel_aisles import AisleProblem, AisleTour
from warehouse.errors import SolverError


class _Walker:
    """Walks the aisles of one block and notes where it went and what it passed."""

    def __init__(self, problem: AisleProblem) -> None:
        if len(problem.cross_y) != 2:
            blocks = len(problem.cross_y) - 1
            hint = "use the exact method or one on distances"
            raise SolverError("E330", f"this rule got {blocks} blocks, needs 1", hint)
        self.problem = problem
        self.front = float(problem.cross_y[problem.depot_cross])
        self.back = float(problem.cross_y[1 - problem.depot_cross])
        self.aisles = np.unique(problem.pick_aisle).tolist()
        self.x = float(problem.aisle_x[problem.depot_aisle])
        self.walk = [(self.x, self.front)]
        self.order: list[int] = []

    def picks(self, aisle: int) -> list[int]:
        """Picks of an aisle, those near the front first."""
        here = np.flatnonzero(self.problem.pick_aisle == aisle)
        depth = np.abs(self.problem.pick_y[here] - self.front)
        return list(here[np.argsort(depth, kind="stable")].tolist())

    def depth(self, pick: int) -> float:
        """Distance of a pick from the front."""
        return abs(float(self.problem.pick_y[pick]) - self.front)

    def cross_to(self, aisle: int) -> None:
        """Walk along the cross aisle to an aisle."""
        self.x = float(self.problem.aisle_x[aisle])
        self.walk.append((self.x, self.walk[-1][1]))

    def traverse(self, aisle: int) -> None:
        """Enter an aisle on the side where one is, leave it on the other."""
        self.cross_to(aisle)
        from_front = self.walk[-1][1] == self.front
        self.order += self.picks(aisle) if from_front else self.picks(aisle)[::-1]
        self.walk.append((self.x, self.back if from_front else self.front))

    def enter(self, aisle: int, picks: list[int]) -> None:
        """Enter an aisle as far as the last of some picks, and turn back."""
        if picks:
            self.cross_to(aisle)
            side = self.walk[-1][1]
            self.order += picks
            self.walk += [(self.x, float(self.problem.pick_y[picks[-1]]))]
            self.walk += [(self.x, side)]

    def tour(self) -> AisleTour:
        """Go home, which is along the front."""
        self.cross_to(self.problem.depot_aisle)
        return AisleTour.of_walk(self.problem, self.order, self.walk)


def s_shape(problem: AisleProblem) -> AisleTour:
    """Traverse every aisle with picks; leave an odd last one where it was entered."""
    if len(problem.cross_y) > 2:
        return s_shape_blocks(problem)
    walker = _Walker(problem)
    for number, aisle in enumerate(walker.aisles):
        if number % 2 == 0 and aisle == walker.aisles[-1]:
            walker.enter(aisle, walker.picks(aisle))
        else:
            walker.traverse(aisle)
    return walker.tour()


def return_rule(problem: AisleProblem) -> AisleTour:
    """Enter every aisle with picks from the front and leave it there."""
    walker = _Walker(problem)
    for aisle in walker.aisles:
        walker.enter(aisle, walker.picks(aisle))
    return walker.tour()


def midpoint(problem: AisleProblem) -> AisleTour:
    """Serve the half of an aisle near the back from the back, the other from the front.

    The first and the last aisle with picks are traversed.
    """

    def near_front(walker: _Walker, picks: list[int]) -> int:
        half = abs(walker.back - walker.front) / 2
        return sum(walker.depth(pick) <= half for pick in picks)

    return _around(problem, near_front)


def largest_gap(problem: AisleProblem) -> AisleTour:
    """Leave out the longest stretch without picks in every aisle.

    The first and the last aisle with picks are traversed.
    """
    if len(problem.cross_y) > 2:
        return largest_gap_blocks(problem)

    def near_front(walker: _Walker, picks: list[int]) -> int:
        end = abs(walker.back - walker.front)
        depths = [0.0, *(walker.depth(pick) for pick in picks), end]
        return int(np.argmax(np.diff(depths)))

    return _around(problem, near_front)


def _around(
    problem: AisleProblem, near_front: Callable[[_Walker, list[int]], int]
) -> AisleTour:
    """Go round the block; ``near_front`` counts the picks served from the front."""
    walker = _Walker(problem)
    if len(walker.aisles) < 2:
        return return_rule(problem)
    first, *between, last = walker.aisles
    split = {}
    for aisle in between:
        picks = walker.picks(aisle)
        split[aisle] = near_front(walker, picks), picks
    walker.traverse(first)
    for aisle, (count, picks) in split.items():
        walker.enter(aisle, picks[count:][::-1])
    walker.traverse(last)
    for aisle, (count, picks) in reversed(split.items()):
        walker.enter(aisle, picks[:count])
    return walker.tour()


RULES: Final[dict[str, Callable[[AisleProblem], AisleTour]]] = {
    "s-shape": s_shape,
    "return": return_rule,
    "largest-gap": largest_gap,
    "midpoint": midpoint,
}
"""Rules by the names that a user gives."""
