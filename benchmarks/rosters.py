"""Rosters of packing stations: small days against the exact method, and a large one."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.registry import ORDERS, Run, spec
from solvers.cli.roster_rows import packed_orders
from solvers.result import Result, Status, Stop
from solvers.scheduling.roster.day import roster_problem
from solvers.scheduling.roster.methods import RULES
from solvers.scheduling.roster.problem import Roster
from solvers.scheduling.roster.solve import RosterParams, load_kernels, solve
from warehouse.generate.packing_day import PackingDayParams, generate_packing_day
from warehouse.packing_day import PackingDay

CASES: Final = 20
EXACT_S: Final = 60.0
LIMIT_S: Final = 20.0
LEVELS: Final = ("unpacked", "late_weight", "tardiness_s", "makespan_s")


def small_day(seed: int) -> PackingDay:
    """A day of 6 to 12 orders at 3 stations, with little time."""
    rng = np.random.default_rng(seed)
    params = PackingDayParams(
        orders=int(rng.integers(6, 13)),
        stations=3,
        packers_per_station=int(rng.integers(1, 3)),
        trucks=3,
        load=float(rng.uniform(0.6, 1.0)),
        break_s=60.0,
    )
    return generate_packing_day(params, seed=seed)


def levels(result: Result[Roster]) -> list[float]:
    """What a roster is worth, level by level."""
    return [result.statistics[name] for name in LEVELS]


def refuse_broken(
    day: PackingDay, kept: NDArray[np.intp], result: Result[Roster]
) -> None:
    """Raise if a roster breaks a rule."""
    assert result.solution is not None  # one without any order at worst
    packed_orders(day, kept, result.solution)


@spec(
    "roster-exact",
    "20 drawn days of 6 to 12 orders at 3 stations: how many rosters are as good as "
    "CP-SAT finds in 60 s, by default (proved by sets) and by annealing alone",
    seeds=(0,),
    group=ORDERS,
)
def roster_exact(run: Run) -> dict[str, float]:
    load_kernels()
    equal = searched = proved = proved_too = 0
    longest_s = 0.0
    cases = 2 if run.smoke else CASES
    for seed in range(cases):
        day = small_day(run.seed * 1000 + seed)
        problem, kept, _ = roster_problem(day)
        ours = solve(problem, seed=seed)
        alone = solve(problem, seed=seed, params=RosterParams(exact_jobs=0))
        exact = solve(problem, Stop(EXACT_S), params=RosterParams(method="exact"))
        for result in (ours, alone, exact):
            refuse_broken(day, kept, result)
        proved += ours.status == Status.OPTIMAL
        proved_too += exact.status == Status.OPTIMAL
        longest_s = max(longest_s, ours.runtime_s)
        equal += levels(ours) == levels(exact)
        searched += levels(alone) == levels(exact)
    return {
        "equal": equal,
        "annealing_equal": searched,
        "proved": proved,
        "proved_by_cp_sat_too": proved_too,
        "longest_s": longest_s,
        "cases": cases,
    }


@spec(
    "roster-large",
    "2,000 drawn orders at 40 stations for 12 trucks, 20 s: late orders by priority "
    "beside the bound, and by each rule alone",
    group=ORDERS,
)
def roster_large(run: Run) -> dict[str, float]:
    load_kernels()
    orders, stations = (100, 4) if run.smoke else (2000, 40)
    params = PackingDayParams(orders, stations, 1, 12, load=0.85)
    day = generate_packing_day(params, seed=run.seed)
    problem, kept, _ = roster_problem(day)
    result = solve(problem, Stop(1.0 if run.smoke else LIMIT_S), seed=run.seed)
    refuse_broken(day, kept, result)
    figures = {
        "late": result.objective,
        "late_bound": result.lower_bound,
        "late_percent": 100 * result.objective / float(problem.priority.sum() + orders),
        "tardiness_s": result.statistics["tardiness_s"],
        "makespan_above_bound_percent": 100
        * (result.statistics["makespan_s"] / result.statistics["makespan_bound_s"] - 1),
        "time_s": result.runtime_s,
    }
    for rule in RULES:
        alone = solve(problem, Stop(0.0), params=RosterParams(method=rule))
        refuse_broken(day, kept, alone)
        figures[f"{rule.replace('-', '_')}_late"] = alone.objective
    return figures
