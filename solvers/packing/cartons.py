"""Pack an order: into the cheapest set of cartons that is found to hold it.

With few different parts of an order, every way to share it out is looked at, and what
that finds is often proved to be the least. Otherwise sets of cartons are tried, each
filled one carton after another; the lower bound is what covers volume and mass.
"""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import numbers, whole_numbers
from solvers.packing.bounds import volume_bound
from solvers.packing.carton_fills import Filled
from solvers.packing.carton_fits import CartonFits
from solvers.packing.carton_problem import CartonProblem, PackedCarton
from solvers.packing.carton_sets import cheapest_sets, least_cost
from solvers.packing.sharing import Chosen, Sharing
from solvers.result import ProgressCallback, Result, Status, Stop, Termination

MOST_CARTONS: Final = 4
"""In a set that is tried as a whole."""


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
    parts : int
        Up to so many different parts of an order, all ways to share it out are looked
        at.
    looks : int
        Cartons that are looked at for that.
    slack, noise : float
        See `fill_state.Rules` and `carton_kernels.fill_again`.
    """

    blocks: int = 400
    trials: int = 20
    sets: int = 30
    parts: int = 1024
    looks: int = 2000
    slack: float = 0.04
    noise: float = 1.0

    def __post_init__(self) -> None:
        whole_numbers("blocks", self.blocks, (), low=1, high=100_000)
        whole_numbers("trials", self.trials, (), low=1)
        whole_numbers("sets", self.sets, ())
        whole_numbers("parts", self.parts, (), high=100_000)
        whole_numbers("looks", self.looks, ())
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
    search.run(on_progress)
    solution = initial
    if search.chosen is not None:
        solution = tuple(PackedCarton(*one) for one in search.chosen)
    return Result(
        solution=solution,
        status=Status.OPTIMAL if search.proved else Status.FEASIBLE,
        termination=Termination.PROVED if search.proved else search.termination,
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
        self.chosen: Chosen | None = None
        self.cost, self.bound, self.tried = float("inf"), 0.0, 0
        self.termination = Termination.CONVERGED

    def keep_cost(self, initial: tuple[PackedCarton, ...]) -> None:
        """Look for nothing that costs more than what is there."""
        costs = self._problem.cartons.cost
        self.cost = float(sum(costs[packed.carton] for packed in initial))

    def run(self, on_progress: ProgressCallback | None) -> None:
        """Search; the bound is right whenever it ends."""
        counts = self._problem.boxes.copies.copy()
        if not counts.any():
            self._keep([], 0.0)
        elif np.prod(counts + 1.0) <= self._params.parts:
            shared = self._share(counts)
            if not self.proved:
                self._one_by_one(counts)
            if not shared:
                self._try_sets(counts, on_progress)
        else:
            self.bound = self._simple_bound(counts)
            self._one_by_one(counts)
            self._try_sets(counts, on_progress)

    @property
    def proved(self) -> bool:
        """Whether no cartons cost less."""
        return self.cost <= self.bound * (1 + 1e-9)

    def _keep(self, chosen: Chosen, cost: float) -> None:
        """Keep cartons that hold all, if they cost less."""
        if cost < self.cost * (1 - 1e-9):
            self.chosen, self.cost = chosen, cost

    def _simple_bound(self, counts: NDArray[np.int32]) -> float:
        """Cost of covering volume and mass, and of the dearest box alone."""
        boxes, cartons = self._problem.boxes, self._problem.cartons
        loads = [self._problem.loading(carton) for carton in range(len(cartons))]
        holds = np.array([float(volume_bound(load)) for load in loads])
        alone = [
            float(cartons.cost[self.fits.holds[kind]].min())
            for kind in np.flatnonzero(counts)
        ]
        mass_kg = float(counts @ boxes.mass_kg)
        return max(
            least_cost(cartons.cost, holds, float(counts @ boxes.volume)),
            least_cost(cartons.cost, cartons.max_mass_kg, mass_kg),
            *alone,
        )

    def _share(self, counts: NDArray[np.int32]) -> bool:
        """Share a few boxes out in the cheapest way, and bound what any way costs.

        Returns whether a way was found; there may be one where there is no time.
        """
        sharing = Sharing(self.fits, counts, self._params.trials)
        cost, chosen = sharing.cheapest(self._params.looks, self._end)
        self._keep(chosen, cost)
        self.bound = sharing.lower_bound(self._params.looks, self._end)
        return cost < float("inf")

    def _cost(self, chosen: Chosen) -> float:
        return float(sum(self._problem.cartons.cost[carton] for carton, _ in chosen))

    def _one_by_one(self, counts: NDArray[np.int32]) -> None:
        """Cartons that hold all, each chosen for its cost by the volume in it."""
        chosen: Chosen = []
        while counts.any():
            carton, filled = self._best_for_its_cost(counts)
            chosen.append((carton, self.fits.fills.load(filled.placed)))
            counts = filled.left
        self._keep(chosen, self._cost(chosen))

    def _best_for_its_cost(self, counts: NDArray[np.int32]) -> tuple[int, Filled]:
        """The cheapest carton that holds all, or else the one with the most for it."""
        cost = self._problem.cartons.cost
        best_price, best = np.inf, None
        for carton in np.argsort(cost, kind="stable").tolist():
            if not self.fits.holds[counts > 0, carton].any():
                continue
            filled = self.fits.fills.fill(counts, carton, 1)
            if not filled.left.any():
                return carton, filled
            inside = float((counts - filled.left) @ self.fits.volume)
            price = cost[carton] / inside if inside else np.inf
            if price < best_price:
                best_price, best = price, (carton, filled)
        assert best is not None  # every box fits into some carton alone
        return best

    def _try_sets(
        self, counts: NDArray[np.int32], on_progress: ProgressCallback | None
    ) -> None:
        """Try sets that cost less than the best: halve their list, then step down."""
        boxes, cartons = self._problem.boxes, self._problem.cartons
        volume, mass_kg = counts @ self.fits.volume, counts @ boxes.mass_kg
        most = min(MOST_CARTONS, max(2, len(self.chosen or ()) + 1))
        sets = [
            (cost, chosen)
            for cost, chosen in cheapest_sets(cartons.cost, most, self.cost)
            if cost >= self.bound * (1 - 1e-9)
            and self.fits.carton_volume[list(chosen)].sum() >= volume
            and cartons.max_mass_kg[list(chosen)].sum() >= mass_kg * (1 - 1e-12)
        ]
        low, high = 0, len(sets)
        tried: set[int] = set()
        while not self._end():
            row = (low + high) // 2
            if low >= high:  # what failed may have been bad luck: from the top down
                row = high - 1
                while row in tried:
                    row -= 1
                if row < 0:
                    break
            self.tried += 1
            tried.add(row)
            filled = self._fill_in_turn(counts, sets[row][1])
            if filled is not None:  # a carton of the set may have stayed empty
                self._keep(filled, self._cost(filled))
                high = sum(cost < self.cost * (1 - 1e-9) for cost, _ in sets)
            else:
                low = row + 1
            if on_progress is not None:
                on_progress(self.tried / self._params.sets, f"{self.tried} sets tried")

    def _end(self) -> bool:
        """Whether to stop; note why."""
        limit = self._stop.iterations
        if self.tried >= (self._params.sets if limit is None else limit):
            self.termination = Termination.ITERATION_LIMIT
        elif time.perf_counter() >= self._deadline:
            self.termination = Termination.TIME_LIMIT
        elif self._stop.interrupted():
            self.termination = Termination.INTERRUPTED
        else:
            return False
        return True

    def _fill_in_turn(
        self, counts: NDArray[np.int32], cartons: tuple[int, ...]
    ) -> Chosen | None:
        """Fill the cartons of a set one after another; None if boxes are left over."""
        volume, fills, chosen = self.fits.carton_volume, self.fits.fills, []
        for carton in sorted(cartons, key=lambda carton: -volume[carton]):
            filled = fills.fill(counts, carton, self._params.trials)
            if len(filled.placed):
                chosen.append((carton, fills.load(filled.placed)))
            counts = filled.left
        return None if counts.any() else chosen
