"""The section on robot motion: its tables, its picture, its place on the page."""

import xml.etree.ElementTree as ElementTree

import pytest

from benchmarks import __main__ as command
from benchmarks import motion_page, registry
from benchmarks.motion_others import OMNI, ONE_SHOT, ROTATE
from benchmarks.motion_picture import throughput_picture
from benchmarks.registry import MOTION, Outcome, Spec, Spread, spec

ONE_SHOT_FIGURES = {
    "first_s": 0.2,
    "first_cost_per_bound": 1.5,
    "cost_per_bound_10_s": 1.25,
    "cost_per_bound_30_s": float("inf"),
}
LIFELONG_FIGURES = {
    "throughput": 5.5,
    "bound_throughput": 11.75,
    "finished": 650.0,
    "step_ms_median": 7.0,
    "step_ms_p99": 8.0,
    "step_ms_max": 9.0,
    "overruns": 3.0,
}


def outcome(name, numbers, skipped=""):
    given = Spec(name, name, None, (0,), 1, lambda run: {}, MOTION)
    spreads = {key: Spread(value, value, value) for key, value in numbers.items()}
    return Outcome(given, 1, spreads, skipped)


def test_ours_stands_beside_what_others_reach():
    name = "mapf-warehouse-1-1000"
    figures = {name: ONE_SHOT_FIGURES}
    header, row = motion_page.one_shot_table(figures)
    cells = dict(zip(header[:4], row[:4], strict=True))
    assert cells["instance"] == "warehouse-1-1000"
    assert cells["first: ours"] == "0.20 s, 1.50"
    assert cells["LaCAM"] == "0.44 s, 3.06"
    assert row[-5:] == ["1.250", "1.977", "none", "1.948", "none"]


def test_robots_that_turn_have_a_table_of_their_own():
    figures = {"mapf-rotate-random-200": ONE_SHOT_FIGURES}
    _, row = motion_page.one_shot_turning_table(figures)
    assert row == ["random-200", "0.20 s, 1.50", "1.250", "none"]
    assert len(motion_page.one_shot_table(figures)) == 1


def test_lifelong_row_has_rates_and_times():
    figures = {"lifelong-rotate-1000": LIFELONG_FIGURES}
    header, row = motion_page.lifelong_table(figures, "rotate", ROTATE)
    assert header[3] == "causal PIBT"
    assert row == [
        *("1,000", "5.50", "11.75", "2.72", "4.34", "5.39"),
        *("7.0", "8.0", "9.0", "3"),
    ]


def test_league_is_added_up_only_when_all_five_ran():
    figures = {f"league-RANDOM-0{i}": LIFELONG_FIGURES for i in range(1, 5)}
    assert motion_page.league_table(figures)[-1][0] == "RANDOM-04"
    figures["league-RANDOM-05"] = LIFELONG_FIGURES
    assert motion_page.league_table(figures)[-1][:4] == [
        *("together", "3,250", "9,959", "33%")
    ]


def test_tables_leave_out_what_did_not_run():
    ran = outcome("lifelong-omni-500", LIFELONG_FIGURES)
    text = motion_page.tables([ran, outcome("mapf-random-400", {}, "no folder mapf")])
    assert "### Lifelong, four directions" in text
    assert "One shot" not in text


def test_picture_is_well_formed_and_small():
    text = throughput_picture({100: 1.0, 2000: 9.5}, {100: 0.9})
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert len(text) < 20_000
    lines = [line for line in root.iter() if line.tag.endswith("polyline")]
    assert len(lines) == 8


def test_every_row_of_others_has_a_spec(monkeypatch):
    command.import_specs()
    names = {name for name, given in registry.SPECS.items() if given.group == MOTION}
    assert set(ONE_SHOT) <= names
    assert {f"lifelong-omni-{robots}" for robots in OMNI} <= names
    assert {f"lifelong-rotate-{robots}" for robots in ROTATE} <= names


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A page of its own, and a registry with one spec of either group."""
    (tmp_path / "images").mkdir()
    monkeypatch.setattr(registry, "SPECS", {})
    monkeypatch.setattr(command, "SPECS", registry.SPECS)
    monkeypatch.setattr(command, "import_specs", lambda: None)
    monkeypatch.setattr(command, "PAGE", tmp_path / "benchmarks.md")
    spec("count", "Counts", seeds=(0,))(lambda run: {"ones": 1})
    for name in ("lifelong-omni-500", "lifelong-rotate-500"):
        spec(name, "Moves", seeds=(0,), group=MOTION)(lambda run: LIFELONG_FIGURES)
    return command.PAGE


def test_either_part_of_the_page_is_written_alone(page, capsys):
    assert command.main(["--motion", "--write"]) == 0
    assert command.main(["--write"]) == 0
    first = page.read_text(encoding="utf-8")
    assert first.index("| count") < first.index("## Robot motion")
    assert (page.parent / "images" / "throughput.svg").is_file()
    assert command.main(["--motion", "--write"]) == 0
    assert page.read_text(encoding="utf-8") == first
    assert first.count("## Robot motion") == first.count("# Benchmarks") == 1


def test_groups_are_run_apart_and_smoke_runs_all(page, capsys):
    assert command.main([]) == 0
    assert "lifelong" not in capsys.readouterr().out
    assert command.main(["--motion"]) == 0
    assert "count" not in capsys.readouterr().out
    assert command.main(["--smoke"]) == 0
    text = capsys.readouterr().out
    assert "count" in text
    assert "lifelong-omni-500" in text
