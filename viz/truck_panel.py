"""The panel of a truck that is selected: its load, and what is late for it."""

from typing import Final

import numpy as np
import pygame

from viz.clock import clock, count, share
from viz.column import Column
from viz.view import View

_RAIL: Final = 4  # pixels of the height of a bar


def paint_truck(column: Column, view: View, truck: int) -> None:
    """Write about the selected truck."""
    palette, trucks = column.palette, view.replay.trucks
    leaves_s = float(trucks.departs_s[truck]) - view.now_s
    state = f"leaves in {clock(leaves_s)}" if leaves_s > 0 else "has left"
    carrier = trucks.given.carrier[truck]
    column.title(carrier, state, palette.text if leaves_s > 0 else palette.text_faint)
    when = f"departs {clock(float(trucks.departs_s[truck]))}"
    door = f"door {trucks.given.door[truck]}"
    column.write(when, door, colour=palette.text_muted)
    if trucks.figures:
        figures = trucks.figures[truck]
        _load(column, "m³", figures.volume_m3, figures.capacity_m3)
        _load(column, "kg", figures.mass_kg, figures.capacity_kg)
    late = trucks.late_for(truck)
    # Those on board keep a third of the lines.
    _late(column, view, late, max(1, column.lines_left() * 2 // 3 - 2))
    riding = trucks.orders_on(truck)
    cartons = trucks.figures[truck].cartons if trucks.figures else 0
    words = f"takes {count(len(riding), 'order')}"
    column.heading(words.upper(), count(cartons, "carton"))
    _orders(column, view, riding, column.lines_left())


def _load(column: Column, unit: str, loaded: float, most: float) -> None:
    """Write how much is loaded, with a bar for its share of what the truck holds."""
    limited = np.isfinite(most) and most > 0
    words = f"{_amount(loaded)} of {_amount(most)}" if limited else _amount(loaded)
    words += f" {unit}"
    column.write(words, share(loaded / most) if limited else "no limit")
    if limited and column.lines_left():
        rail = pygame.Rect(column.left, column.y, column.room, _RAIL)
        pygame.draw.rect(column.target, column.palette.background, rail)
        rail.width = round(rail.width * min(loaded / most, 1.0))
        pygame.draw.rect(column.target, column.palette.accent, rail)
        column.y += _RAIL + 6


def _amount(number: float) -> str:
    """Write a number with as many decimals as matter."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _late(column: Column, view: View, late: list[int], lines: int) -> None:
    """List orders that are late for the truck, with what made them so."""
    if not late:
        return
    causes = view.replay.late.causes
    column.heading(f"{len(late)} LATE FOR IT", "because of")
    bad = column.palette.bad
    for shown, order in enumerate(late):
        if shown + 1 == lines < len(late):
            words = f"and {len(late) - shown} more"
            column.write(words, colour=column.palette.text_faint)
            return
        name = view.replay.scenario.orders.names[order]
        column.write(name, causes[order].value, beside_colour=bad)


def _orders(column: Column, view: View, orders: list[int], lines: int) -> None:
    """List orders in the order of loading, with when each is packed."""
    palette, names = column.palette, view.replay.scenario.orders.names
    for shown, order in enumerate(orders):
        if shown + 1 == lines < len(orders):
            column.write(f"and {len(orders) - shown} more", colour=palette.text_faint)
            return
        end_s = view.replay.done.end_of(order)
        colour = palette.text if end_s <= view.now_s else palette.text_faint
        when = f"packed {clock(end_s)}" if np.isfinite(end_s) else "not packed"
        column.write(names[order], when, colour=colour)
