"""``aislewise solve schedule``: which packer packs which order, and when."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solvers.cli.console import Console, one_line
from solvers.cli.options import JsonOption, SeedOption, TimeLimitOption, example
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file

if TYPE_CHECKING:
    from solvers.result import Result
    from solvers.scheduling.roster.problem import Roster, RosterProblem
    from warehouse.packing_day import PackedOrder, PackingDay

EXAMPLE: Final = example(
    "aislewise scenario new-packing my-day --orders 200 --stations 6 --trucks 4",
    "aislewise solve schedule my-day -o roster.csv --sheet roster.html",
    "aislewise solve schedule my-day --compare",
)


class RosterMethod(StrEnum):
    """How the roster is found."""

    search = "search"
    exact = "exact"
    earliest_due = "earliest-due"
    first_come = "first-come"
    longest = "longest"
    moore_hodgson = "moore-hodgson"
    tardiness_cost = "tardiness-cost"


def schedule(
    instance: Annotated[
        Path,
        typer.Argument(
            metavar="INSTANCE",
            readable=False,
            help="A folder with schedule.toml, packers.csv, jobs.csv and, as needed, "
            "breaks.csv and trucks.csv.",
        ),
    ],
    method: Annotated[
        RosterMethod,
        typer.Option(help="Search, prove the best, or use one rule alone."),
    ] = RosterMethod.search,
    time_limit: TimeLimitOption = 20.0,
    seed: SeedOption = 0,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write what each packer does, as CSV."),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet",
            help="Write a chart and a list for each packer, to print (.html).",
        ),
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Show what each rule alone makes of it.")
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Decide at which station, by whom and when each order is packed.

    Few orders late, by priority; then little tardiness; then an early end. Every packer
    has a shift, breaks, skills and a speed; a carton of another kind than the last one
    takes a setup. Each level is shown beside a bound that nobody can beat. Ctrl-C keeps
    the best so far. Exit code 1 if some order cannot be packed or a truck leaves too
    early for all of its orders: they are named, and the rest is planned.
    """
    with Console(json_output) as console:
        for path in filter(None, (output, sheet)):
            refuse_unwritable(path)
        from solvers.cli.roster_rows import packed_orders
        from solvers.scheduling.roster.day import roster_problem
        from warehouse.formats.packing_day import read_packing_day

        day = read_packing_day(instance)
        problem, kept, faults = roster_problem(day)
        result = _solve(problem, method, time_limit, seed)
        assert result.solution is not None  # one without any order at worst
        rows = packed_orders(day, kept, result.solution)
        answer = _facts(day, problem, result, rows)
        if compare:
            answer["rules"] = _compare(problem)
        answer["faults"] = [one_line(fault) for fault in faults]
        console.answer = answer
        for line in _lines(answer):
            console.say(line)
        for fault in faults:
            typer.echo(one_line(fault), err=True)
        console.exit_code = 1 if faults else 0
        if output:
            from warehouse.formats.roster_csv import write_roster

            with whole_file(output) as part:
                write_roster(day, rows, part)
            console.say(f"wrote {output}")
        if sheet:
            from viz.roster_sheet import write_roster_sheet

            with whole_file(sheet) as part:
                write_roster_sheet(day, rows, part)
            console.say(f"wrote {sheet}")


def _solve(
    problem: "RosterProblem", method: RosterMethod, limit_s: float | None, seed: int
) -> "Result[Roster]":
    """Solve; the first Ctrl-C ends the search with the best so far."""
    from solvers.interrupt import Interrupt
    from solvers.result import Stop
    from solvers.scheduling.roster.solve import RosterParams, load_kernels, solve

    with Interrupt() as interrupt, Progress() as progress:
        progress(0.0, "compiling")
        load_kernels()
        stop = Stop(limit_s, interrupted=interrupt.wanted)
        params = RosterParams(method=method.value)
        return solve(problem, stop, seed=seed, params=params, on_progress=progress)


def _facts(
    day: "PackingDay",
    problem: "RosterProblem",
    result: "Result[Roster]",
    rows: "list[PackedOrder]",
) -> dict[str, Any]:
    from warehouse.packing_day import is_late

    late = [
        {
            "order": day.jobs.names[row.order],
            "due_s": float(day.jobs.due_s[row.order]),
            "end_s": row.end_s,
        }
        for row in rows
        if is_late(day, row)
    ]
    packed = {row.order for row in rows}
    left_out = [n for order, n in enumerate(day.jobs.names) if order not in packed]
    return {
        "name": day.name,
        "orders": len(day.jobs.names),
        "stations": len(day.stations),
        "packers": problem.packers,
        "trucks": len(day.trucks),
        "status": result.status.value,
        "termination": result.termination.value,
        "method": result.solver,
        "seed": result.seed,
        "runtime_s": round(result.runtime_s, 3),
        **result.statistics,
        "gap": result.gap,
        "late": late,
        "left_out": left_out,
    }


def _compare(problem: "RosterProblem") -> list[dict[str, Any]]:
    """What each rule alone makes of the day."""
    from solvers.scheduling.roster.methods import RULES
    from solvers.scheduling.roster.problem import PER_S
    from solvers.scheduling.roster.rules import routes_by_rule

    work = problem.work
    found = []
    for rule in RULES:
        value = routes_by_rule(work, rule).value(work)
        found.append(
            {
                "method": rule,
                "unpacked": value.unpacked,
                "late_weight": value.late,
                "tardiness_s": value.tardiness_ms / PER_S,
                "makespan_s": value.makespan_ms / PER_S,
            }
        )
    return found


def _lines(answer: dict[str, Any]) -> list[str]:
    """Return the answer as text."""
    gap = answer["gap"]
    percent = f"{gap:.1%}" if gap < float("inf") else "unknown: the bound is 0"
    lines = [
        f"{answer['name']}: {answer['orders']:,} orders, {answer['packers']} packers "
        f"at {answer['stations']} stations, {answer['trucks']} trucks; "
        f"{answer['status']}, {answer['runtime_s']:.1f} s",
        f"late orders {answer['late_jobs']:,}, by priority {answer['late_weight']:,} "
        f"(bound {answer['late_weight_bound']:,}, gap {percent})",
        f"tardiness by priority {answer['tardiness_s']:,.1f} s "
        f"(bound {answer['tardiness_bound_s']:,.1f})",
        f"last order packed at {answer['makespan_s']:,.1f} s "
        f"(bound {answer['makespan_bound_s']:,.1f})",
    ]
    if answer["unpacked"]:
        lines.append(
            f"{answer['unpacked']:,} orders are not packed within the shifts "
            f"(bound {answer['unpacked_bound']:,})"
        )
    lines += [
        f"  {one['method']}: {one['unpacked']:,} not packed, late by priority "
        f"{one['late_weight']:,}, tardiness {one['tardiness_s']:,.1f} s, last at "
        f"{one['makespan_s']:,.1f} s"
        for one in answer.get("rules", ())
    ]
    return lines
