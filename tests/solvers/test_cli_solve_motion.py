"""``aislewise solve mapf`` and ``solve lifelong`` as a person types them."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.cli.lifelong_log import lifelong_log
from solvers.mapf.lifelong.problem import EVENT
from tests.interrupting import interrupted
from tests.warehouse.motion_files import PROBLEM, SCEN, write_files
from warehouse.check.paths import check_paths
from warehouse.formats.lifelong_instance import LifelongInstance
from warehouse.formats.lorr_result import read_lorr_result
from warehouse.formats.mapf_visualizer import read_mapf_visualizer
from warehouse.formats.movingai import read_map
from warehouse.grid import Grid
from warehouse.layout import Layout


def run(*words, exit_code=0):
    """Run a command; whatever it says, it must not end in a traceback."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result


def answer(result):
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


@pytest.fixture
def folder(tmp_path):
    return write_files(tmp_path)


def mapf(folder, *more, **options):
    files = ("--map", folder / "tiny.map", "--scen", folder / "tiny.scen")
    return run("solve", "mapf", *files, *more, **options)


def lifelong(folder, *more, steps=20, **options):
    words = ("solve", "lifelong", *more, "--steps", steps)
    return run(*words, **options)


def tables(folder):
    return [
        *("--map", folder / "tiny.map"),
        *("--agents", folder / "agents.csv"),
        *("--tasks", folder / "tasks.csv"),
    ]


def test_figures_of_one_shot(folder):
    facts = answer(mapf(folder, "--json", "--time-limit", 1))
    assert facts["robots"] == 3
    assert facts["violations"] == {}
    assert facts["cost"] == facts["sum_of_costs"] >= facts["lower_bound"] > 0
    assert facts["cost_per_bound"] >= 1
    assert facts["history"][0]["s"] == pytest.approx(
        facts["first_solution_s"], abs=1e-3
    )
    assert facts["history"][-1]["cost"] == facts["cost"]
    assert facts["cores_used"] >= 0


@pytest.mark.parametrize("objective", ["soc", "loss", "makespan"])
def test_objectives(folder, objective):
    words = ("--json", "--time-limit", 0.2, "--objective", objective)
    facts = answer(mapf(folder, *words))
    name = {"soc": "sum_of_costs"}.get(objective, objective)
    assert facts["objective"] == name
    assert facts["cost"] == facts[name]


def test_first_agents_alone(folder):
    assert answer(mapf(folder, "--agents", 1, "--json"))["robots"] == 1


def test_written_paths_are_read_back_and_keep_every_rule(folder):
    layout = read_map(folder / "tiny.map")
    mapf(folder, "-o", folder / "plan.json")
    result = read_lorr_result(folder / "plan.json", layout)
    goals = np.array([11, 8, 0])
    grid = Grid.from_layout(layout)
    assert check_paths(grid, result.cells, None, np.array([0, 1, 3]), goals) == []
    assert result.log.errands.tolist() == goals.tolist()
    for step, robot, task, _ in result.log.events.tolist():
        assert result.cells[step, robot] == goals[task]
    mapf(folder, "-o", folder / "plan.txt")
    solution = read_mapf_visualizer(folder / "plan.txt", layout)
    assert check_paths(grid, solution.cells, None, solution.cells[0], goals) == []
    assert int(solution.facts["soc"]) >= 10


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("\t3\t2\t5", "\t1\t1\t5", "E192", "tiny.scen, line 2"),
        ("3\t0\t0\t3\t2", "3\t1\t1\t3\t2", "E184", "tiny.scen, line 2"),
        ("3\t0\t0\t3\t2", "3\t1\t0\t3\t2", "E146", "tiny.scen, line 3"),
        ("\t0\t2\t3", "\t3\t2\t3", "E193", "tiny.scen, line 3"),
        ("tiny.map", "other.map", "E191", "tiny.scen, line 2"),
        ("\t0\t2\t3", "\t0", "E190", "tiny.scen, line 3"),
    ],
)
def test_bad_scenario_ends_with_1_the_place_and_the_mend(folder, old, new, code, place):
    (folder / "tiny.scen").write_text(SCEN.replace(old, new, 1), encoding="utf-8")
    fault = answer(mapf(folder, "--json", exit_code=1))["error"]["faults"][0]
    assert (fault["code"], fault["place"]) == (code, place)
    assert fault["needed"]


