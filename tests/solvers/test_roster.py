"""Rosters of several stations: timing, rules, search, exact method, bounds."""

import time

import numpy as np
import pytest
from hypothesis import given, settings

from solvers.result import Status, Stop, Termination
from solvers.scheduling.roster import subsets
from solvers.scheduling.roster.bounds import bound
from solvers.scheduling.roster.methods import RULES
from solvers.scheduling.roster.problem import NEVER, Breaks, RosterProblem, Value
from solvers.scheduling.roster.routes import Routes
from solvers.scheduling.roster.rules import routes_by_rule
from solvers.scheduling.roster.search import new_state, prices_of
from solvers.scheduling.roster.search_kernels import LATE, OUT, TARDY, anneal
from solvers.scheduling.roster.solve import RosterParams, load_kernels, solve
from solvers.scheduling.roster.subsets import best_of_few
from solvers.scheduling.roster.timing_kernels import TOO_LATE, route_value
from tests.naive_rosters import every_value, route_ends, value_of
from tests.roster_problems import roster_problems, seeded_problem

LEVELS = ("unpacked", "late_weight", "tardiness_s", "makespan_s")


def lists(routes):
    pairs = zip(routes.jobs, routes.counts, strict=True)
    return [route[:count].tolist() for route, count in pairs]


def levels(result):
    return [result.statistics[name] for name in LEVELS]


def bounds_of(result):
    names = ("unpacked_bound", "late_weight_bound", "tardiness_bound_s",
             "makespan_bound_s")  # fmt: skip
    return [result.statistics[name] for name in names]


@pytest.mark.kernel
@settings(deadline=None, max_examples=150)
@given(roster_problems())
def test_times_of_a_route_are_those_of_the_naive_twin(problem):
    work = problem.work
    for packer in range(problem.packers):
        able = np.flatnonzero(work.duration[:, packer] >= 0)
        ends = np.full(problem.jobs, -7, np.int64)
        late, _, last = route_value(
            work, packer, able.astype(np.int32), len(able), ends
        )
        naive = route_ends(work, packer, able.tolist())
        if naive is None:
            assert late == TOO_LATE
        else:
            assert ends[: len(able)].tolist() == naive
            assert last == max(naive, default=0)


@pytest.mark.kernel
@settings(deadline=None, max_examples=40)
@given(roster_problems(most_jobs=8, most_packers=3))
def test_rules_give_each_job_to_one_packer_who_may_do_it(problem):
    work = problem.work
    for rule in RULES:
        routes = routes_by_rule(work, rule)
        value = routes.value(work)
        found = lists(routes)
        jobs = [job for route in found for job in route]
        assert len(jobs) == len(set(jobs)) == problem.jobs - value.unpacked
        for packer, route in enumerate(found):
            assert (work.duration[route, packer] >= 0).all()
        assert value_of(work, found) == value


@pytest.mark.kernel
@settings(deadline=None, max_examples=20)
@given(roster_problems(most_jobs=7, most_packers=3))
def test_the_search_knows_the_value_of_its_routes(problem):
    work = problem.work
    routes = routes_by_rule(work, "first-come")
    routes.leave_out_late_ends(work)
    prices = prices_of(work, routes)
    state = new_state(work, routes, prices, 1)
    for temperature in (1e9, 1e3, 0.0):
        anneal(work, state, prices, temperature, 100)
        now = Routes(state.jobs[:-2], state.counts)
        value = value_of(work, lists(now))
        assert value[:3] == tuple(state.total[[OUT, LATE, TARDY]])
        out = set(state.out[: state.total[OUT]].tolist())
        done = {job for route in lists(now) for job in route}
        assert not out & done and len(out | done) == problem.jobs
        best = Routes(state.best_jobs, state.best_counts)
        assert value_of(work, lists(best)) == tuple(state.best)
        assert tuple(state.best) <= value


@settings(deadline=None, max_examples=40)
@given(roster_problems(most_jobs=4))
def test_small_problems_are_solved_and_bounds_hold(problem):
    work = problem.work
    values = list(every_value(work))
    best = min(values)
    result = solve(problem, params=RosterParams(moves=2000))
    found = Value(
        *(round(x * 1000) if k > 1 else x for k, x in enumerate(levels(result)))
    )
    assert found == best
    assert result.status == Status.OPTIMAL
    floor = bound(problem, work, np.inf)
    assert floor.unpacked <= best.unpacked
    assert floor.late <= min(value.late for value in values)
    complete = [value for value in values if value.unpacked == 0]
    if complete:
        assert floor.tardiness_ms <= min(value.tardiness_ms for value in complete)
        assert floor.makespan_ms <= min(value.makespan_ms for value in complete)


