"""Pictures of robots: a shape and a colour for each state, kept per size."""

import math
from typing import Final

import pygame

from viz.crowd import Crowd
from viz.palette import Colour, Palette
from viz.replay import RobotState

HEADINGS: Final = 16  # directions drawn where robots turn
_FINE: Final = 4  # drawn this much larger, then smoothed down
_LEAST_FOR_HEADING: Final = 11
_LEAST: Final = 7  # pixels across: smaller ones drown in the racks
_LEAST_FOR_SHAPE: Final = 5
_CROWDED: Final = 0.6  # of the floor that is seen, under robots


def sprite_size(scale: float, crowding: float = 0.0) -> int:
    """Pixels across a robot's picture: a cell and a little more.

    Squares stay within their cell; the diamond of a serving robot reaches out.

    Parameters
    ----------
    scale : float
        Pixels of a cell.
    crowding : float
        Robots for each pixel of floor. Where pictures would cover most of the floor
        they shrink to their cells.

    Examples
    --------
    >>> sprite_size(2.4), sprite_size(2.4, crowding=0.05)
    (7, 2)
    """
    size = max(_LEAST, round(scale * 1.2))
    return size if size * size * crowding <= _CROWDED else max(2, round(scale))


class Sprites:
    """Robot pictures at the latest size.

    A driving empty robot is a ring, one that carries is a full square with its
    tote, one that serves is a diamond, one that waits shows two bars, an idle one is
    a dot, and one that charges a bolt: nobody needs the colour to tell them apart,
    but for pictures of a few pixels, in crowds.
    """

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._size = 0
        self._turning = False
        self._pictures: list[pygame.Surface] = []
        self._crowd: Crowd | None = None

    def of_size(self, size: int, *, turning: bool) -> list[pygame.Surface]:
        """Pictures by ``state * HEADINGS + heading``; by state where none turns."""
        if (size, turning) != (self._size, self._turning):
            self._size, self._turning, self._crowd = size, turning, None
            headings = HEADINGS if turning else 1
            self._pictures = [
                self.draw(state, size, h / headings if turning else None)
                for state in RobotState
                for h in range(headings)
            ]
        return self._pictures

    @property
    def crowd(self) -> Crowd:
        """The pictures of the latest size, to be drawn by the thousand."""
        if self._crowd is None:
            self._crowd = Crowd(self._pictures)
        return self._crowd

    def draw(
        self, state: RobotState, size: int, heading: float | None = None
    ) -> pygame.Surface:
        """Draw one robot; heading as a share of a full turn clockwise from up."""
        fine = size * _FINE
        colour = self._palette.states[state]
        if size < _LEAST_FOR_SHAPE:
            picture = pygame.Surface((size, size), pygame.SRCALPHA, 32)
            picture.fill(colour)
            return picture
        picture = pygame.Surface((fine, fine), pygame.SRCALPHA, 32)
        _SHAPES[state](picture, fine, colour, self._palette.robot_ink)
        picture = _edged(picture, self._palette.robot_ink)
        if heading is not None and size >= _LEAST_FOR_HEADING:
            _nose(picture, fine, heading, self._palette)
        return pygame.transform.smoothscale(picture, (size, size))


def _edged(picture: pygame.Surface, ink: Colour) -> pygame.Surface:
    """Add a dark edge of a pixel, which parts the shape from a bright floor."""
    shadow = pygame.mask.from_surface(picture).to_surface(
        setcolor=(*ink, 255), unsetcolor=(0, 0, 0, 0)
    )
    edged = pygame.Surface(picture.get_size(), pygame.SRCALPHA, 32)
    for dx in (-_FINE, 0, _FINE):
        for dy in (-_FINE, 0, _FINE):
            edged.blit(shadow, (dx, dy))
    edged.blit(picture, (0, 0))
    return edged


def _box(picture: pygame.Surface, fine: int, inset: float, colour: Colour) -> None:
    edge = int(fine * inset)
    side = fine - 2 * edge
    pygame.draw.rect(
        picture, colour, (edge, edge, side, side), border_radius=int(side * 0.24)
    )


def _empty(picture: pygame.Surface, fine: int, colour: Colour, ink: Colour) -> None:
    small = fine < 10 * _FINE
    _box(picture, fine, 0.0 if small else 0.1, colour)
    _box(picture, fine, 0.28 if small else 0.26, ink)


def _carrying(picture: pygame.Surface, fine: int, colour: Colour, ink: Colour) -> None:
    _box(picture, fine, 0.08, colour)
    if fine >= 14 * _FINE:
        _box(picture, fine, 0.3, ink)
        _box(picture, fine, 0.37, colour)


def _serving(picture: pygame.Surface, fine: int, colour: Colour, ink: Colour) -> None:
    half = fine / 2
    pygame.draw.polygon(
        picture, colour, [(half, 0), (fine, half), (half, fine), (0, half)]
    )
    if fine >= 12 * _FINE:
        r = fine * 0.18
        pygame.draw.polygon(
            picture,
            ink,
            [(half, half - r), (half + r, half), (half, half + r), (half - r, half)],
        )


def _waiting(picture: pygame.Surface, fine: int, colour: Colour, ink: Colour) -> None:
    if fine >= 14 * _FINE:
        _box(picture, fine, 0.08, colour)
        bar, colour = fine * 0.13, ink
        reach, gap = fine * 0.28, fine * 0.07
    else:
        bar, reach, gap = fine * 0.28, fine * 0.06, fine * 0.11
    for left in (fine / 2 - gap - bar, fine / 2 + gap):
        pygame.draw.rect(picture, colour, (left, reach, bar, fine - 2 * reach))


def _idle(picture: pygame.Surface, fine: int, colour: Colour, ink: Colour) -> None:
    pygame.draw.circle(picture, colour, (fine // 2, fine // 2), int(fine * 0.28))


def _charging(picture: pygame.Surface, fine: int, colour: Colour, ink: Colour) -> None:
    bolt = ((0.58, 0.0), (0.2, 0.56), (0.47, 0.56), (0.4, 1.0), (0.8, 0.4), (0.52, 0.4))
    pygame.draw.polygon(picture, colour, [(fine * x, fine * y) for x, y in bolt])


_SHAPES: Final = {
    RobotState.EMPTY: _empty,
    RobotState.CARRYING: _carrying,
    RobotState.SERVING: _serving,
    RobotState.WAITING: _waiting,
    RobotState.IDLE: _idle,
    RobotState.CHARGING: _charging,
}


def _nose(picture: pygame.Surface, fine: int, heading: float, palette: Palette) -> None:
    """Mark the front of a robot that turns."""
    angle = heading * 2 * math.pi
    forward = (math.sin(angle), -math.cos(angle))
    across = (-forward[1], forward[0])
    middle = fine / 2

    def point(ahead: float, aside: float) -> tuple[float, float]:
        return (
            middle + fine * (ahead * forward[0] + aside * across[0]),
            middle + fine * (ahead * forward[1] + aside * across[1]),
        )

    triangle = [point(0.5, 0.0), point(0.2, 0.24), point(0.2, -0.24)]
    pygame.draw.polygon(picture, palette.selected, triangle)
    pygame.draw.polygon(picture, palette.robot_ink, triangle, max(1, fine // 24))
