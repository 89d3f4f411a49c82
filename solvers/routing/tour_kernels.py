"""Shortest paths through a few places, fast enough to be called a million times.

All kernels find an order for an open path ``start -> all nodes -> end``; a closed tour
has ``start == end``. Distances may be asymmetric. Nothing is allocated: the caller
makes the work arrays once, with `make_work`.

Exact: Held and Karp (1962, doi:10.1137/0110015). Heuristic: farthest insertion
(Rosenkrantz, Stearns and Lewis 1977, doi:10.1137/0206041), then 2-opt and Or-opt
(Or 1976) over neighbour lists with don't-look bits (Bentley 1992,
doi:10.1287/ijoc.4.4.387). Iterated: two neighbouring segments change places, which is
the double bridge of Martin, Otto and Felten (1991) kept short; several times in a row
once nothing has helped for long; undone where it does not pay.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

EXACT_NODES: Final = 8
"""`tour_cost` is exact up to this many nodes."""
NEIGHBOURS: Final = 10
MAX_SEGMENT: Final = 3
"""Or-opt moves segments of up to this many nodes."""
MAX_KICK: Final = 50
"""A kick exchanges two segments of up to this many nodes."""
SINGLE_KICKS: Final = 10
"""After so many kicks in vain for each node, half of them are followed by another."""
FAR: Final = 1 << 60


class TourWork(NamedTuple):
    """Work arrays for up to k nodes; one per thread.

    Parameters
    ----------
    local : ndarray of int32, shape (k + 2, k + 2)
        Distances among the nodes alone: 0 is the start, k + 1 the end.
    table : ndarray of int64, shape (2 ** exact, exact)
        Values of Held and Karp.
    near : ndarray of int32, shape (k + 2, NEIGHBOURS)
        Nearest other nodes of each node, nearest first, -1 where there are fewer.
    path, best : ndarray of int32, shape (k + 2,)
        Nodes by position, from 0 to k + 1; the best path seen.
    position : ndarray of int32, shape (k + 2,)
        Position of each node.
    look : ndarray of int32, shape (k + 2,)
        1 for nodes where a search for moves may pay.
    sums : ndarray of int64, shape (2, k + 2)
        Length of the path up to each position, walked forwards and backwards.
    span : ndarray of int64, shape (2,)
        First and last position at which ``path`` may differ from ``best``.
    """

    local: NDArray[np.int32]
    table: NDArray[np.int64]
    near: NDArray[np.int32]
    path: NDArray[np.int32]
    best: NDArray[np.int32]
    position: NDArray[np.int32]
    look: NDArray[np.int32]
    sums: NDArray[np.int64]
    span: NDArray[np.int64]


def make_work(most_nodes: int, exact_nodes: int = EXACT_NODES) -> TourWork:
    """Work arrays for paths through up to ``most_nodes`` nodes.

    ``exact_nodes`` is the most that `held_karp_cost` will be called with; its table
    takes ``8 * exact * 2 ** exact`` bytes.
    """
    size = most_nodes + 2
    return TourWork(
        local=np.zeros((size, size), np.int32),
        table=np.zeros((1 << exact_nodes, max(exact_nodes, 1)), np.int64),
        near=np.zeros((size, NEIGHBOURS), np.int32),
        path=np.zeros(size, np.int32),
        best=np.zeros(size, np.int32),
        position=np.zeros(size, np.int32),
        look=np.zeros(size, np.int32),
        sums=np.zeros((2, size), np.int64),
        span=np.zeros(2, np.int64),
    )


@njit(cache=True)
def tour_cost(
    dist: NDArray[np.int32],
    nodes: NDArray[np.int32],
    k: int,
    start: int,
    end: int,
    order_out: NDArray[np.int32],
    work: TourWork,
) -> np.int64:
    """Length of a short path from start through ``nodes[:k]`` to end.

    Exact up to `EXACT_NODES` nodes, a local optimum above. ``order_out[:k]`` becomes
    the visiting order as positions within ``nodes``. ``dist`` is any square integer
    matrix over places; ``nodes``, ``start`` and ``end`` are rows of it.
    """
    if k <= EXACT_NODES:
        return held_karp_cost(dist, nodes, k, start, end, order_out, work)
    _copy_distances(dist, nodes, k, start, end, work.local)
    find_neighbours(k, work)
    insert_farthest(k, work)
    length = improve(k, work)
    for t in range(k):
        order_out[t] = work.path[t + 1] - 1
    return length


@njit(cache=True)
def held_karp_cost(
    dist: NDArray[np.int32],
    nodes: NDArray[np.int32],
    k: int,
    start: int,
    end: int,
    order_out: NDArray[np.int32],
    work: TourWork,
) -> np.int64:
    """Length of the shortest path from start through ``nodes[:k]`` to end.

    O(2 ** k * k ** 2); ``work`` must be made with at least ``exact_nodes = k``.
    """
    if k == 0:
        return np.int64(dist[start, end])
    local, table = work.local, work.table
    _copy_distances(dist, nodes, k, start, end, local)
    full = (1 << k) - 1
    # table[visited, last]: shortest path over the set `visited` that ends in `last`.
    for last in range(k):
        table[1 << last, last] = local[0, last + 1]
    for visited in range(1, full + 1):
        if visited & (visited - 1) == 0:
            continue
        for last in range(k):
            if visited >> last & 1 == 0:
                continue
            before = visited ^ (1 << last)
            best = FAR
            for prior in range(k):
                if before >> prior & 1:
                    length = table[before, prior] + local[prior + 1, last + 1]
                    if length < best:
                        best = length
            table[visited, last] = best
    # Read the path back from its end.
    following = k + 1
    visited = full
    total = FAR
    for t in range(k - 1, -1, -1):
        best = FAR
        chosen = 0
        for last in range(k):
            if visited >> last & 1:
                length = table[visited, last] + local[last + 1, following]
                if length < best:
                    best = length
                    chosen = last
        if t == k - 1:
            total = best
        order_out[t] = chosen
        visited ^= 1 << chosen
        following = chosen + 1
    return np.int64(total)


@njit(cache=True)
def _copy_distances(
    dist: NDArray[np.int32],
    nodes: NDArray[np.int32],
    k: int,
    start: int,
    end: int,
    local: NDArray[np.int32],
) -> None:
    """Copy the few distances that matter to where they are close together."""
    for i in range(k + 2):
        row = start if i == 0 else (end if i == k + 1 else nodes[i - 1])
        local[i, 0] = dist[row, start]
        local[i, k + 1] = dist[row, end]
        for j in range(k):
            local[i, j + 1] = dist[row, nodes[j]]


@njit(cache=True)
def find_neighbours(k: int, work: TourWork) -> None:
    """Nearest nodes of every node by the shorter of both directions; O(k ** 2)."""
    local, near = work.local, work.near
    for a in range(1, k + 1):
        found = 0
        for c in range(k + 2):
            if c == a:
                continue
            length = min(local[a, c], local[c, a])
            if found == NEIGHBOURS:
                last = near[a, found - 1]
                if length >= min(local[a, last], local[last, a]):
                    continue
            else:
                found += 1
            # Insertion sort: the list is short and most candidates stop above.
            t = found - 1
            while t > 0:
                other = near[a, t - 1]
                if min(local[a, other], local[other, a]) <= length:
                    break
                near[a, t] = other
                t -= 1
            near[a, t] = c
        for t in range(found, NEIGHBOURS):
            near[a, t] = -1


@njit(cache=True)
def insert_farthest(k: int, work: TourWork) -> None:
    """Build a path: insert, at its cheapest place, the node farthest from it."""
    local, path, closest = work.local, work.path, work.position
    path[0] = 0
    path[1] = k + 1
    # closest[c] is the distance of node c to the path, -1 once it is inserted.
    for c in range(1, k + 1):
        closest[c] = min(local[0, c], local[c, k + 1])
    for size in range(2, k + 2):
        node = 0
        for c in range(1, k + 1):
            if closest[c] >= 0 and (node == 0 or closest[c] > closest[node]):
                node = c
        best = FAR
        place = 0
        for t in range(size - 1):
            a, b = path[t], path[t + 1]
            extra = np.int64(local[a, node]) + local[node, b] - local[a, b]
            if extra < best:
                best = extra
                place = t
        for t in range(size, place + 1, -1):
            path[t] = path[t - 1]
        path[place + 1] = node
        closest[node] = -1
        for c in range(1, k + 1):
            if closest[c] >= 0:
                closest[c] = min(closest[c], local[node, c], local[c, node])


@njit(cache=True)
def visit_nearest(k: int, work: TourWork) -> None:
    """Build a path: from each node go to the nearest one not yet visited."""
    local, path, seen = work.local, work.path, work.look
    seen[: k + 2] = 0
    path[0] = 0
    path[k + 1] = k + 1
    for t in range(1, k + 1):
        here = path[t - 1]
        best = 0
        for c in range(1, k + 1):
            if seen[c] == 0 and (best == 0 or local[here, c] < local[here, best]):
                best = c
        path[t] = best
        seen[best] = 1


@njit(cache=True)
def improve(k: int, work: TourWork) -> np.int64:
    """Bring ``path`` to a local optimum of 2-opt and Or-opt; return its length."""
    work.look[: k + 2] = 1
    work.sums[:, : k + 2] = 0
    _measure(1, k, k, work)
    return _improve_looked_at(k, work)


@njit(cache=True)
def iterate(
    k: int,
    kicks: int,
    patience: int,
    idle: NDArray[np.int64],
    random: NDArray[np.uint64],
    work: TourWork,
) -> int:
    """Kick and improve the local optimum in ``path``; return the kicks made.

    Leaves the best path in ``path`` and its length in ``sums[0, k + 1]``. Ends early
    when ``idle[0]``, the kicks in a row that gained nothing, reaches ``patience``.
    ``random[0]`` is the state of the generator (not 0). Both change in place, so that
    many short calls do what a long one does. ``sums`` must be those of ``path``, as
    `improve` and this kernel leave them.
    """
    path, best, span = work.path, work.best, work.span
    best[: k + 2] = path[: k + 2]
    shortest = work.sums[0, k + 1]
    if k < 2:
        return 0
    for done in range(kicks):
        if idle[0] >= patience:
            return done
        idle[0] += 1
        span[0], span[1] = k + 1, 0
        _kick(k, random, work)
        # What single kicks do not escape in so many trials needs several at once.
        while idle[0] > SINGLE_KICKS * k and _draw(random, 2) == 0:
            _kick(k, random, work)
        length = _improve_looked_at(k, work)
        low, high = span[0], span[1]
        if length <= shortest:
            if length < shortest:
                idle[0] = 0
            shortest = length
            best[low : high + 1] = path[low : high + 1]
        else:
            path[low : high + 1] = best[low : high + 1]
            _measure(low, high, k, work)
    return kicks


@njit(cache=True)
def _improve_looked_at(k: int, work: TourWork) -> np.int64:
    """Look at marked nodes, round and round, until none is marked."""
    path, look = work.path, work.look
    idle = 0
    t = 1
    while idle < k:
        node = path[t]
        if look[node] == 1:
            look[node] = 0
            if _improve_node(node, k, work):
                idle = 0
                continue
        idle += 1
        t = t + 1 if t < k else 1
    return work.sums[0, k + 1]


@njit(cache=True)
def _improve_node(node: int, k: int, work: TourWork) -> bool:
    """Make the best move that puts a node beside one of its neighbours, if it pays."""
    local, near, path, position = work.local, work.near, work.path, work.position
    forward, backward = work.sums[0], work.sums[1]
    i = position[node]
    adjacent = max(local[path[i - 1], node], local[node, path[i + 1]])
    best = np.int64(0)
    kind, best_s, best_e, best_gap = 0, 0, 0, 0
    for n in range(NEIGHBOURS):
        other = near[node, n]
        # A move that pays makes an edge shorter than one it takes away here.
        if other < 0 or min(local[node, other], local[other, node]) >= adjacent:
            break
        j = position[other]
        # 2-opt: reverse s .. e, so that the nodes meet at its one end or the other.
        for shift in range(2):
            s = min(i, j) + 1 - shift
            e = max(i, j) - shift
            if s < 1 or e > k or s >= e:
                continue
            delta = np.int64(local[path[s - 1], path[e]]) + local[path[s], path[e + 1]]
            delta -= np.int64(local[path[s - 1], path[s]]) + local[path[e], path[e + 1]]
            delta += backward[e] - backward[s] - (forward[e] - forward[s])
            if delta < best:
                best, kind, best_s, best_e = delta, 1, s, e
        # Or-opt: move s .. e, with the node at one end, to beside the other node.
        for size in range(MAX_SEGMENT):
            for side in range(2 if size > 0 else 1):
                s = i - side * size
                e = s + size
                if s < 1 or e > k or (s <= j <= e):
                    continue
                out = np.int64(local[path[s - 1], path[e + 1]])
                out -= np.int64(local[path[s - 1], path[s]])
                out -= local[path[e], path[e + 1]]
                turned = backward[e] - backward[s] - (forward[e] - forward[s])
                for gap in range(j - 1, j + 1):
                    if gap < 0 or gap > k or s - 1 <= gap <= e:
                        continue
                    a, b = path[gap], path[gap + 1]
                    # Behind the other node the node comes first, before it last.
                    as_is = (gap == j) == (i == s) or size == 0
                    first, last = (path[s], path[e]) if as_is else (path[e], path[s])
                    delta = out + local[a, first] + local[last, b] - local[a, b]
                    if not as_is:
                        delta += turned
                    if delta < best:
                        kind = 2 if as_is else 3
                        best, best_s, best_e, best_gap = delta, s, e, gap
    if kind == 0:
        return False
    if kind == 1:
        _mark(best_s - 1, best_e, work)
        _reverse(best_s, best_e, path)
        _measure(best_s, best_e, k, work)
    else:
        if kind == 3:
            _reverse(best_s, best_e, path)
        _mark(best_s - 1, best_e, work)
        _mark(best_gap, best_gap, work)
        if best_gap < best_s:
            _exchange(best_gap + 1, best_s, best_e, path)
            _measure(best_gap + 1, best_e, k, work)
        else:
            _exchange(best_s, best_e + 1, best_gap, path)
            _measure(best_s, best_gap, k, work)
    return True


@njit(cache=True)
def _kick(k: int, random: NDArray[np.uint64], work: TourWork) -> None:
    """Exchange two neighbouring segments of random place and lengths."""
    longest = min(MAX_KICK, k // 2)
    first = 1 + _draw(random, longest)
    second = 1 + _draw(random, longest)
    s = 1 + _draw(random, k - first - second + 1)
    _mark(s - 1, s + first - 1, work)
    _mark(s + first + second - 1, s + first + second - 1, work)
    _exchange(s, s + first, s + first + second - 1, work.path)
    _measure(s, s + first + second - 1, k, work)


@njit(cache=True)
def _draw(random: NDArray[np.uint64], below: int) -> int:
    """Random whole number from 0 to below - 1 (xorshift, Marsaglia 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return int(x >> np.uint64(33)) % below


@njit(cache=True)
def _mark(low: int, high: int, work: TourWork) -> None:
    """Mark the nodes at both ends of the edges that follow two positions."""
    work.look[work.path[low]] = 1
    work.look[work.path[low + 1]] = 1
    work.look[work.path[high]] = 1
    work.look[work.path[high + 1]] = 1


@njit(cache=True)
def _reverse(low: int, high: int, path: NDArray[np.int32]) -> None:
    """Reverse the path from one position to another, both included."""
    while low < high:
        path[low], path[high] = path[high], path[low]
        low += 1
        high -= 1


@njit(cache=True)
def _exchange(low: int, middle: int, high: int, path: NDArray[np.int32]) -> None:
    """Exchange low .. middle - 1 with middle .. high: three reversals, no memory."""
    _reverse(low, middle - 1, path)
    _reverse(middle, high, path)
    _reverse(low, high, path)


@njit(cache=True)
def _measure(low: int, high: int, k: int, work: TourWork) -> None:
    """Renew positions and sums after the path changed from low to high."""
    local, path, sums = work.local, work.path, work.sums
    forward, backward = sums[0], sums[1]
    old_forward, old_backward = forward[high + 1], backward[high + 1]
    work.span[0] = min(work.span[0], low)
    work.span[1] = max(work.span[1], high)
    for t in range(low, high + 2):
        node, before = path[t], path[t - 1]
        work.position[node] = t
        forward[t] = forward[t - 1] + local[before, node]
        backward[t] = backward[t - 1] + local[node, before]
    # Behind the change all sums shift by the same amount.
    more_forward = forward[high + 1] - old_forward
    more_backward = backward[high + 1] - old_backward
    for t in range(high + 2, k + 2):
        forward[t] += more_forward
        backward[t] += more_backward
