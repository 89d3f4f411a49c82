"""Whether some boxes of an order go into one carton: yes, proved not to, or unknown."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.packing.blocks import BlockList, make_blocks
from solvers.packing.bounds import usable_edges
from solvers.packing.carton_kernels import fill_again, proved_too_full
from solvers.packing.carton_problem import CartonProblem
from solvers.packing.exact_kernels import (
    FITS,
    FITS_NOT,
    MOST_BOXES,
    lie_apart,
    new_tree,
)
from solvers.packing.fill_state import Fill, Rules, new_fills, new_scratch, rules_to_try
from solvers.packing.problem import MASS_TOLERANCE, Load, LoadProblem
from solvers.packing.sharing_kernels import exclude_pairs
from solvers.random_words import first_state

NODES: Final = 20_000
"""Of the search tree that shows how a few boxes lie, or that they do not fit."""
_MOST_FUNCTIONS: Final = 6
_PARTS: Final = (-1, -2, -3)
"""Dual feasible functions that round; see `carton_kernels.proved_too_full`."""


class Fit(Enum):
    """What is known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Filled:
    """A carton after some fills: what lies in it, and boxes that are left over."""

    placed: NDArray[np.int32]
    left: NDArray[np.int32]


class CartonFits:
    """Answers for one order; each is found once.

    Parameters
    ----------
    problem : CartonProblem
    seed : int
    blocks : int
        Most blocks to choose from.
    slack, noise : float
        See `fill_state.Rules` and `carton_kernels.fill_again`.
    """

    def __init__(
        self, problem: CartonProblem, seed: int, blocks: int, slack: float, noise: float
    ) -> None:
        self.problem = problem
        boxes, cartons = problem.boxes, problem.cartons
        self._around = LoadProblem(
            boxes,
            cartons.size.max(axis=0),
            float(cartons.max_mass_kg.max()),
            problem.support,
        )
        self._list: BlockList = make_blocks(self._around, blocks)
        self._worth = self._list.blocks.worth.copy()
        self._noise = noise
        self._state = first_state(seed)
        self._rules = [
            rules_to_try(size, problem.support, slack) for size in cartons.size
        ]
        around = Rules(self._around.container, problem.support, False, slack)
        fills = new_fills(1, self._list.blocks, boxes.copies, around)
        self._fill = Fill(*(array[0] for array in fills))
        self._best = np.zeros_like(self._fill.placed)
        self._scratch = new_scratch(1)
        self.holds = problem.holds()
        self.limit_kg = cartons.max_mass_kg * MASS_TOLERANCE
        self._single = self._list.single_boxes(boxes.kinds)
        fitting = np.stack([boxes.fitting(size) for size in cartons.size])
        self._fitting = (fitting & (self._single >= 0)).astype(np.uint8)
        self._tree = new_tree()
        self._free = problem.support == 0 and not boxes.fragile.any()
        self._turned = np.ascontiguousarray(boxes.turned())
        self._volume, self._carton_volume = boxes.volume, cartons.volume
        self._known: dict[tuple[bytes, int], tuple[Fit, NDArray[np.int32] | None]] = {}

    def load(self, placed: NDArray[np.int32]) -> Load:
        """Boxes of blocks that were placed."""
        return self._list.load(self._around, placed)

    def plainly_not(self, counts: NDArray[np.int32], carton: int) -> bool:
        """Whether volume, mass or a single box rule a carton out."""
        return bool(
            counts @ self._volume > self._carton_volume[carton]
            or counts @ self.problem.boxes.mass_kg > self.limit_kg[carton]
            or not self.holds[counts > 0, carton].all()
        )

    def fits(
        self, counts: NDArray[np.int32], carton: int, trials: int
    ) -> tuple[Fit, NDArray[np.int32] | None]:
        """Whether so many boxes of each kind go into a carton, and how.

        Parameters
        ----------
        counts : ndarray of int32, shape (kinds,)
        carton : int
        trials : int
            Fills to try.

        Returns
        -------
        Fit, ndarray of int32 or None
            Blocks and corners where they do.
        """
        if self.plainly_not(counts, carton):
            return Fit.NO, None
        key = counts.tobytes(), carton
        if key not in self._known:
            self._known[key] = self._find(counts, carton, trials)
        return self._known[key]

    def _find(
        self, counts: NDArray[np.int32], carton: int, trials: int
    ) -> tuple[Fit, NDArray[np.int32] | None]:
        units = int(counts.sum())
        if units <= MOST_BOXES:
            answer, placed = self._lie_apart(counts, carton)
            if answer == FITS_NOT:
                return Fit.NO, None
            if answer == FITS and self._free:
                return Fit.YES, placed
        filled = self.fill(counts, carton, 1)
        if not filled.left.any():
            return Fit.YES, filled.placed
        if self._proved_not(counts, carton):
            return Fit.NO, None
        if trials > 1:
            filled = self.fill(counts, carton, trials)
            if not filled.left.any():
                return Fit.YES, filled.placed
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
        self, counts: NDArray[np.int32], carton: int
    ) -> tuple[int, NDArray[np.int32]]:
        """Whether a few boxes go in when they need no support, and how."""
        kinds = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        kinds = kinds[np.argsort(-self._volume[kinds], kind="stable")]
        tree = self._tree
        answer = lie_apart(
            self._turned, self._fitting[carton], kinds,
            self.problem.cartons.size[carton], NODES, tree,
        )  # fmt: skip
        n = len(kinds)
        placed = np.zeros((n if answer == FITS else 0, 4), np.int32)
        if answer == FITS:
            rotation = tree.option[[b * (b + 1) // 2 for b in range(n)]]
            placed[:, 0] = self._single[kinds, rotation]
            placed[:, 1:] = tree.low[n * (n + 1) // 2, :, :n].T
        return answer, placed

    def fill(self, counts: NDArray[np.int32], carton: int, trials: int) -> Filled:
        """Fill a carton with as much volume as some fills find."""
        limit = float(self.limit_kg[carton])
        most, best = -1, Filled(self._best[:0].copy(), counts)
        for rules in self._rules[carton]:
            placed = fill_again(
                self._fill, self._list.blocks, rules, counts, limit, self._worth,
                self._noise, trials, self._state, self._best, self._scratch,
            )  # fmt: skip
            rows = self._best[: placed if placed >= 0 else -1 - placed]
            volume = int(self._list.blocks.volume[rows[:, 0]].sum())
            if volume > most:
                used = self._list.blocks.need[:, rows[:, 0]].sum(axis=1)
                left = (counts - used).astype(np.int32)
                most, best = volume, Filled(rows.copy(), left)
            if placed >= 0:
                break
        return best

    def _proved_not(self, counts: NDArray[np.int32], carton: int) -> bool:
        """Whether it is proved that the boxes do not go in."""
        fitting = self._fitting[carton]
        container = usable_edges(
            self._turned, fitting > 0, counts, self.problem.cartons.size[carton]
        ).astype(np.int32)
        functions = np.zeros((3, _MOST_FUNCTIONS + len(_PARTS) + 1), np.int32)
        here = (fitting > 0) & (counts > 0)[:, None]
        for axis in range(3):
            edges = np.unique(self._turned[here][:, axis])
            edges = edges[2 * edges <= container[axis]][-_MOST_FUNCTIONS:]
            functions[axis, : len(edges)] = edges
            functions[axis, -len(_PARTS) :] = _PARTS
        return bool(
            proved_too_full(self._turned, fitting, counts, container, functions)
        )
