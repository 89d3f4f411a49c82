"""What lies on the floor: paths, station labels, robots."""

from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.palette import Palette
from viz.places import cells_of_selected
from viz.replay import Moment
from viz.sprites import HEADINGS, Sprites, sprite_size
from viz.text import Type
from viz.view import View
from warehouse.plan import StopKind

_LABEL_SIZE: Final = 17
_CROWD: Final = 1500  # robots in sight from which their edges are not smooth


class Robots:
    """All robots, in one call to the screen, or as a crowd."""

    def __init__(self, palette: Palette) -> None:
        self._sprites = Sprites(palette)

    def paint(self, target: pygame.Surface, view: View, moment: Moment) -> None:
        """Draw the robots that are in sight."""
        camera = view.camera
        size = sprite_size(camera.scale, _crowding(view))
        # Rounded as a whole, so that a robot never trembles against the floor.
        corner = np.floor(to_pixels(view, moment.xy) - size / 2 + 0.5).astype(np.int64)
        first = np.array((camera.left, camera.top))
        last = first + np.array((camera.width, camera.height))
        shown = ((corner > first - size) & (corner < last)).all(axis=1)
        which = moment.state.astype(np.int64)
        if moment.turns is not None:
            heading = np.round(moment.turns * (HEADINGS / 4)).astype(np.int64)
            which = which * HEADINGS + heading % HEADINGS
        pictures = self._sprites.of_size(size, turning=moment.turns is not None)
        if np.count_nonzero(shown) >= _CROWD:
            whole = ((corner >= first) & (corner <= last - size)).all(axis=1)
            self._sprites.crowd.stamp(target, which[whole], corner[whole])
            shown &= ~whole
        chosen = [pictures[i] for i in which[shown].tolist()]
        target.blits(list(zip(chosen, corner[shown].tolist(), strict=True)), False)


def _crowding(view: View) -> float:
    """Robots for each pixel of floor that would be seen, were all of it on screen."""
    layout = view.replay.scenario.layout
    return view.replay.robots / (layout.kinds.size * view.camera.scale**2)


