"""Kernels: grids of boxes of one kind, from which blocks are put together."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.packing.block_kernels import LEAF, Drafts, is_new

EVERY_COUNT: Final = 16
"""Boxes along an edge of a grid up to which every count is made."""


@lean_kernel
def next_count(count: int, most: int) -> int:
    """Boxes along an edge of the next larger grid: all at first, then gaps grow.

    Beyond the most, which is always made, it is one more.

    Examples
    --------
    >>> [next_count(count, 40) for count in (1, 15, 16, 18, 35, 40)]
    [2, 16, 18, 21, 40, 41]
    """
    if count < EVERY_COUNT or count >= most:
        return count + 1
    return min(most, (9 * count + 7) // 8)


@lean_kernel
def list_grids(
    turned: NDArray[np.int32],
    fitting: NDArray[np.bool_],
    most: NDArray[np.int32],
    fragile: NDArray[np.bool_],
    container: NDArray[np.int32],
    grids: NDArray[np.int32],
) -> int:
    """List the grids of one kind of box each that go into a container.

    Parameters
    ----------
    turned : ndarray of int32, shape (kinds, 6, 3)
        Edges in each rotation.
    fitting : ndarray of bool, shape (kinds, 6)
        Rotations to look at; of those in which a box looks the same, one is taken.
    most : ndarray of int32, shape (kinds,)
        Boxes of each kind in a grid.
    fragile : ndarray of bool, shape (kinds,)
        Whether grids have one layer alone.
    container : ndarray of int32, shape (3,)
    grids : ndarray of int32, shape (any number, 5)
        Kind, rotation, and boxes along length, width and height; written as far as
        there is room.

    Returns
    -------
    int
        How many there are, with or without room.
    """
    found = 0
    for kind in range(len(most)):
        for rotation in range(6):
            if not fitting[kind, rotation] or _seen(turned, fitting, kind, rotation):
                continue
            edges = turned[kind, rotation]
            highest = 1 if fragile[kind] else container[2] // edges[2]
            i = 1
            along = min(container[0] // edges[0], most[kind])
            while i <= along:
                j = 1
                across = min(container[1] // edges[1], most[kind] // i)
                while j <= across:
                    k = 1
                    up = min(highest, most[kind] // (i * j))
                    while k <= up:
                        if found < len(grids):
                            row = grids[found]
                            row[0], row[1], row[2], row[3] = kind, rotation, i, j
                            row[4] = k
                        found += 1
                        k = next_count(k, up)
                    j = next_count(j, across)
                i = next_count(i, along)
    return found


@lean_kernel
def _seen(
    turned: NDArray[np.int32], fitting: NDArray[np.bool_], kind: int, rotation: int
) -> bool:
    """Whether a box looks the same in a rotation before."""
    for before in range(rotation):
        same = fitting[kind, before]
        for axis in range(3):
            same &= turned[kind, before, axis] == turned[kind, rotation, axis]
        if same:
            return True
    return False


@lean_kernel
def draft_grids(
    grids: NDArray[np.int32],
    turned: NDArray[np.int32],
    volume: NDArray[np.int64],
    fragile: NDArray[np.bool_],
    marks: NDArray[np.uint64],
    drafts: Drafts,
) -> int:
    """Write grids as the first blocks; return how many different ones there are.

    Parameters
    ----------
    grids : ndarray of int32, shape (grids, 5)
    turned : ndarray of int32, shape (kinds, 6, 3)
    volume : ndarray of int64, shape (kinds,)
        Of one box.
    fragile : ndarray of bool, shape (kinds,)
    marks : ndarray of uint64, shape (kinds,)
        Of one box; see `Drafts`.
    drafts : Drafts
        Empty, with room for all.
    """
    made = 0
    for row in range(len(grids)):
        kind, rotation = grids[row, 0], grids[row, 1]
        boxes = np.int64(1)
        for axis in range(3):
            boxes *= grids[row, 2 + axis]
            edge = turned[kind, rotation, axis] * grids[row, 2 + axis]
            drafts.size[made, axis] = edge
            if axis < 2:
                drafts.top[made, axis] = 0 if fragile[kind] else edge
        for other in range(drafts.need.shape[1]):
            drafts.need[made, other] = 0
        drafts.need[made, kind] = boxes
        drafts.volume[made] = volume[kind] * boxes
        drafts.fragile[made] = fragile[kind]
        drafts.part[made, 0], drafts.part[made, 1] = kind, rotation
        drafts.part[made, 2] = LEAF
        drafts.mark[made] = marks[kind] * np.uint64(boxes)
        if is_new(drafts, made):
            made += 1
    return made
