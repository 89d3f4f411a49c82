"""Distance rows of the goals in use, kept while there is room for them."""

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.distances import fill_rows
from solvers.mapf.floor import Floor


class GoalRows:
    """Costs from every vertex to the goals asked for lately.

    Parameters
    ----------
    floor : Floor
    robots : int
        At most so many goals are in use at once.
    costs : ndarray of uint8, shape (vertices, 4), optional
        Cost of each move; 1 when not given.
    megabytes : int
        Room for rows that are not in use, in case that they are asked for again.

    Attributes
    ----------
    data : ndarray of int16, shape (slots, vertices)

    Examples
    --------
    There is always room for the goals of all robots:

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 3), bool)))
    >>> rows = GoalRows(floor, robots=1, megabytes=0)
    >>> rows.data[rows.slots(np.array([2]))].tolist()
    [[2, 1, 0]]
    >>> rows.data[rows.slots(np.array([0]))].tolist(), rows.searched
    ([[0, 1, 2]], 2)
    """

    def __init__(
        self,
        floor: Floor,
        robots: int,
        costs: NDArray[np.uint8] | None = None,
        megabytes: int = 1500,
    ) -> None:
        self._floor, self._costs = floor, costs
        room = megabytes * 2**20 // (2 * max(1, floor.vertices))
        slots = max(1, min(floor.vertices, max(robots, room)))
        # Memory is taken from the system only when a row is first written.
        self.data = np.empty((slots, floor.vertices), np.int16)
        self._slot_of = np.full(floor.vertices, -1, np.int32)
        self._goal_in = np.full(slots, -1, np.int32)
        self._last_used = np.full(slots, -1, np.int64)
        self._calls = 0
        self.searched = 0

    def slots(self, goals: NDArray[np.int32]) -> NDArray[np.int32]:
        """Rows of `data` for some goals, all of them valid until the next call.

        O(goals) when all are known; otherwise those used longest ago make room.
        """
        self._calls += 1
        known = self._slot_of[goals]
        if (known < 0).any():
            self._last_used[known[known >= 0]] = self._calls
            self._search(np.unique(goals[known < 0]).astype(np.int32))
            known = self._slot_of[goals]
        self._last_used[known] = self._calls
        return known

    def _search(self, goals: NDArray[np.int32]) -> None:
        oldest = np.argpartition(self._last_used, len(goals) - 1)[: len(goals)]
        slots: NDArray[np.int32] = oldest.astype(np.int32)
        before = self._goal_in[slots]
        self._slot_of[before[before >= 0]] = -1
        fill_rows(self._floor, goals, slots, self.data, self._costs)
        self._slot_of[goals], self._goal_in[slots] = slots, goals
        self.searched += len(goals)
