"""Simulated annealing from the best roster that a rule makes."""

from typing import Final

import numpy as np

from solvers.random_words import first_state
from solvers.result import Chunks, ProgressCallback, Stop, Termination
from solvers.scheduling.roster.move_kernels import State
from solvers.scheduling.roster.problem import Value, Work
from solvers.scheduling.roster.routes import Routes
from solvers.scheduling.roster.search_kernels import LATE, Prices, anneal, set_up

_MOVES_PER_CALL: Final = 4000
_FEW_JOBS: Final = 50
_COOLINGS: Final = 20
"""How often a search for few jobs cools down: each time it soon is where it ends."""
_LATE_PRICE_SHARE: Final = 20.0
"""What a late job costs, in mean times of work."""
_HOTTEST_SHARE: Final = 0.05
"""Of the price of a late job."""
_HOTTEST_SHARE_OF_FEW: Final = 0.3
_COLDEST_MS: Final = 100.0


def search(
    work: Work,
    routes: Routes,
    floor: Value,
    stop: Stop,
    moves: int,
    *,
    seed: int,
    on_progress: ProgressCallback | None = None,
) -> tuple[Routes, Termination, int]:
    """Improve routes by simulated annealing.

    Hot at first, so that which jobs are late is decided; then tardiness, then the
    makespan, each worth less than the one before, as the temperature falls through
    what they cost; time after time where jobs are few.

    Parameters
    ----------
    work : Work
    routes : Routes
        Every job on them ends within the shift.
    floor : Value
        Bounds; routes that reach them end the search.
    stop : Stop
        ``iterations`` counts moves tried.
    moves : int
        Moves where the stop sets no iteration limit.
    seed : int
    on_progress : callable, optional

    Returns
    -------
    routes : Routes
        The best that were met, by `Value`.
    termination : Termination
    done : int
        Moves tried.
    """
    prices = prices_of(work, routes)
    state = new_state(work, routes, prices, seed)
    few = len(work.ready) <= _FEW_JOBS
    coolings = _COOLINGS if few else 1
    hottest = prices.late * (_HOTTEST_SHARE_OF_FEW if few else _HOTTEST_SHARE)
    chunks = Chunks(stop, moves, _MOVES_PER_CALL)
    for share, count in chunks:
        temperature = hottest * (_COLDEST_MS / hottest) ** (share * coolings % 1)
        anneal(work, state, prices, temperature, count)
        if on_progress is not None:
            on_progress(share, f"late by priority {state.best[LATE]}")
        best = Value(*state.best.tolist())
        if best <= floor.holding_for(best):
            break
    return Routes(state.best_jobs, state.best_counts), chunks.termination, chunks.done


def new_state(work: Work, routes: Routes, prices: Prices, seed: int) -> State:
    """What the kernels change, for routes to begin with."""
    packers, jobs = routes.jobs.shape
    rows = np.zeros((packers + 2, jobs), np.int32)
    rows[:packers] = routes.jobs
    trace = np.zeros((5, packers + 2, jobs), np.int64)
    values = np.zeros((3, packers), np.int64)
    state = State(
        jobs=rows,
        counts=routes.counts.copy(),
        ends=trace[0],
        frees=trace[1],
        rests=trace[2],
        lates=trace[3],
        tardies=trace[4],
        late=values[0],
        tardy=values[1],
        last=values[2],
        out=np.zeros(jobs, np.int32),
        total=np.zeros(3, np.int64),
        best_jobs=np.zeros((packers, jobs), np.int32),
        best_counts=np.zeros(packers, np.int32),
        best=np.zeros(4, np.int64),
        random=first_state(seed),
    )
    set_up(work, state, prices)
    return state


def prices_of(work: Work, routes: Routes) -> Prices:
    """Prices of late jobs and jobs left out, in the size of the problem."""
    late = max(1.0, work.mean_duration) * _LATE_PRICE_SHARE
    _, value = routes.timed(work)
    return Prices(1000 * late, late, float(max(1, value.makespan_ms)))
