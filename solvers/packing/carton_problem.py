"""An order, a catalogue of cartons, and which cartons the order goes into."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import keep, numbers, whole_numbers
from solvers.packing.problem import (
    LONGEST_EDGE,
    MASS_TOLERANCE,
    Boxes,
    Load,
    LoadProblem,
)
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class Cartons:
    """A catalogue of cartons; of each kind there are enough.

    Parameters
    ----------
    size : ndarray of int32, shape (cartons, 3)
        Inner length, width and height.
    max_mass_kg : ndarray of float64, shape (cartons,)
        What each may carry.
    cost : ndarray of float64, shape (cartons,)
        Above 0.

    Raises
    ------
    SolverError
        E301, E302.
    """

    size: NDArray[np.int32]
    max_mass_kg: NDArray[np.float64]
    cost: NDArray[np.float64]

    def __post_init__(self) -> None:
        count = len(np.atleast_1d(np.asarray(self.cost)))
        size = whole_numbers("size", self.size, (count, 3), low=1, high=LONGEST_EDGE)
        cost = numbers("cost", self.cost, (count,))
        if not count or not (cost > 0).all():
            found = f"got {count} cartons of cost {cost.tolist()[:5]}"
            raise SolverError("E302", found, "need one or more, of a cost above 0")
        keep(
            self,
            size=size,
            max_mass_kg=numbers("max_mass_kg", self.max_mass_kg, (count,)),
            cost=cost,
        )

    def __len__(self) -> int:
        """How many kinds of cartons there are."""
        return len(self.cost)

    @property
    def volume(self) -> NDArray[np.int64]:
        """Inner volume of each."""
        return self.size.astype(np.int64).prod(axis=1)


@dataclass(frozen=True, slots=True)
class CartonProblem:
    """The boxes of an order, all of which go into cartons.

    Parameters
    ----------
    boxes : Boxes
    cartons : Cartons
    support : float
        Share of the base of each box that lies on the bottom or on other boxes.

    Raises
    ------
    SolverError
        E302.
    """

    boxes: Boxes
    cartons: Cartons
    support: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.support <= 1:
            raise SolverError("E302", f"got support {self.support}", "need 0 to 1")

    def fitting(self) -> NDArray[np.bool_]:
        """Rotations of each kind that are allowed and fit into each carton alone.

        Of shape (cartons, kinds, 6).
        """
        return self.boxes.fitting(self.cartons.size[:, None, None])

    def holds(self, fitting: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Whether a carton holds a box of a kind alone, shape (kinds, cartons).

        Parameters
        ----------
        fitting : ndarray of bool, optional
            What `fitting` says, where it is known.

        Examples
        --------
        A box that is too heavy for the one carton that is large enough for it.

        >>> boxes = Boxes(np.array([[4, 4, 4]]), np.array([1]), np.ones((1, 6), bool),
        ...               np.array([30.0]), np.array([False]))
        >>> cartons = Cartons([[3, 3, 3], [5, 5, 5]], [50.0, 20.0], [1.0, 2.0])
        >>> CartonProblem(boxes, cartons).holds()
        array([[False, False]])
        """
        limit_kg = self.cartons.max_mass_kg * MASS_TOLERANCE
        by_size = (self.fitting() if fitting is None else fitting).any(axis=2).T
        found: NDArray[np.bool_] = by_size & (self.boxes.mass_kg[:, None] <= limit_kg)
        return found

    def loading(self, carton: int) -> LoadProblem:
        """The problem to load as much as possible into one carton."""
        cartons = self.cartons
        limit_kg = float(cartons.max_mass_kg[carton])
        return LoadProblem(self.boxes, cartons.size[carton], limit_kg, self.support)


@dataclass(frozen=True, slots=True)
class PackedCarton:
    """A carton of the catalogue, and what lies in it."""

    carton: int
    load: Load
