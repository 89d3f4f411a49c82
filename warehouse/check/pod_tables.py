"""The tables of a plan with pods: shapes, and indices that point right."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.rows import (
    Drops,
    Floats,
    Ints,
    Packing,
    Picks,
    Stops,
    Tables,
    Unserved,
)
from warehouse.check.tables import (
    Columns,
    at_stops,
    is_positive,
    points_right,
    read_columns,
    read_packing,
    read_unserved,
)
from warehouse.check.violation import Findings
from warehouse.plan import (
    CHARGE_DTYPE,
    OPEN_ORDER_DTYPE,
    PACKING_DTYPE,
    POD_PICK_DTYPE,
    POD_STOP_DTYPE,
    REFILL_DTYPE,
    SPLIT_DTYPE,
    UNSERVED_DTYPE,
    Plan,
    PodStopKind,
)
from warehouse.scenario import PodSystem

STOP_COLUMNS: Final = ("robot", "trip", "kind", "cell", "start", "end", "station")


@dataclass(frozen=True, slots=True)
class PodStops:
    """Columns of the stops that can be read."""

    robot: Ints
    trip: Ints
    kind: Ints
    cell: Ints
    start: Ints
    end: Ints
    pod: Ints
    station: Ints

    def plain(self) -> Stops:
        """Columns that stops of all robots have."""
        return Stops(**{name: getattr(self, name) for name in STOP_COLUMNS})


@dataclass(frozen=True, slots=True)
class PodPicks:
    """Units picked, each row with what its visit and its order line say."""

    stop: Ints
    line: Ints
    quantity: Ints
    start_s: Floats
    end_s: Floats
    order: Ints
    sku: Ints
    pod: Ints
    station: Ints
    robot: Ints


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """When orders have a slot; ``end_s`` may be inf."""

    order: Ints
    station: Ints
    start_s: Floats
    end_s: Floats


@dataclass(frozen=True, slots=True)
class SplitOrders:
    """Orders that may have parts, and when these are together, which may be inf.

    ``split_s`` is what that takes for each part but one; None where no order may be
    split.
    """

    split_s: float | None
    order: Ints
    done_s: Floats


@dataclass(frozen=True, slots=True)
class Charges:
    """Charging stays that can be read."""

    robot: Ints
    cell: Ints
    start: Ints
    end: Ints
    start_wh: Floats
    end_wh: Floats


@dataclass(frozen=True, slots=True)
class Refills:
    """Units put into pods, each row with what its stop and its arrival say."""

    stop: Ints
    arrival: Ints
    quantity: Ints
    start_s: Floats
    end_s: Floats
    sku: Ints
    pod: Ints
    station: Ints
    robot: Ints


@dataclass(frozen=True, slots=True)
class PodTables:
    """All rows of a plan with pods that can be read."""

    stops: PodStops
    picks: PodPicks
    open_orders: OpenOrders
    charges: Charges
    refills: Refills
    splits: SplitOrders
    packing: Packing
    unserved: Unserved

    def standing(self) -> Stops:
        """All for which robots stand still: their stops, and to charge."""
        stops, stays = self.stops, self.charges
        none = np.full(len(stays.robot), -1, np.int64)
        columns = {
            name: np.concatenate([getattr(stops, name), getattr(stays, name, none)])
            for name in STOP_COLUMNS
        }
        return Stops(**columns)

    def as_tables(self) -> Tables:
        """Rows as the rules see them that hold for all robots, and for packers.

        Units of orders are not counted.
        """
        stops, picks = self.stops, self.picks
        none = np.zeros(0, np.int64)
        at = picks.stop
        return Tables(
            stops.plain(),
            Picks(
                stop=at,
                line=picks.line,
                rack=stops.cell[at],
                quantity=picks.quantity,
                order=picks.order,
                sku=picks.sku,
                robot=picks.robot,
                trip=stops.trip[at],
                cell=stops.cell[at],
                start=stops.start[at],
                end=stops.end[at],
            ),
            Drops(*(none for _ in range(8))),
            self.packing,
            self.unserved,
            none,
        )


def read_pod_tables(plan: Plan, pods: PodSystem, findings: Findings) -> PodTables:
    """Rows that can be read; what is wrong with the others is reported."""
    stops, kept = _read_stops(plan, pods, findings)
    return PodTables(
        stops,
        _read_picks(plan, stops, kept, findings),
        _read_open_orders(plan, findings),
        _read_charges(plan, findings),
        _read_refills(plan, pods, stops, kept, findings),
        _read_splits(plan, findings),
        read_packing(plan, findings),
        read_unserved(plan, findings),
    )


def read_pods_beside(plan: Plan, pods: PodSystem, findings: Findings) -> PodTables:
    """Rows that can be read, of a plan of which other tables are read too.

    What is packed, and what is not served, is left to them.
    """
    packing, unserved = np.zeros(0, PACKING_DTYPE), np.zeros(0, UNSERVED_DTYPE)
    alone = replace(plan, packing=packing, unserved=unserved)
    return read_pod_tables(alone, pods, findings)


def _read_stops(
    plan: Plan, pods: PodSystem, findings: Findings
) -> tuple[PodStops, Ints]:
    """Return stops that can be read, and each row's place among them, else -1."""
    assert plan.pod_work is not None  # whoever calls has looked
    scenario = plan.scenario
    table = plan.pod_work.stops
    columns = read_columns(table, "pod_stops", POD_STOP_DTYPE, findings)
    good = points_right(
        findings,
        "pod_stops",
        columns,
        {
            "robot": len(scenario.fleet),
            "trip": np.iinfo(np.int32).max,
            "cell": scenario.layout.kinds.size,
            "pod": len(pods),
        },
    )
    kind, station = columns["kind"], columns["station"]
    known = np.isin(kind, list(PodStopKind))
    rows = np.flatnonzero(~known)
    text = "pod_stops row {row}: kind is {value}, need 0 (lift) to 3 (filling)"
    findings.add("stop-kind", text, row=rows, value=kind[rows])
    filling = pods.replenishment
    stations = np.zeros(max(PodStopKind) + 1, np.int64)
    stations[PodStopKind.VISIT] = len(scenario.stations)
    stations[PodStopKind.FILL] = 0 if filling is None else len(filling.cells)
    limit = stations[np.where(known, kind, PodStopKind.LIFT)]
    goes = np.isin(kind, (PodStopKind.VISIT, PodStopKind.FILL))
    named = np.where(goes, (station >= 0) & (station < limit), station == -1)
    rows = np.flatnonzero(~named)
    text = "pod_stops row {row}: station is {value}, need one of its kind at a visit "
    text += "or filling, else -1"
    findings.add("index-range", text, row=rows, value=station[rows])
    good &= known & named
    kept = np.where(good, np.cumsum(good) - 1, -1)
    return PodStops(**{name: values[good] for name, values in columns.items()}), kept


