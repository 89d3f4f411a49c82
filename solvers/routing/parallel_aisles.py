"""Warehouses of parallel aisles: picks, cross aisles, and the tours through them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from solvers.routing.problem import TourProblem
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class AisleProblem:
    """One picker, parallel aisles, some cross aisles, every pick to be visited.

    Aisles run from the top (y = 0) to the bottom. One changes aisles only along a
    cross aisle. All lengths are in the unit of the caller.

    Parameters
    ----------
    aisle_x : ndarray of float64, shape (aisles,)
        Where each aisle lies along the cross aisles, ascending.
    cross_y : ndarray of float64, shape (cross aisles,)
        Where each cross aisle lies along the aisles, ascending, at least two. With
        c cross aisles the warehouse has c - 1 blocks.
    pick_aisle : ndarray of int32, shape (picks,)
    pick_y : ndarray of float64, shape (picks,)
        Between the first and the last cross aisle. Places may repeat.
    depot_aisle, depot_cross : int
        The tour starts and ends where this aisle meets this cross aisle.
    depot_leg : float
        Way from there to the depot itself, walked once out and once back.

    Raises
    ------
    SolverError
        E334, if the arrays contradict each other.
    """

    aisle_x: NDArray[np.float64]
    cross_y: NDArray[np.float64]
    pick_aisle: NDArray[np.int32]
    pick_y: NDArray[np.float64]
    depot_aisle: int
    depot_cross: int
    depot_leg: float = 0.0

    def __post_init__(self) -> None:
        fault = self._find_fault()
        if fault:
            raise SolverError("E334", fault)
        for array in (self.aisle_x, self.cross_y, self.pick_aisle, self.pick_y):
            array.flags.writeable = False

    def _find_fault(self) -> str:
        aisles, crosses = len(self.aisle_x), len(self.cross_y)
        if aisles < 1 or crosses < 2:
            return f"got {aisles} aisles, {crosses} cross aisles, need 1 and 2"
        lengths = (self.aisle_x, self.cross_y, self.pick_y, [self.depot_leg])
        if not all(np.isfinite(values).all() for values in lengths):
            return "got a length that is not finite, need finite lengths"
        if (np.diff(self.aisle_x) < 0).any() or (np.diff(self.cross_y) <= 0).any():
            return "got aisles or cross aisles out of order, need them ascending"
        if len(self.pick_aisle) != len(self.pick_y):
            return f"got {len(self.pick_aisle)} pick aisles, {len(self.pick_y)} pick y"
        inside = (self.pick_aisle >= 0) & (self.pick_aisle < aisles)
        inside &= (self.pick_y >= self.cross_y[0]) & (self.pick_y <= self.cross_y[-1])
        if not inside.all():
            return f"got pick {int(np.argmin(inside))} outside every aisle"
        if not (0 <= self.depot_aisle < aisles and 0 <= self.depot_cross < crosses):
            return "got a depot outside the warehouse, need a crossing"
        if self.depot_leg < 0:
            return f"got depot leg {self.depot_leg}, need 0 or more"
        return ""

    @property
    def picks(self) -> int:
        """Number of picks."""
        return len(self.pick_aisle)

    def distances(self) -> NDArray[np.float64]:
        """Shortest distances, shape (picks + 1, picks + 1); index 0 is the depot.

        Examples
        --------
        Two picks side by side, walls between them: the way leads round by the top.

        >>> problem = AisleProblem(
        ...     np.array([0.0, 3.0]), np.array([0.0, 10.0]),
        ...     np.array([0, 1], np.int32), np.array([4.0, 4.0]), 0, 0)
        >>> problem.distances()[1, 2]
        np.float64(11.0)
        """
        aisle = np.r_[self.depot_aisle, self.pick_aisle]
        x = self.aisle_x[aisle]
        y = np.r_[self.cross_y[self.depot_cross], self.pick_y]
        to_cross = np.abs(y[:, None] - self.cross_y)
        around = (to_cross[:, None, :] + to_cross[None, :, :]).min(axis=2)
        matrix = np.where(
            aisle[:, None] == aisle[None, :],
            np.abs(y[:, None] - y[None, :]),
            np.abs(x[:, None] - x[None, :]) + around,
        )
        matrix[0, 1:] += self.depot_leg
        matrix[1:, 0] += self.depot_leg
        return matrix


def tour_problem(problem: AisleProblem) -> tuple[TourProblem, int]:
    """Pose the same tour on a distance matrix, for methods that know no aisles.

    Returns the problem and what its distances were multiplied with: 1 where all are
    whole numbers, else 1000.
    """
    distances = problem.distances()
    scale = 1 if (distances == np.round(distances)).all() else 1000
    return TourProblem(np.round(scale * distances).astype(np.int64)), scale


@dataclass(frozen=True, slots=True)
class AisleTour:
    """A closed walk from the depot through all picks.

    Parameters
    ----------
    order : ndarray of int32, shape (picks,)
        Picks in the order in which they are first passed.
    walk : ndarray of float64, shape (points, 2)
        Corner points x, y of the walk, from the depot's crossing back to it.
    length : float
        Length of the walk and of the way from and to the depot.
    """

    order: NDArray[np.int32]
    walk: NDArray[np.float64]
    length: float

    def __post_init__(self) -> None:
        self.order.flags.writeable = False
        self.walk.flags.writeable = False

    @classmethod
    def of_walk(
        cls, problem: AisleProblem, order: list[int], walk: list[tuple[float, float]]
    ) -> "AisleTour":
        """Measure a walk along the floor: each leg follows an aisle or a cross aisle.

        Points that lie on a straight leg are left out.
        """
        points: list[tuple[float, float]] = []
        for point in walk:
            if points and point == points[-1]:
                continue
            if len(points) > 1 and _is_between(points[-2], points[-1], point):
                points.pop()
            points.append(point)
        corners = np.array(points, np.float64).reshape(-1, 2)
        length = float(np.abs(np.diff(corners, axis=0)).sum())
        if order:
            length += 2 * problem.depot_leg
        return cls(np.array(order, np.int32), corners, length)

    @classmethod
    def of_order(cls, problem: AisleProblem, order: list[int]) -> "AisleTour":
        """Walk from pick to pick in a given order, each time the shortest way."""
        depot = (problem.depot_aisle, float(problem.cross_y[problem.depot_cross]))
        picks = [(int(problem.pick_aisle[p]), float(problem.pick_y[p])) for p in order]
        x = problem.aisle_x.tolist()
        walk = [(x[depot[0]], depot[1])]
        for (a, y), (b, z) in pairwise([depot, *picks, depot]):
            if a != b:
                around = np.abs(y - problem.cross_y) + np.abs(z - problem.cross_y)
                cross = float(problem.cross_y[np.argmin(around)])
                walk += [(x[a], cross), (x[b], cross)]
            walk.append((x[b], z))
        return cls.of_walk(problem, order, walk)


def _is_between(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> bool:
    """Whether b lies on the axis-parallel leg from a to c."""
    same_x = a[0] == b[0] == c[0] and (a[1] <= b[1] <= c[1] or a[1] >= b[1] >= c[1])
    same_y = a[1] == b[1] == c[1] and (a[0] <= b[0] <= c[0] or a[0] >= b[0] >= c[0])
    return same_x or same_y
