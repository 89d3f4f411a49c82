"""Replenishment: stations where pods are filled, and the goods that arrive for them."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Replenishment:
    """Where pods are filled, with what, and how much they hold.

    Parameters
    ----------
    names : tuple of str
        One per replenishment station, all different.
    cells : ndarray of int32, shape (stations,)
        Dock of each station.
    s_per_visit, s_per_box, s_per_unit : ndarray of float64, shape (stations,)
        The worker's time for a pod that comes, for goods of one arrival put into it,
        and for each unit of them. The pod stands there all the while.
    capacity : ndarray of int32, shape (pods,)
        Most units that each pod holds.
    sku, quantity : ndarray of int32, shape (arrivals,)
        What arrives.
    release_s : ndarray of float64, shape (arrivals,)
        When it is there.
    station : ndarray of int32, shape (arrivals,)
        The station it arrives at; -1 where any will do.

    Examples
    --------
    >>> no, none = np.zeros(0, np.int32), np.zeros(0)
    >>> Replenishment((), no, none, none, none, no, no, no, none, no).units(2)
    array([0, 0])
    """

    names: tuple[str, ...]
    cells: NDArray[np.int32]
    s_per_visit: NDArray[np.float64]
    s_per_box: NDArray[np.float64]
    s_per_unit: NDArray[np.float64]
    capacity: NDArray[np.int32]
    sku: NDArray[np.int32]
    quantity: NDArray[np.int32]
    release_s: NDArray[np.float64]
    station: NDArray[np.int32]

    def __post_init__(self) -> None:
        for field in fields(self)[1:]:
            getattr(self, field.name).flags.writeable = False

    def units(self, skus: int) -> NDArray[np.int64]:
        """Units of each SKU that arrive in all."""
        units = np.zeros(skus, np.int64)
        np.add.at(units, self.sku, self.quantity)
        return units
