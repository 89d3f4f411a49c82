"""Tours on a distance matrix: the travelling salesman problem of one picker."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import keep, square_matrix
from solvers.result import ProgressCallback, Result, Stop
from warehouse.errors import SolverError

Tour = NDArray[np.int32]
Method = Literal["auto", "held-karp", "local-search", "or-tools", "nearest-neighbour"]
METHODS: Final[tuple[str, ...]] = get_args(Method)
LONGEST_DISTANCE: Final = 1_000_000_000
EXACT_STOPS: Final = 12
"""Method "auto" is exact up to this many stops."""


@dataclass(frozen=True, slots=True)
class TourProblem:
    """Visit every stop once, from the depot and back to it.

    Parameters
    ----------
    distance : ndarray of int32, shape (stops + 1, stops + 1)
        From row to column; may be asymmetric. Index 0 is the depot. The diagonal is
        not read.

    Raises
    ------
    SolverError
        E301, if the matrix is not square or holds no whole numbers; E302, if it holds
        one below 0 or above 1,000,000,000.
    """

    distance: NDArray[np.int32]

    def __post_init__(self) -> None:
        matrix = square_matrix("distances", self.distance, high=LONGEST_DISTANCE)
        keep(self, distance=matrix)

    @property
    def stops(self) -> int:
        """Number of stops; the depot is none."""
        return len(self.distance) - 1

    def length(self, order: Tour) -> int:
        """Length of the tour from the depot through the stops in order and back."""
        path = np.concatenate(([0], order, [0]))
        legs = self.distance[path[:-1], path[1:]]
        return int(legs.sum(dtype=np.int64)) if len(order) else 0


@dataclass(frozen=True, slots=True)
class TourParams:
    """How to solve.

    Parameters
    ----------
    method : str
        "auto" is "held-karp" up to 12 stops and "local-search" above.
    patience : int
        The local search ends after this many kicks in a row that gain nothing.
    """

    method: Method = "auto"
    patience: int = 2_000


def solve(
    problem: TourProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: TourParams = TourParams(),
    initial: Tour | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[Tour]:
    """Find a short tour; the solution is the visiting order of stops 1 .. n.

    The objective is its length. An iteration is one kick of the local search, or one
    solution met by OR-Tools; exact methods and the baseline have none. The lower
    bound is exact for "held-karp", else that of `one_tree`; the baseline has none.

    Raises
    ------
    SolverError
        E302, for an unknown method; E330, for over 16 stops with "held-karp"; E331,
        for an initial tour that does not visit every stop once; E333, if
        "or-tools" finds none in time.

    Examples
    --------
    No stop at all is a tour of length 0.

    >>> solve(TourProblem(np.zeros((1, 1), np.int32)), Stop()).objective
    0.0
    """
    if initial is not None:
        _check_tour(problem, initial)
    method = params.method
    if method == "auto":
        method = "held-karp" if problem.stops <= EXACT_STOPS else "local-search"
    if method == "held-karp":
        from solvers.routing.held_karp import solve_held_karp

        return solve_held_karp(problem, seed)
    if method == "local-search":
        from solvers.routing.local_search import solve_local_search

        return solve_local_search(
            problem, stop, seed, params.patience, initial, on_progress
        )
    if method == "or-tools":
        from solvers.routing.ortools_routing import solve_ortools

        return solve_ortools(problem, stop, seed, initial)
    if method == "nearest-neighbour":
        from solvers.routing.local_search import solve_nearest_neighbour

        return solve_nearest_neighbour(problem, seed)
    raise SolverError("E302", f"got tour method {method!r}", f"use one of {METHODS}")


def _check_tour(problem: TourProblem, tour: Tour) -> None:
    stops = np.arange(1, problem.stops + 1)
    if not np.array_equal(np.sort(np.asarray(tour)), stops):
        hint = f"need each of 1 to {problem.stops} once"
        raise SolverError("E331", "got an initial tour that is none", hint)
