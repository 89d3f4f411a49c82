"""``aislewise report``: a plan as one page."""

from pathlib import Path
from typing import Annotated

import typer

from solvers.cli.console import Console
from solvers.cli.options import JsonOption, PlanArgument, example
from solvers.cli.writing import refuse_unwritable, whole_file

EXAMPLE = example("aislewise report demo.plan.npz -o report.html")


def report(
    plan: PlanArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The page to write.")],
    json_output: JsonOption = False,
) -> None:
    """Write a report on a plan: one page that needs no other file."""
    with Console(json_output) as console:
        refuse_unwritable(output)
        from viz.report import write_report
        from warehouse.formats.plan_file import read_plan

        with whole_file(output) as part:
            write_report(read_plan(plan), part)
        console.answer = {"plan": str(plan), "report": str(output)}
        console.say(f"wrote {output}: open it in a browser")
