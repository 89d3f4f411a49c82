"""Fills of cartons with the boxes of an order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.packing.blocks import make_blocks
from solvers.packing.carton_kernels import fill_again
from solvers.packing.carton_problem import CartonProblem
from solvers.packing.fill_state import Fill, Rules, new_fills, new_scratch, rules_to_try
from solvers.packing.problem import MASS_TOLERANCE, Load, LoadProblem
from solvers.random_words import first_state


@dataclass(frozen=True, slots=True)
class Filled:
    """A carton after some fills: what lies in it, and boxes that are left over."""

    placed: NDArray[np.int32]
    left: NDArray[np.int32]


class CartonFills:
    """Fills cartons with blocks of the boxes of an order.

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
        boxes, cartons = problem.boxes, problem.cartons
        self._around = LoadProblem(
            boxes,
            cartons.size.max(axis=0),
            float(cartons.max_mass_kg.max()),
            problem.support,
        )
        self._list = make_blocks(self._around, blocks)
        self._worth = self._list.blocks.worth.copy()
        self._noise = noise
        self._state = first_state(seed)
        self._limit_kg = (cartons.max_mass_kg * MASS_TOLERANCE).tolist()
        self._rules = [
            rules_to_try(size, problem.support, slack) for size in cartons.size
        ]
        around = Rules(self._around.container, problem.support, False, slack)
        fills = new_fills(1, self._list.blocks, boxes.copies, around)
        self._fill = Fill(*(array[0] for array in fills))
        self._best = np.zeros_like(self._fill.placed)
        self._scratch = new_scratch(1)

    def load(self, placed: NDArray[np.int32]) -> Load:
        """Boxes of blocks that were placed."""
        return self._list.load(self._around, placed)

    def fill(self, counts: NDArray[np.int32], carton: int, trials: int) -> Filled:
        """Fill a carton with as much volume as some fills find."""
        limit = self._limit_kg[carton]
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
