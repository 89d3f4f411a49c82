"""Team of turning robots: decides, step by step, where every robot goes next."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.lanes import against_lanes, lane_costs, typical_run
from solvers.mapf.lifelong.pockets import dead_ends, note_wanted
from solvers.mapf.lifelong.problem import Ahead
from solvers.mapf.lifelong.rehearsal import LEAST_STEPS, Rehearsals, Setting
from solvers.mapf.lifelong.turning_distances import STEP_COST, TurningDistances
from solvers.mapf.lifelong.turning_pibt import PASSIVE_WEIGHT
from solvers.mapf.lifelong.turning_step import StepPlanner, TurningParams, Wanted
from solvers.mapf.lifelong.turns import make_turns, pass_turn
from warehouse.grid import Grid

_NO_GOAL = -1
_LONG_AISLE = 16
"""Straight vertices in a row from which on lanes are kept strictly."""

_CROWDED = 0.6
"""Robots per vertex from which on there is no free way that windows could plan."""

_REHEARSING = 0.3
"""Robots per vertex from which on a small team rehearses."""

_CROWDED_POWER = 4
"""On a crowded floor weights fall with this power of the rank: few get through."""


class TurningTeam:
    """Robots that turn, where they stand and what they plan.

    Parameters
    ----------
    floor : Floor
    starts : ndarray of int, shape (robots,)
        Vertices, all different.
    headings : ndarray of uint8, shape (robots,), optional
        0 up, 1 right, 2 down, 3 left; right for all when not given.
    seed : int
    params : TurningParams, optional

    Examples
    --------
    A robot without a goal makes room for one that has to pass:

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 4), bool)))
    >>> team = TurningTeam(floor, np.array([0, 1]), np.array([1, 1], np.uint8))
    >>> [team.step(np.array([2, -1]))[0].tolist() for _ in range(2)]
    [[1, 2], [2, 3]]
    """

    def __init__(
        self,
        floor: Floor,
        starts: NDArray[np.int32],
        headings: NDArray[np.uint8] | None = None,
        *,
        seed: int = 0,
        params: TurningParams | None = None,
    ) -> None:
        self._params = params = params or TurningParams()
        robots = len(starts)
        if headings is None:
            headings = np.ones(robots, np.uint8)
        self._floor, self._seed = floor, seed
        self._against = against_lanes(floor)
        long_aisles = typical_run(floor) >= _LONG_AISLE
        self._nearest_first = (
            not long_aisles if params.nearest_first is None else params.nearest_first
        )
        self._crowded = robots > _CROWDED * floor.vertices
        self._ends = dead_ends(floor)
        self._in_the_way = np.zeros(floor.vertices, np.int32)
        self._ahead = Ahead.nothing(robots)
        self._goals = np.full(robots, _NO_GOAL, np.int32)
        self._on_way = np.zeros(robots, np.int64)
        self._active_steps = 0
        most = max(1.0, params.active_share * floor.vertices)
        self._guide(
            Setting(
                params.against_cost or (20 if long_aisles else 7),
                self._nearest_first,
                min(1.0, most / max(robots, 1)),
            ),
            (4 * np.asarray(starts, np.int64) + headings).astype(np.int32),
        )

    @property
    def statistics(self) -> dict[str, float]:
        """Share of robots that pursued goals, chains kept, steps cut short."""
        planner = self._planner
        robot_steps = max(planner.steps * len(self._goals), 1)
        return {
            "active_share": self._active_steps / robot_steps,
            "against_cost": self._setting.against_cost / STEP_COST,
            "chains_per_step": planner.kept / max(planner.steps, 1),
            "cut_short": planner.cut_short,
        }

    def prepare(self, goals: NDArray[np.int32]) -> None:
        """Load the kernels, search ways to some goals (-1: none), and rehearse."""
        # A floor on which a robot alone is no crowd: otherwise it plans no window.
        alone = Floor.from_grid(Grid.from_arrays(np.ones((1, 3), bool)))
        TurningTeam(alone, np.zeros(1, np.int32)).step(np.zeros(1, np.int32))
        known = goals[goals >= 0]
        robots = len(goals)
        small = robots * LEAST_STEPS <= self._params.rehearsal_robot_steps
        if small and len(known) and robots >= _REHEARSING * self._floor.vertices:
            self._rehearse(known)
        self.distances.slots(known, self._planner.threads)

    def _rehearse(self, goals: NDArray[np.int32]) -> None:
        """Try whether all at once, and without lanes, deliver more.

        What moves against lanes cost stays if it was given.
        """
        states = self._planner.states
        rehearsals = Rehearsals(
            self._floor,
            self._against,
            states >> 2,
            goals,
            seed=self._seed,
            begin=self._rehearsing,
            team_robot_steps=self._params.rehearsal_robot_steps,
        )
        if rehearsals.begin is None:
            return
        known = self._setting
        without = self._params.against_cost or STEP_COST
        costs = dict.fromkeys((known.against_cost, without))
        shares = dict.fromkeys((known.active_share, 1.0))
        rehearsals.attempt(
            replace(known, against_cost=cost, active_share=share)
            for cost in costs
            for share in shares
        )
        self._guide(rehearsals.best, states)

    def _rehearsing(
        self, setting: Setting
    ) -> Callable[[NDArray[np.int32]], NDArray[np.int32]]:
        """Begin a team like this one that is guided by a setting."""
        states = self._planner.states
        other = TurningTeam(
            self._floor,
            states >> 2,
            (states & 3).astype(np.uint8),
            seed=self._seed,
            params=self._params,
        )
        other._guide(setting, states)
        return lambda goals: other.step(goals)[0]

    def _guide(self, setting: Setting, states: NDArray[np.int32]) -> None:
        """Set what moves against lanes cost, and how many robots pursue their goals."""
        self._setting = setting
        self.distances = TurningDistances(
            self._floor,
            lane_costs(self._against, STEP_COST, setting.against_cost),
            memory_mb=self._params.memory_mb,
        )
        self._planner = StepPlanner(
            self._floor,
            states,
            self.distances.forward_costs,
            self._params,
            not self._nearest_first,
            self._seed,
        )
        robots = len(self._goals)
        self._most_active = most = setting.active(robots)
        self._turns = make_turns(robots, most) if most < robots else None

    def look_ahead(self, ahead: Ahead) -> None:
        """Take note of what comes after the goals of the next step."""
        self._ahead = ahead

    def step(
        self, goals: NDArray[np.int32], deadline: float = float("inf")
    ) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """Decide one step; where robots stand after it, and where they look.

        Parameters
        ----------
        goals : ndarray of int32, shape (robots,)
            Vertices; -1 for robots without a goal, which give way and otherwise stay.
        deadline : float
            Moment on ``time.perf_counter`` at which to stop improving. What is
            decided by then is safe at any moment.

        Returns
        -------
        vertices : ndarray of int32, shape (robots,)
        headings : ndarray of uint8, shape (robots,)
        """
        goals = self._hold_back(np.asarray(goals, np.int32))
        slots, next_slots = self._rows(goals)
        order = self._prioritise(goals, slots)
        self._planner.step(
            Wanted(goals, self.distances.data, slots, next_slots, self._in_the_way),
            order,
            deadline,
            advice=self._params.window > 0 and not self._crowded,
        )
        states = self._planner.states
        return states >> 2, (states & 3).astype(np.uint8)

    def _hold_back(self, goals: NDArray[np.int32]) -> NDArray[np.int32]:
        """Goals of the robots whose turn it is; counts how long each is on its way."""
        changed = goals != self._goals
        reached = np.flatnonzero(changed & (self._goals >= 0))
        self._goals = goals.copy()
        self._on_way += 1
        self._on_way[changed] = 0
        wanting = int((goals >= 0).sum())
        if self._turns is None or wanting <= self._most_active:
            self._active_steps += wanting
            return goals
        for robot in reached:
            pass_turn(self._turns, robot)
        active = self._turns.active & (goals >= 0)
        self._active_steps += int(active.sum())
        return np.where(active, goals, _NO_GOAL).astype(np.int32)

    def _rows(
        self, goals: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the distances to everyone's goal and to the goal after it.

        -1 for no following goal; a robot without a goal gets any row.
        """
        robots = len(goals)
        following = np.where(goals < 0, _NO_GOAL, self._ahead.following)
        both = np.maximum(np.concatenate([goals, following]), 0)
        slots = self.distances.slots(both, self._planner.threads)
        return slots[:robots], np.where(following < 0, -1, slots[robots:])

    def _prioritise(
        self, goals: NDArray[np.int32], slots: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Rank and weigh the robots; in order, the most urgent first.

        In dead ends nobody can pass: whoever has to come out of one goes before all
        others, the deepest first; then who goes deeper; and whoever wants into one
        after all others that have a goal.
        """
        plan, states = self._planner.plan, self._planner.states
        robots = len(goals)
        plan.vertices[:] = states >> 2
        urgency = -self._on_way
        if self._nearest_first:
            left = self.distances.data[slots, states].astype(np.int64)
            urgency = left + self._ahead.rest
        depth, deepest = self._come_out(goals)
        group = np.where((depth == 0) & (deepest > 0), 2, 1)
        group[goals < 0] = 3
        out = self._in_the_way[plan.vertices]
        out = np.where(goals < 0, out, np.where(deepest < depth, depth, 0))
        group[(out > 0) | ((depth > 0) & (goals >= 0))] = 0
        order = np.lexsort((urgency, -out, group))
        plan.ranks[order] = np.arange(robots)
        busy = int((goals >= 0).sum()) if self._nearest_first else robots
        plan.weights[:] = np.maximum(1.0 - plan.ranks / (busy + 1), 0.0)
        if self._crowded and self._nearest_first:
            plan.weights[:] **= _CROWDED_POWER
        np.maximum(plan.weights, 2 * PASSIVE_WEIGHT, out=plan.weights)
        plan.weights[goals < 0] = PASSIVE_WEIGHT
        return order

    def _come_out(
        self, goals: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Depth of each robot in a dead end, and how deep it wants into the same one.

        Notes where robots without a goal would be in the way.
        """
        ends = self._ends
        note_wanted(ends, goals >= 0, goals)
        wanted = ends.depth <= ends.wanted[ends.name]
        self._in_the_way = np.where(wanted, ends.depth, 0).astype(np.int32)
        at, goal = self._planner.plan.vertices, np.maximum(goals, 0)
        same = (ends.depth[at] == 0) | (ends.name[at] == ends.name[goal])
        return ends.depth[at], np.where(same, ends.depth[goal], 0)
