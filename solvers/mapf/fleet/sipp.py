"""Safe-interval path planning of a whole trip against reservations, in numba.

Phillips, Likhachev (2011), doi:10.1109/ICRA.2011.5980306, extended to a list of
stops with services by a label for the next stop (multi-label A*: Grenouilleau, van
Hoeve, Hooker 2019, doi:10.1609/icaps.v29i1.3472). A state is the next stop, a cell
(and heading), and the safe interval in which the robot is there; arriving earlier in
an interval is never worse, because waiting costs nothing else.

Reservations are one bit per cell and timestep, so the end of a safe interval is found
64 timesteps at a time.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from warehouse.distances import UNREACHABLE

NEVER = 1 << 29
FOUND, NO_PATH, TOO_LONG = 0, 1, 2
ONE = np.uint64(1)


class Reservations(NamedTuple):
    """Who will be where: nobody by name, only whether somebody is."""

    busy: NDArray[np.uint64]  # (cells, words): bit t of a cell's row
    rest_from: NDArray[np.int32]  # (cells,): a robot rests here for ever from then on


class Search(NamedTuple):
    """Work arrays of the search, for as many labels as may be made."""

    cell: NDArray[np.int32]
    heading: NDArray[np.int8]
    leg: NDArray[np.int32]
    time: NDArray[np.int32]
    until: NDArray[np.int32]  # last timestep of the safe interval
    parent: NDArray[np.int32]
    heap_key: NDArray[np.int64]
    heap_label: NDArray[np.int32]
    slot: NDArray[np.int32]  # hash table of labels, a power of two long
    taken: NDArray[np.int32]  # slots in use, one for each label that was new
    used: NDArray[np.int64]  # length 1: how many those are
    later: NDArray[np.int64]  # (stops,): timesteps from each stop on, others' paths aside


def make_search(labels: int, stops: int) -> Search:
    """Work arrays for up to some labels and stops."""
    slots = 1 << (2 * labels - 1).bit_length()
    return Search(
        cell=np.empty(labels, np.int32),
        heading=np.empty(labels, np.int8),
        leg=np.empty(labels, np.int32),
        time=np.empty(labels, np.int32),
        until=np.empty(labels, np.int32),
        parent=np.empty(labels, np.int32),
        heap_key=np.empty(labels, np.int64),
        heap_label=np.empty(labels, np.int32),
        slot=np.full(slots, -1, np.int32),
        taken=np.empty(labels, np.int32),
        used=np.zeros(1, np.int64),
        later=np.zeros(stops, np.int64),
    )


@lean_kernel
def _lowest_bit(word):  # type: ignore[no-untyped-def]
    """Position of the lowest set bit of a word that is not 0."""
    x = (word & (~word + np.uint64(1))) - np.uint64(1)
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + (
        (x >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@lean_kernel
def next_busy(reserved, cell, t):  # type: ignore[no-untyped-def]
    """First timestep from t on at which a cell is reserved; NEVER if none."""
    row = reserved.busy[cell]
    rest = np.int64(reserved.rest_from[cell])
    word = t >> 6
    if word < len(row):
        bits = row[word] >> np.uint64(t & 63)
        if bits != 0:
            return min(rest, t + _lowest_bit(bits))
        for k in range(word + 1, len(row)):
            if row[k] != 0:
                return min(rest, k * 64 + _lowest_bit(row[k]))
    return max(rest, t)


@lean_kernel
def next_free(reserved, cell, t):  # type: ignore[no-untyped-def]
    """First timestep from t on at which a cell is not reserved; NEVER if none."""
    row = reserved.busy[cell]
    rest = np.int64(reserved.rest_from[cell])
    word = t >> 6
    free = t
    if word < len(row):
        bits = ~row[word] >> np.uint64(t & 63)
        if bits != 0:
            free = t + _lowest_bit(bits)
        else:
            free = np.int64(len(row)) * 64
            for k in range(word + 1, len(row)):
                if ~row[k] != 0:
                    free = k * 64 + _lowest_bit(~row[k])
                    break
    return NEVER if free >= rest else free


@lean_kernel
def _is_busy(reserved, cell, t):  # type: ignore[no-untyped-def]
    word = t >> 6
    if word >= reserved.busy.shape[1]:
        return False
    return (reserved.busy[cell, word] >> np.uint64(t & 63)) & ONE != 0


@lean_kernel
def reserve(reserved, path, first):  # type: ignore[no-untyped-def]
    """Reserve the cells of a path that begins at timestep ``first``."""
    for k in range(len(path)):
        t = first + k
        reserved.busy[path[k], t >> 6] |= ONE << np.uint64(t & 63)


@lean_kernel
def release(reserved, path, first):  # type: ignore[no-untyped-def]
    """Take back the reservations of a path that begins at timestep ``first``."""
    for k in range(len(path)):
        t = first + k
        reserved.busy[path[k], t >> 6] &= ~(ONE << np.uint64(t & 63))


@lean_kernel
def _push(search, size, key, label):  # type: ignore[no-untyped-def]
    k = size
    while k > 0:
        above = (k - 1) >> 1
        if search.heap_key[above] <= key:
            break
        search.heap_key[k] = search.heap_key[above]
        search.heap_label[k] = search.heap_label[above]
        k = above
    search.heap_key[k] = key
    search.heap_label[k] = label


@lean_kernel
def _pop(search, size):  # type: ignore[no-untyped-def]
    """Take the least key off a heap of some size; return its label."""
    top = search.heap_label[0]
    size -= 1
    key = search.heap_key[size]
    label = search.heap_label[size]
    k = 0
    while True:
        below = 2 * k + 1
        if below >= size:
            break
        if below + 1 < size and search.heap_key[below + 1] < search.heap_key[below]:
            below += 1
        if key <= search.heap_key[below]:
            break
        search.heap_key[k] = search.heap_key[below]
        search.heap_label[k] = search.heap_label[below]
        k = below
    search.heap_key[k] = key
    search.heap_label[k] = label
    return top


@lean_kernel
def _is_new(search, made, leg, cell, heading, until, time):  # type: ignore[no-untyped-def]
    """Enter label number ``made`` unless one at least as early is known."""
    mask = np.uint64(len(search.slot) - 1)
    x = np.uint64(((leg * 1_000_003 + cell) * 4 + heading) * 4_000_037 + until)
    x ^= x >> np.uint64(29)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(32)
    at = np.int64(x & mask)
    while search.slot[at] >= 0:
        known = search.slot[at]
        if (
            search.cell[known] == cell
            and search.leg[known] == leg
            and search.until[known] == until
            and search.heading[known] == heading
        ):
            if search.time[known] <= time:
                return False
            search.slot[at] = made
            return True
        at = (at + 1) & np.int64(mask)
    search.slot[at] = made
    search.taken[search.used[0]] = at
    search.used[0] += 1
    return True


@lean_kernel
def _begin(reserved, search, cell, heading, first):  # type: ignore[no-untyped-def]
    """Empty the work arrays and enter the first label."""
    for k in range(search.used[0]):
        search.slot[search.taken[k]] = -1
    search.used[0] = 0
    search.cell[0] = cell
    search.heading[0] = heading
    search.leg[0] = 0
    search.time[0] = first
    search.until[0] = next_busy(reserved, cell, first + 1) - 1
    search.parent[0] = -1
    _is_new(search, 0, 0, cell, heading, search.until[0], first)
    _push(search, 0, np.int64(0), 0)


@lean_kernel
def _enter(search, made, parent, leg, cell, heading, time, until):  # type: ignore[no-untyped-def]
    """Enter a label that is not yet on the heap."""
    search.cell[made] = cell
    search.heading[made] = heading
    search.leg[made] = leg
    search.time[made] = time
    search.until[made] = until
    search.parent[made] = parent


@lean_kernel
def _expand(successors, to_goal, reserved, search, made, label, turning):  # type: ignore[no-untyped-def]
    """Enter all that a robot can do next; return how many labels there are now.

    What finds no room is left out: the search is full then, and its caller gives up.
    """
    cell = search.cell[label]
    leg = search.leg[label]
    facing = search.heading[label]
    now = search.time[label]
    until = search.until[label]
    most = len(search.cell)
    for d in range(4):
        if turning and d != facing:
            # A quarter turn towards d, in the same cell and safe interval.
            if (d - facing) % 4 == 2 or now + 1 > until or made == most:
                continue
            if _is_new(search, made, leg, cell, d, until, now + 1):
                _enter(search, made, label, leg, cell, d, now + 1, until)
                made += 1
            continue
        near = successors[cell, d]
        if near < 0 or to_goal[near] == UNREACHABLE:
            continue
        heading = facing if turning else 0
        t = now + 1
        while t <= until + 1 and made < most:
            t = next_free(reserved, near, t)
            # Whoever leaves ``near`` just when this cell is lost may come here: a swap.
            if t > until + 1 or t >= NEVER:
                break
            if t == until + 1 and _is_busy(reserved, near, t - 1):
                break
            end = next_busy(reserved, near, t) - 1
            if _is_new(search, made, leg, near, heading, end, t):
                _enter(search, made, label, leg, near, heading, t, end)
                made += 1
            t = end + 2
    return made


@lean_kernel
def find_path(  # type: ignore[no-untyped-def]
    successors,
    distance,
    reserved,
    search,
    start,
    heading,
    first,
    stops,
    rows,
    services,
    turning,
    weight,
):
    """Find the path of a robot through stops in a given order, early at the last.

    Parameters
    ----------
    successors : ndarray of int32, shape (cells, 4)
    distance : ndarray of int16, shape (goals, cells)
    reserved : Reservations
        Without the robot's own.
    search : Search
    start, heading, first : int
        Cell, heading and timestep at which the robot is free.
    stops, rows, services : ndarray of int32, shape (stops,)
        Cells to stand on in this order, their rows of ``distance``, timesteps of
        standing. At the last stop the robot rests for ever.
    turning : bool
    weight : float
        Weight of the remaining way, 1 or more: 1 finds the earliest path, more finds
        one sooner that is later by at most that factor.

    Returns
    -------
    status, label, labels : int
        FOUND with the last label of the path, or NO_PATH, or TOO_LONG when ``search``
        is full; and how many labels were made.
    """
    legs = len(stops)
    later = search.later
    later[legs - 1] = 0
    for leg in range(legs - 2, -1, -1):
        later[leg] = (
            services[leg] + distance[rows[leg + 1], stops[leg]] + later[leg + 1]
        )
    _begin(reserved, search, start, heading, first)
    made = size = 1
    while size > 0:
        if made == len(search.cell):
            return TOO_LONG, -1, made
        label = _pop(search, size)
        size -= 1
        cell = search.cell[label]
        leg = search.leg[label]
        before = made
        if cell == stops[leg]:
            until = search.until[label]
            done = search.time[label] + services[leg]
            if leg == legs - 1:
                if until >= NEVER - 1:
                    return FOUND, label, made
            elif done <= until:
                facing = search.heading[label]
                if _is_new(search, made, leg + 1, cell, facing, until, done):
                    _enter(search, made, label, leg + 1, cell, facing, done, until)
                    made += 1
        # Nothing is gained by going elsewhere before serving here, if the robot could
        # stay for ever; otherwise others may lock it in until it has to leave.
        if made == before or search.until[label] < NEVER - 1:
            made = _expand(
                successors, distance[rows[leg]], reserved, search, made, label, turning
            )
        for new in range(before, made):
            leg = search.leg[new]
            left = distance[rows[leg], search.cell[new]] + later[leg]
            key = np.int64(64 * (search.time[new] + weight * left))
            # Later legs win ties.
            _push(search, size, key * 4096 + 4095 - min(leg, 4095), new)
            size += 1
    return NO_PATH, -1, made


@lean_kernel
def _least_left(distance, rows, rest, cell):  # type: ignore[no-untyped-def]
    """Least that is left from a cell: the way to one of the stops and its rest."""
    least = np.int64(NEVER)
    for k in range(len(rows)):
        way = np.int64(distance[rows[k], cell])
        if way < UNREACHABLE:
            least = min(least, way + rest[k])
    return least


@lean_kernel
def find_next(  # type: ignore[no-untyped-def]
    successors,
    distance,
    reserved,
    search,
    start,
    heading,
    first,
    stops,
    rows,
    services,
    rest,
    turning,
):
    """Find the stop that is best served next: soon reached, and little left after it.

    Parameters
    ----------
    stops, rows, services : ndarray of int32, shape (stops,)
        Stops to choose from, in any order; otherwise as for `find_path`.
    rest : ndarray of int64, shape (stops,)
        Timesteps that the other stops will take afterwards, about.

    Returns
    -------
    best, label, labels : int
        Index of the stop, or -1, and the label that reaches it.
    """
    best = -1
    best_label = -1
    best_score = np.int64(NEVER)
    _begin(reserved, search, start, heading, first)
    made = size = 1
    while size > 0 and made < len(search.cell):
        if search.heap_key[0] >> 20 >= best_score:
            break
        label = _pop(search, size)
        size -= 1
        now = search.time[label]
        cell = search.cell[label]
        for k in range(len(stops)):
            if (
                stops[k] == cell
                and now + services[k] <= search.until[label]
                and now + rest[k] < best_score
            ):
                best = k
                best_label = label
                best_score = now + rest[k]
        before = made
        made = _expand(
            successors, distance[rows[0]], reserved, search, made, label, turning
        )
        for new in range(before, made):
            left = _least_left(distance, rows, rest, search.cell[new])
            # Of labels that promise the same, the one with the least left comes first.
            key = (search.time[new] + left << 20) + min(left, (1 << 20) - 1)
            _push(search, size, key, new)
            size += 1
    return best, best_label, made


@lean_kernel
def write_path(search, label, first, path, headings, start, end):  # type: ignore[no-untyped-def]
    """Write where the robot is from timestep ``first`` on, and when it serves.

    ``path`` and ``headings`` have one entry a timestep, up to the last label's time;
    ``start`` and ``end`` one a stop but the last.
    """
    path[search.time[label] - first] = search.cell[label]
    headings[search.time[label] - first] = search.heading[label]
    while search.parent[label] >= 0:
        before = search.parent[label]
        for t in range(search.time[before], search.time[label]):
            path[t - first] = search.cell[before]
            headings[t - first] = search.heading[before]
        if search.leg[before] != search.leg[label]:
            start[search.leg[before]] = search.time[before]
            end[search.leg[before]] = search.time[label]
        label = before
