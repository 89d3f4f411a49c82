"""Levels of a colour ramp for what is counted on cells."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.palette import Colour, Palette, ramp

LEVELS: Final = 64


def heat_levels(
    counts: NDArray[np.integer | np.floating], most: float | None = None
) -> NDArray[np.uint8]:
    """Rank cells from 1 (least) to 63 (most); 0 is where nothing is counted.

    The square root keeps the few cells before the docks from hiding the rest.

    Parameters
    ----------
    counts : ndarray of int or float
    most : float, optional
        Count of the highest level; that of the cell with most by default.

    Examples
    --------
    >>> heat_levels(np.array([0, 1, 100])).tolist()
    [0, 7, 63]
    >>> heat_levels(np.array([0, 1, 100]), 400).tolist()
    [0, 4, 32]
    """
    top = max(1.0, float(counts.max(initial=0)) if most is None else most)
    levels = np.ceil(np.sqrt(counts / top) * (LEVELS - 1) - 1e-9)
    return levels.astype(np.uint8)


def heat_colours(palette: Palette) -> list[Colour]:
    """Return the colour of each level."""
    return [ramp(palette.heat, level / (LEVELS - 1)) for level in range(LEVELS)]


def round_top(most: int) -> int:
    """Return the least of 1, 2, 5, 10, 20 ... that is not below a count.

    A scale that ends there stands still while the counts of a moving part of the
    time change a little.

    Examples
    --------
    >>> round_top(0), round_top(5), round_top(230)
    (1, 5, 500)
    """
    power = 1
    while 10 * power <= most:
        power *= 10
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most)
