"""The linear program of the bound: what comes from pods, and how long all takes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from warehouse.layout import CellKind
from warehouse.scenario import PodSystem, RobotKind, Scenario


@dataclass(frozen=True, slots=True)
class Served:
    """Order lines that a plan serves.

    Parameters
    ----------
    line : ndarray of int64, shape (n,)
    units : ndarray of float64, shape (n,)
        Units of each.
    release_s : float
        Before this, none of them is known.
    """

    line: NDArray[np.int64]
    units: NDArray[np.float64]
    release_s: float


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds that work takes at least, on a site.

    Parameters
    ----------
    drive_s : float
        A robot's with a pod to the nearest station.
    ride_s : ndarray of float64, shape (SKUs,)
        Of a robot with totes, from a station or its home to where the SKU lies and to
        a station; inf where it lies on no rack.
    """

    drive_s: float
    ride_s: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Work:
    """Work of robots of one kind: a sum of terms, and something more.

    Parameters
    ----------
    robots : int
    terms : list of variables
    seconds, watt_s : ndarray of float64, shape (terms,)
        Of each, and what it takes from batteries where there are any.
    more_s, more_ws : float
    """

    robots: int
    terms: list[Any]
    seconds: NDArray[np.float64]
    watt_s: NDArray[np.float64]
    more_s: float
    more_ws: float


