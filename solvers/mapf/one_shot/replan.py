"""Earliest path of one robot among others that are reserved: safe-interval A*.

Phillips, Likhachev (2011), doi:10.1109/ICRA.2011.5980306. What we changed: distances
to the goal are exact, so the queue is a list per arrival that can still be hoped for,
last in, first out; of the intervals that one move leads to, the next is entered when
the one before is taken up; the robot's old path is entered first, as far as it is
still free, so that a search that can gain little begins near where it can; and while
the goal is not yet free, who would be there latest comes first.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.one_shot.reservations import (
    NEVER,
    is_free,
    is_left_by,
    next_busy,
    next_free,
)
from solvers.mapf.one_shot.states import move
from solvers.random_words import random_below

STATE, TIME, UNTIL, PARENT, WAY, BESIDE, BELOW, SPENT, FREE = range(9)
"""Columns of a label. UNTIL is the last timestep of the safe interval, -2 less it when
the label is outdone; WAY the direction moved in, 4 for a turn; BESIDE the next label of
the state and BELOW in the queue; SPENT what the way there costs, also for who leaves
up to FREE timesteps later than at once."""


class Search(NamedTuple):
    """Work arrays of a search."""

    labels: NDArray[np.int32]  # (labels, 9)
    at_state: NDArray[np.int32]  # (states, 2): first label, number of its search
    queue: NDArray[np.int32]  # (2 * timesteps,): by arrival, then by earliness
    number: NDArray[np.int32]  # length 1: searches begun
    random: NDArray[np.uint64]  # length 1: state of the generator


def make_search(states: int, timesteps: int, labels: int, seed: int) -> Search:
    """Work arrays for a number of labels, and a seeded generator.

    Examples
    --------
    >>> make_search(5, 64, 100, 0).labels.shape
    (100, 9)
    """
    word = (seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & 0xFFFFFFFFFFFFFFFF
    return Search(
        labels=np.empty((labels, 9), np.int32),
        at_state=np.zeros((states, 2), np.int32),
        queue=np.full(4 * timesteps + 2, -1, np.int32),
        number=np.zeros(1, np.int32),
        random=np.array([word or 1], np.uint64),
    )


@lean_kernel
def _enter(search, made, source, d, state, time, until, spent, free, place):  # type: ignore[no-untyped-def]
    """Enter and queue a label unless one at least as good is known; return how many."""
    labels, at_state, number = search.labels, search.at_state, search.number[0]
    if at_state[state, 1] != number:
        at_state[state, 1] = number
        at_state[state, 0] = -1
    other = np.int64(at_state[state, 0])
    while other >= 0:
        if labels[other, UNTIL] == until:
            # Waiting beyond what is free costs.
            apart = time + free - labels[other, TIME] - labels[other, FREE]
            more = spent - labels[other, SPENT]
            if labels[other, TIME] <= time and max(apart, 0) <= more:
                return made
            if labels[other, TIME] >= time and max(-apart, 0) <= -more:
                labels[other, UNTIL] = -2 - until
        other = np.int64(labels[other, BESIDE])
    labels[made, STATE] = state
    labels[made, TIME] = time
    labels[made, UNTIL] = until
    labels[made, PARENT] = source
    labels[made, WAY] = d
    labels[made, BESIDE] = at_state[state, 0]
    labels[made, BELOW] = search.queue[place]
    labels[made, SPENT] = spent
    labels[made, FREE] = free
    at_state[state, 0] = made
    search.queue[place] = made
    return made + 1


@lean_kernel
def _place(
    hoped: int, left: int, greed: int, free_from: int, half: int, latest: int
) -> int:
    """Place in the queue of who hopes to arrive at some cost, or by ``latest``."""
    if max(hoped, latest) < free_from:
        return half + free_from - max(hoped, latest)
    return max(hoped, free_from) + (left * greed >> 2)


@lean_kernel
def find_path(  # type: ignore[no-untyped-def]
    successors,
    to_goal,
    reserved,
    search,
    start,
    goal,
    free_from,
    limits,
    shift,
    rests,
    waits,
):
    """Find the cheapest path to a goal that stays free from then on.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    to_goal : ndarray of int16, shape (states,)
    reserved : Reserved
        The other robots.
    search : Search
    start : int
        State at timestep 0.
    goal, free_from : int
        Vertex, and timestep from which on nobody passes it; 0 with ``rests``.
    limits : tuple of int
        Most that is of use, less than half ``len(queue)``; last timestep; labels after
        which to give up; fourths of a step that each step left counts more than those
        made.
    shift : int
        Bits of a state that say the heading.
    rests : bool
        Whether standing at the goal costs nothing even if the robot leaves it again.
    waits : bool
        Whether who could wait for the goal to get free counts as in time, and not only
        who is late enough without: finds ways to goals that are free late with far
        fewer labels, but not always the cheapest.

    Returns
    -------
    label, labels : int
        Label of the arrival, or -1 when none was found, and how many were made.
    """
    dearest, horizon, most, greed = limits
    lowest = max(np.int64(to_goal[start]), free_from)
    if lowest > dearest:
        return np.int64(-1), np.int64(0)
    busy, ways, rest_from = reserved
    labels, queue = search.labels, search.queue
    search.number[0] += 1
    half = np.int64(len(queue) // 2)
    early, hoped = half, lowest
    last = min(dearest + (dearest * greed >> 2), half - 1)
    found, made = np.int64(-1), np.int64(0)
    if is_free(busy, rest_from, start >> shift, 0):
        left = np.int64(to_goal[start])
        until = next_busy(busy, rest_from, start >> shift, 0) - 1
        free = until if rests and start >> shift == goal else np.int64(0)
        latest = until + 1 + left if waits else np.int64(0)
        place = _place(left, left, greed, free_from, half, latest)
        nothing = np.int64(0)
        made = _enter(
            search, made, made - 1, nothing, start, nothing, until, nothing, free, place
        )
    while made < most:
        label = np.int64(-1)
        while early < half + free_from and label < 0:
            early += 1
            label = np.int64(queue[early])
        if label >= 0:
            queue[early] = labels[label, BELOW]
        while hoped <= last and label < 0:
            label = np.int64(queue[hoped])
            if label >= 0:
                queue[hoped] = labels[label, BELOW]
            else:
                hoped += 1
        if label < 0:
            break
        state, now = np.int64(labels[label, STATE]), np.int64(labels[label, TIME])
        until = np.int64(labels[label, UNTIL])
        if state >> shift == goal and until >= NEVER - 1:
            found = label
            break
        early = max(early - 1, half)
        turn = random_below(search.random, 4)
        # The moves from here, unless outdone; then the interval after this one.
        for k in range(0 if until >= 0 else 4, 5):
            if k < 4:
                source, t, leave = label, now + 1, until
                k_way = k if shift > 0 else (turn + k) & 3
                near, d = move(successors, shift, state, k_way)
            else:
                source, d = (
                    np.int64(labels[label, PARENT]),
                    np.int64(labels[label, WAY]),
                )
                known = until if until >= 0 else -2 - until
                latest = known + 1 if waits else now
                if source < 0 or d > 3 or latest + to_goal[state] < free_from:
                    break
                near, t = state, known + 2
                leave = np.int64(labels[source, UNTIL])
            if near < 0:
                continue
            vertex, left = near >> shift, np.int64(to_goal[near])
            stays = rests and d == 4 and vertex == goal
            base = np.int64(labels[source, SPENT]) + (0 if stays else 1)
            came, free = np.int64(labels[source, TIME]), np.int64(labels[source, FREE])
            last_t = min(leave + (1 if d < 4 else 0), horizon - left)
            while t <= last_t and made < most:
                t = next_free(busy, rest_from, vertex, t)
                # What was waited at the vertex before, beyond what was free there.
                waited = t - 1 - came - free
                spent = base + max(0, waited)
                if t > last_t or spent + left > dearest:
                    break
                safe = next_busy(busy, rest_from, vertex, t) - 1
                # Who leaves ``near`` for here just when this robot comes: a swap.
                if not is_left_by(busy, ways, vertex, t - 1, d ^ 2):
                    before, ease = made, min(max(0, -waited), safe - t)
                    if rests and vertex == goal:
                        ease = safe - t
                    hope, latest = spent + left, safe + 1 + left if waits else 0
                    place = _place(hope, left, greed, free_from, half, latest)
                    made = _enter(
                        search, made, source, d, near, t, safe, spent, ease, place
                    )
                    if made > before:
                        if place < half:
                            hoped = min(hoped, place)
                            break
                        early = min(early, place - 1)
                t = safe + 2
    queue[hoped : last + 1] = -1
    queue[half : half + free_from + 1] = -1
    return found, made


@lean_kernel
def write_path(search, label, shift, path):  # type: ignore[no-untyped-def]
    """Write the states of a path up to its arrival; return the arrival."""
    labels = search.labels
    arrival = np.int64(labels[label, TIME])
    path[arrival] = labels[label, STATE]
    goal = labels[label, STATE] >> shift
    after = arrival
    while labels[label, PARENT] >= 0:
        label = np.int64(labels[label, PARENT])
        # As late as it costs nothing, for waiting was free before; but to the goal,
        # where waiting is free, as early as it may.
        since = np.int64(labels[label, TIME])
        if labels[label, STATE] >> shift != goal:
            since = min(since + labels[label, FREE], after - 1)
        for t in range(since, after):
            path[t] = labels[label, STATE]
        after = since
    for t in range(after):
        path[t] = labels[label, STATE]
    return arrival
