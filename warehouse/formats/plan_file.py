"""The plan file: one ``*.plan.npz`` that holds a plan and its scenario.

Documented column by column in ``docs/plan-format.md``. ``numpy.load`` with
``allow_pickle=False`` reads it; this reader trusts it less.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check import check_structure
from warehouse.errors import Fault, InputError
from warehouse.formats.npz_members import (
    Archive,
    MemberBytes,
    npy_bytes,
    parse_npy,
    text_array,
    write_npz,
)
from warehouse.formats.plan_meta import (
    FORMAT_NAME,
    FORMAT_VERSION,
    MetaReader,
    meta_of,
    read_bound,
    read_fleet,
    read_layout,
    read_pods,
    read_service,
)
from warehouse.formats.plan_mixed import MIXED_MEMBERS, mixed_arrays
from warehouse.formats.plan_replenishment import (
    REFILL_MEMBERS,
    refill_arrays,
)
from warehouse.formats.plan_splitting import (
    SPLIT_KEY,
    SPLIT_MEMBERS,
    read_splitting,
)
from warehouse.formats.shipping_members import (
    SHIPPING_MEMBERS,
    TRUCK_MEMBERS,
    length_pairs,
    read_carriers,
    read_consignment,
    read_shipping,
    shipping_arrays,
)
from warehouse.formats.staff_members import (
    STAFF_MEMBERS,
    read_needs,
    read_staff,
    staff_arrays,
    staff_pairs,
)
from warehouse.formats.text_file import shown
from warehouse.plan import (
    CHARGE_DTYPE,
    DROP_DTYPE,
    OPEN_ORDER_DTYPE,
    PACKING_DTYPE,
    PICK_DTYPE,
    POD_PICK_DTYPE,
    POD_STOP_DTYPE,
    STOP_DTYPE,
    UNSERVED_DTYPE,
    Plan,
    PodWork,
    Splitting,
)
from warehouse.scenario import Orders, Scenario, Station, Stock

INT32: Final = np.dtype("<i4")
UINT8: Final = np.dtype("u1")
FLOAT64: Final = np.dtype("<f8")
STOCK_DTYPE: Final = np.dtype([("sku", "<i4"), ("cell", "<i4"), ("quantity", "<i4")])
ORDER_DTYPE: Final = np.dtype(
    [("release_s", "<f8"), ("due_s", "<f8"), ("priority", "<i4")]
)
LINE_DTYPE: Final = np.dtype([("order", "<i4"), ("sku", "<i4"), ("quantity", "<i4")])
STATION_DTYPE: Final = np.dtype([("cell", "<i4"), ("packers", "<i4")])

MEMBERS: Final[dict[str, tuple[np.dtype[Any] | None, int]]] = {
    "meta": (None, 0),
    "layout_kinds": (UINT8, 2),
    "layout_exits": (UINT8, 2),
    "sku_names": (None, 1),
    "sku_mass_kg": (FLOAT64, 1),
    "stock": (STOCK_DTYPE, 1),
    "order_names": (None, 1),
    "orders": (ORDER_DTYPE, 1),
    "order_lines": (LINE_DTYPE, 1),
    "station_names": (None, 1),
    "stations": (STATION_DTYPE, 1),
    "start_cells": (INT32, 1),
    "cells": (INT32, 2),
    "headings": (UINT8, 2),
    "stops": (STOP_DTYPE, 1),
    "picks": (PICK_DTYPE, 1),
    "drops": (DROP_DTYPE, 1),
    "packing": (PACKING_DTYPE, 1),
    "unserved": (UNSERVED_DTYPE, 1),
    "pod_names": (None, 1),
    "pod_cells": (INT32, 1),
    "order_slots": (INT32, 1),
    "pod_stops": (POD_STOP_DTYPE, 1),
    "pod_picks": (POD_PICK_DTYPE, 1),
    "open_orders": (OPEN_ORDER_DTYPE, 1),
    "charges": (CHARGE_DTYPE, 1),
    **REFILL_MEMBERS,
    **MIXED_MEMBERS,
    **SPLIT_MEMBERS,
    **SHIPPING_MEMBERS,
    **TRUCK_MEMBERS,
    **STAFF_MEMBERS,
    "sha256": (None, 0),
}
"""Type (None: text) and dimensions of every member, in the order of the file."""

POD_MEMBERS: Final = {
    "pod_names",
    "pod_cells",
    "order_slots",
    "pod_stops",
    "pod_picks",
    "open_orders",
}
"""All there, or none."""
TOGETHER: Final = (
    POD_MEMBERS,
    set(REFILL_MEMBERS),
    set(MIXED_MEMBERS),
    set(SHIPPING_MEMBERS),
    set(TRUCK_MEMBERS),
    set(STAFF_MEMBERS),
)
OPTIONAL: Final = {"headings", "sku_mass_kg", "charges"}.union(SPLIT_MEMBERS, *TOGETHER)
MOST_NAMED: Final = 5


def write_plan(plan: Plan, path: str | Path) -> None:
    """Write a plan file. Identical plans give identical bytes.

    Parameters
    ----------
    plan : Plan
        ``plan.meta`` may hold what JSON can, and numpy numbers.
    path : str or Path
        Usually ``*.plan.npz``; a file that is there is replaced in one go.

    Raises
    ------
    InputError
        If the file cannot be written, or a name in the scenario cannot be kept.
    """
    members = {name: npy_bytes(array) for name, array in _arrays(plan).items()}
    members["sha256"] = npy_bytes(np.array(_digest(members), "<U64"))
    write_npz(Path(path), members)


def read_plan(path: str | Path, *, verify: bool = True) -> Plan:
    """Read a plan file.

    Parameters
    ----------
    path : str or Path
    verify : bool
        Refuse a file that was changed after it was written, and one whose rows
        point to nothing. Without it an edited plan is read as it stands, for
        `warehouse.check.check_plan` to say what is wrong with it.

    Raises
    ------
    InputError
        With all faults that were found: not a plan, cut short, damaged, changed,
        of a newer version, too large, or with members that do not fit together.

    Examples
    --------
    >>> read_plan("nowhere.plan.npz")
    Traceback (most recent call last):
    warehouse.errors.InputError: E201 nowhere.plan.npz: cannot be read (No such file \
or directory); name a plan file that exists and that you may read
    """
    with Archive(Path(path)) as archive:
        meta = _read_meta(archive)
        _check_names(archive, meta)
        data = {name: archive.read(name) for name in MEMBERS if name in archive.names}
    if verify:
        _check_digest(archive, data)
    plan = _build(archive, _parse(archive, data), meta)
    if verify:
        _check_pointers(archive, plan)
    return plan


def _arrays(plan: Plan) -> dict[str, NDArray[Any]]:
    """Members of a plan's file, but for the digest."""
    scenario = plan.scenario
    layout, stock, orders = scenario.layout, scenario.stock, scenario.orders
    stations = scenario.stations
    meta = json.dumps(meta_of(plan), sort_keys=True, default=_plain_number)
    lines = (orders.line_order, orders.line_sku, orders.line_quantity)
    arrays: dict[str, NDArray[Any]] = {
        "meta": text_array((meta,), "meta").reshape(()),
        "layout_kinds": layout.kinds,
        "layout_exits": layout.exits,
        "sku_names": text_array(scenario.sku_names, "SKU names"),
        "stock": _table(STOCK_DTYPE, stock.sku, stock.cell, stock.quantity),
        "order_names": text_array(orders.names, "order names"),
        "orders": _table(ORDER_DTYPE, orders.release_s, orders.due_s, orders.priority),
        "order_lines": _table(LINE_DTYPE, *lines),
        "station_names": text_array(tuple(s.name for s in stations), "station names"),
        "stations": np.array([(s.cell, s.packers) for s in stations], STATION_DTYPE),
        "start_cells": scenario.fleet.start_cells.astype(INT32, copy=False),
        "cells": plan.cells.astype(INT32, copy=False),
    }
    if scenario.sku_mass_kg is not None:
        arrays["sku_mass_kg"] = scenario.sku_mass_kg.astype(FLOAT64, copy=False)
    if plan.headings is not None:
        arrays["headings"] = plan.headings.astype(UINT8, copy=False)
    for name in ("stops", "picks", "drops", "packing", "unserved"):
        arrays[name] = getattr(plan, name)
    pods, work = scenario.pods, plan.pod_work
    if pods is not None and work is not None:
        arrays["pod_names"] = text_array(pods.names, "pod names")
        arrays["pod_cells"] = pods.start_cells.astype(INT32, copy=False)
        arrays["order_slots"] = pods.order_slots.astype(INT32, copy=False)
        arrays["pod_stops"] = work.stops
        arrays["pod_picks"] = work.picks
        arrays["open_orders"] = work.open_orders
        if scenario.fleet.battery is not None:
            arrays["charges"] = work.charges
        if pods.replenishment is not None:
            arrays |= refill_arrays(pods.replenishment, work)
        arrays |= mixed_arrays(plan)
        if work.splitting is not None:
            arrays["split_orders"] = work.splitting.orders
    if scenario.shipping is not None and plan.consignment is not None:
        arrays |= shipping_arrays(scenario.shipping, orders, plan.consignment)
    if scenario.staff is not None:
        arrays |= staff_arrays(scenario.staff, orders)
    return arrays