def to_pixels(view: View, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels at which points in cells, shape (n, 2), are shown."""
    camera = view.camera
    origin = np.array(camera.origin) - (camera.left, camera.top)
    return np.asarray(xy * camera.scale - origin)


def paint_trip(
    target: pygame.Surface, view: View, moment: Moment, palette: Palette, type_: Type
) -> None:
    """Draw the selected robot's way behind and ahead, its racks and stops."""
    replay, robot = view.replay, view.robot
    if robot is None:
        return
    trip = replay.trip_at(robot, view.t)
    paint_way(target, view, moment, robot, palette)
    if trip is not None:
        _racks(target, view, trip, palette)
        _stops(target, view, trip, palette, type_)
    paint_ring(target, view, moment.xy[robot], palette)


def paint_way(
    target: pygame.Surface, view: View, moment: Moment, robot: int, palette: Palette
) -> None:
    """Draw a robot's way behind and ahead, from the start of its trip to the end."""
    replay = view.replay
    span = replay.trip_span(robot, view.t)
    here = to_pixels(view, moment.xy[robot : robot + 1])
    now = int(view.t)
    behind = to_pixels(view, replay.track(robot, min(span[0], now), now))
    ahead = to_pixels(view, replay.track(robot, now + 1, span[1]))
    width = max(2, round(view.camera.scale / 6))
    _line(target, palette.path_behind, [behind, here], width)
    # A dark edge parts the way ahead from bright cells of the heatmap.
    _line(target, palette.robot_ink, [here, ahead], width + 4)
    _line(target, palette.path_ahead, [here, ahead], width)


def paint_others(
    target: pygame.Surface, view: View, moment: Moment, palette: Palette, type_: Type
) -> None:
    """Draw the ways of further robots; with them all selected ones have numbers."""
    if view.robot is None or not view.others:
        return
    for robot in view.others:
        paint_way(target, view, moment, robot, palette)
        paint_ring(target, view, moment.xy[robot], palette)
    for robot in (view.robot, *view.others):
        x, y = to_pixels(view, moment.xy[robot : robot + 1])[0].tolist()
        label = pygame.Rect(0, 0, type_.width(str(robot), _LABEL_SIZE) + 10, 16)
        label.midbottom = (round(x), round(y - _ring_radius(view)))
        pygame.draw.rect(target, palette.panel, label, border_radius=8)
        pygame.draw.rect(target, palette.selected, label, 1, border_radius=8)
        place = (label.centerx, label.top + 3)
        type_.put(target, str(robot), place, _LABEL_SIZE, palette.text, align="middle")


def paint_found(target: pygame.Surface, view: View, palette: Palette) -> None:
    """Mark the racks of a SKU or order, the door of a truck, or a conflict."""
    if view.sku is view.order is view.conflict is view.truck is None:
        return
    cells = np.array(cells_of_selected(view), np.int64)
    row, col = np.divmod(cells, view.replay.scenario.layout.width)
    side = max(8, round(view.camera.scale * 1.4))
    colour = palette.accent if view.conflict is None else palette.bad
    for x, y in to_pixels(view, np.stack([col + 0.5, row + 0.5], axis=1)).tolist():
        box = pygame.Rect(0, 0, side, side)
        box.center = (round(x), round(y))
        pygame.draw.rect(target, palette.robot_ink, box.inflate(4, 4), 2)
        pygame.draw.rect(target, colour, box, 3)


def paint_ring(
    target: pygame.Surface, view: View, centre: NDArray[np.float64], palette: Palette
) -> None:
    """Draw a ring around what is selected, at a point in cells."""
    pixels = to_pixels(view, centre[None])[0]
    pygame.draw.circle(target, palette.selected, pixels, _ring_radius(view), 2)


def _ring_radius(view: View) -> float:
    return max(8.0, view.camera.scale * 0.8)


def _line(
    target: pygame.Surface,
    colour: tuple[int, int, int],
    parts: list[NDArray[np.float64]],
    width: int,
) -> None:
    points = np.concatenate(parts)
    if len(points) > 1:
        pygame.draw.lines(target, colour, False, points.tolist(), width)


def _racks(target: pygame.Surface, view: View, trip: int, palette: Palette) -> None:
    """Outline the racks a trip takes units from."""
    replay = view.replay
    ends = (replay.trips.first[trip], replay.trips.last[trip] + 1)
    start, end = np.searchsorted(replay.plan.picks["stop"], ends)
    picks = replay.plan.picks[start:end]
    row, col = np.divmod(picks["rack"], replay.scenario.layout.width)
    corners = to_pixels(view, np.stack([col, row], axis=1).astype(float))
    done = replay.plan.stops["end"][picks["stop"]] <= view.t
    side = max(3, round(view.camera.scale))
    outline = 2 if side >= 8 else 0
    # Those still to come are drawn last: a rack may be visited twice.
    for i in np.argsort(~done, kind="stable"):
        colour = palette.path_behind if done[i] else palette.path_ahead
        x, y = np.round(corners[i]).astype(int).tolist()
        pygame.draw.rect(target, colour, (x, y, side, side), outline)


def _stops(
    target: pygame.Surface, view: View, trip: int, palette: Palette, type_: Type
) -> None:
    """Mark the stops of a trip: a numbered disc to pick, a square to hand over.

    What is done shrinks to a dot, so that it hides nothing that is still to come.
    """
    stops = view.replay.plan.stops
    layout = view.replay.scenario.layout
    first, last = int(view.replay.trips.first[trip]), int(view.replay.trips.last[trip])
    numbered = view.camera.scale >= 7
    done = stops["end"][first : last + 1] <= view.t
    # Those still to come are drawn last, the next of them on top.
    for i in [*np.flatnonzero(done).tolist(), *np.flatnonzero(~done)[::-1].tolist()]:
        row, col = layout.row_col(stops["cell"][first + i])
        x, y = (round(v) for v in view.camera.to_screen(col + 0.5, row + 0.5))
        radius = 8 if numbered and not done[i] else 3
        colour = palette.path_behind if done[i] else palette.path_ahead
        if stops["kind"][first + i] == StopKind.DROP:
            side = 2 * radius
            pygame.draw.rect(target, colour, (x - radius, y - radius, side, side))
        else:
            pygame.draw.circle(target, colour, (x, y), radius)
        if radius == 8:
            ink, number = palette.robot_ink, str(i + 1)
            type_.put(target, number, (x + 0.5, y - 5), 16, ink, align="middle")


def paint_station_labels(
    target: pygame.Surface,
    view: View,
    queued: NDArray[np.int64],
    palette: Palette,
    type_: Type,
) -> None:
    """Label docks with the station's name and its queue, where there is room."""
    camera = view.camera
    floor = pygame.Rect(camera.left, camera.top, camera.width, camera.height)
    layout = view.replay.scenario.layout
    taken: list[pygame.Rect] = []
    scenario = view.replay.scenario
    order = list(range(len(scenario.stations)))
    if view.station is not None:
        order.remove(view.station)
        order.insert(0, view.station)
    docks = [
        (scenario.stations[k].name, scenario.stations[k].cell, int(queued[k]))
        for k in order
    ]
    filling = scenario.replenishment
    if filling is not None:
        cells = filling.cells.tolist()
        docks += [(name, c, 0) for name, c in zip(filling.names, cells, strict=True)]
    for number, (name, cell, queue) in enumerate(docks):
        row, col = layout.row_col(cell)
        x, y = camera.to_screen(col + 0.5, row + 0.5)
        if not floor.collidepoint(x, y):
            continue
        chosen = number == 0 and view.station is not None
        radius = max(8.0, camera.scale * 0.9)  # of the ring around a chosen dock
        beside = max(9.0, radius if chosen else camera.scale / 2)
        for words in (f"{name}  {queue}" if queue else "", name):
            label = pygame.Rect(0, 0, type_.width(words, _LABEL_SIZE) + 12, 18)
            gap = beside + 3 + label.height / 2
            label.center = (round(x), round(y + gap))
            if label.bottom > floor.bottom:
                label.centery = round(y - gap)
            label.clamp_ip(floor)
            if words and label.collidelist(taken) < 0:
                break
        else:  # no room, not even for the name alone
            continue
        taken.append(label)
        pygame.draw.rect(target, palette.panel, label, border_radius=9)
        edge = palette.selected if chosen else palette.station
        pygame.draw.rect(target, edge, label, 1, border_radius=9)
        place = (label.centerx, label.top + 4)
        type_.put(target, words, place, _LABEL_SIZE, palette.text, align="middle")
        if chosen:
            pygame.draw.circle(target, palette.selected, (x, y), radius, 2)
