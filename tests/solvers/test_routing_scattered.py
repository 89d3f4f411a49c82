"""Tours that choose among the places of an article: against every choice, and files."""

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.result import Status, Stop
from solvers.routing.aisle_length import aisle_floor, length_work, tour_length
from solvers.routing.aisle_methods import solve_scattered_by
from solvers.routing.mainz_problem import scattered_problem
from solvers.routing.packed_amounts import add_amounts, brings_as_much, packing_of
from solvers.routing.parallel_aisles import AisleProblem
from solvers.routing.ratliff_rosenthal import solve_aisles
from solvers.routing.scattered_problem import ScatteredProblem, picks_at
from solvers.routing.scattered_storage import ScatteredParams, solve_scattered
from tests.mainz_files import GOOD
from tests.naive_routing import walk_faults
from warehouse.errors import SolverError
from warehouse.formats.mainz_sets import read_mainz_set, read_published_values


def random_problem(seed, *, crosses=2, places=9, articles=3, most=2, whole=True):
    rng = np.random.default_rng(seed)
    aisles = int(rng.integers(1, 6))
    cross_y = np.arange(crosses) * 9.0
    y = rng.integers(1, cross_y[-1], places) + (0.0 if whole else 0.3)
    stock = AisleProblem(
        np.arange(aisles) * 3.0,
        cross_y,
        rng.integers(0, aisles, places).astype(np.int32),
        y,
        int(rng.integers(aisles)),
        int(rng.integers(crosses)),
        float(rng.choice([0.0, 1.5])),
    )
    article = rng.integers(0, articles, places).astype(np.int32)
    quantity = rng.integers(1, most + 1, places).astype(np.int32)
    supply = np.bincount(article, quantity, articles).astype(np.int64)
    demand = rng.integers(0, np.minimum(supply, 4) + 1).astype(np.int32)
    return ScatteredProblem(stock, article, quantity, demand)


def naive_length(problem):
    """Shortest tour over every set of places that holds the demand."""
    best = np.inf
    for mask in product([False, True], repeat=problem.stock.picks):
        places = np.flatnonzero(mask)
        have = np.bincount(
            problem.article[places], problem.quantity[places], len(problem.demand)
        )
        if (have >= problem.demand).all():
            tour = solve_aisles(picks_at(problem, places))
            best = min(best, tour.objective)
    return best


def assert_serves(problem, tour):
    taken = np.bincount(
        problem.article[tour.places], tour.quantity, len(problem.demand)
    )
    assert taken.tolist() == problem.demand.tolist()
    assert (tour.quantity <= problem.quantity[tour.places]).all()
    assert (tour.quantity > 0).all()
    places = np.sort(tour.places)
    assert len(set(places.tolist())) == len(places)
    assert walk_faults(picks_at(problem, places), tour.tour) == []


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("crosses", [2, 3])
def test_is_the_best_of_all_choices(seed, crosses):
    problem = random_problem(seed, crosses=crosses, places=7, whole=seed % 3 > 0)
    result = solve_scattered(problem, Stop())
    assert result.status == Status.OPTIMAL
    assert result.objective == pytest.approx(naive_length(problem))
    assert_serves(problem, result.solution)


@pytest.mark.parametrize("seed", range(5))
def test_few_labels_still_give_a_tour_and_a_bound(seed):
    problem = random_problem(seed, places=40, articles=9)
    exact = solve_scattered(problem, Stop())
    assert exact.status == Status.OPTIMAL
    few = solve_scattered(
        problem, Stop(), params=ScatteredParams(rounds=1, steps=3, labels=(1,))
    )
    assert few.lower_bound <= exact.objective + 1e-6
    assert few.objective >= exact.objective - 1e-6
    assert_serves(problem, few.solution)


def test_same_seed_and_iterations_same_tour():
    problem = random_problem(3, places=40, articles=9)
    first, second = (
        solve_scattered(problem, Stop(iterations=1), seed=5) for _ in range(2)
    )
    assert first.solution.places.tolist() == second.solution.places.tolist()
    assert first.lower_bound == second.lower_bound


