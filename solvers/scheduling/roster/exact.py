"""Rosters by constraint programming: one circuit of jobs for each packer.

Solved by OR-Tools CP-SAT, level after level of `Value`: the best that was found on one
becomes a limit on the next.
"""

import math
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solvers.cp_sat import new_cp_solver
from solvers.scheduling.roster.problem import NEVER, NOBODY, PER_S, Value, Work
from solvers.scheduling.roster.routes import Routes

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

_MOST_ARCS: Final = 250_000
"""Of all circuits; beyond it the model takes gigabytes, and seconds to be made."""


@dataclass(slots=True)
class _Model:
    """The model and its variables, for jobs and packers by index."""

    model: "cp_model.CpModel"
    start: list[Any] = field(default_factory=list)
    end: list[Any] = field(default_factory=list)
    does: dict[tuple[int, int], Any] = field(default_factory=dict)
    follows: dict[tuple[int, int, int], Any] = field(default_factory=dict)
    """By packer, job before or -1, job."""
    levels: list[Any] = field(default_factory=list)


def is_small_enough(work: Work) -> bool:
    """Whether few enough jobs may follow each other on the routes of all packers.

    Examples
    --------
    >>> from solvers.scheduling.roster.problem import RosterProblem
    >>> many = np.zeros(600)
    >>> problem = RosterProblem(many, many, many.astype(int), many.astype(int), many,
    ...                         [0.0], np.ones((600, 1), bool), [1.0], [0.0], [9.0])
    >>> is_small_enough(problem.work)
    False
    """
    jobs_of_packer = (work.duration >= 0).sum(axis=0)
    return int((jobs_of_packer**2).sum()) <= _MOST_ARCS


