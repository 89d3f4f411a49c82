"""Numba kernels of one closed tour: its length, new places, Or-opt and 2-opt.

Places are numbers from 1 on; every tour begins and ends at place 0. Beside each place
stands how often it is used, which moves with it.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel


@lean_kernel
def tour_length(
    distance: NDArray[np.int32], tour: NDArray[np.int32], n: int
) -> np.int64:
    """Steps of a closed tour through the first n places of an array."""
    steps = np.int64(0)
    before = 0
    for k in range(n):
        steps += distance[before, tour[k]]
        before = tour[k]
    return steps + distance[before, 0]


@lean_kernel
def cheapest_position(
    distance: NDArray[np.int32], tour: NDArray[np.int32], n: int, place: int
) -> tuple[int, np.int64]:
    """Where a place lengthens a tour least, and by how many steps.

    Steps are -1 where the place is in the tour already, at that position.
    """
    best = np.int64(1) << 60
    at = 0
    before = 0
    for k in range(n + 1):
        if k < n and tour[k] == place:
            return k, np.int64(-1)
        after = tour[k] if k < n else 0
        extra = (
            np.int64(distance[before, place])
            + distance[place, after]
            - distance[before, after]
        )
        if extra < best:
            best = extra
            at = k
        before = after
    return at, best


@lean_kernel
def enter_place(
    tour: NDArray[np.int32],
    uses: NDArray[np.int32],
    n: int,
    place: int,
    at: int,
    steps: int,
) -> int:
    """Put a place into a tour as `cheapest_position` said; return the new length."""
    if steps < 0:
        uses[at] += 1
        return n
    for k in range(n, at, -1):
        tour[k] = tour[k - 1]
        uses[k] = uses[k - 1]
    tour[at] = place
    uses[at] = 1
    return n + 1


@lean_kernel
def or_opt(
    distance: NDArray[np.int32],
    tour: NDArray[np.int32],
    uses: NDArray[np.int32],
    n: int,
) -> np.int64:
    """Move single places and pairs to better positions; return the change."""
    change = np.int64(0)
    for width in range(1, 3):
        i = 0
        while i + width <= n:
            before = tour[i - 1] if i > 0 else 0
            first = tour[i]
            last = tour[i + width - 1]
            after = tour[i + width] if i + width < n else 0
            gain = (
                np.int64(distance[before, first])
                + distance[last, after]
                - distance[before, after]
            )
            best = np.int64(0)
            at = -1
            for k in range(n + 1):
                if i <= k <= i + width:
                    continue
                left = tour[k - 1] if k > 0 else 0
                right = tour[k] if k < n else 0
                extra = (
                    np.int64(distance[left, first])
                    + distance[last, right]
                    - distance[left, right]
                )
                if extra - gain < best:
                    best = extra - gain
                    at = k
            if at >= 0:
                change += best
                for _ in range(width):
                    if at > i:
                        place = tour[i]
                        use = uses[i]
                        for k in range(i, at - 1):
                            tour[k] = tour[k + 1]
                            uses[k] = uses[k + 1]
                        tour[at - 1] = place
                        uses[at - 1] = use
                    else:
                        place = tour[i + width - 1]
                        use = uses[i + width - 1]
                        for k in range(i + width - 1, at, -1):
                            tour[k] = tour[k - 1]
                            uses[k] = uses[k - 1]
                        tour[at] = place
                        uses[at] = use
            i += 1
    return change


@lean_kernel
def two_opt(
    distance: NDArray[np.int32],
    tour: NDArray[np.int32],
    uses: NDArray[np.int32],
    n: int,
) -> np.int64:
    """Reverse stretches while that shortens the tour; exact if asymmetric too."""
    change = np.int64(0)
    improved = True
    while improved:
        improved = False
        for i in range(n - 1):
            before = tour[i - 1] if i > 0 else 0
            there = np.int64(0)
            back = np.int64(0)
            for j in range(i + 1, n):
                there += distance[tour[j - 1], tour[j]]
                back += distance[tour[j], tour[j - 1]]
                after = tour[j + 1] if j + 1 < n else 0
                delta = (
                    np.int64(distance[before, tour[j]])
                    + distance[tour[i], after]
                    + back
                    - distance[before, tour[i]]
                    - distance[tour[j], after]
                    - there
                )
                if delta < 0:
                    left = i
                    right = j
                    while left < right:
                        place, use = tour[left], uses[left]
                        tour[left], uses[left] = tour[right], uses[right]
                        tour[right], uses[right] = place, use
                        left += 1
                        right -= 1
                    change += delta
                    improved = True
                    break
    return change
