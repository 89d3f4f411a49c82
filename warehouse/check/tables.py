"""The plan's arrays and tables: shapes, order of rows, and indices that point right.

Everything after this works on `warehouse.check.rows.Tables`.
"""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.rows import Drops, Ints, Packing, Picks, Stops, Tables, Unserved
from warehouse.check.violation import Findings
from warehouse.plan import (
    DROP_DTYPE,
    PACKING_DTYPE,
    PICK_DTYPE,
    STOP_DTYPE,
    UNSERVED_DTYPE,
    Plan,
    PodStopKind,
    StopKind,
    UnservedReason,
)
from warehouse.scenario import Scenario

Columns = dict[str, NDArray[Any]]

ROW_ORDER: Final = {
    "stops": ("robot", "start"),
    "picks": ("stop",),
    "drops": ("stop",),
    "packing": ("order",),
    "unserved": ("line",),
    "pod_stops": ("robot", "start"),
    "pod_picks": ("stop", "start_s"),
    "open_orders": ("order",),
    "charges": ("robot", "start"),
    "refills": ("stop", "start_s"),
    "split_orders": ("order",),
    "packed_cartons": ("order",),
    "packed_units": ("carton",),
    "loads": ("truck", "position"),
    "line_shares": ("line",),
}


def check_arrays(plan: Plan, findings: Findings) -> Plan | None:
    """Report wrong shapes and types of the robots' paths.

    Returns the plan, without headings if those cannot be read, or None if nothing
    can be said about where robots are.
    """
    robots = len(plan.scenario.fleet)
    cells, headings = plan.cells, plan.headings
    if (
        cells.dtype != np.int32
        or cells.ndim != 2
        or cells.shape[0] < 1
        or cells.shape[1] != robots
    ):
        text = "cells: got {got}, need int32 (steps + 1, {robots})"
        got = f"{cells.dtype} {cells.shape}"
        findings.add("array-shape", text, got=got, robots=robots)
        return None
    turning = plan.scenario.fleet.motion == "rotate"
    got = "none" if headings is None else f"{headings.dtype} {headings.shape}"
    need = f"uint8 {cells.shape}" if turning else "none"
    if got != need:
        text = "headings: got {got}, need {need}"
        findings.add("array-shape", text, got=got, need=need)
        return replace(plan, headings=None)
    return plan


def read_tables(plan: Plan, findings: Findings) -> Tables:
    """Rows that can be read; what is wrong with the others is reported."""
    scenario = plan.scenario
    stops, kept = _read_stops(plan, findings)
    picks = _read_picks(plan, stops, kept, findings)
    drops = _read_drops(plan, stops, kept, findings)
    units = np.zeros(len(scenario.orders), np.int64)
    np.add.at(units, picks.order, picks.quantity)
    packing = read_packing(plan, findings)
    unserved = read_unserved(plan, findings)
    return Tables(stops, picks, drops, packing, unserved, units)


def read_columns(
    table: NDArray[Any], name: str, dtype: np.dtype[np.void], findings: Findings
) -> Columns:
    """Columns of a table, whole numbers as int64; an empty one if it is no table."""
    if table.dtype != dtype or table.ndim != 1:
        text = "{table}: got {got}, need the columns {need}"
        got = f"{table.dtype} {table.shape}"
        need = ", ".join(dtype.names or ())
        findings.add("array-shape", text, table=name, got=got, need=need)
        table = np.zeros(0, dtype)
    columns: Columns = {}
    for column in dtype.names or ():
        values = table[column]
        columns[column] = (
            values if values.dtype.kind == "f" else values.astype(np.int64)
        )
    first, *others = ROW_ORDER[name]
    falls = np.diff(columns[first]) < 0
    for column in others:
        falls |= (np.diff(columns[first]) == 0) & (np.diff(columns[column]) < 0)
    text = "{table} row {row} should come before the row above it"
    findings.add("row-order", text, row=np.flatnonzero(falls) + 1, table=name)
    return columns


def points_right(
    findings: Findings,
    table: str,
    columns: Columns,
    limits: dict[str, int | Ints],
) -> NDArray[np.bool_]:
    """Rows whose indices all lie in 0 .. limit - 1; the others are reported."""
    good = np.ones(len(next(iter(columns.values()))), bool)
    for column, limit in limits.items():
        values = columns[column]
        bad = (values < 0) | (values >= limit)
        rows = np.flatnonzero(bad)
        findings.add(
            "index-range",
            "{table} row {row}: {column} is {value}, need 0 to {last}",
            row=rows,
            value=values[rows],
            last=np.broadcast_to(limit, len(values))[rows] - 1,
            table=table,
            column=column,
        )
        good &= ~bad
    return good


def is_positive(
    findings: Findings, table: str, quantity: NDArray[Any]
) -> NDArray[np.bool_]:
    """Rows with a quantity of 1 or more; the others are reported."""
    good = quantity >= 1
    rows = np.flatnonzero(~good)
    text = "{table} row {row}: quantity is {value}, need 1 or more"
    findings.add("quantity-range", text, row=rows, value=quantity[rows], table=table)
    return good


