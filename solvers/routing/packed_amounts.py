"""Amounts of all articles packed into a few words, added and compared as one.

Each article has a field of a fixed width in a word of 64 bits. The top bit of a field
stays free, so that sums do not run over into the next (Lamport, 1975,
doi:10.1145/360933.360994, on multiple byte processing with full-word instructions).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel


class Packing(NamedTuple):
    """Where each article stands, and the demand that no amount exceeds.

    Parameters
    ----------
    width : int
        Bits of a field.
    per_word : int
        Articles in a word.
    demand : ndarray of uint64, shape (words,)
    top : ndarray of uint64, shape (words,)
        Top bit of every field.
    """

    width: int
    per_word: int
    demand: NDArray[np.uint64]
    top: NDArray[np.uint64]


def packing_of(demand: NDArray[np.int32]) -> Packing:
    """Pack a demand: two bits for an article of which one is needed, and so on.

    Examples
    --------
    >>> packing_of(np.array([1, 1, 0])).width, packing_of(np.array([8])).width
    (2, 5)
    """
    most = max(int(demand.max(initial=0)), 1)
    width = most.bit_length() + 1
    per_word = 64 // width
    words = max(-(-len(demand) // per_word), 1)
    packed, top = [0] * words, [0] * words
    for article, amount in enumerate(demand.tolist()):
        word, field = divmod(article, per_word)
        packed[word] |= amount << (field * width)
        top[word] |= 1 << (field * width + width - 1)
    return Packing(width, per_word, np.array(packed, "u8"), np.array(top, "u8"))


@kernel
def pack_reaches(reaches, packing, have):  # type: ignore[no-untyped-def]
    """Write what every reach brings to ``have``, shape (reaches, words)."""
    for reach in range(have.shape[0]):
        base = reaches.base[reach]
        if base >= 0:
            have[reach] = have[base]
        for gain in range(reaches.gain_start[reach], reaches.gain_start[reach + 1]):
            article = reaches.gain_article[gain]
            shift = np.uint64(article % packing.per_word * packing.width)
            amount = np.uint64(reaches.gain_amount[gain]) << shift
            have[reach, article // packing.per_word] += amount


@kernel
def add_amounts(a, b, packing, out):  # type: ignore[no-untyped-def]
    """Write a + b, at most the demand, to ``out``; whether all of it is met."""
    is_met = True
    one = np.uint64(1)
    up = np.uint64(packing.width - 1)
    fill = (one << np.uint64(packing.width)) - one
    for word in range(out.shape[0]):
        total = a[word] + b[word]
        top, demand = packing.top[word], packing.demand[word]
        enough = (((total | top) - demand) | total) & top
        full = (enough >> up) * fill
        out[word] = (demand & full) | (total & ~full)
        is_met = is_met and enough == top
    return is_met


@kernel
def brings_as_much(a, b, packing):  # type: ignore[no-untyped-def]
    """Whether a is at least b for every article."""
    for word in range(a.shape[0]):
        top = packing.top[word]
        if ((a[word] | top) - b[word]) & top != top:
            return False
    return True


@kernel
def wasted_worth(a, b, total, packing, price):  # type: ignore[no-untyped-def]
    """Worth of what of a + b exceeds the demand, if ``total`` is the capped sum."""
    worth = 0.0
    width = np.uint64(packing.width)
    fill = (np.uint64(1) << width) - np.uint64(1)
    for word in range(total.shape[0]):
        spare = a[word] + b[word] - total[word]
        article = word * packing.per_word
        while spare != np.uint64(0):
            worth += price[article] * np.float64(spare & fill)
            spare >>= width
            article += 1
    return worth
