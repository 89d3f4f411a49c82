"""One-shot motion of small teams beside the exact optimum."""

import time
from itertools import count
from typing import Final

import numpy as np

from benchmarks.registry import MOTION, Run, spec
from solvers.mapf.one_shot.problem import OneShotProblem, Paths
from solvers.mapf.one_shot.solve import solve
from solvers.result import Status, Stop
from tests.naive_cbs import least_sum_of_costs
from tests.small_teams import small_team
from warehouse.check.paths import check_paths

CASES: Final = 300
SMOKE_CASES: Final = 8
LIMIT_S: Final = 2.0
MOST_NODES: Final = 6000
SMOKE_NODES: Final = 200


@spec(
    "mapf-exact",
    f"One shot: {CASES} teams of 2 to 8 robots on 8 x 8 cells with 10 to 25 % walls, "
    f"{LIMIT_S:.0f} s each, beside conflict-based search. Cases that this does not "
    f"solve within {MOST_NODES:,} nodes are replaced by others",
    seeds=(0,),
    group=MOTION,
)
def small_teams(run: Run) -> dict[str, float]:
    """Solve seeded cases until enough of them have a known optimum."""
    wanted = SMOKE_CASES if run.smoke else CASES
    gaps: list[float] = []
    times: list[float] = []
    proved = replaced = 0
    for number in count(1000 * run.seed):
        if len(gaps) == wanted:
            break
        problem = small_team(number)
        optimum = _optimum(problem, SMOKE_NODES if run.smoke else MOST_NODES)
        if optimum is None:
            replaced += 1
            continue
        began = time.perf_counter()
        result = solve(problem, Stop(LIMIT_S), seed=run.seed)
        times.append(time.perf_counter() - began)
        _refuse_wrong(problem, result.solution, result.objective, optimum)
        gaps.append(result.objective / optimum - 1.0 if optimum else 0.0)
        proved += result.status is Status.OPTIMAL
    return {
        "cases": len(gaps),
        "replaced": replaced,
        "optimal_percent": 100.0 * float(np.mean(np.array(gaps) == 0.0)),
        "proved_percent": 100.0 * proved / len(gaps),
        "largest_gap_percent": 100.0 * max(gaps),
        "mean_s": float(np.mean(times)),
        "longest_s": max(times),
    }


def _optimum(problem: OneShotProblem, nodes: int) -> int | None:
    at = problem.floor.at
    starts, goals = at(problem.starts), at(problem.goals)
    return least_sum_of_costs(problem.floor.successors, starts, goals, most_nodes=nodes)


def _refuse_wrong(
    problem: OneShotProblem, paths: Paths | None, cost: float, optimum: int
) -> None:
    """Raise where a plan breaks a rule, or costs less than is possible."""
    if paths is None:
        raise RuntimeError(f"nothing found, and {optimum} is possible")
    found = check_paths(
        problem.grid,
        paths.cells,
        None,
        problem.starts,
        problem.goals,
    )
    if found or cost < optimum:
        raise RuntimeError(f"cost {cost}, optimum {optimum}, rules broken: {found}")
