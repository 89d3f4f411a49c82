"""``aislewise follow``: a plan with robots that are late."""

import math
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solvers.cli.console import MOST_FAULTS, Console
from solvers.cli.options import JsonOption, PlanArgument, SeedOption, example
from solvers.cli.writing import refuse_unwritable

if TYPE_CHECKING:
    from warehouse.execution import DelayModel, Execution, FollowReport
    from warehouse.plan import Plan

MOST_BROKEN_S = 10_000_000.0
"""About four months."""
EXAMPLE = example(
    "aislewise follow demo.plan.npz",
    "aislewise follow demo.plan.npz --late 0.2 --seeds 50 -o late.plan.npz",
    "aislewise follow demo.plan.npz --model breakdown --late 0.02 --broken 120",
)


class Model(StrEnum):
    """Who is late when."""

    random = "random"
    breakdown = "breakdown"
    lorr2026 = "lorr2026"


def follow(
    plan: PlanArgument,
    late: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=0.99,
            metavar="SHARE",
            help="Share of robot-steps that are late; of robots that break down.",
        ),
    ] = 0.1,
    model: Annotated[
        Model,
        typer.Option(
            help="Late at random in each step; broken down once, for a while; or for "
            "a few ticks, as in the League of Robot Runners 2026."
        ),
    ] = Model.random,
    broken: Annotated[
        float,
        typer.Option(
            min=0.0, max=MOST_BROKEN_S, metavar="S", help="How long a breakdown lasts."
        ),
    ] = 300.0,
    seeds: Annotated[int, typer.Option(min=1, metavar="N", help="How many runs.")] = 10,
    seed: SeedOption = 0,
    early: Annotated[
        bool,
        typer.Option(
            "--early", help="Robots drive before their planned time where they can."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Write the first run as a plan file of its own."
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Execute a plan while robots are late; say how late it becomes.

    Robots keep the order in which the plan has them pass each cell, whatever the
    delays. Plans of robots that carry pods are refused. Every run is checked against
    every rule. Exit code 3 if a rule is broken, 1 if a run does not come to its end.
    """
    with Console(json_output) as console:
        if output is not None:
            refuse_unwritable(output)
        from solvers.cli.progress import Progress
        from viz.clock import count
        from warehouse.check import check_plan
        from warehouse.execution import executed_plan, follow_plan
        from warehouse.formats.plan_file import read_plan, write_plan

        given = read_plan(plan)
        violations: list[str] = []
        runs, endless, written = 0, 0, False

        def look(run: "Execution") -> None:
            nonlocal runs, endless, written
            runs += 1
            progress(runs / seeds, f"run {runs} of {seeds}")
            if not run.finished:
                endless += 1
                return
            executed = executed_plan(given, run)
            violations.extend(str(violation) for violation in check_plan(executed))
            if output is not None and runs == 1:
                write_plan(executed, output)
                written = True

        with Progress() as progress:
            report = follow_plan(
                given,
                delay_model(given, model, late, broken),
                runs=seeds,
                seed=seed,
                keeps_times=not early,
                on_run=look,
            )
        console.answer = {
            "plan": str(plan),
            "model": model.value,
            "late": late,
            **report.to_dict(),
            "violations": violations,
            "output": str(output) if written else None,
        }
        for line in summary(report, model, late):
            console.say(line)
        for text in violations[:MOST_FAULTS]:
            console.say(text)
        if endless:
            mend = "lower --late or --broken"
            console.say(f"{count(endless, 'run')} did not come to an end: {mend}")
        if written:
            console.say(f"wrote {output}")
        if violations:
            console.exit_code = 3
        elif endless or not report.all_delivered:
            console.exit_code = 1
        else:
            console.say("checked      no rule is broken in any run")


def delay_model(
    given: "Plan", model: Model, late: float, broken: float
) -> "DelayModel":
    """Return the delays that the options ask for."""
    from warehouse.execution import Breakdowns, LorrDelays, RandomDelays

    if model is Model.random:
        return RandomDelays(late)
    if model is Model.lorr2026:
        return LorrDelays.of_share(late)
    return Breakdowns(
        steps=math.ceil(broken / given.scenario.step_s),
        robots=math.ceil(late * len(given.scenario.fleet)),
        within=max(1, int(given.stops["end"].max(initial=1))),
    )


def summary(report: "FollowReport", model: Model, late: float) -> list[str]:
    """Return what a person wants to know, line by line."""
    from viz.clock import clock, count, share

    who = {
        Model.random: f"each robot late in {share(late)} of its steps",
        Model.breakdown: f"{share(late)} of the robots break down once",
        Model.lorr2026: f"each robot late for {share(late)} of the time",
    }[model]

    def words(seconds: float) -> str:
        return clock(seconds) if math.isfinite(seconds) else "never"

    facts = report.to_dict()
    lines = [f"followed     {count(len(report.seeds), 'run')}, {who}"]
    for name, key in (("makespan", "makespan_s"), ("tardiness", "tardiness_s")):
        entry = facts[key]
        lines.append(
            f"{name:<13}{words(entry['planned'])} planned, "
            f"{words(entry['expected'])} expected, {words(entry['worst'])} at worst"
        )
    entry = facts["late_orders"]
    lines.append(
        f"late orders  {entry['planned']:,} planned, "
        f"{entry['expected']:,.1f} expected, {entry['worst']:,.0f} at worst"
    )
    if report.late_runs:
        lines.append(f"late often   {late_often(report)}")
    for name, key, what in (
        ("orders", "order_delay_s", "packed"),
        ("robots", "robot_delay_s", "done"),
    ):
        entry = facts[key]
        lines.append(
            f"{name:<13}{what} {words(entry['expected'])} later than planned on "
            f"average, {words(entry['worst'])} at most"
        )
    fewest = int(report.delivered.min(initial=report.orders))
    lines.append(
        f"delivered    {fewest:,} of {count(report.orders, 'order')} in every run"
    )
    rings = "no joint move"
    if report.rings:
        rings = f"{count(report.rings, 'joint move')}, of {report.largest_ring} at most"
    lines.append(
        f"order kept   {report.dependencies:,} of {count(report.drives, 'drive')} wait "
        f"for another robot to leave; {rings}"
    )
    return lines


def late_often(report: "FollowReport") -> str:
    """Return which orders are late in the most runs, and how many others are in any."""
    from solvers.cli.shipping_summary import MOST_TOLD
    from viz.clock import count

    runs = report.late_runs
    some = list(runs)[:MOST_TOLD]
    words = ", ".join(f"{name} in {runs[name]}" for name in some)
    if len(some) < len(runs):
        words += f", {len(runs) - len(some):,} others in some"
    return f"{words} of {count(len(report.seeds), 'run')}"
