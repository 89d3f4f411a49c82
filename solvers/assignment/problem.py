"""Assignment of trips to robots: the problem and its answer."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.arguments import indices, keep, whole_numbers
from warehouse.errors import SolverError

LARGEST_COST: Final = 2**36
"""Largest cost, either sign: the flow multiplies costs by the number of nodes, and
their sum over a path has to fit 64 bits for tens of thousands of nodes."""


@dataclass(frozen=True, slots=True)
class AssignmentProblem:
    """Which robot could drive which trip, and at what cost.

    Parameters
    ----------
    robots, trips : int
        How many there are.
    robot, trip : ndarray of int32, shape (E,)
        Edge e: robot ``robot[e]`` may drive trip ``trip[e]``.
    cost : ndarray of int64, shape (E,)
        Cost of each edge; a negative one is a gain. For a robot that is not free
        yet the time until it is belongs in here.

    Raises
    ------
    SolverError
        E301 if arrays differ in shape or hold no integers, E302 if a cost is beyond
        2**36, E303 if an edge points nowhere or is given twice.

    Examples
    --------
    >>> AssignmentProblem(1, 2, [0, 0], [1, 2], [5, 6])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E303 got trip 2; need 0 to 1
    """

    robots: int
    trips: int
    robot: NDArray[np.int32]
    trip: NDArray[np.int32]
    cost: NDArray[np.int64]

    def __post_init__(self) -> None:
        edges = (np.size(self.cost),)
        keep(
            self,
            cost=checked_cost(self.cost, edges),
            robot=indices("robot", self.robot, edges, self.robots),
            trip=indices("trip", self.trip, edges, self.trips),
        )
        key = self.robot.astype(np.int64) * max(self.trips, 1) + self.trip
        if len(np.unique(key)) < len(key):
            raise SolverError("E303", "got an edge twice", "need each edge once")

    @classmethod
    def from_matrix(
        cls, cost: ArrayLike, forbidden: ArrayLike | None = None
    ) -> "AssignmentProblem":
        """Make a problem of a cost matrix (robots, trips), less what is forbidden."""
        matrix, allowed = checked_matrix(cost, forbidden)
        robot, trip = np.nonzero(allowed)
        robots, trips = matrix.shape
        edges = robot.astype(np.int32), trip.astype(np.int32)
        return cls(robots, trips, *edges, matrix[allowed])


@dataclass(frozen=True, slots=True)
class Assignment:
    """Pairs of robot and trip; what is not in them stays free.

    Parameters
    ----------
    pairs : ndarray of int32, shape (n, 2)
        Robot and trip, ordered by robot; none occurs twice.
    """

    pairs: NDArray[np.int32]

    def __post_init__(self) -> None:
        self.pairs.flags.writeable = False


def checked_cost(cost: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return a read-only copy of costs, or say what is wrong with them."""
    return whole_numbers(
        "cost", cost, shape, low=-LARGEST_COST, high=LARGEST_COST, dtype=np.int64
    )


def checked_matrix(
    cost: ArrayLike, forbidden: ArrayLike | None
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the cost matrix and which of its entries are allowed."""
    shape = np.shape(cost)
    if len(shape) != 2:
        raise SolverError("E301", f"got cost of shape {shape}", "need (robots, trips)")
    matrix = checked_cost(cost, shape)
    if forbidden is None:
        return matrix, np.ones(shape, np.bool_)
    mask = np.asarray(forbidden)
    if mask.shape != shape or mask.dtype != np.bool_:
        raise SolverError(
            "E301",
            f"got forbidden {mask.dtype} of shape {mask.shape}",
            f"need bool of shape {shape}",
        )
    return matrix, ~mask
