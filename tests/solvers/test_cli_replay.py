"""Options of ``aislewise replay`` for what a picture shows."""

import pytest
from PIL import Image

from solvers.cli.replay import HeatMap
from tests.solvers.test_cli_commands import run
from tests.viz.synthetic import Wave
from viz.heat_counts import HeatKind
from warehouse.formats.plan_file import write_plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    path = tmp_path_factory.mktemp("plans") / "x.plan.npz"
    write_plan(Wave(robots=4, orders=12).build(), path)
    return path


def test_maps_of_the_command_are_those_of_the_window():
    assert [chosen.value for chosen in HeatMap] == list(HeatKind)


def picture_of(plan, path, *words):
    made = run(
        "replay", plan, "--export", path, "--at", 60, "--size", "640x480", *words
    )
    assert made.exit_code == 0, made.stderr
    return Image.open(path).tobytes()


def test_options_change_what_is_laid_over_the_floor(plan, tmp_path):
    seen = {picture_of(plan, tmp_path / "plain.png")}
    options = (
        ("--heatmap", "visits"),
        ("--heatmap", "waiting"),
        ("--heatmap", "picks"),
        ("--heatmap", "visits", "--heat-around", 60),
        ("--heatmap", "visits", "--heat-from", 40),
        ("--heatmap", "visits", "--heat-to", 40),
        ("--waits",),
    )
    for number, words in enumerate(options):
        seen.add(picture_of(plan, tmp_path / f"{number}.png", *words))
    assert len(seen) == 1 + len(options)


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (("--heat-around", 0), "choose more than 0"),
        (("--heat-from", 50, "--heat-to", 20), "end it later"),
        (("--heat-from", 1e9), "begin it in 0 to"),
    ],
)
def test_a_part_of_the_time_that_cannot_be_is_refused(plan, tmp_path, words, needed):
    picture = tmp_path / "x.png"
    made = run("replay", plan, "--export", picture, "--heatmap", "picks", *words)
    assert made.exit_code == 1
    assert made.stderr.startswith("E403 look: ")
    assert needed in made.stderr
    assert not picture.exists()


def test_a_picture_shows_the_gantt_where_it_is_asked_for(plan, tmp_path):
    words = ("replay", plan, "--size", "640x480", "--export")
    plain, chart = tmp_path / "plain.png", tmp_path / "chart.png"
    for made in (run(*words, plain), run(*words, chart, "--gantt")):
        assert made.exit_code == 0, made.stderr
    assert plain.read_bytes() != chart.read_bytes()


def test_two_plans_have_a_gantt_each(plan, tmp_path):
    words = ("replay", plan, plan, "--size", "640x480", "--export")
    plain, chart = tmp_path / "plain.png", tmp_path / "chart.png"
    for made in (run(*words, plain), run(*words, chart, "--gantt")):
        assert made.exit_code == 0, made.stderr
    assert plain.read_bytes() != chart.read_bytes()


def test_bare_floors_have_no_gantt(plan, tmp_path):
    picture = tmp_path / "none.png"
    refused = run("replay", plan, "--bare", "--export", picture, "--gantt")
    assert refused.exit_code == 2
    assert "--gantt: is a panel" in refused.stderr
    assert not picture.exists()
