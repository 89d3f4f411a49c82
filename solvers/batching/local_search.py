"""Annealed exchange on true tour costs, then set partitioning, in turns.

Two threads anneal from different seeds and note the batches they meet; set partitioning
chooses the best batching among all of them; from there one thread goes on, while the
other goes its own way. Kernels release the lock of the interpreter, so both cores work.
"""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching.annealer import Annealer, Heat, new_annealer
from solvers.batching.columns_met import ColumnsMet
from solvers.batching.pricing import price, valid_bound
from solvers.batching.problem import Batch, BatchingProblem
from solvers.batching.rounding import round_batches
from solvers.batching.savings import find_partners, savings
from solvers.batching.set_costs import set_costs
from solvers.batching.set_partitioning import (
    TOLERANCE,
    Relaxation,
    choose,
    relax,
)
from solvers.batching.tours import batches_of, batches_time_s
from solvers.batching.visits import least_costs
from solvers.bounds.batches import least_batches, load_bound
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from solvers.routing.parallel_aisles import AisleProblem

THREADS: Final = 2
NO_LIMIT: Final = 2**31 - 1
SHORTEST_ROUND_S: Final = 0.3
LONGEST_ROUND_S: Final = 4.0
PRICES_PER_S: Final = 500_000
"""Sets of orders that pricing looks at in a second, or more."""
MOST_RELAXED: Final = 3_000
"""Batches in the first relaxation of a round."""
MOST_KEPT: Final = 12_000
"""Batches that are kept from one relaxation to the next."""
FEWEST_CHOSEN_FROM: Final = 500
MOST_CHOSEN_FROM: Final = 16_000
"""Batches that set partitioning chooses from, those of least reduced cost."""


@dataclass(frozen=True, slots=True)
class LocalSearchParams:
    """Parameters of `solve`.

    Parameters
    ----------
    neighbours : int
        Orders that each order may join: those that save most by riding along.
    rounds : int
        Turns of annealing and set partitioning where no time limit ends them.
    moves_per_order : int
        Moves of each thread in a round, where no limit is given.
    warm, cool, keep_below : float
        First and last temperature, and the one below which batches are noted, as
        shares of the mean cost per order.
    nodes : int
        Nodes of branch and bound in each set partitioning, without a time limit.
    relaxations, prices : int
        Most linear programs solved in a round, and sets of orders looked at for each,
        to find batches that lower it.
    """

    neighbours: int = 24
    rounds: int = 4
    moves_per_order: int = 10_000
    warm: float = 0.1
    cool: float = 0.007
    keep_below: float = 0.07
    nodes: int = 50
    relaxations: int = 20
    prices: int = 200_000


_DEFAULTS: Final = LocalSearchParams()


