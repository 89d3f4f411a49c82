"""Team of robots that move freely: decides, step by step, where each goes next."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.guidance.windowed import WindowedGuide, WindowParams
from solvers.mapf.lifelong.goal_rows import GoalRows
from solvers.mapf.lifelong.lanes import against_lanes, lane_costs
from solvers.mapf.lifelong.pibt import NO_GOAL, make_team, step
from solvers.mapf.lifelong.pockets import dead_ends
from solvers.mapf.lifelong.rehearsal import (
    ALONG_COST,
    Rehearsals,
    Setting,
    set_priorities,
)
from solvers.mapf.lifelong.trials import Trials
from solvers.mapf.lifelong.turns import make_turns, pass_turn
from solvers.mapf.priorities import sort_by_priority
from warehouse.distances import UNREACHABLE
from warehouse.errors import SolverError
from warehouse.grid import Grid

_SMALL_FLOOR_MB = 160
"""Room for the ways to every vertex, up to which they are all searched beforehand."""


@dataclass(frozen=True, slots=True)
class OmniParams:
    """Parameters of `OmniTeam`.

    Parameters
    ----------
    guided : bool
        Choose lanes, priorities and the number of robots on their way by rehearsals;
        False is plain PIBT.
    rehearsal_robot_steps : int
        Length of a rehearsal of PIBT in steps of single robots.
    team_rehearsal_robot_steps : int
        The same for a small crowded team that rehearses with windows; 0 for none.
    room_mb : int
        Room for distances to goals that may come again.
    windows : bool
        Let every robot plan its next steps around those of the others, and let PIBT
        try that first, as far as the budget of a step allows.
    window : int
        Timesteps looked ahead.
    expansions : int
        Search effort for windows in a step without a budget in milliseconds.
    trials, trial_timesteps : int
        How often, and how far ahead, a small team on a crowded floor tries a step when
        rehearsals show that it hardly gets on; 0 trials for never.
    """

    guided: bool = True
    rehearsal_robot_steps: int = 400_000
    team_rehearsal_robot_steps: int = 12_000
    room_mb: int = 1500
    windows: bool = True
    window: int = 20
    expansions: int = 400_000
    trials: int = 24
    trial_timesteps: int = 8


class OmniTeam:
    """Robots that step to any of four neighbours, or stay.

    Parameters
    ----------
    floor : Floor
    starts : ndarray of int32, shape (robots,)
        Vertices, all different.
    headings : None
        Such robots have none.
    seed : int
    params : OmniParams

    Examples
    --------
    Robots 0 and 1 have to pass each other, robot 2 has no goal and gives way:

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 3), bool)))
    >>> team = OmniTeam(floor, np.array([0, 2, 4], np.int32))
    >>> goals = np.array([2, 0, -1], np.int32)
    >>> team.prepare(goals)
    >>> for _ in range(4):
    ...     vertices, _ = team.step(goals)
    >>> len(set(vertices.tolist()))
    3
    """

    def __init__(
        self,
        floor: Floor,
        starts: NDArray[np.int32],
        headings: NDArray[np.uint8] | None = None,
        *,
        seed: int = 0,
        params: OmniParams | None = None,
    ) -> None:
        self.floor, self._seed = floor, seed
        self._params = params or OmniParams()
        windows = self._params.guided and self._params.windows
        self._team = make_team(
            np.asarray(starts, np.int32),
            floor.vertices,
            seed,
            dead_ends(floor) if windows else None,
        )
        self._goals = np.full(len(starts), -1, np.int32)
        self._against = against_lanes(floor)
        self._pibt_s = 0.0
        self._trials: Trials | None = None
        self._guide(Setting())

    def prepare(self, goals: NDArray[np.int32]) -> None:
        """Choose a setting and search ways to the first goals, before the clock runs.

        Raises
        ------
        SolverError
            E313 for a goal that a robot has no way to.
        """
        goals = np.asarray(goals, np.int32)
        busy = np.flatnonzero(goals >= 0)
        self._refuse_no_way(busy, goals)
        if self._params.guided and len(busy):
            rehearsals = Rehearsals(
                self.floor,
                self._against,
                self._team.position,
                goals[busy],
                seed=self._seed,
                robot_steps=self._params.rehearsal_robot_steps,
                begin=self._rehearsing if self._params.windows else None,
                team_robot_steps=self._params.team_rehearsal_robot_steps,
            )
            self._guide(rehearsals.choose())
            small = rehearsals.begin is not None
            if small and rehearsals.stuck and self._params.trials > 0:
                self._trials = Trials(
                    len(goals), self._params.trials, self._params.trial_timesteps
                )
        self._search_rows(goals[busy])
        if self._windows is not None:
            self._ask_windows(self._windows, float("inf"))
        self._load_kernels()

    def _load_kernels(self) -> None:
        """Let a robot alone make a step: kernels take time when first called."""
        alone = Floor.from_grid(Grid.from_arrays(np.ones((1, 1), np.bool_)))
        other = OmniTeam(alone, np.zeros(1, np.int32), params=self._params)
        for trials in (None, self._trials and Trials(1, 1, 2)):
            other._trials = trials
            other.step(np.zeros(1, np.int32))

    def step(
        self, goals: NDArray[np.int32], deadline: float = float("inf")
    ) -> tuple[NDArray[np.int32], None]:
        """Move every robot by one timestep.

        Parameters
        ----------
        goals : ndarray of int32, shape (robots,)
            Vertices; -1 for robots that only give way.
        deadline : float
            Moment on `time.perf_counter` until which windows may be planned. PIBT
            itself is never cut short.

        Returns
        -------
        vertices : ndarray of int32, shape (robots,)
        headings : None

        Raises
        ------
        SolverError
            E313 for a goal that a robot has no way to.
        """
        team, turns = self._team, self._turns
        goals = np.asarray(goals, np.int32)
        changed = np.flatnonzero(goals != self._goals)
        team.waited[changed] = 0
        for robot in changed[self._goals[changed] >= 0].tolist():
            pass_turn(turns, robot)
        self._goals = goals.copy()
        for robot in np.flatnonzero(turns.active & (goals < 0)).tolist():
            pass_turn(turns, robot)
        wanted = np.full(len(goals), NO_GOAL, np.int32)
        busy = goals >= 0
        wanted[busy] = self._rows.slots(goals[busy])
        self._refuse_no_way(changed[goals[changed] >= 0], goals)
        set_priorities(
            team,
            turns.active,
            wanted,
            goals,
            self._rows.data,
            self.setting.nearest_first,
        )
        if self._windows is not None:
            self._ask_windows(self._windows, deadline)
        self._move(wanted, goals, deadline)
        return team.position.copy(), None

    def _move(
        self, wanted: NDArray[np.int32], goals: NDArray[np.int32], deadline: float
    ) -> None:
        """Move by PIBT, or by the best of some trials of it."""
        team, active = self._team, self._turns.active
        ways = self.floor.successors, self._costs, self._wait_cost, self._rows.data
        began = time.perf_counter()
        if self._trials is None:
            step(*ways, team)
            self._pibt_s = time.perf_counter() - began
            return
        nearest = self.setting.nearest_first
        self._pibt_s = self._trials.move(
            ways, team, active, wanted, goals, nearest, deadline
        )

    def _ask_windows(self, windows: WindowedGuide, deadline: float) -> None:
        """Let robots plan their next steps; leave as much time as PIBT last took."""
        team = self._team
        sort_by_priority(team.order, team.priority)
        team.preferred[:] = windows.plan(
            team.position,
            team.order,
            self._rows.data,
            team.row,
            deadline=deadline - 2 * self._pibt_s,
            expansions=self._params.expansions if deadline == math.inf else None,
        )
        windows.advance()

    @property
    def statistics(self) -> dict[str, float]:
        """How the team is guided, and how many rows of distances were searched."""
        return {
            "against_cost": self.setting.against_cost,
            "nearest_first": float(self.setting.nearest_first),
            "active_share": self.setting.active_share,
            "distance_rows": self._rows.searched,
        }

    def _rehearsing(
        self, setting: Setting
    ) -> Callable[[NDArray[np.int32]], NDArray[np.int32]]:
        """Begin a team like this one that is guided by a setting."""
        starts = self._team.position.copy()
        other = OmniTeam(self.floor, starts, seed=self._seed, params=self._params)
        other._guide(setting)
        return lambda goals: other.step(goals)[0]

    def _guide(self, setting: Setting) -> None:
        robots = len(self._goals)
        self.setting = setting
        self._turns = make_turns(robots, setting.active(robots))
        lanes = setting.against_cost != ALONG_COST
        self._wait_cost = ALONG_COST if lanes else 1
        self._costs = lane_costs(
            self._against, self._wait_cost, setting.against_cost if lanes else 1
        )
        self._windows: WindowedGuide | None = None
        if self._params.guided and self._params.windows:
            self._windows = WindowedGuide(
                self.floor.successors,
                robots,
                WindowParams(window=self._params.window, stay=False),
                weights=self._costs,
                wait=self._wait_cost,
            )
        self._rows = GoalRows(
            self.floor, robots, self._costs if lanes else None, self._params.room_mb
        )

    def _search_rows(self, goals: NDArray[np.int32]) -> None:
        """Search ways to some goals; on a small floor, to all that there can be."""
        if 2 * self.floor.vertices**2 <= _SMALL_FLOOR_MB * 2**20:
            self._rows.slots(np.arange(self.floor.vertices, dtype=np.int32))
        self._rows.slots(goals)

    def _refuse_no_way(
        self, robots: NDArray[np.intp], goals: NDArray[np.int32]
    ) -> None:
        rows = self._rows.slots(goals[robots])
        none = self._rows.data[rows, self._team.position[robots]] == UNREACHABLE
        for robot in robots[none].tolist():
            row, col = divmod(
                int(self.floor.cell_of[goals[robot]]), self.floor.grid.width
            )
            raise SolverError(
                "E313",
                f"robot {robot} has no way to its goal at row {row}, col {col}",
                "give it goals on its own part of the floor",
            )