def _read_stops(plan: Plan, findings: Findings) -> tuple[Stops, Ints]:
    """Return stops that can be read, and each row's place among them, else -1."""
    scenario = plan.scenario
    columns = read_columns(plan.stops, "stops", STOP_DTYPE, findings)
    kind = columns["kind"]
    good = points_right(
        findings,
        "stops",
        columns,
        {
            "robot": len(scenario.fleet),
            "trip": np.iinfo(np.int32).max,
            "cell": scenario.layout.kinds.size,
        },
    )
    known = np.isin(kind, list(StopKind))
    rows = np.flatnonzero(~known)
    text = "stops row {row}: kind is {value}, need 0 (pick) or 1 (drop)"
    findings.add("stop-kind", text, row=rows, value=kind[rows])
    good &= known & _names_station(findings, kind, columns["station"], scenario)
    kept = np.where(good, np.cumsum(good) - 1, -1)
    return Stops(**{name: values[good] for name, values in columns.items()}), kept


def _names_station(
    findings: Findings,
    kind: NDArray[Any],
    station: NDArray[Any],
    scenario: Scenario,
) -> NDArray[np.bool_]:
    """Find drops that name a station, and picks that name none, written -1."""
    last = len(scenario.stations) - 1
    known = (station >= 0) & (station <= last)
    good: NDArray[np.bool_] = np.where(kind == StopKind.DROP, known, station == -1)
    rows = np.flatnonzero(~good)
    text = "stops row {row}: station is {value}, need 0 to {last} at a drop, else -1"
    findings.add("index-range", text, row=rows, value=station[rows], last=last)
    return good


def at_stops(
    findings: Findings,
    table: str,
    stop: Ints,
    stops: Stops,
    kept: Ints,
    kind: StopKind | PodStopKind,
) -> NDArray[np.bool_]:
    """Rows at a stop that can be read and is of the right kind."""
    place = kept[stop]
    readable = place >= 0
    right = readable.copy()
    right[readable] = stops.kind[place[readable]] == kind
    rows = np.flatnonzero(readable & ~right)
    text = "{table} row {row} is at stop {stop}, which is no {kind}"
    findings.add(
        "stop-kind",
        text,
        row=rows,
        stop=stop[rows],
        step=stops.start[place[rows]],
        robot=stops.robot[place[rows]],
        table=table,
        kind=kind.name.lower(),
    )
    return right


def _read_picks(plan: Plan, stops: Stops, kept: Ints, findings: Findings) -> Picks:
    scenario = plan.scenario
    columns = read_columns(plan.picks, "picks", PICK_DTYPE, findings)
    limits: dict[str, int | Ints] = {
        "stop": len(kept),
        "line": scenario.orders.lines,
        "rack": scenario.layout.kinds.size,
    }
    good = points_right(findings, "picks", columns, limits)
    good &= is_positive(findings, "picks", columns["quantity"])
    stop, line, rack, quantity = (values[good] for values in columns.values())
    right = at_stops(findings, "picks", stop, stops, kept, StopKind.PICK)
    at, line = kept[stop[right]], line[right]
    return Picks(
        stop=at,
        line=line,
        rack=rack[right],
        quantity=quantity[right],
        order=scenario.orders.line_order[line].astype(np.int64),
        sku=scenario.orders.line_sku[line].astype(np.int64),
        robot=stops.robot[at],
        trip=stops.trip[at],
        cell=stops.cell[at],
        start=stops.start[at],
        end=stops.end[at],
    )


def _read_drops(plan: Plan, stops: Stops, kept: Ints, findings: Findings) -> Drops:
    columns = read_columns(plan.drops, "drops", DROP_DTYPE, findings)
    limits: dict[str, int | Ints] = {
        "stop": len(kept),
        "order": len(plan.scenario.orders),
    }
    good = points_right(findings, "drops", columns, limits)
    stop, order = columns["stop"][good], columns["order"][good]
    right = at_stops(findings, "drops", stop, stops, kept, StopKind.DROP)
    at = kept[stop[right]]
    return Drops(
        stop=at,
        order=order[right],
        robot=stops.robot[at],
        trip=stops.trip[at],
        cell=stops.cell[at],
        start=stops.start[at],
        end=stops.end[at],
        station=stops.station[at],
    )


def read_packing(plan: Plan, findings: Findings) -> Packing:
    """Packed orders that can be read."""
    scenario = plan.scenario
    columns = read_columns(plan.packing, "packing", PACKING_DTYPE, findings)
    limits: dict[str, int | Ints] = {
        "order": len(scenario.orders),
        "station": len(scenario.stations),
    }
    good = points_right(findings, "packing", columns, limits)
    columns = {name: values[good] for name, values in columns.items()}
    packers = np.array([s.packers for s in scenario.stations], np.int64)
    at = packers[columns["station"]]
    good = points_right(findings, "packing", columns, {"packer": at})
    rows = Packing(**{name: values[good] for name, values in columns.items()})
    bad = ~(np.isfinite(rows.start_s) & np.isfinite(rows.end_s))
    findings.add(
        "not-finite",
        "order {name} is packed from {start} s to {end} s",
        order=rows.order[bad],
        start=rows.start_s[bad],
        end=rows.end_s[bad],
    )
    return rows


def read_unserved(plan: Plan, findings: Findings) -> Unserved:
    """Unserved units that can be read."""
    columns = read_columns(plan.unserved, "unserved", UNSERVED_DTYPE, findings)
    limits: dict[str, int | Ints] = {"line": plan.scenario.orders.lines}
    good = points_right(findings, "unserved", columns, limits)
    good &= is_positive(findings, "unserved", columns["quantity"])
    unknown = ~np.isin(columns["reason"], list(UnservedReason))
    findings.add(
        "unserved-reason",
        "unserved row {row}: reason is {value}, need 0 to {last}",
        row=np.flatnonzero(unknown),
        value=columns["reason"][unknown],
        last=max(UnservedReason),
    )
    return Unserved(**{name: values[good] for name, values in columns.items()})