def solve(
    problem: BatchingProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: LocalSearchParams = _DEFAULTS,
    initial: NDArray[np.int32] | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[list[Batch]]:
    """Batch orders so that the tours of all batches together are short.

    Parameters
    ----------
    problem : BatchingProblem
    stop : Stop
        ``iterations`` counts the moves of the first thread.
    seed : int
    params : LocalSearchParams
    initial : ndarray of int32, shape (orders,), optional
        Batch number of each order to start from, instead of savings.
    on_progress : callable, optional

    Returns
    -------
    Result of list of Batch
        The objective is the length of all tours, in the unit of the floor. Infeasible,
        if an order fits into no batch.

    Examples
    --------
    An order that no batch can hold:

    >>> floor = np.zeros((1, 1), int)
    >>> solve(BatchingProblem(floor, [0, 0], [], 5, [[6]]), Stop()).status
    <Status.INFEASIBLE: 'infeasible'>
    """
    search = _Search(problem, stop, seed, params, on_progress)
    return search.run(initial)


class _Search:
    """One call of `solve`: the annealers, what they met, and the best so far."""

    def __init__(
        self,
        problem: BatchingProblem,
        stop: Stop,
        seed: int,
        params: LocalSearchParams,
        on_progress: ProgressCallback | None,
    ) -> None:
        self.began = time.perf_counter()
        self.problem, self.stop, self.seed = problem, stop, seed
        self.params, self.on_progress = params, on_progress
        self.deadline = stop.deadline()
        self.timed = self.deadline < math.inf
        self.met = ColumnsMet(problem.most_orders())
        self.least = least_batches(problem.load, problem.capacity)
        self.bound = self.cheapest = 0.0
        self.prices_exactly = isinstance(problem.floor, AisleProblem)
        self.converged = False
        self.rounded: list[list[int]] = []
        self.best, self.best_of = math.inf, np.zeros(problem.orders, np.int32)
        self.moves = self.rounds = self.chosen = 0
        self.most_chosen_from = FEWEST_CHOSEN_FROM

    def run(self, initial: NDArray[np.int32] | None) -> Result[list[Batch]]:
        problem, params = self.problem, self.params
        if len(problem.too_heavy()):
            return self._result(None, Termination.PROVED)
        if problem.orders == 0:
            return self._result([], Termination.PROVED)
        costs = [set_costs(problem) for _ in range(THREADS)]
        near = np.zeros(
            (problem.orders, min(params.neighbours, problem.orders)), np.int32
        )
        saving = np.zeros(near.shape)
        find_partners(problem, near, saving, costs[0])
        alone = least_costs(problem, costs[0])
        self.bound = load_bound(problem.load, problem.capacity, alone)
        self.cheapest = float(alone.min())
        if initial is None:
            initial = savings(problem, costs[0], near, saving)
        self.annealers = [
            new_annealer(problem, costs[k], near, initial, THREADS * self.seed + k)
            for k in range(THREADS)
        ]
        self._take(self.annealers[0])
        self._reserve(batches_time_s(problem, self.best_of))
        # Until a relaxation tells better: what an order costs alone, shared by all.
        worth = alone * (self.best / max(TOLERANCE, alone.sum()))
        self.worth = Relaxation(self.best, worth, 0.0)
        termination = Termination.PROVED
        if problem.orders > 1:
            termination = self._search()
        return self._result(batches_of(problem, self.best_of), termination)

    def _reserve(self, seconds: float) -> None:
        """Keep some time for the end."""
        if self.timed:
            self.deadline -= seconds

    def _search(self) -> Termination:
        """Turn by turn, until a limit is met or the best is proved."""
        with ThreadPoolExecutor(THREADS) as threads:
            while not self._is_over():
                self._anneal(threads)
                if not self._is_over():
                    self._choose_beside(threads)
                self.rounds += 1
                self._tell()
        if self.stop.interrupted():
            return Termination.INTERRUPTED
        if self._is_proved():
            return Termination.PROVED
        return (
            Termination.TIME_LIMIT if self._is_late() else Termination.ITERATION_LIMIT
        )

    def _is_proved(self) -> bool:
        return self.best <= self.bound + TOLERANCE

    def _is_late(self) -> bool:
        return time.perf_counter() >= self.deadline

    def _is_over(self) -> bool:
        done = not self.timed and self.rounds >= self.params.rounds
        return self.stop.interrupted() or self._is_proved() or self._is_late() or done

    def _slice(self, share: float) -> float:
        """Moment at which a part of a round is over: a share of its annealing."""
        if not self.timed:
            return math.inf
        whole = self.deadline - self.began
        round_s = min(max(whole / 6, SHORTEST_ROUND_S), LONGEST_ROUND_S)
        now = time.perf_counter()
        until = now + share * round_s
        # What would be left is too short for a round of its own.
        return self.deadline if until + 0.2 * round_s > self.deadline else until

    def _anneal(self, threads: ThreadPoolExecutor) -> None:
        """Let every thread anneal for one round, and take the best."""
        until, moves = self._slice(1.0), self._round_moves()
        runs = []
        for k, annealer in enumerate(self.annealers):
            heat = self._heat(1.0)
            if k == 0 and self.rounds:
                # Who goes on from a good batching is not to forget it.
                annealer.begin_at(self._good_start(annealer))
                heat = self._heat(0.5)
            runs.append(
                threads.submit(annealer.run, heat, moves, until, self.stop.interrupted)
            )
        self.moves += sum(run.result() for run in runs)
        for annealer in self.annealers:
            self._take(annealer)

    def _good_start(self, annealer: Annealer) -> NDArray[np.int32]:
        """Return the rounded relaxation; in every fourth round the best batching."""
        if self.rounds % 4 == 0 or not self.rounded:
            return self.best_of
        batch_of = round_batches(self.problem, self.rounded, annealer.costs)
        return batch_of if batch_of.max() < annealer.room() else self.best_of

    def _heat(self, share: float) -> Heat:
        params, mean = self.params, max(TOLERANCE, self.best / self.problem.orders)
        warm = share * params.warm * mean
        return Heat(warm, params.cool * mean, params.keep_below * mean)

    def _round_moves(self) -> int:
        if self.stop.iterations is None:
            return self.params.moves_per_order * self.problem.orders
        rounds = self.params.rounds
        more = self.rounds < self.stop.iterations % rounds
        return self.stop.iterations // rounds + more

    def _take(self, annealer: Annealer) -> None:
        """Take what an annealer met, and its best if it is the best so far."""
        batch_of = annealer.batching.best_of
        self.met.take_from(annealer.pool)
        self.met.add_batching(batch_of, annealer.costs)
        if annealer.best() < self.best - TOLERANCE:
            self.best, self.best_of = annealer.best(), batch_of.copy()

    def _choose_beside(self, threads: ThreadPoolExecutor) -> None:
        """Choose, while the thread that goes its own way anneals on."""
        chosen = threading.Event()

        def is_over() -> bool:
            return self.stop.interrupted() or (self.timed and chosen.is_set())

        other = self.annealers[1]
        until = self.deadline if self.timed else math.inf
        run = threads.submit(
            other.run, self._heat(1.0), self._round_moves(), until, is_over
        )
        try:
            self._choose()
        finally:
            chosen.set()
            self.moves += run.result()
        self._take(other)

    def _choose(self) -> None:
        """Choose the best batching among all batches met, and look for more."""
        relaxed = self._generate(self._slice(0.5))
        if relaxed is None or self._is_over():
            return
        most, complete = self.most_chosen_from, False
        gap = self.best - relaxed.value + TOLERANCE
        if self.converged:
            # With every batch that a better batching could hold, the choice is proof.
            complete = self._price(relaxed, gap, self._slice(0.25), most)
        columns = self.met.columns()
        reduced = relaxed.reduced_costs(columns)
        promising = np.argsort(reduced, kind="stable")
        promising = promising[reduced[promising] <= gap]
        complete &= len(promising) <= most
        if not len(promising):
            return
        few = columns.take(promising[:most])
        left_s = self._slice(0.5) - time.perf_counter()
        nodes = NO_LIMIT if self.timed else self.params.nodes
        orders = self.problem.orders
        chosen, bound = choose(few, orders, self.least, self.best, left_s, nodes)
        # As many as can be chosen from in the time there is.
        solved = bound >= self.best - TOLERANCE or chosen is not None
        most = 2 * most if solved else most // 2
        self.most_chosen_from = min(max(FEWEST_CHOSEN_FROM, most), MOST_CHOSEN_FROM)
        if complete:
            self.bound = max(self.bound, bound)
        if chosen is not None and len(chosen) <= self.annealers[0].room():
            self.chosen += 1
            batch_of = np.zeros(orders, np.int32)
            for number, column in enumerate(chosen):
                batch_of[few.of(column)] = number
            self.annealers[0].begin_at(batch_of)
            self._take(self.annealers[0])

    def _generate(self, until: float) -> Relaxation | None:
        """Solve the relaxation, and add batches to it while they would lower it."""
        columns = self.met.columns()
        self.met.keep(MOST_RELAXED, self.worth.reduced_costs(columns))
        # Without the best batching nothing would cover every order.
        self.met.add_batching(self.best_of, self.annealers[0].costs)
        self.converged, last = False, None
        for _ in range(self.params.relaxations):
            columns = self.met.columns()
            left_s = until - time.perf_counter()
            relaxed = relax(columns, self.problem.orders, self.least, left_s)
            if relaxed is None:
                break
            self.worth = last = relaxed
            self.rounded = [columns.of(column) for column in relaxed.used]
            self.met.keep(MOST_KEPT, relaxed.reduced_costs(columns))
            if self.prices_exactly:
                met = self.met.count()
                complete = self._price(relaxed, 0.0, until, 20)
                self.converged = complete and self.met.count() == met
            late = time.perf_counter() >= until
            if self.converged or late or not self.prices_exactly or self._is_over():
                break
        return last

    def _price(
        self, relaxed: Relaxation, below: float, until: float, per_order: int
    ) -> bool:
        """Add all batches of small reduced cost, and note what that says of the rest.

        Return whether none is missing.
        """
        annealer, nodes = self.annealers[0], self.params.prices
        if self.timed:
            left_s = until - time.perf_counter()
            nodes = max(1, min(nodes, int(left_s * PRICES_PER_S)))
        least, complete = price(
            relaxed,
            annealer.loads,
            annealer.costs,
            annealer.pool,
            below - TOLERANCE,
            nodes,
            per_order,
        )
        self.met.take_from(annealer.pool)
        bound = valid_bound(relaxed, least, self.least, self.cheapest)
        self.bound = max(self.bound, min(bound, self.best))
        return complete

    def _tell(self) -> None:
        if self.on_progress is None:
            return
        share = self.rounds / self.params.rounds
        if self.timed:
            now = time.perf_counter()
            share = (now - self.began) / max(1e-9, self.deadline - self.began)
        self.on_progress(min(1.0, share), f"length {self.best:g}, bound {self.bound:g}")

    def _result(
        self, batches: list[Batch] | None, termination: Termination
    ) -> Result[list[Batch]]:
        objective = math.inf if batches is None else sum(b.cost for b in batches)
        status = Status.FEASIBLE
        if batches is None:
            status, self.bound = Status.INFEASIBLE, math.inf
        elif objective <= self.bound + TOLERANCE:
            status, termination = Status.OPTIMAL, Termination.PROVED
        return Result(
            batches,
            status,
            termination,
            objective=float(objective),
            lower_bound=min(self.bound, float(objective)),
            runtime_s=time.perf_counter() - self.began,
            seed=self.seed,
            solver="local search + set partitioning",
            statistics={
                "batches": 0 if batches is None else len(batches),
                "moves": self.moves,
                "rounds": self.rounds,
                "chosen": self.chosen,
            },
        )
