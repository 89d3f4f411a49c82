"""The commands as a person types them: exit codes, JSON, help, no traceback."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner, Result

import layouts
from solvers.cli import layout as layout_command
from solvers.cli import scenario as scenario_command
from solvers.cli import scenario_pods
from solvers.cli.app import app
from solvers.cli.progress import Progress
from tests.shipped_plans import shipped_plan
from warehouse.errors import MissingDependencyError
from warehouse.formats.plan_file import write_plan
from warehouse.generate import (
    LayoutParams,
    PodLayoutParams,
    PodScenarioParams,
    ScenarioParams,
)


def run(*words: object) -> Result:
    """Run a command; whatever it says, it must not end in a traceback."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(result: Result) -> dict:
    """Return the one JSON object that is all there is on standard output."""
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def in_a_shell(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("SDL_")}
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    command = [sys.executable, "-c", "from solvers.cli import main; main()"]
    return subprocess.run(
        [*command, *map(str, words)],
        capture_output=True,
        text=True,
        env={**env, **more},
        check=False,
    )


def commands(group: object = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Names of all commands and groups, from the root down."""
    group = get_command(app) if group is None else group
    found = [path]
    for name, command in getattr(group, "commands", {}).items():
        found += commands(command, (*path, name))
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_help_of_every_command_has_an_example(path):
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"    aislewise {' '.join(path)}".rstrip() in result.stdout
    listed = result.stdout.partition("Commands:")[2]
    assert "..." not in listed  # the first sentence of each is short enough


@pytest.mark.parametrize(
    "path", [path for path in commands() if len(path) > 1 or path in {("plan",)}]
)
def test_every_command_takes_json(path):
    if path[-1] in {"layout", "scenario", "solve"}:
        return
    assert "--json" in run(*path, "--help").stdout


@pytest.mark.parametrize("words", [["--help"], ["layout", "show", "small", "--json"]])
def test_an_answer_that_cannot_be_written_is_told(words):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    command = [sys.executable, "-c", "from solvers.cli import main; main()", *words]
    with full.open("w") as out:
        ran = subprocess.run(
            command, stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr[:5]) == (1, "E902 ")
    assert "Traceback" not in ran.stderr


def test_help_names_the_shipped_scenarios():
    assert ", ".join(layouts.names()) in " ".join(run("plan", "--help").stdout.split())


def test_help_and_version_load_nothing_heavy():
    code = (
        "import sys\nfrom solvers.cli.app import app\n"
        "app(['--help'], standalone_mode=False)\n"
        "heavy = {'numpy', 'numba', 'ortools', 'pygame', 'shapely', 'rich'}\n"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert run("--version").stdout.startswith("aislewise ")


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["plan"],
        ["plan", "small"],
        ["plan", "small", "-o", "x.plan.npz", "--objective", "fame"],
        ["plan", "small", "-o", "x.plan.npz", "--time-limit", "-1"],
        ["plan", "small", "-o", "x.plan.npz", "--seed", str(2**31)],
        ["follow", "x.plan.npz", "--model", "breakdown", "--broken", "inf"],
        ["replay", "x.plan.npz", "--at", "3"],
        ["replay", "x.plan.npz", "--fps", "9"],
        ["replay", "x.plan.npz", "--theme", "pink"],
        ["replay", "x.plan.npz", "--heatmap", "speed"],
        ["replay", "x.plan.npz", "--heat-around", "9"],
        ["replay", "x", "--heatmap", "picks", "--heat-around", "9", "--heat-to", "9"],
        ["replay", "x.plan.npz", "--export", "x.png", "--fps", "9"],
        ["replay", "x.plan.npz", "--export", "x.mp4", "--at", "9"],
        ["replay", "x.plan.npz", "--export", "x.png", "--size", "wide"],
        ["layout", "show", "small", "--robot", "0x1"],
        ["export", "x.plan.npz", "--to", "paper", "-o", "x"],
    ],
)
def test_a_mistyped_command_ends_with_two_and_says_why(words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert "Value error" not in result.stderr
    assert result.stdout == ""
    as_json = run(*words, "--json")
    assert as_json.exit_code == 2
    assert answer(as_json)["error"]["code"] == "E900"


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "no-such-scenario", "-o", "x.plan.npz"],
        ["plan", "small", "-o", "no-such-folder/x.plan.npz"],
        ["check", "no-such.plan.npz"],
        ["report", "no-such.plan.npz", "-o", "report.html"],
        ["replay", "no-such.plan.npz", "--export", "x.png"],
        ["export", "no-such.plan.npz", "--to", "csv", "-o", "tables"],
        ["layout", "show", "no-such-layout"],
        ["layout", "convert", "no-such.toml", "x.map"],
        ["layout", "new", "-o", "x.xlsx"],
        ["layout", "new", "-o", "x.toml", "--stations", "500"],
        ["scenario", "new", "x", "--robots", "0", "--orders", "-4"],
        ["demo", "no-such-demo"],
        ["demo", "small", "--out", "/dev/null"],
    ],
)
def test_wrong_input_ends_with_one_and_names_it(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 1
    assert result.stderr.startswith("E")
    as_json = run(*words, "--json")
    assert as_json.exit_code == 1
    error = answer(as_json)["error"]
    assert error["faults"][0]["code"] == error["code"]
    assert result.stderr.count("\n") == len(error["faults"])
    assert list(tmp_path.iterdir()) == []


def test_option_defaults_are_those_of_the_generator():
    for command, params in (
        (layout_command.new, (LayoutParams(),)),
        (layout_command.new_pods, (PodLayoutParams(),)),
        (scenario_command.new, (LayoutParams(), ScenarioParams())),
        (scenario_pods.new_pods, (PodLayoutParams(), PodScenarioParams())),
    ):
        probe = typer.Typer()
        probe.command()(command)
        options = {p.name: p.default for p in get_command(probe).params}
        seen = 0
        for made in params:
            for name in made.__dataclass_fields__:
                if name not in ("name", "layout"):
                    assert options[name] == getattr(made, name), name
                    seen += 1
        assert seen >= 10


def test_a_scenario_of_someone_else_is_not_written_over(tmp_path):
    theirs = tmp_path / "scenario.toml"
    theirs.write_text("name = 'mine'\n")
    result = run("scenario", "new", tmp_path)
    assert result.exit_code == 1
    assert "not made by this command" in result.stderr
    assert theirs.read_text() == "name = 'mine'\n"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write all")
def test_a_closed_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    result = run("layout", "new", "-o", tmp_path / "hall.toml")
    tmp_path.chmod(0o700)
    assert result.exit_code == 1
    assert "may not write there" in result.stderr


def test_output_into_a_closed_pipe_ends_quietly():
    ran = subprocess.run(
        f'"{sys.executable}" -c "from solvers.cli import main; main()"'
        " layout show large | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "#" * 196 + "\n"
    assert ran.stderr == ""


@pytest.fixture(scope="module")
def small_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plan file of the small shipped scenario, made once for this file."""
    path = tmp_path_factory.mktemp("plans") / "small.plan.npz"
    result = run("plan", "small", "-o", path, "--iterations", 1)
    assert result.exit_code == 0, result.stderr
    return path


def test_plan_says_what_a_newcomer_wants_to_know(tmp_path):
    path = tmp_path / "small.plan.npz"
    result = run("plan", "small", "-o", path, "--iterations", 1)
    assert result.exit_code == 0, result.stderr
    for word in ("20 of 20 orders", "makespan", "bound", "gap", "travel", "next:"):
        assert word in result.stdout
    assert str(path) in result.stdout


def test_plan_answers_in_json_and_check_agrees(tmp_path):
    path = tmp_path / "small.plan.npz"
    facts = answer(run("plan", "small", "-o", path, "--iterations", 1, "--json"))
    assert facts["violations"] == []
    assert facts["metrics"]["makespan_s"] >= facts["bound"]["value_s"] > 0
    checked = answer(run("check", path, "--json"))
    assert checked == {"plan": str(path), "ok": True, "violations": []}


def test_same_seed_and_iterations_same_file(small_plan, tmp_path):
    again = tmp_path / "again.plan.npz"
    run("plan", "small", "-o", again, "--iterations", 1)
    assert again.read_bytes() == small_plan.read_bytes()


def test_a_damaged_plan_fails_the_check_with_three(small_plan, tmp_path):
    damaged = tmp_path / "damaged.plan.npz"
    with np.load(small_plan) as tables:
        arrays = {name: tables[name].copy() for name in tables.files}
    arrays["cells"][1] = arrays["cells"][1, ::-1]
    np.savez(damaged, **arrays)
    result = run("check", damaged)
    assert result.exit_code == 3
    assert "violation" in result.stdout
    assert answer(run("check", damaged, "--json"))["ok"] is False


def test_a_truncated_plan_is_refused(small_plan, tmp_path):
    cut = tmp_path / "cut.plan.npz"
    cut.write_bytes(small_plan.read_bytes()[:-200])
    assert run("check", cut).exit_code == 1


def test_report_picture_and_exports_are_written(small_plan, tmp_path):
    page, picture = tmp_path / "report.html", tmp_path / "now.png"
    assert run("report", small_plan, "-o", page).exit_code == 0
    assert "<html" in page.read_text(encoding="utf-8")
    made = run(
        *("replay", small_plan, "--export", picture, "--at", 20, "--size", "640x480")
    )
    assert made.exit_code == 0, made.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    for form, target in (("planviz", "plan.json"), ("csv", "tables")):
        made = run("export", small_plan, "--to", form, "-o", tmp_path / target)
        assert made.exit_code == 0, made.stderr
    json.loads((tmp_path / "plan.json").read_text())
    assert (tmp_path / "plan.map").read_text().startswith("type octile\n")
    assert list((tmp_path / "tables").glob("*.csv"))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"report.html", "now.png", "plan.json", "plan.map", "tables"}
    same = run("export", small_plan, "--to", "planviz", "-o", tmp_path / "plan.map")
    assert same.exit_code == 1


