"""A plan of turning robots made as such: guide paths, windows and operations.

Robots plan windows in vertex, heading and time, along guide paths that know headings,
and choose operations of several actions, as the lifelong engine does
(`solvers.mapf.lifelong.turning_step`); but here they stay at their goals. Who could not
pass others by then is planned anew among them, and the last by LaCAM*, whose plan for
robots that move freely is carried out by robots that turn. So there is always a plan in
the end, if time is left.
"""

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.guidance.space_utilisation import guide_rows, plan_guides
from solvers.mapf.lifelong.turning_distances import STEP_COST
from solvers.mapf.lifelong.turning_pibt import PASSIVE_WEIGHT
from solvers.mapf.lifelong.turning_step import StepPlanner, TurningParams, Wanted
from solvers.mapf.one_shot.guided import finish
from solvers.mapf.one_shot.homecoming import bring_home
from solvers.mapf.one_shot.lacam import Instance
from solvers.mapf.one_shot.pibt import away_first
from solvers.mapf.one_shot.tidy import tidy
from solvers.mapf.one_shot.turning import turn

_PATIENCE = 25
"""Steps without the team getting nearer to its goals, all together, that end a run."""

_STEPS_SHARE = 0.7
"""Part of the time that steps may take; the rest is for bringing home who is left."""


@dataclass(frozen=True, slots=True)
class TurningRun:
    """How to make plans of robots that turn.

    Parameters
    ----------
    windows : tuple of int
        Timesteps that robots look ahead, one plan for each. In the first plan all
        costs count the same. In the others nobody gives way to those behind it in the
        order, and who is in front counts for more: more robots come home, but later.
    seed : int
    expected_steps : int
        About how many timesteps a plan will take; three times as many end it.
    loss_to_beat : int
        A plan is given up when the robots have spent this many steps away.
    deadline : float
        Moment on ``time.perf_counter`` by which the plans should be there; windows and
        chains become scarcer so that they are.
    end : float
        Moment by which a plan is of no use any more.
    """

    windows: tuple[int, ...]
    seed: int
    expected_steps: int
    loss_to_beat: int
    deadline: float = math.inf
    end: float = math.inf

    def plans(
        self,
        floor: Floor,
        instance: Instance,
        to_goal: NDArray[np.int16],
        states: NDArray[np.int32],
        threads: int,
        interrupted: Callable[[], bool],
    ) -> Iterator[NDArray[np.int32] | None]:
        """Make a plan for each window, some at the same time.

        Parameters
        ----------
        floor : Floor
        instance : Instance
        to_goal : ndarray of int16, shape (robots, states)
            Steps to the goals.
        states : ndarray of int32, shape (robots,)
            Four times the vertex plus the heading, at first.
        threads : int
        interrupted : callable

        Yields
        ------
        ndarray of int32, shape (timesteps + 1, robots), or None
            States; None when given up.
        """
        paths = plan_guides(
            floor, to_goal, states, instance.goals, deadline=self.deadline
        )
        guides = guide_rows(floor, to_goal, paths, step=STEP_COST)
        one = _OneRun(self, floor, instance, to_goal, guides, states, interrupted)
        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(one.plan, range(len(self.windows)))


@dataclass(frozen=True, slots=True)
class _OneRun:
    """What all plans of a run are made from."""

    run: TurningRun
    floor: Floor
    instance: Instance
    to_goal: NDArray[np.int16]
    guides: NDArray[np.int16]
    """(robots, states) what is left along guide paths, `STEP_COST` for each step."""
    states: NDArray[np.int32]
    interrupted: Callable[[], bool]

    def plan(self, k: int) -> NDArray[np.int32] | None:
        """Make one plan; None when given up."""
        run, floor, goals = self.run, self.floor, self.instance.goals
        found = self._walk(k)
        if found is None:
            return None
        if (found[-1] >> 2 != goals).any():
            found = bring_home(
                floor,
                self.to_goal,
                goals,
                found,
                seed=run.seed + k,
                stopped=self.interrupted,
                deadline=run.deadline,
            )
        if (found[-1] >> 2 == goals).all():
            return found
        rest = finish(self.instance, found[-1] >> 2, run.seed + k, run.end)
        if rest is None:
            return None
        headings = (found[-1] & 3).astype(np.uint8)
        rest = turn(floor, tidy(floor.vertices, rest), headings)
        return np.concatenate([found, rest[1:]])

    def _walk(self, k: int) -> NDArray[np.int32] | None:
        """Step by step, up to where the team was nearest to its goals."""
        run, goals, states = self.run, self.instance.goals, self.states
        robots = np.arange(len(states))
        until = self._until()
        planner = self._planner(k)
        away = self.to_goal[robots, states].astype(np.int32)
        order = np.argsort(-away, kind="stable").astype(np.int32)
        after, paths, spent = order.copy(), [states], 0
        settled = np.zeros(len(states), np.int32)
        nowhere = np.full(len(states), -1, np.int64)
        nobody = np.zeros(self.floor.vertices, np.int32)
        nearest, reached = int(away.sum()), 0
        while nearest > 0:
            position = planner.states >> 2
            home = position == goals
            spent += len(robots) - int(home.sum())
            if spent >= run.loss_to_beat or self.interrupted():
                return None
            settled = np.where(home, settled + 1, 0).astype(np.int32)
            away_first(order, position, goals, after)
            order, after = after, order
            _rank(planner, order, alike=k == 0)
            wanted = Wanted(goals, self.guides, robots, nowhere, nobody, settled)
            deadline = self._step_deadline(until, len(paths))
            planner.step(wanted, order.astype(np.int64), deadline, run.windows[k] > 0)
            paths.append(planner.states)
            left = int(self.to_goal[robots, planner.states].sum(dtype=np.int64))
            if left < nearest:
                nearest, reached = left, len(paths) - 1
            late = time.perf_counter() > until or len(paths) > 3 * run.expected_steps
            if late or len(paths) - reached > _PATIENCE:
                break
        return np.array(paths[: reached + 1])

    def _planner(self, k: int) -> StepPlanner:
        costs = np.full((self.floor.vertices, 4), STEP_COST, np.uint8)
        params = TurningParams(rounds=1, window=self.run.windows[k])
        seed = self.run.seed + k
        return StepPlanner(self.floor, self.states, costs, params, k > 0, seed)

    def _until(self) -> float:
        """Moment at which steps end; after it, who is left is brought home."""
        now = time.perf_counter()
        return now + _STEPS_SHARE * (self.run.deadline - now)

    def _step_deadline(self, until: float, steps_made: int) -> float:
        """Moment by which the next step is to be decided."""
        if math.isinf(until):
            return math.inf
        expected = self.run.expected_steps
        steps_left = max(expected - steps_made, expected // 5, 1)
        now = time.perf_counter()
        return now + max(until - now, 0.0) / steps_left


def _rank(planner: StepPlanner, order: NDArray[np.int32], alike: bool) -> None:
    """Say who goes first, and how much the costs of each count."""
    plan, robots = planner.plan, len(order)
    plan.ranks[order] = np.arange(robots)
    plan.weights[:] = 1.0
    if not alike:
        plan.weights[:] -= plan.ranks / (robots + 1)
        np.maximum(plan.weights, 2 * PASSIVE_WEIGHT, out=plan.weights)
