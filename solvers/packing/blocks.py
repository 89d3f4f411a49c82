"""Blocks: boxes of one kind in a grid, and blocks put together from two.

Fanslau and Bortfeldt (2010), "A tree search algorithm for solving the container loading
problem", doi:10.1287/ijoc.1090.0338: a container is filled with few large blocks rather
than with many boxes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.packing.block_kernels import LEAF, Drafts, combine
from solvers.packing.fill_state import Blocks
from solvers.packing.grid_kernels import draft_grids, list_grids
from solvers.packing.problem import MASS_TOLERANCE, Load, LoadProblem

FEW_BOXES: Final = 0.2
"""How much it counts that a block has few boxes: its volume over this power of them."""
LEAST_FULL: Final = 0.98
"""Share of a block that boxes fill at least."""
_ROOM: Final = 1000
"""Grids that there is room for at first."""


@dataclass(frozen=True, slots=True)
class BlockList:
    """Blocks for the kernels, and of what each is made.

    Parameters
    ----------
    blocks : Blocks
    drafts : Drafts
        The same as they were made.
    order : ndarray of int64
        Row in ``drafts`` of each block.
    """

    blocks: Blocks
    drafts: Drafts
    order: NDArray[np.int64]

    def load(self, problem: LoadProblem, placed: NDArray[np.int32]) -> Load:
        """Boxes of blocks that were placed, in an order to put them in from above.

        Parameters
        ----------
        problem : LoadProblem
        placed : ndarray of int32, shape (blocks placed, 4)
            Block, and its least corner.
        """
        turned = problem.boxes.turned()
        rows: list[tuple[int, int, int, int, int]] = []
        waiting = [
            (int(self.order[block]), x, y, z) for block, x, y, z in placed.tolist()
        ]
        while waiting:
            row, *place = waiting.pop()
            first, second, axis = self.drafts.part[row].tolist()
            if axis == LEAF:
                edges = turned[first, second].tolist()
                counts = (self.drafts.size[row] // edges).tolist()
                rows += [
                    (place[2] + k * edges[2], place[0] + i * edges[0],
                     place[1] + j * edges[1], first, second)
                    for k in range(counts[2])
                    for i in range(counts[0])
                    for j in range(counts[1])
                ]  # fmt: skip
                continue
            waiting.append((first, place[0], place[1], place[2]))
            place[axis] += int(self.drafts.size[first, axis])
            waiting.append((second, place[0], place[1], place[2]))
        table = np.array(sorted(rows), np.int32).reshape(len(rows), 5)
        return Load(table[:, 3], table[:, 4], table[:, [1, 2, 0]])


def make_blocks(problem: LoadProblem, most: int) -> BlockList:
    """Blocks of the boxes of a problem that fit into its container.

    Parameters
    ----------
    problem : LoadProblem
    most : int
        Blocks in all, but single boxes are always among them; grids come first.

    Notes
    -----
    Where boxes need support in part, blocks are grids of one kind alone: the base of
    every box in them is known.
    """
    boxes = problem.boxes
    grids = _grids(problem)
    single = int((grids[:, 2:] == 1).all(axis=1).sum())
    most = max(most, single)
    grids = grids[:most]
    in_part = 0 < problem.support < 1
    drafts = _empty_drafts(len(grids) if in_part else most, boxes.kinds)
    marks = np.random.default_rng(1).integers(1, 2**63, boxes.kinds, dtype=np.uint64)
    made = draft_grids(
        grids, boxes.turned(), boxes.volume, boxes.fragile, marks, drafts
    )
    if not in_part:
        made = combine(drafts, made, boxes.copies, problem.container, LEAST_FULL,
                       problem.support > 0)  # fmt: skip
    return _listed(problem, drafts, made)


def _empty_drafts(most: int, kinds: int) -> Drafts:
    return Drafts(
        size=np.zeros((most, 3), np.int32),
        need=np.zeros((most, kinds), np.int32),
        volume=np.zeros(most, np.int64),
        top=np.zeros((most, 2), np.int32),
        fragile=np.zeros(most, np.uint8),
        part=np.zeros((most, 3), np.int32),
        mark=np.zeros(most, np.uint64),
        seen=np.zeros(1 << (4 * most + 8).bit_length(), np.uint64),
    )


def _grids(problem: LoadProblem) -> NDArray[np.int32]:
    """Grids of one kind: single boxes, then rows, layers and more, the large first.

    Columns are kind, rotation, and boxes along length, width and height.
    """
    boxes = problem.boxes
    turned, fitting = boxes.turned(), boxes.fitting(problem.container)
    limit_kg = problem.max_mass_kg * MASS_TOLERANCE
    within = np.full(boxes.kinds, np.inf)
    np.divide(limit_kg, boxes.mass_kg, out=within, where=boxes.mass_kg > 0)
    most = np.minimum(boxes.copies, within).astype(np.int32)
    grids, found = np.zeros((0, 5), np.int32), _ROOM
    while found > len(grids):
        grids = np.zeros((found, 5), np.int32)
        found = list_grids(
            turned, fitting, most, boxes.fragile, problem.container, grids
        )
    grids = grids[:found]
    counts = grids[:, 2:]
    volume = boxes.volume[grids[:, 0]] * counts.prod(axis=1)
    return grids[np.lexsort((-volume, (counts > 1).sum(axis=1)))]


def _listed(problem: LoadProblem, drafts: Drafts, made: int) -> BlockList:
    """Blocks that were made, the largest volume first."""
    boxes = problem.boxes
    order = np.argsort(-drafts.volume[:made], kind="stable")
    need = drafts.need[order]
    part = drafts.part[order]
    volume = drafts.volume[order]
    turned = np.where(boxes.fitting(problem.container)[..., None], boxes.turned(), 0)
    edges = turned.transpose(0, 2, 1)
    leaf = part[:, 2] == LEAF
    grid = np.zeros((made, 2), np.int32)
    own = boxes.turned()[part[leaf, 0], part[leaf, 1]]
    grid[leaf] = drafts.size[order][leaf, :2] // own[:, :2]
    blocks = Blocks(
        size=drafts.size[order],
        need=np.ascontiguousarray(need.T),
        volume=volume,
        worth=volume / np.maximum(1, need.sum(axis=1)) ** FEW_BOXES,
        mass_kg=need @ boxes.mass_kg,
        top=drafts.top[order],
        grid=grid,
        fragile=drafts.fragile[order],
        edges=np.ascontiguousarray(edges),
    )
    return BlockList(blocks, drafts, order)
