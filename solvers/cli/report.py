"""``aislewise report``: a plan as one page."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solvers.cli.console import Console
from solvers.cli.options import JsonOption, PlanArgument, example
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file, whole_folder
from warehouse.errors import Fault, InputError

if TYPE_CHECKING:
    from warehouse.plan import Plan

EXAMPLE = example(
    "aislewise report demo.plan.npz -o report.html",
    "aislewise report shipping.plan.npz --sheets sheets/",
)


def report(
    plan: PlanArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The page to write; needed without --sheets."
        ),
    ] = None,
    sheets: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write what to print: for plans with cartons a page for every packing "
            "station, its orders in turn with pictures of their cartons; where packers "
            "have shifts a page of what each one does, with breaks.",
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Write a report on a plan: one page that needs no other file.

    With --sheets also, or only, the pages that packers work by.
    """
    if output is None and sheets is None:
        raise typer.BadParameter("need -o, --sheets or both")
    with Console(json_output) as console:
        if output:
            refuse_unwritable(output)
        from warehouse.formats.plan_file import read_plan

        given = read_plan(plan)
        console.answer = {"plan": str(plan)}
        if output:
            from viz.report import write_report

            with whole_file(output) as part, Progress() as progress:
                write_report(given, part, on_progress=progress)
            console.answer["report"] = str(output)
            console.say(f"wrote {output}: open it in a browser")
        if sheets:
            paths = _write_sheets(given, plan, sheets)
            console.answer["sheets"] = [str(path) for path in paths]
            console.say(f"wrote {len(paths)} pages into {sheets}: print them")


def _write_sheets(given: "Plan", path: Path, folder: Path) -> list[Path]:
    """Write the page of each packing station, and that of the packers."""
    from viz.plan_sheets import packer_sheets, station_sheets

    pages = dict[str, str]()
    stations = station_sheets(given) or {}
    digits = len(str(len(stations)))
    for number, page in enumerate(stations.values(), start=1):
        # Names of stations may hold what no file may be called.
        pages[f"station-{number:0{digits}}.html"] = page
    packers = packer_sheets(given)
    if packers is not None:
        pages["packers.html"] = packers
    if not pages:
        found = "its orders have no cartons, and its packers no shifts"
        needed = "plan a scenario that names cartons or packers"
        raise InputError([Fault("E914", str(path), found, needed)])
    with whole_folder(folder) as part:
        for name, page in pages.items():
            (part / name).write_text(page, encoding="utf-8")
    return [folder / name for name in pages]
