"""Trials: a small crowded team tries its next steps in many ways and takes the best.

On a crowded floor it is mostly chance whom PIBT pushes where. A trial runs PIBT for a
few timesteps ahead, with another throw of the dice and another robot that goes first;
half of them begin like the best trial so far and leave it at some timestep. The first
step of the best one is taken, and the rest of it is the first trial of the next
timestep: so what has been found is never lost but to something better.

Trying configurations at random and keeping the best is from Okumura (2023), LaCAM*,
arXiv:2305.03632 ("Monte-Carlo" generation); to look several timesteps ahead, to let a
robot drawn at random go first and to go on from the best trial is ours.
"""

import math
import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.mapf.lifelong.pibt import NO_GOAL, NOBODY, Team, step
from solvers.mapf.lifelong.rehearsal import set_priorities
from solvers.random_words import random_word

_FREE_STRIDES = 0.3
"""What a robot is thought to come nearer to its next goal in a timestep."""

_FIRST = np.int64(1) << np.int64(60)
"""Priority above all others."""

_BATCH = 4
"""Trials between two looks at the clock."""


class Trial(NamedTuple):
    """Where trials begin, and the best one; arrays of length robots."""

    start: NDArray[np.int32]
    waited: NDArray[np.int64]
    advice: NDArray[np.int32]  # what windows prefer at the first timestep
    wanted: NDArray[np.int32]  # rows of the distances in this trial
    goals: NDArray[np.int32]  # vertices in this trial
    path: NDArray[np.int32]  # (timesteps, robots): vertices in this trial
    best: NDArray[np.int32]  # (timesteps, robots): vertices in the best one
    score: NDArray[np.float64]  # length 1: of the best one


@lean_kernel
def go_to(team: Team, vertices: NDArray[np.int32]) -> None:
    """Put all robots on some vertices."""
    for robot in range(len(vertices)):
        team.here[team.position[robot]] = NOBODY
    for robot in range(len(vertices)):
        team.position[robot] = vertices[robot]
        team.here[vertices[robot]] = robot


@kernel
def _try_once(
    successors: NDArray[np.int32],
    costs: NDArray[np.uint8],
    wait_cost: int,
    distances: NDArray[np.int16],
    team: Team,
    active: NDArray[np.bool_],
    nearest: bool,
    trial: Trial,
    follow: int,
    first: int,
) -> float:
    """Follow the best trial for some timesteps, then PIBT; cost saved by the end.

    ``first`` is a robot that goes before all others, or -1.
    """
    score = 0.0
    timesteps, robots = trial.path.shape
    for robot in range(robots):
        if active[robot] and trial.wanted[robot] != NO_GOAL:
            score += distances[trial.wanted[robot], trial.start[robot]]
    for t in range(timesteps):
        if t < follow:
            team.waited[:] += 1
            go_to(team, trial.best[t])
        else:
            set_priorities(team, active, trial.wanted, trial.goals, distances, nearest)
            if first >= 0:
                team.priority[first] = _FIRST
            step(successors, costs, wait_cost, distances, team)
        team.preferred[:] = -1
        trial.path[t] = team.position
        for robot in range(robots):
            if team.position[robot] == trial.goals[robot]:
                score += _FREE_STRIDES * wait_cost * (timesteps - 1 - t)
                trial.wanted[robot] = NO_GOAL
                trial.goals[robot] = -1
                if robot == first:
                    first = -1
    for robot in range(robots):
        if active[robot] and trial.wanted[robot] != NO_GOAL:
            score -= distances[trial.wanted[robot], team.position[robot]]
    return score


@kernel
def run_trials(
    successors: NDArray[np.int32],
    costs: NDArray[np.uint8],
    wait_cost: int,
    distances: NDArray[np.int16],
    team: Team,
    active: NDArray[np.bool_],
    wanted: NDArray[np.int32],
    goals: NDArray[np.int32],
    nearest: bool,
    trial: Trial,
    planned: int,
    begin: int,
    end: int,
) -> None:
    """Make the trials begin..end - 1; the best of all is in ``trial``.

    Trial 0 is what is left of the best one of the timestep before, or else PIBT.

    Parameters
    ----------
    team : Team
        Left as it is after the last trial.
    active : ndarray of bool, shape (robots,)
    wanted, goals : ndarray of int32, shape (robots,)
        Row of the distances and vertex of each robot's goal, or -1.
    nearest : bool
        Who is nearest to its goal goes first.
    planned : int
        Timesteps known of the best trial before the first one here.
    """
    robots = len(goals)
    for k in range(begin, end):
        go_to(team, trial.start)
        team.waited[:] = trial.waited
        team.preferred[:] = trial.advice
        trial.wanted[:] = wanted
        trial.goals[:] = goals
        follow, first = np.int64(planned), np.int64(-1)
        if k > 0:
            follow = np.int64(0)
            word = random_word(team.random)
            if k % 2 == 1 and planned > 0:
                follow = np.int64(word % np.uint64(planned))
            elif k % 4 == 2:
                team.preferred[:] = -1
            if k > 1:
                first = np.int64(random_word(team.random) % np.uint64(robots))
                if goals[first] < 0 or not active[first]:
                    first = np.int64(-1)
        score = _try_once(
            successors,
            costs,
            wait_cost,
            distances,
            team,
            active,
            nearest,
            trial,
            follow,
            first,
        )
        if k == 0 or score > trial.score[0]:
            trial.score[0] = score
            trial.best[:] = trial.path


class Trials:
    """Trials of one team, timestep after timestep.

    Parameters
    ----------
    robots : int
    count : int
        Trials per timestep.
    timesteps : int
        Timesteps looked ahead, 2 or more.
    """

    def __init__(self, robots: int, count: int, timesteps: int) -> None:
        self._trial = Trial(
            start=np.zeros(robots, np.int32),
            waited=np.zeros(robots, np.int64),
            advice=np.zeros(robots, np.int32),
            wanted=np.zeros(robots, np.int32),
            goals=np.zeros(robots, np.int32),
            path=np.zeros((timesteps, robots), np.int32),
            best=np.zeros((timesteps, robots), np.int32),
            score=np.zeros(1),
        )
        self._count = count
        self._planned = 0

    def move(
        self,
        ways: tuple[NDArray[np.int32], NDArray[np.uint8], int, NDArray[np.int16]],
        team: Team,
        active: NDArray[np.bool_],
        wanted: NDArray[np.int32],
        goals: NDArray[np.int32],
        nearest: bool,
        deadline: float = math.inf,
    ) -> float:
        """Try as often as there is time for, and move the team as was best.

        Parameters
        ----------
        ways : tuple
            Successors, costs, cost of a wait and distances, as `pibt.step` takes them.
        team : Team
            With the waiting of this timestep counted; ``preferred`` is the advice of
            windows.

        Returns
        -------
        float
            Seconds that a few trials took, of which at least so many are made.
        """
        trial = self._trial
        waited = team.waited.copy()
        trial.start[:], trial.advice[:] = team.position, team.preferred
        trial.waited[:] = waited - 1  # each timestep of a trial counts itself
        took = 0.0
        for begin in range(0, self._count, _BATCH):
            began = time.perf_counter()
            if began + took > deadline and begin > 0:
                break
            run_trials(
                *ways,
                team,
                active,
                wanted,
                goals,
                nearest,
                trial,
                self._planned,
                begin,
                min(begin + _BATCH, self._count),
            )
            took = time.perf_counter() - began
        team.waited[:] = waited
        go_to(team, trial.best[0])
        trial.best[:-1] = trial.best[1:].copy()
        self._planned = len(trial.best) - 1
        return took
