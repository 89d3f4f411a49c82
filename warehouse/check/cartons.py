"""Cartons of an order: whether they hold what was ordered, and each keeps the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from warehouse.check.load import GivenBox, LaidBox, check_load
from warehouse.check.violation import Violation

CARTON_RULES: Final[dict[str, str]] = {
    "carton-kind": "Every carton is one of the catalogue.",
    "carton-empty": "Every carton holds something.",
    "unit-missing": "Every unit lies in a carton, unless it is named as left out.",
    "unit-twice": "No more units lie in cartons than were ordered.",
    "carton-cost": "The cost is the sum of the costs of the cartons.",
}
"""Rules beside those of `warehouse.check.load`."""


@dataclass(frozen=True, slots=True)
class GivenCarton:
    """A carton of the catalogue: inner size, mass it may carry, cost."""

    size: tuple[float, float, float]
    max_mass_kg: float
    cost: float


def check_cartons(
    given: Sequence[GivenBox],
    catalogue: Sequence[GivenCarton],
    packed: Sequence[tuple[int, Sequence[LaidBox]]],
    cost: float,
    *,
    left_out: Sequence[int] = (),
    support: float = 0.0,
) -> list[Violation]:
    """Name every rule that the cartons of an order break.

    Parameters
    ----------
    given : sequence of GivenBox
        What was ordered, by kind.
    catalogue : sequence of GivenCarton
    packed : sequence of (int, sequence of LaidBox)
        Carton of the catalogue, and what lies in it in the order of loading.
    cost : float
        What is said to be paid.
    left_out : sequence of int
        Units of each kind that are named as not packed; none of them if empty.
    support : float

    Examples
    --------
    >>> cube, carton = GivenBox((2, 2, 2), 2), GivenCarton((2, 2, 3), 9.0, 1.5)
    >>> laid = [LaidBox(0, (2, 2, 2), (0, 0, 0))]
    >>> print(*check_cartons([cube], [carton], [(0, laid)], 1.5))
    unit-missing: kind 0: 1 of 2 units in cartons, 0 left out
    """
    violations: list[Violation] = []
    count = [0] * len(given)
    paid = 0.0
    for number, (carton, laid) in enumerate(packed):
        if not 0 <= carton < len(catalogue):
            text = f"carton {number} is of kind {carton} of {len(catalogue)}"
            violations.append(Violation("carton-kind", text))
            continue
        if not laid:
            violations.append(Violation("carton-empty", f"carton {number}"))
        one = catalogue[carton]
        paid += one.cost
        found = check_load(
            given, one.size, laid, max_mass_kg=one.max_mass_kg, support=support
        )
        violations += [
            Violation(fault.rule, f"carton {number}: {fault.message}")
            for fault in found
        ]
        for kind in (box.kind for box in laid):
            if 0 <= kind < len(given):
                count[kind] += 1
    for kind, box in enumerate(given):
        absent = left_out[kind] if left_out else 0
        if count[kind] != box.copies - absent:
            rule = "unit-missing" if count[kind] < box.copies - absent else "unit-twice"
            text = f"kind {kind}: {count[kind]} of {box.copies} units in cartons"
            violations.append(Violation(rule, f"{text}, {absent} left out"))
    if abs(paid - cost) > 1e-6 * max(1.0, abs(paid)):
        text = f"said to be {cost:.10g}, the cartons cost {paid:.10g}"
        violations.append(Violation("carton-cost", text))
    return violations
