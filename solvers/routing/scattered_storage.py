"""The shortest tour when each article lies in several places: which, and in what order.

Lagrangian prices on the articles give a bound and tell good reaches from bad
(`scattered_bound`); then labels run over the aisles from left to right
(`scattered_labels`), bounded by the prices, first few of them for a good tour, then
more and more, until none had to be dropped for want of room: then the tour is proved
shortest. The problem is that of Weidinger (2018, Picker routing in rectangular
mixed shelves warehouses) and Goeke and Schneider (2021, doi:10.1287/ijoc.2020.1040);
Hessler and Irnich (2024, Exact solution of the single-picker routing problem with
scattered storage) solve it by integer programming on the same state graph.
"""

import time
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from solvers.routing.aisle_length import AisleFloor, aisle_floor
from solvers.routing.aisle_states import ONCE, SKIP, TWICE, WAYS
from solvers.routing.packed_amounts import (
    Packing,
    add_amounts,
    pack_reaches,
    packing_of,
)
from solvers.routing.parallel_aisles import AisleProblem
from solvers.routing.ratliff_rosenthal import solve_aisles
from solvers.routing.scattered_bound import bury, climb, priced_sweep, sweep_back
from solvers.routing.scattered_insertion import no_choice, ruin_and_recreate, stock_of
from solvers.routing.scattered_labels import (
    Labels,
    Search,
    Slot,
    labels_with_room,
    serve_block,
    thin_out,
    walk_on,
)
from solvers.routing.scattered_problem import (
    ScatteredProblem,
    ScatteredTour,
    nearest_places,
    picks_at,
    scattered_tour,
    without_spare,
)
from solvers.routing.scattered_reaches import Reaches, reaches_of

History = list[tuple[NDArray[np.int32], NDArray[np.int32]]]
AT_A_TIME: Final = 200
"""Labels extended between looks at the clock."""
RESERVE_S: Final = 0.01
"""Time kept back for what ends after the last look at the clock, at most."""
RESERVE_SHARE: Final = 0.05
"""Share of the time limit that is kept back, at most."""

ROOM: Final = 8
"""Labels made before they are thinned out, for each that is kept."""


@dataclass(frozen=True, slots=True)
class ScatteredParams:
    """How long to climb and how many labels to keep.

    Parameters
    ----------
    rounds, patience : int
        Rounds of ruin and recreate for the first tour, and rounds in vain that end it.
    steps : int
        Steps up the bound before each run of the labels.
    labels : tuple of int
        Labels to keep at each point of the sweep, run after run.
    """

    rounds: int = 150
    patience: int = 60
    steps: int = 150
    labels: tuple[int, ...] = (60, 600, 6_000, 60_000)


def solve_scattered(
    problem: ScatteredProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: ScatteredParams = ScatteredParams(),
    on_progress: ProgressCallback | None = None,
) -> Result[ScatteredTour]:
    """Choose the places to pick from and the tour through them.

    The iterations of ``stop`` count the runs of the labels. No random numbers.

    Raises
    ------
    SolverError
        E330, if there are more than five cross aisles.

    Examples
    --------
    The near one of two places is enough, unless both are needed.

    >>> stock = AisleProblem(
    ...     np.array([0.0]), np.array([0.0, 10.0]),
    ...     np.array([0, 0], np.int32), np.array([2.0, 7.0]), 0, 0)
    >>> one, two = np.ones(1, np.int32), np.ones(2, np.int32)
    >>> for need in (0, 1, 2):
    ...     problem = ScatteredProblem(stock, two - 1, two, need * one)
    ...     print(solve_scattered(problem, Stop()).objective)
    0.0
    4.0
    14.0
    """
    began = time.perf_counter()
    search = _Search(problem, stop)
    if not search.is_proved:
        random = np.array([(2 * seed + 1) * 0x9E3779B97F4A7C15 % 2**64], np.uint64)
        search.improve(params.rounds, params.patience, random)
    runs = 0
    for width in params.labels:
        if search.is_proved or search.is_out_of_time():
            break
        if stop.iterations is not None and runs >= stop.iterations:
            break
        if runs < 2:
            search.climb(params.steps)
            if search.is_proved or search.is_out_of_time():
                break
            search.improve(params.rounds, params.patience, random)
        search.run(width)
        runs += 1
        if on_progress:
            on_progress(runs / len(params.labels), f"length {search.best.length:.10g}")
    tour = search.best
    bound = tour.length if search.is_proved else search.bound
    return Result(
        tour,
        Status.OPTIMAL if search.is_proved else Status.FEASIBLE,
        _termination(search, stop, runs),
        objective=tour.length,
        lower_bound=bound,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="exact",
        statistics={
            "runs": runs,
            "reaches": len(search.reaches.way),
            "reaches_left": int(search.alive.sum()),
            "root_bound": search.root_bound,
            "labels": search.labels_made,
        },
    )


