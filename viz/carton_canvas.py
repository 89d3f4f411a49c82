"""A filled carton on a surface of the window."""

from functools import lru_cache
from typing import Final

import numpy as np
import pygame

from viz.carton_colours import INK, face_colour
from viz.carton_labels import label_places
from viz.carton_view import (
    FilledCarton,
    Fit,
    carton_lines,
    faces_of,
    front_middle,
)
from viz.palette import Colour, Palette
from viz.text import Type

_MARGIN: Final = 16
_LABEL: Final = 18
_DISC: Final = (255, 255, 255)


@lru_cache(maxsize=32)
def carton_surface(
    carton: FilledCarton,
    colours: tuple[Colour, ...],
    size: tuple[int, int],
    palette: Palette,
    words: Type,
) -> pygame.Surface:
    """Return a drawing of a carton: its boxes with their numbers in the loading.

    What is drawn is kept, so that a panel may ask for it in every frame.

    Parameters
    ----------
    carton : FilledCarton
    colours : tuple of Colour
        Of each box.
    size : (int, int)
        Pixels across and down.
    palette : Palette
    words : Type
    """
    target = pygame.Surface(size)
    target.fill(palette.panel)
    fit = Fit.into(carton.size, *size, _MARGIN)
    behind, before = carton_lines(carton.size)
    faces = faces_of(carton)
    for line in fit(behind):
        pygame.draw.aaline(target, palette.text_faint, *line)
    for face in faces:
        fill = face_colour(colours[face.box], face.side)
        pygame.draw.polygon(target, fill, fit(face.points).tolist())
        for line in fit(face.edges):
            pygame.draw.aaline(target, INK, *line)
    for line in fit(before):
        pygame.draw.aaline(target, palette.text_faint, *line)
    drawn = words.surface("front", _LABEL, palette.text_muted)
    middle = fit(front_middle(carton.size))
    target.blit(drawn, drawn.get_rect(midtop=(middle - (16, -2)).tolist()))
    places = fit(label_places(faces, len(carton)))
    for number, place in enumerate(places, start=1):
        if np.isfinite(place).all():
            _label(target, place.tolist(), str(number), words)
    return target


def _label(
    target: pygame.Surface, place: list[float], number: str, words: Type
) -> None:
    drawn = words.surface(number, _LABEL, INK)
    box = drawn.get_rect(center=(round(place[0]), round(place[1])))
    pygame.draw.rect(target, _DISC, box.inflate(8, 2), border_radius=8)
    target.blit(drawn, box)
