"""Tours by the OR-Tools routing library: the one module that knows its interface."""

import time
from typing import Final

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from solvers.result import Result, Status, Stop, Termination
from solvers.routing.one_tree import tour_bound
from solvers.routing.problem import Tour, TourProblem
from warehouse.errors import SolverError

STOPS_IN_VAIN: Final = 100
"""Solutions without a limit of the caller's: guided local search has no end."""


def solve_ortools(
    problem: TourProblem, stop: Stop, seed: int = 0, initial: Tour | None = None
) -> Result[Tour]:
    """Cheapest-arc start, then guided local search (Voudouris and Tsang 1999).

    The distance matrix is handed over whole: a Python callback is many times slower.
    ``stop.iterations`` counts solutions met; with neither limit, 100 of them. The
    library takes no seed: with a limit of iterations its result is always the same.

    Raises
    ------
    SolverError
        E333, if the library finds no tour before the time is up.
    """
    began = time.perf_counter()
    if problem.stops == 0:
        return _result(problem, np.zeros(0, np.int32), stop, began, seed)
    manager = pywrapcp.RoutingIndexManager(problem.stops + 1, 1, 0)
    routing = pywrapcp.RoutingModel(manager)
    transit = routing.RegisterTransitMatrix(problem.distance.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    if stop.time_limit_s is not None:
        left_s = max(stop.time_limit_s - (time.perf_counter() - began), 0.001)
        search.time_limit.FromNanoseconds(int(left_s * 1e9))
    if stop.iterations is not None:
        search.solution_limit = max(stop.iterations, 1)
    elif stop.time_limit_s is None:
        search.solution_limit = STOPS_IN_VAIN
    if initial is not None:
        routing.CloseModelWithParameters(search)
        start = routing.ReadAssignmentFromRoutes([np.asarray(initial).tolist()], True)
        found = routing.SolveFromAssignmentWithParameters(start, search)
    else:
        found = routing.SolveWithParameters(search)
    if found is None:
        hint = "give it more time, or use local-search"
        raise SolverError("E333", "or-tools found no tour in time", hint)
    order = []
    index = found.Value(routing.NextVar(routing.Start(0)))
    while not routing.IsEnd(index):
        order.append(manager.IndexToNode(index))
        index = found.Value(routing.NextVar(index))
    return _result(problem, np.array(order, np.int32), stop, began, seed)


def _result(
    problem: TourProblem, order: Tour, stop: Stop, began: float, seed: int
) -> Result[Tour]:
    length = problem.length(order)
    bound = tour_bound(problem, length)
    runtime_s = time.perf_counter() - began
    out_of_time = stop.time_limit_s is not None and runtime_s >= stop.time_limit_s
    termination = Termination.TIME_LIMIT if out_of_time else Termination.ITERATION_LIMIT
    proved = length <= bound
    return Result(
        order,
        Status.OPTIMAL if proved else Status.FEASIBLE,
        Termination.PROVED if proved else termination,
        objective=float(length),
        lower_bound=float(bound),
        runtime_s=runtime_s,
        seed=seed,
        solver="or-tools",
    )
