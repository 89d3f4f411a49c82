"""The report: one page with everything in it, for people who were not there."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from shlex import quote
from typing import Final

import numpy as np

from viz import svg
from viz.battery_report import (
    battery_words,
    charger_rows,
    charger_table,
    level_chart,
)
from viz.clock import clock, count, share, way
from viz.embedded_replay import replay_player, replay_style
from viz.export import ProgressCallback
from viz.fleet_report import fleet_charts
from viz.fleet_use import activities
from viz.heat_report import heat_maps
from viz.lateness_report import lateness
from viz.mixed_report import mixed_cards
from viz.page import bars, html_page, legend, section, table
from viz.pod_report import Card, pod_cards, pod_facts
from viz.replay import Replay
from viz.report_style import STYLE
from viz.roster_sheet import ROSTER_STYLE
from viz.shipping_report import truck_table
from viz.station_report import station_chart
from viz.svg_bars import pace_bars
from warehouse.battery_metrics import measure_batteries
from warehouse.layout import CellKind
from warehouse.metrics import Metrics, measure
from warehouse.plan import REASON_TEXT, Plan, UnservedReason

_PARTS: Final = 13
_PART_WORDS: Final = {
    "stations": "Packing stations",
    "robots": "Robots",
    "longest_order": "Longest order",
    "both": "Stations and robots",
}
_BINDING_WORDS: Final = {
    "stations": "the packing stations have that much work, even if they never pause",
    "robots": "the robots have that much driving and serving to do, "
    "even if none ever gets in the way of another",
    "longest_order": "one order alone takes that long",
    "both": "stations and robots together have that much to do, whatever comes from "
    "racks and whatever from pods",
}


def write_report(
    plan: Plan, path: str | Path, *, on_progress: ProgressCallback | None = None
) -> None:
    """Write the report of a plan as one self-contained HTML file.

    Parameters
    ----------
    plan : Plan
    path : str or Path
    on_progress : callable, optional
        Called with the share of the parts that are done, and words.
    """
    html = report_html(plan, on_progress=on_progress)
    Path(path).write_text(html, encoding="utf-8")


def report_html(plan: Plan, *, on_progress: ProgressCallback | None = None) -> str:
    """Return the report of a plan as HTML that needs no network."""
    name = plan.scenario.name or plan.scenario.layout.name
    body = [f"<h1>{escape(name)}</h1>"]
    for part in _parts(plan):
        body.append(part)
        if on_progress is not None:
            on_progress(len(body) / (_PARTS + 1), f"{len(body)} parts")
    style = STYLE + replay_style()
    if plan.scenario.staff is not None:
        style += ROSTER_STYLE
    return html_page(f"{name} - Aislewise report", style, "\n".join(body))


def _parts(plan: Plan) -> Iterator[str]:
    """Yield the parts of the page, each when it is made."""
    replay, metrics = Replay.from_plan(plan), measure(plan)
    yield _facts(plan)
    yield _cards(replay, metrics)
    yield _limit(plan, metrics)
    used = activities(replay)
    yield section("The plan at work", replay_player(replay, used))
    yield _packed(replay, metrics)
    yield _stations(replay)
    yield section("Where it happens", heat_maps(replay))
    yield section("Use of the fleet", fleet_charts(replay, used))
    yield _batteries(replay)
    yield _lateness(replay)
    yield _shipping(plan)
    yield _unserved(plan)
    yield _reproduce(plan)


def _facts(plan: Plan) -> str:
    scenario = plan.scenario
    layout = scenario.layout
    racks = int(np.count_nonzero(layout.kinds == CellKind.RACK))
    store = [count(racks, "rack cell")]
    if scenario.is_mixed:
        store += pod_facts(plan)
    elif scenario.pods is not None:
        store = pod_facts(plan)
    facts = [
        f"{layout.height} x {layout.width} cells of {layout.cell_size_m:g} m",
        *store,
        count(len(scenario.sku_names), "SKU"),
        count(len(scenario.orders), "order"),
        count(scenario.orders.lines, "line"),
        count(len(scenario.fleet), "robot"),
        count(len(scenario.stations), "station"),
    ]
    return f'<p class="facts">{" · ".join(facts)}</p>'


def _cards(replay: Replay, metrics: Metrics) -> str:
    cards = _tote_cards(replay, metrics)
    if replay.scenario.is_mixed:
        cards = mixed_cards(replay, metrics)
    elif replay.scenario.pods is not None:
        cards = pod_cards(replay, metrics)
    return '<div class="cards">{}</div>'.format(
        "".join(
            f'<div class="card{style}"><span>{head}</span><b>{value}</b>'
            f"<small>{remark}</small></div>"
            for head, value, remark, style in cards
        )
    )


def _tote_cards(replay: Replay, metrics: Metrics) -> list[Card]:
    units = int(replay.work.units.sum())
    orders = len(replay.work.order)
    hours = metrics.makespan_s / 3600
    late = len(replay.late.causes)
    pace = f"{units / hours:,.0f} an hour" if hours else "nothing to pack"
    robots = 1 - metrics.robot_shares["idle"] if replay.plan.steps else 0.0
    people = np.array([station.packers for station in replay.scenario.stations])
    busy = np.array([station.busy for station in metrics.stations])
    packers = float((busy * people).sum() / max(1, people.sum()))
    return [
        ("Makespan", clock(metrics.makespan_s), "until all is packed", ""),
        ("Lower bound", clock(metrics.bound_s), "no plan can be faster", ""),
        ("Gap", share(metrics.gap), "above the bound", " lead"),
        ("Units packed", f"{units:,}", pace, ""),
        ("Orders packed", f"{orders:,}", f"of {len(replay.scenario.orders):,}", ""),
        ("Late orders", f"{late:,}", "or never packed", ""),
        ("Robots at work", share(robots), "of the time, with waiting", ""),
        ("Packers at work", share(packers), "until all is packed", ""),
    ]


def _limit(plan: Plan, metrics: Metrics) -> str:
    """Say in words how far the plan is from the best possible, and why."""
    parts = plan.bound.makespan_s
    if not parts or metrics.bound_s <= 0:
        words = "No lower bound is known for this plan."
        return section("How far from the best possible", f"<p>{words}</p>")
    why = _BINDING_WORDS.get(metrics.binding, "of the part marked below")
    words = (
        f"The plan takes {clock(metrics.makespan_s)}. No plan that serves the same "
        f"units can take less than {clock(metrics.bound_s)}, because {why}. "
    )
    excess_s = metrics.makespan_s - metrics.bound_s
    if excess_s > 0.5:
        words += (
            f"So at most {clock(excess_s)} could still be saved "
            f"({share(excess_s / metrics.makespan_s)} of the plan's time); "
            "the best possible lies somewhere between."
        )
    else:
        words += "So the plan is as fast as any plan can be."
    most = max(metrics.makespan_s, metrics.bound_s)
    rows = [("This plan", metrics.makespan_s / most, clock(metrics.makespan_s), False)]
    for part, value in parts.items():
        binds = part == metrics.binding
        remark = f"{clock(value)}{' · binds' if binds else ''}"
        rows.append((_PART_WORDS.get(part, part), value / most, remark, binds))
    body = f"<p>{words}</p>\n{bars(rows)}{_further_limits(metrics)}"
    return section("How far from the best possible", body)


def _further_limits(metrics: Metrics) -> str:
    """Say how far driving and lateness are from what no plan can beat, if known."""
    words = []
    if metrics.travel_bound_m > 0:
        words.append(
            f"The robots drive {way(metrics.travel_m)}; no plan that serves "
            f"the same units drives less than {way(metrics.travel_bound_m)}."
        )
    if metrics.tardiness_bound_s > 0:
        words.append(
            f"Packed orders are late by {clock(metrics.tardiness_s)} in sum; no plan "
            f"could bring that below {clock(metrics.tardiness_bound_s)}."
        )
    return f'\n<p class="below">{" ".join(words)}</p>' if words else ""


def _packed(replay: Replay, metrics: Metrics) -> str:
    """Tell how orders are done over time, in sum and by pace."""
    done = "done" if replay.scenario.pods is not None else "packed"
    title, done_s = f"Orders {done} over time", replay.done.finished_s
    if not len(done_s):
        return section(title, f"<p>No order is {done}.</p>")
    last_s, bound_s = float(done_s.max()), metrics.bound_s
    curve = svg.packed_curve(done_s, bound_s, title)
    pace = len(done_s) * 3600 / bound_s if bound_s > 0 else 0.0
    pace_title = f"Orders {done} an hour"
    return section(
        title,
        '<p class="muted">The dashed lines are a steady pace that would end at the '
        f"bound.</p>\n{curve}\n<h3>{pace_title}</h3>\n"
        f"{pace_bars(done_s, last_s, pace, pace_title)}",
    )


def _stations(replay: Replay) -> str:
    body, rows = station_chart(replay)
    return section("Work of the stations", body, long=rows > 30)


def _batteries(replay: Replay) -> str:
    """Levels and chargers over time; nothing where there are no batteries."""
    batteries, figures = replay.batteries, measure_batteries(replay.plan)
    if batteries is None or figures is None:
        return ""
    key = legend(
        [
            ("serving", "highest level"),
            ("mean", "mean level"),
            ("waiting", "lowest level"),
            ("reserve", "reserve, dashed"),
        ]
    )
    chargers = charger_rows(replay, figures)
    end_s = replay.plan.steps * replay.step_s
    heads, rows = charger_table(figures)
    return section(
        "Batteries and chargers",
        f"<p>{battery_words(figures, batteries.reserve)}</p>\n"
        f"{level_chart(replay, batteries)}\n{key}\n"
        '<p class="muted">Each bar is a robot that charges, at the charger in the row '
        "and column named; at the right, the share of time in use.</p>\n"
        f"{svg.gantt(chargers, end_s, 'Use of every charger over time')}\n"
        f"{table(heads, rows)}",
        long=len(rows) > 15,
    )


def _lateness(replay: Replay) -> str:
    body, orders = lateness(replay)
    return section("Lateness", body, long=orders > 0)


def _shipping(plan: Plan) -> str:
    """Tell what the trucks take; nothing where there are none."""
    heads, trucks = truck_table(plan)
    return section("Trucks", table(heads, trucks), long=True) if trucks else ""


def _unserved(plan: Plan) -> str:
    scenario, unserved = plan.scenario, plan.unserved
    if not len(unserved):
        return section("Not served", "<p>Every order line is served in full.</p>")
    units = int(unserved["quantity"].sum())
    words = (
        f"{count(units, 'unit')} of {count(len(unserved), 'order line')} not served."
    )
    rows = []
    for record in unserved:
        line = int(record["line"])
        rows.append(
            [
                scenario.orders.names[scenario.orders.line_order[line]],
                scenario.sku_names[scenario.orders.line_sku[line]],
                f"{record['quantity']:,} of {scenario.orders.line_quantity[line]:,}",
                REASON_TEXT[UnservedReason(int(record["reason"]))],
            ]
        )
    listing = table(["Order", "SKU", "Units", "Reason"], rows)
    return section("Not served", f"<p>{words}</p>\n{listing}", long=True)


def _reproduce(plan: Plan) -> str:
    """Tell how the plan was made and how to make it again."""
    words = ["aislewise plan SCENARIO -o PLAN"]
    for key in (
        "seed",
        "iterations",
        "time_limit_s",
        "objective",
        "partial",
        "decisions",
        "rules",
    ):
        value = plan.meta.get(key)
        if value is not None:
            option = key.removesuffix("_s").replace("_", "-")
            option = "pod-rules" if option == "rules" else option
            words.append(f"--{option} {quote(str(value))}")
    command = " ".join(words)
    rows = [[key, str(value)] for key, value in sorted(plan.meta.items())]
    listing = table(["What", "Value"], rows) if rows else ""
    return section(
        "How to reproduce", f"<p><code>{escape(command)}</code></p>\n{listing}"
    )