def solve_exactly(
    work: Work,
    hint: Routes,
    at_least: Value,
    deadline: float,
    *,
    seed: int,
) -> tuple[Routes, Value]:
    """Look for the best routes, and prove as much of it as time allows.

    Parameters
    ----------
    work : Work
        One that `is_small_enough`.
    hint : Routes
        Routes that are known; better ones come back, or these.
    at_least : Value
        Bounds that hold for the hint; a level that it reaches is not solved again.
    deadline : float
        On ``time.perf_counter``.
    seed : int

    Returns
    -------
    routes : Routes
    bound : Value
        Of each level what is proved, given that the levels before have the value that
        the routes have; or what was known.
    """
    from ortools.sat.python import cp_model

    built = _build(work, deadline)
    if built is None:
        return hint, at_least
    best, value = hint, hint.value(work)
    proved = list(at_least)
    for level, name in enumerate(Value._fields):
        reached = getattr(value, name)
        floor = getattr(at_least, name)
        total = built.levels[level]
        if reached <= floor:
            proved[level] = reached
            built.model.add(total <= reached)
            continue
        if time.perf_counter() >= deadline:
            break
        built.model.add(total >= floor)
        built.model.clear_hints()
        _hint(built, work, best)
        built.model.minimize(total)
        solver = new_cp_solver(seed, time_limit_s=deadline - time.perf_counter())
        status = solver.solve(built.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        found = _routes(built, solver, work)
        if found.value(work) < value:
            best, value = found, found.value(work)
        proved[level] = max(floor, math.ceil(solver.best_objective_bound - 1e-6))
        if getattr(value, name) > proved[level]:
            break
        built.model.add(total <= getattr(value, name))
    return best, Value(*proved)


def _build(work: Work, deadline: float) -> _Model | None:
    """Make the model; None if time was up before it was whole."""
    from ortools.sat.python import cp_model

    jobs, packers = work.duration.shape
    built = _Model(cp_model.CpModel())
    horizon = _horizon(work)
    for job in range(jobs):
        ready = int(work.ready[job])
        built.start.append(built.model.new_int_var(ready, horizon, ""))
        built.end.append(built.model.new_int_var(ready, horizon, ""))
    for packer in range(packers):
        if not _add_packer(built, work, packer, deadline):
            return None
    for job in range(jobs):
        mine = [built.does[job, p] for p in range(packers) if (job, p) in built.does]
        built.model.add_at_most_one(mine)
    _add_levels(built, work, horizon)
    return built


def _horizon(work: Work) -> int:
    """Time by which every job can be done, whatever comes before."""
    slowest = work.duration.max(axis=1, initial=0).sum() + work.setup[work.kind].sum()
    breaks = (work.break_start + work.break_wait + work.break_length).max(initial=0)
    free = max(
        int(work.shift_start.max(initial=0)), int(work.ready.max(initial=0)), breaks
    )
    return int(free + slowest)


def _add_packer(built: _Model, work: Work, packer: int, deadline: float) -> bool:
    """Add the circuit of a packer: nobody, then jobs in their order, or no job.

    False if time was up before.
    """
    model = built.model
    mine = np.flatnonzero(work.duration[:, packer] >= 0).tolist()
    idle = model.new_bool_var("")
    arcs: list[tuple[int, int, Any]] = [(0, 0, idle)]
    intervals = []
    for at, job in enumerate(mine, start=1):
        if time.perf_counter() >= deadline:
            return False
        does = built.does[job, packer] = model.new_bool_var("")
        arcs.append((at, at, ~does))
        arcs.append((at, 0, model.new_bool_var("")))
        model.add_implication(does, ~idle)
        length, before = _add_before(built, work, packer, at, mine)
        arcs += before
        intervals.append(
            model.new_optional_interval_var(
                built.start[job], length, built.end[job], does, ""
            )
        )
        begin = int(work.shift_start[packer])
        model.add(built.start[job] >= begin).only_enforce_if(does)
        if work.shift_end[packer] < NEVER:
            end = int(work.shift_end[packer])
            model.add(built.end[job] <= end).only_enforce_if(does)
    model.add_circuit(arcs)
    _add_breaks(built, work, packer, mine, intervals)
    model.add_no_overlap(intervals)
    return True


def _add_before(
    built: _Model, work: Work, packer: int, at: int, mine: list[int]
) -> tuple[Any, list[tuple[int, int, Any]]]:
    """Add what may come just before the job at a place in the circuit, from 1 on.

    Returns
    -------
    length : variable
        Of the job, with a setup where another kind comes before.
    arcs : list of tuple
        From each job that may come before, and from none.
    """
    model, job = built.model, mine[at - 1]
    took = int(work.duration[job, packer])
    setup = int(work.setup[work.kind[job]])
    length = model.new_int_var(took, took + setup, "")
    arcs = []
    for earlier_at, earlier in enumerate([NOBODY, *mine]):
        if earlier == job:
            continue
        follows = built.follows[packer, earlier, job] = model.new_bool_var("")
        arcs.append((earlier_at, at, follows))
        if earlier == NOBODY:
            kind = work.first_kind[packer]
        else:
            kind = work.kind[earlier]
            model.add(built.start[job] >= built.end[earlier]).only_enforce_if(follows)
        same = kind == work.kind[job]
        model.add(length == took + (0 if same else setup)).only_enforce_if(follows)
    return length, arcs


def _add_breaks(
    built: _Model, work: Work, packer: int, mine: list[int], intervals: list[Any]
) -> None:
    """Add the breaks of a packer: a job begins before one, or after it is over."""
    model = built.model
    for rest in range(work.break_first[packer], work.break_first[packer + 1]):
        begin, wait = int(work.break_start[rest]), int(work.break_wait[rest])
        length = int(work.break_length[rest])
        moved = model.new_int_var(begin, begin + wait, "")
        intervals.append(model.new_fixed_size_interval_var(moved, length, ""))
        for job in mine:
            does, before = built.does[job, packer], model.new_bool_var("")
            start = built.start[job]
            # What begins as the break is due to begin has to wait for it.
            model.add(start <= begin - 1).only_enforce_if(does, before)
            model.add(start >= moved + length).only_enforce_if(does, ~before)


def _add_levels(built: _Model, work: Work, horizon: int) -> None:
    """Add a variable for each level of `Value`."""
    model = built.model
    packed, late, tardy = [], [], []
    last = model.new_int_var(0, horizon, "")
    for job in range(len(work.ready)):
        does = [built.does[key] for key in built.does if key[0] == job]
        done = model.new_bool_var("")
        model.add(sum(does) == done)
        packed.append(done)
        model.add(last >= built.end[job]).only_enforce_if(done)
        if work.due[job] >= NEVER:
            continue
        due, weight = int(work.due[job]), int(work.weight[job])
        in_time = model.new_bool_var("")
        model.add_implication(in_time, done)
        if due < horizon:
            model.add(built.end[job] <= due).only_enforce_if(in_time)
            ms = model.new_int_var(0, max(0, horizon - due), "")
            model.add(ms >= built.end[job] - due).only_enforce_if(done)
            model.add(ms == 0).only_enforce_if(in_time)
            tardy.append(weight * ms)
        late.append(weight * (1 - in_time))
    for terms in ([1 - done for done in packed], late, tardy, [last]):
        total = model.new_int_var(0, 2**60, "")
        model.add(total == sum(terms))
        built.levels.append(total)


def _hint(built: _Model, work: Work, routes: Routes) -> None:
    roster, _ = routes.timed(work)
    for job, packer in enumerate(roster.packer.tolist()):
        if packer != NOBODY:
            built.model.add_hint(built.start[job], round(roster.start_s[job] * PER_S))
            built.model.add_hint(built.end[job], round(roster.end_s[job] * PER_S))
    for (job, packer), does in built.does.items():
        built.model.add_hint(does, bool(roster.packer[job] == packer))
    follow = set()
    for packer, count in enumerate(routes.counts.tolist()):
        route = [NOBODY, *routes.jobs[packer, :count].tolist()]
        follow |= {(packer, a, b) for a, b in pairwise(route)}
    for key, variable in built.follows.items():
        built.model.add_hint(variable, key in follow)


def _routes(built: _Model, solver: "cp_model.CpSolver", work: Work) -> Routes:
    """Read routes from a solution; times follow from them."""
    routes = Routes.empty(work)
    starts = [solver.value(start) for start in built.start]
    order = np.lexsort(([solver.value(end) for end in built.end], starts))
    for job in order.tolist():
        for packer in range(work.duration.shape[1]):
            key = (job, packer)
            if key in built.does and solver.boolean_value(built.does[key]):
                routes.jobs[packer, routes.counts[packer]] = job
                routes.counts[packer] += 1
    return routes