def test_no_time_still_gives_a_tour():
    problem = random_problem(1, places=40, articles=9)
    result = solve_scattered(problem, Stop(time_limit_s=0.0))
    assert_serves(problem, result.solution)
    assert result.lower_bound <= result.objective


@pytest.mark.parametrize("method", ["s-shape", "return", "local-search", "or-tools"])
def test_other_methods_take_the_nearest_places(method):
    problem = random_problem(2, places=20, articles=4)
    exact = solve_scattered(problem, Stop())
    stop = Stop(time_limit_s=0.1, iterations=50)
    result = solve_scattered_by(method, problem, stop)
    assert result.status == Status.FEASIBLE
    assert result.objective >= exact.objective - 1e-6
    assert_serves(problem, result.solution)


@pytest.mark.parametrize(
    ("article", "quantity", "demand", "words"),
    [
        ([0, 1], [1, 1], [3, 1], "3 of article 0 needed, 1 in stock"),
        ([0, 0], [1, 1], [1, 1], "1 of article 1 needed, 0 in stock"),
        ([0, 2], [1, 1], [1, 1], "outside 0 to 1"),
        ([0, 1], [1, 0], [1, 1], "quantity below 1"),
        ([0], [1], [1, 1], "1 articles, 1 quantities for 2 places"),
    ],
)
def test_refuses(article, quantity, demand, words):
    stock = AisleProblem(
        np.array([0.0]),
        np.array([0.0, 9.0]),
        np.array([0, 0], np.int32),
        np.array([1.0, 2.0]),
        0,
        0,
    )
    columns = (np.array(values, np.int32) for values in (article, quantity, demand))
    with pytest.raises(SolverError, match=words) as refused:
        ScatteredProblem(stock, *columns)
    assert refused.value.code == "E335"


@pytest.mark.kernel
@settings(max_examples=40)
@given(st.data())
def test_packed_amounts_add_and_compare(data):
    demand = data.draw(st.lists(st.integers(0, 40), min_size=1, max_size=30))
    demand = np.array(demand, np.int32)
    packing = packing_of(demand)

    def pack(amounts):
        words = [0] * len(packing.demand)
        for article, amount in enumerate(amounts):
            word, field = divmod(article, packing.per_word)
            words[word] |= int(amount) << (field * packing.width)
        return np.array(words, np.uint64)

    a, b = (
        np.array([data.draw(st.integers(0, int(most))) for most in demand])
        for _ in range(2)
    )
    total = np.minimum(a + b, demand)
    out = np.zeros(len(packing.demand), np.uint64)
    is_met = add_amounts(pack(a), pack(b), packing, out)
    assert out.tolist() == pack(total).tolist()
    assert is_met == bool((total == demand).all())
    assert brings_as_much(pack(a), pack(b), packing) == bool((a >= b).all())


@pytest.mark.kernel
@pytest.mark.parametrize("crosses", [2, 3, 4])
def test_length_inside_kernels_is_that_of_the_tour(crosses):
    for seed in range(8):
        stock = random_problem(seed, crosses=crosses, places=12).stock
        floor, place_of_pick = aisle_floor(stock)
        work = length_work(floor)
        rng = np.random.default_rng(seed)
        picks = np.sort(rng.choice(12, int(rng.integers(0, 13)), replace=False))
        problem = random_problem(seed, crosses=crosses, places=12)
        places = np.sort(place_of_pick[picks]).astype(np.int32)
        length = tour_length(places, len(places), floor, work)
        assert length == pytest.approx(solve_aisles(picks_at(problem, picks)).objective)


