"""The tote problem: shortest trips on small cases, rules kept, time kept."""

import json
import tarfile
import time
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.result import Status, Stop, Termination
from solvers.totes import covering_tour
from solvers.totes.bound import least_length
from solvers.totes.covering_tour import _put_in, covering_trip
from solvers.totes.problem import ToteProblem
from solvers.totes.rafs import distances_mm, take_stock, tote_problem
from solvers.totes.solve import solve
from tests.warehouse.rawsim_files import RAFS_ORDERS, RAFS_PODS, write_rafs
from warehouse.check.tote_trips import TOTE_RULES, check_tote_trips
from warehouse.errors import InputError, SolverError
from warehouse.formats.rafs import read_rafs
from warehouse.formats.tote_trips import read_tote_trips, tote_trips_text


def random_problem(
    seed: int, orders: int = 5, skus: int = 4, nodes: int = 6, stations: int = 2
) -> ToteProblem:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 30, (2, nodes))
    distance = abs(x[:, None] - x) + abs(y[:, None] - y)
    held = [
        np.sort(rng.choice(np.arange(stations, nodes), rng.integers(1, 4), False))
        for _ in range(skus)
    ]
    asked = [
        np.sort(rng.choice(skus, rng.integers(1, 3), False)) for _ in range(orders)
    ]
    return ToteProblem(
        distance,
        stations,
        np.cumsum([0, *map(len, held)]),
        np.concatenate(held),
        np.cumsum([0, *map(len, asked)]),
        np.concatenate(asked),
        rng.integers(1, 5, orders),
        6,
    )


def naive_length(problem: ToteProblem, orders: list[int]) -> int:
    """Shortest trip of some orders: every choice of places in every order."""
    choices = [problem.places_of(sku).tolist() for sku in problem.skus_of(orders)]
    best = 1 << 40
    for chosen in {tuple(sorted(set(each))) for each in product(*choices)}:
        for way in permutations(chosen):
            for station in range(problem.stations):
                stops = [station, *way, station]
                length = problem.distance[stops[:-1], stops[1:]].sum()
                best = min(best, int(length))
    return best


def naive_total(
    problem: ToteProblem,
    orders: list[int],
    known: dict[tuple[int, ...], int] | None = None,
) -> int:
    """Least length of trips for some orders: the first with every set of others."""
    if not orders:
        return 0
    known = {} if known is None else known
    first, rest = orders[0], orders[1:]
    best = 1 << 40
    for bits in range(1 << len(rest)):
        mine = [first] + [o for k, o in enumerate(rest) if bits >> k & 1]
        if problem.mass[mine].sum() <= problem.capacity:
            if tuple(mine) not in known:
                known[tuple(mine)] = naive_length(problem, mine)
            others = [o for o in rest if o not in mine]
            total = known[tuple(mine)] + naive_total(problem, others, known)
            best = min(best, total)
    return best


@pytest.mark.kernel
@given(seed=st.integers(0, 10_000))
@settings(max_examples=30)
def test_covering_trip_is_the_shortest(seed):
    problem = random_problem(seed)
    skus = problem.skus_of(list(range(problem.orders)))
    places = [problem.places_of(sku) for sku in skus]
    trip = covering_trip(problem.distance, problem.stations, places)
    assert trip.exact
    assert trip.length == naive_length(problem, list(range(problem.orders)))
    stops = list(trip.nodes)
    assert problem.distance[stops[:-1], stops[1:]].sum() == trip.length
    assert stops[0] == stops[-1] < problem.stations
    assert all(set(each.tolist()) & set(stops) for each in places)


@pytest.mark.kernel
@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_places_are_put_in_by_the_least_detour(seed):
    problem = random_problem(seed)
    skus = range(len(problem.sku_start) - 1)
    places = [problem.places_of(sku).tolist() for sku in skus]
    start, distance = problem.sku_start.astype(np.int64), problem.distance
    way = np.zeros(len(skus) + 2, np.int64)
    count, farthest = _put_in(distance, way, 2, start, problem.sku_place)

    def detour(nodes, place, k):
        a, b = nodes[k : k + 2]
        return distance[a, place] + distance[place, b] - distance[a, b]

    nodes, missing = [0, 0], list(skus)
    assert farthest == max(
        missing, key=lambda sku: min(detour(nodes, p, 0) for p in places[sku])
    )
    while missing:
        options = [
            (detour(nodes, place, k), place, k)
            for sku in missing
            for place in places[sku]
            for k in range(len(nodes) - 1)
        ]
        _, place, k = min(options, key=lambda option: option[0])
        nodes.insert(k + 1, place)
        missing = [sku for sku in missing if place not in places[sku]]
    assert way[:count].tolist() == nodes


@pytest.mark.parametrize("seed", range(12))
def test_trips_are_proved_shortest_on_small_cases(seed):
    problem = random_problem(seed)
    result = solve(problem)
    assert (result.status, result.termination) == (Status.OPTIMAL, Termination.PROVED)
    assert result.objective == naive_total(problem, list(range(problem.orders)))
    assert result.lower_bound == result.objective
    served = sorted(order for trip in result.solution for order in trip.orders)
    assert served == list(range(problem.orders))


