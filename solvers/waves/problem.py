"""Waves: the problem and its answer."""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices, keep, numbers, whole_numbers
from warehouse.errors import SolverError

Method = Literal["auto", "annealing", "cp-sat", "greedy"]
METHODS: Final = get_args(Method)
MOST_UNITS: Final = 2**31 - 1
"""Largest sum of units, so that ratios compare exactly in 64 bits."""


@dataclass(frozen=True, slots=True)
class WaveProblem:
    """Orders waiting, what lies in each aisle, and how large a wave may be.

    Lines of orders and stock of aisles are given one after another: those of order o
    are ``order_start[o]`` to ``order_start[o + 1] - 1``, and likewise for aisles. An
    item may stand in several lines of an order or aisle; they add up.

    Parameters
    ----------
    items : int
    order_start : ndarray of int64, shape (orders + 1,)
    order_item : ndarray of int32, shape (order lines,)
    order_quantity : ndarray of int64, shape (order lines,)
        Units, 1 or more.
    aisle_start : ndarray of int64, shape (aisles + 1,)
    aisle_item : ndarray of int32, shape (stock lines,)
    aisle_quantity : ndarray of int64, shape (stock lines,)
        Units, 0 or more.
    least_units, most_units : int
        Units of the whole wave.

    Raises
    ------
    SolverError
        E301 for another shape or type; E302 for a quantity out of range, starts that
        do not ascend, or bounds that contradict each other; E303 for an item that is
        none.

    Examples
    --------
    >>> WaveProblem(1, [0, 1], [0], [2], [0, 1], [0], [9], 5, 4)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got least_units 5; need 0 to 4
    """

    items: int
    order_start: NDArray[np.int64]
    order_item: NDArray[np.int32]
    order_quantity: NDArray[np.int64]
    aisle_start: NDArray[np.int64]
    aisle_item: NDArray[np.int32]
    aisle_quantity: NDArray[np.int64]
    least_units: int
    most_units: int

    def __post_init__(self) -> None:
        items = int(whole_numbers("items", self.items, ()))
        most = int(whole_numbers("most_units", self.most_units, ()))
        least = int(whole_numbers("least_units", self.least_units, (), high=most))
        keep(
            self,
            items=items,
            least_units=least,
            most_units=most,
            **_checked_rows("order", self.order_start, self.order_item,
                            self.order_quantity, items, 1),
            **_checked_rows("aisle", self.aisle_start, self.aisle_item,
                            self.aisle_quantity, items, 0),
        )  # fmt: skip

    @property
    def orders(self) -> int:
        """How many orders wait."""
        return len(self.order_start) - 1

    @property
    def aisles(self) -> int:
        """How many aisles there are."""
        return len(self.aisle_start) - 1

    @property
    def order_units(self) -> NDArray[np.int64]:
        """Units of each order."""
        return row_sums(self.order_start, self.order_quantity)


def row_sums(start: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum of each row of values that lie one row after another; 0 for an empty row.

    Examples
    --------
    >>> row_sums(np.array([0, 0, 2]), np.array([3, 4])).tolist()
    [0, 7]
    """
    total = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=total[1:])
    return total[start[1:]] - total[start[:-1]]


def _checked_rows(
    name: str,
    start: NDArray[np.int64],
    item: NDArray[np.int32],
    quantity: NDArray[np.int64],
    items: int,
    low: int,
) -> dict[str, NDArray[Any]]:
    """Fields of one kind of row, checked."""
    count = np.asarray(start).size
    if not count:
        raise SolverError("E301", f"got {name}_start of no number", "need 0 at least")
    lines = np.asarray(item).size
    start = whole_numbers(f"{name}_start", start, (count,), high=lines, dtype=np.int64)
    if start[0] != 0 or start[-1] != lines or (np.diff(start) < 0).any():
        found = f"got {name}_start from {start[0]} to {start[-1]}"
        raise SolverError("E302", found, f"need an ascent from 0 to {lines}")
    item = indices(f"{name}_item", item, (lines,), items)
    given = f"{name}_quantity"
    quantity = whole_numbers(given, quantity, (lines,), low=low, dtype=np.int64)
    if quantity.sum() > MOST_UNITS:
        raise SolverError("E302", f"got {quantity.sum()} units in {given}",
                          f"need {MOST_UNITS} at most")  # fmt: skip
    return {f"{name}_start": start, f"{name}_item": item, given: quantity}


@dataclass(frozen=True, slots=True)
class WaveParams:
    """Parameters of `solve`.

    Parameters
    ----------
    method : str
        "auto": annealing beside a bound and CP-SAT. "annealing": without CP-SAT.
        "cp-sat": CP-SAT on all aisles from the greedy wave. "greedy": that alone.
    threads : int
        1 or 2.
    cycles : int
        Annealing cycles where neither a time nor an iteration limit is given.
    bound_steps : int
        Subgradient steps of the bound.
    deterministic_limit : float
        CP-SAT's own clock for each model, close to seconds.
    """

    method: Method = "auto"
    threads: int = 2
    cycles: int = 16
    bound_steps: int = 600
    deterministic_limit: float = 60.0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            found = f"got method {self.method!r}"
            raise SolverError("E302", found, f"need one of {', '.join(METHODS)}")
        whole_numbers("threads", self.threads, (), low=1, high=2)
        whole_numbers("cycles", self.cycles, ())
        whole_numbers("bound_steps", self.bound_steps, ())
        numbers("deterministic_limit", self.deterministic_limit, ())


@dataclass(frozen=True, slots=True)
class Wave:
    """Orders released together, and the aisles that serve them.

    Parameters
    ----------
    orders, aisles : ndarray of int32
        Ascending.
    units : int
        Units of the orders.
    """

    orders: NDArray[np.int32]
    aisles: NDArray[np.int32]
    units: int

    def __post_init__(self) -> None:
        for name in ("orders", "aisles"):
            array = np.array(getattr(self, name), np.int32)
            array.flags.writeable = False
            keep(self, **{name: array})

    @property
    def units_per_aisle(self) -> float:
        """What a wave is to be large in; 0 for an empty one.

        Examples
        --------
        >>> Wave(orders=[], aisles=[], units=0).units_per_aisle
        0.0
        """
        return self.units / len(self.aisles) if len(self.aisles) else 0.0
