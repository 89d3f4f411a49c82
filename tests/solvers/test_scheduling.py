"""Packing schedules: feasible, non-delay, bounded, against brute force."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.result import Status, Stop, Termination
from solvers.scheduling import PackingParams, PackingProblem, solve
from solvers.scheduling.bounds import makespan_bound_s, tardiness_bound_s
from solvers.scheduling.list_scheduling import list_schedule, schedule_in_order
from warehouse.errors import SolverError

FIELDS = {
    "station": [0, 1],
    "ready_s": [0.0, 5.0],
    "due_s": [np.inf, 60.0],
    "priority": [0, 1],
    "work_s": [30.0, 20.0],
    "packers": [1, 2],
}


@st.composite
def problems(draw, most_jobs=6, most_stations=2, most_packers=2):
    jobs = draw(st.integers(0, most_jobs))
    packers = draw(
        st.lists(st.integers(1, most_packers), min_size=1, max_size=most_stations)
    )

    def numbers(low, high, size):
        return np.array(
            draw(st.lists(st.integers(low, high), min_size=size, max_size=size)), int
        )

    ready = numbers(0, 20, jobs).astype(float)
    due = np.where(numbers(0, 3, jobs) > 0, ready + numbers(-3, 25, jobs), np.inf)
    return PackingProblem(
        numbers(0, len(packers) - 1, jobs),
        ready,
        due,
        numbers(0, 2, jobs),
        numbers(0, 15, jobs) / 2,
        np.array(packers),
        numbers(0, 12, sum(packers)).astype(float),
    )


def random_problem(jobs, stations, packers, seed, due=True):
    rng = np.random.default_rng(seed)
    work = rng.integers(28, 60, jobs).astype(float)
    ready = rng.uniform(0, work.sum() / (stations * packers), jobs)
    return PackingProblem(
        rng.integers(0, stations, jobs),
        ready,
        ready + rng.uniform(30, 300, jobs) if due else np.full(jobs, np.inf),
        rng.integers(0, 3, jobs),
        work,
        np.full(stations, packers),
    )


def check_feasible(problem, schedule):
    assert schedule.end_s == pytest.approx(schedule.start_s + problem.work_s)
    assert (schedule.start_s >= problem.ready_s).all()
    assert (schedule.packer >= 0).all()
    assert (schedule.packer < problem.packers[problem.station]).all()
    first = np.cumsum(problem.packers) - problem.packers
    packer = first[problem.station] + schedule.packer
    assert (schedule.start_s >= problem.free_s[packer]).all()
    for one in np.unique(packer):
        mine = np.flatnonzero(packer == one)
        mine = mine[np.lexsort((schedule.end_s[mine], schedule.start_s[mine]))]
        gaps = schedule.start_s[mine[1:]] - schedule.end_s[mine[:-1]]
        assert (gaps >= -1e-9).all()


def every_schedule(jobs):
    """All schedules that some order of the jobs gives; an optimal one is among them."""
    for order in permutations(range(len(jobs.job))):
        yield schedule_in_order(jobs, np.array(order, int))


@settings(deadline=None, max_examples=100)
@given(problems())
def test_throughput_is_bounded_and_exact_on_one_packer(problem):
    result = solve(problem, objective="throughput")
    check_feasible(problem, result.solution)
    best = max(
        min(end_s.max(initial=0.0) for _, end_s, _ in every_schedule(jobs))
        for jobs in problem.stations()
    )
    assert result.lower_bound <= best + 1e-9 <= result.objective + 2e-9
    assert result.objective == result.statistics["makespan_s"]
    if (problem.packers == 1).all():
        assert result.objective == pytest.approx(best)
        assert result.status == Status.OPTIMAL


@settings(deadline=None, max_examples=60)
@given(problems(most_jobs=5))
def test_on_time_is_the_least_weighted_tardiness_of_small_stations(problem):
    result = solve(problem, objective="on-time")
    check_feasible(problem, result.solution)
    best = sum(
        min(jobs.weighted_tardiness_s(end_s) for _, end_s, _ in every_schedule(jobs))
        for jobs in problem.stations()
    )
    assert result.objective == pytest.approx(best, abs=0.01)
    assert result.lower_bound <= best + 1e-6
    for jobs in problem.stations():
        least = min(
            jobs.weighted_tardiness_s(end_s) for _, end_s, _ in every_schedule(jobs)
        )
        assert tardiness_bound_s(jobs) <= least + 1e-6


@settings(deadline=None, max_examples=60)
@given(problems(most_jobs=12, most_packers=3))
def test_list_schedules_never_idle_while_a_job_waits(problem):
    for jobs in problem.stations():
        start, end, packer = list_schedule(jobs, jobs.due_s)
        assert (end >= makespan_bound_s(jobs)).any() or not len(end)
        for job in range(len(start)):
            # While a job is ready and waits, every packer works or is not free yet.
            for one, free in enumerate(jobs.free_s):
                waits_from = max(jobs.ready_s[job], free)
                busy = sum(
                    max(0.0, min(end[k], start[job]) - max(start[k], waits_from))
                    for k in range(len(start))
                    if packer[k] == one
                )
                assert busy == pytest.approx(max(0.0, start[job] - waits_from))


def test_exact_scheduling_beats_the_rules_where_one_should_wait():
    # A long job is ready at 0, an urgent one at 1: whoever never idles is late.
    problem = PackingProblem([0, 0], [0.0, 1.0], [100.0, 3.0], [0, 5], [50.0, 2.0], [1])
    rules = solve(problem, objective="on-time", params=PackingParams(exact_jobs=0))
    exact = solve(problem, objective="on-time")
    assert rules.objective == 6 * 49
    assert exact.objective == 0
    assert exact.solution.start_s.tolist() == [3.0, 1.0]
    assert exact.status == Status.OPTIMAL


def test_exact_scheduling_helps_and_its_bound_holds():
    problem = random_problem(45, 3, 1, 8)
    rules = solve(problem, objective="on-time", params=PackingParams(exact_jobs=0))
    exact = solve(problem, objective="on-time")
    assert exact.objective < rules.objective
    assert rules.lower_bound <= exact.lower_bound <= exact.objective


def test_what_takes_no_time_is_not_put_behind_what_starts_with_it():
    problem = PackingProblem(
        [0] * 3, [0.0] * 3, [np.inf, 0.0, 1.0], [0] * 3, [0.5, 0.5, 0.0], [1], [1.0]
    )
    assert solve(problem, objective="on-time").objective == 1.5


def test_priority_decides_who_is_late():
    problem = PackingProblem([0, 0], [0.0, 0.0], [10.0, 10.0], [0, 3], [10, 10], [1])
    result = solve(problem, objective="on-time")
    assert result.solution.start_s.tolist() == [10.0, 0.0]
    assert result.objective == result.lower_bound == 10.0


def test_large_stations_are_bounded():
    problem = random_problem(900, 2, 2, 9)
    result = solve(problem, objective="on-time")
    check_feasible(problem, result.solution)
    assert 0 < result.lower_bound < result.objective
    throughput = solve(problem, objective="throughput")
    check_feasible(problem, throughput.solution)
    assert throughput.gap < 0.01
    assert throughput.objective <= result.statistics["makespan_s"]


def test_what_packers_have_begun_is_finished_first():
    problem = PackingProblem(
        [0, 0], [0.0, 0.0], [np.inf] * 2, [0, 0], [10, 10], [2], [25.0, 3.0]
    )
    result = solve(problem)
    assert result.solution.packer.tolist() == [1, 1]
    assert result.solution.end_s.tolist() == [13.0, 23.0]
    assert result.status == Status.OPTIMAL


def test_the_same_seed_gives_the_same_schedule():
    problem = random_problem(60, 3, 1, 10)
    params = PackingParams(deterministic_limit=0.2)
    for objective in ("throughput", "on-time"):
        first, second = (
            solve(problem, objective=objective, seed=3, params=params).solution
            for _ in range(2)
        )
        for name in ("start_s", "end_s", "packer"):
            assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


def test_no_time_leaves_the_list_schedule():
    problem = random_problem(45, 3, 1, 8)
    rushed = solve(problem, Stop(time_limit_s=0.0), objective="on-time")
    assert rushed.termination == Termination.TIME_LIMIT
    assert rushed.statistics["exact_stations"] == 0
    check_feasible(problem, rushed.solution)


def test_nothing_to_pack():
    for objective in ("throughput", "on-time"):
        result = solve(PackingProblem([], [], [], [], [], [1, 2]), objective=objective)
        assert result.objective == 0
        assert result.status == Status.OPTIMAL


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("station", [0, 2], "E303"),
        ("station", [0, -1], "E303"),
        ("station", [0.0, 1.0], "E301"),
        ("ready_s", [0.0, -5.0], "E302"),
        ("ready_s", [0.0], "E301"),
        ("due_s", [1.0, float("nan")], "E302"),
        ("priority", [0, -1], "E302"),
        ("work_s", [np.inf, 1.0], "E302"),
        ("packers", [0, 1], "E302"),
        ("free_s", [0.0, 0.0], "E301"),
        ("free_s", [0.0, 0.0, float("nan")], "E302"),
    ],
)
def test_bad_arguments_are_refused_by_name(name, value, code):
    with pytest.raises(SolverError) as caught:
        PackingProblem(**FIELDS | {name: value})
    assert caught.value.code == code
    assert name in str(caught.value)
    assert "need" in str(caught.value)


def test_an_unknown_objective_is_refused():
    with pytest.raises(SolverError, match="E302"):
        solve(PackingProblem(**FIELDS), objective="fast")
