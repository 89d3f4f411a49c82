"""``aislewise demo``: the whole job on a scenario that ships."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solvers.cli.console import MOST_FAULTS, Console
from solvers.cli.options import JsonOption, SeedOption, example
from solvers.cli.screen import has_screen, write_film
from solvers.cli.writing import whole_file
from warehouse.errors import Fault, InputError, WarehouseError

if TYPE_CHECKING:
    from warehouse.plan import Plan

EXAMPLE = example("aislewise demo", "aislewise demo small --out /tmp/small-demo")


def demo(
    name: Annotated[
        str, typer.Argument(help="A shipped scenario: small, demo or large.")
    ] = "demo",
    out: Annotated[Path, typer.Option(help="Folder for what it writes.")] = Path("out"),
    time_limit: Annotated[
        float, typer.Option(min=0.0, metavar="S", help="Plan for at most S seconds.")
    ] = 10.0,
    seed: SeedOption = 0,
    json_output: JsonOption = False,
) -> None:
    """Plan a shipped scenario, check it, write a report, and show the replay.

    Without a screen the replay is written as a film.
    """
    with Console(json_output) as console:
        import layouts

        if name not in layouts.names():
            needed = f"need one of {', '.join(layouts.names())}"
            raise InputError([Fault("E905", name, "no shipped scenario", needed)])
        out.mkdir(parents=True, exist_ok=True)
        from solvers.cli.plan_summary import plan_facts, plan_summary
        from solvers.cli.planning import plan_and_check
        from warehouse.formats.plan_file import write_plan
        from warehouse.formats.scenario_folder import read_scenario

        scenario = read_scenario(layouts.folder(name))
        height, width = scenario.layout.height, scenario.layout.width
        console.say(
            f"1. The shipped scenario {name!r}: {height} x {width} cells, "
            f"{len(scenario.fleet)} robots, {len(scenario.stations)} packing stations, "
            f"{len(scenario.orders):,} orders."
        )
        console.say(f"2. Planning, for at most {time_limit:g} s ...")
        outcome = plan_and_check(
            scenario, time_limit_s=time_limit, iterations=None, seed=seed
        )
        for line in plan_summary(outcome):
            console.say(f"   {line}")
        console.say("3. Every rule checked by code that knows no solver:")
        for violation in outcome.violations[:MOST_FAULTS]:
            console.say(f"   {violation}")
        console.say(f"   {len(outcome.violations) or 'no'} violations.")
        plan_path = out / f"{name}.plan.npz"
        write_plan(outcome.plan, plan_path)
        console.answer = {"output": str(plan_path), **plan_facts(outcome)}
        console.say(f"4. The plan is in {plan_path}.")
        if outcome.violations:
            console.exit_code = 3
            return
        _report_and_show(console, outcome.plan, out, name)


def _report_and_show(console: Console, plan: "Plan", out: Path, name: str) -> None:
    """Write the report, then open the window, or write the film without a screen."""
    from viz.report import write_report

    page = out / "report.html"
    with whole_file(page) as part:
        write_report(plan, part)
    console.answer["report"] = str(page)
    console.say(f"5. The report is in {page}: open it in a browser.")
    if has_screen() and _show(plan, console):
        return
    film = write_film(plan, out, name)
    console.answer["film"] = str(film)
    console.say(f"6. No screen for a window here, so the replay is in {film}.")
    console.say(f"   With a screen: aislewise replay {out / f'{name}.plan.npz'}")


def _show(plan: "Plan", console: Console) -> bool:
    """Open the replay window; False if the display refuses."""
    from viz.window import show

    console.say("6. Opening the replay. Press H for the keys, Q to quit.")
    try:
        show(plan)
    except WarehouseError as error:
        console.say(f"   The window did not open: {error.message}.")
        return False
    return True
