"""Pod visits for windows of ten orders: local search beside the proved fewest."""

import numpy as np

from benchmarks.registry import ORDERS, Run, spec
from solvers.pods.window.problem import WindowChoice, WindowParams, WindowProblem
from solvers.pods.window.solve import solve
from solvers.result import Result, Status, Stop
from tests.pod_windows import window, wrong

CASES = 100


@spec(
    "pods-window",
    "Fewest pod visits for 10 orders, 50 pods, 2 stations, 100 cases: local search "
    "beside the exact method, which begins without it",
    seeds=(0,),
    group=ORDERS,
)
def pods_window(run: Run) -> dict[str, float]:
    """Count the cases in which the search is at the proved fewest."""
    cases = 2 if run.smoke else CASES
    proved = equal = below = 0
    search_s, exact_s = [], []
    for case in range(cases):
        problem = window(run.seed * CASES + case)
        exact = solve(problem, Stop(iterations=0), params=WindowParams(method="exact"))
        found = solve(problem, seed=run.seed)
        fewest, visits = checked(problem, exact), checked(problem, found)
        proved += exact.status is Status.OPTIMAL
        equal += exact.status is Status.OPTIMAL and visits == fewest
        below += visits < exact.lower_bound
        exact_s.append(exact.runtime_s)
        search_s.append(found.runtime_s)
    return {
        "cases": cases,
        "proved": proved,
        "equal": equal,
        "below": below,
        "mean_search_s": float(np.mean(search_s)),
        "mean_exact_s": float(np.mean(exact_s)),
        "longest_exact_s": max(exact_s),
    }


def checked(problem: WindowProblem, result: Result[WindowChoice]) -> int:
    """Visits of a choice that keeps every rule."""
    if result.solution is None:
        raise RuntimeError("no choice")
    found = wrong(problem, result.solution)
    if found:
        raise RuntimeError(f"{len(found)} rules broken, first: {found[0]}")
    return result.solution.visits