@pytest.mark.parametrize("seed", range(6))
def test_bound_holds_and_variation_finds_good_trips(seed, monkeypatch):
    monkeypatch.setattr("solvers.totes.carried.MOST_SETS", 3)
    problem = random_problem(seed)
    shortest = naive_total(problem, list(range(problem.orders)))
    result = solve(problem, seed=seed)
    assert result.lower_bound <= shortest <= result.objective
    assert result.objective <= 1.2 * shortest
    again = solve(problem, seed=seed)
    assert again.solution == result.solution


def test_bound_counts_the_trips_that_long_orders_need():
    problem = random_problem(3, orders=6)
    trips = [
        covering_trip(
            problem.distance,
            problem.stations,
            [problem.places_of(sku) for sku in problem.skus_of([order])],
        )
        for order in range(problem.orders)
    ]
    bound = least_length(problem, trips)
    guessed = [replace(trip, least=trip.least - 1) for trip in trips]
    assert least_length(problem, guessed) <= bound
    assert bound >= max(trip.length for trip in trips)


def test_many_skus_are_covered_by_the_nearest_next(monkeypatch):
    monkeypatch.setattr(covering_tour, "MOST_EXACT", 1)
    problem = random_problem(1)
    result = solve(problem)
    shortest = naive_total(problem, list(range(problem.orders)))
    assert result.lower_bound <= shortest <= result.objective


def test_what_cannot_be_carried_is_infeasible():
    heavy = ToteProblem([[0, 1], [1, 0]], 1, [0, 1], [1], [0, 1], [0], [3], 2)
    nowhere = ToteProblem([[0, 1], [1, 0]], 1, [0, 0], [], [0, 1], [0], [1], 2)
    for problem in (heavy, nowhere):
        result = solve(problem)
        assert (result.status, result.solution) == (Status.INFEASIBLE, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"distance": [[0, 1]]}, "E301"),
        ({"stations": 0}, "E302"),
        ({"sku_start": [0, 2]}, "E303"),
        ({"order_sku": [4]}, "E303"),
        ({"mass": [1, 2]}, "E301"),
        ({"capacity": -1}, "E302"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, code):
    good = {
        "distance": [[0, 1], [1, 0]],
        "stations": 1,
        "sku_start": [0, 1],
        "sku_place": [1],
        "order_start": [0, 1],
        "order_sku": [0],
        "mass": [1],
        "capacity": 2,
    }
    with pytest.raises(SolverError) as error:
        ToteProblem(**(good | change))
    assert error.value.code == code


def test_time_limit_is_kept():
    problem = random_problem(5, orders=40, skus=30, nodes=40)
    solve(random_problem(0))  # the kernel is ready
    began = time.perf_counter()
    result = solve(problem, Stop(time_limit_s=1.0))
    assert time.perf_counter() - began < 1.5
    assert result.solution is not None
    assert result.lower_bound <= result.objective


def solved(tmp_path, **changed):
    instance = read_rafs(*write_rafs(tmp_path, **changed))
    problem, kept = tote_problem(instance)
    trips = take_stock(instance, problem, kept, solve(problem).solution)
    return instance, kept, trips


def test_rafs_instance_is_solved_on_its_own_distances(tmp_path):
    instance, kept, trips = solved(tmp_path)
    assert kept == [0, 1]
    # Both SKUs lie at waypoint 2; 4.35 m there along one side, and back.
    assert [trip.length_mm for trip in trips] == [2 * (2150 + 3450 + 900)]
    assert check_tote_trips(instance, trips, []) == []


def test_orders_too_heavy_are_left_out(tmp_path):
    text = RAFS_ORDERS.replace('Weight="1.5"', 'Weight="9"')
    instance, kept, trips = solved(tmp_path, orders=text)
    assert kept == [1]
    assert check_tote_trips(instance, trips, [0]) == []


def test_trips_go_on_where_a_pod_is_empty(tmp_path):
    orders = RAFS_ORDERS.replace('Weight="1.5"', 'Weight="2"').replace(
        'Count="1" ItemDescriptionID="1"', 'Count="2" ItemDescriptionID="0"'
    )
    pods = RAFS_PODS.replace("red/a/4", "red/a/2")
    instance, _, trips = solved(tmp_path, orders=orders, pods=pods)
    assert len(trips) == 2
    assert len({trip.length_mm for trip in trips}) == 2
    assert check_tote_trips(instance, trips, []) == []