@cache
def load_kernels() -> None:
    """Compile the kernels, or load them, before a clock runs: solve a tiny problem."""
    stock = AisleProblem(
        np.array([0.0, 2.0, 4.0]),
        np.array([0.0, 4.0]),
        np.array([0, 1, 2, 0], np.int32),
        np.array([1.0, 2.0, 3.0, 3.0]),
        0,
        0,
    )
    one = np.ones(4, np.int32)
    article = np.array([0, 1, 0, 1], np.int32)
    problem = ScatteredProblem(stock, article, one, np.array([1, 2], np.int32))
    search = _Search(problem, Stop())
    search.improve(2, 2, np.ones(1, np.uint64))
    search.climb(1)
    search.run(8)


def _termination(search: "_Search", stop: Stop, runs: int) -> Termination:
    if search.is_proved:
        return Termination.PROVED
    if stop.interrupted():
        return Termination.INTERRUPTED
    if search.is_out_of_time():
        return Termination.TIME_LIMIT
    if stop.iterations is not None and runs >= stop.iterations:
        return Termination.ITERATION_LIMIT
    return Termination.CONVERGED


class _Search:
    """The best tour and bound so far, and the arrays to improve them with."""

    def __init__(self, problem: ScatteredProblem, stop: Stop) -> None:
        self.problem = problem
        self.stop = stop
        self.deadline = stop.deadline()
        if stop.time_limit_s is not None:  # what is begun by then ends in time
            self.deadline -= min(RESERVE_S, RESERVE_SHARE * stop.time_limit_s)
        self.labels_made = 0
        self.round_s = 0.0  # at most so long takes a round of `improve`
        self.leg = 2.0 * problem.stock.depot_leg
        self.bound = self.root_bound = 0.0
        self.is_proved = False
        self.floor, _ = aisle_floor(problem.stock)
        self.best = _tour_through(problem, nearest_places(problem))
        self.reaches = reaches_of(problem)
        self.alive = np.ones(len(self.reaches.way), np.bool_)
        if not problem.demand.any():
            self.is_proved = True
            return
        self.sweep = priced_sweep(self.floor, self.reaches)
        self.demand = problem.demand.astype(np.float64)
        self.price = np.zeros(len(self.demand), np.float64)
        self.best_price = self.price.copy()
        self.brought = self.price.copy()
        self.packing = packing_of(problem.demand)
        self.reach_have, self.after = _packed(self.reaches, self.packing)
        self.granule = _granule(problem)
        self.stock = stock_of(problem)
        self.choice = no_choice(self.stock, self.floor)
        self.chosen = self.choice.chosen.copy()
        self.home = _way_home(self.floor, self.sweep.to_go)

    def is_out_of_time(self) -> bool:
        """Whether to stop now."""
        return time.perf_counter() >= self.deadline or self.stop.interrupted()

    def improve(self, rounds: int, patience: int, random: NDArray[np.uint64]) -> None:
        """Look for a better tour by ruin and recreate, the prices as worth.

        No more rounds are begun than there is time for, by what rounds took before.
        """
        began = time.perf_counter()
        if self.round_s > 0 and self.deadline < np.inf:
            rounds = min(rounds, int((self.deadline - began) / self.round_s))
        if rounds < 1:
            return
        self.choice.chosen[:] = False
        self.choice.have[:] = 0
        worth = self.price + max(0.05 * float(self.price.max()), 1e-6)
        length = ruin_and_recreate(
            self.stock,
            self.floor,
            self.choice,
            worth,
            self.chosen,
            np.inf,
            rounds,
            patience,
            random,
        )
        self.round_s = (time.perf_counter() - began) / min(rounds, patience)
        if length < self.best.length - self.leg - 1e-9:
            reached = np.zeros(self.problem.stock.picks, np.bool_)
            reached[self.stock.number[self.chosen]] = True
            self._keep(without_spare(self.problem, reached))

    def _keep(self, places: NDArray[np.intp]) -> None:
        tour = _tour_through(self.problem, places)
        if tour.length < self.best.length:
            self.best = tour

    def climb(self, steps: int) -> None:
        """Raise the bound, and drop reaches that no better tour can have."""
        walk = self.best.length - self.leg
        highest = climb(
            self.floor,
            self.reaches,
            self.alive,
            self.demand,
            walk,
            steps,
            self.price,
            self.best_price,
            self.sweep,
            self.brought,
        )
        self._raise_bound(highest)
        self.root_bound = self.bound
        if not self.is_proved:
            self._bury()

    def _bury(self) -> None:
        worth = float(self.price @ self.demand)
        ceiling = self.best.length - self.leg - self.granule + 1e-6
        if not bury(self.floor, self.reaches, self.alive, worth, ceiling, self.sweep):
            self._raise_bound(np.inf)

    def _raise_bound(self, walk: float) -> None:
        """Note a bound on the walk, valid for every tour shorter than the best."""
        self.bound = max(self.bound, min(walk + self.leg, self.best.length))
        if walk + self.leg > self.best.length - self.granule + 1e-6:
            self.bound = self.best.length
            self.is_proved = True

    def run(self, width: int) -> None:
        """Run labels over all aisles, at most ``width`` at each point."""
        floor = self.floor
        words, room = len(self.packing.demand), ROOM * width
        search = Search(
            self.packing,
            self.price,
            self.reach_have,
            np.empty(1 << (2 * room).bit_length(), np.int32),
            np.array([self.best.length - self.leg, -1.0, -1.0, np.inf]),
            self.granule,
        )
        now, new = labels_with_room(room, words), labels_with_room(room, words)
        now.state[0], now.length[0], now.have[0] = 0, 0.0, 0
        now.reduced[0] = float(self.price @ self.demand)
        now.bound[0] = now.reduced[0] + self.sweep.to_go[0, 0, 0]
        count = 1
        history: History = []
        by_way = _by_way(self.reaches, self.alive, self.sweep.reduced)
        for aisle in range(len(floor.aisle_x)):
            if aisle == floor.depot_aisle:
                now.state[:count] = floor.at_depot[now.state[:count]]
            for block in range(len(floor.cross_y) - 1):
                slot, moves = self._slot(aisle, block, *by_way)
                count = self._serve(
                    now, count, slot, moves, search, new, width, history
                )
                if count < 0:
                    return
                history.append((new.parent[:count].copy(), new.reach[:count].copy()))
                now, new = new, now
            if count == 0:
                break
            if aisle + 1 < len(floor.aisle_x):
                gap = float(floor.aisle_x[aisle + 1] - floor.aisle_x[aisle])
                ahead = self.sweep.to_go[aisle + 1, 0]
                count = walk_on(
                    now, count, floor.pass_on, gap, ahead, search, new, width
                )
                history.append((new.parent[:count].copy(), new.reach[:count].copy()))
                now, new = new, now
        self._raise_bound(float(search.found[3]))
        if not self.is_proved:
            self._bury()

    def _slot(
        self,
        aisle: int,
        block: int,
        by_way: NDArray[np.int32],
        way_start: NDArray[np.int64],
    ) -> tuple[Slot, NDArray[np.int32]]:
        """What the labels meet in a block of an aisle, and the moves through it."""
        floor = self.floor
        number = aisle * (len(floor.cross_y) - 1) + block
        slot = Slot(
            self.sweep.reduced,
            by_way,
            way_start[number],
            self.sweep.to_go[aisle, block + 2],
            self.home[aisle, block + 2],
            self.after[number],
        )
        start = floor.serve_start
        return slot, floor.serve[start[block] : start[block + 1]]

    def _serve(
        self,
        now: Labels,
        count: int,
        slot: Slot,
        moves: NDArray[np.int32],
        search: Search,
        new: Labels,
        width: int,
        history: History,
    ) -> int:
        """Extend labels by a block, some at a time; -1 if time is up before all are."""
        found = search.found
        order = np.argsort(now.bound[:count])
        made = 0
        for first in range(0, max(count, 1), AT_A_TIME):
            if self.is_out_of_time():
                return -1
            shortest = found[0]
            made = serve_block(
                now,
                order[first : first + AT_A_TIME],
                self.reaches,
                slot,
                moves,
                search,
                new,
                made,
                width,
            )
            if found[0] < shortest:
                self._note(history, int(found[1]), int(found[2]))
                found[0] = min(found[0], self.best.length - self.leg)
        self.labels_made += made
        return int(thin_out(new, made, width, search))

    def _note(
        self,
        history: History,
        label: int,
        reach: int,
    ) -> None:
        """Read a complete choice of reaches back, and keep its tour."""
        chosen = [reach]
        for parent, reach_of in reversed(history):
            chosen.append(int(reach_of[label]))
            label = int(parent[label])
        self._keep(self._places(chosen))

    def _places(self, chosen: list[int]) -> NDArray[np.intp]:
        """Places that some reaches pass, as far as they are needed."""
        stock = self.problem.stock
        blocks = len(stock.cross_y) - 1
        block = np.searchsorted(stock.cross_y[1:-1], stock.pick_y, side="right")
        slot = stock.pick_aisle * blocks + block
        top = np.full(len(stock.aisle_x) * blocks, -np.inf)
        bottom = np.full(len(top), np.inf)
        for reach in chosen:
            if reach >= 0:
                at = np.searchsorted(self.reaches.start, reach, side="right") - 1
                top[at] = self.reaches.top_y[reach]
                bottom[at] = self.reaches.bottom_y[reach]
        reached = (stock.pick_y <= top[slot]) | (stock.pick_y >= bottom[slot])
        return without_spare(self.problem, reached)


