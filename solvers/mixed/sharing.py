"""Which kind of robot brings which units: from racks, or from pods."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.distances import DistanceTable
from warehouse.grid import Grid
from warehouse.layout import CellKind
from warehouse.plan import SHARE_DTYPE
from warehouse.scenario import RobotKind, Scenario

LINES_A_VISIT: Final = 2.0
"""Lines that are picked from a pod at one visit, about."""
STEPS_A_LINE: Final = 5.0
"""Steps that a line adds to a tour of picking from racks, about."""
RACKS, PODS = 0, 1


@dataclass(slots=True)
class _Load:
    """Seconds of work of each side so far, people and robots apart.

    ``people`` and ``robots`` hold the work of racks and of pods, each divided over who
    shares it.
    """

    people: list[float]
    robots: list[float]

    def with_more(self, side: int, people_s: float, robots_s: float) -> float:
        """Work of a side that would have so much more."""
        return max(self.people[side] + people_s, self.robots[side] + robots_s)

    def add(self, side: int, people_s: float, robots_s: float) -> None:
        """Give a side so much more."""
        self.people[side] += people_s
        self.robots[side] += robots_s


class _Sharing:
    """Stock and load of both sides, while orders are given to them."""

    def __init__(self, scenario: Scenario) -> None:
        pods = scenario.pods
        kinds = scenario.fleet.kinds
        assert pods is not None  # whoever calls has looked
        assert kinds is not None
        self.scenario = scenario
        self.pods = pods
        self.robots = np.bincount(kinds, minlength=len(RobotKind))
        self.packers = sum(station.packers for station in scenario.stations)
        self.left = _units_held(scenario)
        self.too_heavy = scenario.order_mass_kg() > scenario.fleet.max_mass_kg
        self.load = _Load([0.0, 0.0], [0.0, 0.0])
        self.shares = np.zeros(scenario.orders.lines, SHARE_DTYPE)
        self.shares["line"] = np.arange(len(self.shares))
        self._first = np.searchsorted(
            scenario.orders.line_order, np.arange(len(scenario.orders) + 1)
        )
        rack_cells = scenario.layout.cells_of(CellKind.RACK)
        to_rack_s, to_pod_s = _ways_s(scenario, rack_cells, pods.start_cells)
        self._trip_s = 2 * to_rack_s / scenario.fleet.tote_slots
        self._visit_s = 2 * to_pod_s + pods.lift_s + pods.set_down_s

    def lines(self, order: int) -> NDArray[np.int64]:
        """Lines of an order."""
        return np.arange(self._first[order], self._first[order + 1])

    def can_serve(self, side: int, order: int) -> bool:
        """Whether a side holds all that an order still asks for, and may carry it."""
        if side == RACKS and self.too_heavy[order]:
            return False
        given, lines = self.scenario.orders, self.lines(order)
        held = self.left[side, given.line_sku[lines]]
        return bool((given.line_quantity[lines] <= held).all())

    def work_s(self, side: int, units: int, lines: int) -> tuple[float, float]:
        """Seconds of people and of robots, each divided over those who share them."""
        scenario, pods = self.scenario, self.pods
        if side == RACKS:
            service = scenario.service
            robots_s = self._trip_s + service.drop_s_per_order
            line_s = service.pick_s_per_line + STEPS_A_LINE * scenario.step_s
            robots_s += lines * line_s + units * service.pick_s_per_unit
            return scenario.pack_s(units) / self.packers, robots_s / self.robots[side]
        people_s = lines * pods.station_s_per_line + units * pods.station_s_per_unit
        robots_s = lines / LINES_A_VISIT * self._visit_s
        robots_s += units * pods.robot_s_per_unit
        people = len(scenario.stations)
        return people_s / people, robots_s / self.robots[side]

    def give(
        self, side: int, lines: NDArray[np.int64], units: NDArray[np.int64]
    ) -> None:
        """Let a side bring units of some lines of an order."""
        sku = self.scenario.orders.line_sku[lines]
        self.left[side, sku] -= units
        name = ("racks", "pods")[side]
        self.shares[name][lines] += units.astype(np.int32)
        served = int(np.count_nonzero(units))
        if served:
            self.load.add(side, *self.work_s(side, int(units.sum()), served))

    def give_whole(self, side: int, order: int) -> None:
        """Let a side bring all of an order."""
        lines = self.lines(order)
        units = self.scenario.orders.line_quantity[lines].astype(np.int64)
        self.give(side, lines, units)

    def less_loaded(self, order: int) -> int:
        """Side that would have less to do with an order."""
        lines = self.lines(order)
        units = int(self.scenario.orders.line_quantity[lines].sum())
        loads = [
            self.load.with_more(side, *self.work_s(side, units, len(lines)))
            for side in (RACKS, PODS)
        ]
        return RACKS if loads[RACKS] < loads[PODS] else PODS

    def divide(self, order: int) -> None:
        """Let both sides bring an order that neither serves whole.

        A line is divided only where neither side has all of it. A line that both have
        goes where another line of the order has to go, so that few are in two parts.
        """
        lines = self.lines(order)
        given = self.scenario.orders
        wanted = given.line_quantity[lines].astype(np.int64)
        held = self.left[:, given.line_sku[lines]]
        whole = held >= wanted
        main = PODS if whole[PODS].sum() >= whole[RACKS].sum() else RACKS
        if self.too_heavy[order]:
            main = PODS
        first = np.where(whole[main] | ~whole[1 - main], main, 1 - main)
        for side in (RACKS, PODS):
            mine = np.where(first == side, np.minimum(wanted, held[side]), 0)
            rest = np.where(
                first != side, wanted - np.minimum(wanted, held[1 - side]), 0
            )
            self.give(side, lines, mine + np.minimum(rest, held[side]))


def share_lines(scenario: Scenario) -> NDArray[np.void]:
    """Say for each order line which units come from racks and which from pods.

    Orders are looked at as they are released, and nothing that comes later counts. Of
    those released together, first come the ones that one side alone can serve whole,
    then those that either can: the side gets them that has less to do; last the ones
    that need both. What neither side holds is in no share.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.

    Returns
    -------
    structured ndarray of `SHARE_DTYPE`, shape (lines,)
    """
    sharing = _Sharing(scenario)
    release_s = scenario.orders.release_s
    for release in np.unique(release_s).tolist():
        _share_group(sharing, np.flatnonzero(release_s == release).tolist())
    return sharing.shares


def _share_group(sharing: _Sharing, orders: list[int]) -> None:
    """Share the lines of orders that are released together."""
    later = []
    for order in orders:
        able = [side for side in (RACKS, PODS) if sharing.can_serve(side, order)]
        if len(able) == 1:
            sharing.give_whole(able[0], order)
        else:
            later.append(order)
    rest = []
    for order in later:
        able = [side for side in (RACKS, PODS) if sharing.can_serve(side, order)]
        if len(able) == 2:
            sharing.give_whole(sharing.less_loaded(order), order)
        elif able:
            sharing.give_whole(able[0], order)
        else:
            rest.append(order)
    for order in rest:
        sharing.divide(order)


def _units_held(scenario: Scenario) -> NDArray[np.int64]:
    """Units of each SKU on racks and on pods, shape (2, SKUs)."""
    stock = scenario.stock
    on_racks = scenario.layout.kinds.ravel()[stock.cell] == CellKind.RACK
    held = np.zeros((2, len(scenario.sku_names)), np.int64)
    side = np.where(on_racks, RACKS, PODS)
    np.add.at(held, (side, stock.sku), stock.quantity)
    return held


def _ways_s(
    scenario: Scenario, racks: NDArray[np.int32], pods: NDArray[np.int32]
) -> tuple[float, float]:
    """Seconds from the nearest station to racks and to pods, in the mean, about."""
    table = DistanceTable(Grid.from_layout(scenario.layout))
    docks = np.array([station.cell for station in scenario.stations], np.int32)
    to_cells = table.from_any(docks)
    width = scenario.layout.width
    near = [racks + step for step in (-width, -1, 1, width)]
    cells = np.clip(np.stack(near), 0, to_cells.size - 1) if len(racks) else pods[None]
    to_racks = to_cells[cells].min(0).mean()
    return float(to_racks) * scenario.step_s, float(
        to_cells[pods].mean()
    ) * scenario.step_s
