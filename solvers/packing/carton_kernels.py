"""Kernels: fill a carton again and again, and prove that boxes do not go into it.

A proof is a dual feasible function for each axis: edges are changed in such a way that
boxes which fit still fit, and then the volumes do not (Fekete and Schepers 2004, "A
general framework for bounds for higher-dimensional orthogonal packing problems",
arXiv:cs/0402044).
"""

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


@lean_kernel
def proved_too_full(
    turned: NDArray[np.int32],
    fitting: NDArray[np.uint8],
    counts: NDArray[np.int32],
    container: NDArray[np.int32],
    functions: NDArray[np.int32],
) -> bool:
    """Whether some dual feasible functions show that boxes do not go into a container.

    Parameters
    ----------
    turned : ndarray of int32, shape (kinds, 6, 3)
        Edges in each rotation.
    fitting : ndarray of uint8, shape (kinds, 6)
        Rotations to look at.
    counts : ndarray of int32, shape (kinds,)
    container : ndarray of int32, shape (3,)
    functions : ndarray of int32, shape (3, any number)
        By axis: 0 leaves edges as they are, a number above 0 is the least edge that
        counts, one below 0 rounds to so many parts and one more.
    """
    whole = float(container[0]) * container[1] * container[2] * (1 + 1e-9)
    number = functions.shape[1]
    for f in range(number):
        for g in range(number):
            for h in range(number):
                total = 0.0
                for kind in range(len(counts)):
                    if counts[kind] == 0:
                        continue
                    least = np.inf
                    for rotation in range(6):
                        if fitting[kind, rotation]:
                            edges = turned[kind, rotation]
                            volume = dual_feasible(
                                functions[0, f], edges[0], container[0]
                            )
                            volume *= dual_feasible(
                                functions[1, g], edges[1], container[1]
                            )
                            volume *= dual_feasible(
                                functions[2, h], edges[2], container[2]
                            )
                            least = min(least, volume)
                    total += least * counts[kind]
                if total > whole:
                    return True
    return False


@lean_kernel
def dual_feasible(function: int, edge: int, length: int) -> float:
    """Edge after a dual feasible function for a length; never longer than it."""
    if function > 0:
        if edge > length - function:
            return float(length)
        return float(edge) if edge >= function else 0.0
    if function < 0:
        parts = 1 - function
        if (parts * edge) % length == 0:
            return float(edge)
        return float((parts * edge) // length) * length / (parts - 1)
    return float(edge)
