"""Slow and obvious versions of what the packing kernels do."""

import itertools
from collections.abc import Iterator

Triple = tuple[int, int, int]
TURNS = ((0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1), (2, 0, 1))


def turned(size: Triple, ways=range(6)) -> set[Triple]:
    """A box in each rotation that is allowed."""
    return {tuple(size[axis] for axis in TURNS[way]) for way in ways}


def cells(corner, size) -> set[Triple]:
    """Unit cubes of a box."""
    return set(
        itertools.product(
            *(range(a, a + edge) for a, edge in zip(corner, size, strict=True))
        )
    )


def packs(boxes: list[set[Triple]], container: Triple, taken=frozenset()) -> bool:
    """Whether boxes, each in one of some sizes, go into a container: every place."""
    return next(all_packings(boxes, container, taken), None) is not None


def all_packings(
    boxes: list[set[Triple]], container: Triple, taken=frozenset()
) -> Iterator[list[tuple[Triple, Triple]]]:
    """Every way in which boxes lie in a container: corner and size of each."""
    if not boxes:
        yield []
        return
    for size in boxes[0]:
        room = [range(c - edge + 1) for c, edge in zip(container, size, strict=True)]
        for corner in itertools.product(*room):
            own = cells(corner, size)
            if not own & taken:
                for rest in all_packings(boxes[1:], container, taken | own):
                    yield [(corner, size), *rest]


def is_supported(packing, share: float) -> bool:
    """Whether so much of each base lies on the floor or on other boxes."""
    taken = set().union(*(cells(*box) for box in packing))
    for corner, size in packing:
        if corner[2]:
            base = cells(corner, (size[0], size[1], 1))
            below = sum((x, y, z - 1) in taken for x, y, z in base)
            if below < share * size[0] * size[1] - 1e-9:
                return False
    return True


def most_volume(boxes: list[set[Triple]], container: Triple, share: float = 0.0) -> int:
    """Largest volume of boxes that go in together, by trying every choice."""
    best = 0
    for many in range(1, len(boxes) + 1):
        for chosen in itertools.combinations(boxes, many):
            volume = sum(a * b * c for a, b, c in (min(one) for one in chosen))
            if volume > best and any(
                is_supported(packing, share)
                for packing in all_packings(list(chosen), container)
            ):
                best = volume
    return best


def maximal_spaces(taken: set[Triple], container: Triple) -> set[tuple[int, ...]]:
    """Empty boxes that lie in no other empty box: least corner, opposite corner."""
    spans = [list(itertools.combinations(range(edge + 1), 2)) for edge in container]
    empty = {
        (x[0], y[0], z[0], x[1], y[1], z[1])
        for x, y, z in itertools.product(*spans)
        if not cells((x[0], y[0], z[0]), (x[1] - x[0], y[1] - y[0], z[1] - z[0]))
        & taken
    }

    def inside(one, other) -> bool:
        return (
            one != other
            and all(a >= b for a, b in zip(one[:3], other[:3], strict=True))
            and all(a <= b for a, b in zip(one[3:], other[3:], strict=True))
        )

    return {one for one in empty if not any(inside(one, other) for other in empty)}


def longest_sums(edges: list[set[int]], length: int) -> list[int]:
    """By length: the largest sum of edges, each as often as wanted, that fits."""
    sums = {0}
    for _ in range(length):
        sums |= {s + e for s in sums for of_box in edges for e in of_box}
        sums = {s for s in sums if s <= length}
    return [max(s for s in sums if s <= at) for at in range(length + 1)]


def grids(sizes, copies, container: Triple, fragile: bool) -> set[tuple[int, ...]]:
    """Kind, size as it lies, and boxes along each axis, of grids that go in.

    Along an edge there are 1 to 16 boxes, the most there can be, or a number that is an
    eighth more than another, rounded up.
    """
    steps = {*range(1, 17), 18, 21, 24, 27, 31, 35}
    found = set()
    for kind, (size, count) in enumerate(zip(sizes, copies, strict=True)):
        for a, b, c in turned(size):
            if c > container[2]:
                continue
            along = min(container[0] // a, count)
            for i in steps & set(range(along)) | {along}:
                across = min(container[1] // b, count // i) if i else 0
                for j in steps & set(range(across)) | {across}:
                    layers = 1 if fragile else container[2] // c
                    up = min(layers, count // (i * j)) if j else 0
                    for k in steps & set(range(up)) | {up}:
                        if k:
                            found.add((kind, a, b, c, i, j, k))
    return found


def cheapest_sharing(
    counts: tuple[int, ...], price: dict[tuple[int, ...], float]
) -> float:
    """Least price of parts that make up an order, over every way to share it out."""
    if not any(counts):
        return 0.0
    best = float("inf")
    for part in itertools.product(*(range(count + 1) for count in counts)):
        if any(part):
            rest = tuple(c - p for c, p in zip(counts, part, strict=True))
            if price[part] < best:
                best = min(best, price[part] + cheapest_sharing(rest, price))
    return best


def cheapest_cover(cost: list[float], parts: list[int], need: int) -> float:
    """Least cost of so many parts and more, over every number of each carton."""
    if need <= 0:
        return 0.0
    prices = [
        price + cheapest_cover(cost, parts, need - part)
        for price, part in zip(cost, parts, strict=True)
        if part
    ]
    return min(prices, default=float("inf"))