class Program:
    """The linear program: what comes from pods, and the seconds that all takes."""

    def __init__(
        self,
        scenario: Scenario,
        costs: Costs,
        served: Served,
        *,
        people: bool = False,
        robots: bool = False,
    ) -> None:
        assert scenario.pods is not None  # whoever calls has looked
        self.scenario, self.costs, self.served = scenario, costs, served
        self.pods: PodSystem = scenario.pods
        self.arriving = np.zeros(len(scenario.sku_names), np.int64)
        if scenario.replenishment is not None:
            self.arriving = scenario.replenishment.units(len(self.arriving))
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.seconds = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.from_pods = [
            self.solver.NumVar(0.0, units, "") for units in served.units.tolist()
        ]
        self.order = scenario.orders.line_order[served.line]
        self.sku = scenario.orders.line_sku[served.line]
        self.wanted = np.bincount(self.sku, served.units, len(scenario.sku_names))
        self.on_racks = self._parts_on_racks()
        self._limit_by_stock()
        if people:
            self._load_people()
        if robots:
            self._load_robots()

    def solve(self) -> float:
        """Least seconds, a little less for rounding; 0 where none are found."""
        self.solver.Minimize(self.seconds)
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            return 0.0
        return max(0.0, float(self.solver.Objective().Value()) * (1 - 1e-7) - 1e-6)

    def _parts_on_racks(self) -> dict[int, Any]:
        """For each order how much of a part it has on racks: as its largest line."""
        parts = {}
        for order in np.unique(self.order).tolist():
            parts[order] = self.solver.NumVar(0.0, 1.0, "")
        for k, units in enumerate(self.served.units.tolist()):
            part = parts[int(self.order[k])]
            self.solver.Add(units * part + self.from_pods[k] >= units)
        return parts

    def _limit_by_stock(self) -> None:
        """No more of a SKU comes from racks, or pods, than they hold or will hold."""
        stock = self.scenario.stock
        kinds = self.scenario.layout.kinds.ravel()
        on_racks = kinds[stock.cell] == CellKind.RACK
        skus = len(self.scenario.sku_names)
        racks = np.bincount(stock.sku[on_racks], stock.quantity[on_racks], skus)
        pods = np.bincount(stock.sku[~on_racks], stock.quantity[~on_racks], skus)
        pods += self.arriving
        for sku in np.unique(self.sku).tolist():
            mine = np.flatnonzero(self.sku == sku).tolist()
            picked = self.solver.Sum([self.from_pods[k] for k in mine])
            self.solver.Add(picked <= pods[sku])
            self.solver.Add(picked >= self.wanted[sku] - racks[sku])

    def _load_people(self) -> None:
        """Let the seconds hold the work of pickers, and that of packers."""
        pods, service = self.pods, self.scenario.service
        units = self.served.units
        stations = len(self.scenario.stations)
        packers = sum(station.packers for station in self.scenario.stations)
        picker_s = pods.station_s_per_unit + pods.station_s_per_line / units
        self._hold(stations, self.from_pods, picker_s, 0.0)
        terms = [*self.from_pods, *self.on_racks.values()]
        packed_s = np.full(len(units), -service.pack_s_per_unit)
        order_s = np.full(len(self.on_racks), service.pack_s_per_order)
        all_s = float(units.sum()) * service.pack_s_per_unit
        self._hold(packers, terms, np.concatenate([packed_s, order_s]), all_s)

    def _load_robots(self) -> None:
        """Let the seconds hold the work of robots with pods, and with totes."""
        charging = []
        for work in (self._work_with_pods(), self._work_with_totes()):
            terms, seconds = work.terms, work.seconds
            if self.scenario.fleet.battery is not None:
                charging.append(self._charging(work))
                terms = [*terms, charging[-1]]
                seconds = np.append(seconds, 1.0)
            self._hold(work.robots, terms, seconds, work.more_s)
        if charging:
            chargers = int((self.scenario.layout.kinds == CellKind.CHARGER).sum())
            self._hold(chargers, charging, np.ones(len(charging)), 0.0)

    def _work_with_pods(self) -> _Work:
        """Pods that come, and stand at stations.

        Where orders are released later, each robot may have one of the pods by then.
        """
        pods, units = self.pods, self.served.units
        visits = self._visits()
        stand_s = np.full(len(units), pods.robot_s_per_unit)
        drive_s, lift_s = self.costs.drive_s, pods.lift_s
        visit_s, visit_ws, idle_w = drive_s + lift_s, 0.0, 0.0
        battery = self.scenario.fleet.battery
        if battery is not None:
            idle_w = battery.idle_w
            visit_ws = drive_s * battery.carrying_w + lift_s * battery.lifting_w
        robots = self._robots(RobotKind.POD)
        begun = robots if self.served.release_s > 0 else 0
        return _Work(
            robots,
            [*self.from_pods, *visits],
            np.append(stand_s, np.full(len(visits), visit_s)),
            np.append(stand_s * idle_w, np.full(len(visits), visit_ws)),
            -begun * visit_s,
            -begun * visit_ws,
        )

    def _work_with_totes(self) -> _Work:
        """Rides, shared by as many orders as there are slots, picking, handing over.

        Where orders are released later, each robot may be on a ride by then.
        """
        service, fleet = self.scenario.service, self.scenario.fleet
        units = self.served.units
        line_s = service.pick_s_per_unit + service.pick_s_per_line / units
        rides_s = self._rides_s()
        ride_s = rides_s / fleet.tote_slots
        hand_s = np.full(len(ride_s), service.drop_s_per_order)
        moving_w = idle_w = 0.0
        if fleet.battery is not None:
            moving_w, idle_w = fleet.battery.moving_w, fleet.battery.idle_w
        robots = self._robots(RobotKind.TOTE)
        begun_s = 0.0
        if self.served.release_s > 0:
            begun_s = robots * float(rides_s.max(initial=0.0))
        all_s = float((line_s * units).sum())
        return _Work(
            robots,
            [*self.from_pods, *self.on_racks.values()],
            np.append(-line_s, ride_s + hand_s),
            np.append(-line_s * idle_w, ride_s * moving_w + hand_s * idle_w),
            all_s - begun_s,
            all_s * idle_w - begun_s * moving_w,
        )

    def _robots(self, kind: RobotKind) -> int:
        kinds = self.scenario.fleet.kinds
        assert kinds is not None  # whoever calls has looked
        return int(np.count_nonzero(kinds == kind))

    def _charging(self, work: _Work) -> Any:
        """Seconds that robots of one kind charge, at least, for their work.

        What they hold above their reserves by the release needs none. Whatever else
        they do only takes more.
        """
        battery = self.scenario.fleet.battery
        assert battery is not None  # whoever calls has looked
        charged_wh = battery.charge_w * self.served.release_s / 3600
        level_wh = min(battery.capacity_wh, battery.start_wh + charged_wh)
        held_ws = work.robots * (level_wh - battery.reserve_wh) * 3600
        seconds = self.solver.NumVar(0.0, self.solver.infinity(), "")
        row = self.solver.Constraint(work.more_ws - held_ws, self.solver.infinity())
        row.SetCoefficient(seconds, battery.charge_w)
        for term, each_ws in zip(work.terms, work.watt_s.tolist(), strict=True):
            row.SetCoefficient(term, -each_ws)
        return seconds

    def _hold(
        self, number: int, terms: list[Any], seconds: NDArray[np.float64], more_s: float
    ) -> None:
        """Let so many share work that is a sum of terms and some seconds more."""
        row = self.solver.Constraint(more_s, self.solver.infinity())
        row.SetCoefficient(self.seconds, float(number))
        for term, each_s in zip(terms, seconds.tolist(), strict=True):
            row.SetCoefficient(term, -each_s)

    def _rides_s(self) -> NDArray[np.float64]:
        """Least ride for any line of each order; 0 where none is on racks."""
        least: dict[int, float] = dict.fromkeys(self.on_racks, np.inf)
        for order, sku in zip(self.order.tolist(), self.sku.tolist(), strict=True):
            least[order] = min(least[order], float(self.costs.ride_s[sku]))
        rides = np.array(list(least.values()))
        return np.where(np.isfinite(rides), rides, 0.0)

    def _visits(self) -> list[Any]:
        """How much of each pod comes: each counts once, with all it has that is wanted.

        What arrives may lie on a pod that comes for others.
        """
        stock, pods = self.scenario.stock, self.pods
        pod_at = np.full(self.scenario.layout.kinds.size, -1, np.int64)
        pod_at[pods.start_cells] = np.arange(len(pods))
        visits = [self.solver.NumVar(0.0, 1.0, "") for _ in range(len(pods))]
        rows = {}
        for sku in np.unique(self.sku).tolist():
            least = -float(self.arriving[sku])
            rows[sku] = self.solver.Constraint(least, self.solver.infinity())
            for k in np.flatnonzero(self.sku == sku).tolist():
                rows[sku].SetCoefficient(self.from_pods[k], -1.0)
        held = pod_at[stock.cell]
        for row in np.flatnonzero((held >= 0) & (stock.quantity > 0)).tolist():
            sku = int(stock.sku[row])
            if sku in rows:
                units = min(self.wanted[sku], float(stock.quantity[row]))
                rows[sku].SetCoefficient(visits[held[row]], units)
        return visits
