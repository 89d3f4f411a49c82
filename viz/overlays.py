"""Legend, help made from the table of keys, and words at the pointer."""

from itertools import groupby

import pygame

from viz.arrangement import inside
from viz.buttons import button_at
from viz.clock import count
from viz.heat import VisitMap
from viz.keys import KEYS
from viz.palette import Palette, ramp
from viz.pods import pod_mark
from viz.replay import STATE_WORDS, Moment, RobotState
from viz.sprites import Sprites
from viz.text import Type
from viz.view import View
from warehouse.layout import CellKind

_MOUSE = (
    ("Wheel", "zoom at the pointer"),
    ("Drag", "move the floor"),
    ("Click", "select a robot, pod, station"),
    ("Slider", "go to a moment"),
)


def paint_legend(
    target: pygame.Surface,
    view: View,
    visits: VisitMap,
    sprites: Sprites,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw the row that tells what shapes and colours mean."""
    left, top, width, height = view.arrangement.legend
    if not height:
        return
    pygame.draw.rect(target, palette.background, (left, top, width, height))
    pictures = sprites.of_size(17, turning=False)
    marks = [(pictures[state], STATE_WORDS[state]) for state in view.replay.states]
    if view.heatmap:
        marks.insert(0, (_heat_bar(palette), f"1 to {visits.most:,} visits"))
    else:
        marks += _floor_marks(view, palette)
    size = 17
    wanted = sum(m.get_width() + 6 + type_.width(w, size) for m, w in marks)
    gap = min(22, (width - 28 - wanted) // max(1, len(marks) - 1))
    x = left + 14
    for mark, words in marks:
        end = x + mark.get_width() + 6 + type_.width(words, size)
        if end > left + width - 4:
            break
        target.blit(mark, (x, top + (height - mark.get_height()) // 2))
        x += mark.get_width() + 6
        place = (x, top + height // 2 - 5)
        x += type_.put(target, words, place, size, palette.text_muted) + max(gap, 8)


def _floor_marks(view: View, palette: Palette) -> list[tuple[pygame.Surface, str]]:
    """Squares that stand for the kinds of cell that the layout has."""
    kinds = view.replay.scenario.layout.kinds
    marks = []
    for kind, words, ground, edge in (
        (CellKind.DOCK, "station", palette.station_pad, palette.station),
        (CellKind.RACK, "rack", palette.rack, palette.rack_face),
        (CellKind.CHARGER, "charger", palette.charger, palette.charger),
        (CellKind.HOME, "home", palette.home, palette.home),
        (CellKind.POD_SPOT, "pod spot", palette.pod_spot, palette.pod_spot),
        (CellKind.DOOR, "dock door", palette.door, palette.door),
    ):
        if (kinds == kind).any():
            mark = pygame.Surface((14, 14), 0, 32)
            mark.fill(ground)
            pygame.draw.rect(mark, edge, (0, 0, 14, 14), 1)
            marks.append((mark, words))
    if view.replay.scenario.pods is not None:
        marks.append((pod_mark(14, palette), "pod"))
    return marks


def _heat_bar(palette: Palette) -> pygame.Surface:
    bar = pygame.Surface((100, 10), 0, 32)
    for x in range(100):
        colour = ramp(palette.heat, x / 99)
        pygame.draw.line(bar, colour, (x, 0), (x, 10))
    return bar


def paint_help(
    target: pygame.Surface, view: View, palette: Palette, type_: Type
) -> None:
    """Draw all keys over a dimmed screen."""
    width, height = view.size
    veil = pygame.Surface((width, height), 0, 32)
    veil.fill(palette.background)
    veil.set_alpha(190)
    target.blit(veil, (0, 0))
    groups = [
        (name, [(b.label, b.words) for b in bindings])
        for name, bindings in groupby(KEYS, key=lambda binding: binding.group)
    ]
    groups.append(("Mouse", list(_MOUSE)))
    lines = sum(len(rows) for _, rows in groups) + 2 * len(groups)
    pitch = 22
    box = pygame.Rect(0, 0, min(720, width - 40), (lines + 3) // 2 * pitch + 84)
    box.height = min(box.height, height - 20)
    box.center = (width // 2, height // 2)
    pygame.draw.rect(target, palette.panel, box, border_radius=12)
    pygame.draw.rect(target, palette.panel_edge, box, 1, border_radius=12)
    place = (box.left + 28, box.top + 22)
    type_.put(target, "Keys and mouse", place, 30, palette.text)
    place = (box.right - 28, box.top + 28)
    type_.put(target, "H or Esc closes", place, 18, palette.text_muted, align="right")
    top = box.top + 62
    column = (box.width - 56) // 2
    x, y, used = box.left + 28, top, 0
    for name, rows in groups:
        if used and x == box.left + 28 and used + len(rows) > lines // 2 + 1:
            x, y = x + column + 12, top
        type_.put(target, name.upper(), (x, y), 17, palette.text_faint)
        y += pitch - 2
        for label, words in rows:
            type_.put(target, label, (x, y), 20, palette.accent)
            room = column - 108
            type_.put(target, words, (x + 100, y), 20, palette.text, width=room)
            y += pitch
        y += pitch // 2
        used += len(rows) + 2


def paint_tip(
    target: pygame.Surface,
    view: View,
    moment: Moment,
    palette: Palette,
    type_: Type,
) -> None:
    """Say what is under the pointer."""
    if view.pointer is None or view.help:
        return
    words = tip_words(view, moment)
    if not words:
        return
    width, height = view.size
    box = pygame.Rect(0, 0, type_.width(words, 18) + 16, 24)
    box.topleft = (view.pointer[0] + 14, view.pointer[1] + 16)
    box.clamp_ip(pygame.Rect(4, 4, width - 8, height - 8))
    if box.collidepoint(view.pointer):
        box.bottom = view.pointer[1] - 6
    pygame.draw.rect(target, palette.panel_raised, box, border_radius=5)
    pygame.draw.rect(target, palette.text_faint, box, 1, border_radius=5)
    type_.put(target, words, (box.left + 8, box.top + 6), 18, palette.text)


def tip_words(view: View, moment: Moment) -> str:
    """Words for what is under the pointer; empty where nothing is."""
    if view.pointer is None:
        return ""
    button = button_at(view, view.pointer)
    if button is not None:
        return button.words
    if not inside(view.arrangement.floor, view.pointer):
        return ""
    robot = view.robot_at(view.pointer)
    if robot is not None:
        state = STATE_WORDS[RobotState(int(moment.state[robot]))]
        load = count(int(moment.units[robot]), "unit")
        pods = view.replay.scenario.pods
        if pods is not None and not view.replay.carries_totes(robot):
            carried = view.replay.pods.pod_of(robot, view.t)
            load = "no pod" if carried is None else pods.names[carried]
        return f"Robot {robot}: {state}, {load}"
    station = view.station_at(view.pointer)
    if station is not None:
        return f"Station {view.replay.scenario.stations[station].name}"
    pod, pods = view.pod_at(view.pointer), view.replay.scenario.pods
    if pod is not None and pods is not None:
        return f"Pod {pods.names[pod]}"
    return ""
