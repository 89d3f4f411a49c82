"""Batching posed to vehicle routing packages, beside ours at the same time.

Their models know stops, not sets of stops. So an order is one stop: from the depot to
it is half its tour alone, and from one order to another what both together cost beyond
half of each. Routes of one and of two orders then cost what they are; the batches that
come out are given shortest tours and checked like ours.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.batching import checked, henn
from benchmarks.registry import ORDERS, Run, spec
from solvers.batching.methods import solve_by
from solvers.batching.problem import BatchingProblem
from solvers.batching.set_costs import set_cost, set_costs
from solvers.batching.tours import batches_of
from solvers.result import Result, Status, Stop, Termination

LIMIT_S: Final = 10.0
EVERY: Final = 20
SCALE: Final = 100
"""Lengths in these files come in halves; packages want whole numbers."""

Router = Callable[[NDArray[np.int64], BatchingProblem, float, int], list[list[int]]]


def order_distances(problem: BatchingProblem) -> NDArray[np.int64]:
    """Distances between the depot, 0, and orders, 1 and on, times `SCALE`."""
    costs = set_costs(problem)
    count = problem.orders
    alone = [set_cost(np.array([o], np.int32), 1, costs) for o in range(count)]
    distance = np.zeros((count + 1, count + 1))
    distance[0, 1:] = distance[1:, 0] = np.array(alone) / 2
    for a in range(count):
        for b in range(a):
            both = set_cost(np.array([a, b], np.int32), 2, costs)
            distance[a + 1, b + 1] = distance[b + 1, a + 1] = (
                both - (alone[a] + alone[b]) / 2
            )
    return np.round(SCALE * distance).astype(np.int64)


def by_or_tools(
    distance: NDArray[np.int64], problem: BatchingProblem, limit_s: float, seed: int
) -> list[list[int]]:
    """Routes of orders, 1 and on; OR-Tools takes no seed."""
    manager = pywrapcp.RoutingIndexManager(len(distance), problem.orders, 0)
    routing = pywrapcp.RoutingModel(manager)
    transit = routing.RegisterTransitMatrix(distance.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    for r, capacity in enumerate(problem.capacity.tolist()):
        demand = routing.RegisterUnaryTransitVector([0, *problem.load[:, r].tolist()])
        routing.AddDimension(demand, 0, capacity, True, f"load {r}")
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    search.time_limit.FromNanoseconds(int(limit_s * 1e9))
    found = routing.SolveWithParameters(search)
    if found is None:
        raise RuntimeError("OR-Tools found no routes in time")
    routes = []
    for vehicle in range(problem.orders):
        route, index = [], found.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        routes.append(route)
    return routes


def by_pyvrp(
    distance: NDArray[np.int64], problem: BatchingProblem, limit_s: float, seed: int
) -> list[list[int]]:
    """Routes of orders, 1 and on."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in distance],
        clients=[
            pyvrp.Client(order + 1, delivery=problem.load[order].tolist())
            for order in range(problem.orders)
        ],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[
            pyvrp.VehicleType(problem.orders, capacity=problem.capacity.tolist())
        ],
        distance_matrices=[distance],
        duration_matrices=[np.zeros_like(distance)],
    )
    found = pyvrp.solve(data, MaxRuntime(limit_s), seed=seed, collect_stats=False)
    return [
        [stop.idx + 1 for stop in route if stop.is_client()]
        for route in found.best.routes()
    ]


def batched(problem: BatchingProblem, routes: list[list[int]]) -> Result[Any]:
    """Routes of orders as batches with shortest tours."""
    batch_of = np.full(problem.orders, -1, np.int32)
    for b, route in enumerate(routes):
        batch_of[np.array(route, int) - 1] = b
    batches = batches_of(problem, batch_of)
    return Result(
        batches,
        Status.FEASIBLE,
        Termination.TIME_LIMIT,
        objective=float(sum(batch.cost for batch in batches)),
        lower_bound=0.0,
        runtime_s=0.0,
        seed=0,
        solver="routes of orders",
    )


def percent_above(run: Run, router: Router) -> dict[str, float]:
    """Mean percent above the best known value, of a package and of ours."""
    theirs, ours = [], []
    for one, value, optimum in henn(run, EVERY):
        limit_s = 0.5 if run.smoke else LIMIT_S
        routes = router(order_distances(one.problem), one.problem, limit_s, run.seed)
        length = checked(one, batched(one.problem, routes), optimum)
        theirs.append(100 * (length / value - 1))
        result = solve_by("local-search", one.problem, Stop(limit_s), seed=run.seed)
        ours.append(100 * (checked(one, result, optimum) / value - 1))
    return {
        "instances": len(theirs),
        "gap_percent": float(np.mean(theirs)),
        "largest_gap_percent": max(theirs),
        "ours_gap_percent": float(np.mean(ours)),
    }


def _register() -> None:
    rows: tuple[tuple[str, str, Router, str | None], ...] = (
        ("or-tools", "OR-Tools", by_or_tools, None),
        ("pyvrp", "PyVRP", by_pyvrp, "pyvrp"),
    )
    for name, title, router, package in rows:

        def measure(run: Run, router: Router = router) -> dict[str, float]:
            return percent_above(run, router)

        spec(
            f"batching-{name}",
            f"Henn and Waescher, every twentieth, 10 s: routes of {title}, and ours",
            needs_data="orders/jobprp",
            seeds=(0,),
            group=ORDERS,
            needs_package=package,
        )(measure)


_register()
