"""Plans of sites with both kinds of robots: either side by its rules, then both.

Each side is held against what it was given: robots with totes against the stock of
racks, robots with pods against that of pods and the share of each order line that is
theirs.
"""

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from warehouse.check.bound import report_bounds
from warehouse.check.delivery import TOLERANCE_S, check_delivery
from warehouse.check.intervals import find_overlaps
from warehouse.check.lines import check_lines
from warehouse.check.mixed_backlog import check_backlog
from warehouse.check.mixed_robots import check_robot_kinds
from warehouse.check.packing import check_packing
from warehouse.check.pod_tables import PodTables, read_pod_tables
from warehouse.check.pods import check_pod_work
from warehouse.check.refills import check_excuses
from warehouse.check.robots import check_robots
from warehouse.check.rows import Ints, Picks, Stops, Tables
from warehouse.check.service import check_service
from warehouse.check.stock import check_stock
from warehouse.check.tables import (
    check_arrays,
    points_right,
    read_columns,
    read_tables,
)
from warehouse.check.violation import Findings
from warehouse.layout import CellKind
from warehouse.plan import SHARE_DTYPE, UNSERVED_DTYPE, Plan
from warehouse.scenario import PodSystem, Scenario, Stock


@dataclass(frozen=True, slots=True)
class MixedTables:
    """All rows of a plan with both kinds that can be read.

    Parameters
    ----------
    totes : Tables
        With what is not served by either side.
    pods : PodTables
        Without it.
    racks_share, pods_share : ndarray of int64, shape (lines,)
        Units of each order line that are to come from racks, and from pods.
    """

    totes: Tables
    pods: PodTables
    racks_share: Ints
    pods_share: Ints

    def standing(self) -> Tables:
        """Rows of tote robots, with the stops of all robots."""
        stops = _joined(self.totes.stops, self.pods.standing())
        return replace(self.totes, stops=stops)

    def of_lines(self) -> Tables:
        """Rows as the rules for order lines see them: the picks of both sides."""
        picks = _joined(self.totes.picks, self.pods.as_tables().picks)
        return replace(self.totes, picks=picks)


_Rows = TypeVar("_Rows", Stops, Picks)


def _joined(some: _Rows, others: _Rows) -> _Rows:
    """Rows of two tables, as one."""
    columns = {
        field.name: np.concatenate(
            [getattr(some, field.name), getattr(others, field.name)]
        )
        for field in fields(some)
    }
    return type(some)(**columns)


def read_mixed_tables(plan: Plan, pods: PodSystem, findings: Findings) -> MixedTables:
    """Rows that can be read; what is wrong with the others is reported.

    Parameters
    ----------
    plan : Plan
        With work of pods and shares.
    pods : PodSystem
    findings : Findings
    """
    totes = read_tables(plan, findings)
    # What is not served is read once, with the tables of robots with totes.
    served = replace(plan, unserved=np.zeros(0, UNSERVED_DTYPE))
    rows = read_pod_tables(served, pods, findings)
    return MixedTables(totes, rows, *_read_shares(plan, findings))


def _read_shares(plan: Plan, findings: Findings) -> tuple[Ints, Ints]:
    """Units of each order line from racks and from pods; 0 where it is not said."""
    assert plan.shares is not None  # whoever calls has looked
    lines = plan.scenario.orders.lines
    columns = read_columns(plan.shares, "line_shares", SHARE_DTYPE, findings)
    good = points_right(findings, "line_shares", columns, {"line": lines})
    racks, pods = np.zeros(lines, np.int64), np.zeros(lines, np.int64)
    line = columns["line"][good]
    rows = np.bincount(line, minlength=lines)
    wrong = np.flatnonzero(rows != 1)
    text = "order line {line} has {rows} rows of shares, need 1"
    findings.add("mixed-tables", text, line=wrong, rows=rows[wrong])
    racks[line], pods[line] = columns["racks"][good], columns["pods"][good]
    return racks, pods


def check_mixed_plan(plan: Plan, findings: Findings) -> None:
    """Report every broken rule of a plan with both kinds of robots."""
    scenario, pods = plan.scenario, plan.scenario.pods
    needed = {
        "pods": pods,
        "work of pods": plan.pod_work,
        "shares": plan.shares,
        "kinds of robots": scenario.fleet.kinds,
    }
    missing = ", ".join(name for name, there in needed.items() if there is None)
    if pods is None or missing:
        text = "a plan for both kinds of robots without {missing}"
        findings.add("mixed-tables", text, missing=missing)
        return
    paths = check_arrays(plan, findings)
    rows = read_mixed_tables(plan, pods, findings)
    moves = check_robots(paths, rows.standing(), findings)
    check_robot_kinds(scenario, rows.totes, rows.pods, findings)
    _check_charging(rows, findings)
    _check_totes(plan, rows, findings)
    check_pod_work(_side_of_pods(plan, pods, rows), pods, rows.pods, paths, findings)
    if pods.replenishment is not None:
        left = rows.totes.unserved
        check_excuses(scenario, pods.replenishment, rows.pods.refills, left, findings)
    if pods.backlog:
        shares = rows.racks_share, rows.pods_share
        opened = rows.pods.open_orders
        check_backlog(plan, pods.backlog, rows.totes, opened, shares, findings)
    _check_shares(plan, rows, findings)
    _check_parts(plan, rows, findings)
    check_lines(plan, rows.of_lines(), findings)
    _check_bound(plan, rows, moves, findings)


