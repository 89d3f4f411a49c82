"""Slow, obvious versions of what the fast code computes, to hold it against.

Nothing here knows a kernel. Moves are read off the layout's marks, positions off a
plain table, and optima come from trying everything.
"""

import heapq
from itertools import pairwise, permutations

import numpy as np

from warehouse.layout import COL_STEP, ROW_STEP, CellKind

FAR = 1 << 28

# ---- The floor -----------------------------------------------------------------


def moves(layout):
    """All legal moves as pairs (cell, direction) -> cell, from the marks alone."""
    legal = {}
    for cell in range(layout.width * layout.height):
        row, col = divmod(cell, layout.width)
        for d in range(4):
            r, c = row + ROW_STEP[d], col + COL_STEP[d]
            if not (0 <= r < layout.height and 0 <= c < layout.width):
                continue
            if not (stands(layout, row, col) and stands(layout, r, c)):
                continue
            against = layout.exits[r, c] == 1 << (d + 2) % 4
            if layout.exits[row, col] & 1 << d and not against:
                legal[cell, d] = r * layout.width + c
    return legal


def stands(layout, row, col):
    return layout.kinds[row, col] not in (CellKind.WALL, CellKind.RACK)


def distances_to(layout, goal, unreachable):
    """Steps from every cell to a goal: relax all moves until nothing changes."""
    legal = moves(layout)
    steps = [unreachable] * layout.kinds.size
    steps[goal] = 0
    changed = True
    while changed:
        changed = False
        for (cell, _), after in legal.items():
            if steps[after] + 1 < steps[cell]:
                steps[cell] = steps[after] + 1
                changed = True
    return steps


# ---- Motion --------------------------------------------------------------------


def motion_faults(grid, cells, headings=None):
    """What is wrong with the paths of a fleet; row t of ``cells`` is timestep t."""
    faults = []
    for t, row in enumerate(cells.tolist()):
        if len(set(row)) < len(row):
            faults.append(f"two robots in a cell at {t}: {row}")
        faults += [f"robot off the floor at {t}" for c in row if not grid.drivable[c]]
    for t, (before, after) in enumerate(pairwise(cells.tolist())):
        where = dict(zip(before, range(len(before)), strict=True))
        for robot, (a, b) in enumerate(zip(before, after, strict=True)):
            if a == b:
                continue
            if b not in grid.successors[a]:
                faults.append(f"robot {robot} jumps from {a} to {b} after {t}")
            other = where.get(b)
            if other is not None and after[other] == a:
                faults.append(f"robots {robot} and {other} swap after {t}")
    return faults + ([] if headings is None else heading_faults(grid, cells, headings))


def heading_faults(grid, cells, headings):
    """What is wrong with robots that turn, or drive forward, once a timestep."""
    faults = []
    for t, robot in np.ndindex(len(cells) - 1, cells.shape[1]):
        a, b = cells[t, robot], cells[t + 1, robot]
        turn = (int(headings[t + 1, robot]) - int(headings[t, robot])) % 4
        if a != b and (turn or grid.successors[a, headings[t, robot]] != b):
            faults.append(f"robot {robot} does not drive forward after {t}")
        if turn == 2:
            faults.append(f"robot {robot} turns by a half after {t}")
    return faults


def service_faults(cells, headings, robot, stops, steps, services):
    """What is wrong with the services of one robot at its stops, in their order."""
    faults = []
    start, end = (times.tolist() for times in services)
    if len(start) != len(stops):
        return [f"robot {robot} served {len(start)} of {len(stops)} stops"]
    for k, (cell, length) in enumerate(zip(stops, steps, strict=True)):
        if end[k] - start[k] != length:
            faults.append(
                f"stop {k} of {robot} lasts {end[k] - start[k]}, not {length}"
            )
        if k and start[k] < end[k - 1]:
            faults.append(f"stop {k} of {robot} begins before the last is over")
        if set(cells[start[k] : end[k] + 1, robot].tolist()) != {cell}:
            faults.append(f"robot {robot} does not stand at stop {k}")
        if headings is not None and (
            len(set(headings[start[k] : end[k] + 1, robot].tolist())) != 1
        ):
            faults.append(f"robot {robot} turns while it serves stop {k}")
    return faults


