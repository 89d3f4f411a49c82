"""Commands that are stopped by Ctrl-C once they search."""

import signal
import subprocess
import sys
import time

SEARCHES = """
import sys

import solvers.interrupt as interrupt

wanted = interrupt.Interrupt.wanted
asked = 0

def counted(self):
    global asked
    asked += 1
    if asked == {times}:
        print("searches", file=sys.stderr, flush=True)
    return wanted(self)

interrupt.Interrupt.wanted = counted
from solvers.cli import main

main()
"""


def interrupted(*words: object, times: int = 1, wait_s: float = 2.0) -> str:
    """Start a command, press Ctrl-C when it searches; what it prints then.

    Parameters
    ----------
    *words : object
        Of the command.
    times : int
        It searches when it has asked so often whether Ctrl-C was pressed.
    wait_s : float
        It may search for so long.
    """
    code = SEARCHES.format(times=times)
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "searches\n"
        time.sleep(wait_s)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (0, "")
    return out
