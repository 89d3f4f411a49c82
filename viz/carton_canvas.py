"""A filled carton on a surface of the window."""

from typing import Final

import numpy as np
import pygame

from viz.carton_colours import INK, face_colour
from viz.carton_view import (
    FilledCarton,
    Fit,
    carton_lines,
    faces_of,
    front_middle,
    label_places,
)
from viz.palette import Colour, Palette
from viz.text import Type

_MARGIN: Final = 16
_LABEL: Final = 18
_DISC: Final = (255, 255, 255)


def draw_carton(
    target: pygame.Surface,
    area: pygame.Rect,
    carton: FilledCarton,
    colours: dict[str, Colour],
    palette: Palette,
    words: Type,
) -> None:
    """Draw a carton into an area: its boxes with their numbers in the loading.

    Parameters
    ----------
    target : pygame.Surface
    area : pygame.Rect
    carton : FilledCarton
    colours : dict of str to Colour
        Of each SKU.
    palette : Palette
    words : Type
    """
    fit = Fit.into(carton.size, area.width, area.height, _MARGIN)
    corner = np.array(area.topleft, float)
    behind, before = carton_lines(carton.size)
    faces = faces_of(carton)
    for line in fit(behind) + corner:
        pygame.draw.aaline(target, palette.text_faint, *line)
    for face in faces:
        fill = face_colour(colours[carton.skus[face.box]], face.side)
        pygame.draw.polygon(target, fill, (fit(face.points) + corner).tolist())
        for line in fit(face.edges) + corner:
            pygame.draw.aaline(target, INK, *line)
    for line in fit(before) + corner:
        pygame.draw.aaline(target, palette.text_faint, *line)
    drawn = words.surface("front", _LABEL, palette.text_muted)
    middle = fit(front_middle(carton.size)) + corner
    target.blit(drawn, drawn.get_rect(midtop=(middle - (16, -2)).tolist()))
    places = fit(label_places(faces, len(carton))) + corner
    for number, place in enumerate(places, start=1):
        if np.isfinite(place).all():
            _label(target, place.tolist(), str(number), words)


def _label(
    target: pygame.Surface, place: list[float], number: str, words: Type
) -> None:
    drawn = words.surface(number, _LABEL, INK)
    box = drawn.get_rect(center=(round(place[0]), round(place[1])))
    pygame.draw.rect(target, _DISC, box.inflate(8, 2), border_radius=8)
    target.blit(drawn, box)
