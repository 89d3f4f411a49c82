"""How often cells are visited, as levels of a colour ramp."""

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.palette import Colour, Palette, ramp
from warehouse.metrics import visits
from warehouse.plan import Plan

LEVELS: Final = 64


def heat_levels(counts: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Rank cells from 1 (once) to 63 (most visited); 0 is never.

    The square root keeps the few cells before the docks from hiding the rest.

    Examples
    --------
    >>> heat_levels(np.array([0, 1, 100])).tolist()
    [0, 7, 63]
    """
    most = max(1, int(counts.max(initial=0)))
    levels = np.ceil(np.sqrt(counts / most) * (LEVELS - 1) - 1e-9)
    return levels.astype(np.uint8)


def heat_colours(palette: Palette) -> list[Colour]:
    """Return the colour of each level."""
    return [ramp(palette.heat, level / (LEVELS - 1)) for level in range(LEVELS)]


class VisitMap:
    """How often the cells of a plan are visited, counted when it is first asked for.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Visits, shape (cells,)."""
        return visits(self._plan)

    @property
    def most(self) -> int:
        """Visits of the cell that has most."""
        return int(self.counts.max(initial=0))
