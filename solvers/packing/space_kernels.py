"""Kernels: the free spaces of a container while blocks are put into it.

Free spaces are maximal: none lies within another, and they overlap (Lai and Chan 1997).
Where boxes must be supported in full, spaces begin on the floor or on flat tops alone,
and tops of one height that touch are joined.
"""

from typing import Final

from solvers.kernel import lean_kernel
from solvers.packing.fill_state import (
    ALIVE,
    PLACED,
    SPACES,
    VOLUME,
    Blocks,
    Fill,
    Rules,
)

FEW_KINDS: Final = 40
"""Kinds left up to which lengths that add up are found anew when one runs out."""


@lean_kernel
def empty(fill: Fill, blocks: Blocks, rules: Rules, max_mass_kg: float) -> None:
    """Take everything out of a fill."""
    fill.counts[VOLUME] = fill.counts[PLACED] = 0
    fill.counts[SPACES] = 1
    fill.mass_kg[0] = max_mass_kg
    for axis in range(3):
        fill.spaces[0, axis] = 0
        fill.spaces[0, axis + 3] = rules.container[axis]
    find_reach(fill, blocks, rules)
    for block in range(len(fill.alive)):
        fill.alive[block] = block
    fill.counts[ALIVE] = len(fill.alive)
    for kind in range(len(fill.left)):
        _keep_alive(fill, blocks, kind)


@lean_kernel
def copy_fill(source: Fill, target: Fill) -> None:
    """Make one fill equal to another."""
    target.mass_kg[0] = source.mass_kg[0]
    # Written out: `target.left[:] = source.left` would make an array.
    for kind in range(len(source.left)):
        target.left[kind] = source.left[kind]
    for axis in range(3):
        for length in range(source.reach.shape[1]):
            target.reach[axis, length] = source.reach[axis, length]
    for entry in range(len(source.counts)):
        target.counts[entry] = source.counts[entry]
    for row in range(source.counts[SPACES]):
        for side in range(6):
            target.spaces[row, side] = source.spaces[row, side]
    for row in range(source.counts[PLACED]):
        for entry in range(4):
            target.placed[row, entry] = source.placed[row, entry]
    for row in range(source.counts[ALIVE]):
        target.alive[row] = source.alive[row]


@lean_kernel
def find_reach(fill: Fill, blocks: Blocks, rules: Rules) -> None:
    """Find which lengths edges of boxes that are left add up to."""
    for axis in range(3):
        reach = fill.reach[axis]
        length = rules.container[axis]
        for s in range(length + 1):
            reach[s] = 0
        for kind in range(len(fill.left)):
            if fill.left[kind] > 0:
                for rotation in range(6):
                    edge = blocks.edges[kind, axis, rotation]
                    for s in range(edge, length + 1):
                        if edge > 0 and (s == edge or reach[s - edge] > 0):
                            reach[s] = s
        for s in range(1, length + 1):
            reach[s] = max(reach[s], reach[s - 1])


@lean_kernel
def _keep_alive(fill: Fill, blocks: Blocks, kind: int) -> None:
    """Forget blocks that need more boxes of a kind than are left, or are too heavy."""
    count = 0
    left, room_kg = fill.left[kind], fill.mass_kg[0]
    for row in range(fill.counts[ALIVE]):
        block = fill.alive[row]
        if blocks.need[kind, block] <= left and blocks.mass_kg[block] <= room_kg:
            fill.alive[count] = block
            count += 1
    fill.counts[ALIVE] = count


@lean_kernel
def place(
    fill: Fill, blocks: Blocks, rules: Rules, block: int, x: int, y: int, z: int
) -> None:
    """Put a block with its least corner at x, y, z of a free space."""
    row = fill.counts[PLACED]
    fill.placed[row, 0] = block
    fill.placed[row, 1] = x
    fill.placed[row, 2] = y
    fill.placed[row, 3] = z
    fill.counts[PLACED] = row + 1
    fill.counts[VOLUME] += blocks.volume[block]
    fill.mass_kg[0] -= blocks.mass_kg[block]
    ran_out, kinds_left = False, 0
    for kind in range(len(fill.left)):
        need = blocks.need[kind, block]
        if need > 0:
            fill.left[kind] -= need
            ran_out |= fill.left[kind] == 0
            _keep_alive(fill, blocks, kind)
        kinds_left += fill.left[kind] > 0
    if ran_out and kinds_left <= FEW_KINDS:  # many reach nearly every length anyway
        find_reach(fill, blocks, rules)
    x2, y2 = x + blocks.size[block, 0], y + blocks.size[block, 1]
    z2 = z + blocks.size[block, 2]
    height = rules.container[2]
    _cut_out(fill, rules, x, y, z, x2, y2, height if blocks.fragile[block] else z2)
    if rules.on_tops:
        x2, y2 = x + blocks.top[block, 0], y + blocks.top[block, 1]
        _add(fill, x, y, z2, x2, y2, height)
        _join_tops(fill, x, y, z2, x2, y2, height)


