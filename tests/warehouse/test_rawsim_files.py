"""RAWSim-O's files: what they say is what a site becomes; damaged ones are refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.pods.planner import plan_pods
from tests.warehouse.rawsim_files import (
    LAYOUT_CONFIGURATION,
    PODS,
    ROBOTS,
    ROWS,
    instance_text,
)
from warehouse.check import check_plan
from warehouse.errors import InputError
from warehouse.formats.rawsim_layout import read_rawsim_layout
from warehouse.formats.rawsim_scenario import read_rawsim_instance
from warehouse.formats.scenario_folder import read_scenario
from warehouse.formats.xml_file import DEEPEST, parse_xml
from warehouse.generate import PodScenarioParams, generate_pod_scenario
from warehouse.grid import Grid
from warehouse.layout import Layout

DEMAND = PodScenarioParams(skus=10, orders=15, skus_per_pod=3)


def written(folder: Path, text: str, name: str = "a.xinst") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_instance_becomes_the_floor_that_it_describes(tmp_path):
    site = read_rawsim_instance(written(tmp_path, instance_text()), DEMAND)
    wide = Layout.from_rows(["#" * 13, *(f"#{row}#" for row in ROWS), "#" * 13])
    # The last column of the map is wall and has no waypoint.
    assert site.layout.rows() == [row[:-1] for row in wide.rows()]
    assert site.layout.cell_size_m == 1.0571
    moves = Grid.from_layout(site.layout).successors
    expected = Grid.from_layout(wide).successors
    for cell in np.flatnonzero(Grid.from_layout(wide).drivable).tolist():
        row, col = divmod(cell, 13)
        there = [divmod(int(c), 13) if c >= 0 else None for c in expected[cell]]
        here = [divmod(int(c), 12) if c >= 0 else None for c in moves[row * 12 + col]]
        assert here == there
    cells = [(r - 1, c - 1) for r, c in map(site.layout.row_col, site.pods.start_cells)]
    assert cells == PODS
    starts = map(site.layout.row_col, site.fleet.start_cells)
    assert [(r - 1, c - 1) for r, c in starts] == ROBOTS


def test_instance_keeps_its_times_and_is_planned(tmp_path):
    site = read_rawsim_instance(written(tmp_path, instance_text()), DEMAND)
    pods = site.pods
    assert (pods.lift_s, pods.set_down_s, pods.acceleration_m_s2) == (3.0, 3.0, 0.5)
    assert (pods.station_s_per_unit, pods.robot_s_per_unit) == (8.0, 3.0)
    assert pods.order_slots.tolist() == [5]
    assert site.name == "tiny"
    plan = plan_pods(site, seed=1).solution
    assert plan is not None
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0


def test_dead_ends_are_entered_and_left(tmp_path):
    rows = ["......", ".oo...", "###.##", "###P##"]
    site = read_rawsim_instance(
        written(tmp_path, instance_text(rows, [(1, 1)], [(0, 0)])),
        replace(DEMAND, skus=3),
    )
    moves = Grid.from_layout(site.layout).successors
    dock = site.stations[0].cell
    before = dock - site.layout.width
    assert moves[before][2] == dock
    assert moves[dock][0] == before


def test_layout_configuration_gives_as_many_of_all(tmp_path):
    path = written(tmp_path, LAYOUT_CONFIGURATION, "b.xlayo")
    made = read_rawsim_layout(path, DEMAND)
    assert made.layout.spots == 5 * 3 * 4 * 2
    assert made.pods == int(0.75 * made.layout.spots)
    assert (made.robots, made.order_slots, made.layout.stations) == (6, 12, 3)
    assert (made.lift_s, made.acceleration_m_s2, made.turn_s) == (3.0, 0.5, 2.5)
    assert made.layout.station_side == "right"
    assert (made.skus, made.orders) == (DEMAND.skus, DEMAND.orders)


def edited(old: str, new: str, text: str = "") -> str:
    text = text or instance_text()
    assert old in text
    return text.replace(old, new, 1)


FAULTS = {
    "not XML": ("<Instance", "E105", "not XML"),
    "another root": (
        edited("<Instance", "<Thing").replace("/Instance", "/Thing"),
        "E105",
        "root",
    ),
    "a document type": (
        edited("<Instance", '<!DOCTYPE x [<!ENTITY a "b">]>\n<Instance'),
        "E109",
        "document type",
    ),
    "no robot": (instance_text(robots=[]), "E186", "Bot"),
    "no pod": (instance_text(pods=[]), "E169", "Pod"),
    "no station": (instance_text(["....", ".o.."], [(1, 1)], [(0, 0)]), "E187", "Out"),
    "a word for a number": (edited('X="0.52"', 'X="far"'), "E116", "'far'"),
    "an infinite number": (edited('X="0.52"', 'X="1e999"'), "E117", "'1e999'"),
    "no coordinate": (edited('X="0.52" ', ""), "E121", "X is missing"),
    "two floors": (
        edited('Tier="0" OutputStation', 'Tier="1" OutputStation'),
        "E197",
        "tiers",
    ),
    "a path to nowhere": (
        edited("<Waypoint>1</Waypoint>", "<Waypoint>999</Waypoint>"),
        "E190",
        "no waypoint 999",
    ),
    "a path aslant": (
        edited("<Waypoint>1</Waypoint>", "<Waypoint>12</Waypoint>"),
        "E190",
        "aslant",
    ),
    "two waypoints of a number": (
        edited('<Waypoint ID="1"', '<Waypoint ID="0"'),
        "E147",
        "twice",
    ),
    "a pod on the floor": (instance_text(pods=[(0, 3)]), "E149", "storage"),
    "a pod on a station": (instance_text(pods=[(4, 8)]), "E149", "storage"),
    "two pods at a place": (instance_text(pods=[(1, 1), (1, 1)]), "E190", "is where"),
    "a robot off the floor": (
        edited('<Bot ID="0" X="0.52"', '<Bot ID="0" X="77"'),
        "E190",
        "no way",
    ),
    "robots that differ": (
        edited('MaxVelocity="1.5"', 'MaxVelocity="1"'),
        "E197",
        "MaxVelocity 1.5",
    ),
    "a lift between floors": (
        edited("<Elevators />", '<Elevators><Elevator ID="0"/></Elevators>'),
        "E197",
        "lifts",
    ),
    "a pod that is walled in": (
        instance_text(["#ooo..", "#ooo.P", "#ooo.."], [(1, 1)], [(0, 4)]),
        "E167",
        "no way out",
    ),
    "robots wider than a cell": (
        instance_text().replace('Radius="0.4" Tier="0" PodT', 'Radius="0.6" PodT'),
        "E171",
        "overlap",
    ),
    "too few pods for the SKUs": (
        instance_text(pods=[(1, 1)]),
        "E602",
        "10 SKUs on 1 pods",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faulty_instance_is_refused_with_the_place(name, tmp_path):
    text, code, found = FAULTS[name]
    with pytest.raises(InputError) as error:
        read_rawsim_instance(written(tmp_path, text), DEMAND)
    mine = [fault for fault in error.value.faults if fault.code == code]
    assert mine, error.value
    assert found in mine[0].found
    assert mine[0].place.startswith("a.xinst")
    assert mine[0].needed


def test_elements_within_elements_without_end_are_refused(tmp_path):
    deep = "<Instance>" + "<a>" * DEEPEST + "</a>" * DEEPEST + "</Instance>"
    faults = []
    assert parse_xml(written(tmp_path, deep), "Instance", faults) is None
    assert [fault.code for fault in faults] == ["E106"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<BotCount>6</BotCount>", "", "E121"),
        ("<BotCount>6<", "<BotCount>six<", "E116"),
        ("<BotCount>6<", "<BotCount>6.5<", "E116"),
        ("<BotCount>6<", "<BotCount>0<", "E117"),
        ("<TierCount>1<", "<TierCount>2<", "E197"),
        ("<PodAmount>0.75<", "<PodAmount>2<", "E117"),
    ],
)
def test_faulty_layout_configuration_is_refused(old, new, code, tmp_path):
    text = edited(old, new, LAYOUT_CONFIGURATION)
    with pytest.raises(InputError) as error:
        read_rawsim_layout(written(tmp_path, text, "b.xlayo"), DEMAND)
    assert [fault.code for fault in error.value.faults] == [code]


def test_convert_makes_folders_that_are_read(tmp_path):
    for name, text in (("a.xinst", instance_text()), ("b.xlayo", LAYOUT_CONFIGURATION)):
        folder = tmp_path / name[0]
        words = ["scenario", "convert", str(written(tmp_path, text, name)), str(folder)]
        words += ["--skus", "10", "--orders", "9", "--json"]
        ran = CliRunner().invoke(app, words)
        assert ran.exit_code == 0, ran.stderr
        site = read_scenario(folder)
        assert json.loads(ran.stdout)["pods"] == len(site.pods)
        assert len(site.orders) == 9
        again = CliRunner().invoke(app, words)
        assert (again.exit_code, "E906" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["a.docx", "out"], "E907"),
        (["a.xml", "out"], "E913"),
        (["a.xinst", "out", "--pod-file", "p.txt"], "E913"),
        (["none.xlayo", "out"], "E101"),
    ],
)
def test_convert_refuses_what_it_cannot_use(words, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["scenario", "convert", *words])
    assert ran.exit_code == 1
    assert code in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_instance_with_stations_to_fill_pods(tmp_path):
    params = replace(DEMAND, orders=60, box_units=3)
    rows = ["P" + ROWS[0][1:], *ROWS[1:]]
    text = instance_text(rows, robots=ROBOTS[1:], filled_at=1)
    site = read_rawsim_instance(written(tmp_path, text), params)
    plain = written(tmp_path, instance_text(rows, robots=ROBOTS[1:]))
    whole = read_rawsim_instance(plain, params)
    filling = site.pods.replenishment
    docks = [station.cell for station in whole.stations]
    assert [station.cell for station in site.stations] == docks[:-1]
    assert filling.cells.tolist() == docks[-1:]
    assert (filling.s_per_box.tolist(), filling.capacity[0]) == ([9.0], 9)
    plan = plan_pods(site).solution
    assert [str(v) for v in check_plan(plan)] == []
    small = replace(params, skus_per_pod=10)
    with pytest.raises(InputError, match=r"E602 a\.xinst: got 9 for 10 SKUs on a pod"):
        read_rawsim_instance(written(tmp_path, text), small)
    differs = text.replace('Capacity="9"', 'Capacity="8"', 1)
    with pytest.raises(InputError, match=r"E197 .*Capacity 9, and 8 of the first"):
        read_rawsim_instance(written(tmp_path, differs), params)


def test_layout_with_stations_to_fill_pods(tmp_path):
    more = "<NReplenishmentStationWest>2</NReplenishmentStationWest>"
    more += "<PodCapacity>50</PodCapacity>"
    more += "<ItemBundleTransferTime>8</ItemBundleTransferTime>"
    text = LAYOUT_CONFIGURATION.replace("</Layout", f"{more}</Layout")
    params = read_rawsim_layout(written(tmp_path, text, "a.xlayo"), DEMAND)
    assert params.layout.replenishment_stations == 2
    assert (params.pod_capacity, params.box_s) == (50, 8.0)
    site = generate_pod_scenario(params)
    assert (site.pods.replenishment.capacity == 50).all()
