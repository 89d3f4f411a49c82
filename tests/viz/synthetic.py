"""Plans to look at, made without a solver. Robots drive through each other."""

import heapq
import random
from collections import deque

import numpy as np

from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
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
from warehouse.scenario import Fleet, Orders, Scenario, Station, Stock

NO_STOPS = np.zeros(0, STOP_DTYPE)
NO_PICKS = np.zeros(0, PICK_DTYPE)
NO_DROPS = np.zeros(0, DROP_DTYPE)
NO_PACKING = np.zeros(0, PACKING_DTYPE)
NO_UNSERVED = np.zeros(0, UNSERVED_DTYPE)


def block_layout(height: int, width: int, stations: int) -> Layout:
    """Racks in blocks, homes above, docks below, one-way aisles at both sides."""
    rows = [["."] * width for _ in range(height)]
    for row in (0, height - 1):
        rows[row] = ["#"] * width
    for row in range(1, height - 1):
        rows[row][0] = rows[row][-1] = "#"
    for row in range(4, height - 5):
        for col in range(3, width - 3):
            if (row - 4) % 10 < 8 and (col - 3) % 4 in (0, 1):
                rows[row][col] = "S"
    for col in range(2, width - 2):
        rows[1][col] = "H"
    for station in range(stations):
        col = int((station + 0.5) * width / stations)
        rows[height - 2][col] = "P"
    rows[height - 2][1] = rows[height - 2][-2] = "C"
    return Layout.from_rows(["".join(row) for row in rows], name="blocks")


def one_line_orders(names: tuple[str, ...], due_s: float = np.inf) -> Orders:
    """Orders of one line each, of SKUs 0, 1, 2 ..., two units."""
    count = len(names)
    index = np.arange(count, dtype=np.int32)
    return Orders(
        names=names,
        release_s=np.zeros(count),
        due_s=np.full(count, due_s),
        priority=np.zeros(count, np.int32),
        line_order=index,
        line_sku=index.copy(),
        line_quantity=np.full(count, 2, np.int32),
    )


def corridor_plan(
    names: tuple[str, ...] = ("A", "<script>"), due_s: float = 20.0
) -> Plan:
    """One robot drives along a corridor, picks two orders and hands them over.

    Cells 5 .. 9 are the corridor. Timesteps: 0..2 drive right, pick 2..4 at cell 7,
    wait 4..5, drive to 9 by 7, hand over 7..9. Step 1 s.
    """
    layout = Layout.from_rows(["..SS.", "....P"], name="corridor")
    scenario = Scenario(
        name="corridor <b>",
        layout=layout,
        sku_names=tuple(f"sku {name}" for name in names),
        stock=Stock(
            np.arange(len(names), dtype=np.int32),
            np.full(len(names), 2, np.int32),
            np.full(len(names), 9, np.int32),
        ),
        orders=one_line_orders(names, due_s),
        fleet=Fleet(np.array([5], np.int32), speed_m_s=1.0),
        stations=(Station("P1", 9),),
    )
    cells = np.array([[5, 6, 7, 7, 7, 7, 8, 9, 9, 9]], np.int32).T
    stops = np.array(
        [
            (0, 0, StopKind.PICK, 7, 2, 4, -1),
            (0, 0, StopKind.DROP, 9, 7, 9, 0),
        ],
        STOP_DTYPE,
    )
    picks = np.array([(0, line, 2, 2) for line in range(len(names))], PICK_DTYPE)
    drops = np.array([(1, order) for order in range(len(names))], DROP_DTYPE)
    packing = np.array(
        [(i, 0, 0, 9.0 + 6 * i, 15.0 + 6 * i) for i in range(len(names))],
        PACKING_DTYPE,
    )
    bound = Bound({"stations": 14.0, "robots": 9.0, "longest_order": 15.0})
    meta = {"seed": 3, "solver": "by hand"}
    return Plan(
        scenario, cells, None, stops, picks, drops, packing, NO_UNSERVED, bound, meta
    )


