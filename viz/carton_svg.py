"""A filled carton as a drawing for pages."""

from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.carton_colours import INK, face_colour
from viz.carton_labels import label_places
from viz.carton_view import (
    FilledCarton,
    Fit,
    carton_lines,
    faces_of,
    front_middle,
)
from viz.clock import count
from viz.palette import Colour, hex_colour

WIDTH: Final = 360
HEIGHT: Final = 300
_MARGIN: Final = 14
_LABEL: Final = 13


def carton_svg(carton: FilledCarton, colours: dict[str, Colour]) -> str:
    """Return the drawing: every box in its colour, with its number in the loading.

    Parameters
    ----------
    carton : FilledCarton
    colours : dict of str to Colour
        Of each SKU.
    """
    fit = Fit.into(carton.size, WIDTH, HEIGHT, _MARGIN)
    behind, before = carton_lines(carton.size)
    faces = faces_of(carton)
    parts = [_lines(fit(behind), "#8a94a3", 1.2)]
    for face in faces:
        fill = hex_colour(face_colour(colours[carton.skus[face.box]], face.side))
        corners = " ".join(_place(point) for point in fit(face.points))
        # A line of its own colour closes the seam between the pieces of a cut box.
        parts.append(
            f'<polygon points="{corners}" fill="{fill}" stroke="{fill}" '
            'stroke-width="0.4"/>'
        )
        parts.append(_lines(fit(face.edges), hex_colour(INK), 0.9))
    parts.append(_lines(fit(before), "#8a94a3", 1.2, dashes="4 4"))
    for number, place in enumerate(fit(label_places(faces, len(carton))), start=1):
        if np.isfinite(place).all():
            parts.append(_label(place, str(number)))
    x, y = fit(front_middle(carton.size)).tolist()
    parts.append(
        f'<text transform="translate({x - 6:.1f} {y + 12:.1f}) rotate(30)" '
        'text-anchor="middle" style="font-size:12px;fill:#56637a">front</text>'
    )
    label = f"Carton {carton.name} with {count(len(carton), 'unit')}"
    return (
        f'<svg class="carton" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(label, quote=True)}">{"".join(parts)}</svg>'
    )


def _place(point: NDArray[np.float64]) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _lines(
    lines: NDArray[np.float64], colour: str, width: float, *, dashes: str = ""
) -> str:
    if not len(lines):
        return ""
    way = "".join(f"M{_place(a)}L{_place(b)}" for a, b in lines)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-linecap="round"{dashed}/>'
    )


def _label(place: NDArray[np.float64], words: str) -> str:
    """Number on a small white disc, so that it is read on every colour and on paper."""
    x, y = place.tolist()
    wide = 4.5 + 3.6 * len(words)
    return (
        f'<rect x="{x - wide:.1f}" y="{y - 8:.1f}" width="{2 * wide:.1f}" height="16" '
        'rx="8" fill="#fff" fill-opacity="0.85"/>'
        f'<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle" '
        f'style="font-size:{_LABEL}px;font-weight:600;fill:{hex_colour(INK)}">'
        f"{words}</text>"
    )
