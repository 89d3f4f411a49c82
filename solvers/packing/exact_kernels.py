"""Kernels: whether a few boxes go into a container, by trying how they lie apart.

Two boxes of a packing are apart along an axis, one before the other. A search tree
chooses a rotation for each box, and an axis and an order for each pair; where a box
begins at the earliest is then a longest path. That boxes may be told apart by pairs is
from Fekete, Schepers and van der Veen (2007), "An exact algorithm for
higher-dimensional orthogonal packing", doi:10.1287/opre.1060.0369; their interval
graphs are not used here. Boxes need no support.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

MOST_BOXES: Final = 8
FITS, FITS_NOT, GAVE_UP = 1, 0, -1


class Tree(NamedTuple):
    """Memory of the search tree. A level is a rotation of a box or an order of a pair.

    Attributes
    ----------
    option : ndarray of int32, shape (levels,)
        Rotation, or twice the axis, and one more where the later box comes first.
    low : ndarray of int32, shape (levels + 1, 3, boxes)
        Least corners before a level is decided.
    order : ndarray of int8, shape (boxes, boxes)
        Option of each pair, -1 for none; the later box first.
    edge : ndarray of int32, shape (boxes, 3)
        As turned now.
    """

    option: NDArray[np.int32]
    low: NDArray[np.int32]
    order: NDArray[np.int8]
    edge: NDArray[np.int32]


def new_tree() -> Tree:
    """Memory for `lie_apart`."""
    levels = MOST_BOXES * (MOST_BOXES + 1) // 2
    return Tree(
        np.zeros(levels, np.int32),
        np.zeros((levels + 1, 3, MOST_BOXES), np.int32),
        np.zeros((MOST_BOXES, MOST_BOXES), np.int8),
        np.zeros((MOST_BOXES, 3), np.int32),
    )


@lean_kernel
def lie_apart(
    turned: NDArray[np.int32],
    fitting: NDArray[np.uint8],
    kinds: NDArray[np.int32],
    container: NDArray[np.int32],
    most_nodes: int,
    tree: Tree,
) -> int:
    """Whether boxes go into a container, in at most so many nodes.

    Parameters
    ----------
    turned : ndarray of int32, shape (kinds, 6, 3)
        Edges in each rotation.
    fitting : ndarray of uint8, shape (kinds, 6)
        Rotations to try.
    kinds : ndarray of int32, shape (boxes,)
        Of each box; the large ones first.
    container : ndarray of int32, shape (3,)
    most_nodes : int
    tree : Tree
        Where they fit, the options and the last row of ``low`` say how.

    Returns
    -------
    int
        `FITS`, `FITS_NOT` or `GAVE_UP`.
    """
    boxes = len(kinds)
    levels = boxes * (boxes + 1) // 2
    level, nodes = 0, 0
    # The levels of box b are b * (b + 1) / 2, its rotation, and then one for each
    # box before it.
    box = 0
    tree.option[0] = -1
    for b in range(boxes):
        for axis in range(3):
            tree.low[0, axis, b] = 0
        for other in range(b):
            tree.order[b, other] = -1
    other = -1
    while level >= 0:
        nodes += 1
        if nodes > most_nodes:
            return GAVE_UP
        tree.option[level] += 1
        option = tree.option[level]
        if option == 6:
            if other >= 0:
                tree.order[box, other] = -1
            level -= 1
            other -= 1
            if other < -1:
                box -= 1
                other = box - 1
            continue
        if other < 0:
            if not fitting[kinds[box], option]:
                continue
            for axis in range(3):
                tree.edge[box, axis] = turned[kinds[box], option, axis]
                for b in range(boxes):
                    tree.low[level + 1, axis, b] = tree.low[level, axis, b]
                tree.low[level + 1, axis, box] = 0
        else:
            if box == 1 and option % 2 == 1:  # the mirror image of another option
                continue
            if not _allowed(tree, box, other, option):
                continue
            tree.order[box, other] = option
            if not _push(tree, level, box, container):
                continue
        level += 1
        other += 1
        if other == box:
            box += 1
            other = -1
        if level == levels:
            return FITS
        tree.option[level] = -1
        if other >= 0:
            tree.order[box, other] = -1
    return FITS_NOT


@lean_kernel
def _allowed(tree: Tree, box: int, other: int, option: int) -> bool:
    """Whether an order is no worse than one that two others bring with them.

    Where one box comes before a third and that before the other, along one axis, the
    pair is apart already, and no other option needs a look.
    """
    for third in range(box):
        if third == other or tree.order[box, third] < 0 or third > other:
            continue
        of_box = tree.order[box, third]
        of_other = tree.order[other, third]
        # Along one axis: third after the one and before the other of the two.
        if of_box // 2 == of_other // 2 and of_box % 2 != of_other % 2:
            return option == of_box
    return True


@lean_kernel
def _push(tree: Tree, level: int, box: int, container: NDArray[np.int32]) -> bool:
    """Push boxes up until the newest order holds; whether all stay inside."""
    for axis in range(3):
        for b in range(box + 1):
            tree.low[level + 1, axis, b] = tree.low[level, axis, b]
    low = tree.low[level + 1]
    again = True
    while again:
        again = False
        for late in range(1, box + 1):
            for early in range(late):
                order = tree.order[late, early]
                if order < 0:
                    continue
                axis = order // 2
                first, second = (late, early) if order % 2 else (early, late)
                end = low[axis, first] + tree.edge[first, axis]
                if low[axis, second] < end:
                    if end + tree.edge[second, axis] > container[axis]:
                        return False
                    low[axis, second] = end
                    again = True
    return True
