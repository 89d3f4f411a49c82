"""Distances of robots that turn: from every vertex and heading to a goal.

A state is a vertex with a heading, numbered ``4 * vertex + heading``. One step is a
move forward, a quarter turn, or a wait; how dear a move is may differ from edge to
edge (guidance), so that robots prefer lanes. Rows are searched when a goal is first
asked for and kept.
"""

from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.mapf.floor import Floor

STEP_COST = 4
"""Cost of a turn, a wait or an unguided move; guidance counts in quarters of it."""

UNREACHABLE = 32767
"""Distance of a state from which the goal cannot be reached (or is too far)."""

_LARGEST_COST = 255


@kernel
def _fill_row(  # type: ignore[no-untyped-def]
    predecessors, forward_costs, step_cost, goal, row, heads, nodes, nexts
):
    """Search backwards from a goal (Dial's buckets); any heading will do there.

    ``heads`` (costs + 1,) is the ring of buckets; ``nodes`` and ``nexts`` (pushes,)
    hold their lists.
    """
    row[:] = UNREACHABLE
    heads[:] = -1
    ring = len(heads)
    used = 0
    for heading in range(4):
        row[4 * goal + heading] = 0
        nodes[used], nexts[used], heads[0] = 4 * goal + heading, heads[0], used
        used += 1
    open_nodes, distance = used, 0
    while open_nodes > 0 and distance < UNREACHABLE:
        bucket = distance % ring
        while heads[bucket] >= 0:
            entry = heads[bucket]
            heads[bucket] = nexts[entry]
            open_nodes -= 1
            state = nodes[entry]
            if row[state] != distance:
                continue  # reached on a shorter way since
            vertex, heading = state >> 2, state & 3
            for way in range(3):
                cost = step_cost
                if way == 0:
                    source = predecessors[vertex, heading]
                    if source < 0:
                        continue
                    cost = np.int64(forward_costs[source, heading])
                    before = 4 * source + heading
                else:
                    before = 4 * vertex + ((heading + (1 if way == 1 else 3)) & 3)
                if distance + cost < row[before]:
                    row[before] = distance + cost
                    slot = (distance + cost) % ring
                    nodes[used], nexts[used], heads[slot] = before, heads[slot], used
                    used += 1
                    open_nodes += 1
        distance += 1


@kernel
def _fill_rows(  # type: ignore[no-untyped-def]
    predecessors, forward_costs, step_cost, goals, slots, data, begin, end, ring
):
    """Fill the rows ``slots[i]`` of ``data`` for ``goals[i]``, begin <= i < end."""
    states = data.shape[1]
    heads = np.empty(ring, np.int32)
    nodes = np.empty(3 * states + 4, np.int32)
    nexts = np.empty(3 * states + 4, np.int32)
    for i in range(begin, end):
        row = data[slots[i]]
        _fill_row(
            predecessors, forward_costs, step_cost, goals[i], row, heads, nodes, nexts
        )


class TurningDistances:
    """Rows of distances to goals, searched on demand, the least used ones dropped.

    Parameters
    ----------
    floor : Floor
    forward_costs : ndarray of uint8, shape (vertices, 4), optional
        Cost of leaving a vertex forward in each heading, at least 1;
        `STEP_COST` everywhere when not given.
    memory_mb : float
        Room for rows; more only when the goals of one call need it.

    Examples
    --------
    Turning round takes two steps, and one-way floor has no way back:

    >>> from warehouse.grid import Grid
    >>> from warehouse.layout import Layout
    >>> floor = Floor.from_grid(Grid.from_layout(Layout.from_rows([".>."])))
    >>> table = TurningDistances(floor)
    >>> slot = table.slots(np.array([2]))[0]
    >>> (table.data[slot].reshape(3, 4)[0] / STEP_COST).tolist()
    [3.0, 2.0, 3.0, 4.0]
    >>> slot = table.slots(np.array([0]))[0]
    >>> bool((table.data[slot].reshape(3, 4)[1:] == UNREACHABLE).all())
    True
    """

    def __init__(
        self,
        floor: Floor,
        forward_costs: NDArray[np.uint8] | None = None,
        *,
        memory_mb: float = 1000.0,
    ) -> None:
        self.floor = floor
        if forward_costs is None:
            forward_costs = np.full((floor.vertices, 4), STEP_COST, np.uint8)
        self.forward_costs = np.ascontiguousarray(forward_costs)
        self._states = 4 * floor.vertices
        rows = int(memory_mb * 1e6) // (2 * max(self._states, 1))
        self._most_rows = max(1, min(floor.vertices, rows))
        # Pages of rows that were never asked for are never touched.
        self.data = np.empty((self._most_rows, self._states), np.int16)
        self._slot_of = np.full(floor.vertices, -1, np.int64)
        self._goal_of = np.full(self._most_rows, -1, np.int64)
        self._last_use = np.full(self._most_rows, -1, np.int64)
        self._clock = 0

    def slots(
        self, goals: NDArray[np.int32], threads: Executor | None = None
    ) -> NDArray[np.int64]:
        """Row in ``data`` of each goal (vertices); searches those that are missing."""
        self._clock += 1
        wanted = np.unique(goals)
        known = self._slot_of[wanted]
        self._last_use[known[known >= 0]] = self._clock
        missing = wanted[known < 0]
        if len(missing):
            self._search(missing, threads)
        return self._slot_of[goals]

    def _search(self, missing: NDArray[np.int32], threads: Executor | None) -> None:
        slots = self._room_for(len(missing))
        ring = max(int(self.forward_costs.max(initial=STEP_COST)), STEP_COST) + 1

        def part(begin: int, end: int) -> None:
            _fill_rows(
                self.floor.predecessors,
                self.forward_costs,
                STEP_COST,
                missing,
                slots,
                self.data,
                begin,
                end,
                ring,
            )

        if threads is None:
            part(0, len(missing))
        else:
            cuts = (0, len(missing) // 2, len(missing))
            list(threads.map(part, cuts[:-1], cuts[1:]))
        self._slot_of[missing] = slots
        self._goal_of[slots] = missing
        self._last_use[slots] = self._clock

    def _room_for(self, count: int) -> NDArray[np.int64]:
        """Slots for some new rows: empty ones, or those not used for longest."""
        order = np.argsort(self._last_use, kind="stable")
        order = order[self._last_use[order] < self._clock][:count]
        dropped = self._goal_of[order]
        self._slot_of[dropped[dropped >= 0]] = -1
        if len(order) < count:
            order = np.concatenate([order, self._grow(count - len(order))])
        return order

    def _grow(self, count: int) -> NDArray[np.int64]:
        before = len(self.data)
        self.data = np.concatenate(
            [self.data, np.empty((count, self._states), np.int16)]
        )
        fresh = np.full(count, -1, np.int64)
        self._goal_of = np.concatenate([self._goal_of, fresh])
        self._last_use = np.concatenate([self._last_use, fresh])
        return np.arange(before, before + count)
