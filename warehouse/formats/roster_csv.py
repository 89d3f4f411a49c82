"""A roster as a table: what each packer does, breaks too, in the order of time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from warehouse.formats.table import plain, write_table
from warehouse.packing_day import NO_TRUCK, PackedOrder, PackingDay, breaks_taken

COLUMNS: Final = (
    "packer", "station", "what", "order", "carton", "start_s", "end_s", "due_s",
    "late_s", "carrier", "departs_s",
)  # fmt: skip


def write_roster(day: PackingDay, rows: Sequence[PackedOrder], path: Path) -> None:
    """Write what each packer does: orders with their setup, and breaks.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    lines = [(row.packer, row.start_s, _order_cells(day, row)) for row in rows]
    for packer, start_s, end_s in breaks_taken(day, rows):
        cells = ["break", "", "", _ms(start_s), _ms(end_s), *[""] * 4]
        lines.append((packer, start_s, cells))
    lines.sort(key=lambda line: line[:2])
    packers = day.packers
    table = [
        [packers.names[packer], day.stations[packers.station[packer]], *cells]
        for packer, _, cells in lines
    ]
    columns = zip(*table, strict=True) if table else [()] * len(COLUMNS)
    write_table(path, dict(zip(COLUMNS, columns, strict=True)))


def _order_cells(day: PackingDay, row: PackedOrder) -> list[str]:
    jobs, trucks = day.jobs, day.trucks
    due_s, truck = float(jobs.due_s[row.order]), int(jobs.truck[row.order])
    known = truck != NO_TRUCK
    return [
        "order",
        jobs.names[row.order],
        day.cartons[jobs.carton[row.order]],
        _ms(row.start_s),
        _ms(row.end_s),
        _ms(due_s),
        _ms(max(0.0, row.end_s - due_s)),
        trucks.carrier[truck] if known else "",
        _ms(float(trucks.departs_s[truck])) if known else "",
    ]


def _ms(seconds: float) -> str:
    return plain(round(seconds, 3))
