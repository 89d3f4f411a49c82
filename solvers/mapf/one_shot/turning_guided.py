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
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.guidance.space_utilisation import guide_rows, plan_guides
from solvers.mapf.lifelong.turning_distances import STEP_COST
from solvers.mapf.lifelong.turning_step import StepPlanner, TurningParams, Wanted
from solvers.mapf.one_shot.guided import finish
from solvers.mapf.one_shot.homecoming import bring_home
from solvers.mapf.one_shot.lacam import Instance
from solvers.mapf.one_shot.pibt import away_first
from solvers.mapf.one_shot.tidy import tidy
from solvers.mapf.one_shot.turning import turn

_PATIENCE = 25
"""Steps without the team getting nearer to its goals, all together, that end a run."""

_WINDOW = 10
"""Timesteps that robots look ahead: further costs more than it gains here."""

_STEPS_SHARE = 0.8
"""Part of the time that steps may take; the rest is for bringing home who is left."""

_CROWDED = 0.35
"""Robots per vertex from which on nobody gives way to those behind it: later, but more
come home."""

_MOST_AWAY = 0.5
"""Part of the team that may be away when the steps end; with more the run is vain."""


@dataclass(frozen=True, slots=True)
class TurningRun:
    """How to make one plan of robots that turn.

    Parameters
    ----------
    seed : int
    expected_steps : int
        About how many timesteps the plan will take; three times as many end it.
    loss_to_beat : int
        The run is given up when the robots have spent this many steps away.
    deadline : float
        Moment on ``time.perf_counter`` by which the plan should be there; windows are
        left out where they would take too long.
    end : float
        Moment by which a plan is of no use any more.
    """

    seed: int
    expected_steps: int
    loss_to_beat: int
    deadline: float = math.inf
    end: float = math.inf

    def plan(
        self,
        floor: Floor,
        instance: Instance,
        to_goal: NDArray[np.int16],
        states: NDArray[np.int32],
        interrupted: Callable[[], bool],
    ) -> NDArray[np.int32] | None:
        """Make the plan.

        Parameters
        ----------
        floor : Floor
        instance : Instance
        to_goal : ndarray of int16, shape (robots, states)
            Steps to the goals.
        states : ndarray of int32, shape (robots,)
            Four times the vertex plus the heading, at first.
        interrupted : callable

        Returns
        -------
        ndarray of int32, shape (timesteps + 1, robots), or None
            States; None when given up.
        """
        goals = instance.goals
        found = self._walk(floor, goals, to_goal, states, interrupted)
        if found is None:
            return None
        away = found[-1] >> 2 != goals
        if away.mean() > _MOST_AWAY:
            return None
        if away.any():
            found = bring_home(
                floor,
                to_goal,
                goals,
                found,
                seed=self.seed,
                stopped=interrupted,
                deadline=self.deadline,
            )
        if (found[-1] >> 2 == goals).all():
            return found
        rest = finish(instance, found[-1] >> 2, self.seed, self.end)
        if rest is None:
            return None
        headings = (found[-1] & 3).astype(np.uint8)
        rest = turn(floor, tidy(floor.vertices, rest), headings)
        return np.concatenate([found, rest[1:]])

    def _walk(
        self,
        floor: Floor,
        goals: NDArray[np.int32],
        to_goal: NDArray[np.int16],
        states: NDArray[np.int32],
        interrupted: Callable[[], bool],
    ) -> NDArray[np.int32] | None:
        """Step by step, up to where the team was nearest to its goals."""
        guides = plan_guides(floor, to_goal, states, goals, deadline=self.deadline)
        along = guide_rows(floor, to_goal, guides, step=STEP_COST)
        robots = np.arange(len(states))
        began = time.perf_counter()
        until = began + _STEPS_SHARE * (self.deadline - began)
        planner = self._planner(floor, states)
        away = to_goal[robots, states].astype(np.int32)
        order = np.argsort(-away, kind="stable").astype(np.int32)
        after, paths, spent = order.copy(), [states], 0
        settled = np.zeros(len(states), np.int32)
        nowhere = np.full(len(states), -1, np.int64)
        nobody = np.zeros(floor.vertices, np.int32)
        nearest, reached = int(away.sum()), 0
        while nearest > 0:
            position = planner.states >> 2
            home = position == goals
            spent += len(robots) - int(home.sum())
            if spent >= self.loss_to_beat or interrupted():
                return None
            settled = np.where(home, settled + 1, 0).astype(np.int32)
            away_first(order, position, goals, after)
            order, after = after, order
            planner.plan.ranks[order] = robots
            planner.step(
                Wanted(goals, along, robots, nowhere, nobody, settled),
                order.astype(np.int64),
                math.inf,
                advice=self._has_time(began, until, len(paths)),
            )
            paths.append(planner.states)
            left = int(to_goal[robots, planner.states].sum(dtype=np.int64))
            if left < nearest:
                nearest, reached = left, len(paths) - 1
            late = time.perf_counter() > until or len(paths) > 3 * self.expected_steps
            if late or len(paths) - reached > _PATIENCE:
                break
        return np.array(paths[: reached + 1])

    def _planner(self, floor: Floor, states: NDArray[np.int32]) -> StepPlanner:
        costs = np.full((floor.vertices, 4), STEP_COST, np.uint8)
        params = TurningParams(rounds=1, window=_WINDOW)
        planner = StepPlanner(
            floor,
            states,
            costs,
            params,
            by_rank=len(states) > _CROWDED * floor.vertices,
            seed=self.seed,
        )
        planner.plan.weights[:] = 1.0
        return planner

    def _has_time(self, began: float, until: float, steps_made: int) -> bool:
        """Whether steps may take longer than they did, so that there may be windows."""
        if math.isinf(until):
            return True
        expected = self.expected_steps
        steps_left = max(expected - steps_made, expected // 5, 1)
        now = time.perf_counter()
        return 2 * steps_left * (now - began) < steps_made * (until - now)
