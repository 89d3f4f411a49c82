"""From a scenario with racks and pods to a plan for both kinds of robots."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.decided import Decided
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.policy import policies
from solvers.fulfilment.site import Site
from solvers.interrupt import Interrupt
from solvers.mixed.record import PackedBesidePods, picked_work, to_plan
from solvers.mixed.shared_motion import ClockStoppedError, SharedMotion
from solvers.mixed.sharing import share_lines
from solvers.mixed.sides import side_of
from solvers.mixed.tote_loop import ToteLoop
from solvers.mixed.tote_robots import ToteRobots
from solvers.pods.params import PodParams
from solvers.pods.setup import Ways
from solvers.pods.simulate import Simulation
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError
from warehouse.plan import Plan, UnservedReason
from warehouse.scenario import RobotKind, Scenario
from warehouse.version import __version__

_NO_LIMIT: Final = Stop()


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
    pods theirs by the rules of `solvers.pods`; all are moved together, step by step. No
    decision looks at an order before it is released.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    stop : Stop
        A time limit ends the plan at the step that was reached; ``iterations`` are not
        looked at.
    seed : int
    on_progress : callable, optional

    Returns
    -------
    Result of Plan
        Objective in seconds of makespan.

    Raises
    ------
    SolverError
        E575 for a scenario without robots of both kinds.

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
    if not scenario.is_mixed:
        hint = "plan it with solvers.fulfilment.plan_scenario or "
        hint += "solvers.pods.planner.plan_pods"
        found = f"the scenario {scenario.name} has no robots of both kinds"
        raise SolverError("E575", found, hint)
    with Interrupt() as interrupt:
        deadline = stop.deadline()

        def interrupted() -> bool:
            return interrupt.wanted() or stop.interrupted()

        def tell(share: float, words: str = "moving") -> None:
            if on_progress is not None:
                on_progress(min(1.0, share), words)

        run = _Run(scenario, seed, deadline, interrupted, tell)
        run.go()
        termination = run.termination()
    plan = run.to_plan(_meta(seed, stop))
    return Result(
        solution=plan,
        status=Status.FEASIBLE,
        termination=termination,
        objective=plan.makespan_s,
        lower_bound=plan.bound.value_s,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="mixed",
        statistics={"steps": run.simulation.t},
    )


class _Run:
    """One call of `plan_mixed`."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        deadline: float,
        interrupted: Callable[[], bool],
        tell: Callable[[float, str], None],
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.deadline = deadline
        self.interrupted = interrupted
        self.tell = tell
        self.shares = share_lines(scenario)
        self.totes = side_of(scenario, RobotKind.TOTE, self.shares["racks"])
        self.pods = side_of(scenario, RobotKind.POD, self.shares["pods"])
        self.site = Site(self.totes.scenario)
        ways = Ways(self.pods.scenario, _stops(self.site))
        self.robots = ToteRobots(ways.floor.at(self.totes.scenario.fleet.start_cells))
        system = self.pods.scenario.pods
        assert system is not None  # is_mixed says so
        params = PodParams()
        self.simulation = Simulation(
            self.pods.scenario, system, params, seed, ways, self.robots
        )
        station_of = self._bind_parts()
        motion = SharedMotion(
            ways, self.robots, self.simulation, self.ended, self._moving
        )
        self.loop = self._make_loop(motion, station_of)

    def _make_loop(self, motion: SharedMotion, station_of: dict[int, int]) -> ToteLoop:
        params = FulfilmentParams()
        decided = Decided(
            self.site,
            params,
            self.seed,
            self.deadline,
            self.interrupted,
            lambda words: self.tell(0.0, words),
        )
        slots = self.totes.scenario.fleet.tote_slots
        policy = policies(params.objective, slots, 1)[0]
        return ToteLoop(
            self.site, params, policy, decided, self.ended, motion, station_of
        )

    def _bind_parts(self) -> dict[int, int]:
        """Give orders that both sides bring a station each, so that their parts meet.

        Returns the station of each such order, by its number on the side of racks.
        """
        both, in_totes, in_pods = np.intersect1d(
            self.totes.orders, self.pods.orders, return_indices=True
        )
        orders = self.simulation.site.orders
        work = np.zeros(len(self.scenario.stations))
        station_of = {}
        for k in range(len(both)):
            station = int(work.argmin())
            work[station] += orders.units[in_pods[k]]
            orders.station[in_pods[k]] = station
            station_of[int(in_totes[k])] = station
        return station_of

    def ended(self) -> bool:
        """Whether planning is to be stopped."""
        return self.interrupted() or time.perf_counter() >= self.deadline

    def _moving(self, share: float) -> None:
        self.tell(share, "moving")

    def go(self) -> None:
        """Serve all orders, or as many as time allows."""
        with suppress(ClockStoppedError):
            self.loop.run()
        self.robots.busy = False
        while self.simulation.go_on(self.ended, self._moving):
            pass

    def termination(self) -> Termination:
        """Why it ended."""
        if not self.simulation.stopped:
            return Termination.CONVERGED
        if self.interrupted():
            return Termination.INTERRUPTED
        return Termination.TIME_LIMIT

    def _let_time_pass(self, until_s: float) -> None:
        """Let robots go home, or stand, until the last order is packed."""
        while self.simulation.t * self.scenario.step_s < until_s:
            self.simulation.step()

    def to_plan(self, meta: dict[str, Any]) -> Plan:
        """What happened, as a plan."""
        ended = UnservedReason.HORIZON
        if self.simulation.stopped:
            ended = UnservedReason.INTERRUPTED
        elif self.simulation.stalled:
            ended = UnservedReason.BLOCKED
        work = picked_work(self.pods, self.simulation)
        picked_s = np.zeros(len(self.scenario.orders))
        given = self.scenario.orders
        np.maximum.at(
            picked_s, given.line_order[work.picks["line"]], work.picks["end_s"]
        )
        packed = PackedBesidePods(
            self.site, self.loop.record, self.seed, picked_s[self.totes.orders]
        )
        if ended == UnservedReason.HORIZON and not np.isfinite(self.simulation.last):
            self._let_time_pass(max(packed.makespan_s, float(picked_s.max())))
        self.simulation.write_down()
        return to_plan(
            self.scenario,
            self.shares,
            self.totes,
            packed,
            work,
            self.simulation,
            meta,
            ended,
        )


def _stops(site: Site) -> NDArray[np.int32]:
    """Cells at which robots with totes may stop: beside racks, and at home."""
    stands = site.stand_cells(np.unique(site.scenario.stock.cell))
    stands = stands[stands >= 0]
    return np.unique(np.concatenate([stands, site.scenario.fleet.start_cells]))


def _meta(seed: int, stop: Stop) -> dict[str, Any]:
    """What is needed to make the plan again; no times of day, no durations."""
    return {
        "aislewise": __version__,
        "solver": "mixed",
        "seed": seed,
        "time_limit_s": stop.time_limit_s,
    }
