"""Locations of picks chosen together with the batches, by simulated annealing.

Where an article lies in several places, which of them serves an order best depends on
the orders that ride with it. So orders move between batches, and wherever one goes its
picks choose anew among the locations that still hold enough. The field calls this joint
order batching, item assignment and picker routing; the moves and the annealing are
those of `solvers.batching.annealing`.
"""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.allocation import with_batches_kernels as kernels
from solvers.arguments import indices, keep, square_matrix, whole_numbers
from solvers.batching import annealing
from solvers.batching.kernels import empty_batches
from solvers.batching.problem import (
    BatchingProblem,
    Loads,
    batch_numbers,
    checked_loads,
)
from solvers.random_words import first_state
from solvers.result import (
    Chunks,
    ProgressCallback,
    Result,
    Status,
    Stop,
    Termination,
)
from warehouse.errors import SolverError

CHUNK: Final = 20_000
SOLVER: Final = "allocation with batches"


@dataclass(frozen=True, slots=True)
class BatchedPicks:
    """Picks of orders to be batched, each with the locations it may be made at.

    Parameters
    ----------
    distance : ndarray of int32, shape (places + 1, places + 1)
        Steps between places; row and column 0 are the depot where every tour begins
        and ends. May be asymmetric.
    order_start : ndarray of int32, shape (orders + 1,)
        Where the picks of each order begin; every order has at least one.
    pick_quantity : ndarray of int32, shape (picks,)
        Units of each pick, all from one location.
    option_start : ndarray of int32, shape (picks + 1,)
        Where the options of each pick begin in `option`.
    option : ndarray of int32, shape (n,)
        Locations at which a pick may be made.
    location_place : ndarray of int32, shape (locations,)
        Place (1 .. places) of each location.
    location_quantity : ndarray of int64, shape (locations,)
        Units there.
    location : ndarray of int32, shape (picks,)
        A location for each pick to begin with, among its options.
    capacity : int or ndarray of int64, shape (resources,)
        What a batch may hold of each resource, such as orders and mass.
    load : ndarray of int64, shape (orders, resources), optional
        What each order takes of each resource; by default 1 of a single one, so that
        ``capacity`` counts orders.

    Raises
    ------
    SolverError
        E301 for an array of another shape or type, E302 for a number out of range or
        for more units taken than a location holds, E303 for an index that points
        nowhere or a location that is no option.

    Examples
    --------
    >>> BatchedPicks(np.zeros((2, 2), int), [0, 1], [3], [0, 1], [0], [1], [2], [0], 4)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got 3 units taken at location 0; it holds 2
    """

    distance: NDArray[np.int32]
    order_start: NDArray[np.int32]
    pick_quantity: NDArray[np.int32]
    option_start: NDArray[np.int32]
    option: NDArray[np.int32]
    location_place: NDArray[np.int32]
    location_quantity: NDArray[np.int64]
    location: NDArray[np.int32]
    capacity: NDArray[np.int64]
    load: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        distance = square_matrix("distance", self.distance)
        picks, options = len(self.pick_quantity), len(self.option)
        locations = len(self.location_place)
        place = indices(
            "location_place", self.location_place, (locations,), len(distance)
        )
        if locations and place.min() == 0:
            raise SolverError("E303", "got location_place 0", "need 1 or more")
        keep(
            self,
            distance=distance,
            order_start=_ends("order_start", self.order_start, picks),
            pick_quantity=whole_numbers(
                "pick_quantity", self.pick_quantity, (picks,), low=1
            ),
            option_start=_ends("option_start", self.option_start, options),
            option=indices("option", self.option, (options,), locations),
            location_place=place,
            location_quantity=whole_numbers(
                "location_quantity",
                self.location_quantity,
                (locations,),
                dtype=np.int64,
            ),
            location=indices("location", self.location, (picks,), locations),
        )
        limits = checked_loads(self.orders, self.capacity, self.load)
        keep(self, capacity=limits.capacity, load=limits.load)
        if len(self.option_start) != picks + 1:
            raise SolverError(
                "E301",
                f"got {len(self.option_start)} option_start",
                f"need {picks + 1}",
            )
        self._check_location()

    def _check_location(self) -> None:
        of_pick = np.repeat(np.arange(len(self.location)), np.diff(self.option_start))
        offered = np.zeros(len(self.location), bool)
        offered[of_pick[self.option == self.location[of_pick]]] = True
        if not offered.all():
            pick = int(np.flatnonzero(~offered)[0])
            found = f"got location {self.location[pick]} for pick {pick}"
            raise SolverError("E303", found, "need one of its options")
        left = self.left_at(self.location)
        if (left < 0).any():
            at = int(np.flatnonzero(left < 0)[0])
            held = int(self.location_quantity[at])
            raise SolverError(
                "E302",
                f"got {held - int(left[at])} units taken at location {at}",
                f"it holds {held}",
            )

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.order_start) - 1

    def loads(self) -> Loads:
        """Return what limits a batch."""
        load = np.ones((self.orders, 1)) if self.load is None else self.load
        return Loads(np.array(load, np.int64), np.array(self.capacity))

    def left_at(self, location: NDArray[np.int32]) -> NDArray[np.int64]:
        """Units left at each location when picks are made at some locations.

        Parameters
        ----------
        location : ndarray of int32, shape (picks,)
        """
        left: NDArray[np.int64] = self.location_quantity.copy()
        np.subtract.at(left, location, self.pick_quantity)
        return left


@dataclass(frozen=True, slots=True)
class BatchedAllocation:
    """Where each pick is made, and which orders ride together.

    Parameters
    ----------
    location : ndarray of int32, shape (picks,)
    batch_of : ndarray of int32, shape (orders,)
        Batch number of each order, 0, 1, ... without gaps.
    cost : int
        Steps of travel of all tours.
    """

    location: NDArray[np.int32]
    batch_of: NDArray[np.int32]
    cost: int


