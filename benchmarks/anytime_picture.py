"""A picture of solution quality against time, drawn as SVG by hand."""

import math
from collections.abc import Sequence
from typing import Final

SIZE: Final = (560, 320)
MARGIN: Final = (60, 44, 28, 56)  # left, top, right, bottom
COLOUR: Final = "#0b63c5"
_FONT: Final = 'font-family="system-ui, sans-serif" font-size="12" fill="#1f2937"'


def anytime_picture(points: Sequence[tuple[float, float]]) -> str:
    """Return the SVG text of a curve.

    Parameters
    ----------
    points : sequence of (float, float)
        Seconds, ascending and above 0, and percent above the best known value.

    Examples
    --------
    >>> anytime_picture([(0.5, 2.0), (20.0, 0.0)]).count("<circle")
    2
    """
    left, above, right, below = MARGIN
    wide, high = SIZE[0] - left - right, SIZE[1] - above - below
    first, last = math.log(points[0][0]), math.log(points[-1][0])
    top = max(0.25, math.ceil(4 * max(gap for _, gap in points)) / 4)

    def at(seconds: float, gap: float) -> tuple[float, float]:
        share = (math.log(seconds) - first) / max(1e-9, last - first)
        return round(left + wide * share, 1), round(above + high * (1 - gap / top), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE[0]} {SIZE[1]}" '
        f'width="{SIZE[0]}" height="{SIZE[1]}" role="img" '
        'aria-label="Gap of batching by time limit">',
        f'<rect width="{SIZE[0]}" height="{SIZE[1]}" fill="#ffffff"/>',
        f'<text x="{left}" y="24" {_FONT} font-weight="600">Batching: percent above '
        "the best known value</text>",
    ]
    for line in range(5):
        gap = top * line / 4
        x, y = at(points[0][0], gap)
        parts.append(f'<path d="M{x} {y}h{wide}" stroke="#e5e7eb"/>')
        parts.append(
            f'<text x="{x - 8}" y="{y + 4}" {_FONT} text-anchor="end">{gap:.3g}</text>'
        )
    for seconds, _ in points:
        x, y = at(seconds, 0.0)
        place = f'x="{x}" y="{y + 18}" text-anchor="middle"'
        parts.append(f"<text {place} {_FONT}>{seconds:g}</text>")
    ends = [at(seconds, gap) for seconds, gap in points]
    path = " ".join(f"{x},{y}" for x, y in ends)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="4"/>' for x, y in ends)
    return "\n".join(
        [
            *parts,
            f'<g stroke="{COLOUR}" fill="{COLOUR}">',
            f'<polyline points="{path}" fill="none" stroke-width="3"/>{dots}</g>',
            f'<text x="{left}" y="{SIZE[1] - 14}" {_FONT}>time limit in seconds</text>',
            "</svg>\n",
        ]
    )
