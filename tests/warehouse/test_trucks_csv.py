"""Departures of trucks, read and written."""

import numpy as np
import pytest

from warehouse.formats.trucks_csv import parse_trucks, write_trucks

HEAD = "carrier,door,departs_s,capacity_m3,capacity_kg\n"


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "trucks.csv"
        path.write_text(text, encoding="utf-8")
        faults = []
        return parse_trucks(path, faults), "\n".join(map(str, faults))

    return read


def test_a_carrier_has_several_departures_and_capacities_may_be_blank(read):
    trucks, faults = read(HEAD + "fast,D1,3600,40,\nfast,D1,7200,,12000\n")
    assert faults == ""
    assert trucks.carrier == ("fast", "fast") and trucks.door == ("D1", "D1")
    assert trucks.departs_s.tolist() == [3600, 7200]
    assert trucks.capacity_m3.tolist() == [40, np.inf]
    assert trucks.capacity_kg.tolist() == [np.inf, 12000]
    assert not trucks.departs_s.flags.writeable


@pytest.mark.parametrize("capacities", ["", "40,\n", ",7.5\n"])
def test_what_is_written_is_read_back(read, tmp_path, capacities):
    head = HEAD if capacities else "carrier,door,departs_s\n"
    first = read(head + "a,D 1,0.5" + ("," + capacities if capacities else ""))[0]
    write_trucks(first, tmp_path / "again.csv")
    again = parse_trucks(tmp_path / "again.csv", [])
    assert again.carrier == first.carrier and again.door == first.door
    for name in ("departs_s", "capacity_m3", "capacity_kg"):
        assert getattr(again, name).tolist() == getattr(first, name).tolist()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("a,D1,60,,\na,D2,60,,\na,D1,60,9,\n", "E500 trucks.csv, line 4: 'a' departs"),
        ("", "E501 trucks.csv: there is no truck"),
        ("a,D1,-5,,\n", "E117 trucks.csv, line 2, column departs_s: '-5'"),
        ("a,D1,soon,,\n", "E116"),
        ("a,,60,,\n", "E115"),
        ("a,D1,60,0,\n", "E117 trucks.csv, line 2, column capacity_m3: '0'"),
        ("a,D1,60,1,inf\n", "E117"),
    ],
)
def test_what_is_wrong_is_named(read, rows, words):
    trucks, faults = read(HEAD + rows)
    assert trucks is None
    assert words in faults


def test_all_faults_at_once(read):
    trucks, faults = read("carrier,door,departs_s,capcity_kg\n,D1,x,1\n")
    assert trucks is None
    assert [line[:4] for line in faults.splitlines()] == ["E112", "E115", "E116"]
    assert "did you mean capacity_kg?" in faults