def late_bound(**changed):
    """Bound on late orders of one packer who has three of 10 s to pack until 55 s."""
    given = {
        "ready_s": np.zeros(3), "due_s": np.full(3, 55.0), "priority": [0] * 3,
        "kind": [0, 1, 2], "work_s": np.full(3, 10.0), "setup_s": np.full(3, 10.0),
        "able": np.ones((3, 1), bool), "speed": [1.0], "shift_start_s": [0.0],
        "shift_end_s": [np.inf],
    }  # fmt: skip
    problem = RosterProblem(**(given | changed))
    floor = bound(problem, problem.work, np.inf)
    assert floor.late <= min(every_value(problem.work)).late
    return floor.late


def test_the_bound_counts_setups_that_cannot_be_avoided():
    assert late_bound() == 1
    assert late_bound(kind=[0, 1, 1]) == 0
    assert late_bound(first_kind=[1]) == 0
    assert late_bound(due_s=np.full(3, 60.0)) == 0
    assert late_bound(due_s=np.full(3, 39.0)) == 2
    assert late_bound(able=np.ones((3, 3), bool), speed=np.ones(3),
                      shift_start_s=np.zeros(3),
                      shift_end_s=np.full(3, np.inf)) == 0  # fmt: skip


def test_the_bound_counts_whole_orders():
    """Two packers have time for one order each, and together for two and a half."""
    two = {"able": np.ones((3, 2), bool), "speed": np.ones(2),
           "shift_start_s": np.zeros(2), "shift_end_s": np.full(2, np.inf)}  # fmt: skip
    assert late_bound(setup_s=np.zeros(3), due_s=np.full(3, 15.0), **two) == 1


@pytest.mark.kernel
@settings(deadline=None, max_examples=30)
@given(roster_problems(most_jobs=4))
def test_sets_of_few_jobs_are_parted_in_the_best_way(problem):
    work = problem.work
    routes = best_of_few(work, np.inf)
    best = min(every_value(work))
    assert routes.value(work) == best == value_of(work, lists(routes))


def test_few_jobs_without_time_or_room_are_searched(monkeypatch):
    problem = seeded_problem(9, 2, 2, 1)
    assert best_of_few(problem.work, 0.0) is None
    monkeypatch.setattr(subsets, "_MOST_LABELS", 3)
    assert best_of_few(problem.work, np.inf) is None
    result = solve(problem, Stop(iterations=500))
    assert result.statistics["moves"] == 500
    check = lists(Routes.of(problem.work, result.solution))
    assert sorted(job for route in check for job in route) == list(range(9))


@pytest.mark.parametrize("seed", range(3))
def test_three_methods_agree_on_a_day_of_ten_orders(seed):
    problem = seeded_problem(10, 3, 2, seed, load=0.7)
    by_sets = solve(problem)
    search = solve(problem, seed=seed, params=RosterParams(exact_jobs=0, moves=200_000))
    assert by_sets.status == Status.OPTIMAL and by_sets.statistics["moves"] == 0
    assert levels(search) == levels(by_sets)


@pytest.mark.parametrize("seed", range(4))
def test_the_search_alone_finds_what_the_exact_method_proves(seed):
    problem = seeded_problem(7, 2, 2, seed)
    search = solve(problem, seed=seed, params=RosterParams(moves=60_000, exact_jobs=0))
    exact = solve(problem, params=RosterParams(method="exact"))
    assert exact.status == Status.OPTIMAL
    assert levels(search) == levels(exact)
    assert bounds_of(exact) == levels(exact)


def test_the_search_beats_every_rule():
    problem = seeded_problem(120, 4, 5, 1, load=1.0)
    result = solve(problem, params=RosterParams(moves=100_000))
    for rule in RULES:
        alone = solve(problem, params=RosterParams(method=rule))
        assert levels(result) < levels(alone)
        assert alone.solver == f"scheduling: {rule}"
    assert all(a >= b for a, b in zip(levels(result), bounds_of(result), strict=True))
    assert result.termination == Termination.ITERATION_LIMIT


