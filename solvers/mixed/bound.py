"""A bound for sites with both kinds of robots, whatever is brought by which."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solvers.bounds.pods import nearest_s
from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP, CellKind
from warehouse.plan import Bound
from warehouse.scenario import PodSystem, RobotKind, Scenario

MOST_RELEASES: Final = 4
"""Release times from which on the work is bounded by itself."""


@dataclass(frozen=True, slots=True)
class _Served:
    """Order lines that a plan serves.

    Parameters
    ----------
    line : ndarray of int64, shape (n,)
    units : ndarray of float64, shape (n,)
        Units of each.
    """

    line: NDArray[np.int64]
    units: NDArray[np.float64]


def bound_of(
    scenario: Scenario, rack_picks: NDArray[np.void], pod_picks: NDArray[np.void]
) -> Bound:
    """Bound on the seconds that the units of a plan need, in any plan.

    Another plan may bring from pods what this one brings from racks, as far as the
    stock allows it. So a linear program chooses, order line by order line, and in
    fractions, what makes the most loaded of the following least: ``stations``, pickers
    and packers; ``robots``, those with pods and those with totes; ``both``, all four.
    ``longest_order`` is the work of the people on one order, after its release.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    rack_picks : structured ndarray of `PICK_DTYPE`
    pod_picks : structured ndarray of `POD_PICK_DTYPE`
        They say what is served.
    """
    given = scenario.orders
    units = np.zeros(given.lines)
    for picks in (rack_picks, pod_picks):
        np.add.at(units, picks["line"], picks["quantity"])
    lines = np.flatnonzero(units)
    site = _Costs.of(scenario)
    parts = dict.fromkeys(("stations", "robots", "both"), 0.0)
    release_s = given.release_s[given.line_order[lines]]
    for release in _some(np.unique(release_s)):
        later = lines[release_s >= release]
        served = _Served(later, units[later])
        for part, value in _least_loads(scenario, site, served).items():
            parts[part] = max(parts[part], release + value)
    parts["longest_order"] = _longest_order(scenario, _Served(lines, units[lines]))
    return Bound(makespan_s=parts)


def _some(releases: NDArray[np.float64]) -> list[float]:
    """A few of the release times, the first and the last among them."""
    chosen = np.linspace(0, len(releases) - 1, min(MOST_RELEASES, len(releases)))
    return releases[chosen.astype(np.int64)].tolist()


@dataclass(frozen=True, slots=True)
class _Costs:
    """Seconds that work takes at least, on a site.

    Parameters
    ----------
    visit_s : float
        A robot's, for a pod that is lifted and brought.
    ride_s : ndarray of float64, shape (SKUs,)
        Of a robot with totes, from a station or its home to where the SKU lies and to
        a station; inf where it lies on no rack.
    """

    visit_s: float
    ride_s: NDArray[np.float64]

    @classmethod
    def of(cls, scenario: Scenario) -> "_Costs":
        """Measure a site on shortest ways, pods in nobody's way."""
        pods, stock = scenario.pods, scenario.stock
        assert pods is not None  # whoever calls has looked
        table = DistanceTable(Grid.from_layout(scenario.layout))
        docks = np.array([station.cell for station in scenario.stations], np.int32)
        begin = np.concatenate([docks, scenario.fleet.start_cells])
        to_dock = table.data[table.rows(docks)].min(0).astype(np.int64)
        ride = table.from_any(begin).astype(np.int64) + to_dock
        kinds = scenario.layout.kinds.ravel()
        rows = np.flatnonzero(
            (kinds[stock.cell] == CellKind.RACK) & (stock.quantity > 0)
        )
        steps = np.full(len(scenario.sku_names), np.inf)
        np.minimum.at(steps, stock.sku[rows], _beside(scenario, stock.cell[rows], ride))
        visit_s = nearest_s(scenario) + pods.lift_s
        return cls(visit_s, steps * scenario.step_s)


