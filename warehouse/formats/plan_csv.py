"""A plan as CSV files for people and spreadsheets: names, rows and columns, seconds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from warehouse.errors import Fault, InputError
from warehouse.formats.consignment_csv import consignment_tables
from warehouse.formats.plan_cells import (
    names_of,
    numbers_of,
    places_of,
    rounded,
    station_names,
    steps_in_s,
)
from warehouse.formats.pod_plan_csv import pod_tables_csv
from warehouse.formats.table import write_table
from warehouse.formats.text_file import WRITE_MEND
from warehouse.lateness import lateness_of
from warehouse.plan import REASON_TEXT, Plan, StopKind, UnservedReason

HEADING_NAMES: Final = ("up", "right", "down", "left")


def write_plan_csv(plan: Plan, folder: str | Path) -> None:
    """Write robots, stops, picks, deliveries, packing and unserved as CSV files.

    Of a plan with pods, its tables as well: pod stops, pod picks, open orders, and
    charges and refills where there are any.
    Where orders are packed in cartons, also cartons, units and loads.

    Parameters
    ----------
    plan : Plan
    folder : str or Path
        Made if it is not there; files of these names in it are replaced.

    Raises
    ------
    InputError
        E107, if a file cannot be written.
    """
    folder = Path(folder)
    tables = {
        "stops": _stops(plan),
        "picks": _picks(plan),
        "deliveries": _deliveries(plan),
        "packing": _packing(plan),
        "unserved": _unserved(plan),
        **pod_tables_csv(plan),
    }
    if plan.consignment is not None:
        tables |= consignment_tables(plan, plan.consignment)
    for name, columns in tables.items():
        write_table(folder / f"{name}.csv", columns)
    path = folder / "robots.csv"
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_robot_lines(plan))
    except OSError as error:
        found = f"it cannot be written ({error.strerror})"
        raise InputError([Fault("E107", str(path), found, WRITE_MEND)]) from error


def _robot_lines(plan: Plan) -> Iterator[str]:
    """Lines of ``robots.csv``, a step at a time: they can be many."""
    yield "step,second,robot,row,col" + (",heading\n" if _turns(plan) else "\n")
    place = [
        "{},{}".format(*plan.scenario.layout.row_col(cell))
        for cell in range(plan.scenario.layout.kinds.size)
    ]
    for step, cells in enumerate(plan.cells):
        clock = f"{step},{rounded(step * plan.scenario.step_s)}"
        ends = ["\n"] * len(cells)
        if plan.headings is not None:
            ends = [f",{HEADING_NAMES[h]}\n" for h in plan.headings[step].tolist()]
        for robot, (cell, end) in enumerate(zip(cells.tolist(), ends, strict=True)):
            yield f"{clock},{robot},{place[cell]}{end}"


def _turns(plan: Plan) -> bool:
    return plan.headings is not None


def _stops(plan: Plan) -> dict[str, Any]:
    stops = plan.stops
    return {
        "stop": range(len(stops)),
        "robot": stops["robot"].tolist(),
        "trip": stops["trip"].tolist(),
        "kind": [StopKind(kind).name.lower() for kind in stops["kind"].tolist()],
        **places_of(plan, stops["cell"]),
        "station": station_names(plan, stops["station"]),
        "start_step": stops["start"].tolist(),
        "end_step": stops["end"].tolist(),
        "start_s": steps_in_s(plan, stops["start"]),
        "end_s": steps_in_s(plan, stops["end"]),
    }


def _picks(plan: Plan) -> dict[str, Any]:
    picks, orders = plan.picks, plan.scenario.orders
    stops = plan.stops[picks["stop"]]
    row, col = np.divmod(picks["rack"], plan.scenario.layout.width)
    return {
        "stop": picks["stop"].tolist(),
        "robot": stops["robot"].tolist(),
        "trip": stops["trip"].tolist(),
        "order": names_of(orders.names, orders.line_order[picks["line"]]),
        "sku": names_of(plan.scenario.sku_names, orders.line_sku[picks["line"]]),
        "quantity": picks["quantity"].tolist(),
        "rack_row": row.tolist(),
        "rack_col": col.tolist(),
        "start_s": steps_in_s(plan, stops["start"]),
        "end_s": steps_in_s(plan, stops["end"]),
    }


def _deliveries(plan: Plan) -> dict[str, Any]:
    drops = plan.drops
    stops = plan.stops[drops["stop"]]
    return {
        "stop": drops["stop"].tolist(),
        "robot": stops["robot"].tolist(),
        "trip": stops["trip"].tolist(),
        "order": names_of(plan.scenario.orders.names, drops["order"]),
        "station": station_names(plan, stops["station"]),
        "start_s": steps_in_s(plan, stops["start"]),
        "end_s": steps_in_s(plan, stops["end"]),
    }


def _packing(plan: Plan) -> dict[str, Any]:
    packing, orders = plan.packing, plan.scenario.orders
    lateness = lateness_of(plan)
    return {
        "order": names_of(orders.names, packing["order"]),
        "station": station_names(plan, packing["station"]),
        "packer": _packers(plan),
        "start_s": numbers_of(packing["start_s"]),
        "end_s": numbers_of(packing["end_s"]),
        "due_s": numbers_of(lateness.due_s),
        "late_s": numbers_of(lateness.late_s),
    }


def _packers(plan: Plan) -> list[Any]:
    """Number of each packer at the station, or the name where there are names."""
    packing, staff = plan.packing, plan.scenario.staff
    if staff is None:
        return list(packing["packer"].tolist())
    who = staff.row_of(packing["station"], packing["packer"])
    return names_of(staff.packers.names, who)


def _unserved(plan: Plan) -> dict[str, Any]:
    rows, orders = plan.unserved, plan.scenario.orders
    return {
        "order": names_of(orders.names, orders.line_order[rows["line"]]),
        "sku": names_of(plan.scenario.sku_names, orders.line_sku[rows["line"]]),
        "quantity": rows["quantity"].tolist(),
        "reason": [UnservedReason(r).name.lower() for r in rows["reason"].tolist()],
        "explanation": [
            REASON_TEXT[UnservedReason(r)] for r in rows["reason"].tolist()
        ],
    }