def _has_times(
    findings: Findings, table: str, columns: Columns, names: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Rows of which all these columns are numbers; the others are reported."""
    good = np.ones(len(columns[names[0]]), bool)
    for name in names:
        good &= np.isfinite(columns[name])
    text = "{table} row {row} has a time or level that is no number"
    findings.add("not-finite", text, row=np.flatnonzero(~good), table=table)
    return good


def _read_picks(
    plan: Plan, stops: PodStops, kept: Ints, findings: Findings
) -> PodPicks:
    assert plan.pod_work is not None  # whoever calls has looked
    orders = plan.scenario.orders
    table = plan.pod_work.picks
    columns = read_columns(table, "pod_picks", POD_PICK_DTYPE, findings)
    limits: dict[str, int | Ints] = {"stop": len(kept), "line": orders.lines}
    good = points_right(findings, "pod_picks", columns, limits)
    good &= is_positive(findings, "pod_picks", columns["quantity"])
    good &= _has_times(findings, "pod_picks", columns, ("start_s", "end_s"))
    stop, line, quantity, start_s, end_s = (v[good] for v in columns.values())
    right = at_stops(
        findings, "pod_picks", stop, stops.plain(), kept, PodStopKind.VISIT
    )
    at, line = kept[stop[right]], line[right]
    return PodPicks(
        stop=at,
        line=line,
        quantity=quantity[right],
        start_s=start_s[right],
        end_s=end_s[right],
        order=orders.line_order[line].astype(np.int64),
        sku=orders.line_sku[line].astype(np.int64),
        pod=stops.pod[at],
        station=stops.station[at],
        robot=stops.robot[at],
    )


def _read_open_orders(plan: Plan, findings: Findings) -> OpenOrders:
    assert plan.pod_work is not None  # whoever calls has looked
    table = plan.pod_work.open_orders
    columns = read_columns(table, "open_orders", OPEN_ORDER_DTYPE, findings)
    limits: dict[str, int | Ints] = {
        "order": len(plan.scenario.orders),
        "station": len(plan.scenario.stations),
    }
    good = points_right(findings, "open_orders", columns, limits)
    good &= _has_times(findings, "open_orders", columns, ("start_s",))
    good &= _has_ends(findings, "open_orders", columns["end_s"])
    return OpenOrders(**{name: values[good] for name, values in columns.items()})


def _has_ends(findings: Findings, table: str, end_s: Floats) -> NDArray[np.bool_]:
    """Rows that end at some time, or not; the others are reported."""
    text = "{table} row {row} has an end that is no number"
    findings.add("not-finite", text, row=np.flatnonzero(np.isnan(end_s)), table=table)
    return ~np.isnan(end_s)


def _read_splits(plan: Plan, findings: Findings) -> SplitOrders:
    splitting = plan.splitting
    if splitting is None:
        return SplitOrders(None, np.zeros(0, np.int64), np.zeros(0))
    columns = read_columns(splitting.orders, "split_orders", SPLIT_DTYPE, findings)
    limits: dict[str, int | Ints] = {"order": len(plan.scenario.orders)}
    good = points_right(findings, "split_orders", columns, limits)
    good &= _has_ends(findings, "split_orders", columns["done_s"])
    return SplitOrders(
        splitting.split_s, columns["order"][good], columns["done_s"][good]
    )


def _read_charges(plan: Plan, findings: Findings) -> Charges:
    assert plan.pod_work is not None  # whoever calls has looked
    columns = read_columns(plan.pod_work.charges, "charges", CHARGE_DTYPE, findings)
    limits: dict[str, int | Ints] = {
        "robot": len(plan.scenario.fleet),
        "cell": plan.scenario.layout.kinds.size,
    }
    good = points_right(findings, "charges", columns, limits)
    good &= _has_times(findings, "charges", columns, ("start_wh", "end_wh"))
    return Charges(**{name: values[good] for name, values in columns.items()})


def _read_refills(
    plan: Plan, pods: PodSystem, stops: PodStops, kept: Ints, findings: Findings
) -> Refills:
    assert plan.pod_work is not None  # whoever calls has looked
    filling = pods.replenishment
    skus = np.zeros(0, np.int32) if filling is None else filling.sku
    columns = read_columns(plan.pod_work.refills, "refills", REFILL_DTYPE, findings)
    limits: dict[str, int | Ints] = {"stop": len(kept), "arrival": len(skus)}
    good = points_right(findings, "refills", columns, limits)
    good &= is_positive(findings, "refills", columns["quantity"])
    good &= _has_times(findings, "refills", columns, ("start_s", "end_s"))
    columns = {name: values[good] for name, values in columns.items()}
    stop = columns["stop"]
    right = at_stops(findings, "refills", stop, stops.plain(), kept, PodStopKind.FILL)
    columns = {name: values[right] for name, values in columns.items()}
    at = columns["stop"] = kept[columns["stop"]]
    return Refills(
        **columns,
        sku=skus[columns["arrival"]].astype(np.int64),
        pod=stops.pod[at],
        station=stops.station[at],
        robot=stops.robot[at],
    )