def test_the_same_seed_gives_the_same_roster():
    problem = seeded_problem(60, 3, 4, 2)
    first, second = (
        solve(problem, Stop(iterations=20_000), seed=5).solution for _ in range(2)
    )
    for name in ("packer", "start_s", "end_s"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


def test_it_begins_where_it_is_told():
    problem = seeded_problem(60, 3, 4, 2)
    good = solve(problem, Stop(iterations=40_000))
    again = solve(problem, Stop(iterations=0), initial=good.solution)
    assert levels(again) <= levels(good)


def test_it_stops_in_time():
    problem = seeded_problem(400, 10, 6, 3, load=1.1)
    load_kernels()
    for limit_s in (0.0, 1.0):
        begun = time.perf_counter()
        result = solve(problem, Stop(time_limit_s=limit_s))
        # Rules alone come first; what a loaded machine adds is no overshoot.
        assert time.perf_counter() - begun < limit_s + 1.5
        assert result.solution is not None


def test_the_exact_method_stops_in_time():
    load_kernels()
    begun = time.perf_counter()
    result = solve(
        seeded_problem(120, 5, 4, 3, load=1.1),
        Stop(time_limit_s=0.5),
        params=RosterParams(method="exact"),
    )
    assert time.perf_counter() - begun < 2.0
    assert result.solver == "scheduling: exact"
    assert result.termination == Termination.TIME_LIMIT


def test_what_is_too_large_for_the_exact_method_is_searched():
    problem = seeded_problem(400, 3, 4, 3, load=1.1)
    params = RosterParams(method="exact", moves=100)
    assert solve(problem, params=params).solver == "scheduling: search"


def test_it_can_be_interrupted():
    problem = seeded_problem(60, 3, 4, 2, load=1.1)
    result = solve(problem, Stop(interrupted=lambda: True))
    assert result.termination == Termination.INTERRUPTED


def test_a_break_waits_for_the_order_in_hand():
    problem = RosterProblem(
        [0.0, 0.0], [np.inf] * 2, [0, 0], [0, 0], [6.0, 3.0], [0.0],
        np.ones((2, 1), bool), [1.0], [0.0], [np.inf],
        breaks=Breaks([0], [5.0], [15.0], [1.0]),
    )  # fmt: skip
    result = solve(problem)
    # The long one first: the break begins a second late, at its end.
    assert result.solution.end_s.tolist() == [6.0, 19.0]
    assert result.status == Status.OPTIMAL


def test_what_does_not_fit_into_the_shift_is_left_out():
    problem = RosterProblem(
        [0.0] * 3, [np.inf] * 3, [0, 0, 0], [0, 0, 0], [4.0, 5.0, 6.0], [0.0],
        np.ones((3, 1), bool), [1.0], [0.0], [9.5],
    )  # fmt: skip
    result = solve(problem)
    assert result.solution.packer.tolist() == [0, 0, -1]
    assert result.statistics["unpacked"] == result.statistics["unpacked_bound"] == 1


def test_orders_without_packers_are_nobodys():
    problem = RosterProblem(
        [0.0], [9.0], [0], [0], [4.0], [0.0], np.ones((1, 0), bool), [], [], []
    )
    result = solve(problem)
    assert result.solution.packer.tolist() == [-1]
    assert result.objective == 1


FIELDS = {
    "ready_s": [0.0, 5.0],
    "due_s": [np.inf, 60.0],
    "priority": [0, 1],
    "kind": [0, 1],
    "work_s": [30.0, 20.0],
    "setup_s": [1.0, 2.0],
    "able": [[True], [True]],
    "speed": [1.0],
    "shift_start_s": [0.0],
    "shift_end_s": [np.inf],
}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ready_s", [0.0, -5.0], "E302"),
        ("due_s", [1.0, float("nan")], "E302"),
        ("kind", [0, 2], "E303"),
        ("work_s", [1.0, 2e9], "E302"),
        ("able", [[True, True]], "E301"),
        ("speed", [0.0], "E302"),
        ("first_kind", [2], "E302"),
        ("breaks", Breaks([1], [0.0], [1.0], [0.0]), "E303"),
    ],
)
def test_bad_arguments_are_refused_by_name(name, value, code):
    from warehouse.errors import SolverError

    with pytest.raises(SolverError) as caught:
        RosterProblem(**FIELDS | {name: value})
    assert caught.value.code == code
    assert "need" in str(caught.value)


def test_an_unknown_method_is_refused():
    from warehouse.errors import SolverError

    with pytest.raises(SolverError, match="E302"):
        solve(RosterProblem(**FIELDS), params=RosterParams(method="fast"))


def test_no_due_time_is_never_late():
    work = RosterProblem(**FIELDS).work
    assert work.due[0] == NEVER
    assert work.due[1] == 60_000