def _beside(
    scenario: Scenario, racks: NDArray[np.int32], steps: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Least of some steps over the cells beside each rack; inf where there is none."""
    height, width = scenario.layout.kinds.shape
    row, col = np.divmod(racks.astype(np.int64), width)
    least = np.full(len(racks), np.inf)
    for r, c in zip(ROW_STEP, COL_STEP, strict=True):
        inside = (
            (row + r >= 0) & (row + r < height) & (col + c >= 0) & (col + c < width)
        )
        near = np.where(inside, (row + r) * width + col + c, 0)
        there = inside & (steps[near] < UNREACHABLE)
        least = np.where(there, np.minimum(least, steps[near]), least)
    return least


def _least_loads(
    scenario: Scenario, costs: _Costs, served: _Served
) -> dict[str, float]:
    """Seconds in which people, robots and both can do the work that is served."""
    return {
        "stations": _Program(scenario, costs, served, people=True).solve(),
        "robots": _Program(scenario, costs, served, robots=True).solve(),
        "both": _Program(scenario, costs, served, people=True, robots=True).solve(),
    }


class _Program:
    """The linear program: what comes from pods, and the seconds that all takes."""

    def __init__(
        self,
        scenario: Scenario,
        costs: _Costs,
        served: _Served,
        *,
        people: bool = False,
        robots: bool = False,
    ) -> None:
        assert scenario.pods is not None  # whoever calls has looked
        self.scenario, self.costs, self.served = scenario, costs, served
        self.pods: PodSystem = scenario.pods
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.seconds = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.from_pods = [
            self.solver.NumVar(0.0, units, "") for units in served.units.tolist()
        ]
        self.order = scenario.orders.line_order[served.line]
        self.sku = scenario.orders.line_sku[served.line]
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
        """No more of a SKU comes from racks, or pods, than they hold."""
        stock = self.scenario.stock
        kinds = self.scenario.layout.kinds.ravel()
        on_racks = kinds[stock.cell] == CellKind.RACK
        skus = len(self.scenario.sku_names)
        racks = np.bincount(stock.sku[on_racks], stock.quantity[on_racks], skus)
        pods = np.bincount(stock.sku[~on_racks], stock.quantity[~on_racks], skus)
        wanted = np.bincount(self.sku, self.served.units, skus)
        for sku in np.unique(self.sku).tolist():
            mine = np.flatnonzero(self.sku == sku).tolist()
            picked = self.solver.Sum([self.from_pods[k] for k in mine])
            self.solver.Add(picked <= pods[sku])
            self.solver.Add(picked >= wanted[sku] - racks[sku])

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
        pods, service, fleet = self.pods, self.scenario.service, self.scenario.fleet
        assert fleet.kinds is not None  # whoever calls has looked
        with_pods = int(np.count_nonzero(fleet.kinds == RobotKind.POD))
        units = self.served.units
        visits = self._visits()
        terms = [*self.from_pods, *visits]
        stand_s = np.full(len(units), pods.robot_s_per_unit)
        visit_s = np.full(len(visits), self.costs.visit_s)
        self._hold(with_pods, terms, np.concatenate([stand_s, visit_s]), 0.0)
        line_s = service.pick_s_per_unit + service.pick_s_per_line / units
        ride_s = self._rides_s() / fleet.tote_slots + service.drop_s_per_order
        terms = [*self.from_pods, *self.on_racks.values()]
        all_s = float((line_s * units).sum())
        self._hold(
            len(fleet) - with_pods, terms, np.concatenate([-line_s, ride_s]), all_s
        )

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
        """How much of each pod comes: each counts once, with all that it holds."""
        stock, pods = self.scenario.stock, self.pods
        pod_at = np.full(self.scenario.layout.kinds.size, -1, np.int64)
        pod_at[pods.start_cells] = np.arange(len(pods))
        visits = [self.solver.NumVar(0.0, 1.0, "") for _ in range(len(pods))]
        rows = {}
        for sku in np.unique(self.sku).tolist():
            rows[sku] = self.solver.Constraint(0.0, self.solver.infinity())
            for k in np.flatnonzero(self.sku == sku).tolist():
                rows[sku].SetCoefficient(self.from_pods[k], -1.0)
        held = pod_at[stock.cell]
        for row in np.flatnonzero((held >= 0) & (stock.quantity > 0)).tolist():
            sku = int(stock.sku[row])
            if sku in rows:
                rows[sku].SetCoefficient(visits[held[row]], float(stock.quantity[row]))
        return visits


def _longest_order(scenario: Scenario, served: _Served) -> float:
    """Release and work of people on one order, its units divided as is best for it."""
    pods, given = scenario.pods, scenario.orders
    assert pods is not None  # whoever calls has looked
    of_pods, of_racks = pods.station_s_per_unit, scenario.service.pack_s_per_unit
    unit_s = of_pods * of_racks / (of_pods + of_racks) if of_pods + of_racks else 0.0
    units = np.bincount(given.line_order[served.line], served.units, len(given))
    done_s = np.where(units > 0, given.release_s + units * unit_s, 0.0)
    return float(done_s.max(initial=0.0))
