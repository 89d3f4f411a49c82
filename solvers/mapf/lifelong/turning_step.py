"""One step of robots that turn: windows, operations, and who gives way to whom.

What robots want (goals, distances to them, priorities) is the caller's: a lifelong team
or a one-shot plan. Between two steps everyone holds an operation and a window, and the
next step begins with what is left of them.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.turning_choices import find_room, make_choices, weigh
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

_CHUNK = 4
"""Robots between two looks at the clock."""


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
    rehearsal_robot_steps: int = 30_000
    memory_mb: float = 1000.0


class Wanted(NamedTuple):
    """Where robots want to go in a step."""

    goals: NDArray[np.int32]  # (robots,): vertices; -1 for none
    data: NDArray[np.int16]  # (rows, 4 * vertices): distances to goals
    rows: NDArray[np.int64]  # (robots,): row of the goal; any for no goal
    next_rows: NDArray[np.int64]  # (robots,): row of the goal after it, or -1
    in_the_way: NDArray[np.int32]  # (vertices,): steps out of a dead end
    settled: NDArray[np.int32] | None = None
    """(robots,) timesteps each has stayed at its goal, which it never goes on from;
    None where robots go on."""


class StepPlanner:
    """Turning robots, where they stand and what they plan to do next.

    Parameters
    ----------
    floor : Floor
    states : ndarray of int32, shape (robots,)
        Four times the vertex plus the heading; all vertices are different.
    forward_costs : ndarray of uint8, shape (vertices, 4)
        Cost of leaving a vertex forward in each heading, as in the distances.
    params : TurningParams
    by_rank : bool
        Whether in chains nobody gives way to robots behind it in the order.
    seed : int

    Attributes
    ----------
    plan : Plan
        ``ranks`` and ``weights`` are set before each step.
    """

    def __init__(
        self,
        floor: Floor,
        states: NDArray[np.int32],
        forward_costs: NDArray[np.uint8],
        params: TurningParams,
        by_rank: bool,
        seed: int,
    ) -> None:
        robots = len(states)
        self.states = states
        self.threads = ThreadPoolExecutor(2)
        self.plan = make_plan(robots, floor.vertices, params.depth)
        self._patterns = patterns(params.depth)
        self.choices = make_choices(robots, *self._patterns.shape)
        self.chain = make_chain(robots, params.depth)
        self.kept = self.steps = self.cut_short = 0
        self._windows = make_turning_windows(
            robots, floor.vertices, max(params.window, 1)
        )
        self._windows.plan[:, 0] = states
        self._floor, self._forward_costs = floor, forward_costs
        self._params, self._by_rank = params, by_rank
        self._late = np.zeros(robots, np.bool_)
        self._going_on = np.full(robots, -1, np.int32)
        self._room = np.zeros((2, floor.vertices), np.int32)
        self._random = np.random.default_rng(seed)
        self._inherit_s = 0.0

    def step(
        self,
        wanted: Wanted,
        order: NDArray[np.int64],
        deadline: float,
        *,
        advice: bool,
    ) -> None:
        """Move everyone by a step.

        Parameters
        ----------
        wanted : Wanted
        order : ndarray of int64, shape (robots,)
            Robots, the most urgent first.
        deadline : float
            Moment on ``time.perf_counter`` at which to stop improving.
        advice : bool
            Whether to plan windows.
        """
        all_planned = not advice or self._plan_windows(wanted, order, deadline)
        began = perf_counter()
        self.weigh(wanted)
        in_time = self.inherit(order, deadline)
        self._inherit_s = max(perf_counter() - began, 0.9 * self._inherit_s)
        for _ in range(self._params.rounds):
            in_time = in_time and self._improve(deadline)
        self.cut_short += not (all_planned and in_time)
        self._advance()

    def _plan_windows(
        self, wanted: Wanted, order: NDArray[np.int64], deadline: float
    ) -> bool:
        """Let all plan ahead, but for the time that inheritance takes; whether all did.

        Whoever is left out goes on with its plan, and comes first the next time.
        """
        ways = Ways(
            self._floor.successors,
            self._forward_costs,
            wanted.data,
            np.where(wanted.goals < 0, -1, wanted.rows),
            wanted.next_rows,
            self._going_on if wanted.settled is None else wanted.settled,
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

    def weigh(self, wanted: Wanted) -> None:
        """List everyone's operations, and begin with those of the step before."""
        choices, plan = self.choices, self.plan
        robots = len(wanted.goals)
        plan.vertices[:] = self.states >> 2
        plan.occupant[:] = -1
        plan.occupant[plan.vertices] = np.arange(robots)
        successors = self._floor.successors
        find_room(successors, plan.occupant, self._room[0], self._room[1])

        def half(begin: int, end: int) -> None:
            weigh(
                successors,
                self._forward_costs,
                wanted.data,
                wanted.rows,
                wanted.goals,
                self.states,
                self._patterns,
                self._room[0],
                wanted.in_the_way,
                wanted.settled is not None,
                self._windows,
                choices,
                begin,
                end,
            )

        cuts = (0, robots // 2, robots)
        list(self.threads.map(half, cuts[:-1], cuts[1:]))
        plan.chosen[:] = 0
        plan.reserved[:] = -1
        for depth in range(self._params.depth):
            plan.reserved[choices.paths[:, 0, depth], depth] = np.arange(robots)

    def inherit(self, order: NDArray[np.int64], deadline: float) -> bool:
        """Let all choose in order of priority; whether there was time for all."""
        queue = order.astype(np.int32)
        self.steps += 1
        for first in range(0, len(queue), _CHUNK):
            if perf_counter() > deadline:
                return False
            inherit(
                self.choices,
                self.plan,
                self.chain,
                queue[first : first + _CHUNK],
                self.steps,
                self._params.inherit_tries,
            )
        return True

    def _improve(self, deadline: float) -> bool:
        """Try a chain from all that have goals, in random order; whether time was."""
        pursuing = np.flatnonzero(self.plan.weights > PASSIVE_WEIGHT)
        order = self._random.permutation(pursuing).astype(np.int32)
        for first in range(0, len(order), _CHUNK):
            if perf_counter() > deadline:
                return False
            self.kept += improve(
                self.choices,
                self.plan,
                self.chain,
                order[first : first + _CHUNK],
                self._by_rank,
                self._params.chain_tries,
            )
        return True

    def _advance(self) -> None:
        """Carry out everyone's first action; the next step inherits the rest."""
        choices, chosen = self.choices, self.plan.chosen
        robots = np.arange(len(self.states))
        actions = choices.actions[robots, chosen]
        vertices = choices.paths[robots, chosen, 0]
        headings = ((self.states & 3) + HEADING_STEP[actions[:, 0]]) & 3
        self.states = (4 * vertices + headings).astype(np.int32)
        let_time_pass(self._windows, self.states)
        choices.actions[:, 0, :-1] = actions[:, 1:]
        choices.actions[:, 0, -1] = 0
