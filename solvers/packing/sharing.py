"""Share the boxes of an order out among cartons: the cheapest way, with a bound.

At first a part of an order is taken to go into the cheapest carton that volume, mass
and pairs of boxes leave open. The cheapest way to share out is found by dynamic
programming over parts, and its cartons are looked at closely. One that is too small is
excluded for the part and for all that holds the part, and the cheapest way is sought
anew. The first way whose cartons all hold their parts is the cheapest of all.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solvers.packing.carton_fits import CartonFits, Fit
from solvers.packing.problem import Load
from solvers.packing.sharing_kernels import cheapest_cartons, exclude, share_out

Ended = Callable[[], bool]
"""Whether there is no time left."""
Chosen = list[tuple[int, Load]]
"""Cartons, each with what lies in it."""


class Sharing:
    """Parts of an order, and into which cartons each may go.

    Parameters
    ----------
    fits : CartonFits
    counts : ndarray of int32, shape (kinds,)
        Boxes of the order; memory is in proportion to ``(counts + 1).prod()``.
    trials : int
        Fills to try for each part and carton.
    """

    def __init__(
        self, fits: CartonFits, counts: NDArray[np.int32], trials: int
    ) -> None:
        self._fits, self._trials = fits, trials
        boxes = fits.problem.boxes
        base = counts.astype(np.int64) + 1
        self._weight = np.concatenate([[1], np.cumprod(base[:-1])])
        numbers = np.arange(int(base.prod()))[:, None]
        self._digits = (numbers // self._weight % base).astype(np.int32)
        volume = self._digits @ fits.volume
        mass_kg = self._digits @ boxes.mass_kg
        too_large = (self._digits > 0) @ ~fits.holds
        self._cost = fits.problem.cartons.cost
        self._allowed = (
            (volume <= fits.carton_volume[:, None])
            & (mass_kg <= fits.limit_kg[:, None])
            & ~too_large.T
        ).astype(np.uint8)
        fits.exclude_pairs(self._digits, self._weight, self._allowed)
        parts = len(numbers)
        self._price, self._best = np.zeros(parts), np.zeros(parts)
        self._carton = np.zeros(parts, np.int32)
        self._part = np.zeros(parts, np.int32)
        self._digit = np.zeros(len(counts), np.int32)

    def cheapest(self, looks: int, end: Ended) -> tuple[float, Chosen]:
        """The cheapest way that is found, and its cost; inf where none was in time."""
        allowed = self._allowed.copy()
        while True:
            total, parts = self._cheapest_parts(allowed)
            looks -= len(parts)
            if looks < 0 or end():
                return float("inf"), []
            chosen, held = [], True
            for part, carton in parts:
                load = self._look(part, carton)[1]
                if load is not None:
                    chosen.append((carton, load))
                else:
                    exclude(self._digits, allowed, carton, part)
                    held = False
            if held:
                return total, chosen

    def lower_bound(self, looks: int, end: Ended) -> float:
        """Cost that no way falls below; the more looks, the higher."""
        while True:
            total, parts = self._cheapest_parts(self._allowed)
            looks -= len(parts)
            if looks < 0 or end():
                return total
            fits = [self._look(part, carton)[0] for part, carton in parts]
            if Fit.NO not in fits:
                return total

    def _look(self, part: int, carton: int) -> tuple[Fit, Load | None]:
        """Whether a carton holds a part, and how; exclude it if it is too small."""
        fit, load = self._fits.fits(self._digits[part], carton, self._trials)
        if fit is Fit.NO:
            exclude(self._digits, self._allowed, carton, part)
        return fit, load

    def _cheapest_parts(
        self, allowed: NDArray[np.uint8]
    ) -> tuple[float, list[tuple[int, int]]]:
        """Least cost with cartons that are allowed; its parts, each with its carton."""
        cheapest_cartons(allowed, self._cost, self._price, self._carton)
        share_out(self._digits, self._weight, self._price, self._best, self._part,
                  self._digit)  # fmt: skip
        parts = []
        rest = len(self._best) - 1
        while rest > 0:
            part = int(self._part[rest])
            parts.append((part, int(self._carton[part])))
            rest -= part
        return float(self._best[-1]), parts
