"""The command line. It alone touches solving, checking and drawing.

Nothing heavy is imported before a command runs: ``aislewise --help`` needs typer only.
"""

import sys


def main() -> None:
    """Run the ``aislewise`` command."""
    try:
        from solvers.cli.app import app

        app(prog_name="aislewise")
    except KeyboardInterrupt:  # before or after the command's own handling
        sys.exit(130)
