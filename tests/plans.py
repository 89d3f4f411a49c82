"""A small valid plan, made by plain slow Python: no solver, nothing to trust.

Robots are planned one after the other by a search over cells and steps that keeps
clear of those planned before. `small_plan` has what plans have: trips with several
orders, an order handed over in two parts, a SKU on two racks, one-way floor, a
release time, a due time that is missed, an order short of stock and one held back.
"""

from collections import deque
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from warehouse.bare_motion import bare_motion
from warehouse.grid import Grid
from warehouse.layout import Layout
from warehouse.plan import (
    DROP_DTYPE,
    PACKING_DTYPE,
    PICK_DTYPE,
    STOP_DTYPE,
    UNSERVED_DTYPE,
    Bound,
    Plan,
    StopKind,
    UnservedReason,
)
from warehouse.scenario import (
    Fleet,
    MotionModel,
    Orders,
    Scenario,
    Service,
    Station,
    Stock,
)

ROWS = [
    "###########",
    "#>>>>>>>>.#",
    "#.S.S.S.S.#",
    "#.S.S.S.S.#",
    "#.........#",
    "#.P.....P.#",
    "#H.......H#",
    "#H.......H#",
    "###########",
]
WIDTH = len(ROWS[0])
MOST_STEPS = 400


def at(row: int, col: int) -> int:
    return row * WIDTH + col


@dataclass
class Visit:
    """A stop to make: where, at which rack or station, for what."""

    cell: int
    picks: list[tuple[int, int, int]] = field(default_factory=list)
    station: int = -1
    orders: list[int] = field(default_factory=list)


# Order lines: (order, sku, quantity).
LINES = [
    (0, 0, 2),
    (0, 1, 1),
    (1, 1, 2),
    (2, 2, 3),
    (2, 0, 1),
    (3, 3, 1),
    (4, 2, 1),
    (5, 4, 4),
    (5, 0, 1),
]
# (sku, rack, quantity); SKU 4 is one unit short of what order 5 wants.
STOCK = [
    (0, at(2, 2), 3),
    (0, at(2, 4), 5),
    (1, at(3, 4), 4),
    (2, at(2, 6), 6),
    (3, at(3, 8), 2),
    (4, at(3, 2), 3),
]
TRIPS: list[tuple[int, list[Visit]]] = [
    (
        0,
        [
            Visit(at(2, 3), picks=[(0, at(2, 2), 1), (0, at(2, 4), 1)]),
            Visit(at(3, 3), picks=[(1, at(3, 4), 1), (2, at(3, 4), 2)]),
            Visit(at(5, 2), station=0, orders=[0, 1]),
        ],
    ),
    (
        1,
        [
            Visit(at(3, 7), picks=[(5, at(3, 8), 1)]),
            Visit(at(5, 8), station=1, orders=[3]),
        ],
    ),
    (
        0,
        [
            Visit(at(2, 5), picks=[(3, at(2, 6), 1), (4, at(2, 4), 1)]),
            Visit(at(5, 8), station=1, orders=[2]),
            Visit(at(2, 7), picks=[(3, at(2, 6), 2)]),
            Visit(at(5, 8), station=1, orders=[2]),
        ],
    ),
    (
        2,
        [
            Visit(at(2, 5), picks=[(6, at(2, 6), 1)]),
            Visit(at(5, 2), station=0, orders=[4]),
        ],
    ),
]
HOMES = [at(6, 1), at(6, 9), at(7, 1), at(7, 9)]


def small_scenario(motion: MotionModel = "omni") -> Scenario:
    """Six orders, five SKUs, four robots (one has nothing to do), two stations."""
    sku, rack, quantity = np.array(STOCK, np.int32).T.copy()
    line_order, line_sku, line_quantity = np.array(LINES, np.int32).T.copy()
    orders = Orders(
        names=tuple(f"order-{i}" for i in range(6)),
        release_s=np.array([0, 0, 0, 0, 8.0, 0]),
        due_s=np.array([30.0, np.inf, np.inf, 500.0, np.inf, np.inf]),
        priority=np.zeros(6, np.int32),
        line_order=line_order,
        line_sku=line_sku,
        line_quantity=line_quantity,
    )
    return Scenario(
        name="small",
        layout=Layout.from_rows(ROWS, name="small", cell_size_m=1.5),
        sku_names=("apple", "bolt", "cup", "dice", "éclair"),
        stock=Stock(sku, rack, quantity),
        orders=orders,
        fleet=Fleet(np.array(HOMES, np.int32), tote_slots=2, motion=motion),
        stations=(Station("west", at(5, 2), 1), Station("east", at(5, 8), 2)),
        service=Service(2.0, 1.0, 2.0, 8.0, 1.0),
    )


State = tuple[int, int]  # cell and heading; the heading stays 0 in omni


class Calendar:
    """Who is where when, among the robots planned so far."""

    def __init__(self) -> None:
        self.taken: dict[tuple[int, int], int] = {}
        self.parked: dict[int, int] = {}

    def is_free(self, cell: int, t: int) -> bool:
        return (cell, t) not in self.taken and t < self.parked.get(cell, 10**9)

    def swaps(self, source: int, target: int, t: int) -> bool:
        other = self.taken.get((target, t))
        return other is not None and self.taken.get((source, t + 1)) == other

    def enter(self, robot: int, path: list[State]) -> None:
        for t, (cell, _) in enumerate(path):
            self.taken[cell, t] = robot
        self.parked[path[-1][0]] = len(path) - 1


