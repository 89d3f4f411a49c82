"""Rehearsals: short trial runs that choose how a team is guided on its floor.

How dear moves against the lanes should be, who goes first, and how many robots should
be on their way at once depends on the floor and on the number of robots. Before the
clock runs, a few settings are tried for some steps on the robots' own starts and
goals, and the one that brings them nearer to their goals in most strides is taken.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.mapf.distances import distance_rows, weighted_rows
from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.lanes import lane_costs
from solvers.mapf.lifelong.pibt import NO_GOAL, make_team, step
from solvers.mapf.lifelong.turns import make_turns, pass_turn
from warehouse.distances import UNREACHABLE

ALONG_COST = 2
"""Cost of a move along its lane, and of a wait."""

_ROOM_MB = 256


@dataclass(frozen=True, slots=True)
class Setting:
    """How a team is guided.

    Parameters
    ----------
    against_cost : int
        Cost of a move against its lane; `ALONG_COST` where lanes do not count.
    nearest_first : bool
        Who is nearest to its goal goes first; otherwise who is longest on its way.
    active_share : float
        Share of the robots that pursue their goals at once.
    """

    against_cost: int = ALONG_COST
    nearest_first: bool = False
    active_share: float = 1.0

    def active(self, robots: int) -> int:
        """Number of robots that pursue their goals at once."""
        return max(1, min(robots, round(self.active_share * robots)))


@kernel
def set_priorities(team, active, wanted, distances, nearest_first):  # type: ignore[no-untyped-def]
    """Raise priorities by a step; robots without a goal or held back come last."""
    for robot in range(len(wanted)):
        if not active[robot] or wanted[robot] == NO_GOAL:
            team.row[robot] = NO_GOAL
            team.priority[robot] = -(1 << 40)
            continue
        if team.row[robot] != wanted[robot]:
            team.row[robot] = wanted[robot]
            if team.priority[robot] < 0:
                team.priority[robot] = 0
        if nearest_first:
            left = np.int64(distances[wanted[robot], team.position[robot]])
            team.priority[robot] = (1 << 20) - left
        else:
            team.priority[robot] += 1


@kernel
def rehearse(  # type: ignore[no-untyped-def]
    successors, costs, wait_cost, distances, steps_to, goals, team, turns, nearest, last
):
    """Run a team for some steps on goals drawn at random; return the strides made.

    Parameters
    ----------
    distances : ndarray of int16, shape (goals, vertices)
        With the costs of lanes.
    steps_to : ndarray of int16, shape (goals, vertices)
        Without them: what progress is measured in.
    goals : ndarray of int32, shape (goals,)
    last : int
        Number of timesteps; the later half counts.
    """
    robots = len(team.position)
    wanted = np.empty(robots, np.int32)
    before = 0
    made = 0
    for robot in range(robots):
        wanted[robot] = robot % len(goals)
    for t in range(last):
        if t == last // 2:
            before = made
        set_priorities(team, turns.active, wanted, distances, nearest)
        for robot in range(robots):
            made += steps_to[wanted[robot], team.position[robot]]
        step(successors, costs, wait_cost, distances, team)
        for robot in range(robots):
            made -= steps_to[wanted[robot], team.position[robot]]
            if team.position[robot] == goals[wanted[robot]]:
                x = team.random[0]
                x ^= x << np.uint64(13)
                x ^= x >> np.uint64(7)
                x ^= x << np.uint64(17)
                team.random[0] = x
                wanted[robot] = np.int32(x % np.uint64(len(goals)))
                team.priority[robot] = 0
                pass_turn(turns, robot)
    return made - before


class Rehearsals:
    """Trial runs of one team on one floor.

    Parameters
    ----------
    floor : Floor
    against : ndarray of bool, shape (vertices, 4)
        Moves against their lane.
    starts, goals : ndarray of int32, shape (robots,)
        Vertices; every goal can be reached.
    seed : int
    robot_steps : int
        How long a trial is: so many steps of single robots.
    """

    def __init__(
        self,
        floor: Floor,
        against: NDArray[np.bool_],
        starts: NDArray[np.int32],
        goals: NDArray[np.int32],
        *,
        seed: int = 0,
        robot_steps: int = 400_000,
    ) -> None:
        self.floor, self.starts, self.seed = floor, starts, seed
        self.against = against
        known = np.unique(goals)
        most = max(1, _ROOM_MB * 2**20 // (2 * max(1, floor.vertices)))
        if len(known) > most:
            known = np.random.default_rng(seed).choice(known, most, replace=False)
        self.goals = np.random.default_rng(seed).permutation(known).astype(np.int32)
        self.steps_to = distance_rows(floor, self.goals)
        self.timesteps = int(np.clip(robot_steps // max(1, len(starts)), 100, 600))
        self.tried: dict[Setting, float] = {}

    def dearest(self, most: int) -> int:
        """Highest cost up to ``most`` with which ways still fit into 16 bits."""
        longest = self.steps_to[self.steps_to < UNREACHABLE].max(initial=0)
        # Between any two vertices there is the way over a goal.
        return max(1, min(most, (UNREACHABLE - 1) // max(1, 2 * int(longest))))

    def choose(self) -> Setting:
        """Try settings, the more promising ones in more detail; return the best."""
        dearest = self.dearest(12)
        if dearest < 2 * ALONG_COST:
            costs = [ALONG_COST]
        else:
            costs = [ALONG_COST, 2 * ALONG_COST, dearest]
        self._try([Setting(cost, first) for cost in costs for first in (False, True)])
        best = self.best
        if self.tried[best] < 0.6:
            self._try(
                Setting(best.against_cost, best.nearest_first, share)
                for share in (0.8, 0.6, 0.4)
            )
        return self.best

    @property
    def best(self) -> Setting:
        """Setting with most strides so far; the first of equal ones."""
        return max(self.tried, key=lambda setting: self.tried[setting])

    def _try(self, settings: Iterable[Setting]) -> None:
        by_cost: dict[int, list[Setting]] = {}
        for setting in settings:
            by_cost.setdefault(setting.against_cost, []).append(setting)
        for cost, group in by_cost.items():
            costs = lane_costs(self.against, ALONG_COST, cost)
            rows = weighted_rows(self.floor, costs, self.goals)
            with ThreadPoolExecutor(2) as threads:
                strides = threads.map(self._strides, group, repeat(costs), repeat(rows))
                self.tried.update(zip(group, strides, strict=True))

    def _strides(
        self, setting: Setting, costs: NDArray[np.uint8], rows: NDArray[np.int16]
    ) -> float:
        robots = len(self.starts)
        made = rehearse(
            self.floor.successors,
            costs,
            ALONG_COST,
            rows,
            self.steps_to,
            self.goals,
            make_team(self.starts, self.floor.vertices, self.seed),
            make_turns(robots, setting.active(robots)),
            setting.nearest_first,
            self.timesteps,
        )
        return float(made) / (robots * (self.timesteps - self.timesteps // 2))