@lean_kernel
def _cut_out(
    fill: Fill, rules: Rules, x1: int, y1: int, z1: int, x2: int, y2: int, z2: int
) -> None:
    """Take a part away from all free spaces."""
    spaces = fill.spaces
    before = fill.counts[SPACES]
    # The spaces that stay come first, then pieces of the others. A piece needs a row,
    # so those to be cut are moved to the end of the memory first.
    kept, cut = 0, len(spaces)
    for row in range(before):
        hit = (
            spaces[row, 0] < x2
            and spaces[row, 3] > x1
            and spaces[row, 1] < y2
            and spaces[row, 4] > y1
            and spaces[row, 2] < z2
            and spaces[row, 5] > z1
        )
        target = kept
        if hit:
            if cut <= before:  # no memory: the space is forgotten
                continue
            cut -= 1
            target = cut
        else:
            kept += 1
        for side in range(6):
            spaces[target, side] = spaces[row, side]
    fill.counts[SPACES] = kept
    for row in range(len(spaces) - 1, cut - 1, -1):
        a, b, c = spaces[row, 0], spaces[row, 1], spaces[row, 2]
        d, e, f = spaces[row, 3], spaces[row, 4], spaces[row, 5]
        if fill.counts[SPACES] + 6 > row:  # pieces would overwrite what is to be cut
            break
        _add(fill, a, b, c, x1, e, f)
        _add(fill, x2, b, c, d, e, f)
        _add(fill, a, b, c, d, y1, f)
        _add(fill, a, y2, c, d, e, f)
        if not rules.on_tops:
            _add(fill, a, b, c, d, e, z1)
            _add(fill, a, b, z2, d, e, f)


@lean_kernel
def _add(fill: Fill, x1: int, y1: int, z1: int, x2: int, y2: int, z2: int) -> None:
    """Add a free space, unless no box fits into it or it lies within another.

    Spaces that lie within the new one are forgotten.
    """
    if x2 <= x1 or y2 <= y1 or z2 <= z1:
        return
    reach = fill.reach
    if reach[0, x2 - x1] == 0 or reach[1, y2 - y1] == 0 or reach[2, z2 - z1] == 0:
        return
    spaces, count = fill.spaces, fill.counts[SPACES]
    if count == len(spaces):
        return
    for row in range(count):
        if (
            spaces[row, 0] <= x1
            and spaces[row, 3] >= x2
            and spaces[row, 1] <= y1
            and spaces[row, 4] >= y2
            and spaces[row, 2] <= z1
            and spaces[row, 5] >= z2
        ):
            return
    kept = 0
    for row in range(count):
        if (
            spaces[row, 0] >= x1
            and spaces[row, 3] <= x2
            and spaces[row, 1] >= y1
            and spaces[row, 4] <= y2
            and spaces[row, 2] >= z1
            and spaces[row, 5] <= z2
        ):
            continue
        if kept < row:
            for side in range(6):
                spaces[kept, side] = spaces[row, side]
        kept += 1
    spaces[kept, 0], spaces[kept, 1], spaces[kept, 2] = x1, y1, z1
    spaces[kept, 3], spaces[kept, 4], spaces[kept, 5] = x2, y2, z2
    fill.counts[SPACES] = kept + 1


@lean_kernel
def _join_tops(
    fill: Fill, x1: int, y1: int, z1: int, x2: int, y2: int, z2: int
) -> None:
    """Join the space on a new top with those that begin at its height and touch it."""
    if x2 <= x1 or y2 <= y1:
        return
    spaces = fill.spaces
    row = 0
    while row < fill.counts[SPACES]:
        if spaces[row, 2] == z1:
            a, b = spaces[row, 0], spaces[row, 1]
            d, e = spaces[row, 3], spaces[row, 4]
            before = fill.counts[SPACES]
            if a <= x2 and d >= x1 and min(e, y2) > max(b, y1):
                _add(fill, min(a, x1), max(b, y1), z1, max(d, x2), min(e, y2), z2)
            if b <= y2 and e >= y1 and min(d, x2) > max(a, x1):
                _add(fill, max(a, x1), min(b, y1), z1, min(d, x2), max(e, y2), z2)
            if fill.counts[SPACES] < before:  # rows moved up: look at all again
                row = -1
        row += 1
