"""A pick station in the list of stations: its slots, and what is picked."""

from typing import Final

import pygame

from viz.arrangement import Area
from viz.palette import Palette
from viz.text import Type
from viz.view import View

_PIP: Final = 6  # pixels of a slot, its gap included
_TALL: Final = 12


def paint_slots(
    target: pygame.Surface,
    view: View,
    station: int,
    area: Area,
    taken: int,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw the slots, each filled as far as its order is picked.

    Parameters
    ----------
    target : pygame.Surface
    view : View
    station : int
    area : Area
        Of the station's row.
    taken : int
        Pixels that its name takes.
    palette : Palette
    type_ : Type
    """
    left, top, width, _ = area
    replay, pods = view.replay, view.replay.scenario.pods
    assert pods is not None  # such rows are drawn for sites with pods only
    rows = replay.work.packing_at(station, view.now_s)
    right = left + width - 10
    words = f"{len(rows)}"
    drawn = type_.put(target, words, (right, top + 5), 22, palette.text, align="right")
    right -= max(drawn, 20) + 6
    slots = min(int(pods.order_slots[station]), (right - left - taken - 22) // _PIP)
    first = right - slots * _PIP
    for slot in range(slots):
        pip = pygame.Rect(first + slot * _PIP, top + 6, _PIP - 1, _TALL)
        pygame.draw.rect(target, palette.background, pip)
    for row in rows.tolist():
        slot = int(replay.work.packer[row])
        if slot >= slots:
            continue
        done, wanted = replay.picking.units_in_slot(
            int(replay.work.order[row]), station, view.now_s
        )
        pip = pygame.Rect(first + slot * _PIP, top + 6, _PIP - 1, _TALL)
        pygame.draw.rect(target, palette.station_pad, pip)
        # At least a line at the bottom: an order that waits for its first unit.
        tall = max(2, round(_TALL * done / max(1, wanted)))
        full = (pip.left, pip.bottom - tall, pip.width, tall)
        pygame.draw.rect(target, palette.station, full)


def paint_picking(
    target: pygame.Surface,
    view: View,
    station: int,
    area: Area,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw what the picker takes, and how far that is; or who is on the way."""
    left, top, width, height = area
    replay, pods = view.replay, view.replay.scenario.pods
    assert pods is not None  # such rows are drawn for sites with pods only
    y = top + height - 14
    row = replay.picking.being_picked(station, view.now_s)
    coming = len(replay.pod_trips.coming_to(station, view.t))
    right = left + width - 10
    words = f"{coming} coming"
    drawn = type_.put(target, words, (right, y), 16, palette.text_faint, align="right")
    room = width - drawn - 34
    if row is None:
        type_.put(target, "no pod", (left + 12, y), 16, palette.text_faint, width=room)
        return
    picking = replay.picking
    bar = min(60, room // 3)
    words = f"{picking.quantity[row]} from {pods.names[picking.pod[row]]}"
    place = (left + 12, y)
    type_.put(target, words, place, 16, palette.text_muted, width=room - bar - 10)
    span_s = max(float(picking.end_s[row] - picking.start_s[row]), 1e-9)
    done = (view.now_s - float(picking.start_s[row])) / span_s
    rail = pygame.Rect(right - drawn - 12 - bar, y + 4, bar, 4)
    pygame.draw.rect(target, palette.background, rail, border_radius=2)
    rail.width = round(bar * min(done, 1.0))
    pygame.draw.rect(target, palette.station, rail, border_radius=2)
