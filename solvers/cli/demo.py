"""``aislewise demo``: the whole job on a scenario that ships."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solvers.cli.console import MOST_FAULTS, Console
from solvers.cli.film import write_film
from solvers.cli.options import JsonOption, SeedOption, example
from solvers.cli.writing import make_folder, whole_file
from warehouse.errors import Fault, InputError, WarehouseError

if TYPE_CHECKING:
    from warehouse.plan import Plan
    from warehouse.scenario import Scenario

EXAMPLE = example("aislewise demo", "aislewise demo pods --out pods-demo")

ROUNDS = 4
"""Rounds of planning: not a time limit, so that everyone sees the same plan."""


def demo(
    name: Annotated[
        str,
        typer.Argument(metavar="[NAME]", help="Which one: small, demo, large or pods."),
    ] = "demo",
    out: Annotated[Path, typer.Option(help="Folder for what it writes.")] = Path("out"),
    seed: SeedOption = 0,
    json_output: JsonOption = False,
) -> None:
    """Plan, check, report and replay a scenario that ships.

    Without a screen the replay is written as a film.
    """
    with Console(json_output) as console:
        import layouts

        if name not in layouts.names():
            needed = f"need one of {', '.join(layouts.names())}"
            raise InputError([Fault("E905", name, "no shipped scenario", needed)])
        make_folder(out)
        from solvers.cli.plan_summary import plan_facts, plan_summary
        from solvers.cli.planning import plan_and_check
        from viz.clock import count
        from warehouse.formats.plan_file import write_plan
        from warehouse.formats.scenario_folder import read_scenario

        scenario = read_scenario(layouts.folder(name))
        console.say(f"1. {_what_it_is(scenario)}")
        rounds: int | None = ROUNDS
        words = f"{ROUNDS} rounds"
        if scenario.pods is not None:
            rounds, words = None, "a step at a time, as orders become known"
        console.say(f"2. Planning, {words}; Ctrl-C takes the best so far ...")
        outcome = plan_and_check(
            scenario, time_limit_s=None, iterations=rounds, seed=seed
        )
        for line in plan_summary(outcome):
            console.say(f"   {line}")
        console.say("3. Every rule checked by code that knows no solver:")
        for violation in outcome.violations[:MOST_FAULTS]:
            console.say(f"   {violation}")
        found = len(outcome.violations)
        console.say(f"   {count(found, 'violation') if found else 'no violation'}.")
        plan_path = out / f"{name}.plan.npz"
        write_plan(outcome.plan, plan_path)
        console.answer = {"output": str(plan_path), **plan_facts(outcome)}
        console.say(f"4. The plan is in {plan_path}.")
        if outcome.violations:
            console.exit_code = 3
            return
        _report_and_show(console, outcome.plan, out, name)


def _what_it_is(scenario: "Scenario") -> str:
    """Say what a shipped scenario has."""
    layout, pods = scenario.layout, scenario.pods
    stations = f"{len(scenario.stations)} packing stations"
    if pods is not None:
        stations = f"{len(scenario.stations)} pick stations, {len(pods)} pods"
    return (
        f"The shipped scenario {scenario.name!r}: {layout.height} x {layout.width} "
        f"cells, {len(scenario.fleet)} robots, {stations}, "
        f"{len(scenario.orders):,} orders."
    )


def _report_and_show(console: Console, plan: "Plan", out: Path, name: str) -> None:
    """Write the report, then open the window, or write the film without a screen."""
    from viz.report import write_report

    page = out / "report.html"
    with whole_file(page) as part:
        write_report(plan, part)
    console.answer["report"] = str(page)
    console.say(f"5. The report is in {page}: open it in a browser.")
    if _show(plan, console):
        return
    film = write_film(plan, out, name)
    console.answer["film"] = str(film)
    console.say(f"6. No screen to open a window on: the replay is in {film}.")
    console.say(f"   With a screen: aislewise replay {out / f'{name}.plan.npz'}")


def _show(plan: "Plan", console: Console) -> bool:
    """Open the replay window; False if there is no screen, or it refuses."""
    from viz.window import has_screen, show

    if not has_screen():
        return False
    console.say("   Opening the replay. Press H for the keys, Q to quit.")
    try:
        show(plan)
    except WarehouseError as error:
        console.say(f"   The window did not open: {error.message}.")
        return False
    return True
