"""A site with both kinds of robots as two: what each kind has to do with."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from warehouse.layout import CellKind, Layout
from warehouse.scenario import Orders, RobotKind, Scenario, Stock


@dataclass(frozen=True, slots=True)
class Side:
    """The part of a site that one kind of robot has to do with, as a scenario.

    Parameters
    ----------
    scenario : Scenario
        Its robots, the stock that they come to, and what is to be brought from it. On
        the side of racks pods are walls, and chargers where there are batteries.
    robots, orders, lines : ndarray of int64
        Number in the whole site of each robot, order and order line of this one.
    """

    scenario: Scenario
    robots: NDArray[np.int64]
    orders: NDArray[np.int64]
    lines: NDArray[np.int64]


def side_of(scenario: Scenario, kind: RobotKind, units: NDArray[np.int32]) -> Side:
    """Make the part of a site that one kind of robot has to do with.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    kind : RobotKind
    units : ndarray of int32, shape (lines,)
        What this kind is to bring of each order line.
    """
    kinds = scenario.fleet.kinds
    assert kinds is not None  # whoever calls has looked
    robots = np.flatnonzero(kinds == kind)
    lines = np.flatnonzero(units > 0)
    orders = np.unique(scenario.orders.line_order[lines]).astype(np.int64)
    fleet = replace(
        scenario.fleet, start_cells=scenario.fleet.start_cells[robots], kinds=None
    )
    part = replace(
        scenario,
        stock=_stock(scenario, kind),
        orders=_orders(scenario.orders, orders, lines, units),
        fleet=fleet,
    )
    if kind == RobotKind.TOTE:
        # A timestep is the same for all; without pods, it follows from the speed.
        speed_m_s = scenario.layout.cell_size_m / scenario.step_s
        part = replace(
            part,
            layout=_open_to_totes(scenario.layout, fleet.battery is not None),
            fleet=replace(fleet, speed_m_s=speed_m_s),
            pods=None,
        )
    return Side(part, robots, orders, lines)


def with_units(side: Side, units: NDArray[np.int32]) -> Side:
    """Let another number of units of each order line be brought by a side.

    Parameters
    ----------
    side : Side
    units : ndarray of int32, shape (lines of the whole site,)
    """
    orders = replace(side.scenario.orders, line_quantity=units[side.lines])
    return replace(side, scenario=replace(side.scenario, orders=orders))


def _stock(scenario: Scenario, kind: RobotKind) -> Stock:
    stock = scenario.stock
    on_racks = scenario.layout.kinds.ravel()[stock.cell] == CellKind.RACK
    rows = np.flatnonzero(on_racks == (kind == RobotKind.TOTE))
    return Stock(stock.sku[rows], stock.cell[rows], stock.quantity[rows])


def _orders(
    given: Orders,
    orders: NDArray[np.int64],
    lines: NDArray[np.int64],
    units: NDArray[np.int32],
) -> Orders:
    return Orders(
        names=tuple(given.names[order] for order in orders.tolist()),
        release_s=given.release_s[orders],
        due_s=given.due_s[orders],
        priority=given.priority[orders],
        line_order=np.searchsorted(orders, given.line_order[lines]).astype(np.int32),
        line_sku=given.line_sku[lines],
        line_quantity=units[lines],
    )


def _open_to_totes(layout: Layout, charges: bool) -> Layout:
    """Floor on which no way leads where a pod may stand, or a robot charge."""
    barred = layout.kinds == CellKind.POD_SPOT
    if charges:
        barred |= layout.kinds == CellKind.CHARGER
    kinds = np.where(barred, np.uint8(CellKind.WALL), layout.kinds)
    return replace(layout, kinds=kinds)