def test_command_chooses_the_places(tmp_path):
    path = tmp_path / "tiny.txt"
    path.write_text(GOOD, encoding="latin-1")
    done = CliRunner().invoke(app, ["solve", "tour", str(path), "--json"])
    assert done.exit_code == 0
    (tour,) = json.loads(done.stdout)["tours"]
    assert tour["status"] == "optimal"
    taken = {}
    for pick in tour["picks"]:
        taken[pick["article"]] = taken.get(pick["article"], 0) + pick["quantity"]
    (instance,) = read_mainz_set(path)
    ordered = instance.article_id[instance.line_article].tolist()
    assert taken == dict(zip(ordered, instance.line_quantity.tolist(), strict=True))


def test_command_chooses_the_places_in_two_blocks(tmp_path):
    # The order needs both places of article 9 and the one of article 7.
    path = tmp_path / "tiny.txt"
    path.write_text(GOOD, encoding="latin-1")
    done = CliRunner().invoke(
        app, ["solve", "tour", str(path), "--blocks", "2", "--json"]
    )
    assert done.exit_code == 0
    (tour,) = json.loads(done.stdout)["tours"]
    assert tour["status"] == "optimal"
    (instance,) = read_mainz_set(path)
    problem = scattered_problem(instance, blocks=2)
    assert problem.stock.cross_y.tolist() == [0.0, 6.5, 13.5]
    assert tour["length"] == naive_length(problem)
    # With one unit of article 9 less, the place with two is enough.
    path.write_text(GOOD.replace("ID 9 QUANTITY 3", "ID 9 QUANTITY 2"), "latin-1")
    (instance,) = read_mainz_set(path)
    problem = scattered_problem(instance, blocks=2)
    result = solve_scattered(problem, Stop())
    assert result.objective == naive_length(problem) < tour["length"]


@pytest.mark.parametrize(
    ("line", "instead", "words"),
    [
        ("ID 9 QUANTITY 3", "ID 9 QUANTITY 4", "4 units of article 9 ordered"),
        ("ID 9 AISLE", "ID 7 AISLE", "article 9 is ordered and lies nowhere"),
    ],
)
def test_command_refuses_what_stock_cannot_serve(tmp_path, line, instead, words):
    path = tmp_path / "tiny.txt"
    path.write_text(GOOD.replace(line, instead), encoding="latin-1")
    done = CliRunner().invoke(app, ["solve", "tour", str(path)])
    assert done.exit_code == 1
    assert words in done.stderr


@pytest.mark.data
def test_published_optima_in_two_blocks(bench_data):
    folder = bench_data / "orders" / "sprp"
    published = read_published_values(folder / "results_SPRP-SS_two_block.csv.gz")
    instances = read_mainz_set(folder / "sprp_ss_first5_instances.tgz")
    # Published lengths of those with several units of an article are out of reach.
    once = [some for some in instances if (some.line_quantity == 1).all()]
    proved = 0
    for instance in once[::45]:
        problem = scattered_problem(instance, blocks=2)
        result = solve_scattered(
            problem, Stop(), params=ScatteredParams(labels=(60, 600))
        )
        best = published[instance.name]
        assert result.lower_bound <= best + 1e-6 <= result.objective + 2e-6
        assert_serves(problem, result.solution)
        proved += result.status == Status.OPTIMAL
    assert proved >= 8


@pytest.mark.data
def test_published_optima(bench_data):
    folder = bench_data / "orders" / "sprp"
    published = read_published_values(folder / "results_SPRP-SS.csv.gz")
    instances = list(read_mainz_set(folder / "sprp_ss_first5_instances.tgz"))
    proved = 0
    for instance in instances[::30]:
        problem = scattered_problem(instance)
        result = solve_scattered(
            problem, Stop(), params=ScatteredParams(labels=(60, 600))
        )
        best = published[instance.name]
        assert result.lower_bound <= best + 1e-6 <= result.objective + 2e-6
        assert_serves(problem, result.solution)
        if result.status == Status.OPTIMAL:
            assert result.objective == pytest.approx(best)
            proved += 1
    assert proved >= 24
