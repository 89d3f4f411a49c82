"""Arrows from robots that wait to those they wait for, over the floor."""

from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.blocking import Queues
from viz.layers import to_pixels
from viz.palette import Colour, Palette
from viz.replay import Moment
from viz.text import Type
from viz.view import Listing, View

_LEAST_FOR_TIPS: Final = 7
"""Pixels of a cell from which arrows have tips, and heads of queues a number."""
_TIP: Final = 0.42  # of an arrow between neighbours


def paint_waits(
    target: pygame.Surface, view: View, moment: Moment, palette: Palette, type_: Type
) -> None:
    """Draw who waits for whom: all of it, or what the selected robot is part of.

    White arrows (dark ones on a light floor) lead to the robot at the head of a queue,
    which has a ring and a number where it holds up several. Purple arrows go round: the
    robots wait for each other.
    """
    everyone = view.listing is Listing.WAITS
    if view.robot is None and not everyone:
        return
    queues = view.replay.blocking.at(view.t)
    shown = queues.holder >= 0
    if view.robot is not None and not everyone:
        shown &= queues.together_with(view.robot)
    if not shown.any():
        return
    pixels = to_pixels(view, moment.xy)
    in_sight = _in_sight(view, pixels)
    robots = np.flatnonzero(shown & (in_sight | in_sight[queues.holder]))
    _arrows(target, view, robots, queues, pixels, palette)
    heads = np.unique(queues.head[shown])
    heads = heads[in_sight[heads] & (queues.behind[heads] > 1)]
    for robot in heads.tolist():
        centre = (float(pixels[robot, 0]), float(pixels[robot, 1]))
        behind = int(queues.behind[robot])
        _mark_head(target, view, centre, behind, palette, type_)


def _in_sight(view: View, pixels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which pixels, shape (n, 2), lie on the floor's part of the screen."""
    camera, (x, y) = view.camera, pixels.T
    across = (x > camera.left) & (x < camera.left + camera.width)
    return across & (y > camera.top) & (y < camera.top + camera.height)


def _arrows(
    target: pygame.Surface,
    view: View,
    robots: NDArray[np.int64],
    queues: Queues,
    pixels: NDArray[np.float64],
    palette: Palette,
) -> None:
    width = max(1, round(view.camera.scale / 9))
    starts, ends = pixels[robots], pixels[queues.holder[robots]]
    circles = queues.in_circle[robots].tolist()
    with_tips = view.camera.scale >= _LEAST_FOR_TIPS
    tips = _tips(starts, ends, view.camera.scale).tolist() if with_tips else []
    for i, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        colour = palette.station if circles[i] else palette.selected
        if with_tips:
            _edged_line(target, palette.robot_ink, colour, (start, end), width)
            pygame.draw.polygon(target, colour, tips[i])
            pygame.draw.polygon(target, palette.robot_ink, tips[i], 1)
        else:
            pygame.draw.line(target, colour, start, end, 2)


def _edged_line(
    target: pygame.Surface,
    edge: Colour,
    colour: Colour,
    ends: tuple[list[float], list[float]],
    width: int,
) -> None:
    """Draw a line with an edge that parts it from the robots below."""
    pygame.draw.line(target, edge, *ends, width + 2)
    pygame.draw.line(target, colour, *ends, width)


def _tips(
    starts: NDArray[np.float64], ends: NDArray[np.float64], scale: float
) -> NDArray[np.float64]:
    """Corners of the tips of arrows, shape (n, 3, 2); they end between the robots."""
    way = ends - starts
    length = np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    ahead = way / length * (_TIP * scale)
    aside = ahead[:, ::-1] * (0.6, -0.6)
    # Beside the robot that is waited for, not on it: its shape tells what it does.
    point = ends - ahead * 0.9
    back = point - ahead
    return np.stack([point, back + aside, back - aside], axis=1)


def _mark_head(
    target: pygame.Surface,
    view: View,
    centre: tuple[float, float],
    behind: int,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw a ring around the head of a queue, and how many robots it holds up."""
    radius = max(6.0, view.camera.scale * 0.75)
    _ring(target, centre, radius, palette)
    if view.camera.scale < _LEAST_FOR_TIPS:
        return
    words = str(behind)
    box = pygame.Rect(0, 0, type_.width(words, 16) + 8, 15)
    box.midleft = (round(centre[0] + radius * 0.6), round(centre[1] - radius))
    pygame.draw.rect(target, palette.path_ahead, box, border_radius=7)
    pygame.draw.rect(target, palette.robot_ink, box, 1, border_radius=7)
    place = (box.centerx + 0.5, box.top + 2)
    type_.put(target, words, place, 16, palette.robot_ink, align="middle")


def _ring(
    target: pygame.Surface, centre: tuple[float, float], radius: float, palette: Palette
) -> None:
    pygame.draw.circle(target, palette.robot_ink, centre, radius + 1, 4)
    pygame.draw.circle(target, palette.path_ahead, centre, radius, 2)


def wait_marks(palette: Palette) -> list[tuple[pygame.Surface, str]]:
    """Small pictures of what is drawn, with words, for the legend."""
    marks = []
    for colour, words in (
        (palette.selected, "waits for"),
        (palette.station, "wait in a circle"),
    ):
        mark = _ground(24, palette)
        pygame.draw.line(mark, colour, (0, 8), (16, 8), 2)
        pygame.draw.polygon(mark, colour, [(23, 8), (14, 3), (14, 13)])
        marks.append((mark, words))
    head = _ground(16, palette)
    _ring(head, (8, 8), 6, palette)
    return [*marks, (head, "holds up so many")]


def _ground(width: int, palette: Palette) -> pygame.Surface:
    ground = pygame.Surface((width, 16), 0, 32)
    ground.fill(palette.background)
    return ground