def test_checker_finds_each_kind_of_damage(tmp_path):
    instance, _, trips = solved(tmp_path)
    (trip,) = trips
    (pod, sku, units), *others = trip.picks
    damage = {
        "trip-index": replace(trip, station=1),
        "order-once": replace(trip, orders=[0, 0]),
        "trip-load": replace(trip, orders=[*trip.orders] * 3),
        "trip-units": replace(trip, picks=[(pod, sku, units + 1), *others]),
        "pod-stock": replace(trip, picks=[(pod, sku, 50), *others]),
        "trip-length": replace(trip, length_mm=1),
    }
    assert set(damage) == set(TOTE_RULES)
    for rule, damaged in damage.items():
        found = {each.rule for each in check_tote_trips(instance, [damaged], [])}
        assert rule in found


def test_units_of_one_place_come_from_several_pods(tmp_path):
    orders = RAFS_ORDERS.replace(
        'Count="1" ItemDescriptionID="0"', 'Count="3" ItemDescriptionID="0"', 1
    )
    orders = orders.replace('Weight="1.5"', 'Weight="0.5"')
    pods = "10;4.8/2.6;red/a/3;blue/b/9;\n11;5.7/2.6;red/a/1;\n12;4.8/-1.7;red/a/2;\n"
    instance, _, trips = solved(tmp_path, orders=orders, pods=pods)
    (trip,) = trips
    assert sorted(trip.picks) == [(0, 0, 3), (0, 1, 3), (2, 0, 1)]
    assert check_tote_trips(instance, trips, []) == []


def test_command_prints_length_and_bound(tmp_path):
    layout, pods, orders = map(str, write_rafs(tmp_path))
    words = ["solve", "totes", layout, "--pod-file", pods, "--order-file", orders]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.stderr
    assert "13.0 m in 1 trip for 2 orders" in ran.stdout
    assert "proved shortest" in ran.stdout
    facts = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert (facts["length_m"], facts["lower_bound_m"]) == (13.0, 13.0)
    assert facts["violations"] == {}


def test_trips_that_were_written_are_checked(tmp_path):
    layout, pods, orders = map(str, write_rafs(tmp_path))
    words = ["solve", "totes", layout, "--pod-file", pods, "--order-file", orders]
    file = tmp_path / "trips.json"
    ran = CliRunner().invoke(app, [*words, "-o", str(file)])
    assert (ran.exit_code, f"wrote {file}" in ran.stdout) == (0, True)
    ran = CliRunner().invoke(app, [*words, "--check", str(file)])
    assert (ran.exit_code, "13.0 m in 1 trip, no rule" in ran.stdout) == (0, True)
    file.write_text(file.read_text("utf-8").replace("13.0", "12.0"), "utf-8")
    ran = CliRunner().invoke(app, [*words, "--check", str(file), "--json"])
    assert (ran.exit_code, json.loads(ran.stdout)["ok"]) == (3, False)
    ran = CliRunner().invoke(app, [*words, "--check", str(file), "-o", str(file)])
    assert ran.exit_code == 2


def test_trips_come_back_from_their_file(tmp_path):
    instance, _, trips = solved(tmp_path)
    file = tmp_path / "trips.json"
    file.write_text(tote_trips_text(instance, trips, [1]), "utf-8")
    assert read_tote_trips(file, instance) == (list(trips), [1])


def test_every_fault_of_a_file_of_trips_is_told(tmp_path):
    instance = read_rafs(*write_rafs(tmp_path))
    picks = [
        {"pod": 10, "sku": "red/q", "units": 1},
        {"pod": 7, "sku": "red/a", "units": 0, "more": 1},
    ]
    trips = [
        {"orders": ["O1", "O7"], "station": 2, "picks": picks, "length_m": 1},
        {"orders": 3, "station": 1, "picks": []},
    ]
    file = tmp_path / "trips.json"
    file.write_text(json.dumps({"trips": trips, "left_out": [{"order": "x"}]}), "utf-8")
    with pytest.raises(InputError) as error:
        read_tote_trips(file, instance)
    codes = [fault.code for fault in error.value.faults]
    assert sorted(codes) == [
        *("E116", "E117", "E117", "E121", "E122"),
        *("E190", "E190", "E190", "E190"),
    ]


@pytest.mark.data
@pytest.mark.parametrize("name", ["24_2", "360_4"])
def test_distances_are_those_published(name, bench_data, tmp_path):
    archive = bench_data / "orders" / "rmfs" / "rafs_sku24_sku360.tgz"
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    folder = tmp_path / f"sku{name.split('_')[0]}"
    instance = read_rafs(
        folder / f"layout_sku_{name}.xml",
        folder / "pods_items_dedicated_1.txt",
        folder / f"orders_10_mean_5_sku_{name.split('_')[0]}.xml",
    )
    text = (tmp_path / "distances" / f"layout_sku_{name}.json").read_text("utf-8")
    published = json.loads(text)
    nodes = [*instance.station_waypoint.tolist(), *instance.pick_waypoint.tolist()]
    ours = distances_mm(instance.layout.waypoints, np.array(nodes))
    names = [f"OutD{k}" for k in range(len(instance.station_waypoint))]
    names += [str(pod) for pod in range(len(instance.pick_waypoint))]
    theirs = [[round(1000 * published[a][b]) for b in names] for a in names]
    assert np.array_equal(ours, theirs)
