"""What each way to serve an aisle reaches: the columns of scattered storage.

Which places of an aisle a tour passes follows from how deep it enters: from the top,
from the bottom, from both sides around a gap, or right through. Such a *reach* has a
way (as in `aisle_states`), a length, and an amount of every article that it brings, at
most what is needed. Reaches that go deeper for nothing are left out. With them the
choice of places becomes a choice of one reach per aisle and block (Hessler and Irnich,
2024, put the same into a network with covering rows).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.routing.scattered_problem import ScatteredProblem


class Reaches(NamedTuple):
    """All reaches, block by block of aisle by aisle; each builds on an earlier one.

    Parameters
    ----------
    start : ndarray of int64, shape (aisles * blocks + 1,)
        The reaches of block b of aisle a are ``start[a * blocks + b]`` and on; the
        first of them is to skip the block.
    way : ndarray of int32, shape (reaches,)
    length : ndarray of float64, shape (reaches,)
    top_y, bottom_y : ndarray of float64, shape (reaches,)
        Places of the block at y <= top_y or y >= bottom_y are reached.
    base : ndarray of int32, shape (reaches,)
        An earlier reach of the block that brings the same but for the gains; -1 for
        the first.
    gain_start : ndarray of int64, shape (reaches + 1,)
    gain_article, gain_amount : ndarray of int32, shape (gains,)
    """

    start: NDArray[np.int64]
    way: NDArray[np.int32]
    length: NDArray[np.float64]
    top_y: NDArray[np.float64]
    bottom_y: NDArray[np.float64]
    base: NDArray[np.int32]
    gain_start: NDArray[np.int64]
    gain_article: NDArray[np.int32]
    gain_amount: NDArray[np.int32]


def reaches_of(problem: ScatteredProblem) -> Reaches:
    """List the reaches of every block. O(places squared) for each.

    Examples
    --------
    The far one of two equal places brings nothing that the near one does not: it is
    reached from the bottom, or on the way through.

    >>> from solvers.routing.parallel_aisles import AisleProblem
    >>> stock = AisleProblem(
    ...     np.array([0.0]), np.array([0.0, 10.0]),
    ...     np.array([0, 0], np.int32), np.array([2.0, 7.0]), 0, 0)
    >>> one, two = np.ones(1, np.int32), np.ones(2, np.int32)
    >>> reaches = reaches_of(ScatteredProblem(stock, two - 1, two, one))
    >>> reaches.way.tolist(), reaches.length.tolist()
    ([0, 2, 1, 4, 5], [0.0, 6.0, 4.0, 10.0, 20.0])
    """
    stock = problem.stock
    wanted = np.flatnonzero(problem.demand[problem.article] > 0)
    order = np.lexsort((stock.pick_y[wanted], stock.pick_aisle[wanted]))
    places = wanted[order]
    y = stock.pick_y[places]
    aisles, blocks = len(stock.aisle_x), len(stock.cross_y) - 1
    block = np.searchsorted(stock.cross_y[1:-1], y, side="right")
    slot = stock.pick_aisle[places].astype(np.int64) * blocks + block
    # Places at one height are reached together: a depth.
    is_new = np.ones(len(places), np.bool_)
    is_new[1:] = (np.diff(slot) > 0) | (np.diff(y) > 0)
    depth_start = np.flatnonzero(is_new)
    slot_start = np.searchsorted(slot[depth_start], np.arange(aisles * blocks + 1))
    many = np.diff(slot_start)
    most = int((3 + 2 * many + many * (many - 1) // 2).sum())
    most_gains = most + int(((many + 3) * np.bincount(slot, None, len(many))).sum())
    reaches = Reaches(
        np.empty(aisles * blocks + 1, np.int64),
        np.empty(most, np.int32),
        np.empty(most, np.float64),
        np.empty(most, np.float64),
        np.empty(most, np.float64),
        np.empty(most, np.int32),
        np.zeros(most + 1, np.int64),
        np.empty(most_gains, np.int32),
        np.empty(most_gains, np.int32),
    )
    brought = Brought(
        np.r_[depth_start, len(places)].astype(np.int64),
        problem.article[places].astype(np.int32),
        problem.quantity[places].astype(np.int64),
        problem.demand.astype(np.int64),
    )
    count, gains = _list_reaches(
        slot_start.astype(np.int64),
        y[depth_start],
        np.array(stock.cross_y),
        brought,
        np.empty((3, len(problem.demand)), np.int64),
        reaches,
    )
    return Reaches(
        reaches.start,
        reaches.way[:count].copy(),
        reaches.length[:count].copy(),
        reaches.top_y[:count].copy(),
        reaches.bottom_y[:count].copy(),
        reaches.base[:count].copy(),
        reaches.gain_start[: count + 1].copy(),
        reaches.gain_article[:gains].copy(),
        reaches.gain_amount[:gains].copy(),
    )


class Brought(NamedTuple):
    """What the places at each depth hold, and what is needed of each article."""

    depth_start: NDArray[np.int64]
    article: NDArray[np.int32]
    quantity: NDArray[np.int64]
    demand: NDArray[np.int64]


@kernel
def _list_reaches(slot_start, y, cross_y, brought, have, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` and return the numbers of reaches and of gains.

    ``have`` holds what is brought: from the top down to depth i; from both sides down
    to i and up to j; and the same without depth i, to see whether i still adds.
    """
    blocks = cross_y.shape[0] - 1
    count, gains = 0, 0
    above, both, rest = have[0], have[1], have[2]
    for slot in range(slot_start.shape[0] - 1):
        top, bottom = cross_y[slot % blocks], cross_y[slot % blocks + 1]
        low, high = slot_start[slot], slot_start[slot + 1]
        out.start[slot] = count
        above[:] = 0
        last = count
        count = _put(out, count, gains, 0, 0.0, -np.inf, np.inf, -1)
        for i in range(low - 1, high):
            rest[:] = above
            if i >= low:
                begin = gains
                gains = _bring(brought, i, above, out, gains)
                if gains == begin:
                    continue
                length = 2 * (y[i] - top)
                count = _put(out, count, gains, 1, length, y[i], np.inf, last)
                last = count - 1
            base = last
            both[:] = above
            for j in range(high - 1, i, -1):
                begin = gains
                gains = _bring(brought, j, both, out, gains)
                if gains == begin:
                    continue
                _bring(brought, j, rest, out, gains)
                if i < low:
                    length = 2 * (bottom - y[j])
                    count = _put(out, count, gains, 2, length, -np.inf, y[j], base)
                elif _adds(brought, i, rest):
                    length = 2 * (bottom - top - (y[j] - y[i]))
                    count = _put(out, count, gains, 3, length, y[i], y[j], base)
                else:
                    gains = begin
                    break
                base = count - 1
        count = _put(out, count, gains, 4, bottom - top, np.inf, -np.inf, last)
        count = _put(out, count, gains, 5, 2 * (bottom - top), np.inf, -np.inf, last)
    out.start[slot_start.shape[0] - 1] = count
    return count, gains


@kernel
def _put(out, count, gains, way, length, top_y, bottom_y, base):  # type: ignore[no-untyped-def]
    """Append a reach; its gains are written already. Returns the new count."""
    out.way[count] = way
    out.length[count] = length
    out.top_y[count] = top_y
    out.bottom_y[count] = bottom_y
    out.base[count] = base
    out.gain_start[count + 1] = gains
    return count + 1


@kernel
def _bring(brought, depth, have, out, gains):  # type: ignore[no-untyped-def]
    """Add a depth to what one has, as far as it is needed; note the gains."""
    for place in range(brought.depth_start[depth], brought.depth_start[depth + 1]):
        article = brought.article[place]
        lacking = brought.demand[article] - have[article]
        amount = min(lacking, brought.quantity[place])
        if amount > 0:
            have[article] += amount
            out.gain_article[gains] = article
            out.gain_amount[gains] = amount
            gains += 1
    return gains


@kernel
def _adds(brought, depth, have):  # type: ignore[no-untyped-def]
    """Whether a depth holds anything that is still needed."""
    for place in range(brought.depth_start[depth], brought.depth_start[depth + 1]):
        if have[brought.article[place]] < brought.demand[brought.article[place]]:
            return True
    return False
