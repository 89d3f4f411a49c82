"""Every method for tours through parallel aisles, by name and behind one signature."""

import time
from typing import Final

import numpy as np

from solvers.result import Result, Status, Stop, Termination
from solvers.routing.classic_rules import RULES
from solvers.routing.parallel_aisles import AisleProblem, AisleTour, tour_problem
from solvers.routing.problem import METHODS, TourParams, solve
from solvers.routing.ratliff_rosenthal import solve_aisles
from solvers.routing.scattered_problem import (
    ScatteredProblem,
    ScatteredTour,
    nearest_places,
    picks_at,
    scattered_tour,
)
from solvers.routing.scattered_storage import solve_scattered
from warehouse.errors import SolverError

MATRIX_METHODS: Final = tuple(name for name in METHODS if name != "auto")
AISLE_METHODS: Final = ("exact", *MATRIX_METHODS, *RULES)
"""Exact, the methods on a distance matrix, and the classic rules."""


def solve_by(
    method: str, problem: AisleProblem, stop: Stop, *, seed: int = 0
) -> Result[AisleTour]:
    """Solve with the method of a name in `AISLE_METHODS`; the objective is the length.

    Raises
    ------
    SolverError
        E302, if there is no such method; E330, if it cannot take the problem.

    Examples
    --------
    >>> problem = AisleProblem(
    ...     np.array([0.0]), np.array([0.0, 10.0]),
    ...     np.array([0], np.int32), np.array([9.0]), 0, 0)
    >>> solve_by("return", problem, Stop()).objective
    18.0
    """
    if method == "exact":
        return solve_aisles(problem)
    if method in RULES:
        return _follow_rule(method, problem, seed)
    if method not in MATRIX_METHODS:
        hint = f"use one of {', '.join(AISLE_METHODS)}"
        raise SolverError("E302", f"got tour method {method!r}", hint)
    matrix, scale = tour_problem(problem)
    params = TourParams(method=method)  # type: ignore[arg-type]
    result = solve(matrix, stop, seed=seed, params=params)
    order = [] if result.solution is None else (result.solution - 1).tolist()
    tour = AisleTour.of_order(problem, order)
    return Result(
        tour,
        result.status,
        result.termination,
        objective=tour.length,
        lower_bound=result.lower_bound / scale,
        runtime_s=result.runtime_s,
        seed=seed,
        solver=result.solver,
        statistics=result.statistics,
    )


def solve_scattered_by(
    method: str, problem: ScatteredProblem, stop: Stop, *, seed: int = 0
) -> Result[ScatteredTour]:
    """Choose places and solve, by the method of a name in `AISLE_METHODS`.

    Only the exact method chooses places and tour together. The others get, for each
    article, the places nearest to the depot, as many as hold the demand.

    Raises
    ------
    SolverError
        As `solve_by`.

    Examples
    --------
    Two places of one article; both are as near, but the other article lies by one.

    >>> stock = AisleProblem(
    ...     np.array([0.0, 3.0, 6.0]), np.array([0.0, 9.0]),
    ...     np.array([0, 2, 2], np.int32), np.array([2.0, 2.0, 4.0]), 1, 0)
    >>> problem = ScatteredProblem(
    ...     stock, np.array([0, 0, 1]), np.ones(3, np.int32), np.ones(2, np.int32))
    >>> [solve_scattered_by(method, problem, Stop()).objective
    ...  for method in ("return", "exact")]
    [24.0, 14.0]
    """
    if method == "exact":
        return solve_scattered(problem, stop, seed=seed)
    began = time.perf_counter()
    places = nearest_places(problem)
    result = solve_by(method, picks_at(problem, places), stop, seed=seed)
    tour = result.solution
    return Result(
        None if tour is None else scattered_tour(problem, places, tour),
        Status.UNKNOWN if tour is None else Status.FEASIBLE,
        result.termination,
        objective=result.objective,
        lower_bound=-np.inf,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver=result.solver,
        statistics=result.statistics,
    )


def _follow_rule(rule: str, problem: AisleProblem, seed: int) -> Result[AisleTour]:
    began = time.perf_counter()
    tour = RULES[rule](problem)
    return Result(
        tour,
        Status.FEASIBLE,
        Termination.CONVERGED,
        objective=tour.length,
        lower_bound=-np.inf,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver=rule,
    )
