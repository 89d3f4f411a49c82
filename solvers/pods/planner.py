"""From a scenario with pods to a plan."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from math import inf
from typing import Any, Final

from solvers.bounds.pods import bound_of
from solvers.fulfilment.order_cartons import PACKING_SHARE, OrderCartons
from solvers.interrupt import Interrupt
from solvers.pods.arrays import PICKS
from solvers.pods.limits import refuse_unplannable
from solvers.pods.packing import pack_picked
from solvers.pods.params import PodParams
from solvers.pods.record import pod_work_of, to_plan
from solvers.pods.reserve import Reserve
from solvers.pods.simulate import Simulation
from solvers.pods.ways import Ways
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError
from warehouse.plan import NO_POD_WORK, Plan, UnservedReason
from warehouse.pod_metrics import measure_pods
from warehouse.scenario import Scenario
from warehouse.version import __version__

_NO_LIMIT: Final = Stop()
_DEFAULTS: Final = PodParams()


def plan_pods(
    scenario: Scenario,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    params: PodParams = _DEFAULTS,
    on_progress: ProgressCallback | None = None,
) -> Result[Plan]:
    """Plan a site where robots carry pods, step by step on a rolling horizon.

    No decision looks at an order before it is released and, where the demand has a
    backlog, before it is one of so many that wait.

    Parameters
    ----------
    scenario : Scenario
        With ``pods``.
    stop : Stop
        A time limit ends the plan at the step that was reached, early enough to write
        it down; ``iterations`` are not looked at.
    seed : int
    params : PodParams
    on_progress : callable, optional

    Returns
    -------
    Result of Plan
        Objective: units picked for each hour and station in the time that counts,
        maximised; the bound is that of the pickers.

    Raises
    ------
    SolverError
        E370 for a scenario without pods, E371 where the plan would be too large, E372
        for batteries without a charger, E373 for seconds of split orders that are none,
        E374 for split orders with simple rules.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> plan_pods(read_scenario(folder("small")))
    Traceback (most recent call last):
    warehouse.errors.SolverError: E370 the scenario small has no pods; plan it with \
solvers.fulfilment.plan_scenario
    """
    began = time.perf_counter()
    pods = scenario.pods
    if pods is None:
        hint = "plan it with solvers.fulfilment.plan_scenario"
        raise SolverError("E370", f"the scenario {scenario.name} has no pods", hint)
    refuse_unplannable(scenario, pods)
    _check_splitting(params)
    meta = _meta(seed, params, stop)
    with Interrupt() as interrupt:
        reserve = Reserve(stop.deadline())
        reserve.foresee(lambda: bound_of(scenario, NO_POD_WORK))

        def interrupted() -> bool:
            return interrupt.wanted() or stop.interrupted()

        def stopped() -> bool:
            return interrupted() or reserve.is_due()

        cartons = _choose_cartons(scenario, stop, interrupted, seed, on_progress)
        no_carton = None if cartons is None else cartons.no_carton
        ways = Ways(scenario, stopped)
        simulation = Simulation(scenario, pods, params, seed, ways, no_carton=no_carton)

        def write() -> None:
            work = pod_work_of(scenario, simulation)
            bound_of(scenario, work)
            if cartons is not None:
                pack_picked(scenario, cartons, work, seed=seed)

        def tell(share: float) -> None:
            reserve.measure(int(simulation.site.record.used[PICKS]), write)
            if on_progress is not None:
                on_progress(min(1.0, share), "moving")

        simulation.run(stopped, tell)
        ended, termination = UnservedReason.HORIZON, Termination.CONVERGED
        if simulation.stopped:
            ended = UnservedReason.INTERRUPTED
            was = Termination.INTERRUPTED if interrupted() else Termination.TIME_LIMIT
            termination = was
        elif simulation.stalled:
            ended = UnservedReason.BLOCKED
        elif simulation.starved:
            ended = UnservedReason.NO_ROOM
    plan = to_plan(scenario, simulation, meta, ended, cartons)
    measured = measure_pods(plan)
    return Result(
        solution=plan,
        status=Status.FEASIBLE,
        termination=termination,
        objective=measured.units_per_station_hour,
        lower_bound=-inf,
        upper_bound=3600 / pods.station_s_per_unit if pods.station_s_per_unit else inf,
        maximised=True,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="pods",
        statistics={"steps": simulation.t},
    )


def _choose_cartons(
    scenario: Scenario,
    stop: Stop,
    interrupted: Callable[[], bool],
    seed: int,
    on_progress: ProgressCallback | None,
) -> OrderCartons | None:
    """Choose the cartons of all orders, where they are packed in any."""
    if scenario.shipping is None:
        return None

    def tell(share: float, words: str) -> None:
        if on_progress is not None:
            on_progress(PACKING_SHARE * share, f"choosing cartons, {words}")

    cartons = OrderCartons(scenario, seed=seed)
    cartons.pack_all(replace(stop, interrupted=interrupted), tell)
    return cartons


def _check_splitting(params: PodParams) -> None:
    """Refuse what cannot be meant, where orders may be split."""
    split_s = params.split_s
    if split_s is None:
        return
    if not 0.0 <= split_s < inf:
        found = f"putting a split order together takes {split_s} s"
        raise SolverError("E373", found, "name 0 or more seconds")
    if params.rules != "joint":
        found = f"the rules {params.rules} split no orders"
        raise SolverError("E374", found, "take the rules joint, or split no orders")


def _meta(seed: int, params: PodParams, stop: Stop) -> dict[str, Any]:
    """What is needed to make the plan again; no times of day, no durations."""
    return {
        "aislewise": __version__,
        "solver": "pods",
        "seed": seed,
        "time_limit_s": stop.time_limit_s,
        **asdict(params),
    }