def test_more_robots_than_the_scenario_has(folder):
    result = mapf(folder, "--agents", 4, exit_code=1)
    assert "E195 tiny.scen: 3 lines for 4 robots; take at most 3" in result.stderr


def test_robots_that_cannot_pass_each_other_are_told_so(folder):
    tube = "type octile\nheight 1\nwidth 3\nmap\n...\n"
    lines = [f"0\ttiny.map\t3\t1\t{a}\t0\t{b}\t0\t2" for a, b in ((0, 2), (2, 0))]
    swap = "\n".join(["version 1", *lines])
    write_files(folder, tiny_map=tube, tiny_scen=swap)
    error = answer(mapf(folder, "--json", exit_code=1))["error"]
    assert error["code"] == "E911"


@pytest.mark.parametrize("name", ["plan.xml", "plan"])
def test_unknown_ending_is_refused_before_any_work(folder, name):
    assert "E907" in mapf(folder, "-o", folder / name, exit_code=1).stderr
    assert list(folder.glob(".part*")) == []


def test_figures_of_lifelong(folder):
    facts = answer(lifelong(folder, *tables(folder), "--json"))
    assert facts["violations"] == {}
    assert (facts["robots"], facts["steps"], facts["motion"]) == (2, 20, "omni")
    assert facts["throughput"] == pytest.approx(facts["finished"] / 20)
    assert facts["throughput"] <= facts["bound_throughput"] + 1e-9
    assert facts["step_ms_median"] <= facts["step_ms_p99"] <= facts["step_ms_max"]


def test_league_problem_turns_and_its_result_is_read_back(folder):
    words = (folder / "tiny.json", "--json", "-o", folder / "r.json")
    facts = answer(lifelong(folder, *words, steps=40))
    assert facts["motion"] == "rotate"
    result = read_lorr_result(folder / "r.json", read_map(folder / "tiny.map"))
    assert len(result.cells) == 41
    assert result.headings is not None
    assert (result.headings[0] == 1).all()
    assert result.finished == facts["finished"] > 0
    for step, robot, task, done in result.log.events.tolist():
        errand = result.log.first_errand[task] + done - 1
        assert result.cells[step, robot] == result.log.errands[errand]


def test_league_problem_in_four_directions(folder):
    facts = answer(lifelong(folder, folder / "tiny.json", "--motion", "omni", "--json"))
    assert facts["motion"] == "omni"
    assert facts["violations"] == {}


@pytest.mark.parametrize("method", ["nearest", "greedy", "flow"])
def test_tasks_of_a_pool_are_given_out_as_told(folder, method):
    words = (folder / "tiny.json", "--assignment", method, "--json")
    facts = answer(lifelong(folder, *words, steps=40))
    assert facts["finished"] > 0
    assert facts["violations"] == {}


def test_goals_by_turns_have_no_assignment(folder):
    lifelong(folder, *tables(folder), "--assignment", "flow", exit_code=2)


def test_written_tables_run_is_read_back(folder):
    words = ("--motion", "rotate", "-o", folder / "r.json")
    lifelong(folder, *tables(folder), *words)
    result = read_lorr_result(folder / "r.json", read_map(folder / "tiny.map"))
    targets = [1, 3, 8]
    for step, robot, task, _ in result.log.events.tolist():
        assert task % 2 == robot
        assert result.cells[step, robot] == targets[task % 3]


def test_a_budget_too_small_is_overrun_and_said_and_the_motion_is_safe(folder):
    words = ("--step-ms", 0.000001, "--json")
    facts = answer(lifelong(folder, *tables(folder), *words))
    assert facts["overruns"] == facts["steps"] == 20
    assert facts["violations"] == {}


def test_same_seed_same_motion(folder):
    words = (*tables(folder), "--seed", 5, "-o")
    for name in ("a.txt", "b.txt"):
        lifelong(folder, *words, folder / name)
    first = (folder / "a.txt").read_bytes()
    assert first == (folder / "b.txt").read_bytes()


