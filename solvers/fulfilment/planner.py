"""From a scenario to a plan: run the loop, on a wave several times, keep the best."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from solvers.fulfilment.decided import Decided
from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.forking_loop import CHECKPOINTS, ForkingLoop
from solvers.fulfilment.order_cartons import OrderCartons
from solvers.fulfilment.params import FulfilmentParams, MotionMethod
from solvers.fulfilment.plan_size import refuse_endless
from solvers.fulfilment.policy import (
    HURRIED,
    Policy,
    policies,
    vary,
    vary_end,
    vary_little,
)
from solvers.fulfilment.record import PackedRecord
from solvers.fulfilment.reserve import StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.staffed import among_all, staffed_stations, without_others
from solvers.fulfilment.station_queues import StationQueues
from solvers.interrupt import Interrupt
from solvers.mapf.fleet.lifelong import LifelongMotion
from solvers.mapf.fleet.motion import ForkableMotion
from solvers.mapf.fleet.reserved import ReservedMotion
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.plan import Plan
from warehouse.scenario import Scenario
from warehouse.version import __version__

ORDERS_IN_ALL: Final = 16_000
"""Orders that all runs on a wave together plan when there is no limit, about."""
FIRST_RUNS: Final = 3
"""Runs after which the best is run again, beside another one."""
FEW_RUNS: Final = 10
"""Where less time is left than so many runs like the first take, it is short."""
BESIDE: Final = 1.6
"""Times as long as the first run that two take beside each other, about."""
IMPROVED: Final = 4.0
"""The same for runs whose paths are improved on the way."""
MOVES: Final = 300_000
"""Moves of the search for packing in which fewer orders miss their trucks."""
Kind = Literal["first", "whole", "improved", "end"]
"""What a round is, by what it takes."""
_Round = tuple[Kind, float, list[ForkingLoop]]  # and what part of a run it is
_NO_LIMIT: Final = Stop()
_DEFAULTS: Final = FulfilmentParams()


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
    run to the end, the best of them again with its paths improved on the way; then the
    best run is taken up again on its way and ended by other policies, and the best
    result is kept. With orders released over time one run
    is made, as no decision may know what comes later.

    Parameters
    ----------
    scenario : Scenario
    stop : Stop
        ``iterations`` counts runs of the loop. Without a time limit the same
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
    refuse_endless(scenario)
    staffed = staffed_stations(scenario)
    site = without_others(scenario, staffed)
    with Interrupt() as interrupt:
        search = _Search(site, stop, seed, params, on_progress, interrupt.wanted)
        result = search.run()
    if result.solution is None or len(staffed) == len(scenario.stations):
        return result
    return replace(result, solution=among_all(result.solution, scenario, staffed))


class _Ended(NamedTuple):
    """A run of the loop that came to its end, and what it is worth."""

    loop: ForkingLoop
    packed: PackedRecord


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
        self.stop = stop
        self.seed = seed
        self.params = params
        self.on_progress = on_progress
        self.share_done = 0.0
        self.best: _Ended | None = None
        cartons = None
        if scenario.shipping is not None:
            cartons = OrderCartons(scenario, seed=seed)
        self.site = Site(scenario, cartons)
        self.decided = Decided(
            self.site, params, seed, self.deadline, self.interrupted, self._tell
        )
        self._prepare()
        self.whole: list[Policy] = []
        self.tried: list[tuple[tuple[float, ...], Policy]] = []
        self.longest_s: dict[Kind, float] = {}  # as if rounds were whole runs
        self.is_short = False  # of time, as the first run shows

    def _prepare(self) -> None:
        """Choose locations, and cartons on another core, as neither needs the other.

        Where there are shifts it does: who can pack an order depends on its work.
        """
        scenario, cartons = self.site.scenario, self.site.cartons
        if cartons is None:
            self._reserve()
            return
        with ThreadPoolExecutor(1) as pool:
            packing = pool.submit(
                cartons.pack_all,
                replace(self.stop, interrupted=self.interrupted),
                lambda _, words: self._tell(f"choosing cartons, {words}"),
            )
            if scenario.staff is None:
                self._reserve()
            packing.result()

    def _reserve(self) -> None:
        """Decide where everything is picked that is ordered at the start."""
        present = np.flatnonzero(self.site.scenario.orders.release_s <= 0)
        ledger = StockLedger(self.site, self.params)
        self.decided.reserve(ledger, present.astype(np.int32))

    def run(self) -> Result[Plan]:
        scenario = self.site.scenario
        most = self.params.runs
        if most is None:
            most = min(48, max(8, ORDERS_IN_ALL // max(1, len(scenario.orders))))
        if self.stop.time_limit_s is not None:
            most = 10_000
        if self.stop.iterations is not None:
            most = self.stop.iterations
        if not self.site.is_wave or self.params.objective == "travel":
            most = 1
        slots = scenario.fleet.tote_slots
        self.whole = policies(self.params.objective, slots, min(4, most))
        rng = np.random.Generator(np.random.PCG64(self.seed + 1))
        runs = 0
        for kind, part, loops in self._rounds(rng):
            foreseen_s = self._foreseen_s(kind, part)
            if runs >= most or (
                self.best is not None and (self._left_s() < foreseen_s or self._ended())
            ):
                break
            self.share_done = runs / most
            began = time.perf_counter()
            loops = loops[: most - runs]
            self._run_loops(loops)
            runs += len(loops)
            took_s = time.perf_counter() - began
            self.longest_s[kind] = max(self.longest_s.get(kind, 0.0), took_s / part)
        termination = Termination.ITERATION_LIMIT
        if runs < most:
            termination = Termination.CONVERGED
        if self._left_s() <= foreseen_s:
            termination = Termination.TIME_LIMIT
        if self.interrupted():
            termination = Termination.INTERRUPTED
        return self._result(termination, runs)

    def _ended(self) -> bool:
        return self.interrupted() or time.perf_counter() >= self.deadline

    def _out_of_time(self) -> bool:
        self._tell("moving")
        return self._ended()

    def _left_s(self) -> float:
        return self.deadline - time.perf_counter()

    def _foreseen_s(self, kind: Kind, part: float) -> float:
        """Seconds that a part of a run will take, at the most."""
        first_s = self.longest_s.get("first", 0.0)
        like = {"whole": BESIDE * first_s, "improved": IMPROVED * first_s}
        after: Kind = "whole" if self.is_short else "improved"
        like["end"] = self.longest_s.get(after, like[after])
        return 1.3 * part * self.longest_s.get(kind, like.get(kind, 0.0))

    def _rounds(self, rng: np.random.Generator) -> Iterator[_Round]:
        """One or two loops to be run beside each other, again and again.

        The first is alone, as it is what batches orders and finds distances. The best
        of the first few is run again with its paths improved on the way, beside the
        last policy. Where time is short, only the second policy and one like the first
        are run. In the end, the best run is taken up again on its way, many times if
        time is short: paths are not improved then.
        """
        whole = self.whole
        yield "first", 1.0, [self._loop(whole[0], self.params.motion, 0)]
        self.is_short = self._left_s() < FEW_RUNS * self.longest_s["first"]
        if not self.is_short:
            yield from self._whole_rounds()
        elif self._foreseen_s("whole", 1.0) < self._left_s():
            yield self._runs_by(
                [*whole[HURRIED : HURRIED + 1], vary_little(whole[0], rng)]
            )
        while True:
            assert self.best is not None  # the first run is over
            if checkpoints := self.best.loop.checkpoints:
                yield self._other_ends(checkpoints, rng)
            else:
                yield self._runs_by([vary(whole[0], rng) for _ in range(2)])

    def _runs_by(self, some: list[Policy]) -> _Round:
        """Whole runs by some policies."""
        method = self.params.motion
        return "whole", 1.0, [self._loop(policy, method, 0) for policy in some]

    def _whole_rounds(self) -> Iterator[_Round]:
        """Other policies from the start, and the best of all with improved paths."""
        method, whole = self.params.motion, self.whole
        if whole[1:]:
            yield self._runs_by(whole[1:FIRST_RUNS])
        _, best = min(self.tried, key=lambda one: one[0])
        loops = []
        if self.params.replanning:
            loops.append(self._loop(best, method, self.params.replanning))
        if whole[FIRST_RUNS:]:
            loops.append(self._loop(whole[-1], method, 0))
        if loops:
            yield "improved", 1.0, loops

    def _other_ends(
        self, checkpoints: tuple[ForkingLoop, ...], rng: np.random.Generator
    ) -> _Round:
        """Take the best run up again on its way, to end it by two other policies.

        It is taken up where the rest will probably end in time.
        """
        parts = [1.0 - share for share in CHECKPOINTS[: len(checkpoints)]]
        left_s, last = self._left_s(), len(checkpoints) - 1
        early = sum(self._foreseen_s("end", part) > left_s for part in parts[:last])
        chosen, loops = [], []
        for _ in range(2):
            chosen.append(early + int(rng.integers(len(parts) - early)))
            start = checkpoints[chosen[-1]]
            if self.is_short:
                loops.append(start.fork(vary_little(start.policy, rng), 0))
            else:
                policy = vary_end(start.policy, rng)
                loops.append(start.fork(policy, self.params.replanning))
        return "end", parts[min(chosen)], loops

    def _loop(
        self, policy: Policy, method: MotionMethod, replanning: int
    ) -> ForkingLoop:
        loop = ForkingLoop(
            self.site,
            self.params,
            policy,
            self.decided,
            self._out_of_time,
            self._motion(method),
            DropOff(self.site, policy, StationQueues(self.site)),
        )
        loop.replanning = replanning
        return loop

    def _run_loops(self, loops: list[ForkingLoop]) -> None:
        """Run to the end; where robots block each other, again with PIBT."""
        with ThreadPoolExecutor(len(loops)) as pool:
            runs = list(pool.map(self._run, loops))
        for run in runs:
            self._keep_better(run)
            stalled = run.packed.record.stalled
            if stalled and isinstance(run.loop.motion, ReservedMotion):
                again = self._loop(run.loop.policy, "pibt", 0)
                self._keep_better(self._run(again))

    def _run(self, loop: ForkingLoop) -> _Ended:
        record, objective = loop.run(), self.params.objective
        return _Ended(loop, PackedRecord(self.site, record, objective, self.seed))

    def _keep_better(self, run: _Ended) -> None:
        self.tried.append((run.packed.value(), run.loop.policy))
        if self.best is None or run.packed.value() < self.best.packed.value():
            self.best = run

    def _motion(self, method: MotionMethod) -> ForkableMotion:
        fleet = self.site.scenario.fleet
        if method == "pibt":
            return LifelongMotion(
                self.site.table, fleet.start_cells, motion=fleet.motion, seed=self.seed
            )
        return ReservedMotion(
            self.site.table, fleet.start_cells, motion=fleet.motion, seed=self.seed
        )

    def _tell(self, words: str) -> None:
        if self.on_progress is not None:
            share = self.share_done
            if self.deadline < float("inf"):
                now = time.perf_counter()
                share = (now - self.began) / (self.deadline - self.began)
            best = ""
            if self.best is not None:
                best = f", best so far {self.best.packed.makespan_s:.0f} s"
            self.on_progress(min(1.0, share), words + best)

    def _result(self, termination: Termination, runs: int) -> Result[Plan]:
        assert self.best is not None  # the loop runs at least once
        best, motion = self.best.packed, self.best.loop.motion
        left_s = max(0.0, self.deadline - time.perf_counter())
        limit_s = None if left_s == float("inf") else left_s
        best.improve(Stop(limit_s, MOVES, self.interrupted), self.seed)
        plan = best.to_plan(motion, self._meta(motion))
        if self.params.objective == "on-time":
            objective, bound = best.tardiness_s, plan.bound.tardiness_s
        else:
            objective, bound = plan.makespan_s, plan.bound.value_s
        complete = termination not in (Termination.INTERRUPTED, Termination.TIME_LIMIT)
        proved = complete and not best.record.stalled and objective <= bound + 1e-6
        return Result(
            solution=plan,
            status=Status.OPTIMAL if proved else Status.FEASIBLE,
            termination=Termination.PROVED if proved else termination,
            objective=objective,
            lower_bound=bound,
            runtime_s=time.perf_counter() - self.began,
            seed=self.seed,
            solver="fulfilment loop",
            statistics={"runs": runs, **motion.statistics},
        )

    def _meta(self, motion: ForkableMotion) -> dict[str, Any]:
        """What is needed to make the plan again; no times of day, no durations."""
        return {
            "aislewise": __version__,
            "solver": "fulfilment loop",
            "motion": "pibt" if isinstance(motion, LifelongMotion) else "reserved",
            "seed": self.seed,
            "objective": self.params.objective,
            "partial": self.params.partial,
            "decisions": self.params.decisions,
            "time_limit_s": self.stop.time_limit_s,
            "iterations": self.stop.iterations,
        }
