"""What happens in a plan, in the order of time: to step by, and to draw when much."""

from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.clock import clock
from warehouse.plan import Plan, PodStopKind, StopKind
from warehouse.split_orders import whole_orders


class EventKind(IntEnum):
    """What happens."""

    PICK = 0
    HAND_OVER = 1
    LIFT = 2
    VISIT = 3
    SET_DOWN = 4
    CHARGE = 5
    FILL = 6
    DONE = 7
    DEPART = 8


EVENT_DTYPE: Final = np.dtype(
    [
        ("t", "<f8"),  # timesteps
        ("kind", "u1"),  # EventKind
        ("robot", "<i4"),  # -1 where it is about none
        ("station", "<i4"),  # -1 where it is about none
        ("order", "<i4"),  # -1 where it is about none
        ("truck", "<i4"),  # -1 where it is about none
    ]
)
_WORDS: Final = {
    EventKind.PICK: "picks",
    EventKind.HAND_OVER: "hands over at",
    EventKind.LIFT: "lifts a pod",
    EventKind.VISIT: "is at",
    EventKind.SET_DOWN: "sets its pod down",
    EventKind.CHARGE: "charges",
    EventKind.FILL: "has its pod filled",
}
_OF_STOP: Final = {
    StopKind.PICK: EventKind.PICK,
    StopKind.DROP: EventKind.HAND_OVER,
}
_OF_POD_STOP: Final = {
    PodStopKind.LIFT: EventKind.LIFT,
    PodStopKind.VISIT: EventKind.VISIT,
    PodStopKind.SET_DOWN: EventKind.SET_DOWN,
    PodStopKind.FILL: EventKind.FILL,
}


class EventLog:
    """Services that begin, orders done, trucks that leave; collected when asked for.

    Trucks that leave after the end of the plan are not among them.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def rows(self) -> NDArray[np.void]:
        """Structured array of `EVENT_DTYPE`, by time."""
        plan, work, step_s = self._plan, self._plan.pod_work, self._plan.scenario.step_s
        kinds = np.array([_OF_STOP[kind] for kind in StopKind])
        parts = [
            _rows(plan.stops["start"], kinds[plan.stops["kind"]], plan.stops),
            _rows(plan.packing["end_s"] / step_s, EventKind.DONE, plan.packing),
        ]
        parts.append(self._departures())
        if work is not None:
            stops, kinds = work.stops, np.array([_OF_POD_STOP[k] for k in PodStopKind])
            # An order that is packed is done then.
            done = whole_orders(work)
            done = done[~np.isin(done["order"], plan.packing["order"])]
            done = done[np.isfinite(done["end_s"])]
            parts += [
                _rows(stops["start"], kinds[stops["kind"]], stops),
                _rows(done["end_s"] / step_s, EventKind.DONE, done),
                _rows(work.charges["start"], EventKind.CHARGE, work.charges),
            ]
        rows = np.concatenate(parts)
        # Where pods are filled is no station that packs or picks.
        rows["station"][rows["kind"] == EventKind.FILL] = -1
        return rows[np.argsort(rows["t"], kind="stable")]

    def _departures(self) -> NDArray[np.void]:
        """Trucks that leave before all is over."""
        plan, trucks = self._plan, self._plan.scenario.trucks
        if trucks is None:
            return np.zeros(0, EVENT_DTYPE)
        end_s = max(plan.makespan_s, plan.steps * plan.scenario.step_s)
        truck = np.flatnonzero(trucks.departs_s <= end_s)
        t = trucks.departs_s[truck] / plan.scenario.step_s
        table = np.zeros(len(truck), [("truck", "<i4")])
        table["truck"] = truck
        return _rows(t, EventKind.DEPART, table)

    def beside(
        self,
        t: float,
        places: int,
        *,
        robot: int | None = None,
        station: int | None = None,
        truck: int | None = None,
    ) -> np.void | None:
        """Event some places after a moment, or before it; None beyond the ends.

        Parameters
        ----------
        t : float
            Timesteps.
        places : int
            1 for the next, -1 for the one before.
        robot, station, truck : int, optional
            Events of this robot, station or truck alone.
        """
        rows = self.rows
        if robot is not None:
            rows = rows[rows["robot"] == robot]
        elif station is not None:
            rows = rows[rows["station"] == station]
        elif truck is not None:
            rows = rows[rows["truck"] == truck]
        if places > 0:
            at = int(np.searchsorted(rows["t"], t, side="right")) + places - 1
        else:
            at = int(np.searchsorted(rows["t"], t)) + places
        return rows[at] if 0 <= at < len(rows) else None

    def words(self, event: np.void) -> str:
        """Say what happens, and when."""
        scenario, kind = self._plan.scenario, EventKind(int(event["kind"]))
        when = clock(float(event["t"]) * scenario.step_s)
        station = int(event["station"])
        place = scenario.stations[station].name if station >= 0 else ""
        if kind is EventKind.DONE:
            return f"{when}  {scenario.orders.names[event['order']]} done at {place}"
        if kind is EventKind.DEPART and scenario.trucks is not None:
            carrier, door = scenario.trucks.carrier, scenario.trucks.door
            truck = int(event["truck"])
            return f"{when}  truck of {carrier[truck]} leaves from {door[truck]}"
        return f"{when}  robot {event['robot']} {_WORDS[kind]} {place}".rstrip()

    def density(self, bins: int, end: float) -> NDArray[np.float64]:
        """Events in equal parts of the time to an end, as shares of the busiest."""
        found, _ = np.histogram(self.rows["t"], bins, (0.0, end))
        return np.asarray(found / max(1, found.max(initial=0)))


def _rows(
    t: NDArray[np.float64], kind: NDArray[np.integer] | int, table: NDArray[np.void]
) -> NDArray[np.void]:
    """Events of a table's rows."""
    rows = np.zeros(len(t), EVENT_DTYPE)
    rows["t"], rows["kind"] = t, kind
    for name in ("robot", "station", "order", "truck"):
        rows[name] = table[name] if name in (table.dtype.names or ()) else -1
    return rows
