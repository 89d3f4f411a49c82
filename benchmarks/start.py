"""How long one waits before anything happens: whole processes, from outside."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.registry import Run, spec

CHECKOUT = Path(__file__).resolve().parents[1]
COMMAND: Final = "from solvers.cli import main; main()"
SIDE: Final = 32
ROBOTS: Final = 100
TIME_LIMIT_S: Final = 0.5


@spec(
    "start",
    "Seconds of a process: Python alone, `aislewise --help`, importing the planner",
    seeds=(0,),
    repeats=9,
)
def start(run: Run) -> dict[str, float]:
    return {
        "python_s": seconds_of("pass"),
        "help_s": seconds_of(COMMAND, "--help"),
        "import_s": seconds_of("import solvers.fulfilment"),
    }


@spec(
    "start-cold",
    f"Seconds of `aislewise solve mapf`, {ROBOTS} robots, {TIME_LIMIT_S} s of search: "
    "with nothing compiled yet, and once more",
    seeds=(0,),
)
def start_cold(run: Run) -> dict[str, float]:
    """Smoke runs interpret the kernels; that is what takes no time to begin."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = ["--agents", str(ROBOTS), "--time-limit", str(TIME_LIMIT_S)]
        arguments += write_instance(folder)
        # A folder that stays empty where the kernels are interpreted.
        settings = {"NUMBA_CACHE_DIR": str(folder / "cache")}
        if run.smoke:
            settings["NUMBA_DISABLE_JIT"] = "1"
        first, second = (
            seconds_of(COMMAND, "solve", "mapf", *arguments, **settings)
            for _ in range(2)
        )
    return {"first_s": first, "second_s": second}


def write_instance(folder: Path) -> list[str]:
    """Write an open floor with robots that go to the opposite cell; the options."""
    rows = ["type octile", f"height {SIDE}", f"width {SIDE}", "map"]
    rows += ["." * SIDE] * SIDE
    (folder / "open.map").write_text("\n".join(rows) + "\n", encoding="utf-8")
    lines = ["version 1"]
    for robot in range(ROBOTS):
        y, x = divmod(robot, SIDE)
        ends = (x, y, SIDE - 1 - x, SIDE - 1 - y)
        lines.append("\t".join(map(str, (0, "open.map", SIDE, SIDE, *ends, 0))))
    (folder / "open.scen").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["--map", str(folder / "open.map"), "--scen", str(folder / "open.scen")]


def seconds_of(code: str, *arguments: str, **settings: str) -> float:
    """Wall-clock seconds of Python running some code, which must succeed.

    ``settings`` are added to the environment.
    """
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, **settings}
    began = time.perf_counter()
    subprocess.run(
        command, cwd=CHECKOUT, env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - began
