"""Shipping: the cartons orders are packed in, and the trucks that take them away."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.trucks import Trucks


def _read_only(*arrays: NDArray[np.generic]) -> None:
    for array in arrays:
        array.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Cartons that there are; of each kind enough.

    Parameters
    ----------
    names : tuple of str
    size_m : ndarray of float64, shape (cartons, 3)
        Inner length, width and height.
    max_mass_kg, cost : ndarray of float64, shape (cartons,)
    """

    names: tuple[str, ...]
    size_m: NDArray[np.float64]
    max_mass_kg: NDArray[np.float64]
    cost: NDArray[np.float64]

    def __post_init__(self) -> None:
        _read_only(self.size_m, self.max_mass_kg, self.cost)

    def __len__(self) -> int:
        """Return how many kinds of cartons there are."""
        return len(self.names)

    @property
    def volume_m3(self) -> NDArray[np.float64]:
        """Inner volume of each, shape (cartons,)."""
        return self.size_m.prod(axis=1)


@dataclass(frozen=True, slots=True)
class Units:
    """What a unit of each SKU is like.

    Parameters
    ----------
    names : tuple of str
    size_m : ndarray of float64, shape (SKUs, 3)
        As written; nan where a cell is blank, and perhaps 0 or less.
    mass_kg : ndarray of float64, shape (SKUs,)
        The same.
    this_side_up, fragile : ndarray of bool, shape (SKUs,)
    """

    names: tuple[str, ...]
    size_m: NDArray[np.float64]
    mass_kg: NDArray[np.float64]
    this_side_up: NDArray[np.bool_]
    fragile: NDArray[np.bool_]

    def __post_init__(self) -> None:
        _read_only(self.size_m, self.mass_kg, self.this_side_up, self.fragile)


@dataclass(frozen=True, slots=True)
class PackingRules:
    """How long cartons take, beside orders and units, and how they are filled.

    Parameters
    ----------
    s_per_carton : float
        Seconds to set up, close and label a carton.
    setup_s : float
        Seconds to change to another kind of carton: between two cartons that a packer
        packs one after the other. A packer's first carton needs none.
    support : float
        Share of the base of each unit that lies on the bottom or on others.
    transfer_s : float
        From the end of packing until the cartons are on their truck, beside the walk.
    walk_m_s : float
        Speed of the walk from the station to the door, along rows and columns; walls
        and racks are not walked around.
    """

    s_per_carton: float = 0.0
    setup_s: float = 0.0
    support: float = 0.0
    transfer_s: float = 60.0
    walk_m_s: float = 1.0


PACKING_LIMITS: Final = {
    "s_per_carton": (0.0, 86_400.0),
    "setup_s": (0.0, 86_400.0),
    "support": (0.0, 1.0),
    "transfer_s": (0.0, 86_400.0),
    "walk_m_s": (0.01, 100.0),
}
"""Least and most of every packing rule that is read or generated."""


@dataclass(frozen=True, slots=True)
class Door:
    """A dock door, where trucks are loaded."""

    name: str
    cell: int


@dataclass(frozen=True, slots=True)
class Shipping:
    """What is given for packing and sending orders away.

    Parameters
    ----------
    units : Units
        One entry for each SKU of the scenario, in its order.
    catalogue : Catalogue
    rules : PackingRules
    doors : tuple of Door
    trucks : Trucks or None
        None where nobody says when orders are fetched. Each door is one of `doors`.
    """

    units: Units
    catalogue: Catalogue
    rules: PackingRules = PackingRules()
    doors: tuple[Door, ...] = ()
    trucks: Trucks | None = None
