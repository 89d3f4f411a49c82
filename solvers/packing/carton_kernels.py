"""Kernel: fill a carton again and again."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.packing.choice_kernels import complete
from solvers.packing.fill_state import PLACED, VOLUME, Blocks, Fill, Rules, Scratch
from solvers.packing.space_kernels import empty
from solvers.random_words import random_below

_STEPS: Final = 1024
"""Random shares are so many different ones."""


@lean_kernel
def fill_again(
    fill: Fill,
    blocks: Blocks,
    rules: Rules,
    counts: NDArray[np.int32],
    max_mass_kg: float,
    worth: NDArray[np.float64],
    noise: float,
    trials: int,
    state: NDArray[np.uint64],
    best: NDArray[np.int32],
    scratch: Scratch,
) -> int:
    """Fill a carton again and again with blocks worth a little more or less.

    Parameters
    ----------
    fill : Fill
        Changed.
    counts : ndarray of int32, shape (kinds,)
        Boxes that are to go in.
    worth : ndarray of float64, shape (blocks,)
        What blocks are worth without noise; ``blocks.worth`` is changed.
    noise : float
        Share by which that is raised at most; the first fill has none.
    trials : int
        Fills; fewer when all boxes are in.
    best : ndarray of int32, shape (most blocks, 4)
        Blocks and corners of the fill with the most volume; written.

    Returns
    -------
    int
        How many blocks are in it; -1 less that number where boxes are left over.
    """
    most, placed, whole = np.int64(-1), 0, False
    for trial in range(trials):
        for block in range(len(worth)):
            share = 0.0
            if trial > 0:
                share = noise * random_below(state, _STEPS) / _STEPS
            blocks.worth[block] = worth[block] * (1 + share)
        for kind in range(len(counts)):
            fill.left[kind] = counts[kind]
        empty(fill, blocks, rules, max_mass_kg)
        complete(fill, blocks, rules, scratch)
        if fill.counts[VOLUME] > most:
            most, placed = fill.counts[VOLUME], fill.counts[PLACED]
            for row in range(placed):
                for entry in range(4):
                    best[row, entry] = fill.placed[row, entry]
            whole = True
            for kind in range(len(counts)):
                whole &= fill.left[kind] == 0
            if whole:
                break
    return placed if whole else -1 - placed
