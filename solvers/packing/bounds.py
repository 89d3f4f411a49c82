"""How much volume boxes can have in a container, whatever way they lie."""

import numpy as np
from numpy.typing import NDArray

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
    copies = np.where(fitting.any(axis=1), boxes.copies, 0)
    used = usable_edges(boxes.turned(), fitting, copies, problem.container)
    light = _volume_of_mass(problem, copies)
    return int(min(np.prod(used), (boxes.volume * copies).sum(), light))


def usable_edges(
    turned: NDArray[np.int32],
    fitting: NDArray[np.bool_],
    copies: NDArray[np.int32],
    container: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Container cut down, along each axis, to the largest sum of edges of boxes.

    Parameters
    ----------
    turned : ndarray of int32, shape (kinds, 6, 3)
    fitting : ndarray of bool, shape (kinds, 6)
        Rotations to look at; at least one of a kind with copies.
    copies : ndarray of int32, shape (kinds,)
    container : ndarray of int32, shape (3,)
    """
    there = np.flatnonzero(copies > 0)
    counts = copies[there].tolist()
    return np.array(
        [
            _longest_sum(
                [turned[kind, fitting[kind], axis].tolist() for kind in there],
                counts,
                length,
            )
            for axis, length in enumerate(container.tolist())
        ],
        np.int64,
    )


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
