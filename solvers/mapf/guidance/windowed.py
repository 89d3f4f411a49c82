"""Windowed guidance: every robot's next steps, planned around those of the others.

At each timestep each robot in turn searches the next steps of its way, in space and
time, where it pays for every robot it would meet. What a robot plans first is what
PIBT should try first for it.

Arita, Okumura, Local guidance for configuration-based multi-agent pathfinding (2025),
arXiv:2510.19072. What we changed: a plan that meets nobody and loses nothing is not
searched again but goes on by a step, which is most of the work saved; costs are a sum
and not an order of sums; a robot that has come to stay pays the time since then when
it leaves, as sum of costs does, so that others go round it; and robots that get no
nearer go without advice for a while, which ends livelocks.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.guidance.window_state import (
    EXPANDED,
    KEPT,
    SEARCHED,
    Costs,
    let_time_pass,
    make_windows,
)
from solvers.mapf.guidance.windowed_search import (
    next_vertices,
    plan_windows,
    take_positions,
)
from warehouse.distances import UNREACHABLE

_CHUNK = 64
"""Robots planned between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class WindowParams:
    """How far windows look ahead and what they pay for.

    Parameters
    ----------
    window : int
        Timesteps looked ahead, at least 2. Costs of planning grow with its square.
    rounds : int
        How often all robots plan in one timestep.
    meet, swap : int
        Price of a robot met on a vertex, or met head on, in quarters of the weight
        of a step (a step at weight 1 is worth 4).
    stay : bool
        Whether robots stay at their goals (one shot), and pay for leaving them what
        sum of costs counts. Otherwise plans end at the goal (lifelong).
    patience : int
        Timesteps without getting nearer after which a robot goes without advice for
        as long again; 0 for never.
    """

    window: int = 20
    rounds: int = 1
    meet: int = 12
    swap: int = 12
    stay: bool = True
    patience: int = 30


