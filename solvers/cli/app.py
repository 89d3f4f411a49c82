"""The commands put together."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from solvers.cli import (
    check,
    demo,
    export,
    follow,
    layout,
    plan,
    replay,
    report,
    scenario,
    solve,
)
from solvers.cli.console import error_text, faults_of, one_line
from solvers.cli.options import example


class CommandGroup(TyperGroup):
    """All commands; a mistyped one answers ``--json`` with an object too."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> Any:
        """Run the command that `args` name."""
        try:
            return super().main(args, *more, **extra)
        except SystemExit as stop:
            if stop.code == 2 and "--json" in (sys.argv[1:] if args is None else args):
                found = "the command was typed wrong; the standard error says how"
                typer.echo(error_text("E900", found))
            raise
        except OSError as error:  # of what is said itself, as on a full disk
            for fault in faults_of(error):
                typer.echo(one_line(fault), err=True)
            sys.exit(1)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed; say plainly what is wrong in it."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            # How pydantic, by which typer reads words, begins what typer says itself.
            error.message = error.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    cls=CommandGroup,
    name="aislewise",
    help="Plan, check and replay the work of a robotic fulfilment centre.",
    epilog="\b\nExamples:\n"
    "  aislewise demo\n"
    "  aislewise plan small -o small.plan.npz\n"
    "  aislewise plan my-warehouse/ -o mine.plan.npz --time-limit 60\n"
    "  aislewise replay mine.plan.npz\n"
    "\nExit codes: 0 done; 1 the input is wrong or cannot be served; "
    "2 the command was typed wrong; 3 a check failed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from warehouse.version import __version__

        typer.echo(f"aislewise {__version__}")
        raise typer.Exit


@app.callback()
def _aislewise(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and stop.",
        ),
    ] = False,
) -> None:
    pass


for command, epilog in (
    (demo.demo, demo.EXAMPLE),
    (plan.plan, plan.EXAMPLE),
    (check.check, check.EXAMPLE),
    (follow.follow, follow.EXAMPLE),
    (replay.replay, replay.EXAMPLE),
    (report.report, report.EXAMPLE),
    (export.export, export.EXAMPLE),
):
    app.command(epilog=epilog)(command)
app.add_typer(layout.app, name="layout")
app.add_typer(scenario.app, name="scenario")
app.add_typer(
    solve.app,
    name="solve",
    epilog=example("aislewise solve tour unit_F1_m5_C30_a3_0.txt"),
)
