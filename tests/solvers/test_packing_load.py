"""One container: loads keep the rules, are full on small cases, and come in time."""

import csv
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.packing.beam_search import LoadParams, load_kernels, solve
from solvers.packing.bounds import volume_bound
from solvers.packing.problem import NO_BOX, Boxes, Load, LoadProblem
from solvers.packing.published import load_problem
from solvers.result import Status, Stop, Termination
from tests import naive_packing as naive
from tests.packing_checks import broken_in_load
from warehouse.errors import SolverError
from warehouse.formats.packing_csv import read_packing_set

SMALL = LoadParams(blocks=200, threads=1)


def mixed(seed: int, kinds: int = 6, copies: int = 6, **rules) -> LoadProblem:
    """A problem of many boxes, some of which may not be turned on their sides."""
    rng = np.random.default_rng(seed)
    rotations = np.ones((kinds, 6), bool)
    rotations[::2, 2:] = False
    boxes = Boxes(
        rng.integers(12, 40, (kinds, 3)), rng.integers(1, copies + 1, kinds),
        rotations, rng.integers(1, 5, kinds) / 2, rng.random(kinds) < 0.2,
    )  # fmt: skip
    return LoadProblem(boxes, [80, 60, 50], **rules)


@st.composite
def problems(draw) -> LoadProblem:
    kinds = draw(st.integers(1, 4))

    def many(one):
        return np.array(draw(st.lists(one, min_size=kinds, max_size=kinds)))

    edge = st.integers(1, 6)
    ways = st.lists(st.booleans(), min_size=6, max_size=6).filter(any)
    boxes = Boxes(
        size=many(st.tuples(edge, edge, edge)),
        copies=many(st.integers(0, 4)),
        rotations=many(ways),
        mass_kg=many(st.floats(0, 3, width=16)),
        fragile=many(st.booleans()),
    )
    container = draw(st.tuples(*[st.integers(2, 9)] * 3))
    limit = draw(st.one_of(st.just(float("inf")), st.floats(0, 12)))
    support = draw(st.sampled_from([0.0, 0.5, 0.75, 1.0]))
    return LoadProblem(boxes, container, limit, support)


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 3))
def test_every_load_keeps_every_rule_and_the_bound(problem, seed):
    result = solve(problem, Stop(iterations=40), seed=seed, params=SMALL)
    assert broken_in_load(problem, result.solution) == []
    volume = problem.boxes.volume[result.solution.kind].sum()
    assert volume == result.objective <= result.upper_bound


@pytest.mark.parametrize("support", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_mixed_boxes_keep_every_rule(seed, support):
    problem = mixed(seed, max_mass_kg=30.0, support=support)
    result = solve(problem, Stop(iterations=200), params=SMALL)
    assert broken_in_load(problem, result.solution) == []
    assert len(result.solution) > 5


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(1, 3)] * 3), min_size=1, max_size=3),
    st.tuples(*[st.integers(2, 3)] * 3),
    st.sampled_from([0.0, 1.0]),
)
def test_small_containers_are_as_full_as_can_be(sizes, container, share):
    problem = LoadProblem(
        Boxes.plain(sizes, [1] * len(sizes)), container, support=share
    )
    best = naive.most_volume([naive.turned(size) for size in sizes], container, share)
    result = solve(problem, Stop(iterations=300), params=SMALL)
    assert result.objective == best <= volume_bound(problem)


def test_cubes_fill_a_cube():
    problem = LoadProblem(Boxes.plain([[2, 2, 2]], [27]), [6, 6, 6], support=1.0)
    result = solve(problem, Stop())
    assert (result.status, result.termination) == (
        Status.OPTIMAL, Termination.PROVED
    )  # fmt: skip
    assert result.objective == 216 and result.gap == 0


def test_boxes_come_in_an_order_to_put_them_in_from_above():
    load = solve(mixed(3), Stop(iterations=50)).solution
    assert (np.diff(load.position[:, 2]) >= 0).all()


def test_a_mass_limit_bounds_the_volume():
    boxes = Boxes(
        np.array([[2, 2, 2], [2, 2, 2]]), np.array([3, 3]), np.ones((2, 6), bool),
        np.array([1.0, 4.0]), np.zeros(2, bool),
    )  # fmt: skip
    problem = LoadProblem(boxes, [9, 9, 9], 7.0)
    result = solve(problem, Stop())
    assert result.objective == 32 and result.status == Status.OPTIMAL
    assert volume_bound(problem) == 32


def test_sums_of_masses_are_not_refused_for_rounding():
    boxes = Boxes(
        np.array([[1, 1, 1]]), np.array([3]), np.ones((1, 6), bool),
        np.array([0.1]), np.zeros(1, bool),
    )  # fmt: skip
    problem = LoadProblem(boxes, [3, 3, 3], 0.3)
    result = solve(problem, Stop())
    assert len(result.solution) == 3 and broken_in_load(problem, result.solution) == []


def test_nothing_stands_above_a_fragile_box():
    boxes = Boxes(
        np.array([[2, 2, 1]]), np.array([4]), np.ones((1, 6), bool),
        np.zeros(1), np.array([True]),
    )  # fmt: skip
    problem = LoadProblem(boxes, [2, 2, 4])
    # Two stand on end beside each other; lying flat there is room for one.
    assert len(solve(problem, Stop()).solution) == 2


