"""Tours of other packages at equal time, on published instances: OR-Tools, PyVRP."""

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks.registry import Run, spec
from benchmarks.tours import PUBLISHED
from solvers.result import Stop
from solvers.routing.mainz_problem import aisle_problem
from solvers.routing.parallel_aisles import tour_problem
from solvers.routing.problem import TourParams, TourProblem, solve
from warehouse.formats.mainz_sets import read_mainz_set, read_published_values

EVERY: Final = 40
LIMIT_S: Final = 0.2


def percent_above(
    run: Run, length: Callable[[TourProblem, float, int], float]
) -> dict[str, float]:
    """Percent above the optimum, on every so many-th tour of one and of two blocks."""
    instances = list(read_mainz_set(run.data / "sprp_F1_instances.tgz"))
    figures = {}
    for blocks, results in PUBLISHED.items():
        published = read_published_values(run.data / results)
        gaps, times = [], []
        for instance in instances[:: 800 if run.smoke else EVERY]:
            problem, scale = tour_problem(aisle_problem(instance, blocks=blocks))
            began = time.perf_counter()
            found = length(problem, LIMIT_S, run.seed) / scale
            times.append(time.perf_counter() - began)
            gaps.append(100 * (found / published[instance.name] - 1))
        if min(gaps) < -1e-6:
            raise RuntimeError("a tour is shorter than the proved optimum")
        name = "one_block" if blocks == 1 else "two_blocks"
        figures[f"{name}_gap_percent"] = float(np.mean(gaps))
        figures[f"{name}_optima"] = float(sum(gap < 1e-6 for gap in gaps))
        figures[f"{name}_instances"] = float(len(gaps))
        figures[f"{name}_longest_s"] = max(times)
    return figures


@spec(
    "tours-or-tools",
    "OR-Tools routing on every 40th published tour, 0.2 s each: percent above optimum",
    needs_data="orders/sprp",
    seeds=(0,),
)
def tours_or_tools(run: Run) -> dict[str, float]:
    def length(problem: TourProblem, limit_s: float, seed: int) -> float:
        params = TourParams("or-tools")
        return solve(problem, Stop(limit_s), seed=seed, params=params).objective

    return percent_above(run, length)


@spec(
    "tours-pyvrp",
    "PyVRP with one vehicle on the same tours, 0.2 s each: percent above optimum",
    needs_data="orders/sprp",
    seeds=(0,),
    needs_package="pyvrp",
)
def tours_pyvrp(run: Run) -> dict[str, float]:
    return percent_above(run, pyvrp_length)


def pyvrp_length(problem: TourProblem, limit_s: float, seed: int) -> float:
    """Length of the tour that PyVRP finds, measured by our matrix."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    if problem.stops == 0:
        return 0.0
    distance = problem.distance.astype(np.int64)
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(problem.stops + 1)],
        clients=[pyvrp.Client(place) for place in range(1, problem.stops + 1)],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[pyvrp.VehicleType()],
        distance_matrices=[distance],
        duration_matrices=[np.zeros_like(distance)],
    )
    found = pyvrp.solve(data, MaxRuntime(limit_s), seed=seed, collect_stats=False)
    (route,) = found.best.routes()
    order = np.array([activity.idx for activity in route if activity.is_client()])
    return float(problem.length((order + 1).astype(np.int32)))
