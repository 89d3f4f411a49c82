"""Pick tours: published optima, tours on distances, and single kernel calls."""

import time
from typing import get_args

import numpy as np

from benchmarks.registry import Run, spec
from solvers.result import Status, Stop
from solvers.routing.aisle_methods import solve_by, solve_scattered_by
from solvers.routing.mainz_problem import aisle_problem, scattered_problem
from solvers.routing.problem import Method, TourParams, TourProblem, solve
from solvers.routing.ratliff_rosenthal import solve_aisles
from solvers.routing.scattered_storage import load_kernels
from solvers.routing.tour_kernels import EXACT_NODES, make_work, tour_cost
from warehouse.formats.mainz_sets import read_mainz_set, read_published_values

PUBLISHED = {1: "results_SPRP.csv.gz", 2: "results_SPRP_two_block.csv.gz"}
RULES_EVERY = 20
RULES_FOR = {
    1: ("s-shape", "return", "largest-gap", "midpoint", "nearest-neighbour"),
    2: ("s-shape", "largest-gap", "nearest-neighbour"),
}
"""Rules by the number of blocks that they take."""


@spec(
    "tours-exact",
    "4,800 published tours, one and two blocks, exact; time_s includes reading",
    needs_data="orders/sprp",
    seeds=(0,),
    repeats=3,
)
def tours_exact(run: Run) -> dict[str, float]:
    began = time.perf_counter()
    instances = list(read_mainz_set(run.data / "sprp_F1_instances.tgz"))
    equal = total = 0
    for blocks, results in PUBLISHED.items():
        published = read_published_values(run.data / results)
        for instance in instances[:: 100 if run.smoke else 1]:
            length = solve_aisles(aisle_problem(instance, blocks=blocks)).objective
            equal += abs(length - published[instance.name]) < 1e-6
            total += 1
    if equal < total:
        raise RuntimeError(f"{total - equal} of {total} tours differ from the optimum")
    return {"optima": equal, "time_s": time.perf_counter() - began}


@spec(
    "tours-scattered",
    "1,080 published tours with scattered storage, 0.2 s each: percent above optimum",
    needs_data="orders/sprp",
    seeds=(0,),
)
def tours_scattered(run: Run) -> dict[str, float]:
    published = read_published_values(run.data / "results_SPRP-SS.csv.gz")
    instances = list(read_mainz_set(run.data / "sprp_ss_first5_instances.tgz"))
    load_kernels()
    gaps, times, proved = [], [], 0
    baseline = []
    for instance in instances[:: 100 if run.smoke else 1]:
        problem = scattered_problem(instance)
        best = published[instance.name]
        began = time.perf_counter()
        result = solve_scattered_by(
            "exact", problem, Stop(time_limit_s=0.2), seed=run.seed
        )
        times.append(time.perf_counter() - began)
        gaps.append(100 * (result.objective / best - 1))
        proved += result.status == Status.OPTIMAL
        nearest = solve_scattered_by("s-shape", problem, Stop())
        baseline.append(100 * (nearest.objective / best - 1))
    if min(gaps) < -1e-6:
        raise RuntimeError("a tour is shorter than the proved optimum")
    return {
        "gap_percent": float(np.mean(gaps)),
        "optima": float(sum(gap < 1e-6 for gap in gaps)),
        "proved": float(proved),
        "instances": float(len(gaps)),
        "mean_s": float(np.mean(times)),
        "longest_s": max(times),
        "nearest_s_shape_percent": float(np.mean(baseline)),
    }


@spec(
    "tours-rules",
    "Classic rules on every 20th published tour, one and two blocks: percent above",
    needs_data="orders/sprp",
    seeds=(0,),
)
def tours_rules(run: Run) -> dict[str, float]:
    instances = list(read_mainz_set(run.data / "sprp_F1_instances.tgz"))
    chosen = instances[:: 200 if run.smoke else RULES_EVERY]
    above = {}
    for blocks, rules in RULES_FOR.items():
        published = read_published_values(run.data / PUBLISHED[blocks])
        best = np.array([published[instance.name] for instance in chosen])
        for rule in rules:
            lengths = [
                solve_by(rule, aisle_problem(instance, blocks=blocks), Stop()).objective
                for instance in chosen
            ]
            name = f"{rule}_percent" if blocks == 1 else f"{rule}_two_blocks_percent"
            above[name] = 100 * float((np.array(lengths) / best - 1).mean())
    return above


@spec(
    "tours-matrix",
    "Tours of 100 stops on random places, asymmetric: gap to the best of all methods",
)
def tours_matrix(run: Run) -> dict[str, float]:
    rng = np.random.default_rng(run.seed)
    methods = [m for m in get_args(Method) if m not in ("auto", "held-karp")]
    gaps: dict[str, list[float]] = {method: [] for method in methods}
    for _ in range(1 if run.smoke else 5):
        points = rng.integers(0, 200, (101, 2))
        distance = np.abs(points[:, None] - points[None]).sum(axis=2)
        problem = TourProblem(distance + rng.integers(0, 20, distance.shape))
        stop = Stop(time_limit_s=0.1 if run.smoke else 0.5)
        lengths = {
            method: solve(
                problem, stop, seed=run.seed, params=TourParams(method)
            ).objective
            for method in methods
        }
        best = min(lengths.values())
        for method, length in lengths.items():
            gaps[method].append(100 * (length / best - 1))
    return {f"{name}_gap_percent": float(np.mean(gaps[name])) for name in methods}


@spec("tours-kernel", "One call of `tour_cost` with k places, in microseconds")
def tours_kernel(run: Run) -> dict[str, float]:
    rng = np.random.default_rng(run.seed)
    points = rng.integers(0, 60, (2000, 2))
    dist = np.abs(points[:, None] - points[None]).sum(axis=2).astype(np.int16)
    work = make_work(80)
    order = np.zeros(80, np.int32)
    calls = 200 if run.smoke else 5000
    numbers = {}
    for k in (5, EXACT_NODES, 12, 25, 80):
        sets = rng.integers(1, len(dist), (calls, k)).astype(np.int32)
        tour_cost(dist, sets[0], k, 0, 0, order, work)
        began = time.perf_counter()
        for nodes in sets:
            tour_cost(dist, nodes, k, 0, 0, order, work)
        numbers[f"k{k}_us"] = 1e6 * (time.perf_counter() - began) / calls
    return numbers
