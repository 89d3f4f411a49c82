"""``aislewise plan``: from a scenario to a plan."""

from pathlib import Path
from typing import Annotated

import typer

from solvers.cli.console import MOST_FAULTS, Console
from solvers.cli.options import (
    Decisions,
    JsonOption,
    Objective,
    Partial,
    PodMatching,
    PodRule,
    ScenarioArgument,
    SeedOption,
    TimeLimitOption,
    example,
    find_scenario,
)
from solvers.cli.writing import refuse_unwritable

EXAMPLE = example(
    "aislewise plan small -o small.plan.npz",
    "aislewise plan my-warehouse/ -o mine.plan.npz --time-limit 60 --seed 7",
)


def plan(
    scenario: ScenarioArgument,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The plan file to write.")
    ],
    time_limit: TimeLimitOption = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Stop after N rounds: the same plan every time. Without any limit "
            "8 to 48, more for fewer orders.",
        ),
    ] = None,
    seed: SeedOption = 0,
    objective: Annotated[
        Objective, typer.Option(help="Soonest done, least late, or least driven.")
    ] = Objective.throughput,
    partial: Annotated[
        Partial,
        typer.Option(help="Orders the stock covers in part: ship that, or hold back."),
    ] = Partial.ship,
    decisions: Annotated[
        Decisions,
        typer.Option(
            help="Locations, batches and tours: decided together, or by rules of "
            "thumb (nearest stock, first come, nearest neighbour), to compare with."
        ),
    ] = Decisions.joint,
    robots: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="So many robots, not as many as the scenario says."
        ),
    ] = None,
    pod_rules: Annotated[
        PodRule,
        typer.Option(help="Sites with pods: choose all together, or by a simple rule."),
    ] = PodRule.joint,
    pod_robots: Annotated[
        PodMatching,
        typer.Option(
            help="Sites with pods: the nearest robot fetches a pod, or trips that have "
            "begun are matched to robots again."
        ),
    ] = PodMatching.nearest,
    pod_spots: Annotated[
        PodMatching,
        typer.Option(
            help="Sites with pods: a pod returns to the nearest free spot, or pods are "
            "matched to spots by how often they are wanted."
        ),
    ] = PodMatching.nearest,
    split_orders: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="SECONDS",
            help="Sites with pods: an order may be picked at several stations, and is "
            "together so many seconds later for each but one. By default none is.",
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Plan a scenario, check the plan and write it to a file.

    Ctrl-C ends the search and writes the best plan so far; twice, it stops.
    Exit code 3 if the checker finds a broken rule.
    """
    with Console(json_output) as console:
        refuse_unwritable(output)
        from solvers.cli.plan_summary import plan_facts, plan_summary
        from solvers.cli.planning import plan_and_check, refuse_unused
        from viz.clock import count
        from warehouse.formats.plan_file import write_plan
        from warehouse.formats.scenario_folder import read_scenario

        site = read_scenario(find_scenario(scenario), robots=robots)
        refuse_unused(
            site,
            pods={
                "--pod-rules": pod_rules is not PodRule.joint,
                "--pod-robots": pod_robots is not PodMatching.nearest,
                "--pod-spots": pod_spots is not PodMatching.nearest,
                "--split-orders": split_orders is not None,
            },
            totes={
                "--iterations": iterations is not None,
                "--objective": objective is not Objective.throughput,
                "--partial": partial is not Partial.ship,
                "--decisions": decisions is not Decisions.joint,
            },
        )
        outcome = plan_and_check(
            site,
            time_limit_s=time_limit,
            iterations=iterations,
            seed=seed,
            objective=objective,
            partial=partial,
            decisions=decisions,
            pod_rules=pod_rules,
            pod_robots=pod_robots,
            pod_spots=pod_spots,
            split_s=split_orders,
        )
        write_plan(outcome.plan, output)
        facts = plan_facts(outcome)
        for notice in facts.get("notices", [])[:MOST_FAULTS]:
            typer.echo(notice, err=True)
        console.answer = {"output": str(output), **facts}
        for line in plan_summary(outcome):
            console.say(line)
        console.say(f"wrote {output}")
        if outcome.violations:
            for violation in outcome.violations[:MOST_FAULTS]:
                console.say(violation)
            console.say(
                f"the checker found {count(len(outcome.violations), 'violation')} in "
                "this plan: this is a fault of the planner, please report it"
            )
            console.exit_code = 3
            return
        console.say(f"next: aislewise replay {output}")
        console.say(f"      aislewise report {output} -o report.html")