def _check_charging(rows: MixedTables, findings: Findings) -> None:
    """Report robots with totes that charge while they pick or hand over."""
    stops, stays = rows.totes.stops, rows.pods.charges
    later, earlier = find_overlaps(
        np.concatenate([stops.robot, stays.robot]),
        np.concatenate([stops.start, stays.start]),
        np.concatenate([stops.end, stays.end]),
        closed=False,
    )
    n = len(stops.robot)
    row, stay = np.minimum(later, earlier), np.maximum(later, earlier) - n
    both = (row < n) & (stay >= 0)
    findings.add(
        "service-overlap",
        "robot {robot} makes a stop from step {step} at {place} while it charges",
        robot=stops.robot[row[both]],
        step=stops.start[row[both]],
        cell=stops.cell[row[both]],
    )


def _check_totes(plan: Plan, rows: MixedTables, findings: Findings) -> None:
    """Hold robots with totes against the rules for them and the stock of racks."""
    scenario = plan.scenario
    kinds = scenario.layout.kinds.ravel()
    racks = kinds[scenario.stock.cell] == CellKind.RACK
    side = replace(plan, scenario=_with_stock(scenario, np.flatnonzero(racks)))
    check_service(side, rows.totes, findings)
    check_stock(side, rows.totes, findings)
    check_delivery(side, rows.totes, findings)
    check_packing(side, rows.totes, findings)


def _side_of_pods(plan: Plan, pods: PodSystem, rows: MixedTables) -> Plan:
    """Plan as robots with pods see it: stock of pods, orders for what is theirs."""
    scenario = plan.scenario
    held = np.isin(scenario.stock.cell, pods.start_cells)
    orders = replace(scenario.orders, line_quantity=rows.pods_share.astype(np.int32))
    given = replace(_with_stock(scenario, np.flatnonzero(held)), orders=orders)
    return replace(plan, scenario=given)


def _with_stock(scenario: Scenario, rows: Ints) -> Scenario:
    stock = scenario.stock
    some = Stock(stock.sku[rows], stock.cell[rows], stock.quantity[rows])
    return replace(scenario, stock=some)


def _check_shares(plan: Plan, rows: MixedTables, findings: Findings) -> None:
    """Report units that the other side should have brought, and shares too large."""
    orders = plan.scenario.orders
    ordered = orders.line_quantity.astype(np.int64)
    both = rows.racks_share + rows.pods_share
    wrong = (rows.racks_share < 0) | (rows.pods_share < 0) | (both > ordered)
    cases = [("both shares", both, ordered, wrong)]
    for what, picks, share in (
        ("from racks", rows.totes.picks, rows.racks_share),
        ("from pods", rows.pods.picks, rows.pods_share),
    ):
        units = np.zeros(orders.lines, np.int64)
        np.add.at(units, picks.line, picks.quantity)
        cases.append((what, units, share, units > share))
    for what, units, most, broken in cases:
        lines = np.flatnonzero(broken)
        findings.add(
            "share-exceeded",
            "order {name}, line {line}: {units} units {what}, at most {most}",
            order=orders.line_order[lines],
            line=lines,
            units=units[lines],
            what=what,
            most=most[lines],
        )


def _check_parts(plan: Plan, rows: MixedTables, findings: Findings) -> None:
    """Report orders packed away from, or before, what is picked for them from pods."""
    picks, packing = rows.pods.picks, rows.totes.packing.with_times()
    n = len(plan.scenario.orders)
    last_s, station = np.full(n, -np.inf), np.full(n, -1, np.int64)
    np.maximum.at(last_s, picks.order, picks.end_s)
    station[picks.order] = picks.station
    there = station[packing.order]
    apart = (there >= 0) & (there != packing.station)
    early = packing.start_s < last_s[packing.order] - TOLERANCE_S
    wrong = np.flatnonzero(apart | early)
    findings.add(
        "parts-apart",
        "order {name} is packed at station {station} from {start:.2f} s; its units "
        "from pods are picked at station {there}, the last by {last:.2f} s",
        order=packing.order[wrong],
        station=packing.station[wrong],
        start=packing.start_s[wrong],
        there=there[wrong],
        last=last_s[packing.order[wrong]],
    )


def _check_bound(
    plan: Plan, rows: MixedTables, moves: int | None, findings: Findings
) -> None:
    picked_s = np.max(rows.pods.picks.end_s, initial=0.0)
    packed_s = np.max(rows.totes.packing.with_times().end_s, initial=0.0)
    report_bounds(plan, float(max(picked_s, packed_s)), None, moves, findings)