@pytest.mark.parametrize(
    "words", [[], ["--map", "m.map"], ["p.json", "--map", "m.map"]]
)
def test_half_a_problem_is_typed_wrong(folder, words):
    lifelong(folder, *words, exit_code=2)


def test_truncated_problem(folder):
    (folder / "tiny.json").write_text(PROBLEM[:70], encoding="utf-8")
    error = answer(lifelong(folder, folder / "tiny.json", "--json", exit_code=1))
    assert error["error"]["code"] == "E105"


def test_ctrl_c_keeps_the_best_paths(folder):
    mapf(folder)  # so that the kernels are compiled
    files = ("--map", folder / "tiny.map", "--scen", folder / "tiny.scen")
    wide = "\n".join(["." * 40] * 40)
    (folder / "tiny.map").write_text(
        f"type octile\nheight 40\nwidth 40\nmap\n{wide}\n", encoding="utf-8"
    )
    rng = np.random.default_rng(0)
    ends = zip(rng.permutation(1600)[:400], rng.permutation(1600)[:400], strict=True)
    lines = [
        f"0\ttiny.map\t40\t40\t{a % 40}\t{a // 40}\t{b % 40}\t{b // 40}\t1"
        for a, b in ends
    ]
    (folder / "tiny.scen").write_text(
        "\n".join(["version 1", *lines]) + "\n", encoding="utf-8"
    )
    out = folder / "plan.json"
    text = interrupted("solve", "mapf", *files, "--time-limit", 600, "-o", out)
    assert "interrupted" in text
    result = read_lorr_result(out, read_map(folder / "tiny.map"))
    assert result.cells.shape[1] == 400


def test_ctrl_c_keeps_the_steps_that_are_done(folder):
    lifelong(folder, *tables(folder))
    out = folder / "r.json"
    words = (*tables(folder), "--steps", 1_000_000, "-o", out)
    text = interrupted("solve", "lifelong", *words, times=3)
    assert "stopped by Ctrl-C after" in text
    result = read_lorr_result(out, read_map(folder / "tiny.map"))
    assert 0 < len(result.cells) - 1 < 1_000_000


def test_log_of_a_pool_has_each_task_of_the_list_under_its_serial_number():
    """Three tasks in the list, five released: the fourth is the first again."""
    instance = LifelongInstance(
        Layout.from_rows(["...."]),
        np.array([0, 3], np.int32),
        np.array([1, 2, 2, 0], np.int32),
        np.array([0, 2, 3, 4]),
        3,
    )
    events = np.array([(1, 0, 0, 1), (2, 1, 1, 1)], EVENT)
    pool = SimpleNamespace(
        events=lambda: events,
        released=np.array([0, 0, 0, 2, 2]),
        assignments=[(0, 0, 0), (0, 1, 1), (2, 1, 3)],
    )
    log = lifelong_log(instance, SimpleNamespace(tasks=pool))
    assert log.events.tolist() == events.tolist()
    assert log.schedule == ["0:0", "0:1,2:3"]
    assert log.task_rows(4) == [
        [0, 0, [0, 1, 0, 2]],
        [1, 0, [0, 2]],
        [2, 0, [0, 0]],
        [3, 2, [0, 1, 0, 2]],
        [4, 2, [0, 2]],
    ]


def test_log_by_turns_releases_a_task_when_the_robot_is_done_with_the_one_before():
    instance = LifelongInstance(
        Layout.from_rows(["...."]),
        np.array([0, 3], np.int32),
        np.array([1, 2, 3], np.int32),
        np.array([0, 1, 2, 3]),
        None,
    )
    events = np.array([(1, 0, 0, 1), (4, 0, 2, 1)], EVENT)
    log = lifelong_log(
        instance, SimpleNamespace(tasks=SimpleNamespace(events=lambda: events))
    )
    assert log.release.tolist() == [0, 0, 1, 0, 4]
    assert log.schedule == ["0:0,1:2,4:4", "0:1"]
    assert log.errands.tolist() == [1, 2, 3, 1, 2]
