"""Tours as `aislewise solve tour` reports them, held against the file and broken."""

import json
from copy import deepcopy

import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.cli.check_tour import tour_faults
from tests.mainz_files import GOOD
from warehouse.check.tours import AisleFloor, check_walk
from warehouse.formats.mainz_sets import read_mainz_set


@pytest.fixture
def solved(tmp_path):
    """Return the instance, and its tour as reported."""
    path = tmp_path / "tiny.txt"
    path.write_text(GOOD, encoding="latin-1")
    done = CliRunner().invoke(app, ["solve", "tour", str(path), "--json"])
    [tour] = json.loads(done.stdout)["tours"]
    [instance] = read_mainz_set(path)
    return instance, tour


def test_a_good_tour_has_no_fault(solved):
    instance, tour = solved
    assert tour["violations"] == tour_faults(instance, tour, blocks=1) == []


def shorter(tour):
    tour["length"] -= 1


def one_pick_less(tour):
    tour["picks"].pop()


def too_many(tour):
    tour["picks"][0]["quantity"] += 1


def from_another_cell(tour):
    tour["picks"][0]["cell"] += 1


def across_the_racks(tour):
    del tour["walk"][1]


def from_elsewhere(tour):
    tour["walk"] = tour["walk"][1:]


def without_the_last_aisle(tour):
    tour["walk"] = [tour["walk"][0]]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (shorter, "long and is"),
        (one_pick_less, "ordered are"),
        (too_many, "takes 5 of article 7"),
        (from_another_cell, "takes 4 of article 7 from (0, 1)"),
        (across_the_racks, "where no aisle leads"),
        (from_elsewhere, "not at the depot"),
        (without_the_last_aisle, "misses"),
    ],
)
def test_a_damaged_tour_is_found(solved, damage, words):
    instance, tour = deepcopy(solved)
    tour["picks"].sort(key=lambda pick: pick["article"])
    damage(tour)
    assert any(words in fault for fault in tour_faults(instance, tour, blocks=1))


def test_the_command_says_so(solved, tmp_path, monkeypatch):
    fault = "says it is 1 long and is 2"
    monkeypatch.setattr("solvers.cli.check_tour.tour_faults", lambda *_, **__: [fault])
    done = CliRunner().invoke(app, ["solve", "tour", str(tmp_path / "tiny.txt")])
    assert done.exit_code == 3
    assert f"  broken: {fault}" in done.stdout


def test_nobody_walks_beyond_the_last_cross_aisle():
    floor = AisleFloor((0.0, 3.0), (0.0, 9.0), (2.0,), (0.0, 0.0), 0.0)
    walk = [(0.0, 0.0), (0.0, 12.0), (0.0, 0.0)]
    assert len(check_walk(floor, walk, [(0.0, 12.0)], 24.0)) == 2
    assert check_walk(floor, [], [], 0.0) == []
    assert check_walk(floor, [(0.0, 0.0)], [], 0.0) == []
