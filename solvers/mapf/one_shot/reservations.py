"""Who is where when: one bit per vertex and timestep, 64 timesteps a word.

A word answers for 64 timesteps at once when a free or a reserved timestep is looked
for, and the tables of a thousand robots fit the processor's cache. Nobody is known by
name: robots are looked up in the rows of positions, one row a timestep.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

NEVER = 1 << 29
ONE = np.uint64(1)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


class Reserved(NamedTuple):
    """Robots on their way by bits, robots at rest by the timestep it begins at.

    Bit ``t & 63`` of word ``t >> 6`` is timestep t. ``ways`` holds the two bits of the
    direction in which a vertex is left after t, where it is reserved at t and left.
    """

    busy: NDArray[np.uint64]  # (vertices, words)
    ways: NDArray[np.uint64]  # (vertices, words, 2)
    rest_from: NDArray[np.int32]  # (vertices,): NEVER where nobody comes to rest


def empty_reservations(vertices: int, words: int) -> Reserved:
    """Reservations of nothing, for ``64 * words`` timesteps.

    Examples
    --------
    >>> empty_reservations(3, 2).busy.shape
    (3, 2)
    """
    return Reserved(
        busy=np.zeros((vertices, words), np.uint64),
        ways=np.zeros((vertices, words, 2), np.uint64),
        rest_from=np.full(vertices, NEVER, np.int32),
    )


@lean_kernel
def _ones(x):  # type: ignore[no-untyped-def]
    """Number of bits set."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + (
        (x >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    x = x + (x >> np.uint64(8))
    x = x + (x >> np.uint64(16))
    x = x + (x >> np.uint64(32))
    return np.int64(x & np.uint64(127))


@lean_kernel
def lowest_bit(word):  # type: ignore[no-untyped-def]
    """Position of the lowest set bit of a word that is not 0."""
    return _ones((word & (ALL - word + ONE)) - ONE)


@lean_kernel
def highest_bit(word):  # type: ignore[no-untyped-def]
    """Position of the highest set bit of a word that is not 0."""
    for shift in (1, 2, 4, 8, 16, 32):
        word |= word >> np.uint64(shift)
    return _ones(word) - 1


@lean_kernel
def next_busy(busy, rest_from, vertex, t):  # type: ignore[no-untyped-def]
    """First timestep from t on at which a vertex is reserved; NEVER if none."""
    words = busy.shape[1]
    rest = np.int64(rest_from[vertex])
    word = t >> 6
    if word < words:
        bits = busy[vertex, word] >> np.uint64(t & 63)
        if bits != 0:
            return t + lowest_bit(bits)
        for k in range(word + 1, words):
            if busy[vertex, k] != 0:
                return k * 64 + lowest_bit(busy[vertex, k])
    return max(rest, t)


@lean_kernel
def next_free(busy, rest_from, vertex, t):  # type: ignore[no-untyped-def]
    """First timestep from t on at which a vertex is not reserved; NEVER if none."""
    words = busy.shape[1]
    word = t >> 6
    free = t
    if word < words:
        bits = (ALL ^ busy[vertex, word]) >> np.uint64(t & 63)
        if bits != 0:
            free = t + lowest_bit(bits)
        else:
            free = np.int64(words) * 64
            for k in range(word + 1, words):
                if busy[vertex, k] != ALL:
                    free = k * 64 + lowest_bit(ALL ^ busy[vertex, k])
                    break
    return NEVER if free >= rest_from[vertex] else free


@lean_kernel
def last_busy(busy, vertex):  # type: ignore[no-untyped-def]
    """Last timestep at which somebody on its way is on a vertex; -1 if none."""
    for k in range(busy.shape[1] - 1, -1, -1):
        if busy[vertex, k] != 0:
            return k * 64 + highest_bit(busy[vertex, k])
    return np.int64(-1)


@lean_kernel
def is_free(busy, rest_from, vertex, t):  # type: ignore[no-untyped-def]
    """Whether nobody is on a vertex at t."""
    if t >= rest_from[vertex]:
        return False
    word = t >> 6
    if word >= busy.shape[1]:
        return True
    return (busy[vertex, word] >> np.uint64(t & 63)) & ONE == 0


@lean_kernel
def is_left_by(busy, ways, vertex, t, d):  # type: ignore[no-untyped-def]
    """Whether somebody is on a vertex at t and, if it moves then, goes that way."""
    word = t >> 6
    if word >= busy.shape[1]:
        return False
    shift = np.uint64(t & 63)
    if (busy[vertex, word] >> shift) & ONE == 0:
        return False
    low = (ways[vertex, word, 0] >> shift) & ONE
    high = (ways[vertex, word, 1] >> shift) & ONE
    return np.int64(low) + 2 * np.int64(high) == d


@lean_kernel
def way(successors, before, after):  # type: ignore[no-untyped-def]
    """Direction from a vertex to a neighbour; 4 where they are the same."""
    if before == after:
        return np.int64(4)
    d = np.int64(0)
    while d < 3 and successors[before, d] != after:
        d += 1
    return d


@lean_kernel
def reserve(reserved, successors, shift, path, arrival):  # type: ignore[no-untyped-def]
    """Reserve a path of states from timestep 0 on; from ``arrival`` on it rests."""
    busy, ways, rest_from = reserved
    for t in range(arrival):
        vertex = np.int64(path[t]) >> shift
        word, bit = t >> 6, ONE << np.uint64(t & 63)
        busy[vertex, word] |= bit
        d = way(successors, vertex, np.int64(path[t + 1]) >> shift)
        for k in range(2 if d < 4 else 0):
            ways[vertex, word, k] &= ALL ^ bit
            ways[vertex, word, k] |= bit if d >> k & 1 else np.uint64(0)
    rest_from[path[arrival] >> shift] = arrival


@lean_kernel
def release(reserved, shift, path, arrival):  # type: ignore[no-untyped-def]
    """Take back a reserved path."""
    for t in range(arrival):
        vertex = path[t] >> shift
        reserved.busy[vertex, t >> 6] &= ALL ^ (ONE << np.uint64(t & 63))
    reserved.rest_from[path[arrival] >> shift] = NEVER


@lean_kernel
def is_clear(reserved, successors, shift, path, arrival):  # type: ignore[no-untyped-def]
    """Whether a path meets nobody who is reserved, up to its end and for ever."""
    busy, ways, rest_from = reserved
    goal = np.int64(path[arrival]) >> shift
    if next_busy(busy, rest_from, goal, arrival) < NEVER:
        return False
    for t in range(arrival):
        vertex, after = np.int64(path[t]) >> shift, np.int64(path[t + 1]) >> shift
        if not is_free(busy, rest_from, vertex, t):
            return False
        d = way(successors, vertex, after)
        if d < 4 and is_left_by(busy, ways, after, t, d ^ 2):
            return False
    return True
