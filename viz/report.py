"""The report: one page with everything in it, for people who were not there."""

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
from viz.clock import clock, count, share
from viz.embedded_replay import replay_player, replay_style
from viz.fleet_use import activities
from viz.mixed_report import mixed_cards
from viz.page import html_page
from viz.pod_report import Card, pod_cards, pod_facts
from viz.replay import STATE_WORDS, Replay, RobotState
from viz.report_style import STYLE
from viz.shipping_report import cause_table, cause_words, truck_table
from viz.station_report import station_chart
from viz.visits_report import visits_map
from warehouse.battery_metrics import measure_batteries
from warehouse.lateness import late_orders
from warehouse.layout import CellKind
from warehouse.metrics import Metrics, measure
from warehouse.plan import REASON_TEXT, Plan, UnservedReason

_ROWS: Final = 40  # of a table; the rest is counted
_MOMENTS: Final = 960  # at which the use of the fleet is looked at, at most
_BARS: Final = 96

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


def write_report(plan: Plan, path: str | Path) -> None:
    """Write the report of a plan as one self-contained HTML file.

    Parameters
    ----------
    plan : Plan
    path : str or Path
    """
    Path(path).write_text(report_html(plan), encoding="utf-8")


def report_html(plan: Plan) -> str:
    """Return the report of a plan as HTML that needs no network."""
    replay, metrics = Replay.from_plan(plan), measure(plan)
    table = activities(replay)
    name = plan.scenario.name or plan.scenario.layout.name
    body = "\n".join(
        [
            f"<h1>{escape(name)}</h1>",
            _facts(plan),
            _cards(replay, metrics),
            _limit(plan, metrics),
            _section("The plan at work", replay_player(replay, table)),
            _packed(replay, metrics),
            _stations(replay),
            _section("Where robots drive", visits_map(plan)),
            _fleet(replay),
            _batteries(replay),
            _lateness(replay),
            _shipping(plan),
            _unserved(plan),
            _reproduce(plan),
        ]
    )
    return html_page(f"{name} - Aislewise report", STYLE + replay_style(), body)


def _section(title: str, body: str, *, long: bool = False) -> str:
    style = ' class="long"' if long else ""
    return f"<section{style}>\n<h2>{title}</h2>\n{body}\n</section>"


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
    late = int(np.count_nonzero(replay.done.late_s > 0))
    pace = f"{units / hours:,.0f} an hour" if hours else "nothing to pack"
    return [
        ("Makespan", clock(metrics.makespan_s), "h:mm:ss", ""),
        ("Lower bound", clock(metrics.bound_s), "no plan can be faster", ""),
        ("Gap", share(metrics.gap), "above the bound", " lead"),
        ("Units packed", f"{units:,}", pace, ""),
        ("Orders packed", f"{orders:,}", f"of {len(replay.scenario.orders):,}", ""),
        ("Late orders", f"{late:,}", "packed after they are due", ""),
    ]


def _limit(plan: Plan, metrics: Metrics) -> str:
    """Say in words how far the plan is from the best possible, and why."""
    parts = plan.bound.makespan_s
    if not parts or metrics.bound_s <= 0:
        words = "No lower bound is known for this plan."
        return _section("How far from the best possible", f"<p>{words}</p>")
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
    rows = [("This plan", metrics.makespan_s, "")]
    rows += [
        (_PART_WORDS.get(part, part), value, "binds" if part == metrics.binding else "")
        for part, value in parts.items()
    ]
    bars = "".join(
        f'<span>{escape(name)}</span><div class="{style}">'
        f'<i style="width:{value / most:.1%}"></i></div>'
        f"<span>{clock(value)}{' · binds' if style else ''}</span>"
        for name, value, style in rows
    )
    return _section(
        "How far from the best possible",
        f'<p>{words}</p>\n<div class="parts">{bars}</div>',
    )


def _packed(replay: Replay, metrics: Metrics) -> str:
    title, none = "Orders packed over time", "No order is packed."
    if replay.scenario.pods is not None:
        title, none = "Orders done over time", "No order is done."
    end_s = replay.done.finished_s
    if not len(end_s):
        return _section(title, f"<p>{none}</p>")
    words = "The dashed line is a steady pace that would end at the bound."
    chart = svg.packed_curve(end_s, metrics.bound_s, title)
    return _section(title, f'<p class="muted">{words}</p>\n{chart}')


def _stations(replay: Replay) -> str:
    body, rows = station_chart(replay)
    return _section("Work of the stations", body, long=rows > 30)


