"""Kernels: prove that boxes do not go into a carton.

A proof is a dual feasible function for each axis: edges are changed in such a way that
boxes which fit still fit, and then the volumes do not (Fekete and Schepers 2004, "A
general framework for bounds for higher-dimensional orthogonal packing problems",
arXiv:cs/0402044).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

_EDGES: Final = 6
"""Functions of an axis that are edges of boxes; the longest are taken."""
_ROUNDING: Final = 3
"""Functions of an axis that round."""


class ProofMemory(NamedTuple):
    """Memory for proofs.

    Attributes
    ----------
    container : ndarray of int32, shape (3,)
        What edges of boxes add up to at most.
    functions : ndarray of int32, shape (3, functions)
        See `proved_too_full`.
    sums : ndarray of uint8, shape (longest edge + 1,)
        Whether edges add up to a length.
    """

    container: NDArray[np.int32]
    functions: NDArray[np.int32]
    sums: NDArray[np.uint8]


def new_proof_memory(longest: int) -> ProofMemory:
    """Memory for proofs in containers with edges of at most this length."""
    return ProofMemory(
        np.zeros(3, np.int32),
        np.zeros((3, _EDGES + 1 + _ROUNDING), np.int32),
        np.zeros(longest + 1, np.uint8),
    )


@lean_kernel
def proved_not_to_fit(
    turned: NDArray[np.int32],
    fitting: NDArray[np.uint8],
    counts: NDArray[np.int32],
    size: NDArray[np.int32],
    memory: ProofMemory,
) -> bool:
    """Whether it is proved that boxes do not go into a container.

    Parameters
    ----------
    turned : ndarray of int32, shape (kinds, 6, 3)
        Edges in each rotation.
    fitting : ndarray of uint8, shape (kinds, 6)
        Rotations to look at; at least one of a kind that is there.
    counts : ndarray of int32, shape (kinds,)
    size : ndarray of int32, shape (3,)
        Of the container.
    memory : ProofMemory
    """
    container, functions = memory.container, memory.functions
    for axis in range(3):
        container[axis] = longest_sum(
            turned, fitting, counts, axis, size[axis], memory.sums
        )
        _choose_functions(turned, fitting, counts, axis, container, functions)
    return proved_too_full(turned, fitting, counts, container, functions)


@lean_kernel
def longest_sum(
    turned: NDArray[np.int32],
    fitting: NDArray[np.uint8],
    counts: NDArray[np.int32],
    axis: int,
    length: int,
    sums: NDArray[np.uint8],
) -> int:
    """Largest sum of edges along an axis, one of each box, that is within a length.

    Parameters
    ----------
    turned, fitting, counts
        See `proved_not_to_fit`.
    sums : ndarray of uint8, shape (length + 1 or more,)
        Memory.
    """
    for total in range(length + 1):
        sums[total] = 0
    sums[0] = 1
    longest = 0
    for kind in range(len(counts)):
        for _ in range(counts[kind]):
            found = False
            # Downwards, so that what this box adds is not added to once more.
            for total in range(longest, -1, -1):
                if not sums[total]:
                    continue
                for rotation in range(6):
                    if fitting[kind, rotation]:
                        end = total + turned[kind, rotation, axis]
                        if end <= length and not sums[end]:
                            sums[end] = 1
                            found = True
                            longest = max(longest, end)
            if longest == length:
                return longest
            if not found:
                break
    return longest


@lean_kernel
def _choose_functions(
    turned: NDArray[np.int32],
    fitting: NDArray[np.uint8],
    counts: NDArray[np.int32],
    axis: int,
    container: NDArray[np.int32],
    functions: NDArray[np.int32],
) -> None:
    """Write functions of an axis: long edges up to half of it, none, rounding ones."""
    row = functions[axis]
    for place in range(len(row)):
        row[place] = min(0, _EDGES - place)
    for kind in range(len(counts)):
        for rotation in range(6):
            edge = turned[kind, rotation, axis]
            here = counts[kind] > 0 and fitting[kind, rotation]
            if not here or 2 * edge > container[axis]:
                continue
            place = _EDGES  # the longest come first, each once
            while place > 0 and row[place - 1] < edge:
                place -= 1
            if place == _EDGES or (place > 0 and row[place - 1] == edge):
                continue
            for later in range(_EDGES - 1, place, -1):
                row[later] = row[later - 1]
            row[place] = edge


@lean_kernel
def proved_too_full(
    turned: NDArray[np.int32],
    fitting: NDArray[np.uint8],
    counts: NDArray[np.int32],
    container: NDArray[np.int32],
    functions: NDArray[np.int32],
) -> bool:
    """Whether some dual feasible functions show that boxes do not go into a container.

    Parameters
    ----------
    turned : ndarray of int32, shape (kinds, 6, 3)
        Edges in each rotation.
    fitting : ndarray of uint8, shape (kinds, 6)
        Rotations to look at.
    counts : ndarray of int32, shape (kinds,)
    container : ndarray of int32, shape (3,)
    functions : ndarray of int32, shape (3, any number)
        By axis: 0 leaves edges as they are, a number above 0 is the least edge that
        counts, one below 0 rounds to so many parts and one more.
    """
    whole = float(container[0]) * container[1] * container[2] * (1 + 1e-9)
    number = functions.shape[1]
    for f in range(number):
        for g in range(number):
            for h in range(number):
                total = 0.0
                for kind in range(len(counts)):
                    if counts[kind] == 0:
                        continue
                    least = np.inf
                    for rotation in range(6):
                        if fitting[kind, rotation]:
                            edges = turned[kind, rotation]
                            volume = dual_feasible(
                                functions[0, f], edges[0], container[0]
                            )
                            volume *= dual_feasible(
                                functions[1, g], edges[1], container[1]
                            )
                            volume *= dual_feasible(
                                functions[2, h], edges[2], container[2]
                            )
                            least = min(least, volume)
                    total += least * counts[kind]
                if total > whole:
                    return True
    return False


@lean_kernel
def dual_feasible(function: int, edge: int, length: int) -> float:
    """Edge after a dual feasible function for a length; never longer than it."""
    if function > 0:
        if edge > length - function:
            return float(length)
        return float(edge) if edge >= function else 0.0
    if function < 0:
        parts = 1 - function
        if (parts * edge) % length == 0:
            return float(edge)
        return float((parts * edge) // length) * length / (parts - 1)
    return float(edge)