def test_sheets_are_written_for_plans_with_cartons(small_plan, tmp_path):
    refused = run("report", small_plan, "--sheets", tmp_path / "sheets")
    assert (refused.exit_code, "E914" in refused.stderr) == (1, True)
    assert run("report", small_plan).exit_code == 2
    shipped = tmp_path / "shipped.plan.npz"
    write_plan(shipped_plan(), shipped)
    told = answer(run("report", shipped, "--sheets", tmp_path / "sheets", "--json"))
    pages = sorted((tmp_path / "sheets").iterdir())
    assert told["sheets"] == [str(page) for page in pages]
    assert all("<html" in page.read_text("utf-8") for page in pages)


def test_a_picture_of_a_wrong_ending_is_named_as_it_was_typed(small_plan, tmp_path):
    result = run("replay", small_plan, "--export", tmp_path / "x.bmp")
    assert result.exit_code == 1
    assert "ends in '.bmp'; end it in .png, .gif, .mp4" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such thing as a pipe here")
def test_what_is_no_file_is_not_replaced_by_one(small_plan, tmp_path):
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    result = run("report", small_plan, "-o", pipe)
    assert result.exit_code == 1
    assert "is no file" in result.stderr
    assert pipe.is_fifo()


def test_replay_without_a_screen_says_what_to_do_instead(small_plan):
    ran = in_a_shell("replay", small_plan)
    assert ran.returncode == 1
    assert "--export" in ran.stderr
    assert "Traceback" not in ran.stderr