def _table(dtype: np.dtype[Any], *columns: NDArray[Any]) -> NDArray[Any]:
    table = np.zeros(len(columns[0]), dtype)
    for name, column in zip(dtype.names or (), columns, strict=True):
        table[name] = column
    return table


def _plain_number(value: object) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"got {type(value).__name__} in meta, need what JSON can hold")


def _digest(members: Mapping[str, bytes | MemberBytes]) -> str:
    """SHA-256 over names, lengths and bytes of all members but the digest itself."""
    digest = hashlib.sha256()
    for name in sorted(members.keys() - {"sha256"}):
        digest.update(f"{name} {len(members[name])}\n".encode())
        digest.update(members[name])
    return digest.hexdigest()


def _read_meta(archive: Archive) -> MetaReader:
    """Read the settings first: they say whether this is a plan that can be read."""
    not_a_plan = "need a file that `aislewise plan` wrote (*.plan.npz)"
    if "meta" not in archive.names:
        raise archive.fault("E202", "", "an archive without `meta`", not_a_plan)
    try:
        text = parse_npy(archive.read("meta"), None, 0, archive.total_bytes).item()
        settings = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise archive.fault("E202", "meta", "no JSON text", not_a_plan) from error
    if not isinstance(settings, dict) or settings.get("format") != FORMAT_NAME:
        raise archive.fault("E202", "meta", "not of a plan", not_a_plan)
    version = settings.get("format_version")
    if type(version) is not int or version < 1:
        found = f"format_version is {shown(version)}"
        raise archive.fault("E211", "meta", found, "need a whole number from 1")
    if version > FORMAT_VERSION:
        found = f"plan format {version}, this program reads up to {FORMAT_VERSION}"
        raise archive.fault("E206", "", found, "update: pip install -U aislewise")
    return MetaReader(settings, f"{archive.path}, meta")


