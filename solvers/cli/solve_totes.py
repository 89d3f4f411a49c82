"""``aislewise solve totes``: short trips of robots with totes, on the RAFS data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solvers.cli.console import MOST_FAULTS, Console
from solvers.cli.motion_output import report_violations
from solvers.cli.options import JsonOption, SeedOption, example
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file
from warehouse.errors import SolverError

if TYPE_CHECKING:
    from solvers.result import Result
    from solvers.totes.problem import ToteProblem
    from solvers.totes.solve import ToteTrip
    from warehouse.formats.rafs import RafsInstance
    from warehouse.formats.tote_trips import ServedTrip

EXAMPLE = example(
    "aislewise solve totes layout_sku_24_1.xml --pod-file pods.txt \\",
    "    --order-file orders.xml -o trips.json",
    "aislewise solve totes layout_sku_24_1.xml --pod-file pods.txt \\",
    "    --order-file orders.xml --check trips.json",
)


def totes(
    layout: Annotated[
        Path,
        typer.Argument(
            metavar="LAYOUT", readable=False, help="A layout of the RAFS data (.xml)."
        ),
    ],
    pod_file: Annotated[
        Path, typer.Option(readable=False, help="What lies on the pods (.txt).")
    ],
    order_file: Annotated[
        Path, typer.Option(readable=False, help="The orders (.xml).")
    ],
    time_limit: Annotated[
        float,
        typer.Option(
            "--time-limit", min=0.0, metavar="S", help="Stop after S seconds."
        ),
    ] = 20.0,
    seed: SeedOption = 0,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write the trips as JSON."),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            readable=False, help="Check trips that were written before, and solve none."
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Decide which orders ride together, picked from which pods.

    Trips begin and end at a station, carry whole orders up to the robots' capacity in
    kilograms, and are short together. Distances are the file's own. Exit code 3 if the
    checker finds a broken rule.
    """
    if output and check:
        raise typer.BadParameter("trips are either checked or solved and written")
    with Console(json_output) as console:
        if output:
            refuse_unwritable(output)
        from warehouse.formats.rafs import read_rafs

        instance = read_rafs(layout, pod_file, order_file)
        if check:
            _check_written(console, instance, check)
        else:
            _solve_and_tell(console, instance, time_limit, seed, output)


def _solve_and_tell(
    console: Console,
    instance: "RafsInstance",
    time_limit_s: float,
    seed: int,
    output: Path | None,
) -> None:
    """Solve, tell what was found, write it, and hold it against every rule."""
    from solvers.totes.rafs import take_stock, tote_problem
    from warehouse.check.tote_trips import check_tote_trips
    from warehouse.formats.tote_trips import tote_trips_text

    problem, kept = tote_problem(instance)
    if not kept:
        found = "every order is too heavy for a robot, or for more than a pod holds"
        raise SolverError("E911", found, "split the orders, or add stock")
    result = _solve(problem, time_limit_s, seed)
    trips = None
    if result.solution is not None:
        trips = take_stock(instance, problem, kept, result.solution)
    if trips is None:
        found = "the pods do not hold enough for all trips"
        raise SolverError("E911", found, "add stock, or split the orders")
    left_out = sorted(set(range(len(instance.goods.orders))) - set(kept))
    if output:
        with whole_file(output) as part:
            text = tote_trips_text(instance, trips, left_out)
            part.write_text(text, encoding="utf-8")
    console.answer = _facts(instance, result, trips, left_out)
    for line in _lines(console.answer):
        console.say(line)
    if output:
        console.say(f"wrote {output}")
    report_violations(console, check_tote_trips(instance, trips, left_out))


def _check_written(console: Console, instance: "RafsInstance", path: Path) -> None:
    """Hold trips of a file against every rule; exit code 3 if one is broken."""
    from viz.clock import count
    from warehouse.check.tote_trips import check_tote_trips
    from warehouse.formats.tote_trips import read_tote_trips

    trips, left_out = read_tote_trips(path, instance)
    violations = check_tote_trips(instance, trips, left_out)
    length_m = sum(trip.length_mm for trip in trips) / 1000
    console.answer = {
        "name": instance.layout.name,
        "trips": len(trips),
        "length_m": length_m,
        "ok": not violations,
        "violations": [str(violation) for violation in violations],
    }
    for violation in violations[:MOST_FAULTS]:
        console.say(str(violation))
    broken = count(len(violations), "violation") if violations else "no rule is broken"
    console.say(f"{path}: {length_m:,.1f} m in {count(len(trips), 'trip')}, {broken}")
    console.exit_code = 3 if violations else 0


def _solve(
    problem: "ToteProblem", time_limit_s: float, seed: int
) -> "Result[tuple[ToteTrip, ...]]":
    """Solve; the first Ctrl-C ends the search with the best so far."""
    from solvers.interrupt import Interrupt
    from solvers.result import Stop
    from solvers.totes.solve import solve

    with Progress() as progress, Interrupt() as interrupt:
        stop = Stop(time_limit_s, interrupted=interrupt.wanted)
        return solve(problem, stop, seed=seed, on_progress=progress)


def _facts(
    instance: "RafsInstance",
    result: "Result[tuple[ToteTrip, ...]]",
    trips: "tuple[ServedTrip, ...]",
    left_out: list[int],
) -> dict[str, Any]:
    from warehouse.formats.tote_trips import trips_told

    length_m = sum(trip.length_mm for trip in trips) / 1000
    bound_m = result.lower_bound / 1000
    return {
        "name": instance.layout.name,
        "solver": result.solver,
        "length_m": length_m,
        "lower_bound_m": bound_m,
        "gap": round(length_m / bound_m - 1, 4) if bound_m > 0 else None,
        "proved": length_m <= bound_m,
        "termination": result.termination.value,
        "runtime_s": round(result.runtime_s, 3),
        "seed": result.seed,
        "orders": sum(len(trip.orders) for trip in trips),
        "orders_left_out": left_out,
        "trips": trips_told(instance, trips),
        **result.statistics,
    }


def _lines(facts: dict[str, Any]) -> list[str]:
    from viz.clock import count

    gap = "" if facts["gap"] is None else f", {100 * facts['gap']:.1f} % above it"
    proved = ": proved shortest" if facts["proved"] else gap
    lines = [
        f"{facts['name']}: {facts['length_m']:,.1f} m in "
        f"{count(len(facts['trips']), 'trip')} for {count(facts['orders'], 'order')}",
        f"no trips are shorter than {facts['lower_bound_m']:,.1f} m{proved}",
    ]
    if facts["orders_left_out"]:
        left_out = count(len(facts["orders_left_out"]), "order")
        why = "too heavy for a robot, or for more than any pod holds"
        lines.append(f"{left_out} left out: {why}")
    among = ""
    if "sets_that_fit" in facts:
        among = f" for {count(facts['sets_that_fit'], 'set')} of orders that fit"
    trips = count(facts["trips_found"], "trip")
    lines.append(f"{trips} looked at{among}, in {facts['runtime_s']:.2f} s")
    return lines
