"""The panel of an order, a SKU or a conflict that is selected."""

import numpy as np

from viz.carton_panel import paint_cartons
from viz.clock import clock, count
from viz.column import Column
from viz.conflicts import robots_of
from viz.late import CAUSE_OF_ONE
from viz.order_story import order_story, ordered_words
from viz.replay import STATE_WORDS, RobotState
from viz.view import View


def paint_found_detail(column: Column, view: View) -> None:
    """Write about the selected order, SKU or conflict."""
    if view.order is not None:
        _order(column, view, view.order)
    elif view.sku is not None:
        _sku(column, view, view.sku)
    elif view.conflict is not None:
        _conflict(column, view, view.conflict)


def _order(column: Column, view: View, order: int) -> None:
    palette, replay = column.palette, view.replay
    orders = replay.scenario.orders
    story = order_story(replay, order)
    done_s = replay.done.end_of(order)
    late, state, colour = order in replay.late.causes, "open", palette.text_muted
    if done_s <= view.now_s:
        state = "done late" if late else "done"
        colour = palette.bad if late else palette.good
    column.title(f"Order {orders.names[order]}", state, colour)
    column.write(ordered_words(replay, order), colour=palette.text_muted)
    cause = replay.late.causes.get(order)
    if cause is not None:
        column.write(f"late: {CAUSE_OF_ONE[cause]}", colour=palette.bad)
    paint_cartons(column, replay, order)
    robots = sorted({chapter.robot for chapter in story if chapter.robot >= 0})
    column.heading(
        "ITS STORY", "robot " + ", ".join(map(str, robots)) if robots else ""
    )
    # What comes next stays in sight, with the latest that has happened above it.
    passed = sum(chapter.at_s <= view.now_s for chapter in story)
    lines = column.lines_left()
    first = max(0, min(passed - 2, len(story) - lines))
    for number, chapter in enumerate(story[first:], start=first):
        ink = palette.text if number < passed else palette.text_faint
        column.write(chapter.words, clock(chapter.at_s), colour=ink)


def _sku(column: Column, view: View, sku: int) -> None:
    palette, scenario = column.palette, view.replay.scenario
    stock, orders = scenario.stock, scenario.orders
    rows = np.flatnonzero(stock.sku == sku)
    lines = np.flatnonzero(orders.line_sku == sku)
    units = int(stock.quantity[rows].sum())
    column.title(f"SKU {scenario.sku_names[sku]}", f"{units:,} in stock", palette.text)
    wanted = count(int(orders.line_quantity[lines].sum()), "unit")
    words = f"{wanted} in {count(len(lines), 'order line')}"
    column.write(words, colour=palette.text_muted)
    column.heading("WHERE IT LIES", "units at the start")
    for row in rows[np.argsort(-stock.quantity[rows], kind="stable")].tolist():
        place = scenario.layout.place(int(stock.cell[row]))
        column.write(place, f"{stock.quantity[row]:,}")


def _conflict(column: Column, view: View, number: int) -> None:
    palette, conflicts = column.palette, view.replay.conflicts
    found = len(conflicts.found)
    beside = f"{number + 1} of {found:,}" + ("" if conflicts.done else " so far")
    column.title("Conflict", beside, palette.bad)
    conflict = conflicts.found[number]
    column.write(conflict.rule, colour=palette.text_muted)
    column.paragraph(conflict.message)
    column.write("C is the next, X lists all", colour=palette.text_faint)
    column.heading("ITS ROBOTS")
    for robot in robots_of(conflict):
        state = RobotState(int(view.moment.state[robot]))
        colour = palette.states[state]
        column.write(f"Robot {robot}", STATE_WORDS[state], beside_colour=colour)
