"""``aislewise solve batch``: which orders a picker fetches together."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solvers.cli.batch_times import LATE_WEIGHT, read_timed
from solvers.cli.comparison import compare_lengths, comparison_line
from solvers.cli.console import Console
from solvers.cli.options import (
    BlocksOption,
    CompareOption,
    JsonOption,
    SeedOption,
    TimeLimitOption,
    example,
)
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from solvers.batching.instances import PosedBatching
    from solvers.batching.problem import Batch
    from solvers.cli.batch_times import TimedInstance
    from solvers.result import ProgressCallback, Result, Stop

    Solve = Callable[[PosedBatching, Stop, ProgressCallback], Result[list[Any]]]

TIME_LIMIT_S: Final = 10.0
"""Time for an instance of more orders than the exact method takes, if none is given."""

EXAMPLE: Final = example(
    "aislewise solve batch 25s-30-30-0.txt --time-limit 20",
    "aislewise solve batch BahceciOencan.tgz --compare results.csv.gz",
    "aislewise solve batch instances/ --method savings -o batches.json",
    "aislewise solve batch 25s-30-30-0.txt --due due.csv --pickers 2 --speed 0.8",
)


class BatchMethod(StrEnum):
    """How orders are put together."""

    auto = "auto"
    exact = "exact"
    local_search = "local-search"
    savings = "savings"
    fcfs = "fcfs"
    edd = "edd"


def batch(
    instance: Annotated[
        Path,
        typer.Argument(
            metavar="INSTANCE",
            readable=False,
            help="A file in the Mainz or Foodmart format, or a folder or .tgz of them.",
        ),
    ],
    method: Annotated[
        BatchMethod,
        typer.Option(
            help="auto is exact up to 14 orders, 8 with due times; edd needs them."
        ),
    ] = BatchMethod.auto,
    blocks: BlocksOption = 1,
    time_limit: TimeLimitOption = TIME_LIMIT_S,
    seed: SeedOption = 0,
    compare: CompareOption = None,
    due: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            readable=False,
            help="When orders are due: order,due_s and perhaps release_s,service_s.",
        ),
    ] = None,
    pickers: Annotated[
        int, typer.Option(min=1, metavar="N", help="Who pick at a time, with --due.")
    ] = 1,
    speed: Annotated[
        float, typer.Option(metavar="V", help="Length in a second, with --due.")
    ] = 1.0,
    setup: Annotated[
        float,
        typer.Option(min=0.0, metavar="S", help="Seconds for each batch, with --due."),
    ] = 0.0,
    late_weight: Annotated[
        float,
        typer.Option(
            min=0.0,
            metavar="W",
            help="Seconds of travel that one of tardiness is worth, with --due.",
        ),
    ] = LATE_WEIGHT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the batches as JSON.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Find which orders to pick together, and the tour of each batch.

    The length of all tours together is made short; an order is never divided. With
    due times, pickers take one batch after another, and what counts is travel in
    seconds and, more, the tardiness of all orders. The time limit holds for each
    instance. Ctrl-C keeps the best batches found so far.
    Exit code 1 if an order fits into no batch; 3 if the checker finds a broken rule.
    """
    if due is None and (pickers, speed, setup, late_weight) != (1, 1, 0, LATE_WEIGHT):
        raise typer.BadParameter(
            "--pickers, --speed, --setup and --late-weight need --due"
        )
    with Console(json_output) as console:
        if output:
            refuse_unwritable(output)
        from solvers.batching.instances import read_posed
        from warehouse.formats.mainz_sets import read_published_values

        published = read_published_values(compare) if compare else {}
        posed = read_posed(instance, blocks=blocks)
        timed = None
        if due is not None:
            timed = read_timed(
                posed,
                due,
                pickers=pickers,
                speed=speed,
                setup_s=setup,
                late_weight=late_weight,
            )
        solve = _solver(method.value, seed, timed)
        results = _solve_all(posed, solve, time_limit)
        batchings = [
            _facts(one, result, published, blocks, timed)
            for one, result in zip(posed, results, strict=False)
        ]
        answer = {
            "method": method.value,
            "blocks": blocks,
            "seed": seed,
            **_summary(batchings, len(posed), compare is not None),
            "batchings": batchings,
        }
        if output:
            with whole_file(output) as part:
                part.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
        console.answer = answer
        for line in _lines(answer):
            console.say(line)
        if output:
            console.say(f"wrote {output}")
        if any(one["status"] == "infeasible" for one in batchings):
            console.exit_code = 1
        if any(one.get("violations") for one in batchings):
            console.exit_code = 3


def _solver(method: str, seed: int, timed: "TimedInstance | None") -> "Solve":
    """How an instance is solved, with due times or without."""
    from solvers.batching.methods import solve_by
    from solvers.batching.timed_methods import solve_timed_by

    if timed is not None:
        problem = timed.problem()
        return lambda _, stop, tell: solve_timed_by(
            method, problem, stop, seed=seed, on_progress=tell
        )
    return lambda one, stop, tell: solve_by(
        method, one.problem, stop, seed=seed, on_progress=tell
    )


