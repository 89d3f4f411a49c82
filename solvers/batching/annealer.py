"""One thread of the local search: a batching, its memory, and its random numbers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching.columns_met import new_pool
from solvers.batching.exchange_kernels import Batching, Pool, anneal, build
from solvers.batching.problem import BatchingProblem, Loads
from solvers.batching.set_costs import SetCosts
from solvers.random_words import first_state

CHUNK: Final = 5_000
CHUNK_S: Final = 0.01
FULL_HEAT_MOVES: Final = 10_000
"""Moves for each order with which annealing begins at full heat."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Temperatures of one run, in the unit of costs.

    Parameters
    ----------
    warm, cool : float
        At the first and the last move.
    keep_below : float
        Accepted batches are noted below it.
    """

    warm: float
    cool: float
    keep_below: float

    def for_effort(self, moves_per_order: float) -> "Heat":
        """Begin cooler where there are few moves: they could not make up for heat."""
        share = min(1.0, (moves_per_order / FULL_HEAT_MOVES) ** 0.5)
        warm = max(share * self.warm, min(self.warm, 1.5 * self.cool))
        return Heat(warm, self.cool, self.keep_below)

    def at(self, share: float) -> float:
        """Temperature once a share of the run is done."""
        return self.warm * (self.cool / self.warm) ** share


@dataclass(frozen=True, slots=True)
class Annealer:
    """A batching that is annealed, with all that one thread needs to itself."""

    batching: Batching
    loads: Loads
    near: NDArray[np.int32]
    pool: Pool
    costs: SetCosts
    random: NDArray[np.uint64]

    def best(self) -> float:
        """Cost of the best batching met since the last `begin_at`."""
        return float(self.batching.total[1])

    def room(self) -> int:
        """Batches that there is room for."""
        return len(self.batching.size)

    def begin_at(self, batch_of: NDArray[np.int32]) -> None:
        """Go on from another batching; it counts as the best met."""
        self.batching.batch_of[:] = batch_of
        build(self.batching, self.loads, self.costs)

    def run(
        self, heat: Heat, moves: int, until: float, interrupted: Callable[[], bool]
    ) -> int:
        """Anneal once, from warm to cool; return the moves made.

        Parameters
        ----------
        heat : Heat
        moves : int
            Ends the run, unless ``until`` is finite.
        until : float
            Moment at which the run is over, or inf.
        interrupted : callable
            True ends the run early.
        """
        began = now = time.perf_counter()
        timed = until < float("inf")
        if not timed and moves == 0:
            return 0
        done, share, chunk = 0, 0.0, CHUNK // 50 if timed else CHUNK
        orders = len(self.batching.batch_of)
        full = heat
        heat = full.for_effort(0.0 if timed else moves / orders)
        while share < 1.0 and not interrupted():
            if timed:
                # The clock tells how far the run is, and how much fits before a look.
                after = min(1.0, (now - began + CHUNK_S) / (until - began))
            else:
                chunk = min(chunk, moves - done)
                after = (done + chunk) / moves
            anneal(
                self.batching, self.loads, self.near, self.pool, heat.keep_below,
                chunk, heat.at(share), heat.at(after), self.costs, self.random,
            )  # fmt: skip
            done += chunk
            before, now = now, time.perf_counter()
            share = after
            if timed:
                share = min(1.0, (now - began) / max(1e-9, until - began))
                per_order = done / max(1e-9, share) / orders
                heat = full.for_effort(per_order)
                if now - before < CHUNK_S / 2:
                    chunk *= 2
                elif now - before > 2 * CHUNK_S:
                    chunk = max(1, chunk // 2)
        return done


def new_annealer(
    problem: BatchingProblem,
    costs: SetCosts,
    near: NDArray[np.int32],
    batch_of: NDArray[np.int32],
    seed: int,
) -> Annealer:
    """Return an annealer that begins at a batching.

    Parameters
    ----------
    problem : BatchingProblem
    costs : SetCosts
        For this annealer alone.
    near : ndarray of int32, shape (orders, k)
        Orders that each order may join; -1 where fewer.
    batch_of : ndarray of int32, shape (orders,)
    seed : int
    """
    orders, most = problem.orders, problem.most_orders()
    batches = int(batch_of.max()) + 1
    batches += batches // 4 + 2  # empty ones, to be opened
    batching = Batching(
        np.array(batch_of, np.int32),
        np.zeros((batches, most), np.int32),
        np.zeros(batches, np.int32),
        np.zeros((batches, len(problem.capacity)), np.int64),
        np.zeros(batches, np.uint64),
        np.zeros(batches),
        np.zeros(orders, np.int32),
        np.zeros(2),
        np.zeros((3, most + 2), np.int32),
        np.zeros(3, np.int64),
        np.zeros(3, np.uint64),
    )
    loads = problem.loads()
    build(batching, loads, costs)
    random = first_state(seed)
    return Annealer(batching, loads, near, new_pool(most), costs, random)
