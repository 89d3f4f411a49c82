"""How much volume boxes can have in a container, whatever way they lie."""

import numpy as np

from solvers.packing.problem import LoadProblem


def volume_bound(problem: LoadProblem) -> int:
    """Volume that boxes in the container cannot exceed together.

    The least of: all boxes that fit in alone; the lightest for their volume, up to the
    mass limit; and the container cut down, along each axis, to the largest sum of edges
    (boxes can be pushed together until they lie on such sums: Christofides and Whitlock
    1977, doi:10.1287/opre.25.1.30).

    Parameters
    ----------
    problem : LoadProblem

    Examples
    --------
    Cubes of edge 2 leave a strip of 1 free along each edge of 5.

    >>> from solvers.packing.problem import Boxes
    >>> volume_bound(LoadProblem(Boxes.plain([[2, 2, 2]], [20]), [5, 5, 5]))
    64
    """
    boxes = problem.boxes
    fitting = boxes.fitting(problem.container)
    fits = fitting.any(axis=1)
    copies = np.where(fits, boxes.copies, 0)
    whole = 1
    turned = boxes.turned()
    for axis, length in enumerate(problem.container.tolist()):
        edges = [
            turned[kind, fitting[kind], axis].tolist()
            for kind in np.flatnonzero(copies > 0)
        ]
        whole *= _longest_sum(edges, copies[copies > 0].tolist(), length)
    light = _volume_of_mass(problem, copies)
    return int(min(whole, (boxes.volume * copies).sum(), light))


def _longest_sum(edges: list[list[int]], copies: list[int], length: int) -> int:
    """Largest sum of edges, one of each box at most, that is no longer than a length.

    Sums are bits of one whole number.
    """
    sums, mask = 1, (1 << (length + 1)) - 1
    for of_kind, count in zip(edges, copies, strict=True):
        for _ in range(min(count, length // min(of_kind))):
            before = sums
            for edge in set(of_kind):
                sums |= before << edge
            sums &= mask
            if sums == before:
                break
    return sums.bit_length() - 1


def _volume_of_mass(problem: LoadProblem, copies: np.ndarray) -> float:
    """Most volume within the mass limit, if boxes could be cut (Dantzig 1957)."""
    boxes = problem.boxes
    mass, volume = boxes.mass_kg * copies, (boxes.volume * copies).astype(float)
    if mass.sum() <= problem.max_mass_kg:
        return float("inf")
    order = np.argsort(mass / np.maximum(volume, 1.0), kind="stable")
    room, total = problem.max_mass_kg, 0.0
    for kind in order.tolist():
        if mass[kind] > room:
            # A little more, so that rounding never makes the bound too low.
            return total + volume[kind] * (room / mass[kind]) * (1 + 1e-9) + 1
        room -= mass[kind]
        total += volume[kind]
    return total