def _solve_all(
    posed: "list[PosedBatching]", solve: "Solve", time_limit_s: float | None
) -> "list[Result[list[Any]]]":
    """Solve one after another; on Ctrl-C return what is there."""
    from solvers.interrupt import Interrupt
    from solvers.result import Stop, Termination

    results: list[Result[list[Any]]] = []
    with Interrupt() as interrupt, Progress() as progress:
        for done, one in enumerate(posed):

            def tell(share: float, words: str, done: int = done) -> None:
                progress((done + share) / len(posed), f"batching {done + 1}: {words}")

            stop = Stop(time_limit_s, interrupted=interrupt.wanted)
            results.append(solve(one, stop, tell))
            progress((done + 1) / len(posed), f"batching {done + 1}")
            if interrupt.wanted() or results[-1].termination == Termination.INTERRUPTED:
                break
    return results


def _facts(
    one: "PosedBatching",
    result: "Result[list[Any]]",
    published: dict[str, float],
    blocks: int,
    timed: "TimedInstance | None",
) -> dict[str, Any]:
    """What is reported of one batching; orders and places as the file numbers them."""
    from solvers.cli.check_batching import batching_faults

    facts: dict[str, Any] = {"name": one.name, "status": result.status.value}
    if result.solution is None:
        heavy = one.problem.too_heavy().tolist()
        facts["too_heavy"] = [one.order_names[order] for order in heavy]
        return facts
    facts |= timed.facts(result) if timed else _lengths(one, result)
    facts["orders"] = one.problem.orders
    facts["runtime_s"] = round(result.runtime_s, 6)
    if one.name in published:
        facts["published"] = published[one.name]
    facts["violations"] = batching_faults(one.instance, facts["batches"], blocks=blocks)
    if timed:
        facts["violations"] += timed.faults(facts)
    return facts


def _lengths(one: "PosedBatching", result: "Result[list[Batch]]") -> dict[str, Any]:
    """What is reported of a batching without due times, which was found."""
    return {
        "length": round(result.objective / one.scale, 6),
        "lower_bound": round(max(0.0, result.lower_bound) / one.scale, 6),
        "gap": round(result.gap, 6) if result.lower_bound > 0 else None,
        "batches": one.reported(result.solution or []),
    }


def _summary(
    batchings: list[dict[str, Any]], instances: int, compared: bool
) -> dict[str, Any]:
    solved = [one for one in batchings if "length" in one]
    summary: dict[str, Any] = {
        "instances": instances,
        "solved": len(solved),
        "optimal": sum(one["status"] == "optimal" for one in solved),
        "total_length": round(sum(one["length"] for one in solved), 6),
        "runtime_s": round(sum(one["runtime_s"] for one in solved), 6),
    }
    if compared:
        summary |= compare_lengths(solved)
    return summary


def _lines(answer: dict[str, Any]) -> list[str]:
    """Return the answer as text: a line a batching, and a summary for several."""
    batchings = answer["batchings"]
    lines = []
    for one in batchings:
        line = f"{one['name']}: {one['status']}"
        if "too_heavy" in one:
            orders = ", ".join(map(str, one["too_heavy"][:10]))
            line += f", no batch holds order {orders}"
        else:
            line += f", length {one['length']:.10g}, {len(one['batches'])} batches"
        if "tardiness_s" in one:
            line += f", {one['late_orders']} orders {one['tardiness_s']:.10g} s late"
            line += f", objective {one['objective_s']:.10g} s"
            line += f", bound {one['lower_bound_s']:.10g} s"
        elif one["status"] == "feasible":
            line += f", bound {one['lower_bound']:.10g}"
        if "published" in one:
            line += f", published {one['published']:.10g}"
        lines.append(line)
        lines += [f"  broken: {fault}" for fault in one.get("violations", ())[:20]]
    if len(batchings) == 1:
        for batch in batchings[0].get("batches", ()):
            orders = " ".join(map(str, batch["orders"]))
            line = f"orders {orders}: length {batch['length']:.10g}"
            if "picker" in batch:
                line += f", picker {batch['picker']} from {batch['start_s']:.10g} s"
                line += f" to {batch['end_s']:.10g} s"
            lines.append(line)
    if len(batchings) < answer["instances"]:
        lines.append(f"stopped after {len(batchings)} of {answer['instances']}")
    if answer["instances"] > 1:
        lines.append(
            f"{answer['solved']} batchings by {answer['method']}, "
            f"{answer['optimal']} proved optimal, total length "
            f"{answer['total_length']:.10g}, {answer['runtime_s']:.2f} s"
        )
    if "compared" in answer:
        lines.append(comparison_line(answer))
    return lines
