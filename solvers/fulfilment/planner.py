"""From a scenario to a plan: run the loop, on a wave several times, keep the best."""

import time
from collections.abc import Callable
from typing import Any, Final

from solvers.fulfilment.interrupt import Interrupt
from solvers.fulfilment.loop import Loop
from solvers.fulfilment.params import FulfilmentParams, MotionMethod
from solvers.fulfilment.policy import Policy, policies
from solvers.fulfilment.record import PackedRecord
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Picks, Trip, make_trips
from solvers.mapf.lifelong import LifelongMotion
from solvers.mapf.motion import Motion
from solvers.mapf.reserved import ReservedMotion
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.plan import Plan
from warehouse.scenario import Scenario
from warehouse.version import __version__

_NO_LIMIT: Final = Stop()
_DEFAULTS: Final = FulfilmentParams()
_BATCHING_SHARE: Final = 0.35
"""Share of the time left that the batching of one pool may take."""


def plan_scenario(
    scenario: Scenario,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    params: FulfilmentParams = _DEFAULTS,
    on_progress: ProgressCallback | None = None,
) -> Result[Plan]:
    """Plan all work of a scenario.

    On a wave, where every order is known at the start, several dispatch policies are
    run to the end and the best result is kept. With orders released over time one run
    is made, as no decision may know what comes later.

    Parameters
    ----------
    scenario : Scenario
    stop : Stop
        ``iterations`` counts dispatch policies. Without a time limit the same
        arguments give the same plan.
    seed : int
    params : FulfilmentParams
    on_progress : callable, optional

    Returns
    -------
    Result of Plan
        Objective in seconds of makespan (throughput, travel) or of total tardiness
        (on-time). Ctrl-C or the time limit end the search with the best plan so far;
        what could not be served in time is listed in ``Plan.unserved``.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> result = plan_scenario(read_scenario(folder("small")), Stop(iterations=1))
    >>> result.status, len(result.solution.unserved)
    (<Status.FEASIBLE: 'feasible'>, 0)
    """
    with Interrupt() as interrupt:
        search = _Search(scenario, stop, seed, params, on_progress, interrupt.wanted)
        return search.run()


class _Search:
    """One call of `plan_scenario`."""

    def __init__(
        self,
        scenario: Scenario,
        stop: Stop,
        seed: int,
        params: FulfilmentParams,
        on_progress: ProgressCallback | None,
        interrupted: Callable[[], bool],
    ) -> None:
        self.began = time.perf_counter()
        # The end of the time is for the bound and for writing things down.
        reserve_s = 0.08 * (stop.time_limit_s or 0.0)
        self.deadline = stop.deadline() - reserve_s
        self.interrupted = lambda: interrupted() or stop.interrupted()
        self.site = Site(scenario)
        self.stop = stop
        self.seed = seed
        self.params = params
        self.on_progress = on_progress
        self.trips: dict[tuple[int, tuple[int, ...]], list[Trip]] = {}
        self.best: PackedRecord | None = None
        self.share_done = 0.0

    def run(self) -> Result[Plan]:
        scenario = self.site.scenario
        is_wave = not scenario.orders.release_s.any()
        most = self.params.policies
        if self.stop.time_limit_s is not None:
            most = 1000
        if self.stop.iterations is not None:
            most = self.stop.iterations
        tried = policies(
            self.params.objective,
            scenario.fleet.tote_slots,
            most if is_wave else 1,
            self.seed,
        )
        termination = Termination.ITERATION_LIMIT
        runs, longest_s = 0, 0.0
        for k, policy in enumerate(tried):
            left_s = self.deadline - time.perf_counter()
            if self.best is not None and (left_s < 1.2 * longest_s or self._ended()):
                break
            self.share_done = k / len(tried)
            run_began = time.perf_counter()
            self._try(policy)
            runs += 1
            longest_s = max(longest_s, time.perf_counter() - run_began)
        if runs < len(tried):
            termination = Termination.TIME_LIMIT
        if self.interrupted():
            termination = Termination.INTERRUPTED
        return self._result(termination, runs)

    def _ended(self) -> bool:
        return self.interrupted() or time.perf_counter() >= self.deadline

    def _out_of_time(self) -> bool:
        self._tell("moving")
        return self._ended()

    def _try(self, policy: Policy) -> None:
        """Run the loop; where robots block each other, again with PIBT."""
        record = self._run_loop(policy, self.params.motion)
        if record.record.stalled and self.params.motion == "reserved":
            second = self._run_loop(policy, "pibt")
            record = min(record, second, key=PackedRecord.value)
        if self.best is None or record.value() < self.best.value():
            self.best = record

    def _run_loop(self, policy: Policy, method: MotionMethod) -> PackedRecord:
        loop = Loop(
            self.site,
            self.params,
            policy,
            self._make_trips,
            self._out_of_time,
            self._motion(method),
        )
        return PackedRecord(self.site, loop.run(), self.params.objective, self.seed)

    def _motion(self, method: MotionMethod) -> Motion:
        fleet = self.site.scenario.fleet
        if method == "pibt":
            return LifelongMotion(
                self.site.table, fleet.start_cells, motion=fleet.motion, seed=self.seed
            )
        return ReservedMotion(self.site.table, fleet.start_cells, motion=fleet.motion)

    def _make_trips(
        self, picks: Picks, orders: list[int], policy: Policy
    ) -> list[Trip]:
        key = policy.slots, tuple(orders)
        if key not in self.trips:
            left_s = self.deadline - time.perf_counter()
            limit = Stop(
                None if left_s == float("inf") else max(0.05, _BATCHING_SHARE * left_s),
                interrupted=self.interrupted,
            )
            self.trips[key] = make_trips(
                self.site,
                picks,
                orders,
                policy.slots,
                limit,
                seed=self.seed,
                params=self.params.batching,
                on_progress=lambda share, words: self._tell(f"batching, {words}"),
            )
        return self.trips[key]

    def _tell(self, words: str) -> None:
        if self.on_progress is not None:
            share = self.share_done
            if self.deadline < float("inf"):
                now = time.perf_counter()
                share = (now - self.began) / (self.deadline - self.began)
            best = ""
            if self.best is not None:
                best = f", best so far {self.best.makespan_s:.0f} s"
            self.on_progress(min(1.0, share), words + best)

    def _result(self, termination: Termination, runs: int) -> Result[Plan]:
        best = self.best
        assert best is not None  # the loop runs at least once
        plan = best.to_plan(self._meta())
        if self.params.objective == "on-time":
            objective, bound = best.value()[1], plan.bound.tardiness_s
        else:
            objective, bound = plan.makespan_s, plan.bound.value_s
        proved = objective <= bound + 1e-6
        return Result(
            solution=plan,
            status=Status.OPTIMAL if proved else Status.FEASIBLE,
            termination=Termination.PROVED if proved else termination,
            objective=objective,
            lower_bound=bound,
            runtime_s=time.perf_counter() - self.began,
            seed=self.seed,
            solver="fulfilment loop",
            statistics={"runs": runs, **best.record.motion.statistics},
        )

    def _meta(self) -> dict[str, Any]:
        """What is needed to make the plan again; no times of day, no durations."""
        return {
            "aislewise": __version__,
            "solver": "fulfilment loop",
            "motion": type(self.best.record.motion).__name__ if self.best else "",
            "seed": self.seed,
            "objective": self.params.objective,
            "partial": self.params.partial,
            "time_limit_s": self.stop.time_limit_s,
            "iterations": self.stop.iterations,
        }
