"""Choose a wave: greedy, annealing, a Lagrangian bound and CP-SAT, on both cores."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from solvers.waves.annealing import WaveSearch
from solvers.waves.bound import AisleBound
from solvers.waves.cp_sat import TERMS_PER_S, ExactWave, model_terms
from solvers.waves.incumbent import Incumbent
from solvers.waves.problem import Wave, WaveParams, WaveProblem
from solvers.waves.reduce import Reduced, reduce_problem
from warehouse.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_LIMIT: Final = Stop()
_DEFAULTS: Final = WaveParams()
MOST_TERMS: Final = 150_000
"""Largest model that CP-SAT is given beside annealing."""
FIRST_CYCLES: Final = 5
_POLL_S: Final = 0.02
_WORST_S: Final = 0.05
"""Time kept back for the last few moves and for writing the wave out."""


def solve(
    problem: WaveProblem,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    params: WaveParams = _DEFAULTS,
    initial: Wave | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[Wave]:
    """Choose orders and aisles with the most units per aisle.

    Parameters
    ----------
    problem : WaveProblem
    stop : Stop
        An iteration is an annealing cycle. With an iteration limit, or without any
        limit, all runs in one thread, one thing after another, and without a time
        limit the result is the same every time. With a time limit alone two threads
        search at once, and what they find depends on the clock.
    seed : int
    params : WaveParams
    initial : Wave, optional
        A wave of the problem to begin with.
    on_progress : callable, optional
        Told the share of the time limit, or 0, and the best wave so far.

    Returns
    -------
    Result of Wave
        ``objective`` is units per aisle, which is maximised; ``upper_bound`` holds for
        every wave. Infeasible where the least number of units cannot be reached.

    Raises
    ------
    SolverError
        E303 if ``initial`` names an order or aisle that is none, E302 if it breaks
        the stock or the bounds.

    Notes
    -----
    A first call compiles for some seconds; `load_kernels` does that beforehand.

    Examples
    --------
    Order 1 would need a second aisle for 2 units more: 3 in one are better.

    >>> problem = WaveProblem(
    ...     2, [0, 1, 2], [0, 1], [3, 2], [0, 1, 2], [0, 1], [9, 9], 1, 9)
    >>> result = solve(problem)
    >>> result.solution.orders.tolist(), result.solution.aisles.tolist()
    ([0], [0])
    >>> result.status.value, result.objective, result.upper_bound
    ('optimal', 3.0, 3.0)
    """
    began = time.perf_counter()
    if initial is not None:
        _refuse_wrong(problem, initial)
    reduced = reduce_problem(problem)
    crew = _Crew(reduced, stop, seed, params)
    if initial is None and problem.least_units == 0:
        initial = Wave(np.zeros(0, np.int32), np.zeros(0, np.int32), 0)
    if initial is not None and not len(initial.aisles):
        crew.incumbent.offer(initial)
    elif initial is not None:
        crew.incumbent.offer(_inside(reduced, initial))
    termination = crew.work(began, on_progress)
    return _result(crew, termination, began)


def load_kernels() -> None:
    """Compile or load kernels and CP-SAT before a clock runs: solve a tiny problem."""
    rows = np.array([0, 2, 3]), np.array([0, 1, 2], np.int32), np.array([1, 1, 2])
    stock = np.array([0, 2, 3]), np.array([0, 1, 2], np.int32), np.array([1, 1, 2])
    two_lines = WaveProblem(3, *rows, *stock, 1, 9)
    for method in ("annealing", "cp-sat"):
        solve(two_lines, Stop(iterations=1), params=WaveParams(method=method))


class _Crew:
    """All that search one problem, and how they take turns."""

    def __init__(
        self, reduced: Reduced, stop: Stop, seed: int, params: WaveParams
    ) -> None:
        self.reduced, self.problem = reduced, reduced.problem
        self.stop, self.seed, self.params = stop, seed, params
        self.incumbent = Incumbent()
        self.exact = ExactWave(self.problem, self.incumbent, seed)
        self.searches: list[WaveSearch] = []
        self.bound_steps = 0
        in_turn = stop.iterations is not None or stop.time_limit_s is None
        self.in_turn = in_turn or params.threads == 1
        self.cycles = stop.iterations
        if self.cycles is None and stop.time_limit_s is None:
            self.cycles = params.cycles
        self.deadline = float("inf")
        # At best, all orders that fit are in one aisle.
        whole = min(int(self.problem.order_units.sum()), self.problem.most_units)
        self.infeasible = whole < self.problem.least_units
        if self.infeasible:
            self.incumbent.prove()
        else:
            self.incumbent.lower(float(whole))

    def work(self, began: float, on_progress: ProgressCallback | None) -> Termination:
        """Let all work until the end; say why it ended."""
        limit = self.stop.time_limit_s
        if limit is not None:
            self.deadline = began + max(0.0, limit - min(_WORST_S, limit / 4))
        jobs: list[Callable[[], None]] = [self._everything]
        if not self.in_turn and self.params.method in ("auto", "annealing"):
            jobs = [self._search, self._bound_and_more]
        why = Termination.CONVERGED
        if self.cycles is not None and self.params.method in ("auto", "annealing"):
            why = Termination.ITERATION_LIMIT
        with ThreadPoolExecutor(len(jobs)) as pool:
            doing: list[Future[None]] = [pool.submit(job) for job in jobs]
            try:
                stopped = self._watch(doing, began, on_progress)
            finally:  # or the pool would wait for its threads for ever
                self.incumbent.end()
                while not all(job.done() for job in doing):
                    self.exact.stop()
                    time.sleep(_POLL_S / 4)
            for job in doing:
                job.result()
        return Termination.PROVED if self.incumbent.proved else stopped or why

    def _watch(
        self,
        doing: "list[Future[None]]",
        began: float,
        on_progress: ProgressCallback | None,
    ) -> Termination | None:
        """Wait for the end of all work; say what ended it from outside, if so."""
        while not self.incumbent.ended:
            finished = all(job.done() for job in doing)
            now = time.perf_counter()
            if self.stop.interrupted():
                return Termination.INTERRUPTED
            if now >= self.deadline:
                return Termination.TIME_LIMIT
            if finished:
                return None
            if on_progress is not None:
                share = 0.0
                if self.stop.time_limit_s:
                    share = min(1.0, (now - began) / self.stop.time_limit_s)
                words = f"{float(self.incumbent.ratio):.4g} units per aisle"
                on_progress(share, words)
            self.incumbent.wait(_POLL_S)
        return None

    def _new_search(self) -> WaveSearch:
        seed = self.seed * 2 + len(self.searches)
        search = WaveSearch(self.problem, self.incumbent, seed, self.deadline)
        self.searches.append(search)
        return search

    def _search(self) -> None:
        """Greedy, then annealing until the end."""
        search = self._new_search()
        search.close_down()
        search.run(self.cycles)

    def _everything(self) -> None:
        """One thing after another, in one thread."""
        method, cycles = self.params.method, self.cycles
        search = self._new_search()
        search.close_down()
        if method in ("auto", "annealing"):
            search.run(FIRST_CYCLES if cycles is None else min(FIRST_CYCLES, cycles))
            self._bound()
            self._prove_in_some_aisles()
            search.run(cycles)
        elif method == "cp-sat":
            everything = np.arange(self.problem.aisles)
            workers = 1 if self.in_turn else self.params.threads
            self._prove(everything, (0, self.problem.aisles), 1.0, workers)
        else:
            self._bound()

    def _bound_and_more(self) -> None:
        """Bound, exact search where it is small enough, and annealing then."""
        self._bound()
        self._prove_in_some_aisles()
        if not self.incumbent.ended:
            self._new_search().run(None)

    def _bound(self) -> None:
        """Lower the limit while it moves; a fifth of the time at most."""
        self.bound = AisleBound(self.problem)
        left_s = self.deadline - time.perf_counter()
        ends = time.perf_counter() + left_s / 5
        for _ in range(self.params.bound_steps):
            if self.incumbent.ended or time.perf_counter() >= ends:
                return
            self.bound.step(self.incumbent.ratio)
            self.bound_steps += 1
            limit = self.bound.limit()
            if limit == -np.inf:
                self.infeasible = True
                self.incumbent.prove()
            self.incumbent.lower(limit)

    def _prove_in_some_aisles(self) -> None:
        """Exact search in the aisles that the bound leaves, if they are few enough."""
        if self.params.method != "auto" or self.incumbent.ended:
            return
        known = self.incumbent.ratio
        sizes = self.bound.sizes(known)
        aisles = self.bound.useful_aisles(known)
        if not len(aisles):
            self.incumbent.prove()
        elif model_terms(self.problem, aisles) <= MOST_TERMS:
            self._prove(aisles, (int(sizes[0]), int(sizes[-1])), 0.3)

    def _prove(
        self,
        aisles: NDArray[np.int64],
        sizes: tuple[int, int],
        share: float,
        workers: int = 1,
    ) -> None:
        left_s = (self.deadline - time.perf_counter()) * share
        building_s = model_terms(self.problem, aisles) / TERMS_PER_S
        if left_s < 2 * building_s:
            return
        proved = self.exact.solve(
            aisles,
            sizes,
            time_limit_s=left_s,
            deterministic_limit=self.params.deterministic_limit,
            workers=workers,
        )
        if proved:
            self.infeasible = self.incumbent.wave is None
            self.incumbent.prove()


def _result(crew: _Crew, termination: Termination, began: float) -> Result[Wave]:
    wave, proved = crew.incumbent.wave, crew.incumbent.proved
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    if wave is None:
        status = Status.INFEASIBLE if crew.infeasible else Status.UNKNOWN
    else:
        wave = crew.reduced.given_wave(wave)
    searches = crew.searches
    return Result(
        solution=wave,
        status=status,
        termination=termination,
        objective=float("-inf") if wave is None else wave.units_per_aisle,
        lower_bound=float("-inf"),
        upper_bound=float("-inf") if crew.infeasible else crew.incumbent.upper_bound,
        maximised=True,
        runtime_s=time.perf_counter() - began,
        seed=crew.seed,
        solver=f"waves: {crew.params.method}",
        statistics={
            "cycles": sum(search.cycles for search in searches),
            "moves": sum(search.moves for search in searches),
            "bound_steps": crew.bound_steps,
        },
    )


def _refuse_wrong(problem: WaveProblem, wave: Wave) -> None:
    """Hold an initial wave against the problem."""
    indices("initial orders", wave.orders, wave.orders.shape, problem.orders)
    indices("initial aisles", wave.aisles, wave.aisles.shape, problem.aisles)
    left: dict[int, int] = {}
    for kind, chosen, sign in (("aisle", wave.aisles, 1), ("order", wave.orders, -1)):
        start = getattr(problem, f"{kind}_start")
        item = getattr(problem, f"{kind}_item")
        quantity = getattr(problem, f"{kind}_quantity")
        if len(np.unique(chosen)) < len(chosen):
            found = f"got an {kind} twice in the initial wave"
            raise SolverError("E302", found, "need each once")
        for row in chosen.tolist():
            for line in range(start[row], start[row + 1]):
                name = int(item[line])
                left[name] = left.get(name, 0) + sign * int(quantity[line])
    units = int(problem.order_units[wave.orders].sum())
    in_bounds = problem.least_units <= units <= problem.most_units
    if units != wave.units or not in_bounds or min(left.values(), default=0) < 0:
        raise SolverError(
            "E302",
            f"got an initial wave of {units} units, {wave.units} said",
            f"need {problem.least_units} to {problem.most_units} units, all in stock",
        )


def _inside(reduced: Reduced, wave: Wave) -> Wave:
    """Return a wave of the given problem in numbers of the smaller one."""
    orders = np.flatnonzero(np.isin(reduced.order_of, wave.orders))
    aisles = np.flatnonzero(np.isin(reduced.aisle_of, wave.aisles))
    return Wave(orders.astype(np.int32), aisles.astype(np.int32), wave.units)
