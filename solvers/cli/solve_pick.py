"""``aislewise solve pick``: choose orders and stock, batch, and walk, all at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solvers.cli.console import Console
from solvers.cli.motion_output import report_violations
from solvers.cli.options import JsonOption, SeedOption, example
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file
from warehouse.errors import SolverError

if TYPE_CHECKING:
    from solvers.joint_picking.problem import JointPickingProblem
    from solvers.joint_picking.solve import Batches
    from solvers.result import Result
    from warehouse.formats.joint_picking import JointPickingInstance

EXAMPLE = example(
    "aislewise solve pick instances/small-0 --time-limit 60 -o batches.json",
)


def pick(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="INSTANCE",
            readable=False,
            help="A folder of articles.json, orders.json, warehouse_items.json and "
            "parameters.json.",
        ),
    ],
    time_limit: Annotated[
        float,
        typer.Option(
            "--time-limit", min=0.0, metavar="S", help="Stop after S seconds."
        ),
    ] = 20.0,
    seed: SeedOption = 0,
    direct_in_aisle: Annotated[
        bool,
        typer.Option(
            "--direct-in-aisle",
            help="Walk straight between items of an aisle; without it every way leads "
            "over a cross aisle, as in the values published in 2024.",
        ),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write batches.json.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Choose orders, stock and pick lists in zones, all together.

    The instance asks for a number of items: which orders bring them, which piece of
    stock serves each position and who walks where is decided together. The first
    solution is always finished. Ctrl-C keeps the best so far. Exit code 1 if there is
    no solution, 3 if the checker finds a broken rule.
    """
    with Console(json_output) as console:
        if output:
            refuse_unwritable(output)
        from warehouse.check.pick_lists import check_pick_lists
        from warehouse.formats.joint_picking import read_joint_picking, write_batches

        instance = read_joint_picking(folder)
        result = _solve(
            joint_picking_problem(instance, direct_in_aisle), time_limit, seed
        )
        if result.solution is None:
            raise _no_solution(result, instance)
        batches = [(batch.orders, batch.pick_lists) for batch in result.solution]
        violations = check_pick_lists(
            instance, batches, result.objective, direct_in_aisle=direct_in_aisle
        )
        console.answer = _facts(instance, result)
        if output:
            with whole_file(output) as part:
                write_batches(part, instance, batches)
            console.answer["output"] = str(output)
        for line in _lines(console.answer):
            console.say(line)
        if output:
            console.say(f"wrote {output}")
        report_violations(console, violations)


def joint_picking_problem(
    instance: "JointPickingInstance", direct_in_aisle: bool = False
) -> "JointPickingProblem":
    """Pose the problem of an instance."""
    from solvers.joint_picking.problem import JointPickingProblem

    return JointPickingProblem(
        instance.item_article,
        instance.item_zone,
        instance.item_row,
        instance.item_aisle,
        instance.article_volume,
        instance.order_start,
        instance.position_article,
        instance.min_items,
        instance.max_orders,
        instance.capacity,
        instance.first_row,
        instance.last_row,
        direct_in_aisle,
    )


def _solve(
    problem: "JointPickingProblem", time_limit_s: float, seed: int
) -> "Result[Batches]":
    """Solve; the first Ctrl-C ends the search with the best so far."""
    from solvers.interrupt import Interrupt
    from solvers.joint_picking.solve import load_kernels, solve
    from solvers.result import Stop

    with Progress() as progress, Interrupt() as interrupt:
        load_kernels()
        return solve(
            problem,
            Stop(time_limit_s, interrupted=interrupt.wanted),
            seed=seed,
            on_progress=progress,
        )


def _no_solution(
    result: "Result[Batches]", instance: "JointPickingInstance"
) -> SolverError:
    from solvers.result import Status

    asked = f"{instance.min_items:,} items are asked for"
    if result.status == Status.INFEASIBLE:
        found = f"{asked}, and the orders that stock can serve have fewer"
        return SolverError("E911", found, "ask for fewer, or add stock")
    found = f"{asked}, and no choice of orders that brings them was found in stock"
    return SolverError("E361", found, "ask for fewer, or add stock")


def _facts(
    instance: "JointPickingInstance", result: "Result[Batches]"
) -> dict[str, Any]:
    return {
        "name": instance.name,
        "solver": result.solver,
        "length": int(result.objective),
        "lower_bound": result.lower_bound,
        "gap": round(result.gap, 4) if result.lower_bound > 0 else None,
        "status": result.status.value,
        "termination": result.termination.value,
        "runtime_s": round(result.runtime_s, 3),
        "seed": result.seed,
        "items_asked": instance.min_items,
        **result.statistics,
    }


def _lines(facts: dict[str, Any]) -> list[str]:
    gap = "" if facts["gap"] is None else f", gap {facts['gap']:.1%}"
    return [
        f"{facts['name']}: {facts['status']}, length {facts['length']:,}, "
        f"bound {facts['lower_bound']:,.0f}{gap}",
        f"{facts['items']:,} items of {facts['items_asked']:,} asked, for "
        f"{facts['orders']:,} orders, in {facts['batches']:,} batches and "
        f"{facts['pick_lists']:,} pick lists",
        f"{facts['steps']:,} steps in {facts['runtime_s']:.2f} s "
        f"({facts['termination']})",
    ]
