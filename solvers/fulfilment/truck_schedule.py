"""Packing at the stations: by list schedules, or so that few orders miss trucks."""

import numpy as np
from numpy.typing import NDArray

from solvers.result import Stop
from solvers.scheduling.problem import PackingProblem, PackingSchedule
from solvers.scheduling.roster.problem import Roster, RosterProblem
from solvers.scheduling.roster.rules import routes_by_rule
from solvers.scheduling.roster.solve import RosterParams, solve
from solvers.scheduling.solve import Objective, PackingParams
from solvers.scheduling.solve import solve as solve_stations


def list_schedule(
    problem: PackingProblem, *, look_ahead: bool, seed: int
) -> PackingSchedule:
    """Schedule for due times where there are some, and for an early end otherwise.

    Parameters
    ----------
    problem : PackingProblem
    look_ahead : bool
        Whether packers know of orders that are not there yet.
    seed : int
    """
    rule: Objective = "throughput"
    if np.isfinite(problem.due_s).any():
        rule = "on-time"
    params = PackingParams(look_ahead=look_ahead)
    found = solve_stations(problem, objective=rule, seed=seed, params=params)
    assert found.solution is not None  # packers can always begin later
    return found.solution


def truck_roster(
    problem: PackingProblem, kind: NDArray[np.int32], setup_s: NDArray[np.float64]
) -> RosterProblem:
    """Pose the packing of orders that are at their stations as a roster.

    Parameters
    ----------
    problem : PackingProblem
        Its work without the change to the first kind of carton.
    kind : ndarray of int32, shape (J,)
        First kind of carton of each order.
    setup_s : ndarray of float64, shape (K,)
        Seconds to change to each kind.
    """
    station_of = np.repeat(np.arange(len(problem.packers)), problem.packers)
    packers = len(station_of)
    return RosterProblem(
        ready_s=problem.ready_s,
        due_s=problem.due_s,
        priority=np.minimum(problem.priority, 1000),
        kind=kind,
        work_s=problem.work_s,
        setup_s=setup_s,
        able=problem.station[:, None] == station_of[None],
        speed=np.ones(packers),
        shift_start_s=np.zeros(packers),
        shift_end_s=np.full(packers, np.inf),
    )


def schedule_by_rule(problem: PackingProblem, roster: RosterProblem) -> PackingSchedule:
    """Schedule by the rule that drops few jobs to the end (Moore and Hodgson's).

    Parameters
    ----------
    problem : PackingProblem
    roster : RosterProblem
        Of it, see `truck_roster`.

    Examples
    --------
    Of three orders due at 10 s the longest is late, and not the two that wait for it.

    >>> problem = PackingProblem([0] * 3, [0.0] * 3, [10.0] * 3, [0] * 3,
    ...                          [9.0, 4.0, 5.0], [1])
    >>> roster = truck_roster(problem, np.zeros(3, np.int32), np.zeros(1))
    >>> schedule_by_rule(problem, roster).end_s.tolist()
    [18.0, 4.0, 9.0]
    """
    work = roster.work
    return _as_schedule(problem, routes_by_rule(work, "moore-hodgson").timed(work)[0])


def improved(
    problem: PackingProblem,
    roster: RosterProblem,
    schedule: PackingSchedule,
    stop: Stop,
    *,
    seed: int,
) -> PackingSchedule:
    """Search for a schedule with fewer late orders.

    Parameters
    ----------
    problem : PackingProblem
    roster : RosterProblem
        Of it, see `truck_roster`.
    schedule : PackingSchedule
        Where to begin.
    stop : Stop
    seed : int
    """
    first = np.cumsum(problem.packers) - problem.packers
    packer = (first[problem.station] + schedule.packer).astype(np.int32)
    initial = Roster(packer, schedule.start_s.copy(), schedule.end_s.copy())
    params = RosterParams(exact_jobs=0)
    found = solve(roster, stop, seed=seed, params=params, initial=initial).solution
    assert found is not None  # shifts have no end
    return _as_schedule(problem, found)


def _as_schedule(problem: PackingProblem, roster: Roster) -> PackingSchedule:
    first = np.cumsum(problem.packers) - problem.packers
    packer = (roster.packer - first[problem.station]).astype(np.int32)
    return PackingSchedule(roster.start_s.copy(), roster.end_s.copy(), packer)
