"""How long one waits before anything happens: whole processes, from outside."""

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.registry import Run, spec

CHECKOUT = Path(__file__).resolve().parents[1]


@spec(
    "start",
    "Seconds of a process: Python alone, `aislewise --help`, importing the planner",
    seeds=(0,),
    repeats=9,
)
def start(run: Run) -> dict[str, float]:
    return {
        "python_s": seconds_of("pass"),
        "help_s": seconds_of("from solvers.cli import main; main()", "--help"),
        "import_s": seconds_of("import solvers.fulfilment"),
    }


def seconds_of(code: str, *arguments: str) -> float:
    """Wall-clock seconds of Python running some code, which must succeed."""
    command = [sys.executable, "-c", code, *arguments]
    began = time.perf_counter()
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    return time.perf_counter() - began