def _fleet(replay: Replay) -> str:
    """Shares of the fleet by what robots do, over time."""
    steps = replay.plan.steps
    if not replay.robots or not steps:
        return _section("Use of the fleet", "<p>No robot moves.</p>")
    # Bars of at least one step, and as many looks in each.
    bars = min(_BARS, steps)
    looks = bars * max(1, min(_MOMENTS, steps) // bars)
    states = len(RobotState)
    shares = np.zeros((bars, states))
    for look in range(looks):
        t = int((look + 0.5) * steps / looks)
        shares[look * bars // looks] += np.bincount(
            replay.at(t).state, minlength=states
        )
    shares /= shares.sum(axis=1, keepdims=True)
    order = [
        RobotState.CARRYING,
        RobotState.EMPTY,
        RobotState.SERVING,
        RobotState.WAITING,
        RobotState.CHARGING,
        RobotState.IDLE,
    ]
    order = [state for state in order if state in replay.states]
    styles = tuple(state.name.lower() for state in order)
    chart = svg.stacked_bars(shares[:, order], styles, steps * replay.step_s)
    mean = shares.mean(axis=0)
    key = "".join(
        f'<li><i class="{state.name.lower()}"></i>{STATE_WORDS[state]} '
        f"{share(float(mean[state]))}</li>"
        for state in order
    )
    words = "What the robots do, as shares of the fleet"
    words += f", looked at {looks:,} times." if looks < steps else "."
    return _section(
        "Use of the fleet",
        f'<p class="muted">{words}</p>\n{chart}\n<ul class="key">{key}</ul>',
    )


def _batteries(replay: Replay) -> str:
    """Levels and chargers over time; nothing where there are no batteries."""
    batteries, figures = replay.batteries, measure_batteries(replay.plan)
    if batteries is None or figures is None:
        return ""
    key = "".join(
        f'<li><i style="background:var(--{colour})"></i>{words}</li>'
        for words, colour in (
            ("highest level", "serving"),
            ("mean level", "accent"),
            ("lowest level", "waiting"),
            ("reserve, dashed", "muted"),
        )
    )
    chargers = charger_rows(replay, figures)
    end_s = replay.plan.steps * replay.step_s
    heads, rows = charger_table(figures)
    return _section(
        "Batteries and chargers",
        f"<p>{battery_words(figures, batteries.reserve)}</p>\n"
        f'{level_chart(replay, batteries)}\n<ul class="key">{key}</ul>\n'
        '<p class="muted">Each bar is a robot that charges, at the charger in the row '
        "and column named; at the right, the share of time in use.</p>\n"
        f"{svg.gantt(chargers, end_s, 'Use of every charger over time')}\n"
        f"{_table(heads, rows[:_ROWS], len(rows))}",
        long=len(rows) > 15,
    )


def _lateness(replay: Replay) -> str:
    orders, work = replay.scenario.orders, replay.done
    late_s = work.late_s
    late = np.flatnonzero(late_s > 0)
    if not np.isfinite(orders.due_s).any():
        return _section("Lateness", "<p>No order has a due time.</p>")
    if not len(late):
        return _section("Lateness", "<p>No order is packed late.</p>")
    late = late[np.argsort(-late_s[late], kind="stable")]
    mean, worst = clock(float(late_s[late].mean())), clock(float(late_s[late[0]]))
    words = f"{count(len(late), 'order')} packed late, by {mean} on average"
    words += f" and {worst} at most."
    stations = replay.scenario.stations
    rows = [
        [
            orders.names[work.order[row]],
            stations[work.station[row]].name,
            clock(float(work.due_s[row])),
            clock(float(work.end_s[row])),
            clock(float(late_s[row])),
        ]
        for row in late[:_ROWS].tolist()
    ]
    table = _table(["Order", "Station", "Due", "Packed", "Late by"], rows, len(late))
    return _section("Lateness", f"<p>{words}</p>\n{table}", long=True)


def _shipping(plan: Plan) -> str:
    """Tell which orders miss their trucks, and what the trucks take."""
    heads, trucks = truck_table(plan)
    if not trucks:
        return ""
    body = _table(heads, trucks[:_ROWS], len(trucks))
    late = late_orders(plan)
    if late:
        table = _table(*cause_table(plan.scenario.orders, late[:_ROWS]), len(late))
        body += f"\n<p>{cause_words(late)}</p>\n{table}"
    return _section("Trucks", body, long=True)


def _unserved(plan: Plan) -> str:
    scenario, unserved = plan.scenario, plan.unserved
    if not len(unserved):
        return _section("Not served", "<p>Every order line is served in full.</p>")
    units = int(unserved["quantity"].sum())
    words = (
        f"{count(units, 'unit')} of {count(len(unserved), 'order line')} not served."
    )
    rows = []
    for record in unserved[:_ROWS]:
        line = int(record["line"])
        rows.append(
            [
                scenario.orders.names[scenario.orders.line_order[line]],
                scenario.sku_names[scenario.orders.line_sku[line]],
                f"{record['quantity']:,} of {scenario.orders.line_quantity[line]:,}",
                REASON_TEXT[UnservedReason(int(record["reason"]))],
            ]
        )
    table = _table(["Order", "SKU", "Units", "Reason"], rows, len(unserved))
    return _section("Not served", f"<p>{words}</p>\n{table}", long=True)


def _table(heads: list[str], rows: list[list[str]], total: int) -> str:
    """Return a table; says how many rows it leaves out."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>{}</tr>".format("".join(f"<td>{escape(cell)}</td>" for cell in row))
        for row in rows
    )
    more = ""
    if total > len(rows):
        more = f'<p class="muted">and {total - len(rows):,} more</p>'
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{more}"
    )


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
    table = _table(["What", "Value"], rows, len(rows)) if rows else ""
    return _section(
        "How to reproduce", f"<p><code>{escape(command)}</code></p>\n{table}"
    )