def earliest_arrival(grid, taken, rests, robot, stops, services, turning, horizon):
    """Earliest timestep at which a robot can rest at its last stop; None if never.

    Dijkstra over timesteps, without any idea of intervals.

    Parameters
    ----------
    taken : set of (cell, timestep)
    rests : dict of cell to timestep
        Cells in which somebody rests for ever, and from when on.
    robot : tuple of int
        Cell, heading and timestep at which it is free.
    stops, services : list of int
        Where to stand and for how many timesteps; the last is the resting place.
    turning : bool
    horizon : int
        Timestep from which on nothing but the rests is taken.
    """

    def is_free(cell, t):
        return (cell, t) not in taken and t < rests.get(cell, FAR)

    def stays_free(cell, t):
        return cell not in rests and all(is_free(cell, k) for k in range(t, horizon))

    cell, heading, t = robot
    queue = [(t, 0, cell, heading)]
    seen = set(queue)
    while queue:
        t, leg, cell, heading = heapq.heappop(queue)
        following = [(t + 1, leg, cell, heading)]
        if cell == stops[leg]:
            if leg == len(stops) - 1:
                if stays_free(cell, t):
                    return t
            elif all(is_free(cell, k) for k in range(t, t + services[leg] + 1)):
                following.append((t + services[leg], leg + 1, cell, heading))
        for d in range(4):
            near = int(grid.successors[cell, d])
            if turning and d != heading:
                if (d - heading) % 4 != 2:
                    following.append((t + 1, leg, cell, d))
            # Who was there and who comes here may be the same: that would be a swap.
            elif near >= 0 and ((near, t) not in taken or is_free(cell, t + 1)):
                following.append((t + 1, leg, near, heading))
        for state in following:
            allowed = state[0] <= horizon + 6 * grid.cells * len(stops)
            if state not in seen and allowed and is_free(state[2], state[0]):
                seen.add(state)
                heapq.heappush(queue, state)
    return None


# ---- Batching ------------------------------------------------------------------


def closed_tour_length(distance, tour):
    return sum(int(distance[a, b]) for a, b in pairwise([0, *tour, 0]))


def shortest_closed_tour(distance, places):
    return min(closed_tour_length(distance, tour) for tour in permutations(places))


def partitions(items, largest):
    """All ways to split a list into groups of at most some size."""
    if not items:
        yield []
        return
    first, *others = items
    for rest in partitions(others, largest):
        yield [[first], *rest]
        for k, group in enumerate(rest):
            if len(group) < largest:
                yield [*rest[:k], [first, *group], *rest[k + 1 :]]


def least_batching_cost(problem):
    """Try every way to batch and every order of the places of each batch."""
    known = {}

    def cost(batch):
        key = frozenset(batch)
        if key not in known:
            places = {int(p) for order in batch for p in problem.places_of(order)}
            known[key] = shortest_closed_tour(problem.floor, places)
        return known[key]

    return min(
        sum(cost(batch) for batch in batches)
        for batches in partitions(list(range(problem.orders)), int(problem.capacity[0]))
    )


# ---- Bounds --------------------------------------------------------------------


def shortest_way(distance, come, leave, places_of_lines):
    """Shortest way through one place of each line, a line's place left by another.

    Each move between two lines goes between their nearest places, as in the relaxation
    that the bound uses.
    """
    if not places_of_lines:
        return 0
    best = FAR
    for order in permutations(places_of_lines):
        length = min((int(come[p]) for p in order[0]), default=FAR)
        length += min((int(leave[p]) for p in order[-1]), default=FAR)
        for a, b in pairwise(order):
            length += min((int(distance[p, q]) for p in a for q in b), default=FAR)
        best = min(best, length)
    return best


def fill_moment(ready, packers, work):
    """Moment by which packers that begin when ready have done some work together."""
    if work <= 0:
        return min(ready)
    for first, then in pairwise([*sorted(ready), float("inf")]):
        rate = sum(n for s, n in zip(ready, packers, strict=True) if s <= first)
        if rate and work <= rate * (then - first):
            return first + work / rate
        work -= rate * (then - first)
    raise AssertionError("no packer works")


def nearest_orders(distance, orders, order, count):
    """The orders whose places lie closest to one's, by number where they are equal."""

    def closeness(other):
        if not orders[other]:
            return 0.0
        far = [
            min((distance[p][q] for q in orders[order]), default=FAR)
            for p in orders[other]
        ]
        return sum(far) / len(far)

    others = [other for other in range(len(orders)) if other != order]
    return sorted(others, key=closeness)[:count]


# ---- Stock ---------------------------------------------------------------------


def visit_cost(orders, round_trip, between):
    """Steps that each visit adds to the tour of its order, keyed as given.

    Each order is a dict of its lines: line to its locations, by key. The order of
    lines is by the number of locations, then as given; steps between two locations are
    ``between(anchor, location)``.
    """
    cost = {}
    for lines in orders:
        anchors = []
        for line in sorted(lines, key=lambda line: len(lines[line])):
            for location in lines[line]:
                steps = [between(anchor, location) for anchor in anchors]
                cost[line, location] = min(steps, default=round_trip(location))
            if lines[line]:
                nearest = min(lines[line], key=lambda place: cost[line, place])
                anchors.append(nearest)
    return cost
