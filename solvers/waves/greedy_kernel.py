"""Kernel: from all aisles open, close one after another where it costs least."""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.waves.annealing_kernels import BestWave, keep_if_best
from solvers.waves.arrays import WaveArrays
from solvers.waves.moves import OPEN, UNITS, WaveState, move, undo


@kernel
def close_greedily(
    arrays: WaveArrays,
    state: WaveState,
    best: BestWave,
    loss: NDArray[np.int64],
    random: NDArray[np.uint64],
    least: int,
    most: int,
    closings: int,
) -> int:
    """Close up to ``closings`` aisles, each where it costs the fewest units.

    What a closing costs is looked at again only when it is the cheapest by what was
    known of it: costs mostly grow as others close (lazy greedy, Minoux 1978).

    Parameters
    ----------
    arrays : WaveArrays
    state : WaveState
        Changed.
    best : BestWave
        Replaced by each better wave on the way.
    loss : ndarray of int64, shape (aisles,)
        What each closing was last known to cost; zeros at the beginning. Changed.
    random : ndarray of uint64, shape (1,)
        Not 0; changed.
    least, most : int
        Units of a wave.
    closings : int

    Returns
    -------
    int
        How many aisles were closed: fewer when the next leaves too few units.
    """
    for made in range(closings):
        while True:
            cheapest = -1
            for k in range(state.counts[OPEN]):
                aisle = int(state.open_list[k])
                if cheapest < 0 or loss[aisle] < loss[cheapest]:
                    cheapest = aisle
            if cheapest < 0 or state.counts[OPEN] == 1:
                return made
            before = state.counts[UNITS]
            move(arrays, state, -1, cheapest, -1, random)
            cost = before - state.counts[UNITS]
            if cost <= loss[cheapest]:
                break
            undo(arrays, state, -1, cheapest)
            loss[cheapest] = cost
        if state.counts[UNITS] < least:
            undo(arrays, state, -1, cheapest)
            return made
        keep_if_best(state, best, least, most)
    return closings
