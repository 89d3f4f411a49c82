"""What a plan achieves: throughput, lateness, travel, and where the time goes.

Everything is read off the plan. A plan must keep `warehouse.check.check_structure`;
whether it is valid does not matter here.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.lateness import count_causes, handed_over_s, late_orders
from warehouse.moving import departures, moving
from warehouse.plan import Plan, StopKind, UnservedReason
from warehouse.time_spans import TimeSpans, spans_of

CLOCK_DIGITS: Final = 6
"""Decimals of a second to which events count as simultaneous."""
BLOCK: Final = 1 << 18
"""Positions that are counted at a time."""


class RobotState(IntEnum):
    """What a robot does in the step from one timestep to the next."""

    DRIVING = 0
    WAITING = 1
    PICKING = 2
    DROPPING = 3
    IDLE = 4


@dataclass(frozen=True, slots=True)
class StationMetrics:
    """How one station spends the time until the last order is packed.

    ``busy`` and ``idle`` are shares of the packers' time. ``first_arrival_s`` is
    None when nothing is delivered. ``max_queue`` counts orders delivered in full
    and not yet begun.
    """

    name: str
    orders: int
    busy: float
    idle: float
    first_arrival_s: float | None
    max_queue: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """Key figures of a plan.

    Parameters
    ----------
    makespan_s, bound_s : float
        Second at which the last order is packed, and its lower bound.
    binding : str
        Part of the bound that is largest.
    gap, travel_gap : float
        Distance to the bound as a share of it; inf when the bound is 0 and the
        value is not.
    orders, lines, units : int
        Ordered.
    orders_served, lines_served, units_served : int
        Orders and lines served in full; units picked.
    orders_partly_served : int
        Orders of which some units are served and some not.
    unserved_units : dict of str to int
        By reason: ``stock``, ``held``, ``interrupted``.
    orders_per_hour, units_per_hour : float
        Packed orders and their units over the makespan.
    late_orders : int
        Packed, or picked from pods, too late, or on no truck in time.
    tardiness_s, tardiness_bound_s : float
        Sum over these of the time they are late, and its lower bound.
    late_causes : dict of str to int
        Late orders, and those that are due and never packed, by what bound them.
    travel_m, travel_bound_m, travel_m_per_unit : float
    robots, trips : int
    orders_per_trip : float
        Mean number of orders handed over per trip.
    robot_shares : dict of str to float
        Share of all robots' time by state: driving (turning included), waiting,
        picking, dropping, idle. They add up to 1, or to 0 when no time passes.
    stations : tuple of StationMetrics
    """

    makespan_s: float
    bound_s: float
    binding: str
    gap: float
    orders: int
    lines: int
    units: int
    orders_served: int
    orders_partly_served: int
    lines_served: int
    units_served: int
    unserved_units: dict[str, int]
    orders_per_hour: float
    units_per_hour: float
    late_orders: int
    tardiness_s: float
    tardiness_bound_s: float
    late_causes: dict[str, int]
    travel_m: float
    travel_bound_m: float
    travel_gap: float
    travel_m_per_unit: float
    robots: int
    trips: int
    orders_per_trip: float
    robot_shares: dict[str, float]
    stations: tuple[StationMetrics, ...]

    def to_dict(self) -> dict[str, Any]:
        """All figures as JSON can hold them; a gap to no bound is None."""
        figures = asdict(self)
        for name in ("gap", "travel_gap"):
            figures[name] = figures[name] if math.isfinite(figures[name]) else None
        figures["stations"] = list(figures["stations"])
        return figures


def measure(plan: Plan) -> Metrics:
    """Key figures of a plan. O(steps * robots).

    Examples
    --------
    >>> from warehouse.bare_motion import bare_motion
    >>> from warehouse.layout import Layout
    >>> floor = Layout.from_rows(["."])
    >>> still = bare_motion("still", floor, np.zeros((1, 1), np.int32))
    >>> done = measure(still)
    >>> done.makespan_s, done.gap, done.orders_per_hour
    (0.0, 0.0, 0.0)
    """
    scenario, bound = plan.scenario, plan.bound
    orders = scenario.orders
    picked = units_picked(plan)
    ordered = _sum_by(orders.line_order, orders.line_quantity, len(orders))
    served = _sum_by(orders.line_order, picked, len(orders))
    packed = len(np.unique(plan.packing["order"]))
    late = late_orders(plan)
    behind = [one for one in late if math.isfinite(one.end_s)]
    travel_m = _cells_driven(plan) * scenario.layout.cell_size_m
    trips = len(np.unique(plan.stops["trip"]))
    rides = np.stack([plan.stops["trip"][plan.drops["stop"]], plan.drops["order"]])
    hours = plan.makespan_s / 3600
    return Metrics(
        makespan_s=plan.makespan_s,
        bound_s=bound.value_s,
        binding=bound.binding,
        gap=gap_to_bound(plan.makespan_s, bound.value_s),
        orders=len(orders),
        lines=orders.lines,
        units=int(ordered.sum()),
        orders_served=int(np.sum((served == ordered) & (ordered > 0))),
        orders_partly_served=int(np.sum((served < ordered) & (served > 0))),
        lines_served=int(np.sum(picked == orders.line_quantity)),
        units_served=int(picked.sum()),
        unserved_units=_unserved_units(plan),
        orders_per_hour=_share(packed, hours),
        units_per_hour=_share(int(picked.sum()), hours),
        late_orders=len(behind),
        tardiness_s=math.fsum(max(0.0, one.end_s - one.due_s) for one in behind),
        late_causes=count_causes(late),
        tardiness_bound_s=bound.tardiness_s,
        travel_m=travel_m,
        travel_bound_m=bound.travel_m,
        travel_gap=gap_to_bound(travel_m, bound.travel_m),
        travel_m_per_unit=_share(travel_m, int(picked.sum())),
        robots=len(scenario.fleet),
        trips=trips,
        orders_per_trip=_share(np.unique(rides, axis=1).shape[1], trips),
        robot_shares=_robot_shares(plan),
        stations=_measure_stations(plan),
    )


def units_picked(plan: Plan) -> NDArray[np.int64]:
    """Units picked for every order line, from racks and pods, shape (lines,)."""
    lines = plan.scenario.orders.lines
    units = _sum_by(plan.picks["line"], plan.picks["quantity"], lines)
    if plan.pod_work is not None:
        picks = plan.pod_work.picks
        units += _sum_by(picks["line"], picks["quantity"], lines)
    return units


def visits(plan: Plan) -> NDArray[np.int64]:
    """How often robots entered each cell, shape (cells,); where they begin counts 1."""
    count = plan.scenario.layout.kinds.size
    total = np.bincount(plan.cells[0], minlength=count)
    rows = max(1, BLOCK // max(1, plan.cells.shape[1]))
    for first in range(0, plan.steps, rows):
        block = plan.cells[first : first + rows + 1]
        entered = block[1:][block[:-1] != block[1:]]
        total += np.bincount(entered, minlength=count)
    return total


def waits(plan: Plan) -> NDArray[np.int64]:
    """Steps that robots wait on each cell, not serving and not idle, shape (cells,)."""
    waiting = robot_states(plan) == RobotState.WAITING
    count = plan.scenario.layout.kinds.size
    return np.bincount(plan.cells[:-1][waiting], minlength=count)


def robot_states(plan: Plan) -> NDArray[np.uint8]:
    """`RobotState` of every robot in every step, shape (T, robots).

    A robot that stands still serves, waits or is idle. It is idle from its last stop
    of a trip until it sets out for the next, and after its last trip.
    """
    states = np.empty((plan.steps, plan.cells.shape[1]), np.uint8)
    for first, block in _state_blocks(plan):
        states[first : first + len(block)] = block
    return states


def _state_blocks(plan: Plan) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield the states of some timesteps after others, each with its first step."""
    idle, services = _idle_spans(plan), _services(plan)
    rows = max(1, BLOCK // max(1, plan.cells.shape[1]))
    for first in range(0, plan.steps, rows):
        moved = moving(plan, first, min(first + rows, plan.steps))
        states = np.full(moved.shape, RobotState.WAITING, np.uint8)
        idle.paint(states, first)
        states[moved] = RobotState.DRIVING
        services.paint(states, first)
        yield first, states


def _idle_spans(plan: Plan) -> TimeSpans:
    """From the end of each robot's trip until it sets out, or to the end of the plan.

    A robot is idle from step 0 until it sets out for its first trip.
    """
    by_time = np.lexsort((plan.stops["start"], plan.stops["robot"]))
    stops, robots = plan.stops[by_time], plan.cells.shape[1]
    robot, trip = stops["robot"].astype(np.int64), stops["trip"]
    new = np.ones(len(stops), bool)
    new[1:] = (robot[1:] != robot[:-1]) | (trip[1:] != trip[:-1])
    first = np.flatnonzero(new)
    same = (first > 0) & (robot[first] == robot[first - 1])
    free_from = np.where(same, stops["end"][first - 1], 0)
    last_free = np.zeros(robots, np.int64)
    last_free[robot] = stops["end"]
    start = np.concatenate([free_from, last_free])
    ends = [departures(plan, stops, first), np.full(robots, plan.steps)]
    who = np.concatenate([robot[first], np.arange(robots)])
    value = np.full(len(who), RobotState.IDLE, np.uint8)
    return TimeSpans(who, start, np.concatenate(ends), value)


def _services(plan: Plan) -> TimeSpans:
    """Picks and drops of all robots."""
    picks = plan.stops["kind"] == StopKind.PICK
    value = np.where(picks, RobotState.PICKING, RobotState.DROPPING)
    return spans_of(plan.stops, value.astype(np.uint8))


def _robot_shares(plan: Plan) -> dict[str, float]:
    counts = np.zeros(len(RobotState), np.int64)
    for _, states in _state_blocks(plan):
        counts += np.bincount(states.ravel(), minlength=len(RobotState))
    whole = plan.steps * plan.cells.shape[1]
    return {
        state.name.lower(): _share(int(counts[state]), whole) for state in RobotState
    }


def _measure_stations(plan: Plan) -> tuple[StationMetrics, ...]:
    scenario, packing, drops = plan.scenario, plan.packing, plan.drops
    end = plan.stops["end"][drops["stop"]]
    ready_s = np.maximum(0.0, handed_over_s(plan))
    present_s = _present_s(plan)
    result = []
    for index, station in enumerate(scenario.stations):
        rows = packing[packing["station"] == index]
        busy_s = float((rows["end_s"] - rows["start_s"]).sum())
        busy = _share(busy_s, present_s[index])
        here = plan.stops["station"][drops["stop"]] == index
        arrival_s = float(end[here].min()) * scenario.step_s if here.any() else None
        result.append(
            StationMetrics(
                name=station.name,
                orders=len(rows),
                busy=busy,
                idle=1.0 - busy if plan.makespan_s else 0.0,
                first_arrival_s=arrival_s,
                max_queue=_longest_queue(ready_s[rows["order"]], rows["start_s"]),
            )
        )
    return tuple(result)


def _present_s(plan: Plan) -> list[float]:
    """Seconds that the packers of each station are there, together."""
    stations, staff = plan.scenario.stations, plan.scenario.staff
    if staff is None:
        return [station.packers * plan.makespan_s for station in stations]
    each_s, where = staff.present_s(plan.makespan_s), staff.packers.station
    return [float(each_s[where == index].sum()) for index in range(len(stations))]


def _longest_queue(come_s: NDArray[np.float64], go_s: NDArray[np.float64]) -> int:
    """Most orders waiting at once; one that goes as it comes does not wait."""
    time_s = np.round(np.concatenate([come_s, go_s]), CLOCK_DIGITS)
    change = np.repeat([1, -1], len(come_s))
    waiting = np.cumsum(change[np.lexsort((change, time_s))])
    return int(waiting.max(initial=0))


def _unserved_units(plan: Plan) -> dict[str, int]:
    rows = plan.unserved
    units = _sum_by(rows["reason"], rows["quantity"], len(UnservedReason))
    return {reason.name.lower(): int(units[reason]) for reason in UnservedReason}


def _cells_driven(plan: Plan) -> int:
    steps = zip(plan.cells[:-1], plan.cells[1:], strict=True)
    return sum(int(np.count_nonzero(before != after)) for before, after in steps)


def _sum_by(index: NDArray[Any], values: NDArray[Any], size: int) -> NDArray[np.int64]:
    total = np.zeros(size, np.int64)
    np.add.at(total, index, values)
    return total


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def gap_to_bound(value: float, bound: float) -> float:
    """Distance to a lower bound as a share of it.

    Examples
    --------
    >>> gap_to_bound(12.0, 10.0), gap_to_bound(5.0, 0.0), gap_to_bound(0.0, 0.0)
    (0.2, inf, 0.0)
    """
    if bound <= 0:
        return 0.0 if value <= bound else math.inf
    return (value - bound) / bound
