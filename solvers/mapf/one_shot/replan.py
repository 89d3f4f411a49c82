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

from solvers.kernel import kernel
from solvers.mapf.one_shot.reservations import (
    NEVER,
    is_free,
    is_left_by,
    next_busy,
    next_free,
)
from solvers.random_words import random_below

VERTEX, TIME, UNTIL, PARENT, WAY, BESIDE, BELOW = 0, 1, 2, 3, 4, 5, 6
"""Columns of a label. UNTIL is the last timestep of the safe interval, -2 less it when
the label is outdone; WAY the direction moved in; BESIDE the next label at the vertex
and BELOW in the queue."""


class Search(NamedTuple):
    """Work arrays of a search."""

    labels: NDArray[np.int32]  # (labels, 8)
    at_vertex: NDArray[np.int32]  # (vertices, 2): first label, number of its search
    queue: NDArray[np.int32]  # (2 * timesteps,): by arrival, then by earliness
    number: NDArray[np.int32]  # length 1: searches begun
    random: NDArray[np.uint64]  # length 1: state of the generator


def make_search(vertices: int, timesteps: int, labels: int, seed: int) -> Search:
    """Work arrays for a number of labels, and a seeded generator.

    Examples
    --------
    >>> make_search(5, 64, 100, 0).labels.shape
    (100, 8)
    """
    word = (seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & 0xFFFFFFFFFFFFFFFF
    return Search(
        labels=np.empty((labels, 8), np.int32),
        at_vertex=np.zeros((vertices, 2), np.int32),
        queue=np.full(4 * timesteps + 2, -1, np.int32),
        number=np.zeros(1, np.int32),
        random=np.array([word or 1], np.uint64),
    )


@kernel
def _enter(  # type: ignore[no-untyped-def]
    labels, at_vertex, queue, number, made, parent, way, vertex, time, until, place
):
    """Enter and queue a label unless one at least as early is known; return how many.

    Of labels for one safe interval the earliest serves, for waiting costs nothing else.
    """
    if at_vertex[vertex, 1] != number:
        at_vertex[vertex, 1] = number
        at_vertex[vertex, 0] = -1
    other = np.int64(at_vertex[vertex, 0])
    while other >= 0:
        if labels[other, UNTIL] == until:
            if labels[other, TIME] <= time:
                return made
            labels[other, UNTIL] = -2 - until
        other = np.int64(labels[other, BESIDE])
    label = labels[made]
    label[VERTEX] = vertex
    label[TIME] = time
    label[UNTIL] = until
    label[PARENT] = parent
    label[WAY] = way
    label[BESIDE] = at_vertex[vertex, 0]
    label[BELOW] = queue[place]
    at_vertex[vertex, 0] = made
    queue[place] = made
    return made + 1


@kernel
def _place(hoped, left, greed, free_from, half):  # type: ignore[no-untyped-def]
    """Place in the queue of who hopes to arrive at some time."""
    if hoped < free_from:
        return half + free_from - hoped
    return hoped + (left * greed >> 2)


@kernel
def find_path(  # type: ignore[no-untyped-def]
    successors,
    to_goal,
    reserved,
    search,
    start,
    greed,
    goal,
    free_from,
    latest,
    most,
):
    """Find the earliest path to a goal that stays free from then on.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    to_goal : ndarray of int16, shape (vertices,)
    reserved : Reserved
        The other robots.
    search : Search
    start : int
        Vertex at timestep 0.
    greed : int
        Fourths of a step that each step left counts more than those made.
    goal, free_from : int
        Vertex, and timestep from which on nobody passes it.
    latest : int
        Last timestep at which an arrival is of use, less than half ``len(queue)``.
    most : int
        Labels after which to give up.

    Returns
    -------
    label, labels : int
        Label of the arrival, or -1 when none was found, and how many were made.
    """
    lowest = max(np.int64(to_goal[start]), free_from)
    if lowest > latest:
        return np.int64(-1), np.int64(0)
    busy, ways, rest_from = reserved
    labels, at_vertex, queue, numbers, random = search
    numbers[0] += 1
    number = numbers[0]
    half = np.int64(len(queue) // 2)
    early = half
    hoped = lowest
    last = min(latest + (latest * greed >> 2), half - 1)
    found = np.int64(-1)
    made = np.int64(0)
    if is_free(busy, rest_from, start, 0):
        left = np.int64(to_goal[start])
        made = _enter(
            labels,
            at_vertex,
            queue,
            number,
            made,
            made - 1,
            np.int64(0),
            start,
            np.int64(0),
            next_busy(busy, rest_from, start, 0) - 1,
            _place(left, left, greed, free_from, half),
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
        vertex, now = np.int64(labels[label, VERTEX]), np.int64(labels[label, TIME])
        until = np.int64(labels[label, UNTIL])
        if vertex == goal and until >= NEVER - 1:
            found = label
            break
        early = max(early - 1, half)
        turn = random_below(random, 4)
        # The moves from here, unless outdone; then the interval after this one.
        for k in range(0 if until >= 0 else 4, 5):
            if k < 4:
                parent, d = label, (turn + k) & 3
                t, end_of_use = now + 1, until + 1
            else:
                parent, d = np.int64(labels[label, PARENT]), labels[label, WAY]
                if parent < 0 or now + to_goal[vertex] < free_from:
                    break
                t = (until if until >= 0 else -2 - until) + 2
                end_of_use = np.int64(labels[parent, UNTIL]) + 1
            near = np.int64(successors[labels[parent, VERTEX], d])
            if near < 0:
                continue
            left = np.int64(to_goal[near])
            end_of_use = min(end_of_use, latest - left)
            while t <= end_of_use and made < most:
                t = next_free(busy, rest_from, near, t)
                if t > end_of_use:
                    break
                safe = next_busy(busy, rest_from, near, t) - 1
                # Who leaves ``near`` for here just when this robot comes: a swap.
                if not is_left_by(busy, ways, near, t - 1, d ^ 2):
                    before = made
                    place = _place(t + left, left, greed, free_from, half)
                    made = _enter(
                        labels,
                        at_vertex,
                        queue,
                        number,
                        made,
                        parent,
                        d,
                        near,
                        t,
                        safe,
                        place,
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


@kernel
def write_path(search, label, path):  # type: ignore[no-untyped-def]
    """Write the vertices of a path up to its arrival; return the arrival."""
    labels = search.labels
    arrival = np.int64(labels[label, TIME])
    path[arrival] = labels[label, VERTEX]
    while labels[label, PARENT] >= 0:
        before = np.int64(labels[label, PARENT])
        for t in range(labels[before, TIME], labels[label, TIME]):
            path[t] = labels[before, VERTEX]
        label = before
    return arrival
