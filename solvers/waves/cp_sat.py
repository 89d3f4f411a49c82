"""Waves: the best wave in some aisles, or the proof that none is better: CP-SAT.

Dinkelbach (1967, doi:10.1287/mnsc.13.7.492): with p units in q aisles known, a wave is
better exactly if q times its units less p times its aisles is 1 or more. The largest
such number gives a better wave, until there is none. All numbers are whole.
"""

import threading
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from solvers.cp_sat import new_cp_solver
from solvers.waves.incumbent import Incumbent, ratio
from solvers.waves.problem import Wave, WaveProblem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

TERMS_PER_S: Final = 100_000
"""Terms of a model that are built, presolved and begun to be solved in a second."""


class ExactWave:
    """A model of all waves in some aisles that have more units per aisle than known.

    Parameters
    ----------
    problem : WaveProblem
        Reduced.
    incumbent : Incumbent
        What is known, and where better waves go.
    seed : int
    """

    def __init__(self, problem: WaveProblem, incumbent: Incumbent, seed: int) -> None:
        self.problem = problem
        self.incumbent = incumbent
        self.seed = seed
        self._solver: cp_model.CpSolver | None = None
        self._lock = threading.Lock()

    def stop(self) -> None:
        """End a solve under way, from another thread."""
        with self._lock:
            if self._solver is not None:
                self._solver.stop_search()

    def solve(
        self,
        aisles: NDArray[np.int64],
        sizes: tuple[int, int],
        *,
        time_limit_s: float,
        deterministic_limit: float,
        workers: int = 1,
    ) -> bool:
        """Look for the best wave; return whether none better is left.

        Parameters
        ----------
        aisles : ndarray of int64
            Those that may be open.
        sizes : tuple of int
            The fewest and the most aisles of a wave.
        time_limit_s, deterministic_limit : float
            Wall clock, and CP-SAT's own clock, which is close to seconds.
        workers : int
            Threads of CP-SAT; with more than 1 its answer depends on the clock.
        """
        from ortools.sat.python import cp_model

        ends = time.perf_counter() + time_limit_s
        while not self.incumbent.ended:
            known = self.incumbent.ratio
            model = _Model(self.problem, aisles, sizes, known, self.incumbent.wave)
            left_s = ends - time.perf_counter()
            if left_s <= 0 or deterministic_limit <= 0:
                return False
            solver = new_cp_solver(
                self.seed,
                workers=workers,
                deterministic_limit=deterministic_limit,
                time_limit_s=left_s,
            )
            with self._lock:
                self._solver = solver
            status = solver.solve(model.model)
            deterministic_limit -= solver.response_proto.deterministic_time
            with self._lock:
                self._solver = None
            if status == cp_model.INFEASIBLE:
                return True
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return False
            wave = model.wave(solver)
            if ratio(wave) <= known:  # cannot be: the model asks for more
                return False
            self.incumbent.offer(wave)
        return False


