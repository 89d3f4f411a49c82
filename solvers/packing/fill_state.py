"""A container while it is filled: blocks to choose from, free spaces, what is in."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SPACES, PLACED, ALIVE, VOLUME = range(4)
"""Places in ``counts``."""
MOST_SPACES: Final = 400
"""Free spaces that are kept; when there are more, the newest are forgotten."""


class Blocks(NamedTuple):
    """Blocks of boxes; those of the largest volume come first.

    Attributes
    ----------
    size : ndarray of int32, shape (blocks, 3)
    need : ndarray of int32, shape (kinds, blocks)
        Boxes of each kind.
    volume : ndarray of int64, shape (blocks,)
        Of the boxes in it.
    worth : ndarray of float64, shape (blocks,)
        That volume, less for many boxes.
    mass_kg : ndarray of float64, shape (blocks,)
    top : ndarray of int32, shape (blocks, 2)
        Length and width, from the block's corner, of the part of its top that is flat
        and can carry.
    grid : ndarray of int32, shape (blocks, 2)
        Boxes along length and width, where all are of one kind; else 0.
    fragile : ndarray of uint8, shape (blocks,)
        Whether a box in it carries nothing.
    edges : ndarray of int32, shape (kinds, 3, 6)
        Edges of a box along each axis, in each rotation that is allowed; 0 for none.
    """

    size: NDArray[np.int32]
    need: NDArray[np.int32]
    volume: NDArray[np.int64]
    worth: NDArray[np.float64]
    mass_kg: NDArray[np.float64]
    top: NDArray[np.int32]
    grid: NDArray[np.int32]
    fragile: NDArray[np.uint8]
    edges: NDArray[np.int32]


class Fill(NamedTuple):
    """A container that is filled in part; all int32 unless said otherwise.

    Attributes
    ----------
    left : shape (kinds,)
        Boxes that are not in it.
    spaces : shape (MOST_SPACES, 6)
        Free spaces: the least corner and the one opposite. None lies in another.
    placed : shape (most blocks, 4)
        A block, and the corner of the least length, width and height.
    alive : shape (blocks,)
        Blocks for which enough boxes are left, in their order.
    reach : shape (3, longest edge + 1)
        By axis and length: the largest sum of edges of boxes left that is no longer.
    counts : ndarray of int64, shape (4,)
        `SPACES`, `PLACED`, `ALIVE`, and the `VOLUME` of boxes.
    mass_kg : ndarray of float64, shape (1,)
        Mass that may still be added.
    """

    left: NDArray[np.int32]
    spaces: NDArray[np.int32]
    placed: NDArray[np.int32]
    alive: NDArray[np.int32]
    reach: NDArray[np.int32]
    counts: NDArray[np.int64]
    mass_kg: NDArray[np.float64]


class Scratch(NamedTuple):
    """Memory of one thread, for blocks that were ranked.

    Attributes
    ----------
    chosen : ndarray of int32, shape (most,)
        The best first.
    value : ndarray of float64, shape (most,)
        How well each suits.
    where : ndarray of int64, shape (1,)
        Row of the free space they are for.
    """

    chosen: NDArray[np.int32]
    value: NDArray[np.float64]
    where: NDArray[np.int64]


class Rules(NamedTuple):
    """What holds for a fill, and how blocks are chosen.

    Attributes
    ----------
    container : ndarray of int32, shape (3,)
    support : float
        Share of each base that is supported.
    on_tops : bool
        Spaces begin on the floor or on flat tops alone, so that all that stands in them
        is supported in full.
    slack : float
        Share of a space that may stay free beside a block that counts as touching.
    """

    container: NDArray[np.int32]
    support: float
    on_tops: bool
    slack: float


def rules_to_try(
    container: NDArray[np.int32], support: float, slack: float
) -> list[Rules]:
    """Rules under which fills keep a share of support; for some shares there are two.

    With support in part, full support keeps them as well, and ends fuller at times.
    """
    ways = {0.0: (False,), 1.0: (True,)}.get(support, (True, False))
    return [Rules(container, support, on_tops, slack) for on_tops in ways]


def new_fills(
    many: int, blocks: Blocks, copies: NDArray[np.int32], rules: Rules
) -> Fill:
    """Memory for many fills, their arrays stacked; `space_kernels.empty` makes one."""
    longest = int(rules.container.max())
    return Fill(
        left=np.tile(copies, (many, 1)),
        spaces=np.zeros((many, MOST_SPACES, 6), np.int32),
        placed=np.zeros((many, int(copies.sum()), 4), np.int32),
        alive=np.zeros((many, len(blocks.volume)), np.int32),
        reach=np.zeros((many, 3, longest + 1), np.int32),
        counts=np.zeros((many, 4), np.int64),
        mass_kg=np.zeros((many, 1)),
    )


def new_scratch(most: int) -> Scratch:
    """Memory to rank so many blocks."""
    return Scratch(np.zeros(most, np.int32), np.zeros(most), np.zeros(1, np.int64))
