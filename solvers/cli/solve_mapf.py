"""``aislewise solve mapf``: every robot from its start to its goal, none collide."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solvers.cli.console import Console
from solvers.cli.motion_output import (
    WRITTEN_AS,
    CoreUse,
    refuse_output,
    report_violations,
    write_motion,
)
from solvers.cli.options import JsonOption, MotionOption, SeedOption, example
from solvers.cli.progress import Progress
from warehouse.errors import SolverError

if TYPE_CHECKING:
    from solvers.mapf.one_shot.problem import OneShotProblem, Paths
    from solvers.result import Result
    from warehouse.formats.movingai_scen import OneShotInstance

EXAMPLE = example(
    "aislewise solve mapf --map den520d.map --scen den520d-random-1.scen --agents 100",
    "aislewise solve mapf --map m.map --scen m.scen --time-limit 30 -o plan.json",
)
SHORTEST_S: Final = 0.15
S_PER_ROBOT: Final = 0.0025
LONGEST_S: Final = 30.0


class MotionObjective(StrEnum):
    """What paths are to be short in."""

    soc = "soc"
    loss = "loss"
    makespan = "makespan"


FULL_NAME: Final = {"soc": "sum_of_costs", "loss": "loss", "makespan": "makespan"}


def mapf(
    map_file: Annotated[
        Path,
        typer.Option("--map", metavar="MAP", readable=False, help="A MovingAI map."),
    ],
    scen: Annotated[
        Path,
        typer.Option(
            "--scen",
            metavar="SCEN",
            readable=False,
            help="Starts and goals for it: .scen or .scen.gz.",
        ),
    ],
    agents: Annotated[
        int | None,
        typer.Option(
            "--agents", min=1, metavar="N", help="Take the first N; without it all."
        ),
    ] = None,
    objective: Annotated[
        MotionObjective,
        typer.Option(help="Sum of costs, steps away from the goals, or the last step."),
    ] = MotionObjective.soc,
    motion: MotionOption = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit",
            min=0.0,
            metavar="S",
            help="Search for S seconds; without it for 0.15 s and 0.25 s for each "
            "100 robots, at most 30.",
        ),
    ] = None,
    seed: SeedOption = 0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=WRITTEN_AS)
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Find paths without collisions from all starts to all goals.

    Ctrl-C keeps the best so far. Exit code 1 if there are no such paths, or none were
    found in time; 3 if the checker finds a broken rule.
    """
    with Console(json_output) as console:
        refuse_output(output)
        from warehouse.check.paths import check_paths
        from warehouse.formats.movingai_scen import read_one_shot

        instance = read_one_shot(map_file, scen, agents)
        problem = _problem(instance, "omni" if motion is None else motion.value)
        chosen = time_limit is not None
        if time_limit is None:
            time_limit = min(LONGEST_S, SHORTEST_S + S_PER_ROBOT * problem.robots)
        with CoreUse() as use:
            result = _solve(problem, time_limit, seed, FULL_NAME[objective.value])
        paths = result.solution
        if paths is None:
            raise _no_paths(result)
        violations = check_paths(
            problem.grid,
            paths.cells,
            paths.headings,
            problem.starts,
            problem.goals,
            start_headings=problem.headings if problem.motion == "rotate" else None,
        )
        facts = mapf_facts(problem, result, paths, FULL_NAME[objective.value])
        console.answer = {**facts, "cores_used": round(use.cores, 2)}
        if output:
            _write(output, instance, paths, facts, map_file.name)
            console.answer["output"] = str(output)
        for line in _lines(console.answer):
            console.say(line)
        if not chosen and console.answer["termination"] == "time limit":
            console.say("with more time it gets better: --time-limit 10")
        if output:
            console.say(f"wrote {output}")
        report_violations(console, violations)


def _problem(instance: "OneShotInstance", motion: Any) -> "OneShotProblem":
    from solvers.mapf.one_shot.problem import OneShotProblem
    from warehouse.grid import Grid

    grid = Grid.from_layout(instance.layout)
    return OneShotProblem(grid, instance.starts, instance.goals, motion)


def _solve(
    problem: "OneShotProblem", time_limit_s: float, seed: int, objective: Any
) -> "Result[Paths]":
    """Solve; the first Ctrl-C ends the search with the best so far."""
    from solvers.interrupt import Interrupt
    from solvers.mapf.one_shot.load import load_kernels
    from solvers.mapf.one_shot.solve import OneShotParams, solve
    from solvers.result import Stop

    load_kernels(problem.motion, objective)
    with Progress() as progress, Interrupt() as interrupt:
        return solve(
            problem,
            Stop(time_limit_s, interrupted=interrupt.wanted),
            seed=seed,
            params=OneShotParams(objective=objective),
            on_progress=progress,
        )


