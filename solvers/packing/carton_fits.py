"""Whether some boxes of an order go into one carton: yes, proved not to, or unknown."""

from enum import Enum
from functools import cached_property, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.packing.carton_fills import CartonFills
from solvers.packing.carton_problem import CartonProblem
from solvers.packing.exact_kernels import (
    FITS,
    FITS_NOT,
    GAVE_UP,
    MOST_BOXES,
    lie_apart,
    new_tree,
)
from solvers.packing.problem import MASS_TOLERANCE, Load
from solvers.packing.proof_kernels import new_proof_memory, proved_not_to_fit
from solvers.packing.sharing_kernels import exclude_pairs

NODES: Final = 20_000
"""Of the search tree that shows how a few boxes lie, or that they do not fit."""
SHORT_LOOK: Final = 2_000
"""Nodes before proofs are tried: most answers take fewer, most others have a proof."""


class Fit(Enum):
    """What is known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class CartonFits:
    """Answers for one order; each is found once.

    Parameters
    ----------
    problem : CartonProblem
    seed, blocks, slack, noise
        See `CartonFills`.

    Attributes
    ----------
    holds : ndarray of bool, shape (kinds, cartons)
        Whether a carton holds a box of a kind alone.
    volume : ndarray of int64, shape (kinds,)
    carton_volume : ndarray of int64, shape (cartons,)
    limit_kg : ndarray of float64, shape (cartons,)
        What a carton may carry, and a little for rounding.
    """

    def __init__(
        self, problem: CartonProblem, seed: int, blocks: int, slack: float, noise: float
    ) -> None:
        self.problem = problem
        boxes, cartons = problem.boxes, problem.cartons
        self._new_fills = partial(CartonFills, problem, seed, blocks, slack, noise)
        self.limit_kg = cartons.max_mass_kg * MASS_TOLERANCE
        self.volume, self.carton_volume = boxes.volume, cartons.volume
        fitting = problem.fitting()
        self.holds = problem.holds(fitting)
        self._fitting = fitting.astype(np.uint8)
        self._turned = boxes.turned()
        self._tree = new_tree()
        self._memory = new_proof_memory(int(cartons.size.max()))
        self._free = problem.support == 0 and not boxes.fragile.any()
        self._known: dict[tuple[bytes, int], tuple[Fit, Load | None]] = {}

    @cached_property
    def fills(self) -> CartonFills:
        """Fills of cartons: many orders need none, and their blocks take a while."""
        return self._new_fills()

    def fits(
        self, counts: NDArray[np.int32], carton: int, trials: int
    ) -> tuple[Fit, Load | None]:
        """Whether so many boxes of each kind go into a carton, and how.

        Parameters
        ----------
        counts : ndarray of int32, shape (kinds,)
            Volume, mass and single boxes leave the carton open.
        carton : int
        trials : int
            Fills to try.

        Returns
        -------
        Fit, Load or None
            How they lie where they do.
        """
        key = counts.tobytes(), carton
        if key not in self._known:
            self._known[key] = self._find(counts, carton, trials)
        return self._known[key]

    def _find(
        self, counts: NDArray[np.int32], carton: int, trials: int
    ) -> tuple[Fit, Load | None]:
        few = int(counts.sum()) <= MOST_BOXES
        answer, load = GAVE_UP, None
        if few:
            answer, load = self._lie_apart(counts, carton, SHORT_LOOK)
        if answer == GAVE_UP and self._proved_not(counts, carton):
            return Fit.NO, None
        if answer == GAVE_UP and few:
            answer, load = self._lie_apart(counts, carton, NODES)
        if answer == FITS_NOT:
            return Fit.NO, None
        if load is not None and self._free:
            return Fit.YES, load
        filled = self.fills.fill(counts, carton, trials)
        if not filled.left.any():
            return Fit.YES, self.fills.load(filled.placed)
        return Fit.UNKNOWN, None

    def exclude_pairs(
        self,
        digits: NDArray[np.int32],
        weight: NDArray[np.int64],
        allowed: NDArray[np.uint8],
    ) -> None:
        """Exclude cartons for two boxes; see `sharing_kernels.exclude_pairs`."""
        exclude_pairs(
            digits, weight, allowed, self._turned, self._fitting,
            self.problem.cartons.size, np.zeros(2, np.int32), self._tree,
        )  # fmt: skip

    def _lie_apart(
        self, counts: NDArray[np.int32], carton: int, nodes: int
    ) -> tuple[int, Load | None]:
        """Whether a few boxes go in when they need no support, and how."""
        kinds = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        kinds = kinds[np.argsort(-self.volume[kinds], kind="stable")]
        tree = self._tree
        answer = lie_apart(
            self._turned, self._fitting[carton], kinds,
            self.problem.cartons.size[carton], nodes, tree,
        )  # fmt: skip
        if answer != FITS:
            return answer, None
        n = len(kinds)
        rotation = tree.option[[b * (b + 1) // 2 for b in range(n)]]
        x, y, z = corner = tree.low[n * (n + 1) // 2, :, :n]
        rows = np.lexsort((y, x, z))
        return answer, Load(kinds[rows], rotation[rows], corner.T[rows])

    def _proved_not(self, counts: NDArray[np.int32], carton: int) -> bool:
        """Whether it is proved that the boxes do not go in."""
        return bool(
            proved_not_to_fit(
                self._turned, self._fitting[carton], counts,
                self.problem.cartons.size[carton], self._memory,
            )
        )  # fmt: skip
