"""Words at the pointer: what a button does, and what lies on the floor."""

import pygame

from viz.arrangement import inside
from viz.buttons import button_at
from viz.clock import count
from viz.gantt_pointer import gantt_words
from viz.heat_layer import Heat
from viz.palette import Palette
from viz.places import cell_at, pod_at, robot_at, station_at
from viz.replay import STATE_WORDS, Moment, RobotState
from viz.stock_left import left_in_rack, left_on_pod
from viz.text import Type
from viz.view import View
from warehouse.layout import CellKind

_MOST_SKUS = 3
_WORDS = {
    CellKind.FLOOR: "floor",
    CellKind.WALL: "wall",
    CellKind.RACK: "rack",
    CellKind.POD_SPOT: "pod spot",
    CellKind.DOCK: "dock",
    CellKind.CHARGER: "charger",
    CellKind.HOME: "home",
    CellKind.DOOR: "dock door",
}


def paint_tip(
    target: pygame.Surface, words: str, view: View, palette: Palette, type_: Type
) -> None:
    """Write words at the pointer, if there are any."""
    if view.pointer is None or not words:
        return
    width, height = view.size
    box = pygame.Rect(0, 0, min(type_.width(words, 18) + 16, width - 8), 24)
    box.topleft = (view.pointer[0] + 14, view.pointer[1] + 16)
    box.clamp_ip(pygame.Rect(4, 4, width - 8, height - 8))
    if box.collidepoint(view.pointer):
        box.bottom = view.pointer[1] - 6
    pygame.draw.rect(target, palette.panel_raised, box, border_radius=5)
    pygame.draw.rect(target, palette.text_faint, box, 1, border_radius=5)
    place = (box.left + 8, box.top + 6)
    type_.put(target, words, place, 18, palette.text, width=box.width - 14)


def tip_words(view: View, moment: Moment) -> str:
    """Words for what is under the pointer; empty where nothing is."""
    if view.pointer is None:
        return ""
    button = button_at(view, view.pointer)
    if button is not None:
        return button.words
    if inside(view.arrangement.gantt, view.pointer):
        return gantt_words(view, view.pointer)
    if not inside(view.arrangement.floor, view.pointer):
        return ""
    robot = robot_at(view, view.pointer)
    if robot is not None:
        return _robot(view, moment, robot)
    station = station_at(view, view.pointer)
    if station is not None:
        return f"Station {view.replay.scenario.stations[station].name}"
    pod, pods = pod_at(view, view.pointer), view.replay.scenario.pods
    if pod is not None and pods is not None:
        left = left_on_pod(view.replay, pod, view.now_s)
        return f"Pod {pods.names[pod]}: {_goods(view, left)}"
    cell = cell_at(view, view.pointer)
    return "" if cell is None else _cell(view, cell)


def _robot(view: View, moment: Moment, robot: int) -> str:
    state = STATE_WORDS[RobotState(int(moment.state[robot]))]
    holder = int(view.replay.blocking.at(view.t).holder[robot])
    if holder >= 0:
        state += f" for robot {holder}"
    load = count(int(moment.units[robot]), "unit")
    pods = view.replay.scenario.pods
    if pods is not None and not view.replay.carries_totes(robot):
        carried = view.replay.pods.pod_of(robot, view.t)
        load = "no pod" if carried is None else pods.names[carried]
    return f"Robot {robot}: {state}, {load}"


def _cell(view: View, cell: int) -> str:
    layout = view.replay.scenario.layout
    kind = CellKind(int(layout.kinds.ravel()[cell]))
    row, col = layout.row_col(cell)
    place = f"{_WORDS[kind].capitalize()} at row {row}, col {col}"
    heat = Heat.of(view)
    if heat is not None and heat.amounts[cell]:
        place += f", {heat.words(heat.amounts[cell])}"
    if kind is not CellKind.RACK:
        return place
    return f"{place}: {_goods(view, left_in_rack(view.replay, cell, view.t))}"


def _goods(view: View, units_of: dict[int, int]) -> str:
    """Name the SKUs of which most is left."""
    left = {sku: units for sku, units in units_of.items() if units > 0}
    if not left:
        return "empty"
    names = view.replay.scenario.sku_names
    most = sorted(left, key=lambda sku: -left[sku])
    words = ", ".join(f"{left[sku]:,} of {names[sku]}" for sku in most[:_MOST_SKUS])
    rest = len(most) - _MOST_SKUS
    return f"{words} and {rest} more SKUs" if rest > 0 else words
