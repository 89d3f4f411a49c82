"""Team of turning robots: decides, step by step, where every robot goes next."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.lanes import against_lanes, lane_costs, typical_run
from solvers.mapf.lifelong.pockets import dead_ends, note_wanted
from solvers.mapf.lifelong.problem import Ahead
from solvers.mapf.lifelong.rehearsal import LEAST_STEPS, Rehearsals, Setting
from solvers.mapf.lifelong.turning_choices import find_room, make_choices, weigh
from solvers.mapf.lifelong.turning_distances import STEP_COST, TurningDistances
from solvers.mapf.lifelong.turning_operations import HEADING_STEP, patterns
from solvers.mapf.lifelong.turning_pibt import (
    PASSIVE_WEIGHT,
    improve,
    inherit,
    make_chain,
    make_plan,
)
from solvers.mapf.lifelong.turning_windows import (
    Ways,
    let_time_pass,
    make_turning_windows,
    plan_windows,
)
from solvers.mapf.lifelong.turns import make_turns, pass_turn
from warehouse.grid import Grid

_NO_GOAL = -1
_LONG_AISLE = 16
"""Straight vertices in a row from which on lanes are kept strictly."""

_CHUNK = 4
"""Robots between two looks at the clock."""

_CROWDED = 0.6
"""Robots per vertex from which on there is no free way that windows could plan."""

_REHEARSING = 0.3
"""Robots per vertex from which on a small team rehearses."""

_CROWDED_POWER = 4
"""On a crowded floor weights fall with this power of the rank: few get through."""


@dataclass(frozen=True, slots=True)
class TurningParams:
    """How a team of turning robots decides.

    Parameters
    ----------
    depth : int
        Actions in an operation.
    rounds : int
        Chains tried from every robot per step, when there is time.
    inherit_tries, chain_tries : int
        Operations looked at before a robot gives up, in order of priority and in
        chains that improve the plan.
    against_cost : int, optional
        Cost of a move against its lane, in quarters of a step (4: lanes do not
        count). By the length of the floor's aisles when not given.
    nearest_first : bool, optional
        Who is nearest to its goal goes first and robots weigh what giving way costs
        them all; otherwise who is longest on its way, and nobody gives way to those
        behind. The latter in long aisles when not given.
    window : int
        Timesteps that robots plan ahead around each other; 0 for none. There are no
        windows on a crowded floor.
    meet : int
        Price of a robot met in a window, in quarters of a step.
    expansions : int
        Search effort for windows in a step without a deadline.
    active_share : float
        At most this many robots per vertex pursue their goals at once, unless a
        rehearsal shows that more deliver more.
    rehearsal_robot_steps : int
        Length of a rehearsal of a small team in steps of single robots; 0 for none.
    memory_mb : float
        Room for rows of distances.
    """

    depth: int = 4
    rounds: int = 3
    inherit_tries: int = 1000
    chain_tries: int = 10000
    against_cost: int | None = None
    nearest_first: bool | None = None
    window: int = 24
    meet: int = 12
    expansions: int = 1_000_000
    active_share: float = 0.45
    rehearsal_robot_steps: int = 16_000
    memory_mb: float = 1000.0


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
        self._states = (4 * np.asarray(starts, np.int64) + headings).astype(np.int32)
        self._floor = floor
        self._against = against_lanes(floor)
        long_aisles = typical_run(floor) >= _LONG_AISLE
        self._nearest_first = (
            not long_aisles if params.nearest_first is None else params.nearest_first
        )
        self._patterns = patterns(params.depth)
        self._choices = make_choices(robots, *self._patterns.shape)
        self._crowded = robots > _CROWDED * floor.vertices
        self._windows = make_turning_windows(
            robots, floor.vertices, max(params.window, 1)
        )
        self._windows.plan[:, 0] = self._states
        self._late = np.zeros(robots, np.bool_)
        self._ends = dead_ends(floor)
        self._in_the_way = np.zeros(floor.vertices, np.int32)
        self._ahead = Ahead.nothing(robots)
        self._plan = make_plan(robots, floor.vertices, params.depth)
        self._chain = make_chain(robots, params.depth)
        self._room = np.zeros((2, floor.vertices), np.int32)
        self._random = np.random.default_rng(seed)
        self._threads = ThreadPoolExecutor(2)
        self._goals = np.full(robots, _NO_GOAL, np.int32)
        self._on_way = np.zeros(robots, np.int64)
        self._kept = self._steps = self._cut_short = 0
        self._active_steps = 0
        self._inherit_s = 0.0
        self._seed = seed
        most = max(1.0, params.active_share * floor.vertices)
        self._guide(
            Setting(
                params.against_cost or (20 if long_aisles else 7),
                self._nearest_first,
                min(1.0, most / max(robots, 1)),
            )
        )

    @property
    def statistics(self) -> dict[str, float]:
        """Share of robots that pursued goals, chains kept, steps cut short."""
        robot_steps = max(self._steps * len(self._goals), 1)
        return {
            "active_share": self._active_steps / robot_steps,
            "against_cost": self._setting.against_cost / STEP_COST,
            "chains_per_step": self._kept / max(self._steps, 1),
            "cut_short": self._cut_short,
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
        self.distances.slots(known, self._threads)

    def _rehearse(self, goals: NDArray[np.int32]) -> None:
        """Try whether all at once, and without lanes, deliver more.

        What moves against lanes cost stays if it was given.
        """
        rehearsals = Rehearsals(
            self._floor,
            self._against,
            self._states >> 2,
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
        self._guide(rehearsals.best)

    def _rehearsing(
        self, setting: Setting
    ) -> Callable[[NDArray[np.int32]], NDArray[np.int32]]:
        """Begin a team like this one that is guided by a setting."""
        states = self._states
        other = TurningTeam(
            self._floor,
            states >> 2,
            (states & 3).astype(np.uint8),
            seed=self._seed,
            params=self._params,
        )
        other._guide(setting)
        return lambda goals: other.step(goals)[0]

    def _guide(self, setting: Setting) -> None:
        """Set what moves against lanes cost, and how many robots pursue their goals."""
        self._setting = setting
        self.distances = TurningDistances(
            self._floor,
            lane_costs(self._against, STEP_COST, setting.against_cost),
            memory_mb=self._params.memory_mb,
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
        all_planned = self._plan_windows(goals, slots, next_slots, order, deadline)
        began = perf_counter()
        self._weigh(goals, slots)
        in_time = self._inherit(order, deadline)
        self._inherit_s = max(perf_counter() - began, 0.9 * self._inherit_s)
        for _ in range(self._params.rounds):
            in_time = in_time and self._improve(deadline)
        self._cut_short += not (all_planned and in_time)
        return self._advance()

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
        slots = self.distances.slots(both, self._threads)
        return slots[:robots], np.where(following < 0, -1, slots[robots:])

    def _prioritise(
        self, goals: NDArray[np.int32], slots: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Rank and weigh the robots; in order, the most urgent first.

        In dead ends nobody can pass: whoever has to come out of one goes before all
        others, the deepest first; then who goes deeper; and whoever wants into one
        after all others that have a goal.
        """
        plan = self._plan
        robots = len(goals)
        plan.vertices[:] = self._states >> 2
        urgency = -self._on_way
        if self._nearest_first:
            left = self.distances.data[slots, self._states].astype(np.int64)
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
        at, goal = self._plan.vertices, np.maximum(goals, 0)
        same = (ends.depth[at] == 0) | (ends.name[at] == ends.name[goal])
        return ends.depth[at], np.where(same, ends.depth[goal], 0)

    def _plan_windows(
        self,
        goals: NDArray[np.int32],
        slots: NDArray[np.int64],
        next_slots: NDArray[np.int64],
        order: NDArray[np.int64],
        deadline: float,
    ) -> bool:
        """Let all plan ahead, but for the time that inheritance takes; whether all did.

        Whoever is left out goes on with its plan, and comes first the next time.
        """
        if self._params.window < 1 or self._crowded:
            return True
        ways = Ways(
            self._floor.successors,
            self.distances.forward_costs,
            self.distances.data,
            np.where(goals < 0, -1, slots),
            next_slots,
            self._params.meet,
        )
        unlimited = deadline == float("inf")
        until = deadline - 1.5 * self._inherit_s
        late = self._late[order]
        order = np.concatenate([order[late], order[~late]])
        self._late[:] = False
        effort = self._params.expansions if unlimited else 1 << 40
        chunk = max(1, len(order)) if unlimited else _CHUNK
        for first in range(0, len(order), chunk):
            planned = 0
            if unlimited or perf_counter() < until:
                some = order[first : first + chunk]
                planned = plan_windows(ways, self._windows, some, effort)
            if planned < min(chunk, len(order) - first):
                self._late[order[first + planned :]] = True
                return False
        return True

    def _weigh(self, goals: NDArray[np.int32], slots: NDArray[np.int64]) -> None:
        """List everyone's operations, and begin with those of the step before."""
        choices, plan = self._choices, self._plan
        robots = len(goals)
        plan.occupant[:] = -1
        plan.occupant[plan.vertices] = np.arange(robots)
        successors = self._floor.successors
        find_room(successors, plan.occupant, self._room[0], self._room[1])

        def half(begin: int, end: int) -> None:
            weigh(
                successors,
                self.distances.forward_costs,
                self.distances.data,
                slots,
                goals,
                self._states,
                self._patterns,
                self._room[0],
                self._in_the_way,
                self._windows,
                choices,
                begin,
                end,
            )

        cuts = (0, robots // 2, robots)
        list(self._threads.map(half, cuts[:-1], cuts[1:]))
        plan.chosen[:] = 0
        plan.reserved[:] = -1
        for depth in range(self._params.depth):
            plan.reserved[choices.paths[:, 0, depth], depth] = np.arange(robots)

    def _inherit(self, order: NDArray[np.int64], deadline: float) -> bool:
        """Let all choose in order of priority; whether there was time for all."""
        queue = order.astype(np.int32)
        self._steps += 1
        for first in range(0, len(queue), _CHUNK):
            if perf_counter() > deadline:
                return False
            inherit(
                self._choices,
                self._plan,
                self._chain,
                queue[first : first + _CHUNK],
                self._steps,
                self._params.inherit_tries,
            )
        return True

    def _improve(self, deadline: float) -> bool:
        """Try a chain from all that have goals, in random order; whether time was."""
        pursuing = np.flatnonzero(self._plan.weights > PASSIVE_WEIGHT)
        order = self._random.permutation(pursuing).astype(np.int32)
        for first in range(0, len(order), _CHUNK):
            if perf_counter() > deadline:
                return False
            self._kept += improve(
                self._choices,
                self._plan,
                self._chain,
                order[first : first + _CHUNK],
                not self._nearest_first,
                self._params.chain_tries,
            )
        return True

    def _advance(self) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """Carry out everyone's first action; the next step inherits the rest."""
        choices, chosen = self._choices, self._plan.chosen
        robots = np.arange(len(self._states))
        actions = choices.actions[robots, chosen]
        vertices = choices.paths[robots, chosen, 0]
        headings = ((self._states & 3) + HEADING_STEP[actions[:, 0]]) & 3
        self._states = (4 * vertices + headings).astype(np.int32)
        let_time_pass(self._windows, self._states)
        choices.actions[:, 0, :-1] = actions[:, 1:]
        choices.actions[:, 0, -1] = 0
        return vertices, headings.astype(np.uint8)
