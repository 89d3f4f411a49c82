"""Stations: against brute force, kernels against their plain twins, bounds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.result import Status, Stop, Termination
from solvers.stations import StationParams, StationProblem, solve
from solvers.stations.local_search import _finish, _late, level
from solvers.stations.slots import fill_slots
from solvers.stations.value import (
    finish_s,
    largest_finish_bound_s,
    lateness_s,
    objective,
    objective_bound,
)
from warehouse.errors import SolverError

FIELDS = {
    "work_s": [30.0, 20.0],
    "ready_s": [0.0, 5.0],
    "due_s": [np.inf, 60.0],
    "travel": [[1.0, 2.0], [3.0, 4.0]],
    "load_s": [0.0, 10.0],
    "packers": [1, 2],
}


@st.composite
def problems(draw, most_jobs=5, most_stations=3):
    jobs = draw(st.integers(1, most_jobs))
    stations = draw(st.integers(1, most_stations))

    def numbers(low, high, size):
        drawn = draw(st.lists(st.integers(low, high), min_size=size, max_size=size))
        return np.array(drawn, float)

    ready = numbers(0, 40, jobs) * draw(st.integers(0, 1))
    due = np.where(numbers(0, 1, jobs) > 0, ready + numbers(0, 60, jobs), np.inf)
    return StationProblem(
        numbers(0, 30, jobs) + 0.25,
        ready,
        due,
        numbers(0, 50, jobs * stations).reshape(jobs, stations),
        numbers(0, 40, stations),
        numbers(1, 2, stations).astype(int),
    )


def random_problem(jobs, stations, seed, *, released=True):
    rng = np.random.default_rng(seed)
    ready = rng.uniform(0, 300, jobs) * released
    return StationProblem(
        rng.uniform(20, 60, jobs),
        ready,
        ready + rng.uniform(50, 400, jobs) if released else np.full(jobs, np.inf),
        rng.uniform(0, 100, (jobs, stations)),
        rng.uniform(0, 50, stations),
        rng.integers(1, 3, stations),
    )


@settings(deadline=None, max_examples=40)
@given(problems(), st.sampled_from([0.0, 0.01, 1.0]))
def test_small_problems_are_solved_to_the_optimum(problem, travel_weight):
    params = StationParams(travel_weight=travel_weight, deterministic_limit=5.0)
    jobs, stations = problem.travel.shape
    best = min(
        objective(problem, np.array(choice), params)
        for choice in product(range(stations), repeat=jobs)
    )
    result = solve(problem, params=params)
    assert result.objective == pytest.approx(best, abs=0.01)
    assert result.lower_bound <= best + 1e-6
    assert objective_bound(problem, params) <= best + 1e-6
    assert result.status == Status.OPTIMAL
    assert result.objective == pytest.approx(
        objective(problem, result.solution.station, params)
    )


@settings(deadline=None, max_examples=100)
@given(problems(most_jobs=8))
def test_no_choice_finishes_before_the_bound(problem):
    jobs, stations = problem.travel.shape
    rng = np.random.default_rng(0)
    bound = largest_finish_bound_s(problem)
    longest = (problem.ready_s + problem.work_s).max()
    for choice in rng.integers(0, stations, (30, jobs)):
        largest = max(finish_s(problem, choice).max(), longest)
        assert bound <= largest + 1e-9


def in_ready_order(problem):
    """The same problem with its jobs numbered by ready time, as the kernels want."""
    order = np.argsort(problem.ready_s, kind="stable")
    return StationProblem(
        problem.work_s[order],
        problem.ready_s[order],
        problem.due_s[order],
        problem.travel[order],
        problem.load_s,
        problem.packers,
    )


@pytest.mark.kernel
@settings(deadline=None, max_examples=100)
@given(problems(most_jobs=8, most_stations=2), st.randoms(use_true_random=False))
def test_kernels_agree_with_their_plain_twins(problem, random):
    problem = in_ready_order(problem)
    jobs = len(problem.work_s)
    inside = np.array([random.random() < 0.6 for _ in range(jobs)])
    members = np.flatnonzero(inside).astype(np.int32)
    outside = np.flatnonzero(~inside)
    skip = int(members[0]) if len(members) and random.random() < 0.5 else -1
    extra = int(outside[-1]) if len(outside) and random.random() < 0.5 else -1
    after = inside.copy()
    after[[job for job in (skip,) if job >= 0]] = False
    after[[job for job in (extra,) if job >= 0]] = True

    # Alone at station 0: the other jobs are as good as not there.
    kept = np.flatnonzero(after)
    alone = StationProblem(
        problem.work_s[kept],
        problem.ready_s[kept],
        problem.due_s[kept],
        np.zeros((len(kept), 1)),
        problem.load_s[:1],
        problem.packers[:1],
    )
    station = np.zeros(len(kept), np.int32)
    rank = np.empty(jobs, np.int32)
    rank[np.argsort(problem.due_s, kind="stable")] = np.arange(jobs)
    load, packers = problem.load_s[0], problem.packers[0]
    arrays = len(members), skip, extra, problem.ready_s, problem.work_s
    finish = _finish(members, *arrays, load, packers)
    assert finish == pytest.approx(finish_s(alone, station)[0])
    by_due = members[np.argsort(rank[members])]
    late = _late(by_due, *arrays, problem.due_s, rank, load, packers)
    assert late == pytest.approx(lateness_s(alone, station))


@pytest.mark.parametrize("released", [False, True])
def test_local_search_levels_what_the_flow_has_filled(released):
    problem = random_problem(300, 10, 1, released=released)
    params = StationParams()
    filled = fill_slots(problem)
    levelled, converged = level(problem, filled, params)
    before, after = (objective(problem, s, params) for s in (filled, levelled))
    assert converged
    assert after < before
    # A local optimum indeed: no single move makes it better.
    rng = np.random.default_rng(0)
    for job, station in zip(
        rng.integers(0, 300, 60), rng.integers(0, 10, 60), strict=True
    ):
        moved = levelled.copy()
        moved[job] = station
        assert objective(problem, moved, params) >= after - 1e-6


def test_large_problems_are_balanced_close_to_the_bound():
    result = solve(random_problem(600, 12, 2, released=False))
    assert result.gap < 0.02
    largest = result.statistics["largest_finish_s"]
    assert largest <= 1.005 * result.statistics["largest_finish_bound_s"]


def test_more_weight_on_travel_saves_travel():
    problem = random_problem(200, 8, 3, released=False)
    light, heavy = (
        solve(problem, params=StationParams(travel_weight=weight)).statistics
        for weight in (0.0001, 1.0)
    )
    assert heavy["travel"] < light["travel"]
    assert heavy["largest_finish_s"] >= light["largest_finish_s"]


def test_the_same_seed_gives_the_same_choice():
    for jobs in (12, 250):
        problem = random_problem(jobs, 5, 4)
        first, second = (solve(problem, seed=7).solution for _ in range(2))
        assert first.station.tobytes() == second.station.tobytes()
        assert first.finish_s.tobytes() == second.finish_s.tobytes()


def test_a_good_start_is_never_made_worse_and_no_time_is_respected():
    problem = random_problem(200, 8, 5, released=False)
    good = solve(problem)
    again = solve(problem, initial=good.solution.station)
    assert again.objective <= good.objective + 1e-9
    rushed = solve(problem, Stop(time_limit_s=0.0))
    assert rushed.termination == Termination.TIME_LIMIT
    assert rushed.solution.station.shape == (200,)


def test_no_jobs_and_one_station():
    nothing = StationProblem([], [], [], np.zeros((0, 2)), [5.0, 7.0], [1, 1])
    result = solve(nothing)
    assert result.solution.finish_s.tolist() == [5.0, 7.0]
    assert result.status == Status.OPTIMAL
    assert solve(random_problem(5, 1, 6)).solution.station.tolist() == [0] * 5


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("work_s", [30.0, -1.0], "E302"),
        ("work_s", [30.0, float("nan")], "E302"),
        ("ready_s", [0.0, np.inf], "E302"),
        ("ready_s", [0.0], "E301"),
        ("due_s", [0.0, float("nan")], "E302"),
        ("travel", [1.0, 2.0], "E301"),
        ("travel", [[1.0, 2.0], [3.0, np.inf]], "E302"),
        ("travel", [["a", "b"], ["c", "d"]], "E301"),
        ("packers", [1, 0], "E302"),
        ("packers", [1.0, 2.0], "E301"),
    ],
)
def test_bad_arguments_are_refused_by_name(name, value, code):
    with pytest.raises(SolverError) as caught:
        StationProblem(**FIELDS | {name: value})
    assert caught.value.code == code
    assert name in str(caught.value)
    assert "need" in str(caught.value)


@pytest.mark.parametrize(
    ("initial", "code"), [([0], "E301"), ([0, 2], "E303"), ([0, -1], "E303")]
)
def test_a_bad_start_is_refused(initial, code):
    with pytest.raises(SolverError) as caught:
        solve(StationProblem(**FIELDS), initial=np.array(initial))
    assert caught.value.code == code


def test_jobs_without_stations_are_refused():
    with pytest.raises(SolverError, match="no station"):
        StationProblem([1.0], [0.0], [9.0], np.zeros((1, 0)), [], [])
