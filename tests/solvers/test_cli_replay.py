"""Options of ``aislewise replay`` for what a picture shows."""

import pytest

from tests.solvers.test_cli_commands import run
from tests.viz.synthetic import Wave
from warehouse.formats.plan_file import write_plan


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "wave.plan.npz"
    write_plan(Wave(orders=8).build(), path)
    return path


def test_a_picture_shows_the_gantt_where_it_is_asked_for(plan, tmp_path):
    words = ("replay", plan, "--size", "640x480", "--export")
    plain, chart = tmp_path / "plain.png", tmp_path / "chart.png"
    for made in (run(*words, plain), run(*words, chart, "--gantt")):
        assert made.exit_code == 0, made.stderr
    assert plain.read_bytes() != chart.read_bytes()


@pytest.mark.parametrize("bare", [True, False])
def test_bare_floors_and_two_plans_have_no_gantt(plan, tmp_path, bare):
    picture = tmp_path / "none.png"
    more = ("--bare",) if bare else (plan,)
    refused = run("replay", plan, *more, "--export", picture, "--gantt")
    assert refused.exit_code == 2
    assert "--gantt: is a panel" in refused.stderr
    assert not picture.exists()
