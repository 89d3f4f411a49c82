"""Colours of what lies in cartons: one for each SKU, each face in its own shade."""

from collections.abc import Iterable
from typing import Final

from viz.carton_view import LEFT, RIGHT, TOP
from viz.palette import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    Colour,
    blend,
)

INK: Final = (24, 28, 34)
_WHITE: Final = (255, 255, 255)
_BLACK: Final = (0, 0, 0)
_HUES: Final = (SKY, ORANGE, GREEN, YELLOW, PURPLE, BLUE, VERMILION)
_TINTS: Final = (0.15, 0.55, 0.75)
_SHADES: Final = {TOP: (_WHITE, 0.3), LEFT: (_WHITE, 0.0), RIGHT: (_BLACK, 0.2)}


def sku_colours(skus: Iterable[str]) -> dict[str, Colour]:
    """Return a colour for each SKU, in the order in which they come.

    Seven hues, then the same lighter; from the 22nd SKU on they come again.

    Examples
    --------
    >>> sorted(sku_colours(["b", "a", "b"]))
    ['a', 'b']
    """
    names = list(dict.fromkeys(skus))
    colours = {}
    for number, name in enumerate(names):
        tint = _TINTS[number // len(_HUES) % len(_TINTS)]
        colours[name] = blend(_HUES[number % len(_HUES)], _WHITE, tint)
    return colours


def face_colour(colour: Colour, side: int) -> Colour:
    """Return the shade of a face: light above, dark at the right."""
    towards, share = _SHADES[side]
    return blend(colour, towards, share)
