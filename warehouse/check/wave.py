"""Waves: whether orders and aisles that were chosen keep every rule of the problem."""

from typing import Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warehouse.check.violation import STORED_PER_RULE, Violation

WAVE_RULES: Final[dict[str, str]] = {
    "order-range": "Every order of a wave exists.",
    "aisle-range": "Every aisle of a wave exists.",
    "order-twice": "An order is in a wave once.",
    "aisle-twice": "An aisle is in a wave once.",
    "stock-exceeded": "The orders ask for no more of an item than the aisles hold.",
    "too-few-units": "A wave has at least as many units as were asked for.",
    "too-many-units": "A wave has at most as many units as were asked for.",
}
"""Name of every rule of waves, and what holds where it is kept."""


class GivenWave(Protocol):
    """What a wave is chosen from: lines of orders, stock of aisles, bounds of units."""

    @property
    def items(self) -> int: ...  # noqa: D102
    @property
    def order_start(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def order_item(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def order_quantity(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def aisle_start(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def aisle_item(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def aisle_quantity(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def least_units(self) -> int: ...  # noqa: D102
    @property
    def most_units(self) -> int: ...  # noqa: D102


def check_wave(
    given: GivenWave, orders: ArrayLike, aisles: ArrayLike
) -> list[Violation]:
    r"""Name every rule that a wave breaks; an empty list for a wave that keeps all.

    Parameters
    ----------
    given : GivenWave
        An instance as it was read.
    orders, aisles : array_like of int
        Numbers that count from 0.

    Examples
    --------
    >>> from warehouse.formats.sbpo import parse_sbpo
    >>> given = parse_sbpo(b"1 1 1\n1 0 5\n1 0 3\n2 4", "x.txt")
    >>> for violation in check_wave(given, [0], [0]):
    ...     print(violation)
    stock-exceeded: item 0: 5 units ordered, 3 in the aisles chosen
    too-many-units: 5 units, at most 4 are asked for
    """
    chosen: dict[str, list[int]] = {}
    violations: list[Violation] = []
    for kind, numbers, start in (
        ("order", orders, given.order_start),
        ("aisle", aisles, given.aisle_start),
    ):
        listed = np.asarray(numbers, np.int64).reshape(-1).tolist()
        count = len(start) - 1
        known = [n for n in listed if 0 <= n < count]
        violations += [
            Violation(f"{kind}-range", f"{kind} {n}: they count from 0 to {count - 1}")
            for n in listed
            if not 0 <= n < count
        ]
        violations += [
            Violation(f"{kind}-twice", f"{kind} {n} is there {known.count(n)} times")
            for n in _repeated(known)
        ]
        chosen[kind] = sorted(set(known))
    asked = _amounts(given.order_start, given.order_item, given.order_quantity,
                     chosen["order"])  # fmt: skip
    held = _amounts(given.aisle_start, given.aisle_item, given.aisle_quantity,
                    chosen["aisle"])  # fmt: skip
    violations += [
        Violation("stock-exceeded", f"item {item}: {amount} units ordered, "
                  f"{held.get(item, 0)} in the aisles chosen")
        for item, amount in sorted(asked.items())
        if amount > held.get(item, 0)
    ][:STORED_PER_RULE]  # fmt: skip
    units = sum(asked.values())
    if units < given.least_units:
        text = f"{units} units, at least {given.least_units} are asked for"
        violations.append(Violation("too-few-units", text))
    if units > given.most_units:
        text = f"{units} units, at most {given.most_units} are asked for"
        violations.append(Violation("too-many-units", text))
    return violations


def _repeated(numbers: list[int]) -> list[int]:
    seen: set[int] = set()
    return sorted({n for n in numbers if n in seen or seen.add(n)})  # type: ignore[func-returns-value]


def _amounts(
    start: NDArray[np.int64],
    item: NDArray[np.int64],
    quantity: NDArray[np.int64],
    rows: list[int],
) -> dict[int, int]:
    """Units of each item in some rows."""
    amounts: dict[int, int] = {}
    for row in rows:
        for line in range(int(start[row]), int(start[row + 1])):
            name = int(item[line])
            amounts[name] = amounts.get(name, 0) + int(quantity[line])
    return amounts
