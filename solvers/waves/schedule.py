"""Waves: which annealing cycle comes next, by what the cycles so far found."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from solvers.waves.problem import Wave

LEVELS: Final = 5
HEATS: Final = ((0.1, 0.005), (0.03, 0.003), (0.3, 0.01), (0.3, 0.03), (1.0, 0.1))
"""First and last temperature of a cycle, as shares of the units of an aisle."""
FIRST_MOVES: Final = 40_000
MOST_MOVES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Cycle:
    """One annealing run.

    Parameters
    ----------
    level, heat : int
        Of `LEVELS` and `HEATS`.
    least : int
        Units of a wave, at least.
    hot, cold : float
    moves : int
    from_best : bool
        From the best wave, else from no aisle.
    """

    level: int
    heat: int
    least: int
    hot: float
    cold: float
    moves: int
    from_best: bool


class Schedule:
    """Tries every level once, then every heat, then what did best, for longer.

    Parameters
    ----------
    low, high : int
        Units of a wave: fewest and most.
    rng : numpy Generator
    """

    def __init__(self, low: int, high: int, rng: np.random.Generator) -> None:
        self._rng = rng
        self._floors = [low + (high - low) * k // (LEVELS - 1) for k in range(LEVELS)]
        self._level_best = np.zeros(LEVELS)
        self._level_units = np.array(self._floors)
        self._heat_best = np.zeros(len(HEATS))
        self._untried = list(range(LEVELS))
        self._heats = list(range(len(HEATS)))
        self._moves = FIRST_MOVES

    def next(self, best: Wave | None) -> Cycle:
        """Choose a cycle.

        Parameters
        ----------
        best : Wave, optional
            The best wave so far.
        """
        rng = self._rng
        if self._untried:
            near = best.units if best is not None else self._floors[0]
            level = min(self._untried, key=lambda k: abs(self._floors[k] - near))
            self._untried.remove(level)
            return self._cycle(level, 0, self._floors[level], from_best=False)
        self._moves = min(MOST_MOVES, self._moves * 6 // 5)
        level = int(self._level_best.argmax())
        if self._heats and rng.random() < 0.6:
            heat = self._heats.pop(0)
            return self._cycle(level, heat, self._floors[level], from_best=False)
        dice = rng.random()
        if dice < 0.2:  # just above the lower bound is where most good waves are
            level = 0
        elif dice < 0.45:
            level = int(rng.integers(LEVELS))
        heat = int(self._heat_best.argmax())
        if rng.random() < 0.5:
            heat = int(rng.integers(len(HEATS)))
        top = max(self._floors[level], int(self._level_units[level]))
        if level + 1 < LEVELS:
            top = min(top, self._floors[level + 1])
        least = int(rng.integers(self._floors[level], top + 1))
        from_best = best is not None and rng.random() < 0.3
        return self._cycle(level, heat, least, from_best=from_best)

    def _cycle(self, level: int, heat: int, least: int, *, from_best: bool) -> Cycle:
        hot, cold = HEATS[heat]
        if from_best:  # cool enough to stay near it
            hot = max(hot * 0.3, cold)
        return Cycle(level, heat, least, hot, cold, self._moves, from_best)

    def learn(self, cycle: Cycle, units: int, aisles: int) -> None:
        """Note the best wave that a cycle met: units and aisles, 0 and 1 for none."""
        ratio = units / aisles
        if cycle.from_best:
            return
        if ratio > self._level_best[cycle.level]:
            self._level_best[cycle.level] = ratio
            self._level_units[cycle.level] = units
        self._heat_best[cycle.heat] = max(self._heat_best[cycle.heat], ratio)