@dataclass(frozen=True, slots=True)
class BatchedAllocationParams:
    """Parameters of `solve`.

    Parameters
    ----------
    neighbours : int
        Orders near each order whose batches it may join.
    moves_per_order : int
        Moves tried per order when no iteration limit is given.
    refreshes : int
        How often on the way neighbours are found anew: locations have changed.
    warm, cool : float
        Temperatures as shares of the mean tour length per order.
    """

    neighbours: int = 48
    moves_per_order: int = 800
    refreshes: int = 4
    warm: float = 0.08
    cool: float = 0.003


_DEFAULTS: Final = BatchedAllocationParams()


def solve(
    problem: BatchedPicks,
    stop: Stop,
    *,
    seed: int = 0,
    params: BatchedAllocationParams = _DEFAULTS,
    on_progress: ProgressCallback | None = None,
) -> Result[BatchedAllocation]:
    """Choose locations and batches so that all tours together are short.

    Begins with the locations of the problem and with savings. Infeasible if an order
    takes more than a batch may hold.

    Parameters
    ----------
    problem : BatchedPicks
    stop : Stop
        ``iterations`` counts moves.
    seed : int
    params : BatchedAllocationParams
    on_progress : callable, optional

    Returns
    -------
    Result of BatchedAllocation
        Objective in steps of travel.

    Examples
    --------
    The pick begins at the far location and moves to the near one.

    >>> steps = np.array([[0, 1, 9], [1, 0, 9], [9, 9, 0]])
    >>> picks = BatchedPicks(steps, [0, 1], [2], [0, 2], [0, 1], [1, 2], [2, 2], [1], 8)
    >>> result = solve(picks, Stop())
    >>> result.solution.location, result.solution.cost
    (array([0], dtype=int32), 2)
    """
    began = time.perf_counter()
    limits = problem.loads()
    if (limits.load > limits.capacity).any():
        return Result(
            None, Status.INFEASIBLE, Termination.PROVED, float("inf"), float("inf"),
            time.perf_counter() - began, seed, SOLVER,
        )  # fmt: skip
    chunks = Chunks(stop, params.moves_per_order * problem.orders, CHUNK)
    search = _Search(problem, params, seed)
    refreshed = 0
    best = search.solution()
    for share, moves in chunks:
        if share * (params.refreshes + 1) >= refreshed + 1:
            refreshed += 1
            search.find_neighbours()
        search.anneal(share, moves)
        if search.cost() < best.cost:
            best = search.solution()
        if on_progress is not None:
            on_progress(share, f"{search.cost()} steps")
    return Result(
        solution=best,
        status=Status.FEASIBLE,
        termination=chunks.termination,
        objective=float(best.cost),
        lower_bound=float("-inf"),
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver=SOLVER,
        statistics={"moves": chunks.done},
    )


class _Search:
    """The state of one call of `solve`."""

    def __init__(
        self, problem: BatchedPicks, params: BatchedAllocationParams, seed: int
    ) -> None:
        self.params = params
        limits = problem.loads()
        self.state = kernels.State(
            problem.distance,
            kernels.Needs(
                problem.order_start,
                problem.pick_quantity,
                problem.option_start,
                problem.option,
                problem.location_place,
            ),
            kernels.Choice(problem.location.copy(), problem.left_at(problem.location)),
            empty_batches(problem.order_start, limits, _savings(problem)),
            limits,
            np.zeros((2, int(np.diff(problem.order_start).max(initial=0))), np.int32),
        )
        kernels.build(self.state)
        neighbours = min(params.neighbours, max(1, problem.orders - 1))
        self.near = np.full((problem.orders, neighbours), -1, np.int32)
        self.find_neighbours()
        self.mean = max(1.0, self.cost() / max(1, problem.orders))
        self.random = first_state(seed)

    def find_neighbours(self) -> None:
        kernels.nearest_orders(self.state, self.near)

    def anneal(self, share: float, moves: int) -> None:
        params = self.params
        heat = params.warm * self.mean * (params.cool / params.warm) ** share
        kernels.anneal(self.state, self.near, moves, heat, self.random)

    def cost(self) -> int:
        return int(self.state.batches.cost.sum())

    def solution(self) -> BatchedAllocation:
        _, batch_of = np.unique(self.state.batches.batch_of, return_inverse=True)
        location = self.state.choice.location.copy()
        return BatchedAllocation(location, batch_of.astype(np.int32), self.cost())


def _savings(problem: BatchedPicks) -> NDArray[np.int32]:
    """Batch number of each order by savings, with picks where they begin."""
    place = problem.location_place[problem.location]
    places = [
        np.unique(place[a:b])
        for a, b in zip(problem.order_start, problem.order_start[1:], strict=False)
    ]
    fixed = BatchingProblem(
        problem.distance,
        np.cumsum([0, *map(len, places)], dtype=np.int32),
        np.concatenate([np.empty(0, np.int32), *places]).astype(np.int32),
        problem.capacity,
        problem.load,
    )
    batches = annealing.solve(fixed, Stop(iterations=0)).solution
    assert batches is not None  # every order fits into some batch
    return batch_numbers(batches, problem.orders)


def _ends(name: str, given: NDArray[np.int32], last: int) -> NDArray[np.int32]:
    """Check where the parts of a list begin and end."""
    ends = whole_numbers(name, given, (len(given),))
    if not len(ends) or ends[0] or ends[-1] != last or (np.diff(ends) < 1).any():
        raise SolverError(
            "E303", f"got {name} out of order", f"need it to ascend from 0 to {last}"
        )
    return ends
