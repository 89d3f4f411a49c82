"""Waves: greedy closing, then annealing in cycles with several starts and levels.

Units per aisle has more than one summit: a wave just above the lower bound in very few
aisles, and one far above it in many, can both be better than all between them. So
cycles search above different *levels* of units, from an empty floor or from the best
wave, hot or cool, and what served best so far is tried more often and for longer.
"""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.waves.annealing_kernels import BestWave, anneal
from solvers.waves.arrays import wave_arrays
from solvers.waves.greedy_kernel import close_greedily
from solvers.waves.incumbent import Incumbent
from solvers.waves.moves import OPEN, UNITS, empty_state, load
from solvers.waves.problem import WaveProblem
from solvers.waves.recover import recover_wave
from solvers.waves.schedule import Cycle, Schedule

MOVES_AT_ONCE: Final = 256
CLOSINGS_AT_ONCE: Final = 4


class WaveSearch:
    """A searcher with a wave of its own under way; one for each thread.

    Parameters
    ----------
    problem : WaveProblem
        Reduced.
    incumbent : Incumbent
        Where waves go.
    seed : int
    deadline : float
        On ``time.perf_counter``: the last cycle is made short enough to cool by then.
    """

    def __init__(
        self,
        problem: WaveProblem,
        incumbent: Incumbent,
        seed: int,
        deadline: float = float("inf"),
    ) -> None:
        self.problem = problem
        self.incumbent = incumbent
        self.deadline = deadline
        self.cycles = self.moves = 0
        self._annealing_s = 0.0
        self._arrays = wave_arrays(problem)
        self._state = empty_state(self._arrays)
        self._best = self._no_best()
        self._rng = np.random.default_rng(seed)
        self._random = self._rng.integers(1, 2**63, 1).astype(np.uint64)
        in_stock = int(self._arrays.units.sum())
        high = max(problem.least_units, min(problem.most_units, in_stock))
        self._schedule = Schedule(problem.least_units, high, self._rng)

    def _no_best(self) -> BestWave:
        closed = np.zeros_like(self._state.is_open)
        return BestWave(closed, self._state.in_wave.copy(), np.array([0, 1]))

    def open_all(self) -> int:
        """Open every aisle, put in what fits, and return the units."""
        opened = np.ones_like(self._state.is_open)
        self._load(opened, np.zeros_like(self._state.in_wave))
        return int(self._state.counts[UNITS])

    def close_down(self) -> None:
        """From all aisles open, close greedily; offer the best wave on the way."""
        problem = self.problem
        least, most = problem.least_units, problem.most_units
        if self.open_all() < least or not self.problem.aisles:
            return
        self._best = self._no_best()
        loss = np.zeros(problem.aisles, np.int64)
        self._keep()
        while not self.incumbent.ended:
            closed = close_greedily(
                self._arrays, self._state, self._best, loss, self._random,
                least, most, CLOSINGS_AT_ONCE,
            )  # fmt: skip
            if closed < CLOSINGS_AT_ONCE:
                break
        self._offer()

    def _keep(self) -> None:
        """Note the wave under way as the best of this run."""
        units = min(int(self._state.counts[UNITS]), self.problem.most_units)
        self._best.is_open[:] = self._state.is_open
        self._best.in_wave[:] = self._state.in_wave
        self._best.ratio[:] = units, self._state.counts[OPEN]

    def run(self, cycles: int | None) -> None:
        """Anneal until the end, or until so many cycles were run in all."""
        while not self.incumbent.ended and self.cycles != cycles:
            cycle = self._schedule.next(self.incumbent.wave)
            began = time.perf_counter()
            self._anneal(cycle, self._moves_until_deadline(cycle.moves, began))
            self._annealing_s += time.perf_counter() - began
            self.cycles += 1

    def _moves_until_deadline(self, moves: int, now: float) -> int:
        """Moves of a cycle, or as many as there is time for by what moves took yet."""
        if self.deadline == float("inf") or not self.moves:
            return moves
        left = (self.deadline - now) * self.moves / self._annealing_s
        return min(moves, max(MOVES_AT_ONCE, int(left)))

    def _anneal(self, cycle: Cycle, moves: int) -> None:
        """Make the moves of one cycle, and offer the best wave it met."""
        wave = self.incumbent.wave
        opened = np.zeros_like(self._state.is_open)
        chosen = np.zeros_like(self._state.in_wave)
        if cycle.from_best and wave is not None:
            opened[wave.aisles] = 1
            chosen[wave.orders] = 1
        self._load(opened, chosen)
        self._best = self._no_best()
        for made in range(0, moves, MOVES_AT_ONCE):
            if self.incumbent.ended:
                break
            share = made / moves
            price = self._best.ratio[0] / self._best.ratio[1]
            temperature = max(price, 1.0) * cycle.hot
            temperature *= (cycle.cold / cycle.hot) ** share
            anneal(
                self._arrays, self._state, self._best, self._random,
                MOVES_AT_ONCE, cycle.least, self.problem.most_units, temperature,
            )  # fmt: skip
            self.moves += MOVES_AT_ONCE
        self._schedule.learn(cycle, *self._best.ratio.tolist())
        self._offer()

    def _load(self, opened: NDArray[np.uint8], chosen: NDArray[np.uint8]) -> None:
        load(self._arrays, self._state, opened, chosen)

    def _offer(self) -> None:
        best = self._best
        if best.ratio[0] / best.ratio[1] <= float(self.incumbent.ratio):
            return
        most = self.problem.most_units
        wave = recover_wave(self._arrays, best.is_open, best.in_wave, most)
        if wave.units >= self.problem.least_units:
            self.incumbent.offer(wave)