def _no_paths(result: "Result[Paths]") -> SolverError:
    """Why there are no paths: proved impossible, or not found in time.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C ended the search before there was anything to keep.
    """
    from solvers.result import Status, Termination

    if result.termination is Termination.INTERRUPTED:
        raise KeyboardInterrupt
    if result.status is Status.INFEASIBLE:
        found = "no motion leads all robots to their goals: proved"
        return SolverError("E911", found, "give other goals, or fewer robots")
    found = f"no paths were found: {result.summary()}"
    return SolverError("E910", found, "allow more time with --time-limit")


def mapf_facts(
    problem: "OneShotProblem", result: "Result[Paths]", paths: "Paths", objective: str
) -> dict[str, Any]:
    """Figures of a solution: costs, bound, and how they came down over time."""
    statistics = dict(result.statistics)
    history = statistics.pop("history", ())
    bound = result.lower_bound
    facts: dict[str, Any] = {
        "robots": problem.robots,
        "motion": problem.motion,
        "objective": objective,
        "sum_of_costs": paths.sum_of_costs,
        "loss": paths.loss,
        "makespan": paths.makespan,
        "cost": result.objective,
        "lower_bound": bound,
        "cost_per_bound": _ratio(result.objective, bound),
        "status": result.status.value,
        "termination": result.termination.value,
        "first_solution_s": statistics.pop("first_solution_s", None),
        "history": [
            {"s": round(s, 4), "cost": cost, "cost_per_bound": _ratio(cost, bound)}
            for s, cost in history
        ],
        "runtime_s": round(result.runtime_s, 4),
        "seed": result.seed,
        "solver": result.solver,
        "statistics": statistics,
    }
    if facts["first_solution_s"] is None and facts["history"]:
        facts["first_solution_s"] = facts["history"][0]["s"]
    return facts


def _ratio(cost: float, bound: float) -> float | None:
    """Cost over bound; 1 where there is nothing to do, None without a bound."""
    if bound > 0:
        return round(cost / bound, 5)
    return 1.0 if cost == bound == 0 else None


def _write(
    output: Path,
    instance: "OneShotInstance",
    paths: "Paths",
    facts: dict[str, Any],
    map_name: str,
) -> None:
    """Write the paths; each goal is a task of one errand."""
    from warehouse.formats.planviz import motion_result

    width = instance.layout.width
    arrivals = paths.arrivals.tolist()
    goals = [list(divmod(goal, width)) for goal in instance.goals.tolist()]
    events = sorted([t, robot, robot, 1] for robot, t in enumerate(arrivals))
    write_motion(
        output,
        paths.cells,
        paths.headings,
        width,
        lambda: motion_result(
            paths.cells,
            paths.headings,
            width,
            finished=len(goals),
            events=events,
            tasks=[[robot, 0, goal] for robot, goal in enumerate(goals)],
            schedule=[f"0:{robot}" for robot in range(len(goals))],
            sum_of_costs=paths.sum_of_costs,
        ),
        {
            "agents": facts["robots"],
            "map_file": map_name,
            "solver": facts["solver"],
            "solved": 1,
            "soc": facts["sum_of_costs"],
            "makespan": facts["makespan"],
            "sum_of_loss": facts["loss"],
            "comp_time": round(1000 * facts["runtime_s"]),
            "seed": facts["seed"],
        },
    )


def _lines(facts: dict[str, Any]) -> list[str]:
    """Return the figures as text."""
    ratio = facts["cost_per_bound"]
    over = (
        ""
        if ratio is None
        else f", {ratio:.3f} of the bound {facts['lower_bound']:,.0f}"
    )
    name = facts["objective"].replace("_", " ")
    lines = [
        f"{facts['robots']:,} robots, {facts['motion']}: {facts['status']}, "
        f"{name} {facts['cost']:,.0f}{over}",
        f"sum of costs {facts['sum_of_costs']:,}, loss {facts['loss']:,}, "
        f"makespan {facts['makespan']:,}",
    ]
    first = facts["first_solution_s"]
    begin = "" if first is None else f"first solution after {first:.2f} s, "
    lines.append(
        f"{begin}{facts['runtime_s']:.2f} s in all ({facts['termination']}), "
        f"{facts['cores_used']:.1f} cores used"
    )
    return lines
