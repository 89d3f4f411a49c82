"""The cartons of an order in the panel of what is selected."""

from typing import Final

import pygame

from viz.carton_canvas import carton_surface
from viz.carton_colours import sku_colours
from viz.clock import count
from viz.column import Column
from viz.replay import Replay

_MOST: Final = 2
_HEIGHT: Final = 180
_LEAST_LEFT: Final = 100


def paint_cartons(column: Column, replay: Replay, order: int) -> None:
    """Draw the cartons of an order at the foot of the panel, if it has any and room.

    Parameters
    ----------
    column : Column
        Ends above them afterwards.
    replay : Replay
    order : int
    """
    cartons = replay.cartons.of(order)
    if not cartons or column.height_left() < _HEIGHT + _LEAST_LEFT:
        return
    left, top, width, height = column.cut_foot(_HEIGHT)
    foot = left, top, width, height
    below = Column(column.target, column.type_, column.palette, foot)
    shown = cartons[:_MOST]
    names = ", ".join(carton.name for carton in shown)
    more = f" and {len(cartons) - _MOST} more" if len(cartons) > _MOST else ""
    name = replay.scenario.orders.names[order]
    below.heading(f"{name} IN {count(len(cartons), 'carton').upper()}", names + more)
    colours = sku_colours(sku for carton in cartons for sku in carton.skus)
    each = column.room // len(shown)
    for number, carton in enumerate(shown):
        picture = carton_surface(
            carton,
            tuple(colours[sku] for sku in carton.skus),
            (each, top + height - below.y),
            column.palette,
            column.type_,
        )
        place = pygame.Rect(column.left + number * each, below.y, 0, 0)
        column.target.blit(picture, place)