def interrupt(*_: object) -> None:
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_writes_the_best_plan_so_far_and_says_so(tmp_path, monkeypatch):
    calls = []

    def once(_: Progress, share: float, words: str) -> None:
        calls.append(words)
        if len(calls) == 3:
            interrupt()

    monkeypatch.setattr(Progress, "__call__", once)
    path = tmp_path / "cut-short.plan.npz"
    result = run("plan", "small", "-o", path)
    assert result.exit_code == 0, result.stderr
    assert "stopped by Ctrl-C: this is the best plan so far" in result.stdout
    assert run("check", path).exit_code == 0


@pytest.fixture
def ctrl_c_raises():
    """Ctrl-C as at a prompt; a shell that runs tests behind it ignores the key."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_second_ctrl_c_stops_and_leaves_nothing_half_written(
    tmp_path, monkeypatch, ctrl_c_raises
):
    monkeypatch.setattr("warehouse.check.check_plan", interrupt)
    result = run("plan", "small", "-o", tmp_path / "x.plan.npz", "--iterations", 1)
    assert result.exit_code == 130
    assert result.stderr.endswith("stopped by Ctrl-C\n")
    assert list(tmp_path.iterdir()) == []


def test_broken_rule_is_told_and_the_plan_is_there_to_look_at(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.check.check_plan", lambda plan: ["step 3: crash"])
    path = tmp_path / "x.plan.npz"
    result = run("plan", "small", "-o", path, "--iterations", 1)
    assert result.exit_code == 3
    assert "step 3: crash" in result.stdout
    assert path.exists()


def test_demo_without_a_screen_writes_plan_report_and_film(tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    drawn = []

    def draw(plan: object, path: Path, **_: object) -> None:
        drawn.append(path.suffix)
        if path.suffix == ".mp4":
            raise MissingDependencyError("an MP4", "film")
        path.write_bytes(b"GIF")

    monkeypatch.setattr("viz.export.export", draw)
    out = tmp_path / "out"
    facts = answer(run("demo", "small", "--out", out, "--json"))
    assert drawn == [".mp4", ".gif"]
    assert facts["film"] == str(out / "small.gif")
    assert sorted(path.name for path in out.iterdir()) == [
        "report.html",
        "small.gif",
        "small.plan.npz",
    ]
    assert facts["violations"] == []


@pytest.mark.skipif(os.name == "nt", reason="no terminal to imitate")
def test_ctrl_c_on_a_terminal_ends_the_search_under_the_progress_line(tmp_path):
    path = tmp_path / "demo.plan.npz"
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", "from solvers.cli import main; main()"]
    words = ["plan", "demo", "-o", str(path), "--time-limit", "100", "--json"]
    with subprocess.Popen(
        [*command, *words], stdout=subprocess.PIPE, stderr=theirs, text=True
    ) as process:
        os.close(theirs)
        seen = os.read(ours, 1000)  # waits for the first drawing of the line
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate()
    os.close(ours)
    assert b"%" in seen
    assert process.returncode == 0
    assert out.count("\n") == 1
    facts = json.loads(out)
    assert facts["termination"] == "interrupted"
    assert facts["violations"] == []
    assert path.exists()
