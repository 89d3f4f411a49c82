"""Where every robot is and what it does at any moment of a plan."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.battery_levels import BatteryLevels
from viz.blocking import Blocking
from viz.conflicts import Conflicts
from viz.events import EventLog
from viz.heat_counts import HeatCounts
from viz.late import LateOrders
from viz.legs import Legs
from viz.long_waits import LongWaits
from viz.order_cartons import OrderCartons
from viz.orders_done import OrdersDone
from viz.pod_filling import PodFilling
from viz.pod_picking import PodPicking
from viz.pod_places import PodPlaces
from viz.pod_trips import PodTrips
from viz.station_work import StationWork
from viz.trips import Trips
from viz.truck_loads import TruckLoads
from warehouse.plan import Plan
from warehouse.scenario import RobotKind, Scenario


class RobotState(IntEnum):
    """What a robot does, as the replay colours it."""

    EMPTY = 0
    CARRYING = 1
    SERVING = 2
    WAITING = 3
    IDLE = 4
    CHARGING = 5


STATE_WORDS: Final = {
    RobotState.EMPTY: "driving empty",
    RobotState.CARRYING: "carrying",
    RobotState.SERVING: "serving",
    RobotState.WAITING: "waiting",
    RobotState.IDLE: "idle",
    RobotState.CHARGING: "charging",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """All robots at one moment.

    Parameters
    ----------
    t : float
        Timesteps since the start.
    xy : ndarray of float64, shape (robots, 2)
        Centres in cells: x = column + 0.5, y = row + 0.5, y downwards.
    turns : ndarray of float64, shape (robots,), or None
        Heading in quarter turns clockwise from up; None where robots do not turn.
    state : ndarray of uint8, shape (robots,)
        `RobotState`.
    units, totes : ndarray of int64, shape (robots,)
        On board.
    serving : ndarray of int64, shape (robots,)
        Stop being served, else -1.
    ahead : ndarray of int64, shape (robots,)
        Stop being served or, if none, the next one; -1 when no stop is left.
    on_trip : ndarray of bool, shape (robots,)
    """

    t: float
    xy: NDArray[np.float64]
    turns: NDArray[np.float64] | None
    state: NDArray[np.uint8]
    units: NDArray[np.int64]
    totes: NDArray[np.int64]
    serving: NDArray[np.int64]
    ahead: NDArray[np.int64]
    on_trip: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Replay:
    """A plan made ready to be looked at, at any float time.

    Parameters
    ----------
    plan : Plan
    trips : Trips
    legs : Legs
        When robots are under way.
    work : StationWork
        Orders in slots where there are pods, else what is packed.
    packing : StationWork
        What is packed.
    done : OrdersDone
    late : LateOrders
    trucks : TruckLoads
    pods : PodPlaces
    pod_trips : PodTrips
    picking : PodPicking
    filling : PodFilling
    batteries : BatteryLevels or None
        None where there are no batteries.
    events : EventLog
    conflicts : Conflicts
    heat : HeatCounts
    blocking : Blocking
        Who waits for whom.
    waits : LongWaits
    cartons : OrderCartons
    duration : float
        Timesteps until the last robot stands and the last order is done.
    stop_keys : ndarray of int64, shape (stops,)
        ``robot * span + start``: ascending, so one binary search per robot finds
        its latest stop.
    span : int
    """

    plan: Plan
    trips: Trips
    legs: Legs
    work: StationWork
    packing: StationWork
    done: OrdersDone
    late: LateOrders
    trucks: TruckLoads
    pods: PodPlaces
    pod_trips: PodTrips
    picking: PodPicking
    filling: PodFilling
    batteries: BatteryLevels | None
    events: EventLog
    conflicts: Conflicts
    heat: HeatCounts
    blocking: Blocking
    waits: LongWaits
    cartons: OrderCartons
    duration: float
    stop_keys: NDArray[np.int64]
    span: int

    @classmethod
    def from_plan(cls, plan: Plan) -> "Replay":
        """Prepare a plan. O(stops log stops); the paths are not copied."""
        span = plan.steps + 2
        legs = Legs.from_plan(plan)
        work = packing = StationWork.of_packing(plan)
        if plan.pod_work is not None:
            work = StationWork.of_slots(plan, plan.pod_work)
        done = OrdersDone.of(work, packing, splitting=plan.splitting)
        late = LateOrders(plan)
        end_s = max(plan.makespan_s, float(done.finished_s.max(initial=0.0)))
        return cls(
            plan=plan,
            trips=Trips.from_plan(plan),
            legs=legs,
            work=work,
            packing=packing,
            done=done,
            late=late,
            trucks=TruckLoads(plan, late),
            pods=PodPlaces.from_plan(plan),
            pod_trips=PodTrips.from_plan(plan),
            picking=PodPicking.from_plan(plan),
            filling=PodFilling.from_plan(plan),
            batteries=BatteryLevels.from_plan(plan),
            events=EventLog(plan),
            conflicts=Conflicts(plan),
            heat=HeatCounts(plan, legs),
            blocking=Blocking(plan, legs),
            waits=LongWaits(plan, legs),
            cartons=OrderCartons(plan),
            duration=max(float(plan.steps), end_s / plan.scenario.step_s, 1e-9),
            stop_keys=plan.stops["robot"].astype(np.int64) * span + plan.stops["start"],
            span=span,
        )

    @property
    def scenario(self) -> Scenario:
        """What was given to the plan."""
        return self.plan.scenario

    @property
    def robots(self) -> int:
        """Number of robots."""
        return int(self.plan.cells.shape[1])

    def carries_totes(self, robot: int) -> bool:
        """Whether a robot carries totes, not pods."""
        kinds = self.scenario.fleet.kinds
        if kinds is None:
            return self.scenario.pods is None
        return bool(kinds[robot] == RobotKind.TOTE)

    @property
    def states(self) -> list[RobotState]:
        """States that robots can be in: they charge where they have batteries."""
        without = [] if self.batteries else [RobotState.CHARGING]
        return [state for state in RobotState if state not in without]

    @property
    def units(self) -> int:
        """Units that are packed, or picked from pods, in the whole plan."""
        return int(self.packing.units.sum() + self.picking.quantity.sum())

    def units_by(self, now_s: float) -> int:
        """Units that are packed, or picked from pods, at a second."""
        return self.packing.units_by(now_s) + int(self.picking.units_at(now_s).sum())

    @property
    def step_s(self) -> float:
        """Seconds of one timestep."""
        return self.scenario.step_s

    @property
    def duration_s(self) -> float:
        """Seconds until everything is over."""
        return self.duration * self.step_s

    @property
    def charted_s(self) -> float:
        """Seconds that the Gantt spans: until the last truck leaves with an order.

        No more than twice as long as the plan lasts.
        """
        return max(self.duration_s, min(self.trucks.last_s, 2 * self.duration_s))

    def at(self, t: float) -> Moment:
        """Return all robots at a moment. O(robots log stops).

        Parameters
        ----------
        t : float
            Timesteps; held within 0 and ``duration``.
        """
        t = min(max(t, 0.0), self.duration)
        k = min(int(t), self.plan.steps)
        after = min(k + 1, self.plan.steps)
        here, there = self.plan.cells[k], self.plan.cells[after]
        moving = here != there
        turns = None
        if self.plan.headings is not None:
            moving = moving | (self.plan.headings[k] != self.plan.headings[after])
            turns = _turn(self.plan.headings[k], self.plan.headings[after], t - k)
        latest, ahead, serving = self._stops_around(k)
        units, totes = self._on_board(latest, serving)
        on_trip = self._on_trip(latest, ahead, k)
        state = np.full(self.robots, RobotState.IDLE, np.uint8)
        if k < self.plan.steps:
            state[self.legs.waiting(self.plan, k, k + 1)[0]] = RobotState.WAITING
        state[moving] = RobotState.EMPTY
        _, carriers = self.pods.at(t)
        loaded = units > 0
        loaded[carriers[carriers >= 0]] = True
        state[moving & loaded] = RobotState.CARRYING
        state[(serving >= 0) | self.pods.serving(t, self.robots)] = RobotState.SERVING
        if self.batteries is not None:
            state[self.batteries.charging(t)] = RobotState.CHARGING
        return Moment(
            t=t,
            xy=self._between(here, there, t - k),
            turns=turns,
            state=state,
            units=units,
            totes=totes,
            serving=serving,
            ahead=ahead,
            on_trip=on_trip,
        )

    def _between(
        self, here: NDArray[np.int32], there: NDArray[np.int32], share: float
    ) -> NDArray[np.float64]:
        """Centres in cells, a share of the way from one cell to the next."""
        width = self.scenario.layout.width
        row, col = np.divmod(here, width)
        next_row, next_col = np.divmod(there, width)
        share = min(share, 1.0)
        x = col + (next_col - col) * share + 0.5
        y = row + (next_row - row) * share + 0.5
        return np.stack([x, y], axis=1)

    def _stops_around(
        self, k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Latest stop begun by step k, the one served or next, and the one served."""
        count = len(self.stop_keys)
        robot = np.arange(self.robots, dtype=np.int64)
        if not count:
            none = np.full(self.robots, -1, np.int64)
            return none, none, none
        stops = self.plan.stops
        found = np.searchsorted(self.stop_keys, robot * self.span + k, side="right")
        latest = np.where(
            (found > 0) & (stops["robot"][found - 1] == robot), found - 1, -1
        )
        within = np.minimum(found, count - 1)
        follows = (found < count) & (stops["robot"][within] == robot)
        begun = (latest >= 0) & (stops["end"][latest] > k)
        serving = np.where(begun, latest, -1)
        ahead = np.where(begun, latest, np.where(follows, found, -1))
        return latest, ahead, serving

    def _on_board(
        self, latest: NDArray[np.int64], serving: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Units and totes on board: what the latest finished stop left there."""
        if not len(self.stop_keys):
            return np.zeros(self.robots, np.int64), np.zeros(self.robots, np.int64)
        done = np.where(serving >= 0, serving - 1, latest)
        # A trip starts empty, so the stop before its first one counts for nothing.
        fresh = (serving >= 0) & (
            self.trips.of_stop[serving] != self.trips.of_stop[np.maximum(done, 0)]
        )
        none = (done < 0) | fresh
        units = np.where(none, 0, self.trips.units_after[done])
        totes = np.where(none, 0, self.trips.totes_after[done])
        return units, totes

    def _on_trip(
        self, latest: NDArray[np.int64], ahead: NDArray[np.int64], k: int
    ) -> NDArray[np.bool_]:
        """Tell for each robot whether a trip is under way at step k."""
        if not len(self.stop_keys):
            return np.zeros(self.robots, bool)
        of_stop = self.trips.of_stop
        same = (latest >= 0) & (of_stop[latest] == of_stop[ahead])
        departed = self.trips.departure[of_stop[ahead]] <= k
        return (ahead >= 0) & (same | departed)

    def cell_of(self, robot: int, t: float) -> int:
        """Flat cell in which a robot is at a moment, or from which it drives."""
        return int(self.plan.cells[min(int(t), self.plan.steps), robot])

    def trip_at(self, robot: int, t: float) -> int | None:
        """Row in ``trips`` of the trip a robot is on, or will set out for next."""
        k = min(int(t), self.plan.steps)
        _, ahead, _ = self._stops_around(k)
        return int(self.trips.of_stop[ahead[robot]]) if ahead[robot] >= 0 else None

    def trip_span(self, robot: int, t: float) -> tuple[int, int]:
        """First and last timestep of the trip a robot is on, or sets out for next.

        Without a trip: from now until the end.
        """
        none = min(int(t), self.plan.steps), self.plan.steps
        if self.carries_totes(robot):
            trip = self.trip_at(robot, t)
            if trip is None:
                return none
            last = int(self.plan.stops["end"][self.trips.last[trip]])
            return int(self.trips.departure[trip]), last
        trip = self.pod_trips.trip_at(robot, t)
        if trip is None:
            return none
        return int(self.pod_trips.begin[trip]), int(self.pod_trips.end[trip])

    def orders_of_trip(self, trip: int) -> list[int]:
        """Orders that ride on a trip, in the order in which they are first picked."""
        ends = (self.trips.first[trip], self.trips.last[trip] + 1)
        start, end = np.searchsorted(self.plan.picks["stop"], ends)
        lines = self.plan.picks["line"][start:end]
        return list(dict.fromkeys(self.scenario.orders.line_order[lines].tolist()))

    def track(self, robot: int, start: int, end: int) -> NDArray[np.float64]:
        """Corners of a robot's way between two timesteps, shape (n, 2), in cells."""
        start, end = max(0, start), min(self.plan.steps, end)
        cells = self.plan.cells[start : end + 1, robot]
        keep = np.ones(len(cells), bool)
        keep[1:] = cells[1:] != cells[:-1]
        row, col = np.divmod(cells[keep], self.scenario.layout.width)
        return np.stack([col + 0.5, row + 0.5], axis=1)


def _turn(
    here: NDArray[np.uint8], there: NDArray[np.uint8], share: float
) -> NDArray[np.float64]:
    """Quarter turns between two headings, the short way round."""
    change = (there.astype(np.int64) - here.astype(np.int64) + 1) % 4 - 1
    return np.asarray(here + change * min(share, 1.0))