class WindowedGuide:
    """Advice for PIBT, timestep by timestep.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
        `Floor.successors`.
    robots : int
    params : WindowParams
    weights : ndarray of uint8, shape (vertices, 4), optional
        Cost of leaving a vertex by each direction, if distances are weighted; 1 when
        not given.
    wait : int
        Cost of a timestep on one vertex, in the unit of the weights.

    Notes
    -----
    One object serves one run in one thread. Where LaCAM goes back to an earlier
    configuration, call `plan` with it: robots that are not where they planned to be
    begin anew.

    Examples
    --------
    Two robots head on in a row with a bay: the second is advised to enter the bay.

    >>> from solvers.mapf.distances import distance_rows
    >>> from solvers.mapf.floor import Floor
    >>> from warehouse.grid import Grid
    >>> from warehouse.layout import Layout
    >>> layout = Layout.from_rows([".....", "##.##"])
    >>> floor = Floor.from_grid(Grid.from_layout(layout))
    >>> distances = distance_rows(floor, [4, 0])
    >>> guide = WindowedGuide(floor.successors, 2, WindowParams(window=6))
    >>> guide.plan(np.array([1, 2]), np.array([0, 1]), distances).tolist()
    [2, 5]
    """

    def __init__(
        self,
        successors: NDArray[np.int32],
        robots: int,
        params: WindowParams = WindowParams(),
        *,
        weights: NDArray[np.uint8] | None = None,
        wait: int = 1,
    ) -> None:
        # Kernels are compiled once: for arrays that may be written to.
        self._successors = np.require(successors, np.int32, ["C", "W"])
        if weights is None:
            weights = np.ones(successors.shape, np.uint8)
        scale = max(1, 4 // wait)
        price = wait * scale // 4 if wait >= 4 else 1
        self._costs = Costs(
            np.require(weights, np.uint8, ["C", "W"]),
            wait,
            scale,
            params.meet * price,
            params.swap * price,
            not params.stay,
        )
        self._params = params
        self._windows = make_windows(robots, len(successors), params.window)
        self._rows = np.arange(robots, dtype=np.int32)
        self._late = np.zeros(robots, np.bool_)
        self._last_row = np.full(robots, -2, np.int32)
        self._settled = np.zeros(robots, np.int32)
        self._nearest = np.full(robots, UNREACHABLE, np.int32)
        self._waited = np.zeros(robots, np.int32)

    def plan(
        self,
        position: NDArray[np.int32],
        order: NDArray[np.int32],
        distances: NDArray[np.int16],
        rows: NDArray[np.int32] | None = None,
        *,
        deadline: float = math.inf,
        expansions: int | None = None,
    ) -> NDArray[np.int32]:
        """Plan all windows; which vertex each robot should try first.

        Parameters
        ----------
        position : ndarray of int32, shape (robots,)
            Vertices.
        order : ndarray of int32, shape (robots,)
            Robots, most urgent first, as in PIBT.
        distances : ndarray of int16, shape (any, vertices)
            Rows of (weighted) distances to goals, 0 at the goal only.
        rows : ndarray of int32, shape (robots,), optional
            Row of each robot's goal; -1 for a robot that has none and only keeps out
            of the way. Robot r has row r when not given.
        deadline : float
            Moment on `time.perf_counter` after which no robot is planned. Robots
            left out go on with the plan they have, and come first the next time.
        expansions : int, optional
            The same as a number of nodes expanded, which makes no difference from
            one run to the next.

        Returns
        -------
        ndarray of int32, shape (robots,)
            Next vertices; -1 for a robot without advice.
        """
        windows, successors = self._windows, self._successors
        position = np.ascontiguousarray(position, np.int32)
        rows = self._rows if rows is None else np.ascontiguousarray(rows, np.int32)
        take_positions(successors, windows, position)
        _watch_progress(
            distances,
            rows,
            position,
            self._last_row,
            self._settled,
            self._nearest,
            self._waited,
            self._params.patience,
            self._params.stay,
        )
        order = np.ascontiguousarray(order, np.int32)
        if self._late.any():
            late = self._late[order]
            order = np.concatenate([order[late], order[~late]])
        left = 0
        for _ in range(self._params.rounds):
            left = self._plan_until(order, distances, rows, deadline, expansions)
            if left:
                break
        self._late[:] = False
        self._late[order[len(order) - left :]] = True
        preferred = np.empty(len(position), np.int32)
        next_vertices(windows, preferred)
        if self._params.patience > 0:
            preferred[self._waited > self._params.patience] = -1
        return preferred

    def _plan_until(
        self,
        order: NDArray[np.int32],
        distances: NDArray[np.int16],
        rows: NDArray[np.int32],
        deadline: float,
        expansions: int | None,
    ) -> int:
        """Plan robots one after another until a limit; how many were left out."""
        count = self._windows.counts
        limit = 2**62 if expansions is None else int(count[EXPANDED]) + expansions
        chunk = len(order) if math.isinf(deadline) else _CHUNK
        planned = 0
        while planned < len(order) and count[EXPANDED] < limit:
            if time.perf_counter() >= deadline:
                break
            planned += plan_windows(
                self._successors,
                self._windows,
                distances,
                rows,
                order[planned : planned + chunk],
                self._settled,
                self._costs,
                limit - count[EXPANDED],
            )
        return len(order) - planned

    def advance(self) -> None:
        """Let a timestep pass: call it between two calls of `plan`."""
        let_time_pass(self._successors, self._windows)

    @property
    def statistics(self) -> dict[str, float]:
        """Searches, plans that were kept without one, and nodes expanded so far."""
        count = self._windows.counts
        return {
            "searches": float(count[SEARCHED]),
            "kept": float(count[KEPT]),
            "expanded": float(count[EXPANDED]),
        }


@lean_kernel
def _watch_progress(  # type: ignore[no-untyped-def]
    distances, rows, position, last_row, settled, nearest, waited, patience, stay
):
    """Count how long robots are settled, and how long they have got no nearer."""
    for robot in range(len(position)):
        row = rows[robot]
        left = distances[row, position[robot]] if row >= 0 else 0
        settled[robot] = settled[robot] + 1 if left == 0 and row >= 0 and stay else 0
        if row != last_row[robot] or left < nearest[robot] or left == 0:
            last_row[robot] = row
            nearest[robot] = left
            waited[robot] = 0
            continue
        waited[robot] += 1
        if waited[robot] > 2 * patience:
            nearest[robot] = left
            waited[robot] = 0
