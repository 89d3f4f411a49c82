"""Kernels: which free space is filled next, with which block; and so to the end.

The space nearest to a corner of the container comes next, and blocks are weighed by
their volume, by what they touch, and by the length beside them that no boxes fill:
Araya, Guerrero and Nunez (2017), "VCS: a new heuristic function for selecting boxes in
the single container loading problem", doi:10.1016/j.cor.2017.01.002. Changed: a block
touches what bounds its space, wherever the neighbours end.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.packing.fill_state import (
    ALIVE,
    PLACED,
    SPACES,
    VOLUME,
    Blocks,
    Fill,
    Rules,
    Scratch,
)
from solvers.packing.space_kernels import copy_fill, place


@lean_kernel
def next_space(fill: Fill, rules: Rules) -> int:
    """Row of the free space nearest to a corner of the container; -1 if none is left.

    Where boxes need support, a corner of the floor.
    """
    best, best_way, best_volume = -1, np.int64(0), np.int64(0)
    floor = rules.support > 0
    for row in range(fill.counts[SPACES]):
        space = fill.spaces[row]
        way, volume = np.int64(0), np.int64(1)
        for axis in range(3):
            beyond = rules.container[axis] - space[axis + 3]
            near = space[axis]
            way += near if (axis == 2 and floor) or near <= beyond else beyond
            volume *= space[axis + 3] - space[axis]
        if best < 0 or way < best_way or (way == best_way and volume > best_volume):
            best, best_way, best_volume = row, way, volume
    return best


@lean_kernel
def rank_blocks(
    fill: Fill,
    blocks: Blocks,
    rules: Rules,
    row: int,
    scratch: Scratch,
) -> int:
    """Find the blocks that suit a free space best, the best first.

    Parameters
    ----------
    row : int
        Of the space.
    scratch : Scratch
        They are written here; return how many there are.
    """
    chosen, value = scratch.chosen, scratch.value
    space = fill.spaces[row]
    length, width = space[3] - space[0], space[4] - space[1]
    height = space[5] - space[2]
    whole = float(length) * width * height
    found, most = 0, len(chosen)
    for at in range(fill.counts[ALIVE]):
        block = fill.alive[at]
        size = blocks.size[block]
        over_x, over_y, over_z = length - size[0], width - size[1], height - size[2]
        if over_x < 0 or over_y < 0 or over_z < 0:
            continue
        worth = blocks.worth[block]
        if found == most and worth <= value[most - 1]:
            continue
        used = float(size[0] + fill.reach[0, over_x])
        used *= size[1] + fill.reach[1, over_y]
        used *= size[2] + fill.reach[2, over_z]
        side_x = float(size[1]) * size[2]
        side_y = float(size[0]) * size[2]
        side_z = float(size[0]) * size[1]
        all_sides = side_x + side_y + side_z
        touching = all_sides
        if over_x <= rules.slack * length:
            touching += side_x
        if over_y <= rules.slack * width:
            touching += side_y
        if over_z <= rules.slack * height:
            touching += side_z
        contact = touching / (2 * all_sides)
        suits = worth * (used / whole) * contact * contact * contact * contact
        if found < most or suits > value[most - 1]:
            if not may_stand(fill, blocks, rules, row, block):
                continue
            found = min(found + 1, most)
            rank = found - 1
            while rank > 0 and value[rank - 1] < suits:
                value[rank], chosen[rank] = value[rank - 1], chosen[rank - 1]
                rank -= 1
            value[rank], chosen[rank] = suits, block
    return found


@lean_kernel
def corner(fill: Fill, rules: Rules, row: int, axis: int, edge: int) -> int:
    """Where a block begins in a space, along an axis: at the side of the near wall."""
    low, high = fill.spaces[row, axis], fill.spaces[row, axis + 3]
    if low <= rules.container[axis] - high or (axis == 2 and rules.support > 0):
        return low
    return high - edge


@lean_kernel
def may_stand(fill: Fill, blocks: Blocks, rules: Rules, row: int, block: int) -> bool:
    """Whether a block that fits into a space may be put there."""
    if rules.on_tops or (rules.support == 0 and not blocks.fragile[block]):
        return True
    size = blocks.size[block]
    x = corner(fill, rules, row, 0, size[0])
    y = corner(fill, rules, row, 1, size[1])
    z = corner(fill, rules, row, 2, size[2])
    if blocks.fragile[block]:
        for at in range(fill.counts[PLACED]):
            other = blocks.size[fill.placed[at, 0]]
            a, b = fill.placed[at, 1], fill.placed[at, 2]
            beside = a >= x + size[0] or a + other[0] <= x
            beside |= b >= y + size[1] or b + other[1] <= y
            if not beside and fill.placed[at, 3] >= z + size[2]:
                return False
    if rules.support == 0 or z == 0:
        return True
    step_x = size[0] // blocks.grid[block, 0]
    step_y = size[1] // blocks.grid[block, 1]
    needed = rules.support * step_x * step_y
    for i in range(blocks.grid[block, 0]):
        for j in range(blocks.grid[block, 1]):
            left, front = x + i * step_x, y + j * step_y
            if carried(fill, blocks, left, front, z, step_x, step_y) < needed:
                return False
    return True


@lean_kernel
def carried(
    fill: Fill, blocks: Blocks, x: int, y: int, z: int, length: int, width: int
) -> int:
    """Area of a rectangle at a height that lies on flat tops of blocks."""
    area = 0
    for at in range(fill.counts[PLACED]):
        below = fill.placed[at, 0]
        if fill.placed[at, 3] + blocks.size[below, 2] == z:
            a, b = fill.placed[at, 1], fill.placed[at, 2]
            over_x = min(x + length, a + blocks.top[below, 0]) - max(x, a)
            over_y = min(y + width, b + blocks.top[below, 1]) - max(y, b)
            if over_x > 0 and over_y > 0:
                area += over_x * over_y
    return area


@lean_kernel
def put(fill: Fill, blocks: Blocks, rules: Rules, row: int, block: int) -> None:
    """Put a block into the corner of a free space."""
    size = blocks.size[block]
    x = corner(fill, rules, row, 0, size[0])
    y = corner(fill, rules, row, 1, size[1])
    z = corner(fill, rules, row, 2, size[2])
    place(fill, blocks, rules, block, x, y, z)


@lean_kernel
def forget_space(fill: Fill, row: int) -> None:
    """Take a free space away, into which nothing fits."""
    last = fill.counts[SPACES] - 1
    for side in range(6):
        fill.spaces[row, side] = fill.spaces[last, side]
    fill.counts[SPACES] = last


@lean_kernel
def rank_next(
    fill: Fill,
    blocks: Blocks,
    rules: Rules,
    scratch: Scratch,
) -> int:
    """Find the next space into which a block fits, and the blocks that suit it best.

    Returns how many blocks; 0 when the container is full. The row of the space is
    written into ``scratch``.
    """
    while True:
        row = next_space(fill, rules)
        if row < 0:
            return 0
        found = rank_blocks(fill, blocks, rules, row, scratch)
        if found > 0:
            scratch.where[0] = row
            return found
        forget_space(fill, row)


@lean_kernel
def complete(
    fill: Fill,
    blocks: Blocks,
    rules: Rules,
    scratch: Scratch,
) -> None:
    """Fill a container to the end, always with the block that suits best."""
    best = Scratch(scratch.chosen[:1], scratch.value[:1], scratch.where)
    while rank_next(fill, blocks, rules, best) > 0:
        put(fill, blocks, rules, best.where[0], best.chosen[0])


@lean_kernel
def stacked(fills: Fill, row: int) -> Fill:
    """One of several fills whose arrays are stacked."""
    return Fill(
        fills.left[row],
        fills.spaces[row],
        fills.placed[row],
        fills.alive[row],
        fills.reach[row],
        fills.counts[row],
        fills.mass_kg[row],
    )


@lean_kernel
def try_blocks(
    parents: Fill,
    whole: Fill,
    blocks: Blocks,
    rules: Rules,
    jobs: NDArray[np.int32],
    volume: NDArray[np.int64],
    scratch: Scratch,
) -> None:
    """See how full containers would end, each with one more block put into it.

    Parameters
    ----------
    parents : Fill
        Stacked.
    whole : Fill
        Becomes the last of them, filled to the end.
    jobs : ndarray of int32, shape (jobs, 3)
        Row of the parent, row of the space in it, block.
    volume : ndarray of int64, shape (jobs,)
        Of the boxes, in the end; written.
    """
    for job in range(len(jobs)):
        copy_fill(stacked(parents, jobs[job, 0]), whole)
        put(whole, blocks, rules, jobs[job, 1], jobs[job, 2])
        complete(whole, blocks, rules, scratch)
        volume[job] = whole.counts[VOLUME]


@lean_kernel
def grow(
    parents: Fill,
    children: Fill,
    blocks: Blocks,
    rules: Rules,
    jobs: NDArray[np.int32],
) -> None:
    """Make the fills that jobs describe, one after another in ``children``."""
    for job in range(len(jobs)):
        child = stacked(children, job)
        copy_fill(stacked(parents, jobs[job, 0]), child)
        put(child, blocks, rules, jobs[job, 1], jobs[job, 2])


@lean_kernel
def list_jobs(
    parents: Fill,
    count: int,
    blocks: Blocks,
    rules: Rules,
    scratch: Scratch,
    jobs: NDArray[np.int32],
) -> int:
    """List what may be put into each of the first ``count`` fills next.

    As many blocks for each as ``scratch`` has room for; return how many jobs.
    """
    found = 0
    for row in range(count):
        blocks_found = rank_next(stacked(parents, row), blocks, rules, scratch)
        for rank in range(blocks_found):
            jobs[found, 0], jobs[found, 1] = row, scratch.where[0]
            jobs[found, 2] = scratch.chosen[rank]
            found += 1
    return found
