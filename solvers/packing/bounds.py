"""How much volume boxes can have in a container, whatever way they lie."""

import math

import numpy as np
from numpy.typing import NDArray

from solvers.packing.problem import LoadProblem
from solvers.packing.proof_kernels import longest_sum


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
    copies = np.where(fitting.any(axis=1), boxes.copies, 0)
    container = problem.container
    turned, ways = boxes.turned(), fitting.astype(np.uint8)
    sums = np.zeros(int(container.max()) + 1, np.uint8)
    used = [
        longest_sum(turned, ways, copies, axis, length, sums)
        for axis, length in enumerate(container.tolist())
    ]
    light = _volume_of_mass(problem, copies)
    return int(min(math.prod(used), (boxes.volume * copies).sum(), light))


def _volume_of_mass(problem: LoadProblem, copies: NDArray[np.int32]) -> float:
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
            return (total + volume[kind] * (room / mass[kind])) * (1 + 1e-12) + 1e-6
        room -= mass[kind]
        total += volume[kind]
    return total
