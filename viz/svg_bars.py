"""Charts of upright bars as inline SVG."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.svg import (
    WIDTH,
    TimeAxis,
    figure,
    rect,
    share_marks,
    text,
)

_LEFT, _RIGHT = 52.0, WIDTH - 8.0
_PARTS: Final = 30  # of the time, at most
_LEAST_IN_PART: Final = 4  # things, in the mean: fewer tell no pace


def stacked_bars(
    shares: NDArray[np.float64],
    styles: tuple[str, ...],
    label: str,
    *,
    end_s: float | None = None,
    names: tuple[str, ...] = (),
) -> str:
    """Bars side by side, each parted by shares that add up to one.

    Parameters
    ----------
    shares : ndarray of float64, shape (bars, parts)
    styles : tuple of str
        Class of each part, from the bottom.
    label : str
        For those who hear it.
    end_s : float, optional
        Second at the right end, where bars stand for parts of the time.
    names : tuple of str
        Of bars, else, to be written below them; none, or one for each.
    """
    top, bottom = 8.0, 188.0
    pitch = (_RIGHT - _LEFT) / max(1, len(shares))
    gap = 1.0 if pitch >= 6 else 0.0
    parts = share_marks(top, bottom)
    for i, bar in enumerate(shares.tolist()):
        y = bottom
        for share, style in zip(bar, styles, strict=True):
            tall = share * (bottom - top)
            if tall > 0.05:
                parts.append(
                    rect(_LEFT + i * pitch, y - tall, pitch - gap, tall, style)
                )
            y -= tall
    if end_s is not None:
        parts += TimeAxis(end_s, _LEFT, _RIGHT).marks(bottom, bottom)
    for i, name in enumerate(names):
        x = _LEFT + (i + 0.5) * pitch
        parts.append(text(x, bottom + 16, name, anchor="middle"))
    return figure(parts, bottom + 24, label)


def pace_bars(
    done_s: NDArray[np.float64], end_s: float, pace: float, label: str
) -> str:
    """How many things are done an hour, in equal parts of the time.

    Parameters
    ----------
    done_s : ndarray of float64, shape (things,)
        When each is done, by ``end_s``.
    end_s : float
        Second at the right end.
    pace : float
        So many an hour are marked with a line; 0 for none.
    label : str
        For those who hear it.
    """
    parts = max(1, min(_PARTS, len(done_s) // _LEAST_IN_PART))
    part_s = max(end_s, 1e-9) / parts
    part = np.minimum((done_s / part_s).astype(int), parts - 1)
    rates = np.bincount(part, minlength=parts) * 3600 / part_s
    most = max(float(rates.max(initial=0.0)), pace, 1e-9)
    axis, top, bottom = TimeAxis(end_s, _LEFT, _RIGHT), 12.0, 152.0
    drawn = axis.marks(top, bottom)
    for level in (0.0, 0.5, 1.0):
        y = bottom - level * (bottom - top)
        drawn.append(text(46, y + 4, f"{level * most:,.0f}", anchor="end"))
    wide = (axis.right - axis.left) / parts
    for i, rate in enumerate(rates.tolist()):
        tall = rate / most * (bottom - top)
        x = axis.left + i * wide
        drawn.append(rect(x, bottom - tall, wide - 1, tall, "pace-bar"))
    if pace > 0:
        y = bottom - pace / most * (bottom - top)
        drawn.append(
            f'<line class="pace" x1="{axis.left}" x2="{axis.right}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    return figure(drawn, bottom + 24, label)
