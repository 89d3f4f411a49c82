"""Pack an order: into the cheapest set of cartons that is found to hold it.

Sets of cartons are tried in the order of their cost. With few boxes every way to share
them out among the cartons of a set is looked at; with many, one carton after another is
filled. The lower bound is the cost of the cheapest set that is not proved to be too
small.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import numbers, whole_numbers
from solvers.packing.carton_fits import CartonFits, Filled, Fit
from solvers.packing.carton_problem import CartonProblem, PackedCarton
from solvers.packing.carton_sets import cheapest_sets, least_cost
from solvers.packing.sharing import Sharing
from solvers.result import ProgressCallback, Result, Status, Stop, Termination

_Chosen = list[tuple[int, NDArray[np.int32]]]
"""Cartons, each with its blocks and their corners."""


@dataclass(frozen=True, slots=True)
class CartonParams:
    """Parameters of `solve`.

    Parameters
    ----------
    blocks : int
        Most blocks to choose from.
    trials : int
        Fills of one carton with one content.
    sets : int
        Sets of cartons that are tried for an order of many boxes.
    shared : int
        Up to so many boxes, every way to share them out is looked at.
    slack, noise : float
        See `fill_state.Rules` and `carton_kernels.fill_again`.
    """

    blocks: int = 400
    trials: int = 30
    sets: int = 20
    shared: int = 6
    parts: int = 1024
    looks: int = 2000
    slack: float = 0.04
    noise: float = 0.5

    def __post_init__(self) -> None:
        whole_numbers("blocks", self.blocks, (), low=1, high=100_000)
        whole_numbers("trials", self.trials, (), low=1)
        whole_numbers("sets", self.sets, ())
        whole_numbers("shared", self.shared, (), high=12)
        numbers("slack", self.slack, ())
        numbers("noise", self.noise, ())


def solve(
    problem: CartonProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: CartonParams = CartonParams(),
    initial: tuple[PackedCarton, ...] | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[tuple[PackedCarton, ...]]:
    """Pack all boxes into cartons of the least cost together.

    Parameters
    ----------
    problem : CartonProblem
    stop : Stop
        ``iterations`` counts sets of cartons that are tried. However early it says
        stop, every box is packed.
    seed : int
    params : CartonParams
    initial : tuple of PackedCarton, optional
        Kept unless something cheaper is found. It must keep the rules of the problem.
    on_progress : callable, optional

    Returns
    -------
    Result of tuple of PackedCarton
        The objective is the cost. Infeasible where a box fits into no carton.

    Examples
    --------
    An order without boxes needs no carton.

    >>> from solvers.packing.carton_problem import Cartons
    >>> from solvers.packing.problem import Boxes
    >>> cartons = Cartons([[5, 5, 5]], [10.0], [1.0])
    >>> solve(CartonProblem(Boxes.plain([[1, 1, 1]], [0]), cartons), Stop()).solution
    ()
    """
    began = time.perf_counter()
    search = _Search(problem, stop, seed, params)
    asked = problem.boxes.copies > 0
    if not search.fits.holds[asked].any(axis=1).all():
        return Result(
            None, Status.INFEASIBLE, Termination.PROVED, float("inf"), float("inf"),
            time.perf_counter() - began, seed, "cartons",
        )  # fmt: skip
    if initial is not None:
        search.keep_cost(initial)
    if asked.any():
        search.run(on_progress)
    solution = initial
    if search.chosen is not None:
        solution = tuple(
            PackedCarton(carton, search.fits.load(placed))
            for carton, placed in search.chosen
        )
    proved = search.cost <= search.bound * (1 + 1e-9)
    return Result(
        solution=solution,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        termination=Termination.PROVED if proved else search.termination,
        objective=search.cost,
        lower_bound=min(search.bound, search.cost),
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="cartons",
        statistics={"sets": search.tried},
    )


class _Search:
    """A search under way.

    Attributes
    ----------
    chosen : list or None
        The best cartons so far; None for those given at first.
    cost : float
        What the best cost.
    bound : float
        What any must cost.
    tried : int
        Sets of cartons.
    """

    def __init__(
        self, problem: CartonProblem, stop: Stop, seed: int, params: CartonParams
    ) -> None:
        self._deadline = stop.deadline()
        self._problem, self._stop, self._params = problem, stop, params
        self.fits = CartonFits(problem, seed, params.blocks, params.slack, params.noise)
        self.chosen: _Chosen | None = []
        self.cost, self.bound, self.tried = 0.0, 0.0, 0
        self.termination = Termination.CONVERGED

    def keep_cost(self, initial: tuple[PackedCarton, ...]) -> None:
        """Look for nothing that costs more than what is there."""
        self.chosen = None
        costs = self._problem.cartons.cost
        self.cost = float(sum(costs[packed.carton] for packed in initial))

    def run(self, on_progress: ProgressCallback | None) -> None:
        """Search; the bound is right whenever it ends."""
        problem = self._problem
        boxes, cartons = problem.boxes, problem.cartons
        counts = boxes.copies.copy()
        volume, mass_kg = cartons.volume.astype(float), cartons.max_mass_kg
        alone = [
            float(cartons.cost[self.fits.holds[kind]].min())
            for kind in np.flatnonzero(counts)
        ]
        self.bound = max(
            least_cost(cartons.cost, volume, float(counts @ boxes.volume)),
            least_cost(cartons.cost, mass_kg, float(counts @ boxes.mass_kg)),
            *alone,
        )
        if self.chosen is not None:
            self.chosen = self._one_by_one(counts)
            self.cost = self._cost(self.chosen)
        if np.prod(counts + 1.0) <= self._params.parts:
            self._share(counts)
        else:
            self._try_sets(counts, False, on_progress)

    def _share(self, counts: NDArray[np.int32]) -> None:
        """Share a few boxes out in the cheapest way, and bound what any way costs."""
        sharing = Sharing(self.fits, counts, self._params.trials)
        cost, chosen = sharing.cheapest(lambda: sharing.looked > self._params.looks)
        if cost < self.cost * (1 - 1e-9):
            self.chosen, self.cost = chosen, cost
        sharing.looked=0
        bound = sharing.lower_bound(lambda: sharing.looked > self._params.looks)
        self.bound = max(self.bound, min(bound, self.cost))

    def _cost(self, chosen: _Chosen) -> float:
        return float(sum(self._problem.cartons.cost[carton] for carton, _ in chosen))

    def _one_by_one(self, counts: NDArray[np.int32]) -> _Chosen:
        """Cartons that hold all, each chosen for its cost by the volume in it."""
        cartons, volume = self._problem.cartons, self._problem.boxes.volume
        chosen: _Chosen = []
        by_cost = np.argsort(cartons.cost, kind="stable").tolist()
        while counts.any():
            best_price = np.inf
            best: tuple[int, Filled] | None = None
            for carton in by_cost:
                if not self.fits.holds[counts > 0, carton].any():
                    continue
                filled = self.fits.fill(counts, carton, 1)
                inside = float((counts - filled.left) @ volume)
                price = cartons.cost[carton] / inside if inside else np.inf
                if not filled.left.any():  # the cheapest that holds all the rest
                    best = (carton, filled)
                    break
                if price < best_price:
                    best_price, best = price, (carton, filled)
            assert best is not None  # every box fits into some carton alone
            chosen.append((best[0], best[1].placed))
            counts = best[1].left
        return chosen

    def _try_sets(
        self,
        counts: NDArray[np.int32],
        few: bool,
        on_progress: ProgressCallback | None,
    ) -> None:
        """Try sets that cost less than the best, and raise the bound on the way."""
        open_cost = np.inf  # of the cheapest set that may hold all
        most = len(self.chosen) if self.chosen else int(counts.sum())
        most = int(counts.sum()) if few else min(most, 4)
        least = float(self._problem.cartons.cost.min())
        for cost, cartons in self._candidates(counts, most):
            if cost >= self.cost * (1 - 1e-9):
                break
            if self._end(few):
                open_cost = min(open_cost, cost)
                break
            self.tried += 1
            fit, chosen = self._try(counts, cartons, few)
            if fit is Fit.YES:
                self.chosen, self.cost = chosen, cost
                break
            if fit is Fit.UNKNOWN:
                open_cost = min(open_cost, cost)
            if on_progress is not None:
                on_progress(0.0, f"{self.tried} sets of cartons")
        open_cost = min(open_cost, self.cost, max(self.bound, (most + 1) * least))
        self.bound = max(self.bound, open_cost)

    def _candidates(
        self, counts: NDArray[np.int32], most: int
    ) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Sets that neither volume nor mass nor the bound rules out, by cost."""
        boxes, cartons = self._problem.boxes, self._problem.cartons
        volume = float(counts @ boxes.volume)
        mass_kg = float(counts @ boxes.mass_kg)
        for cost, chosen in cheapest_sets(cartons.cost, most):
            if (
                cost >= self.bound * (1 - 1e-9)
                and cartons.volume[list(chosen)].sum() >= volume
                and cartons.max_mass_kg[list(chosen)].sum() >= mass_kg * (1 - 1e-12)
            ) or cost >= self.cost:
                yield cost, chosen

    def _end(self, few: bool) -> bool:
        """Whether to stop; note why."""
        limit = self._stop.iterations
        if limit is None and not few:
            limit = self._params.sets
        if limit is not None and self.tried >= limit:
            self.termination = Termination.ITERATION_LIMIT
        elif time.perf_counter() >= self._deadline:
            self.termination = Termination.TIME_LIMIT
        elif self._stop.interrupted():
            self.termination = Termination.INTERRUPTED
        else:
            return False
        return True

    def _try(
        self, counts: NDArray[np.int32], cartons: tuple[int, ...], few: bool
    ) -> tuple[Fit, _Chosen]:
        """Whether a set of cartons holds so many boxes of each kind, and how."""
        trials = self._params.trials
        if len(cartons) == 1:
            fit, placed = self.fits.fits(counts, cartons[0], trials)
            return fit, [] if placed is None else [(cartons[0], placed)]
        if few:
            return self._share_out(counts, cartons)
        chosen: _Chosen = []
        by_volume = sorted(
            cartons, key=lambda carton: -self._problem.cartons.volume[carton]
        )
        for carton in by_volume:
            filled = self.fits.fill(counts, carton, trials)
            chosen.append((carton, filled.placed))
            counts = filled.left
        return (Fit.UNKNOWN if counts.any() else Fit.YES), chosen

    def _share_out(
        self, counts: NDArray[np.int32], cartons: tuple[int, ...]
    ) -> tuple[Fit, _Chosen]:
        """Share boxes out among cartons, every way, until one holds them all."""
        first, others = cartons[0], cartons[1:]
        outcome = Fit.NO
        for shape in np.ndindex(*(counts + 1).tolist()):
            here = np.array(shape, np.int32)
            there = counts - here
            if not there.any() or not here.any():
                continue  # a carton less would do, and that was tried
            if self.fits.plainly_not(here, first):
                continue
            rest, chosen = self._try(there, others, True)
            if rest is Fit.NO:
                continue
            fit, placed = self.fits.fits(here, first, self._params.trials)
            if fit is Fit.YES and rest is Fit.YES and placed is not None:
                return Fit.YES, [(first, placed), *chosen]
            if fit is not Fit.NO:
                outcome = Fit.UNKNOWN
        return outcome, []
