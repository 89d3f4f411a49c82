"""The command line. It alone touches solving, checking and drawing.

Nothing heavy is imported before a command runs: ``aislewise --help`` needs typer only.
"""

import gc
import sys

GARBAGE = 100_000
"""New objects between two searches for unused ones; loading numba makes very many."""


def main() -> None:
    """Run the ``aislewise`` command."""
    gc.set_threshold(GARBAGE)
    try:
        from solvers.cli.app import app

        app(prog_name="aislewise")
    except KeyboardInterrupt:  # before or after the command's own handling
        sys.exit(130)
    finally:
        gc.freeze()  # the process ends: nobody needs to search numba's objects again