@pytest.mark.parametrize("support", [0.0, 0.7, 1.0])
def test_the_same_seed_gives_the_same_load_with_one_thread_and_two(support):
    problem = mixed(1, support=support)
    loads = [
        solve(
            problem, Stop(iterations=333), seed=5, params=LoadParams(threads=threads)
        ).solution
        for threads in (1, 2, 2)
    ]
    for load in loads[1:]:
        for name in ("kind", "rotation", "position"):
            assert (getattr(load, name) == getattr(loads[0], name)).all()


def test_iterations_are_counted_and_more_are_no_worse():
    problem = mixed(2, kinds=10)
    few = solve(problem, Stop(iterations=7))
    many = solve(problem, Stop(iterations=300))
    assert few.statistics["trials"] == 7
    assert few.termination == Termination.ITERATION_LIMIT
    assert many.objective >= few.objective


@pytest.mark.parametrize("limit_s", [0.0, 0.3])
def test_the_time_limit_holds(limit_s):
    problem = mixed(4, kinds=20, copies=20)
    load_kernels()
    began = time.perf_counter()
    result = solve(problem, Stop(time_limit_s=limit_s))
    assert time.perf_counter() - began < limit_s + 0.5  # loaded machines are slow
    assert result.termination == Termination.TIME_LIMIT


def test_an_interrupt_ends_the_search():
    result = solve(mixed(4, kinds=20), Stop(interrupted=lambda: True))
    assert result.termination == Termination.INTERRUPTED
    assert len(result.solution) > 0


def test_progress_is_told_and_an_initial_load_is_kept():
    problem = mixed(5)
    good = solve(problem, Stop(iterations=300)).solution
    told = []
    again = solve(
        problem,
        Stop(iterations=1),
        initial=good,
        on_progress=lambda share, words: told.append((share, words)),
    )
    assert again.objective >= problem.boxes.volume[good.kind].sum()
    assert told and all(0 <= share <= 1 for share, _ in told)


def test_a_search_that_left_nothing_out_ends_by_itself():
    problem = LoadProblem(
        Boxes.plain([[3, 3, 3], [2, 2, 2], [1, 1, 1]], [1, 1, 1]), [4, 4, 4]
    )
    result = solve(problem, Stop(time_limit_s=60))
    assert result.objective == 28
    assert result.termination == Termination.CONVERGED and result.runtime_s < 30


def test_large_problems_are_taken():
    problem = LoadProblem(
        Boxes.plain(np.arange(1, 601)[:, None] % 37 + [3, 4, 5], [16] * 600),
        [1200, 800, 900], support=1.0,
    )  # fmt: skip
    result = solve(problem, Stop(iterations=1))
    assert result.objective > 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"size": [[1, 0, 2]]}, "E302"),
        ({"size": [[1, 2]]}, "E301"),
        ({"copies": [10_001]}, "E302"),
        ({"rotations": np.zeros((1, 6), bool)}, "E302"),
        ({"rotations": np.ones((1, 6), int)}, "E301"),
        ({"mass_kg": [float("nan")]}, "E302"),
        ({"fragile": [0.5]}, "E301"),
    ],
)
def test_wrong_boxes_are_refused(change, code):
    fields = {
        "size": [[1, 2, 3]], "copies": [1], "rotations": np.ones((1, 6), bool),
        "mass_kg": [0.0], "fragile": np.zeros(1, bool),
    }  # fmt: skip
    with pytest.raises(SolverError) as error:
        Boxes(**(fields | change))
    assert error.value.code == code


def test_wrong_problems_and_loads_are_refused():
    boxes = Boxes.plain([[1, 1, 1]], [1])
    for bad in ({"support": 1.5}, {"max_mass_kg": -1.0}, {"container": [0, 1, 1]}):
        with pytest.raises(SolverError, match="E302"):
            LoadProblem(**({"boxes": boxes, "container": [1, 1, 1]} | bad))
    with pytest.raises(SolverError, match="E303"):
        solve(
            LoadProblem(boxes, [2, 2, 2]), Stop(), initial=Load([7], [0], [[0, 0, 0]])
        )
    with pytest.raises(SolverError, match="E302"):
        LoadParams(threads=3)
    assert len(NO_BOX) == 0


@pytest.mark.data
def test_no_published_load_is_above_the_bound_and_some_are_solved(bench_data):
    folder = bench_data / "orders" / "packing3d"
    if not folder.is_dir():
        pytest.skip("no folder orders/packing3d")
    with (folder / "bks_BR1_7.csv").open(encoding="utf-8", newline="") as file:
        known = {
            row["Path"].partition("/")[2]: int(row["Best known solution value"])
            for row in csv.DictReader(file)
        }
    instances = list(read_packing_set(folder / "BR1_7.tgz"))
    assert len(instances) == len(known) == 700
    for number, instance in enumerate(instances):
        problem = load_problem(instance, 1.0)
        assert known[instance.name] <= volume_bound(problem)
        if number % 200 == 0:
            result = solve(problem, Stop(iterations=60))
            assert broken_in_load(problem, result.solution) == []
            assert result.objective > 0.85 * problem.volume
