"""Bring robots home that a plan leaves away from their goals, few others disturbed.

They are taken out of the plan, and each in turn is planned anew from its start, by
safe-interval search among the paths of all others. Whoever finds no way is planned
together with some whose goals are near, which is kept when all of them come home. When
not all can be brought home so, they stay in the plan where it leaves them, and as many
as can are brought home around the others.

Plans of some robots are given up for others as in large neighbourhood search for plans
with conflicts (Li, Chen, Harabor, Stuckey, Koenig 2022, arXiv:2103.07116); here no plan
has conflicts, and robots are away instead.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.neighbourhood_search import as_plan
from solvers.mapf.one_shot.neighbourhoods import Plan
from solvers.mapf.one_shot.replan import Search, find_path, make_search, write_path
from solvers.mapf.one_shot.reservations import (
    NEVER,
    Reserved,
    empty_reservations,
    last_busy,
    release,
    reserve,
)
from solvers.mapf.one_shot.worker import (
    GREED,
    copy_path,
    reserve_some,
    take_in,
    take_over,
)

_LABELS = (10_000, 100_000)
"""Most labels of a search: first for all, then for who was not found a way so."""

_ROUNDS = 3
"""How often all who are still away are tried alone with each number of labels."""

_SIZES = (2, 4, 8, 16)
"""Robots that are planned anew together."""

_TRIES = 20
"""Groups tried for each robot that is still away then."""

_ALL_LABELS = 5_000_000
"""Most labels of all searches together: half a second to a second."""

_ROOM = 128
"""Timesteps after the end of the plan in which robots may still come home."""


@lean_kernel
def replan_group(
    plan: Plan,
    reserved: Reserved,
    search: Search,
    successors: NDArray[np.int32],
    to_goal: NDArray[np.int16],
    goals: NDArray[np.int32],
    placed: NDArray[np.bool_],
    group: NDArray[np.int64],
    labels: int,
    paths: NDArray[np.int32],
    arrival: NDArray[np.int64],
) -> tuple[bool, np.int64]:
    """Plan some robots anew, one after another; all come home, or nothing changes.

    Parameters
    ----------
    plan : Plan
    reserved : Reserved
        The robots that are placed.
    search : Search
    successors : ndarray of int32, shape (vertices, 4)
    to_goal : ndarray of int16, shape (robots, states)
    goals : ndarray of int32, shape (robots,)
        Vertices.
    placed : ndarray of bool, shape (robots,)
        Who is part of the plan.
    group : ndarray of int64, shape (any,)
        Robots, in the order in which they are planned.
    labels : int
        Most labels of each search.
    paths : ndarray of int32, shape (at least as many, timesteps)
    arrival : ndarray of int64, shape (at least as many,)
        Room to work in.

    Returns
    -------
    done : bool
        Whether all are home.
    labels : int
        Labels made.
    """
    shift, horizon = plan.shift, np.int64(len(plan.at) - 1)
    for k in range(len(group)):
        if placed[group[k]]:
            last = copy_path(plan, group[k], paths[0])
            release(reserved, shift, paths[0], last)
    done, made = np.int64(0), np.int64(0)
    while done < len(group):
        robot = group[done]
        goal = np.int64(goals[robot])
        if reserved.rest_from[goal] < NEVER:
            break
        label, more = find_path(
            successors,
            to_goal[robot],
            reserved,
            search,
            np.int64(plan.at[0, robot]),
            goal,
            last_busy(reserved.busy, goal) + 1,
            (horizon, horizon, np.int64(labels), np.int64(GREED)),
            shift,
            False,
            True,
        )
        made += more
        if label < 0:
            break
        arrival[done] = write_path(search, label, shift, paths[done])
        reserve(reserved, successors, shift, paths[done], arrival[done])
        done += 1
    if done == len(group):
        for k in range(done):
            take_over(plan, group[k], paths[k], arrival[k], arrival[k])
            # It may end somewhere else than before.
            for t in range(arrival[k], len(plan.at)):
                plan.at[t, group[k]] = paths[k, arrival[k]]
            placed[group[k]] = True
        return True, made
    for k in range(done):
        release(reserved, shift, paths[k], arrival[k])
    for k in range(len(group)):
        if placed[group[k]]:
            take_in(plan, reserved, successors, group[k], paths[0])
    return False, made


def bring_home(
    floor: Floor,
    to_goal: NDArray[np.int16],
    goals: NDArray[np.int32],
    states: NDArray[np.int32],
    *,
    seed: int = 0,
    stopped: Callable[[], bool] = lambda: False,
    deadline: float = float("inf"),
) -> NDArray[np.int32]:
    """Plan robots anew that do not end at their goals.

    Parameters
    ----------
    floor : Floor
    to_goal : ndarray of int16, shape (robots, states)
        Steps from each state to each robot's goal.
    goals : ndarray of int32, shape (robots,)
        Vertices.
    states : ndarray of int32, shape (timesteps + 1, robots)
        A plan without conflicts: vertices, or four times the vertex plus the heading.
    seed : int
    stopped : callable
        Whether to end at once.
    deadline : float
        Moment on ``time.perf_counter`` at which to end.

    Returns
    -------
    ndarray of int32, shape (any, robots)
        A plan without conflicts in which no fewer robots end at their goals.

    Examples
    --------
    Robot 0 stopped half way, and robot 1 is where it wants to be:

    >>> from solvers.mapf.distances import distance_rows
    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 3), bool)))
    >>> goals, plan = np.array([2, 5], np.int32), np.array([[0, 5], [1, 5]], np.int32)
    >>> bring_home(floor, distance_rows(floor, goals), goals, plan).tolist()
    [[0, 5], [1, 5], [2, 5]]
    """
    now = time.perf_counter()
    for stand, until in ((False, now + (deadline - now) / 2), (True, deadline)):
        work = _Work(
            floor.successors,
            to_goal,
            goals,
            states,
            stand,
            seed,
            stopped,
            until,
        )
        if work.bring_home() or stand:
            break
    return work.plan.at[: int(work.plan.arrival.max(initial=0)) + 1].copy()


class _Work:
    """A plan in which some are away, and what is needed to bring them home.

    ``stand`` says whether they are in the way of others where the plan leaves them.
    """

    def __init__(
        self,
        successors: NDArray[np.int32],
        to_goal: NDArray[np.int16],
        goals: NDArray[np.int32],
        states: NDArray[np.int32],
        stand: bool,
        seed: int,
        stopped: Callable[[], bool],
        until: float,
    ) -> None:
        vertices, robots = len(successors), len(goals)
        shift = 2 if to_goal.shape[1] > vertices else 0
        self.plan = plan = as_plan(states, shift, "sum_of_costs", _ROOM)
        timesteps, most = len(plan.at), max(_SIZES)
        self.reserved = empty_reservations(vertices, timesteps // 64)
        self.search = make_search(
            vertices << shift, timesteps, max(_LABELS) + 64, 2 * seed
        )
        self.paths = np.empty((most, timesteps), np.int32)
        self.arrival = np.empty(most, np.int64)
        self.successors, self.to_goal, self.goals = successors, to_goal, goals
        self.placed = np.ones(robots, np.bool_)
        if not stand:
            self.placed[self.away()] = False
        reserve_some(
            plan, self.reserved, successors, np.flatnonzero(self.placed), self.paths[0]
        )
        self.random = np.random.default_rng(seed)
        self.stopped, self.until = stopped, until
        self.labels_left = _ALL_LABELS

    def bring_home(self) -> bool:
        """Bring home whom it can; whether these are all."""
        for labels in _LABELS:
            self.try_alone(labels)
        self.try_groups()
        return len(self.away()) == 0

    def away(self) -> NDArray[np.int64]:
        """Robots that do not end at their goals, who has farthest to go first."""
        plan = self.plan
        away = np.flatnonzero(plan.at[-1] >> plan.shift != self.goals)
        left = self.to_goal[away, plan.at[0, away]].astype(np.int64)
        return away[np.argsort(-left, kind="stable")].astype(np.int64)

    def ended(self) -> bool:
        """Whether there is no time left for another search."""
        late = self.labels_left <= 0 or time.perf_counter() > self.until
        return late or self.stopped()

    def replan(self, group: NDArray[np.int64], labels: int) -> bool:
        """Try to bring all of a group home."""
        done, made = replan_group(
            self.plan,
            self.reserved,
            self.search,
            self.successors,
            self.to_goal,
            self.goals,
            self.placed,
            group,
            labels,
            self.paths,
            self.arrival,
        )
        self.labels_left -= int(made)
        return bool(done)

    def try_alone(self, labels: int) -> None:
        """Plan whoever is away anew, until that helps nobody any more."""
        for _ in range(_ROUNDS):
            helped = False
            for robot in self.away():
                if self.ended():
                    return
                helped |= self.replan(np.array([robot]), labels)
            if not helped:
                return

    def try_groups(self) -> None:
        """Plan whoever is away anew together with those whose goals are near."""
        shift = self.plan.shift
        for _ in range(_TRIES):
            for robot in self.away():
                if self.ended():
                    return
                if self.plan.at[-1, robot] >> shift == self.goals[robot]:
                    continue  # has come home with another
                near = self.to_goal[robot, self.goals << shift].astype(np.int64)
                near[robot] = -1
                size = min(int(self.random.choice(_SIZES)), len(near))
                group = np.argsort(near, kind="stable")[:size].astype(np.int64)
                self.random.shuffle(group[1:])
                self.replan(group, max(_LABELS))
