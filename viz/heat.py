"""How often cells are visited, as levels of a colour ramp."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.palette import Colour, Palette, ramp

LEVELS: Final = 64


def heat_levels(visits: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Rank cells from 1 (once) to 63 (most visited); 0 is never.

    The square root keeps the few cells before the docks from hiding the rest.

    Examples
    --------
    >>> heat_levels(np.array([0, 1, 100])).tolist()
    [0, 7, 63]
    """
    most = max(1, int(visits.max(initial=0)))
    levels = np.ceil(np.sqrt(visits / most) * (LEVELS - 1) - 1e-9)
    return levels.astype(np.uint8)


def heat_colours(palette: Palette) -> list[Colour]:
    """Return the colour of each level."""
    return [ramp(palette.heat, level / (LEVELS - 1)) for level in range(LEVELS)]
