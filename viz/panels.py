"""The strip of key figures above the floor."""

from typing import Final

import pygame

from viz.arrangement import Area, inside
from viz.buttons import switches_width
from viz.clock import count
from viz.key_figures import Figure
from viz.palette import Palette
from viz.text import Type
from viz.view import View

_HEADING: Final = 16  # sizes of type
_VALUE: Final = 30
_REMARK: Final = 16
_AROUND: Final = 18  # pixels of a figure that hold no words
_TALL: Final = 60  # pixels of the strip, from which remarks stand below values
_FEW: Final = 3  # figures that matter more than the name


def paint_strip(
    target: pygame.Surface,
    view: View,
    figures: list[Figure],
    palette: Palette,
    type_: Type,
) -> None:
    """Draw the name of the scenario and the key figures."""
    arrangement = view.arrangement
    left, top, width, height = arrangement.strip
    pygame.draw.rect(target, palette.panel, arrangement.strip)
    edge = top + height - 1
    pygame.draw.line(target, palette.panel_edge, (left, edge), (left + width, edge))
    shown = shown_figures(view, figures, type_)
    name_width = shown[0][1][0] - left if shown else 0
    if name_width:
        _paint_name(target, view, (left, top, name_width, height), palette, type_)
    for figure, (x, _, wide, _) in shown:
        if x > left:
            rule = pygame.Rect(x, top + 12, 1, height - 25)
            pygame.draw.rect(target, palette.panel_edge, rule)
        _paint_figure(target, figure, (x + 12, top, wide, height), palette, type_)


def _paint_figure(
    target: pygame.Surface, figure: Figure, area: Area, palette: Palette, type_: Type
) -> None:
    """Write a figure, its remark below where the strip is tall, else beside."""
    x, top, wide, height = area
    tall, room = height >= _TALL, wide - _AROUND
    place = (x, top + (9 if tall else 8))
    type_.put(target, figure.heading, place, _HEADING, palette.text_faint, width=room)
    place = (x, top + (23 if tall else 22))
    taken = type_.put(target, figure.value, place, _VALUE, figure.colour, width=room)
    place = (x, top + 47)
    if not tall:
        place, room = (x + taken + 7, top + 29), room - taken - 7
    if type_.width(figure.remark, _REMARK) <= room:
        type_.put(target, figure.remark, place, _REMARK, palette.text_muted)


def shown_figures(
    view: View, figures: list[Figure], type_: Type
) -> list[tuple[Figure, Area]]:
    """Figures that have room in the strip, each with its area."""
    arrangement = view.arrangement
    left, top, width, height = arrangement.strip
    tools = switches_width(compact=arrangement.compact)
    name = 134 if arrangement.compact else 230
    fitting = _fitting(figures, width - tools - name, type_)
    if len(fitting) < min(_FEW, len(figures)):
        name, fitting = 0, _fitting(figures, width - tools, type_)
    pitch = (width - tools - name) // max(1, len(fitting))
    return [
        (figure, (left + name + i * pitch, top, pitch, height))
        for i, figure in enumerate(fitting)
    ]


def _fitting(figures: list[Figure], room: int, type_: Type) -> list[Figure]:
    """As many figures as can stand beside each other with all their words."""
    shown = list(figures)
    while len(shown) > 1:
        widest = max(
            max(type_.width(one.heading, _HEADING), type_.width(one.value, _VALUE))
            for one in shown
        )
        if len(shown) * (widest + _AROUND) <= room:
            break
        shown.remove(max(shown, key=lambda figure: figure.rank))
    return shown


def figure_hint(view: View, figures: list[Figure], type_: Type) -> str:
    """What the figure under the pointer means; empty where there is none."""
    if view.pointer is None or not view.panels:
        return ""
    return next(
        (
            figure.hint
            for figure, area in shown_figures(view, figures, type_)
            if inside(area, view.pointer)
        ),
        "",
    )


def _paint_name(
    target: pygame.Surface, view: View, area: Area, palette: Palette, type_: Type
) -> None:
    left, top, width, height = area
    scenario = view.replay.scenario
    room = width - 24
    name = scenario.name or scenario.layout.name
    middle = top + height / 2
    place = (left + 14, middle - 18)
    type_.put(target, name, place, 28, palette.text, width=room)
    words = count(view.replay.robots, "robot")
    both = f"{words}, {count(len(scenario.stations), 'station')}"
    if type_.width(both, 17) <= room:
        words = both
    place = (left + 14, middle + 5)
    type_.put(target, words, place, 17, palette.text_muted, width=room)
