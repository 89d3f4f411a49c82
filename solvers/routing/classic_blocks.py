"""S-shape and largest gap where cross aisles divide the aisles into blocks.

As described by Roodbergen and de Koster (2001, doi:10.1080/00207540110028128): up the
leftmost aisle with picks to the farthest block with picks, then block after block back
towards the depot, each begun at the nearer end. Block 0 is beside the depot, and the
front of a block is its side near the depot.
"""

import numpy as np

from solvers.routing.parallel_aisles import AisleProblem, AisleTour
from warehouse.errors import SolverError


class _BlockWalker:
    """Walks blocks of aisles, and notes where it went and what is left to pick."""

    def __init__(self, problem: AisleProblem) -> None:
        last = len(problem.cross_y) - 1
        if problem.depot_cross not in (0, last):
            found = f"this rule got a depot at cross aisle {problem.depot_cross}"
            raise SolverError("E330", found, "it needs one at the first or the last")
        self.problem = problem
        away = 1 if problem.depot_cross == 0 else -1
        self.cross_y = problem.cross_y[::away].tolist()
        depth = np.abs(problem.pick_y - self.cross_y[0])
        inner = np.abs(np.array(self.cross_y[1:-1]) - self.cross_y[0])
        block = np.searchsorted(inner, depth)
        # What is left, by (block, aisle), those near the front first.
        self.left: dict[tuple[int, int], list[int]] = {}
        for pick in np.argsort(depth, kind="stable").tolist():
            at = int(block[pick]), int(problem.pick_aisle[pick])
            self.left.setdefault(at, []).append(pick)
        self.aisle, self.level = int(problem.depot_aisle), 0
        self.walk: list[tuple[float, float]] = []
        self.order: list[int] = []
        self._note(self.cross_y[0])

    def _note(self, y: float) -> None:
        self.walk.append((float(self.problem.aisle_x[self.aisle]), float(y)))

    def aisles(self, block: int) -> list[int]:
        """Aisles with picks left in a block, from left to right."""
        return sorted(aisle for b, aisle in self.left if b == block)

    def nearer_end(self, block: int) -> list[int]:
        """The same, beginning at the end that is nearer."""
        aisles, x = self.aisles(block), self.problem.aisle_x
        here = x[self.aisle]
        ends = abs(x[aisles[0]] - here), abs(x[aisles[-1]] - here)
        return aisles if ends[0] <= ends[1] else aisles[::-1]

    def cross_to(self, aisle: int) -> None:
        """Walk along the cross aisle."""
        self.aisle = aisle
        self._note(self.cross_y[self.level])

    def traverse(self, block: int) -> None:
        """Walk through a block in this aisle, from the side where one is."""
        picks = self.left.pop((block, self.aisle), [])
        up = self.level == block
        self.order += picks if up else picks[::-1]
        self.level = block + 1 if up else block
        self._note(self.cross_y[self.level])

    def enter(self, block: int, count: int) -> None:
        """Fetch the nearest few picks of this aisle in a block, and turn back."""
        if not count:
            return
        picks = self.left[block, self.aisle]
        if self.level != block:
            picks.reverse()
        fetched, rest = picks[:count], picks[count:]
        if self.level != block:
            rest.reverse()
        self.left[block, self.aisle] = rest
        if not rest:
            del self.left[block, self.aisle]
        self.order += fetched
        self._note(float(self.problem.pick_y[fetched[-1]]))
        self._note(self.cross_y[self.level])

    def beyond_gap(self, block: int, aisle: int) -> int:
        """How many picks lie on the back side of the largest gap."""
        picks = self.left[block, aisle]
        y = [float(self.problem.pick_y[pick]) for pick in picks]
        ends = [self.cross_y[block], *y, self.cross_y[block + 1]]
        return len(picks) - int(np.argmax(np.abs(np.diff(ends))))

    def climb(self) -> int:
        """Go up the leftmost aisle to the front of the farthest block, its number."""
        farthest = max((block for block, _ in self.left), default=0)
        if self.left:
            self.cross_to(min(aisle for _, aisle in self.left))
        for block in range(farthest):
            self.traverse(block)
        return farthest

    def tour(self) -> AisleTour:
        """Go home along the front."""
        self.cross_to(int(self.problem.depot_aisle))
        return AisleTour.of_walk(self.problem, self.order, self.walk)


def s_shape_blocks(problem: AisleProblem) -> AisleTour:
    """Traverse every aisle with picks of each block; turn back in the last if needed.

    Examples
    --------
    The second pick is on the way to the first; the aisle is walked up and down.

    >>> problem = AisleProblem(
    ...     np.array([0.0]), np.array([0.0, 5.0, 10.0]),
    ...     np.array([0, 0], np.int32), np.array([7.0, 2.0]), 0, 0)
    >>> tour = s_shape_blocks(problem)
    >>> tour.order, tour.length
    (array([1, 0], dtype=int32), 14.0)
    """
    walker = _BlockWalker(problem)
    farthest = walker.climb()
    for block in range(farthest, -1, -1):
        if not walker.aisles(block):
            if walker.level > block:
                walker.traverse(block)
            continue
        aisles = walker.nearer_end(block)
        for aisle in aisles:
            walker.cross_to(aisle)
            if aisle == aisles[-1] and walker.level == block:
                walker.enter(block, len(walker.left[block, aisle]))
            else:
                walker.traverse(block)
    return walker.tour()


def largest_gap_blocks(problem: AisleProblem) -> AisleTour:
    """Go round every block; leave out the longest stretch without picks in an aisle."""
    walker = _BlockWalker(problem)
    farthest = walker.climb()
    for block in range(farthest, -1, -1):
        if not walker.aisles(block):
            if walker.level > block:
                walker.traverse(block)
            continue
        aisles = walker.nearer_end(block)
        if walker.level == block and len(aisles) == 1:
            walker.cross_to(aisles[0])
            walker.enter(block, len(walker.left[block, aisles[0]]))
            continue
        if walker.level == block:
            walker.cross_to(aisles[0])
            walker.traverse(block)
            aisles = aisles[1:]
        *between, last = aisles
        for aisle in between:
            walker.cross_to(aisle)
            walker.enter(block, walker.beyond_gap(block, aisle))
        walker.cross_to(last)
        walker.traverse(block)
        for aisle in reversed(between):
            if (block, aisle) in walker.left:
                walker.cross_to(aisle)
                walker.enter(block, len(walker.left[block, aisle]))
    return walker.tour()
