"""Whether a tour through parallel aisles is what it says: walked leg by leg."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

TOLERANCE: Final = 1e-6
"""Slack on coordinates, and on a length as a share of it."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AisleFloor:
    """Parallel aisles between the first and the last of the cross aisles.

    Parameters
    ----------
    aisle_x : tuple of float
        Where each aisle lies along the cross aisles, ascending.
    cross_y : tuple of float
        Where each cross aisle lies along the aisles, ascending.
    place_y : tuple of float
        Where each cell lies along its aisle.
    depot : (float, float)
        Crossing at which tours begin and end.
    depot_leg : float
        Way from the depot to this crossing, walked out and back.
    """

    aisle_x: tuple[float, ...]
    cross_y: tuple[float, ...]
    place_y: tuple[float, ...]
    depot: Point
    depot_leg: float

    def has_leg(self, start: Point, end: Point) -> bool:
        """Whether one can walk straight from point to point."""
        (x, y), (to_x, to_y) = start, end
        along_aisle = _near(x, to_x) and any(_near(x, aisle) for aisle in self.aisle_x)
        across = _near(y, to_y) and any(_near(y, cross) for cross in self.cross_y)
        low = self.aisle_x[0], self.cross_y[0]
        high = self.aisle_x[-1], self.cross_y[-1]
        inside = _lies_between(start, low, high) and _lies_between(end, low, high)
        return inside and (along_aisle or across)


def check_walk(
    floor: AisleFloor, walk: Sequence[Point], picks: Iterable[Point], length: float
) -> list[str]:
    """What is wrong with a walk, in words; empty if nothing.

    It goes from the depot's crossing back to it, each leg along an aisle or a cross
    aisle, passes all picks, and is as long as it says.

    Parameters
    ----------
    floor : AisleFloor
    walk : sequence of (float, float)
        Corner points.
    picks : iterable of (float, float)
        Points that it has to pass.
    length : float
        Its length, with the way from and to the depot where anything is picked.

    Examples
    --------
    >>> floor = AisleFloor((0.0, 3.0), (0.0, 9.0), (2.0,), (0.0, 0.0), 1.0)
    >>> there_and_back = [(0.0, 0.0), (0.0, 2.0), (0.0, 0.0)]
    >>> check_walk(floor, there_and_back, [(0.0, 2.0)], 6.0)
    []
    >>> check_walk(floor, there_and_back, [(3.0, 2.0)], 4.0)
    ['misses (3, 2)', 'says it is 4 long and is 6']
    """
    legs, wanted = list(itertools.pairwise(walk)), list(picks)
    ends = (walk[0], walk[-1]) if walk else ()
    faults = [
        f"begins or ends at {_words(end)}, not at the depot"
        for end in ends
        if not _lies_between(end, floor.depot, floor.depot)
    ]
    faults += [
        f"goes straight from {_words(start)} to {_words(end)}, where no aisle leads"
        for start, end in legs
        if not floor.has_leg(start, end)
    ]
    faults += [
        f"misses {_words(pick)}"
        for pick in wanted
        if not any(_lies_between(pick, start, end) for start, end in legs)
        and pick not in ends
    ]
    found = sum(abs(x - to_x) + abs(y - to_y) for (x, y), (to_x, to_y) in legs)
    found += 2 * floor.depot_leg if wanted else 0.0
    if not abs(found - length) <= TOLERANCE * max(1.0, found):
        faults.append(f"says it is {length:.10g} long and is {found:.10g}")
    return faults


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= TOLERANCE


def _lies_between(point: Point, start: Point, end: Point) -> bool:
    return all(
        min(a, b) - TOLERANCE <= at <= max(a, b) + TOLERANCE
        for at, a, b in zip(point, start, end, strict=True)
    )


def _words(point: Point) -> str:
    return f"({point[0]:.10g}, {point[1]:.10g})"