def _tour_through(problem: ScatteredProblem, places: NDArray[np.intp]) -> ScatteredTour:
    tour = solve_aisles(picks_at(problem, places)).solution
    if tour is None:
        raise AssertionError("the sweep always finds a tour")
    return scattered_tour(problem, places, tour)


def _granule(problem: ScatteredProblem) -> float:
    """What the lengths of all tours are multiples of; 0 if no such number is plain.

    A closed walk goes as far right as left and as far up as down, so its length is
    twice a sum of whole distances.
    """
    stock = problem.stock
    lengths = np.r_[np.diff(stock.aisle_x), np.diff(stock.cross_y), stock.pick_y]
    lengths = np.r_[lengths, stock.pick_y - stock.cross_y[0]]
    for unit in (1.0, 0.5):
        whole = lengths / unit
        if (whole == np.round(whole)).all() and (np.abs(whole) < 2**40).all():
            divisor = int(np.gcd.reduce(whole.astype(np.int64)))
            return 2.0 * unit * max(divisor, 1)
    return 0.0


def _way_home(floor: AisleFloor, to_go: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least way home from every point and state when nothing more is needed."""
    blocks = len(floor.cross_y) - 1
    free = np.full((len(floor.aisle_x), blocks, WAYS), np.inf)
    free[:, :, SKIP] = 0.0
    free[:, :, ONCE] = np.diff(floor.cross_y)
    free[:, :, TWICE] = 2 * np.diff(floor.cross_y)
    home = np.empty_like(to_go)
    sweep_back(floor, free, home)
    return home


def _packed(
    reaches: Reaches, packing: Packing
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """What every reach brings, and what the slots after each can bring, packed."""
    words = len(packing.demand)
    have = np.zeros((len(reaches.way), words), np.uint64)
    pack_reaches(reaches, packing, have)
    slots = len(reaches.start) - 1
    after = np.zeros((slots, words), np.uint64)
    for slot in range(slots - 2, -1, -1):
        # The last reach goes right through and brings all that the slot holds.
        whole = have[reaches.start[slot + 2] - 1]
        add_amounts(after[slot + 1], whole, packing, after[slot])
    return have, after


def _by_way(
    reaches: Reaches, alive: NDArray[np.bool_], reduced: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Reaches left, sorted by slot, way and reduced length; where each way starts."""
    left = np.flatnonzero(alive)
    slots = len(reaches.start) - 1
    slot = np.searchsorted(reaches.start, left, side="right") - 1
    key = slot * WAYS + reaches.way[left]
    order = np.lexsort((reduced[left], key))
    ends = np.searchsorted(key[order], np.arange(slots * WAYS + 1))
    way_start = ends[np.arange(slots)[:, None] * WAYS + np.arange(WAYS + 1)]
    return left[order].astype(np.int32), way_start.astype(np.int64)
