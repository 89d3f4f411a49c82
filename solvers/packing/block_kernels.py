"""Kernels: blocks of boxes, put together from two blocks with little air in between."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

LEAF = -1
"""Stands in the place of the axis, where a block is a grid of boxes of one kind."""


class Drafts(NamedTuple):
    """Blocks while they are made; rows beyond those made are free.

    Attributes
    ----------
    size : ndarray of int32, shape (most, 3)
    need : ndarray of int32, shape (most, kinds)
    volume : ndarray of int64, shape (most,)
        Of the boxes.
    top : ndarray of int32, shape (most, 2)
        Flat part of the top that can carry, from the block's corner.
    fragile : ndarray of uint8, shape (most,)
    part : ndarray of int32, shape (most, 3)
        First block, second block, and the axis along which the second follows the
        first; or kind, rotation and `LEAF`.
    mark : ndarray of uint64, shape (most,)
        Sum of the marks of all boxes, by which equal contents are known.
    seen : ndarray of uint64, shape (a power of 2,)
        Hash table of contents and size; 0 where free.
    """

    size: NDArray[np.int32]
    need: NDArray[np.int32]
    volume: NDArray[np.int64]
    top: NDArray[np.int32]
    fragile: NDArray[np.uint8]
    part: NDArray[np.int32]
    mark: NDArray[np.uint64]
    seen: NDArray[np.uint64]


@lean_kernel
def is_new(drafts: Drafts, row: int) -> bool:
    """Whether no block of this size and contents was seen; note it as seen."""
    key = drafts.mark[row]
    for axis in range(3):
        key = (key ^ np.uint64(drafts.size[row, axis])) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    key |= np.uint64(1)
    mask = np.uint64(len(drafts.seen) - 1)
    place = (key >> np.uint64(7)) & mask
    while drafts.seen[place] != 0:
        if drafts.seen[place] == key:
            return False
        place = (place + np.uint64(1)) & mask
    drafts.seen[place] = key
    return True


@lean_kernel
def combine(
    drafts: Drafts,
    made: int,
    copies: NDArray[np.int32],
    container: NDArray[np.int32],
    least_full: float,
    on_tops: bool,
) -> int:
    """Put blocks together in pairs, until there is memory for no more.

    Parameters
    ----------
    made : int
        Blocks that are there.
    least_full : float
        Share of a block that boxes fill at least.
    on_tops : bool
        Whether every box must be supported in full; the top of a block is then nearly
        all flat.

    Returns
    -------
    int
        Blocks that are there afterwards.
    """
    i = 0
    while i < made:
        for j in range(i + 1):
            for axis in range(3):
                if made == len(drafts.volume):
                    return made
                if _fits(drafts, made, i, j, axis, container, least_full) and _join(
                    drafts, made, i, j, axis, copies, least_full, on_tops
                ):
                    made += 1
        i += 1
    return made


@lean_kernel
def _fits(
    drafts: Drafts,
    row: int,
    i: int,
    j: int,
    axis: int,
    container: NDArray[np.int32],
    least_full: float,
) -> bool:
    """Write the size of two blocks together; whether it fits and has little air."""
    whole = np.int64(1)
    for side in range(3):
        first, second = drafts.size[i, side], drafts.size[j, side]
        edge = first + second if side == axis else max(first, second)
        if edge > container[side]:
            return False
        drafts.size[row, side] = edge
        whole *= edge
    drafts.volume[row] = drafts.volume[i] + drafts.volume[j]
    return drafts.volume[row] >= least_full * whole


@lean_kernel
def _join(
    drafts: Drafts,
    row: int,
    i: int,
    j: int,
    axis: int,
    copies: NDArray[np.int32],
    least_full: float,
    on_tops: bool,
) -> bool:
    """Write what a block of two is, its size aside; whether it may be and is new."""
    for kind in range(len(copies)):
        need = drafts.need[i, kind] + drafts.need[j, kind]
        if need > copies[kind]:
            return False
        drafts.need[row, kind] = need
    size, top = drafts.size, drafts.top
    first, second = i, j
    if axis == 2:  # the larger base is below
        if size[j, 0] * size[j, 1] > size[i, 0] * size[i, 1]:
            first, second = j, i
        if drafts.fragile[first]:
            return False
        if on_tops and (
            size[second, 0] > top[first, 0] or size[second, 1] > top[first, 1]
        ):
            return False
        top[row, 0], top[row, 1] = top[second, 0], top[second, 1]
        drafts.fragile[row] = drafts.fragile[second]
    else:  # the higher one first, as tops are measured from there
        if size[j, 2] > size[i, 2]:
            first, second = j, i
        across = 1 - axis
        top[row, axis], top[row, across] = top[first, axis], top[first, across]
        level = size[first, 2] == size[second, 2]
        if level and top[first, axis] == size[first, axis] and top[second, axis] > 0:
            top[row, axis] += top[second, axis]
            top[row, across] = min(top[first, across], top[second, across])
        drafts.fragile[row] = drafts.fragile[first] | drafts.fragile[second]
    if on_tops and not drafts.fragile[row]:
        flat = float(top[row, 0]) * top[row, 1]
        if flat < least_full * size[row, 0] * size[row, 1]:
            return False
    drafts.part[row, 0], drafts.part[row, 1] = first, second
    drafts.part[row, 2] = axis
    drafts.mark[row] = drafts.mark[i] + drafts.mark[j]
    return is_new(drafts, row)
