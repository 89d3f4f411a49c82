"""Simple ways to choose cartons, beside ours: first fit decreasing, and py3dbp."""

from dataclasses import dataclass, field

import numpy as np

from solvers.packing.carton_problem import CartonProblem
from warehouse.check.load import LaidBox

Triple = tuple[int, int, int]
Packed = list[tuple[int, list[LaidBox]]]
"""Cartons, and what lies in each."""
TURNS = ((0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1), (2, 0, 1))


@dataclass(slots=True)
class OpenCarton:
    """A carton that boxes are put into, each at the first corner where it has room.

    Corners are those that earlier boxes leave to their right, behind and above them
    (extreme points without projection).
    """

    carton: int
    size: Triple
    room_kg: float
    laid: list[LaidBox] = field(default_factory=list)

    def put(self, kind: int, size: Triple, mass_kg: float) -> bool:
        """Put a box in, if it has a place."""
        if mass_kg > self.room_kg + 1e-9:
            return False
        corners = [(0, 0, 0)]
        for box in self.laid:
            x, y, z = (int(c) for c in box.corner)
            a, b, c = (int(e) for e in box.edges)
            corners += [(x + a, y, z), (x, y + b, z), (x, y, z + c)]
        for corner in sorted(corners, key=lambda at: (at[2], at[1], at[0])):
            for turn in TURNS:
                edges = (size[turn[0]], size[turn[1]], size[turn[2]])
                box = LaidBox(kind, edges, corner)
                if all(box.end(k) <= self.size[k] for k in range(3)) and not any(
                    all(box.shared(other, k) > 0 for k in range(3))
                    for other in self.laid
                ):
                    self.laid.append(box)
                    self.room_kg -= mass_kg
                    return True
        return False


def first_fit_decreasing(problem: CartonProblem) -> Packed:
    """Boxes by falling volume, each into the first carton that has a place for it.

    A new carton is the cheapest whose volume holds all that is left, or else the
    largest; in the end each is changed for the cheapest that its boxes go into.
    """
    boxes, cartons = problem.boxes, problem.cartons
    kinds = np.repeat(np.arange(boxes.kinds), boxes.copies)
    kinds = kinds[np.argsort(-boxes.volume[kinds], kind="stable")].tolist()
    holds, by_cost = problem.holds(), np.argsort(cartons.cost, kind="stable").tolist()
    left = int(boxes.volume[kinds].sum())
    opened: list[OpenCarton] = []

    def new(carton: int) -> OpenCarton:
        x, y, z = cartons.size[carton].tolist()
        return OpenCarton(carton, (x, y, z), float(cartons.max_mass_kg[carton]))

    def put(one: OpenCarton, kind: int) -> bool:
        a, b, c = boxes.size[kind].tolist()
        return one.put(kind, (a, b, c), float(boxes.mass_kg[kind]))

    for kind in kinds:
        if not any(put(one, kind) for one in opened):
            able = [c for c in by_cost if holds[kind, c]]
            large = [c for c in able if cartons.volume[c] >= left]
            opened.append(new(large[0] if large else able[-1]))
            put(opened[-1], kind)
        left -= int(boxes.volume[kind])
    packed: Packed = []
    for one in opened:
        inside = [box.kind for box in one.laid]
        for carton in by_cost:
            again = new(carton)
            if carton == one.carton or all(put(again, kind) for kind in inside):
                best = one if carton == one.carton else again
                packed.append((carton, from_below(best.laid)))
                break
    return packed


def by_py3dbp(problem: CartonProblem) -> Packed:
    """The cheapest carton that py3dbp packs all into; the dearest filled before."""
    boxes, cartons = problem.boxes, problem.cartons
    left = np.repeat(np.arange(boxes.kinds), boxes.copies).tolist()
    by_cost = np.argsort(cartons.cost, kind="stable").tolist()
    packed: Packed = []
    while left:
        volume = sum(int(boxes.volume[kind]) for kind in left)
        for carton in by_cost:
            if cartons.volume[carton] < volume and carton != by_cost[-1]:
                continue
            laid = _one_bin(problem, carton, left)
            if len(laid) == len(left) or carton == by_cost[-1]:
                break
        packed.append((carton, laid))
        for box in laid:
            left.remove(box.kind)
    return packed


def _one_bin(problem: CartonProblem, carton: int, kinds: list[int]) -> list[LaidBox]:
    """What py3dbp puts into one carton."""
    from py3dbp import Bin, Item, Packer

    boxes, cartons = problem.boxes, problem.cartons
    packer = Packer()
    limit = float(cartons.max_mass_kg[carton])
    one = Bin("", *cartons.size[carton].tolist(), limit)
    packer.add_bin(one)
    for kind in kinds:
        item = Item(kind, *boxes.size[kind].tolist(), float(boxes.mass_kg[kind]))
        packer.add_item(item)
    packer.pack(bigger_first=True)
    laid = []
    for item in one.items:
        a, b, c = (int(edge) for edge in item.get_dimension())
        x, y, z = (int(at) for at in item.position)
        laid.append(LaidBox(item.name, (a, b, c), (x, y, z)))
    return from_below(laid)


def from_below(laid: list[LaidBox]) -> list[LaidBox]:
    """Boxes in an order in which they can be put in from above."""
    return sorted(laid, key=lambda box: box.corner[2])
