"""Trucks: who departs from which door, when, and what fits in."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trucks:
    """Departures of a day, a row each; a carrier may have several.

    Parameters
    ----------
    carrier : tuple of str
        Who drives.
    door : tuple of str
        Where the truck is loaded.
    departs_s : ndarray of float64, shape (trucks,)
    capacity_m3, capacity_kg : ndarray of float64, shape (trucks,)
        Inf where there is no limit.
    """

    carrier: tuple[str, ...]
    door: tuple[str, ...]
    departs_s: NDArray[np.float64]
    capacity_m3: NDArray[np.float64]
    capacity_kg: NDArray[np.float64]

    def __post_init__(self) -> None:
        for array in (self.departs_s, self.capacity_m3, self.capacity_kg):
            array.flags.writeable = False

    @classmethod
    def none(cls) -> Self:
        """No departure at all."""
        return cls((), (), *np.zeros((3, 0)))

    def __len__(self) -> int:
        """Return the number of departures."""
        return len(self.carrier)
