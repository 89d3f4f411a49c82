"""Joint picking: distance greedy first, then large neighbourhood search in two threads.

The problem: Abelli, Katzmann, Khan, Maurer, Pätzold, Pszona, Salchow, Joint Order
Selection, Allocation, Batching and Picking for Large Scale Warehouses (2024),
arXiv:2401.04563.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from solvers.joint_picking.bound import least_length, servable_positions
from solvers.joint_picking.distance_greedy import Choice, distance_greedy
from solvers.joint_picking.pick_lists import LENGTH, SERVED, Book, Lists
from solvers.joint_picking.problem import JointPickingProblem, PickBatch
from solvers.joint_picking.search import NEAR, Work, search
from solvers.joint_picking.setting import (
    empty_lists,
    insert_all,
    make_book,
    make_site,
    make_work,
    read_off,
)
from solvers.joint_picking.sharing import share_out
from solvers.joint_picking.site import Site
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError

Batches = tuple[PickBatch, ...]

SOLVER: Final = "distance greedy + large neighbourhood search"
LOOK_EVERY_STEPS: Final = 20
"""Steps between two looks at the clock."""
MOST_CELLS: Final = 50_000_000
"""Batches times zones that are kept at most."""


@dataclass(frozen=True, slots=True)
class JointPickingParams:
    """Parameters of `solve`.

    Parameters
    ----------
    searchers : int
        Threads. Another number gives another result.
    steps_per_round : int
        Steps of each searcher before all is shared out anew.
    shared_from : int
        With so many batches for each searcher they share one solution out; with fewer
        each searches alone, as a part would leave too little to exchange.
    warm, cool : float
        Temperatures at the start and the end, as shares of the mean length per
        position of the first solution.
    steps_per_position : float
        Where there is time for fewer steps, the search starts as much cooler.
    """

    searchers: int = 2
    steps_per_round: int = 1000
    shared_from: int = 4
    warm: float = 2.0
    cool: float = 0.2
    steps_per_position: float = 300.0


_DEFAULTS: Final = JointPickingParams()


@dataclass(slots=True)
class _State:
    """What is searched, and the best of it so far.

    Either all searchers share one set of pick lists, or each has its own.
    """

    site: Site
    lists: list[Lists]
    books: list[Book]
    works: list[Work]
    lengths: list[int]
    best: Batches
    best_length: int
    steps: int = 0


def solve(
    problem: JointPickingProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: JointPickingParams = _DEFAULTS,
    initial: Batches | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[Batches]:
    """Choose orders, stock and pick lists so that all tours together are short.

    Parameters
    ----------
    problem : JointPickingProblem
    stop : Stop
        ``iterations`` counts steps of all searchers together. Without any limit the
        distance greedy solution is returned, as published.
    seed : int
    params : JointPickingParams
    initial : tuple of PickBatch, optional
        A solution to start from: its orders, batches and stock; walks are made anew.
    on_progress : callable, optional

    Raises
    ------
    SolverError
        E360, if the initial solution does not serve its orders.

    Returns
    -------
    Result of tuple of PickBatch
        Objective: length of all tours from and to the conveyor. Infeasible if the
        orders that can be served have fewer positions than are asked for; unknown if
        the first solution did not reach them as stock ran out.

    Examples
    --------
    One order, whose article lies in two zones; the nearer one is taken:

    >>> problem = JointPickingProblem(
    ...     [0, 0], [0, 1], [3, 1], [2, 2], [5], [0, 1], [0], 1, 1, 5, -8, 8)
    >>> result = solve(problem, Stop(iterations=0))
    >>> result.objective, result.lower_bound, result.solution
    (6.0, 6.0, (PickBatch(orders=(0,), pick_lists=((1,),)),))
    """
    began, deadline = time.perf_counter(), stop.deadline()
    bound = least_length(problem)
    if servable_positions(problem) < problem.min_items:
        return _nothing(Status.INFEASIBLE, Termination.PROVED, began, seed)
    site = make_site(problem)
    limited = stop.iterations is not None or stop.time_limit_s is not None
    choice = _first_choice(problem, site, initial, 2 if limited else 1)
    if choice is None:
        return _nothing(Status.UNKNOWN, Termination.CONVERGED, began, seed)
    state = _begin(site, choice, seed, params)
    termination = Termination.CONVERGED
    if limited:
        termination = _improve(
            problem, state, stop, deadline, bound, seed, params, on_progress
        )
    proved = state.best_length <= bound
    return Result(
        solution=state.best,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        termination=Termination.PROVED if proved else termination,
        objective=float(state.best_length),
        lower_bound=bound,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver=SOLVER if state.steps else "distance greedy",
        statistics=_statistics(problem, state),
    )


def load_kernels() -> None:
    """Compile the kernels, or load them, so that a time limit does not pay for it."""
    three = np.arange(3, dtype=np.int32)
    start = np.array([0, 2, 3], np.int32)
    tiny = JointPickingProblem(
        three, 0 * three, three + 1, three, three, start, three, 2, 1, 9, -8, 8
    )
    solve(tiny, Stop(iterations=4))


def _first_choice(
    problem: JointPickingProblem, site: Site, initial: Batches | None, weight: int
) -> Choice | None:
    """Distance greedy, or what was given; None if stock does not reach."""
    choice = Choice(
        np.full(problem.orders, -1, np.int32),
        np.full(len(problem.position_article), -1, np.int32),
    )
    if initial is None:
        served = distance_greedy(site, int(problem.min_items), choice, weight)
        return choice if served >= problem.min_items else None
    for number, batch in enumerate(initial):
        choice.batch_of[list(batch.orders)] = number
        free: dict[int, list[int]] = {}
        for walk in batch.pick_lists:
            for item in walk:
                free.setdefault(int(problem.item_article[item]), []).append(item)
        for order in batch.orders:
            for position in range(*problem.order_start[order : order + 2]):
                article = int(problem.position_article[position])
                if not free.get(article):
                    raise SolverError("E360", f"initial has no item for order {order}")
                choice.item_of[position] = free[article].pop()
    return choice


def _begin(site: Site, choice: Choice, seed: int, params: JointPickingParams) -> _State:
    zones, used = len(site.zone_start) - 1, int(choice.batch_of.max(initial=-1)) + 1
    batches = max(used + 1, min(2 * used + 2, MOST_CELLS // max(1, zones)))
    shared = used >= params.shared_from * params.searchers
    lists, works, length = [], [], 0
    books = [make_book(site, me, seed) for me in range(params.searchers)]
    for number, book in enumerate(books):
        if number == 0 or not shared:
            owner = book.me
            lists.append(empty_lists(site, batches, owner))
            near = np.full((len(site.item), NEAR), -2, np.int32)
            insert_all(site, lists[-1], book, choice)
            length = int(book.tally[LENGTH])
        works.append(make_work(site, near, batches))
    return _State(
        site, lists, books, works, [length] * len(lists), read_off(lists[0]), length
    )


def _improve(
    problem: JointPickingProblem,
    state: _State,
    stop: Stop,
    deadline: float,
    bound: float,
    seed: int,
    params: JointPickingParams,
    on_progress: ProgressCallback | None,
) -> Termination:
    """Search in rounds until told to stop."""
    rng = np.random.default_rng(seed)
    mean = state.best_length / max(1, int(problem.min_items))
    most = stop.iterations if stop.iterations is not None else 1 << 62
    began = time.perf_counter()
    share, scale = 0.0, 1.0
    with ThreadPoolExecutor(params.searchers) as pool:
        while state.best_length > bound:
            if state.steps >= most:
                return Termination.ITERATION_LIMIT
            if time.perf_counter() >= deadline:
                return Termination.TIME_LIMIT
            if stop.interrupted():
                return Termination.INTERRUPTED
            heat = mean * params.warm * scale
            heat *= (params.cool / params.warm) ** share
            _round(problem, state, pool, rng, heat, most, deadline, params)
            now = time.perf_counter()
            share = state.steps / most
            if deadline < float("inf"):
                share = max(share, min(1.0, (now - began) / (deadline - began)))
            expected = state.steps / max(share, 1e-9)
            enough = params.steps_per_position * max(1, int(problem.min_items))
            scale = min(1.0, expected / enough)
            if on_progress is not None:
                on_progress(share, f"length {state.best_length}")
    return Termination.PROVED


def _round(
    problem: JointPickingProblem,
    state: _State,
    pool: ThreadPoolExecutor,
    rng: np.random.Generator,
    heat: float,
    most: int,
    deadline: float,
    params: JointPickingParams,
) -> None:
    """Share out, let every searcher take its steps, and keep what is better."""
    shared = len(state.lists) < params.searchers
    works = state.works
    if shared:
        works = share_out(state.site, state.lists[0], state.books, works, rng)
    served = [int(book.tally[SERVED]) for book in state.books]
    excess = sum(served) - int(problem.min_items)
    left, runs = most - state.steps, []
    for number, (book, work) in enumerate(zip(state.books, works, strict=True)):
        book.tally[LENGTH] = 0  # from here on: what this round adds
        lists = state.lists[0 if shared else number]
        steps = min(params.steps_per_round, left // params.searchers)
        steps += number < left % params.searchers and steps < params.steps_per_round
        target = int(problem.min_items)
        if shared:
            target = served[number] - excess * (number == 0)
        first = state.steps
        runs.append(
            pool.submit(
                _run,
                state.site,
                lists,
                book,
                work,
                target,
                first,
                steps,
                heat,
                deadline,
            )
        )
    state.steps += sum(run.result() for run in runs)
    for number, book in enumerate(state.books):
        state.lengths[0 if shared else number] += int(book.tally[LENGTH])
    for lists, length in zip(state.lists, state.lengths, strict=True):
        if length < state.best_length:
            state.best, state.best_length = read_off(lists), length


def _run(
    site: Site,
    lists: Lists,
    book: Book,
    work: Work,
    target: int,
    first: int,
    steps: int,
    heat: float,
    deadline: float,
) -> int:
    """One searcher's part of a round, with looks at the clock; return its steps."""
    done = 0
    while done < steps and time.perf_counter() < deadline:
        some = min(LOOK_EVERY_STEPS, steps - done)
        search(site, lists, book, work, target, first + done, some, heat)
        done += some
    return done


def _statistics(problem: JointPickingProblem, state: _State) -> dict[str, int]:
    spans = np.diff(problem.order_start)
    orders = [order for batch in state.best for order in batch.orders]
    return {
        "steps": state.steps,
        "orders": len(orders),
        "items": int(spans[orders].sum()),
        "batches": len(state.best),
        "pick_lists": sum(len(batch.pick_lists) for batch in state.best),
    }


def _nothing(
    status: Status, termination: Termination, began: float, seed: int
) -> Result[Batches]:
    return Result(
        None,
        status,
        termination,
        float("inf"),
        float("-inf"),
        time.perf_counter() - began,
        seed,
        SOLVER,
    )
