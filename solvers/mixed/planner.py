"""From a scenario with racks and pods to a plan for both kinds of robots."""

import time
from typing import Any, Final

import numpy as np

from solvers.fulfilment.policy import HURRIED, Policy, policies, vary
from solvers.interrupt import Interrupt
from solvers.mixed.bound import bound_of
from solvers.mixed.demand import Demand
from solvers.mixed.run import Call, Run
from solvers.mixed.sharing import PACE, Pace, share_lines
from solvers.pods.limits import refuse_unplannable
from solvers.pods.reserve import Reserve
from solvers.pods.ways import Ways
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError
from warehouse.plan import NO_POD_WORK, PICK_DTYPE, Plan
from warehouse.scenario import Scenario
from warehouse.version import __version__

_NO_LIMIT: Final = Stop()
RUNS: Final = 4
"""Runs of a wave without a limit, each shared out by what the one before took."""


def plan_mixed(
    scenario: Scenario,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    on_progress: ProgressCallback | None = None,
) -> Result[Plan]:
    """Plan a site where robots with totes and robots with pods share the floor.

    What is to come from racks and what from pods is decided by `share_lines`. Robots
    with totes are then given trips by the loop of `solvers.fulfilment`, and robots with
    pods theirs by the rules of `solvers.pods`; all are moved together, step by step.

    Where every order is known at the start, a run says how long either side takes. By
    that the lines are shared out again; where nothing changes, robots with totes get
    their trips by another policy. The best of a few runs is kept. With orders released
    over time, or a horizon, one run is made. No decision looks at an order before it is
    released.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    stop : Stop
        A time limit ends the plan at the step that was reached, if no run came to its
        end before; ``iterations`` counts runs.
    seed : int
    on_progress : callable, optional

    Returns
    -------
    Result of Plan
        Objective in seconds of makespan.

    Raises
    ------
    SolverError
        E575 for a scenario without robots of both kinds; E371 and E372 as
        `refuse_unplannable` says.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> plan_mixed(read_scenario(folder("small")))
    Traceback (most recent call last):
    warehouse.errors.SolverError: E575 the scenario small has no robots of both kinds; \
plan it with solvers.fulfilment.plan_scenario or solvers.pods.planner.plan_pods
    """
    began = time.perf_counter()
    if not scenario.is_mixed or scenario.pods is None:
        hint = "plan it with solvers.fulfilment.plan_scenario or "
        hint += "solvers.pods.planner.plan_pods"
        found = f"the scenario {scenario.name} has no robots of both kinds"
        raise SolverError("E575", found, hint)
    refuse_unplannable(scenario, scenario.pods)
    with Interrupt() as interrupt:
        reserve = Reserve(stop.deadline())
        reserve.foresee(
            lambda: bound_of(scenario, np.zeros(0, PICK_DTYPE), NO_POD_WORK.picks)
        )

        def interrupted() -> bool:
            return interrupt.wanted() or stop.interrupted()

        def stopped() -> bool:
            return interrupted() or reserve.is_due()

        def tell(share: float, words: str) -> None:
            if on_progress is not None:
                on_progress(min(1.0, share), words)

        ways = Ways(scenario, stopped)
        call = Call(scenario, ways, seed, reserve, stopped, tell)
        best, runs = _best_run(call, _most_runs(scenario, stop))
        termination = Termination.CONVERGED
        if best.simulation.stopped or stopped():
            was = Termination.INTERRUPTED if interrupted() else Termination.TIME_LIMIT
            termination = was
    plan = best.to_plan(_meta(seed, stop))
    return Result(
        solution=plan,
        status=Status.FEASIBLE,
        termination=termination,
        objective=plan.makespan_s,
        lower_bound=plan.bound.value_s,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="mixed",
        statistics={"steps": best.simulation.t, "runs": runs},
    )


def _best_run(call: Call, most: int) -> tuple[Run, int]:
    """Run, and run again by what was learned; the best run, and how many there were."""
    rng = np.random.Generator(np.random.PCG64(call.seed))
    slots = call.scenario.fleet.tote_slots
    policy = policies("throughput", slots, HURRIED + 1)[HURRIED]
    pace = PACE
    began = time.perf_counter()
    best = last = _first_run(call, pace, policy)
    took_s = time.perf_counter() - began
    for run in range(1, most):
        if call.stopped() or time.perf_counter() + 1.3 * took_s > call.reserve.deadline:
            return best, run
        pace = _learned(pace, last)
        shares = share_lines(call.scenario, pace, call.stopped)
        if np.array_equal(shares.table, last.shares.table):
            policy = vary(best.policy, rng)
        last = Run(call, shares, policy)
        best = min(best, last, key=_value)
    return best, most


def _first_run(call: Call, pace: Pace, policy: Policy) -> Run:
    """Run for the first time, and with a backlog for the only one."""
    assert call.scenario.pods is not None  # whoever calls has looked
    if call.scenario.pods.backlog:
        return Run(call, Demand(call.scenario), policy)
    return Run(call, share_lines(call.scenario, pace, call.stopped), policy)


def _most_runs(scenario: Scenario, stop: Stop) -> int:
    """Runs that may be made: one where not all is known at first, or time ends."""
    pods = scenario.pods
    assert pods is not None  # whoever calls has looked
    if scenario.orders.release_s.any() or pods.backlog or np.isfinite(pods.end_s):
        return 1
    if stop.iterations is not None:
        return stop.iterations
    return RUNS if stop.time_limit_s is None else 10_000


def _learned(pace: Pace, run: Run) -> Pace:
    """How much longer each side takes than its work says, after a run."""
    racks, pods = (
        before * (took / expected) if took > 0 and expected > 0 else before
        for before, expected, took in zip(
            pace, run.shares.ends_s.tolist(), run.ends_s().tolist(), strict=True
        )
    )
    return racks, pods


def _value(run: Run) -> tuple[int, float]:
    """Compare runs by this, the smaller the better: orders not done, and makespan."""
    return run.undone, run.makespan_s


def _meta(seed: int, stop: Stop) -> dict[str, Any]:
    """What is needed to make the plan again; no times of day, no durations."""
    return {
        "aislewise": __version__,
        "solver": "mixed",
        "seed": seed,
        "time_limit_s": stop.time_limit_s,
        "iterations": stop.iterations,
    }
