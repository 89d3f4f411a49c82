"""``aislewise export``: a plan in the files that other tools read."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from solvers.cli.console import Console
from solvers.cli.options import JsonOption, PlanArgument, example
from solvers.cli.writing import refuse_unwritable, whole_files, whole_folder
from warehouse.errors import Fault, InputError

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
        typer.Option(help="planviz: JSON and map for the viewer PlanViz; csv: tables."),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The file or folder to write.")
    ],
    json_output: JsonOption = False,
) -> None:
    """Write a plan in a form that other tools read."""
    with Console(json_output) as console:
        from warehouse.formats.plan_file import read_plan

        written = [output]
        if to is PlanFormat.planviz:
            from warehouse.formats.planviz import write_planviz

            written.append(output.with_suffix(".map"))
            if output.suffix == ".map":
                needed = "end it in .json: the map beside it ends so"
                raise InputError([Fault("E907", str(output), "ends in .map", needed)])
            for path in written:
                refuse_unwritable(path)
            shown = read_plan(plan)
            with whole_files(output) as part:
                write_planviz(shown, part)
        else:
            from warehouse.formats.plan_csv import write_plan_csv

            shown = read_plan(plan)
            with whole_folder(output) as part:
                write_plan_csv(shown, part)
        console.answer = {"plan": str(plan), "to": to.value, "output": str(output)}
        console.say(f"wrote {' and '.join(map(str, written))}")
