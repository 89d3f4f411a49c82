"""``aislewise solve lifelong``: robots that get a new goal whenever they reach one."""

from enum import StrEnum
from itertools import pairwise
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

if TYPE_CHECKING:
    from solvers.mapf.lifelong.problem import LifelongProblem
    from solvers.mapf.lifelong.simulate import LifelongRun
    from solvers.result import Result
    from warehouse.formats.lifelong_instance import LifelongInstance

EXAMPLE = example(
    "aislewise solve lifelong RANDOM-03.json --steps 800 --step-ms 100 -o result.json",
    "aislewise solve lifelong --map m.map --agents agents.csv --tasks tasks.csv",
)
STEPS: Final = 1000


class TaskAssignment(StrEnum):
    """How tasks of a pool are given to robots."""

    greedy = "greedy"
    flow = "flow"
    nearest = "nearest"


FIGURES: Final = (
    "throughput",
    "bound_throughput",
    "binding",
    "step_ms_median",
    "step_ms_p99",
    "step_ms_max",
    "step_cpu_ms_median",
    "step_cpu_ms_p99",
    "overruns",
)


def lifelong(
    problem: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROBLEM]",
            readable=False,
            help="A problem of the League of Robot Runners, 2023 or 2024 (.json).",
        ),
    ] = None,
    map_file: Annotated[
        Path | None,
        typer.Option("--map", metavar="MAP", readable=False, help="A MovingAI map."),
    ] = None,
    agents: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV", readable=False, help="Starts: columns agent id, row, col."
        ),
    ] = None,
    tasks: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            readable=False,
            help="Goals by turns: column targets, row * width + col.",
        ),
    ] = None,
    motion: MotionOption = None,
    assignment: Annotated[
        TaskAssignment | None,
        typer.Option(
            help="How tasks of a pool (2024) are given to robots; greedy by default."
        ),
    ] = None,
    steps: Annotated[
        int, typer.Option(min=1, max=1_000_000, metavar="N", help="Steps to run.")
    ] = STEPS,
    step_ms: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="MS",
            help="Milliseconds to decide a step in. Without it the same seed gives the "
            "same motion.",
        ),
    ] = None,
    seed: SeedOption = 0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=WRITTEN_AS)
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Run robots from goal to goal, and count what they finish.

    Robots of the League of Robot Runners turn; those of tables move in four directions
    unless told otherwise. Ctrl-C keeps the steps that are done. Exit code 3 if the
    checker finds a broken rule.
    """
    with Console(json_output) as console:
        refuse_output(output)
        instance = _read(problem, map_file, agents, tasks)
        turning = motion.value if motion else "rotate" if problem else "omni"
        if assignment and instance.open_tasks is None:
            raise typer.BadParameter(
                "got --assignment for goals by turns, need a pool of tasks (2024)"
            )
        given = lifelong_problem(instance, turning, assignment)
        with CoreUse() as use:
            result = _simulate(given, steps, step_ms, seed)
        run = result.solution
        if run is None:
            from warehouse.errors import SolverError

            raise SolverError("E910", f"there is no motion: {result.summary()}")
        console.answer = {
            **lifelong_facts(given, result, run, step_ms),
            "cores_used": round(use.cores, 2),
        }
        violations = lifelong_violations(given, instance, run)
        if output:
            _write(output, instance, run, console.answer)
            console.answer["output"] = str(output)
        for line in _lines(console.answer):
            console.say(line)
        if output:
            console.say(f"wrote {output}")
        report_violations(console, violations)


def _read(
    problem: Path | None, map_file: Path | None, agents: Path | None, tasks: Path | None
) -> "LifelongInstance":
    """Read the problem from the one file or from the three."""
    tables = {"--map": map_file, "--agents": agents, "--tasks": tasks}
    if problem is not None:
        extra = [name for name, file in tables.items() if file is not None]
        if extra:
            text = f"got PROBLEM and {' '.join(extra)}, need one or the other"
            raise typer.BadParameter(text)
        from warehouse.formats.lorr_problem import read_lorr_problem

        return read_lorr_problem(problem)
    if map_file is None or agents is None or tasks is None:
        absent = " ".join(name for name, file in tables.items() if file is None)
        raise typer.BadParameter(f"need PROBLEM, or all three tables: no {absent}")
    from warehouse.formats.lifelong_csv import read_lifelong_csv

    return read_lifelong_csv(map_file, agents, tasks)


def lifelong_problem(
    instance: "LifelongInstance",
    motion: Any,
    assignment: TaskAssignment | None = None,
) -> "LifelongProblem":
    """State the problem of an instance for the solver."""
    from solvers.mapf.lifelong.problem import LifelongProblem, RoundRobin
    from warehouse.grid import Grid

    tasks: Any
    if instance.open_tasks is None:
        tasks = RoundRobin(instance.errands)
    else:
        from solvers.mapf.lifelong.tasks import AssignmentParams, TaskPool

        ends = instance.first_errand.tolist()
        errands = [instance.errands[first:end] for first, end in pairwise(ends)]
        params = AssignmentParams(assignment.value) if assignment else None
        tasks = TaskPool(errands, instance.open_tasks, params or AssignmentParams())
    return LifelongProblem(
        Grid.from_layout(instance.layout), instance.starts, tasks, motion
    )


def _simulate(
    problem: "LifelongProblem", steps: int, step_ms: float | None, seed: int
) -> "Result[LifelongRun]":
    """Run all steps; the first Ctrl-C ends the run with the steps done so far."""
    from solvers.interrupt import Interrupt
    from solvers.mapf.lifelong.simulate import LifelongParams, simulate
    from solvers.result import Stop

    with Progress() as progress, Interrupt() as interrupt:
        return simulate(
            problem,
            Stop(iterations=steps, interrupted=interrupt.wanted),
            seed=seed,
            params=LifelongParams(step_ms=step_ms),
            on_progress=progress,
        )


def lifelong_violations(
    problem: "LifelongProblem", instance: "LifelongInstance", run: "LifelongRun"
) -> list[Any]:
    """Violations of motion and of what was claimed to be done."""
    from solvers.cli.lifelong_log import lifelong_log
    from warehouse.check.errands import check_errands
    from warehouse.check.paths import check_paths

    log = lifelong_log(instance, run)
    moved = check_paths(
        problem.grid,
        run.cells,
        run.headings,
        problem.starts,
        start_headings=problem.headings if problem.motion == "rotate" else None,
    )
    done = check_errands(
        problem.grid,
        run.cells,
        log.events,
        log.errands,
        log.first_errand,
        log.release,
        by_turns=instance.open_tasks is None,
    )
    return [*moved, *done]


def lifelong_facts(
    problem: "LifelongProblem",
    result: "Result[LifelongRun]",
    run: "LifelongRun",
    step_ms: float | None,
) -> dict[str, Any]:
    """Figures of a run: what was finished, the bound, and how long steps took."""
    statistics = dict(result.statistics)
    steps = len(run.cells) - 1
    finished = int(statistics.pop("finished"))
    for known in ("robots", "timesteps"):
        statistics.pop(known, None)
    return {
        "robots": problem.robots,
        "motion": problem.motion,
        "steps": steps,
        "finished": finished,
        **{name: statistics.pop(name) for name in FIGURES if name in statistics},
        "step_ms_budget": step_ms,
        "status": result.status.value,
        "termination": result.termination.value,
        "runtime_s": round(result.runtime_s, 4),
        "seed": result.seed,
        "solver": result.solver,
        "statistics": statistics,
    }


def _write(
    output: Path,
    instance: "LifelongInstance",
    run: "LifelongRun",
    facts: dict[str, Any],
) -> None:
    from solvers.cli.lifelong_log import lifelong_log
    from warehouse.formats.planviz import motion_result

    width = instance.layout.width
    log = lifelong_log(instance, run)
    write_motion(
        output,
        run.cells,
        run.headings,
        width,
        lambda: motion_result(
            run.cells,
            run.headings,
            width,
            finished=facts["finished"],
            events=[list(event) for event in log.events.tolist()],
            tasks=log.task_rows(width),
            schedule=log.schedule,
            planner_times_s=[round(ms / 1000, 6) for ms in run.step_ms.tolist()],
        ),
        {
            "agents": facts["robots"],
            "solver": facts["solver"],
            "solved": 1,
            "makespan": facts["steps"],
            "finished": facts["finished"],
            "seed": facts["seed"],
        },
    )


def _lines(facts: dict[str, Any]) -> list[str]:
    """Return the figures as text."""
    bound = facts.get("bound_throughput")
    limit = "" if not bound else f", at most {bound:.2f} can be ({facts['binding']})"
    lines = [
        f"{facts['robots']:,} robots, {facts['motion']}: {facts['finished']:,} tasks "
        f"in {facts['steps']:,} steps, {facts['throughput']:.3f} a step{limit}",
        f"a step took {facts['step_ms_median']:.2f} ms (median), "
        f"{facts['step_ms_p99']:.2f} (99th percentile), {facts['step_ms_max']:.2f} "
        f"(largest); {facts['cores_used']:.1f} cores used",
    ]
    budget = facts["step_ms_budget"]
    if budget is not None:
        overruns = facts["overruns"]
        text = (
            f"{overruns:,} of {facts['steps']:,} steps took longer than {budget:g} ms"
        )
        lines.append(text if overruns else f"every step within {budget:g} ms")
    if facts["termination"] == "interrupted":
        lines.append(f"stopped by Ctrl-C after {facts['steps']:,} steps")
    return lines