def _check_names(archive: Archive, meta: MetaReader) -> None:
    optional = OPTIONAL.difference(*(m for m in TOGETHER if archive.names & m))
    known = set(MEMBERS)
    if not archive.names & set(SHIPPING_MEMBERS):
        known -= set(TRUCK_MEMBERS)
    if not archive.names & POD_MEMBERS:
        known -= set(MIXED_MEMBERS)
    for key, members in (("fleet.battery", {"charges"}), (SPLIT_KEY, SPLIT_MEMBERS)):
        if meta.has(key):
            optional -= set(members)
        else:
            known -= set(members)
    missing = [n for n in MEMBERS if n not in archive.names | optional]
    strange = sorted(archive.names - known)
    need = "need exactly the members that docs/plan-format.md lists"
    faults = [
        Fault("E207", f"{archive.path}, {name}.npy", found, need)
        for names, found in ((missing, "is missing"), (strange, "is no part of a plan"))
        for name in names
    ]
    if faults:
        raise InputError(faults)


def _parse(
    archive: Archive, data: Mapping[str, MemberBytes]
) -> dict[str, NDArray[Any]]:
    arrays, faults = {}, []
    for name, member in data.items():
        dtype, ndim = MEMBERS[name]
        try:
            arrays[name] = parse_npy(member, dtype, ndim, archive.total_bytes)
        except ValueError as error:
            found, _, need = str(error).partition(", need ")
            place = f"{archive.path}, {name}.npy"
            faults.append(Fault("E208", place, found, f"need {need or 'an array'}"))
    if faults:
        raise InputError(faults)
    return arrays


def _check_digest(archive: Archive, data: Mapping[str, MemberBytes]) -> None:
    try:
        written = str(parse_npy(data["sha256"], None, 0, archive.total_bytes))
    except ValueError:
        written = ""
    if written != _digest(data):
        found = "changed after it was written: its sha256 is another"
        need = "use the original; `aislewise check` says what an edited plan breaks"
        raise archive.fault("E210", "", found, need)


def _build(archive: Archive, arrays: dict[str, NDArray[Any]], meta: MetaReader) -> Plan:
    _check_lengths(archive, arrays)
    stock = arrays["stock"]
    scenario = Scenario(
        name=meta.take("scenario.name", str),
        layout=read_layout(meta, arrays["layout_kinds"], arrays["layout_exits"]),
        sku_names=tuple(arrays["sku_names"].tolist()),
        stock=Stock(*(_column(stock, name) for name in ("sku", "cell", "quantity"))),
        orders=_orders(arrays),
        fleet=read_fleet(meta, arrays["start_cells"], arrays.get("robot_kinds")),
        stations=tuple(
            Station(name, cell, packers)
            for name, (cell, packers) in zip(
                arrays["station_names"].tolist(),
                arrays["stations"].tolist(),
                strict=True,
            )
        ),
        service=read_service(meta),
        sku_mass_kg=arrays.get("sku_mass_kg"),
        pods=read_pods(meta, arrays) if "pod_cells" in arrays else None,
        shipping=read_shipping(meta, arrays, tuple(arrays["sku_names"].tolist())),
        staff=read_staff(arrays),
    )
    bound, plan_meta = read_bound(meta), meta.take("plan", dict)
    work = _pod_work(arrays, read_splitting(meta, arrays))
    meta.raise_faults()
    return Plan(
        scenario=scenario,
        cells=arrays["cells"],
        headings=arrays.get("headings"),
        stops=arrays["stops"],
        picks=arrays["picks"],
        drops=arrays["drops"],
        packing=arrays["packing"],
        unserved=arrays["unserved"],
        bound=bound,
        meta=plan_meta,
        pod_work=work,
        shares=arrays.get("line_shares"),
        consignment=read_consignment(arrays),
    )


