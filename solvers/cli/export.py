"""``aislewise export``: a plan in the files that other tools read."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from solvers.cli.console import Console
from solvers.cli.options import JsonOption, PlanArgument, example
from solvers.cli.writing import refuse_unwritable, whole_file

EXAMPLE = example(
    "aislewise export demo.plan.npz --to planviz -o demo.json",
    "aislewise export demo.plan.npz --to csv -o tables/",
)


class PlanFormat(StrEnum):
    """What a plan can be written as."""

    planviz = "planviz"
    csv = "csv"


def export(
    plan: PlanArgument,
    to: Annotated[
        PlanFormat,
        typer.Option(
            help="planviz: the JSON of the PlanViz viewer; csv: a folder of tables."
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The file or folder to write.")
    ],
    json_output: JsonOption = False,
) -> None:
    """Write a plan in a form that other tools read."""
    with Console(json_output) as console:
        from warehouse.formats.plan_file import read_plan

        if to is PlanFormat.planviz:
            from warehouse.formats.planviz import write_planviz

            refuse_unwritable(output)
            with whole_file(output) as part:
                write_planviz(read_plan(plan), part)
        else:
            from warehouse.formats.plan_csv import write_plan_csv

            write_plan_csv(read_plan(plan), output)
        console.answer = {"plan": str(plan), "to": to.value, "output": str(output)}
        console.say(f"wrote {output}")
