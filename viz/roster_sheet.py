"""The roster on paper: a chart for each station, and a page for each packer."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

import numpy as np

from viz import svg
from viz.clock import clock, count
from viz.page import html_page
from viz.report_style import STYLE
from warehouse.packing_day import (
    NO_TRUCK,
    PackedOrder,
    PackingDay,
    breaks_taken,
    is_late,
)

_PITCH: Final = 26.0
ROSTER_STYLE: Final = """
.shift { fill: var(--track); }
.order { fill: var(--station); background: var(--station); }
.break { fill: var(--charging); background: var(--charging); }
.late { fill: var(--waiting); background: var(--waiting); }
.truck { stroke: var(--accent); stroke-width: 1.5; stroke-dasharray: 4 3; }
tr.break td { background: none; font-style: italic; }
tr.late td { background: none; font-weight: 700; }
@media print { section.sheet { break-before: page; break-inside: auto; } }
"""


def write_roster_sheet(
    day: PackingDay, rows: Sequence[PackedOrder], path: str | Path
) -> None:
    """Write what every packer does as one self-contained HTML file, for printing.

    Parameters
    ----------
    day : PackingDay
    rows : sequence of PackedOrder
    path : str or Path
    """
    Path(path).write_text(roster_html(day, rows), encoding="utf-8")


def roster_html(day: PackingDay, rows: Sequence[PackedOrder]) -> str:
    """Return the roster as HTML that needs no network and no script.

    First a chart of all stations with shifts, breaks, orders and trucks; then for each
    packer the list of what to pack, on a page of its own when it is printed.
    """
    breaks = breaks_taken(day, rows)
    late = sum(is_late(day, row) for row in rows)
    facts = [
        count(len(day.stations), "station"),
        count(len(day.packers.names), "packer"),
        f"{len(rows):,} of {count(len(day.jobs.names), 'order')} packed",
        f"{late:,} late",
        count(len(day.trucks), "truck"),
    ]
    body = [f"<h1>{escape(day.name)}</h1>"]
    body.append(f'<p class="facts">{" · ".join(facts)}</p>')
    body.append(
        f'<section class="long">\n<h2>All stations</h2>\n{roster_chart(day, rows)}\n'
        "</section>"
    )
    for packer in range(len(day.packers.names)):
        own = sorted(
            (row for row in rows if row.packer == packer), key=lambda row: row.start_s
        )
        pauses = [(start, end) for who, start, end in breaks if who == packer]
        body.append(_sheet(day, packer, own, pauses))
    title = f"{day.name} - Aislewise roster"
    return html_page(title, STYLE + ROSTER_STYLE, "\n".join(body))


def roster_chart(day: PackingDay, rows: Sequence[PackedOrder]) -> str:
    """Bars of all packers, station by station, with the trucks as lines; as HTML.

    Colours are those of `ROSTER_STYLE`.
    """
    packers, breaks = day.packers, breaks_taken(day, rows)
    order = np.argsort(packers.station, kind="stable").tolist()
    place = {packer: line for line, packer in enumerate(order)}
    shifts = packers.end_s[np.isfinite(packers.end_s)].tolist()
    ends = [row.end_s for row in rows] + [end for _, _, end in breaks]
    end_s = max([1.0, *ends, *day.trucks.departs_s.tolist()])
    end_s = max([end_s, *(min(shift, 1.2 * end_s) for shift in shifts)])
    axis = svg.TimeAxis(end_s, 150, svg.WIDTH - 8)
    bottom = 6 + _PITCH * len(order)

    def bar(packer: int, begin_s: float, finish_s: float, style: str) -> str:
        x = axis.x(begin_s)
        width = max(0.4, axis.x(min(finish_s, end_s)) - x - 0.5)
        return svg.rect(x, 9 + _PITCH * place[packer], width, _PITCH - 8, style)

    parts = axis.marks(4, bottom)
    for packer in order:
        words = f"{day.stations[packers.station[packer]]} · {packers.names[packer]}"
        shown = words if len(words) <= 22 else f"{words[:21]}…"
        y = 6 + _PITCH * place[packer] + _PITCH / 2 + 4
        parts.append(svg.text(142, y, shown, anchor="end"))
        start_s = float(packers.start_s[packer])
        parts.append(bar(packer, start_s, float(packers.end_s[packer]), "shift"))
    parts += [bar(packer, start, end, "break") for packer, start, end in breaks]
    for row in rows:
        style = "late" if is_late(day, row) else "order"
        parts.append(bar(row.packer, row.start_s, row.end_s, style))
    for departs_s in day.trucks.departs_s.tolist():
        x = axis.x(departs_s)
        parts.append(f'<path class="truck" d="M{x:.1f} 4V{bottom:.1f}"/>')
    key = "".join(
        f'<li><i class="{style}"></i>{words}</li>'
        for style, words in (
            ("order", "packed in time"),
            ("late", "packed too late"),
            ("break", "break"),
        )
    )
    figure = svg.figure(parts, bottom + 24, "What every packer does over time")
    return f'{figure}\n<ul class="key">{key}<li>dashed: a truck departs</li></ul>'


def _sheet(
    day: PackingDay,
    packer: int,
    rows: Sequence[PackedOrder],
    pauses: Sequence[tuple[float, float]],
) -> str:
    """List of what a packer does, in the order of time."""
    packers = day.packers
    before = [-1, *(int(day.jobs.carton[row.order]) for row in rows)]
    lines = [
        (row.start_s, _order_line(day, row, carton))
        for row, carton in zip(rows, before, strict=False)
    ]
    for start_s, end_s in pauses:
        cells = f"<td>{clock(start_s)}</td><td>{clock(end_s)}</td>"
        line = f'<tr class="break">{cells}<td colspan="6">break</td></tr>'
        lines.append((start_s, line))
    lines.sort(key=lambda line: line[0])
    end_s = float(packers.end_s[packer])
    shift = f"shift from {clock(float(packers.start_s[packer]))}"
    shift += f" to {clock(end_s)}" if np.isfinite(end_s) else ""
    skills = ", ".join(sorted(packers.skills[packer]))
    station = escape(day.stations[packers.station[packer]])
    heads = "".join(
        f"<th>{head}</th>"
        for head in ("begin", "end", "order", "carton", "truck", "due", "late", "done")
    )
    return (
        f'<section class="sheet">\n<h2>{escape(packers.names[packer])}, station '
        f'{station}</h2>\n<p class="facts">{count(len(rows), "order")} · {shift}'
        f"{' · ' + escape(skills) if skills else ''}</p>\n"
        f"<table>\n<tr>{heads}</tr>\n"
        + "\n".join(line for _, line in lines)
        + "\n</table>\n</section>"
    )


def _order_line(day: PackingDay, row: PackedOrder, carton_before: int) -> str:
    """A row of the table; a carton of another kind than before is marked."""
    jobs, trucks = day.jobs, day.trucks
    carton, truck = int(jobs.carton[row.order]), int(jobs.truck[row.order])
    due_s = float(jobs.due_s[row.order])
    late = is_late(day, row)
    change = "" if carton == carton_before else " (set up)"
    leaves = ""
    if truck != NO_TRUCK:
        leaves = f"{trucks.carrier[truck]}, {clock(float(trucks.departs_s[truck]))}"
    cells = [
        clock(row.start_s),
        clock(row.end_s),
        escape(jobs.names[row.order]),
        escape(day.cartons[carton]) + change,
        escape(leaves),
        clock(due_s) if np.isfinite(due_s) else "",
        clock(row.end_s - due_s) if late else "",
        "&#9744;",
    ]
    style = ' class="late"' if late else ""
    return f"<tr{style}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
