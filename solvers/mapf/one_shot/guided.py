"""A plan by PIBT on advice: robots try first what their windows planned for them.

Windows keep robots out of each other's way before they meet, which PIBT alone cannot;
see `solvers.mapf.guidance.windowed`. Robots that the advice leads into a livelock are
brought home by LaCAM* from where they are.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.guidance.windowed import WindowedGuide, WindowParams
from solvers.mapf.one_shot.lacam import Instance, Lacam
from solvers.mapf.one_shot.pibt import away_first, make_space, step

_EXPANSION_S = 1.5e-7
"""Time that the search within windows takes for a node, roughly."""

_LACAM_STEPS = 2_000
"""Most steps of LaCAM* to bring home who is left."""


@dataclass(frozen=True, slots=True)
class GuidedRun:
    """How to make one plan on advice.

    Parameters
    ----------
    window : int
        Timesteps that robots look ahead.
    seed : int
    expected_steps : int
        About how many timesteps the plan will take; three times as many end it.
    cost_to_beat : int
        The run is given up when the robots have spent this many steps away.
    deadline : float
        Moment on ``time.perf_counter`` by which the plan should be there; advice
        becomes scarcer so that it is, and ends then.
    end : float
        Moment by which a plan is of no use any more.
    """

    window: int
    seed: int
    expected_steps: int
    cost_to_beat: int
    deadline: float = float("inf")
    end: float = float("inf")

    def plan(
        self,
        instance: Instance,
        starts: NDArray[np.int32],
        rows: NDArray[np.int16],
        interrupted: Callable[[], bool],
    ) -> NDArray[np.int32] | None:
        """Vertices of a plan, shape (timesteps + 1, robots); None when given up.

        Windows end where little is left by ``rows``, shape (robots, vertices):
        distances, or ways along guide paths. PIBT itself goes by distances.
        """
        robots = len(starts)
        guide = WindowedGuide(
            instance.successors, robots, WindowParams(window=self.window)
        )
        space = make_space(len(instance.degree), robots, self.seed)
        alone = instance.distances[np.arange(robots), starts].astype(np.int32)
        order = np.argsort(-alone, kind="stable").astype(np.int32)
        after, paths, spent = order.copy(), [starts], 0
        while True:
            position = paths[-1]
            away = int((position != instance.goals).sum())
            if away == 0:
                return np.array(paths)
            spent += away
            if spent >= self.cost_to_beat or interrupted():
                return None
            now = time.perf_counter()
            if now > self.end:
                return None
            if len(paths) > 3 * self.expected_steps:
                break
            away_first(order, position, instance.goals, after)
            order, after = after, order
            advice = instance.preferred
            if now < self.deadline:
                budget = self._expansions(len(paths))
                advice = guide.plan(position, order, rows, expansions=budget)
                guide.advance()
            target = np.full(robots, -1, np.int32)
            step(
                instance.successors,
                instance.degree,
                instance.distances,
                instance.goals,
                position,
                order,
                advice,
                target,
                space,
            )
            paths.append(target)
        rest = finish(instance, paths[-1], self.seed, self.end)
        return None if rest is None else np.concatenate([paths, rest[1:]])

    def _expansions(self, steps_made: int) -> int | None:
        """How much advice there is time for in the next step."""
        if not np.isfinite(self.deadline):
            return None
        steps_left = max(self.expected_steps - steps_made, self.expected_steps // 5, 1)
        time_left_s = self.deadline - time.perf_counter()
        return max(1, int(time_left_s / steps_left / _EXPANSION_S))


def finish(
    instance: Instance, position: NDArray[np.int32], seed: int, end: float
) -> NDArray[np.int32] | None:
    """Bring home who is left, by LaCAM*: a plan from some vertices, or None.

    Parameters
    ----------
    instance : Instance
    position : ndarray of int32, shape (robots,)
        Vertices.
    seed : int
    end : float
        Moment on ``time.perf_counter`` at which to give up.
    """
    lacam = Lacam(instance, position, seed)
    for _ in range(_LACAM_STEPS):
        if lacam.run(steps=1):
            return lacam.best()
        if time.perf_counter() > end:
            break
    return None
