"""``aislewise solve wave`` as a person types it."""

import json
import typing

import numpy as np
import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.cli.solve_wave import WaveMethod
from solvers.waves.problem import Method
from solvers.waves.solve import load_kernels
from tests.interrupting import interrupted
from warehouse.check.wave import check_wave
from warehouse.formats.sbpo import parse_sbpo, read_solution

# Two in one aisle, or five in two.
SMALL = "2 2 2\n1 0 2\n1 1 3\n1 0 9\n1 1 2\n1 9\n"
IMPOSSIBLE = "1 1 1\n1 0 2\n1 0 9\n3 9\n"


def run(*words):
    result = CliRunner().invoke(app, ["solve", "wave", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "small.txt").write_text(SMALL)
    return folder


def test_methods_are_those_of_the_solver():
    assert {method.value for method in WaveMethod} == set(typing.get_args(Method))


@pytest.mark.parametrize("method", list(WaveMethod))
def test_one_instance_by_every_method(folder, method):
    path, output = folder / "small.txt", folder / "wave.out"
    done = run(path, "--method", method.value, "--time-limit", 2, "-o", output)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1:] == ["aisles 0", f"wrote {output}"]
    assert "2 units per aisle: 2 units, 1 orders, 1 aisles" in done.stdout
    instance = parse_sbpo(SMALL.encode(), "x")
    assert check_wave(instance, *read_solution(output)) == []


def test_a_set_with_best_known_values_as_json(folder, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "small.txt").write_text(SMALL)
    table = tmp_path / "best.csv"
    table.write_text("dataset,instance,best_objective\na,small.txt,2\nb,small.txt,4\n")
    output = tmp_path / "waves"
    done = run(tmp_path, "--time-limit", 2, "--compare", table, "-o", output, "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert (answer["instances"], answer["solved"], answer["proved"]) == (2, 2, 2)
    assert (answer["compared"], answer["equal"], answer["better"]) == (2, 1, 0)
    assert answer["mean_share"] == 0.75
    assert [wave["name"] for wave in answer["waves"]] == ["a/small", "b/small"]
    assert answer["waves"][0]["upper_bound"] == 2
    assert sorted(p.name for p in output.iterdir()) == ["a-small.txt", "b-small.txt"]


def test_a_set_as_text(folder):
    (folder / "other.txt").write_text(SMALL)
    done = run(folder, "--time-limit", 2)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1].startswith("2 waves by auto, 2 proved")


def test_a_lower_bound_that_cannot_be_met_ends_with_the_reason(folder):
    (folder / "impossible.txt").write_text(IMPOSSIBLE)
    done = run(folder, "--time-limit", 2)
    assert done.exit_code == 1
    assert "impossible: infeasible" in done.stdout
    assert "small: optimal" in done.stdout
    assert done.stderr.startswith("E911 impossible: no wave has as many units")


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (["absent.txt"], "E150", 1),
        (["{folder}/small.txt", "-o", "{folder}/no/wave.txt"], "E906", 1),
        (["{folder}/small.txt", "--compare", "absent.csv"], "E150", 1),
        (["{folder}/small.txt", "--method", "magic"], "E900", 2),
    ],
)
def test_refuses_wrong_words(folder, words, code, exit_code):
    done = run(*(word.format(folder=folder) for word in words), "--json")
    assert done.exit_code == exit_code
    assert exit_code == 2 or json.loads(done.stdout)["error"]["code"] == code


def test_ctrl_c_while_cp_sat_runs_keeps_the_best_wave(tmp_path):
    load_kernels()  # on disk, so that the process is past compiling when it is stopped
    rng = np.random.default_rng(0)
    rows = [
        " ".join(["3", *(f"{rng.integers(60)} {rng.integers(1, 4)}" for _ in range(3))])
        for _ in range(180)
    ]
    path = tmp_path / "hard.txt"
    path.write_text("\n".join(["120 60 60", *rows, "40 90"]) + "\n")
    out = interrupted("solve", "wave", path, "--method", "cp-sat", "--json")
    wave = json.loads(out)["waves"][0]
    assert wave["termination"] == "interrupted"
    assert wave["units_per_aisle"] > 0
