"""``aislewise solve cartons``: which carton, and how it is filled."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solvers.cli.console import Console, one_line
from solvers.cli.options import JsonOption, SeedOption, TimeLimitOption, example
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file

if TYPE_CHECKING:
    from solvers.packing.problem import Load, LoadProblem
    from solvers.result import Result
    from warehouse.formats.packing_csv import PackingInstance

LOAD_LIMIT_S: Final = 5.0
"""Time for a published instance, if none is given."""
ORDERS_LIMIT_S: Final = 60.0
"""Time for all orders of a folder together, if none is given."""
EXAMPLE: Final = example(
    "aislewise solve cartons BR1.txt_1_items.csv --support 1",
    "aislewise solve cartons BR1_7.tgz --time-limit 5 -o loads.json",
    "aislewise solve cartons my_site/ --support 0.7 -o cartons.json",
    "aislewise solve cartons my_site/ --support 0.7 --sheet packing.html",
)


def cartons(
    instance: Annotated[
        Path,
        typer.Argument(
            metavar="INSTANCE",
            readable=False,
            help="A NAME_items.csv with NAME_bins.csv beside it, a folder or .tgz of "
            "such pairs, or a folder with orders.csv, skus.csv and cartons.csv.",
        ),
    ],
    support: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1.0,
            metavar="SHARE",
            help="How much of each base has to lie on the bottom or on others.",
        ),
    ] = 0.0,
    time_limit: TimeLimitOption = None,
    seed: SeedOption = 0,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write where everything lies, as JSON."),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            help="Write a page for who packs the orders of a folder: pictures of the "
            "cartons, and the steps in their order."
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Choose and fill cartons for orders, or load one container.

    A published instance is one container that is to hold as much volume as possible;
    the time limit, 5 s if none is given, holds for each. The orders of a folder go into
    the cheapest cartons found; the time limit, 60 s if none is given, is for all of
    them together. Boxes come in an order in which they can be put in from above.
    Ctrl-C keeps what was found so far.
    Exit code 1 if something of an order goes into no carton: the rest is packed.
    """
    with Console(json_output) as console:
        for path in filter(None, (output, sheet)):
            refuse_unwritable(path)
        from warehouse.formats.cartons_csv import has_cartons

        if instance.is_dir() and has_cartons(instance):
            limit = ORDERS_LIMIT_S if time_limit is None else time_limit
            answer, lines = _pack(console, instance, support, limit, seed, sheet)
        elif sheet:
            raise typer.BadParameter("need a folder with orders", param_hint="--sheet")
        else:
            limit = LOAD_LIMIT_S if time_limit is None else time_limit
            answer = _load_all(instance, support, limit, seed)
            lines = _lines(answer)
        if output:
            with whole_file(output) as part:
                part.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
        console.answer = answer
        for line in lines:
            console.say(line)
        for path in filter(None, (output, sheet)):
            console.say(f"wrote {path}")


def _pack(
    console: Console,
    folder: Path,
    support: float,
    limit_s: float,
    seed: int,
    sheet: Path | None,
) -> tuple[dict[str, Any], list[str]]:
    """Pack the orders of a folder, and write the sheet for them."""
    from solvers.cli.pack_orders import pack_orders

    given, answer, lines, faults = pack_orders(folder, support, limit_s, seed)
    for fault in faults:
        typer.echo(one_line(fault), err=True)
    console.exit_code = 1 if faults else 0
    if sheet:
        from solvers.cli.carton_sheet import packed_orders
        from viz.pack_sheet import sheet_html

        page = sheet_html(folder.resolve().name, packed_orders(given, answer))
        with whole_file(sheet) as part:
            part.write_text(page, encoding="utf-8")
    return answer, lines


def _load_all(
    instance: Path, support: float, limit_s: float, seed: int
) -> dict[str, Any]:
    """Load the container of one instance after another."""
    from solvers.interrupt import Interrupt
    from solvers.packing.beam_search import load_kernels, solve
    from solvers.packing.published import load_problem
    from solvers.result import Stop, Termination
    from warehouse.formats.packing_csv import read_packing_set

    given = list(read_packing_set(instance))
    loads: list[dict[str, Any]] = []
    with Interrupt() as interrupt, Progress() as progress:
        progress(0.0, "compiling")
        load_kernels()
        for done, one in enumerate(given):

            def tell(share: float, words: str, done: int = done) -> None:
                progress((done + share) / len(given), f"load {done + 1}: {words}")

            stop = Stop(limit_s, interrupted=interrupt.wanted)
            problem = load_problem(one, support)
            result = solve(problem, stop, seed=seed, on_progress=tell)
            loads.append(_facts(one, problem, result))
            if result.termination == Termination.INTERRUPTED:
                break
    filled = [one["filled"] for one in loads]
    return {
        "support": support,
        "seed": seed,
        "instances": len(given),
        "solved": len(loads),
        "mean_filled": round(sum(filled) / len(filled), 6),
        "runtime_s": round(sum(one["runtime_s"] for one in loads), 3),
        "loads": loads,
    }


def _facts(
    given: "PackingInstance", problem: "LoadProblem", result: "Result[Load]"
) -> dict[str, Any]:
    """What is reported of a load; one that breaks a rule is never reported."""
    from solvers.cli.laid_boxes import boxes_of, refuse_violations
    from warehouse.check.load import GivenBox, LaidBox, check_load

    load = result.solution
    assert load is not None  # an empty one at worst
    kinds = [
        GivenBox(item.edges, item.copies, frozenset(item.ways), item.mass_kg)
        for item in given.items
    ]
    rows = boxes_of(load, [item.edges for item in given.items])
    laid = [LaidBox(kind, size, corner) for kind, size, corner in rows]
    refuse_violations(
        given.name,
        check_load(
            kinds,
            given.container,
            laid,
            max_mass_kg=given.max_mass_kg,
            support=problem.support,
        ),
    )
    volume = sum(a * b * c for _, (a, b, c), _ in rows)
    fits = [bool(row.any()) for row in problem.boxes.fitting(problem.container)]
    return {
        "name": given.name,
        "status": result.status.value,
        "termination": result.termination.value,
        "filled": round(volume / problem.volume, 6),
        "volume": volume,
        "volume_bound": int(result.upper_bound),
        "gap": round(result.gap, 6),
        "runtime_s": round(result.runtime_s, 3),
        "given_boxes": sum(item.copies for item in given.items),
        "too_large": [
            item.name for item, fit in zip(given.items, fits, strict=True) if not fit
        ],
        "boxes": [
            {"item": given.items[kind].name, "size": size, "corner": corner}
            for kind, size, corner in rows
        ],
    }


def _lines(answer: dict[str, Any]) -> list[str]:
    """Return the loads as text: a line each, and a summary for several."""
    lines = []
    for one in answer["loads"]:
        line = (
            f"{one['name']}: {one['status']}, {one['filled']:.2%} filled, "
            f"{len(one['boxes'])} of {one['given_boxes']} boxes"
        )
        if one["status"] != "optimal":
            line += f", gap {one['gap']:.2%}"
        if one["too_large"]:
            line += f"; larger than the container: {', '.join(one['too_large'][:10])}"
        lines.append(line)
    if answer["solved"] < answer["instances"]:
        lines.append(f"stopped after {answer['solved']} of {answer['instances']}")
    if answer["instances"] > 1:
        lines.append(
            f"{answer['solved']} containers, {answer['mean_filled']:.2%} filled on "
            f"average, {answer['runtime_s']:.2f} s"
        )
    return lines