def _orders(arrays: dict[str, NDArray[Any]]) -> Orders:
    orders, lines = arrays["orders"], arrays["order_lines"]
    return Orders(
        names=tuple(arrays["order_names"].tolist()),
        release_s=_column(orders, "release_s"),
        due_s=_column(orders, "due_s"),
        priority=_column(orders, "priority"),
        line_order=_column(lines, "order"),
        line_sku=_column(lines, "sku"),
        line_quantity=_column(lines, "quantity"),
        carrier=read_carriers(arrays),
        needs=read_needs(arrays),
    )


def _pod_work(
    arrays: dict[str, NDArray[Any]], splitting: Splitting | None
) -> PodWork | None:
    if "pod_cells" not in arrays:
        return None
    columns: dict[str, Any] = {
        name: arrays[name]
        for name in ("open_orders", "charges", "refills")
        if name in arrays
    }
    stops, picks = arrays["pod_stops"], arrays["pod_picks"]
    return PodWork(stops, picks, **columns, splitting=splitting)


def _column(table: NDArray[Any], name: str) -> NDArray[Any]:
    return np.ascontiguousarray(table[name])


def _check_lengths(archive: Archive, arrays: dict[str, NDArray[Any]]) -> None:
    """Refuse members that describe the same things in different numbers."""
    shapes = {name: array.shape for name, array in arrays.items()}
    robots = shapes["start_cells"]
    pairs = [
        (
            "layout_exits",
            shapes["layout_exits"],
            "layout_kinds",
            shapes["layout_kinds"],
        ),
        ("order_names", shapes["order_names"], "orders", shapes["orders"]),
        ("station_names", shapes["station_names"], "stations", shapes["stations"]),
        ("cells (robots)", shapes["cells"][1:], "start_cells", robots),
    ]
    if "sku_mass_kg" in shapes:
        names = shapes["sku_names"]
        pairs.append(("sku_mass_kg", shapes["sku_mass_kg"], "sku_names", names))
    if "robot_kinds" in shapes:
        pairs.append(("robot_kinds", shapes["robot_kinds"], "start_cells", robots))
        lines = shapes["order_lines"]
        pairs.append(("line_shares", shapes["line_shares"], "order_lines", lines))
    if "pod_cells" in shapes:
        pairs.append(
            ("pod_names", shapes["pod_names"], "pod_cells", shapes["pod_cells"])
        )
        slots, stations = shapes["order_slots"], shapes["stations"]
        pairs.append(("order_slots", slots, "stations", stations))
    if "fill_stations" in shapes:
        names, stations = shapes["fill_station_names"], shapes["fill_stations"]
        pairs.append(("fill_station_names", names, "fill_stations", stations))
        pods = shapes.get("pod_cells", ())
        pairs.append(("pod_capacity", shapes["pod_capacity"], "pod_cells", pods))
    more = length_pairs(arrays) + staff_pairs(arrays)
    pairs += [(a, shapes[a], b, shapes[b]) for a, b in more]
    if "headings" in shapes:
        pairs.append(("headings", shapes["headings"], "cells", shapes["cells"]))
    faults = [
        Fault(
            "E209", f"{archive.path}, {name}", f"shape {shape}", f"need {other} {same}"
        )
        for name, shape, other, same in pairs
        if shape != same
    ]
    if not shapes["cells"][0]:
        need = "need one row at least: where the robots begin"
        faults.append(Fault("E209", f"{archive.path}, cells", "no rows", need))
    if faults:
        raise InputError(faults)


def _check_pointers(archive: Archive, plan: Plan) -> None:
    """Refuse a plan whose rows cannot be followed: nothing could be shown of it."""
    broken = check_structure(plan)
    if broken:
        need = "get the original; `aislewise check` lists everything that is wrong"
        raise InputError(
            Fault("E212", str(archive.path), violation.message, need)
            for violation in broken[:MOST_NAMED]
        )
