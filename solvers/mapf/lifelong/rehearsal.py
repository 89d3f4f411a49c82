"""Rehearsals: short trial runs that choose how a team is guided on its floor.

How dear moves against the lanes should be, who goes first, and how many robots should
be on their way at once depends on the floor and on the number of robots. Before the
clock runs, a few settings are tried for some steps on the robots' own starts and
goals, and the one that brings them nearer to their goals in most strides is taken.
PIBT rehearses alone, which is quick; a small crowded team rehearses with all it has,
for there windows change what is best.
"""

from collections.abc import Callable, Iterable
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
from solvers.mapf.lifelong.pockets import in_the_way, leaves, note_wanted
from solvers.mapf.lifelong.turns import make_turns, pass_turn
from warehouse.distances import UNREACHABLE

ALONG_COST = 2
"""Cost of a move along its lane, and of a wait."""

_ROOM_MB = 256

_CROWDED = 0.1
"""Robots per vertex from which on a small team rehearses with all it has."""

_FLOWING = 0.6
"""Strides per robot and step from which on a floor is not too full."""

LEAST_STEPS = 100
"""Timesteps of a rehearsal, at least."""

Begin = Callable[["Setting"], Callable[[NDArray[np.int32]], NDArray[np.int32]]]
"""Makes a team guided by a setting; that is told goals and says where robots are."""


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


_DEPTH_BIT = np.int64(40)
"""Bits of a priority from here on are steps into a dead end."""


@kernel
def set_priorities(team, active, wanted, goals, distances, nearest_first):  # type: ignore[no-untyped-def]
    """Count a timestep of waiting and set priorities.

    Nobody can pass in a dead end, so whoever has to come out of one goes before all
    others, and the deepest first. Robots without a goal or held back come last, unless
    they are in the way there.

    Parameters
    ----------
    active : ndarray of bool, shape (robots,)
    wanted, goals : ndarray of int32, shape (robots,)
        Row of the distances and vertex of each robot's goal, or -1.
    """
    note_wanted(team.ends, active, goals)
    for robot in range(len(wanted)):
        vertex = team.position[robot]
        if not active[robot] or wanted[robot] == NO_GOAL:
            team.row[robot] = NO_GOAL
            team.waited[robot] = 0
            inside = in_the_way(team.ends, vertex)
            team.priority[robot] = (inside if inside > 0 else -1) << _DEPTH_BIT
            continue
        team.row[robot] = wanted[robot]
        team.waited[robot] += 1
        if nearest_first:
            left = np.int64(distances[wanted[robot], vertex])
            team.priority[robot] = (1 << 20) - left
        else:
            team.priority[robot] = team.waited[robot]
        if leaves(team.ends, vertex, goals[robot]):
            team.priority[robot] += np.int64(team.ends.depth[vertex]) << _DEPTH_BIT


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
        set_priorities(team, turns.active, wanted, goals[wanted], distances, nearest)
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
                team.waited[robot] = 0
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
        How long a trial of PIBT is: so many steps of single robots.
    begin : callable, optional
        Makes a team to rehearse with, where it is small and crowded.
    team_robot_steps : int
        How long a trial of such a team is; what cannot make 100 steps is not small.
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
        begin: Begin | None = None,
        team_robot_steps: int = 12_000,
    ) -> None:
        self.floor, self.starts, self.seed = floor, starts, seed
        self.against = against
        known = np.unique(goals)
        most = max(1, _ROOM_MB * 2**20 // (2 * max(1, floor.vertices)))
        if len(known) > most:
            known = np.random.default_rng(seed).choice(known, most, replace=False)
        self.goals = np.random.default_rng(seed).permutation(known).astype(np.int32)
        self.steps_to = distance_rows(floor, self.goals)
        robots = max(1, len(starts))
        self.begin = begin
        if (
            robots * LEAST_STEPS > team_robot_steps
            or robots < _CROWDED * floor.vertices
            # On a floor of several parts goals cannot be drawn for just anybody.
            or (self.steps_to[:, starts] == UNREACHABLE).any()
        ):
            self.begin = None
        steps = robot_steps if self.begin is None else team_robot_steps
        self.timesteps = int(np.clip(steps // robots, LEAST_STEPS, 600))
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
        self.attempt(
            [Setting(cost, first) for cost in costs for first in (False, True)]
        )
        best = self.best
        if self.stuck:
            self.attempt(
                Setting(best.against_cost, best.nearest_first, share)
                for share in (0.8, 0.6, 0.4)
            )
        return self.best

    @property
    def stuck(self) -> bool:
        """Whether even with the best setting robots lose a good part of their steps."""
        return self.tried[self.best] < _FLOWING

    @property
    def best(self) -> Setting:
        """Setting with most strides so far; the first of equal ones."""
        return max(self.tried, key=lambda setting: self.tried[setting])

    def attempt(self, settings: Iterable[Setting]) -> None:
        """Rehearse some settings."""
        if self.begin is not None:
            for setting in settings:
                self.tried[setting] = self._strides_with(self.begin(setting))
            return
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

    def _strides_with(
        self, move: Callable[[NDArray[np.int32]], NDArray[np.int32]]
    ) -> float:
        """Strides per robot and step of a team, in the later half of a trial."""
        robots = np.arange(len(self.starts))
        random = np.random.default_rng(self.seed)
        wanted, position, made = robots % len(self.goals), self.starts, 0
        for t in range(self.timesteps):
            before = self.steps_to[wanted, position].sum(dtype=np.int64)
            position = move(self.goals[wanted])
            if t >= self.timesteps // 2:
                after = self.steps_to[wanted, position].sum(dtype=np.int64)
                made += int(before - after)
            there = np.flatnonzero(position == self.goals[wanted])
            wanted[there] = random.integers(0, len(self.goals), len(there))
        return made / (len(robots) * (self.timesteps - self.timesteps // 2))
