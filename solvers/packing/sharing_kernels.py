"""Kernels: the cheapest way to share the boxes of an order out among cartons.

A part of an order is a number: boxes of each kind are digits, and the base of a digit
is one more than the boxes there are.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.packing.exact_kernels import Tree, lie_apart

PAIR_NODES: Final = 1000
"""More than a search tree for two boxes has: 6 * 6 * 3 leaves."""


@lean_kernel
def share_out(
    digits: NDArray[np.int32],
    weight: NDArray[np.int64],
    price: NDArray[np.float64],
    best: NDArray[np.float64],
    part: NDArray[np.int32],
    digit: NDArray[np.int32],
) -> None:
    """Find the least price of parts that make up each part of an order.

    Parameters
    ----------
    digits : ndarray of int32, shape (parts, kinds)
        Boxes of each kind.
    weight : ndarray of int64, shape (kinds,)
        What one box of a kind adds to the number of a part.
    price : ndarray of float64, shape (parts,)
        Of a part in one carton; inf where none holds it.
    best : ndarray of float64, shape (parts,)
        Written.
    part : ndarray of int32, shape (parts,)
        Written: a part that goes into one carton in the best way.
    digit : ndarray of int32, shape (kinds,)
        Memory.
    """
    kinds = digits.shape[1]
    best[0] = 0.0
    for whole in range(1, len(price)):
        best[whole], part[whole] = price[whole], whole
        # The last kind that is there: a box of it is in some part, and that is split
        # off first, so that every way to share out is looked at once.
        last = kinds - 1
        while digits[whole, last] == 0:
            last -= 1
        for kind in range(kinds):
            digit[kind] = 0
        digit[last] = 1
        here = weight[last]
        while True:
            if here < whole:
                total = price[here] + best[whole - here]
                if total < best[whole]:
                    best[whole], part[whole] = total, here
            kind = 0
            while kind <= last and digit[kind] == digits[whole, kind]:
                least = 1 if kind == last else 0
                here -= (digit[kind] - least) * weight[kind]
                digit[kind] = least
                kind += 1
            if kind > last:
                break
            digit[kind] += 1
            here += weight[kind]


@lean_kernel
def exclude(
    digits: NDArray[np.int32],
    allowed: NDArray[np.uint8],
    carton: int,
    part: int,
) -> None:
    """Note that neither a part nor any that holds it goes into a carton.

    Parameters
    ----------
    digits : ndarray of int32, shape (parts, kinds)
    allowed : ndarray of uint8, shape (cartons, parts)
        Changed.
    """
    for other in range(part, len(digits)):
        if allowed[carton, other]:
            holds = True
            for kind in range(digits.shape[1]):
                if digits[other, kind] < digits[part, kind]:
                    holds = False
                    break
            if holds:
                allowed[carton, other] = 0


@lean_kernel
def exclude_pairs(
    digits: NDArray[np.int32],
    weight: NDArray[np.int64],
    allowed: NDArray[np.uint8],
    turned: NDArray[np.int32],
    fitting: NDArray[np.uint8],
    sizes: NDArray[np.int32],
    pair: NDArray[np.int32],
    tree: Tree,
) -> None:
    """Exclude cartons into which two boxes of an order do not go together.

    Parameters
    ----------
    digits : ndarray of int32, shape (parts, kinds)
    weight : ndarray of int64, shape (kinds,)
    allowed : ndarray of uint8, shape (cartons, parts)
        Changed.
    turned : ndarray of int32, shape (kinds, 6, 3)
        Edges in each rotation.
    fitting : ndarray of uint8, shape (cartons, kinds, 6)
        Rotations to look at.
    sizes : ndarray of int32, shape (cartons, 3)
    pair : ndarray of int32, shape (2,)
        Memory.
    tree : Tree
        Memory.
    """
    counts = digits[len(digits) - 1]
    for first in range(len(weight)):
        for second in range(first, len(weight)):
            if counts[second] == 0 or counts[first] < (2 if first == second else 1):
                continue
            part = weight[first] + weight[second]
            pair[0], pair[1] = first, second
            for carton in range(len(sizes)):
                if allowed[carton, part] and not lie_apart(
                    turned, fitting[carton], pair, sizes[carton], PAIR_NODES, tree
                ):
                    exclude(digits, allowed, carton, part)


@lean_kernel
def cheapest_cartons(
    allowed: NDArray[np.uint8],
    cost: NDArray[np.float64],
    price: NDArray[np.float64],
    carton: NDArray[np.int32],
) -> None:
    """Write the cheapest carton of each part that is not excluded, and its cost."""
    for part in range(len(price)):
        price[part], carton[part] = np.inf, -1
        for one in range(len(cost)):
            if allowed[one, part] and cost[one] < price[part]:
                price[part], carton[part] = cost[one], one
