"""Loads: whether boxes that lie in a container keep every rule.

Boxes are looked at one by one and in pairs; nothing is taken on a solver's word but
where each box lies and how long its edges are there.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from warehouse.check.violation import Violation

WAYS: Final = ("XYZ", "YXZ", "ZYX", "YZX", "XZY", "ZXY")
"""Which edge of a box lies along length, width and height: six rotations."""
TOLERANCE: Final = 1e-9

LOAD_RULES: Final[dict[str, str]] = {
    "box-kind": "Every box is of a kind that is given.",
    "box-count": "No more boxes of a kind lie there than are given.",
    "box-rotation": "A box has its own edges, in a rotation that is allowed.",
    "box-outside": "Every box lies within the container.",
    "box-overlap": "No two boxes overlap.",
    "box-support": "The share asked for of the base of each box lies on the floor or "
    "on other boxes.",
    "box-mass": "The boxes are no heavier together than the container may carry.",
    "box-fragile": "Nothing stands above a fragile box.",
    "box-order": "No box is put in below one that is in already.",
}
"""Name of every rule of loads, and what holds where it is kept."""


@dataclass(frozen=True, slots=True)
class GivenBox:
    """A kind of box as it was given.

    Parameters
    ----------
    edges : tuple of float
        Length, width and height.
    copies : int
    ways : frozenset of str
        Rotations that are allowed, out of `WAYS`.
    mass_kg : float
    fragile : bool
    """

    edges: tuple[float, float, float]
    copies: int
    ways: frozenset[str] = frozenset(WAYS)
    mass_kg: float = 0.0
    fragile: bool = False

    def laid(self) -> set[tuple[float, ...]]:
        """Edges along length, width and height, in every way that is allowed."""
        return {tuple(self.edges["XYZ".index(edge)] for edge in way)
                for way in self.ways}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LaidBox:
    """A box in a container: its kind, its edges as it lies, its least corner."""

    kind: int
    edges: tuple[float, float, float]
    corner: tuple[float, float, float]

    def end(self, axis: int) -> float:
        """Where it ends along an axis."""
        return self.corner[axis] + self.edges[axis]

    def shared(self, other: "LaidBox", axis: int) -> float:
        """Length along an axis that two boxes have in common; 0 or less for none."""
        first = max(self.corner[axis], other.corner[axis])
        return min(self.end(axis), other.end(axis)) - first

    def over(self, other: "LaidBox") -> bool:
        """Whether some of a box is straight above some of another."""
        return (
            self.shared(other, 0) > TOLERANCE
            and self.shared(other, 1) > TOLERANCE
            and self.corner[2] >= other.end(2) - TOLERANCE
        )


def check_load(
    given: Sequence[GivenBox],
    container: Sequence[float],
    laid: Sequence[LaidBox],
    *,
    max_mass_kg: float = float("inf"),
    support: float = 0.0,
) -> list[Violation]:
    r"""Name every rule that a load breaks; an empty list for one that keeps all.

    Parameters
    ----------
    given : sequence of GivenBox
        Kinds, numbered from 0.
    container : sequence of float
        Inner length, width and height.
    laid : sequence of LaidBox
        In the order in which they are put in.
    max_mass_kg : float
    support : float
        Share of each base that has to be supported.

    Examples
    --------
    >>> cube = GivenBox((2, 2, 2), 2)
    >>> laid = [LaidBox(0, (2, 2, 2), (0, 0, 0)), LaidBox(0, (2, 2, 2), (1, 0, 2))]
    >>> check_load([cube], (3, 2, 4), laid, support=0.5)
    []
    >>> print(*check_load([cube], (3, 2, 3), laid, support=0.8), sep="\n")
    box-outside: box 1 reaches from 2 to 4 of 3 in height
    box-support: box 1: 0.5 of its base is supported, 0.8 is asked for
    """
    violations = _kinds(given, laid)
    if violations:  # nothing else can be told of boxes that are none
        return violations
    violations += _inside(container, laid)
    for i, j in itertools.combinations(range(len(laid)), 2):
        one, other = laid[i], laid[j]
        if all(one.shared(other, axis) > TOLERANCE for axis in range(3)):
            violations.append(Violation("box-overlap", f"boxes {i} and {j}"))
        if one.over(other):
            text = f"box {j} is put in below box {i}"
            violations.append(Violation("box-order", text))
        for low, high, a, b in ((one, other, i, j), (other, one, j, i)):
            if given[low.kind].fragile and high.over(low):
                violations.append(Violation("box-fragile", f"box {b} above box {a}"))
    violations += _supported(laid, support)
    mass_kg = sum(given[box.kind].mass_kg for box in laid)
    if mass_kg > max_mass_kg * (1 + TOLERANCE):
        text = f"{mass_kg:g} kg, {max_mass_kg:g} kg may be carried"
        violations.append(Violation("box-mass", text))
    return violations


def _kinds(given: Sequence[GivenBox], laid: Sequence[LaidBox]) -> list[Violation]:
    violations = []
    count = [0] * len(given)
    for i, box in enumerate(laid):
        if not 0 <= box.kind < len(given):
            text = f"box {i} is of kind {box.kind} of {len(given)}"
            violations.append(Violation("box-kind", text))
            continue
        count[box.kind] += 1
        if tuple(box.edges) not in given[box.kind].laid():
            text = f"box {i} of kind {box.kind} has the edges {box.edges}"
            violations.append(Violation("box-rotation", text))
    violations += [
        Violation("box-count", f"{count[kind]} boxes of kind {kind}, of {box.copies}")
        for kind, box in enumerate(given)
        if count[kind] > box.copies
    ]
    return violations


def _inside(container: Sequence[float], laid: Sequence[LaidBox]) -> list[Violation]:
    return [
        Violation(
            "box-outside",
            f"box {i} reaches from {box.corner[axis]:g} to {box.end(axis):g} of "
            f"{container[axis]:g} in {name}",
        )
        for i, box in enumerate(laid)
        for axis, name in enumerate(("length", "width", "height"))
        if box.corner[axis] < -TOLERANCE or box.end(axis) > container[axis] + TOLERANCE
    ]


def _supported(laid: Sequence[LaidBox], support: float) -> list[Violation]:
    violations = []
    for i, box in enumerate(laid):
        if support <= 0 or box.corner[2] <= TOLERANCE:
            continue
        area = sum(
            max(0.0, box.shared(below, 0)) * max(0.0, box.shared(below, 1))
            for below in laid
            if abs(below.end(2) - box.corner[2]) <= TOLERANCE
        )
        share = area / (box.edges[0] * box.edges[1])
        if share < support - TOLERANCE:
            text = f"box {i}: {share:g} of its base is supported, {support:g} is asked"
            violations.append(Violation("box-support", f"{text} for"))
    return violations