def still_plan(steps: int = 0, robots: int = 3) -> Plan:
    """Nobody moves and nothing is ordered."""
    layout = block_layout(16, 20, 2)
    starts = layout.cells_of(CellKind.HOME)[:robots]
    scenario = Scenario(
        name="still",
        layout=layout,
        sku_names=(),
        stock=Stock(*(np.zeros(0, np.int32) for _ in range(3))),
        orders=one_line_orders(()),
        fleet=Fleet(starts.copy()),
        stations=(Station("P1", int(layout.cells_of(CellKind.DOCK)[0])),),
    )
    cells = np.repeat(starts[None, :], steps + 1, axis=0)
    return Plan(
        scenario,
        cells,
        None,
        NO_STOPS,
        NO_PICKS,
        NO_DROPS,
        NO_PACKING,
        NO_UNSERVED,
        Bound({}),
    )


class Wave:
    """Builds a plan: robots take trips one after another, whoever is free first."""

    def __init__(
        self,
        *,
        height: int = 24,
        width: int = 31,
        robots: int = 6,
        stations: int = 3,
        orders: int = 40,
        rotate: bool = False,
        seed: int = 0,
    ) -> None:
        self.random = random.Random(seed)
        self.rotate = rotate
        self.layout = block_layout(height, width, stations)
        self.successors = Grid.from_layout(self.layout).successors.tolist()
        self.distances: dict[int, list[int]] = {}
        racks = self.layout.cells_of(CellKind.RACK).tolist()
        self.rack_of_sku = self.random.sample(racks, min(len(racks), 4 * orders))
        homes = self.layout.cells_of(CellKind.HOME)
        self.starts = homes[np.linspace(0, len(homes) - 1, robots).astype(int)]
        self.docks = self.layout.cells_of(CellKind.DOCK).tolist()
        self.lines = [
            (order, self.random.randrange(len(self.rack_of_sku)), 1 + order % 3)
            for order in range(orders)
            for _ in range(1 + self.random.randrange(3))
        ]
        self.orders = orders
        self.paths = [[(int(cell), 2)] for cell in self.starts]
        self.stops: list[list[tuple[int, ...]]] = [[] for _ in range(robots)]
        self.picks: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        self.drops: dict[tuple[int, int], list[int]] = {}

    def face(self, rack: int) -> int:
        """Floor cell beside a rack cell."""
        drivable = self.layout.drivable.ravel()
        around = (rack - 1, rack + 1, rack - self.layout.width)
        return next(
            (cell for cell in around if drivable[cell]), rack + self.layout.width
        )

    def steps_to(self, goal: int) -> list[int]:
        """Steps from every cell to a goal."""
        if goal not in self.distances:
            steps = [1 << 30] * len(self.successors)
            steps[goal] = 0
            queue = deque([goal])
            while queue:
                cell = queue.popleft()
                for other in self.successors[cell]:
                    if other >= 0 and steps[other] > steps[cell] + 1:
                        steps[other] = steps[cell] + 1
                        queue.append(other)
            self.distances[goal] = steps
        return self.distances[goal]

    def drive(self, robot: int, goal: int) -> None:
        """Append a shortest path, with a rest now and then."""
        steps = self.steps_to(goal)
        path = self.paths[robot]
        while path[-1][0] != goal:
            cell, heading = path[-1]
            ways = [
                (steps[after] + (d != heading) * 0.5, d, after)
                for d, after in enumerate(self.successors[cell])
                if after >= 0 and steps[after] < steps[cell]
            ]
            _, d, after = min(ways)
            while self.rotate and heading != d:
                heading = (heading + (1 if (d - heading) % 4 < 3 else -1)) % 4
                path.append((cell, heading))
            if self.random.random() < 0.03:
                path.extend([(cell, heading)] * self.random.randrange(1, 4))
            path.append((after, d if self.rotate else 2))

    def serve(self, robot: int, trip: int, kind: int, steps: int, station: int) -> int:
        """Append a service; return its place in the robot's stops."""
        path = self.paths[robot]
        start = len(path) - 1
        path.extend([path[-1]] * steps)
        self.stops[robot].append(
            (robot, trip, kind, path[-1][0], start, start + steps, station)
        )
        return len(self.stops[robot]) - 1

    def ride(self, robot: int, trip: int, orders: list[int]) -> None:
        """Pick some orders and hand them over."""
        station = trip % len(self.docks)
        lines = [i for i, line in enumerate(self.lines) if line[0] in orders]
        lines.sort(key=lambda i: divmod(self.rack_of_sku[self.lines[i][1]], 7)[::-1])
        for i in lines:
            _, sku, quantity = self.lines[i]
            rack = self.rack_of_sku[sku]
            self.drive(robot, self.face(rack))
            stop = self.serve(robot, trip, StopKind.PICK, 6 + 2 * quantity, -1)
            self.picks[robot, stop] = [(i, rack, quantity)]
        self.drive(robot, self.docks[station])
        stop = self.serve(robot, trip, StopKind.DROP, 3 * len(orders), station)
        self.drops[robot, stop] = orders

    def build(self) -> Plan:
        """Run all trips."""
        free = [(0, robot) for robot in range(len(self.paths))]
        for trip, first in enumerate(range(0, self.orders, 4)):
            _, robot = heapq.heappop(free)
            self.ride(robot, trip, list(range(first, min(first + 4, self.orders))))
            heapq.heappush(free, (len(self.paths[robot]), robot))
        for robot, home in enumerate(self.starts.tolist()):
            self.drive(robot, home)
        longest = max(map(len, self.paths))
        for path in self.paths:
            path.extend([path[-1]] * (longest - len(path)))
        track = np.array(self.paths)
        stops = np.array([s for mine in self.stops for s in mine], STOP_DTYPE)
        base = np.cumsum([0, *map(len, self.stops)])
        picks = [
            (base[robot] + stop, *pick)
            for (robot, stop), some in sorted(self.picks.items())
            for pick in some
        ]
        drops = [
            (base[robot] + stop, order)
            for (robot, stop), some in sorted(self.drops.items())
            for order in some
        ]
        scenario = self.scenario()
        packing = self.packing(scenario, stops, np.array(drops, DROP_DTYPE))
        makespan = packing["end_s"].max()
        return Plan(
            scenario=scenario,
            cells=np.ascontiguousarray(track[:, :, 0].T.astype(np.int32)),
            headings=(
                np.ascontiguousarray(track[:, :, 1].T.astype(np.uint8))
                if self.rotate
                else None
            ),
            stops=stops,
            picks=np.array(picks, PICK_DTYPE),
            drops=np.array(drops, DROP_DTYPE),
            packing=packing,
            unserved=np.array(
                [(len(self.lines), 7, UnservedReason.STOCK)], UNSERVED_DTYPE
            ),
            bound=Bound(
                {
                    "stations": makespan * 0.91,
                    "robots": makespan * 0.74,
                    "longest_order": 180.0,
                }
            ),
            meta={"seed": 0, "solver": "fulfilment", "version": "0.1.0"},
        )

    def scenario(self) -> Scenario:
        """Return what was given; the last line is one the stock cannot serve."""
        lines = [*self.lines, (self.orders - 1, 0, 7)]
        order, sku, quantity = np.array(lines, np.int32).T
        count = len(self.rack_of_sku)
        return Scenario(
            name="blocks",
            layout=self.layout,
            sku_names=tuple(f"SKU{i:05d}" for i in range(count)),
            stock=Stock(
                np.arange(count, dtype=np.int32),
                np.array(self.rack_of_sku, np.int32),
                np.full(count, 99, np.int32),
            ),
            orders=Orders(
                names=tuple(f"O{i:06d}" for i in range(self.orders)),
                release_s=np.zeros(self.orders),
                due_s=np.linspace(240, 4000, self.orders),
                priority=np.zeros(self.orders, np.int32),
                line_order=order.copy(),
                line_sku=sku.copy(),
                line_quantity=quantity.copy(),
            ),
            fleet=Fleet(self.starts.copy(), motion="rotate" if self.rotate else "omni"),
            stations=tuple(
                Station(f"P{i + 1:02d}", cell) for i, cell in enumerate(self.docks)
            ),
        )

    def packing(
        self, scenario: Scenario, stops: np.ndarray, drops: np.ndarray
    ) -> np.ndarray:
        """Pack at each station in the order of arrival, one packer."""
        free = [0.0] * len(self.docks)
        table = []
        ready = stops["end"][drops["stop"]] * scenario.step_s
        for row in np.argsort(ready, kind="stable"):
            order = int(drops["order"][row])
            station = int(stops["station"][drops["stop"][row]])
            units = sum(line[2] for line in self.lines if line[0] == order)
            start = max(free[station], float(ready[row]))
            free[station] = start + scenario.pack_s(units)
            table.append((order, station, 0, start, free[station]))
        return np.array(sorted(table), PACKING_DTYPE)
