"""Batching with due times: tardiness of ours and of simple rules."""

from typing import Final

import numpy as np

from benchmarks.batching import henn
from benchmarks.registry import ORDERS, Run, spec
from solvers.batching.instances import PosedBatching
from solvers.batching.timed_methods import solve_timed_by
from solvers.batching.timed_problem import tardiness_s
from solvers.cli.batch_times import TimedInstance
from solvers.cli.check_batching import batching_faults
from solvers.result import Stop
from warehouse.formats.order_times_csv import OrderTimes

LIMIT_S: Final = 10.0
EVERY: Final = 20
PICKERS: Final = 2
SPEED: Final = 0.8
SETUP_S: Final = 180.0
ITEM_S: Final = 10.0
"""Usual in the literature: 48 lengths a minute, 3 minutes for each batch."""
TIGHT: Final = 0.6
"""Due times are spread over this part of what first come, first served takes."""


@spec(
    "batching-due",
    "Henn and Waescher, every twentieth, with due times and 2 pickers, 10 s each",
    needs_data="orders/jobprp",
    seeds=(0,),
    group=ORDERS,
)
def batching_due(run: Run) -> dict[str, float]:
    late_s: dict[str, list[float]] = {}
    for one, _, _ in henn(run, EVERY):
        given = due_times(one, run.seed)
        for method in ("local-search", "edd", "savings", "fcfs"):
            stop = Stop(time_limit_s=0.5 if run.smoke else LIMIT_S)
            problem = given.problem()
            result = solve_timed_by(method, problem, stop, seed=run.seed)
            facts = given.facts(result)
            faults = batching_faults(one.instance, facts["batches"], blocks=1)
            faults += given.faults(facts)
            if faults or result.solution is None:
                raise RuntimeError(f"{one.name}: {faults[:1]}")
            late_s.setdefault(method, []).append(tardiness_s(problem, result.solution))
    ours = float(np.mean(late_s.pop("local-search")))
    figures = {f"{method}_tardiness_s": np.mean(s) for method, s in late_s.items()}
    return {"tardiness_s": ours, **{name: float(s) for name, s in figures.items()}}


def due_times(one: PosedBatching, seed: int) -> TimedInstance:
    """Give orders due times by chance."""
    orders = one.problem.orders
    items = np.bincount(one.instance.line_order, minlength=orders)
    never = OrderTimes(
        np.full(orders, np.inf), np.zeros(orders), (ITEM_S * items).astype(np.float64)
    )
    free = TimedInstance(one, never, PICKERS, SPEED, SETUP_S, 10.0)
    first = solve_timed_by("fcfs", free.problem(), Stop()).solution
    assert first is not None  # published orders fit into batches
    ends_s = max(batch.end_s for batch in first)
    rng = np.random.default_rng(seed)
    due_s = rng.uniform(SETUP_S, TIGHT * ends_s, orders).round()
    times = OrderTimes(due_s, never.release_s, never.service_s)
    return TimedInstance(one, times, PICKERS, SPEED, SETUP_S, 10.0)