class _Model:
    """The CP-SAT model of one round."""

    def __init__(
        self,
        problem: WaveProblem,
        aisles: NDArray[np.int64],
        sizes: tuple[int, int],
        known: Fraction,
        hint: Wave | None,
    ) -> None:
        from ortools.sat.python import cp_model

        self.problem, self.aisles = problem, aisles
        self.model = cp_model.CpModel()
        sources = _sources(problem, aisles)
        self.orders = _servable(problem, sources)
        self.opened = [self.model.new_bool_var("") for _ in aisles]
        self.taken = [self.model.new_bool_var("") for _ in self.orders]
        self._serve(sources)
        total = cp_model.LinearExpr.weighted_sum
        units = problem.order_units[self.orders].tolist()
        self.model.add_linear_constraint(
            total(self.taken, units), problem.least_units, problem.most_units
        )
        self.model.add_linear_constraint(sum(self.opened), *sizes)
        gain = total(
            self.taken + self.opened,
            [known.denominator * n for n in units]
            + [-known.numerator] * len(self.opened),
        )
        self.model.add(gain >= 1)
        self.model.maximize(gain)
        if hint is not None:
            inside = set(hint.aisles.tolist())
            for aisle, opened in zip(aisles.tolist(), self.opened, strict=True):
                self.model.add_hint(opened, aisle in inside)
            inside = set(hint.orders.tolist())
            for order, taken in zip(self.orders.tolist(), self.taken, strict=True):
                self.model.add_hint(taken, order in inside)

    def _serve(self, sources: dict[int, list[tuple[int, int]]]) -> None:
        """Serve no line, and of no item more, than open aisles hold."""
        from ortools.sat.python import cp_model

        total = cp_model.LinearExpr.weighted_sum
        problem = self.problem
        askers: dict[int, list[tuple[int, int]]] = {}
        for k, order in enumerate(self.orders.tolist()):
            for line in range(
                problem.order_start[order], problem.order_start[order + 1]
            ):
                item = int(problem.order_item[line])
                askers.setdefault(item, []).append(
                    (k, int(problem.order_quantity[line]))
                )
        for item, lines in askers.items():
            held = sources[item]
            opened = [self.opened[a] for a, _ in held]
            for k, quantity in lines:
                if all(stock >= quantity for _, stock in held):
                    self.model.add_bool_or([~self.taken[k], *opened])
                else:
                    row = [-min(stock, quantity) for _, stock in held]
                    terms = [self.taken[k], *opened]
                    self.model.add(total(terms, [quantity, *row]) <= 0)
            demand = sum(quantity for _, quantity in lines)
            if len(lines) > 1 and min(stock for _, stock in held) < demand:
                terms = [self.taken[k] for k, _ in lines] + opened
                row = [quantity for _, quantity in lines]
                row += [-min(stock, demand) for _, stock in held]
                self.model.add(total(terms, row) <= 0)

    def wave(self, solver: "cp_model.CpSolver") -> Wave:
        """Wave of a solution."""
        taken = np.array([solver.boolean_value(v) for v in self.taken], bool)
        opened = np.array([solver.boolean_value(v) for v in self.opened], bool)
        orders = self.orders[taken]
        units = int(self.problem.order_units[orders].sum())
        aisles = self.aisles[opened].astype(np.int32)
        return Wave(orders.astype(np.int32), aisles, units)


def model_terms(problem: WaveProblem, aisles: NDArray[np.int64]) -> int:
    """About how many terms a model of some aisles has."""
    allowed = np.zeros(problem.aisles, bool)
    allowed[aisles] = True
    aisle = np.repeat(np.arange(problem.aisles), np.diff(problem.aisle_start))
    sources = np.bincount(problem.aisle_item[allowed[aisle]], minlength=problem.items)
    return int((sources[problem.order_item] + 1).sum())


def _sources(
    problem: WaveProblem, aisles: NDArray[np.int64]
) -> dict[int, list[tuple[int, int]]]:
    """Of each item, positions in ``aisles`` that hold it, and how much."""
    sources: dict[int, list[tuple[int, int]]] = {}
    for k, aisle in enumerate(aisles.tolist()):
        first, last = problem.aisle_start[aisle], problem.aisle_start[aisle + 1]
        items = problem.aisle_item[first:last].tolist()
        quantities = problem.aisle_quantity[first:last].tolist()
        for item, quantity in zip(items, quantities, strict=True):
            sources.setdefault(item, []).append((k, quantity))
    return sources


def _servable(
    problem: WaveProblem, sources: dict[int, list[tuple[int, int]]]
) -> NDArray[np.int64]:
    """Orders that all the aisles together can serve."""
    stock = np.zeros(problem.items, np.int64)
    for item, held in sources.items():
        stock[item] = sum(quantity for _, quantity in held)
    order = np.repeat(np.arange(problem.orders), np.diff(problem.order_start))
    short = order[problem.order_quantity > stock[problem.order_item]]
    return np.flatnonzero(np.bincount(short, minlength=problem.orders) == 0)