def moves(grid: Grid, state: State, motion: MotionModel) -> list[State]:
    cell, heading = state
    if motion == "omni":
        exits = [int(c) for c in grid.successors[cell] if c >= 0]
        return [(cell, 0), *((c, 0) for c in exits)]
    forward = int(grid.successors[cell, heading])
    result = [state, (cell, (heading + 1) % 4), (cell, (heading + 3) % 4)]
    return [*result, (forward, heading)] if forward >= 0 else result


def find_way(
    grid: Grid,
    calendar: Calendar,
    motion: MotionModel,
    start: State,
    t: int,
    goal: int,
    stay: int,
    last: bool,
) -> list[State]:
    """States after step t up to the first at which the goal is free for a stay."""
    before: dict[tuple[State, int], State] = {}
    queue = deque([(start, t)])
    seen = {(start, t)}
    while queue:
        state, now = queue.popleft()
        until = now + (MOST_STEPS if last else stay) + 1
        if state[0] == goal and all(
            calendar.is_free(goal, k) for k in range(now, until)
        ):
            path = []
            while now > t:
                path.append(state)
                state, now = before[state, now], now - 1
            return path[::-1]
        for after in moves(grid, state, motion):
            key = (after, now + 1)
            if (
                key in seen
                or now >= MOST_STEPS
                or not calendar.is_free(after[0], now + 1)
                or calendar.swaps(state[0], after[0], now)
            ):
                continue
            seen.add(key)
            before[key] = state
            queue.append(key)
    raise AssertionError("the small plan has no way: change the layout or the trips")


@cache
def small_plan(motion: MotionModel = "omni") -> Plan:
    """Valid plan of `small_scenario`; take `fresh` of it before changing it."""
    scenario = small_scenario(motion)
    grid = Grid.from_layout(scenario.layout)
    calendar = Calendar()
    paths: list[list[State]] = []
    stops: list[tuple[Any, ...]] = []
    picks: list[tuple[Any, ...]] = []
    drops: list[tuple[Any, ...]] = []
    for robot, home in enumerate(HOMES):
        path: list[State] = [(home, 0)]
        for trip, (owner, visits) in enumerate(TRIPS):
            if owner != robot:
                continue
            for visit in visits:
                lines = {line for line, _, _ in visit.picks}
                units = sum(quantity for _, _, quantity in visit.picks)
                kind = StopKind.DROP if visit.orders else StopKind.PICK
                stay = (
                    scenario.drop_steps(len(visit.orders))
                    if visit.orders
                    else scenario.pick_steps(len(lines), units)
                )
                now = len(path) - 1
                path += find_way(
                    grid, calendar, motion, path[-1], now, visit.cell, stay, False
                )
                start = len(path) - 1
                path += [path[-1]] * stay
                row = len(stops)
                end = start + stay
                stops.append((robot, trip, kind, visit.cell, start, end, visit.station))
                picks += [(row, *pick) for pick in visit.picks]
                drops += [(row, order) for order in visit.orders]
        now = len(path) - 1
        path += find_way(grid, calendar, motion, path[-1], now, home, 0, True)
        calendar.enter(robot, path)
        paths.append(path)
    steps = max(len(path) for path in paths)
    full = [path + [path[-1]] * (steps - len(path)) for path in paths]
    cells = np.array([[c for c, _ in path] for path in full], np.int32).T.copy()
    headings = np.array([[h for _, h in path] for path in full], np.uint8).T.copy()
    stop_table = np.array(stops, STOP_DTYPE)
    drop_table = np.array(drops, DROP_DTYPE)
    return Plan(
        scenario=scenario,
        cells=cells,
        headings=headings if motion == "rotate" else None,
        stops=stop_table,
        picks=np.array(picks, PICK_DTYPE),
        drops=drop_table,
        packing=pack(scenario, stop_table, drop_table),
        unserved=np.array(
            [
                (7, 1, UnservedReason.STOCK),
                (7, 3, UnservedReason.HELD),
                (8, 1, UnservedReason.HELD),
            ],
            UNSERVED_DTYPE,
        ),
        bound=Bound({"stations": 21.0, "robots": 18.0, "longest_order": 25.0}, 30.0),
        meta={"solver": "by hand", "seed": 0},
    )


def fresh(plan: Plan) -> Plan:
    """Copy of a plan whose arrays, those of the scenario included, can be changed."""
    copy = deepcopy(plan)
    scenario = copy.scenario
    for owner in (scenario.layout, scenario.stock, scenario.orders, scenario.fleet):
        for name in owner.__dataclass_fields__:
            value = getattr(owner, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = True
    return copy


def pack(scenario: Scenario, stops: np.ndarray, drops: np.ndarray) -> np.ndarray:
    """Pack each order when it is complete, by the packer who is free first."""
    ready: dict[int, tuple[float, int]] = {}
    for stop, order in drops.tolist():
        end_s = float(stops["end"][stop]) * scenario.step_s
        ready[order] = max(ready.get(order, (0.0, 0)), (end_s, stop))
    free = [[0.0] * station.packers for station in scenario.stations]
    rows = []
    for order, (ready_s, stop) in sorted(ready.items(), key=lambda item: item[1]):
        station = int(stops["station"][stop])
        packer = free[station].index(min(free[station]))
        units = sum(quantity for o, _, quantity in LINES if o == order)
        start_s = max(ready_s, free[station][packer])
        end_s = start_s + scenario.pack_s(units)
        free[station][packer] = end_s
        rows.append((order, station, packer, start_s, end_s))
    return np.array(sorted(rows), PACKING_DTYPE)


def empty_plan(robots: int = 2) -> Plan:
    """Nothing ordered, nothing done, no time passed."""
    cells = np.array([HOMES[:robots]], np.int32)
    return bare_motion("empty", Layout.from_rows(ROWS), cells)
