"""``aislewise solve tour``: the shortest tour of a picker."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solvers.cli.comparison import compare_lengths, comparison_line
from solvers.cli.console import Console
from solvers.cli.options import (
    BlocksOption,
    CompareOption,
    JsonOption,
    SeedOption,
    TimeLimitOption,
)
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file

if TYPE_CHECKING:
    from solvers.result import Result
    from solvers.routing.parallel_aisles import AisleProblem, AisleTour
    from solvers.routing.scattered_problem import ScatteredProblem, ScatteredTour
    from warehouse.formats.mainz import MainzInstance


SCATTERED_LIMIT_S: Final = 0.2
"""Time for an instance that leaves the places to choose, if none is given."""


class TourMethod(StrEnum):
    """How a tour is found."""

    exact = "exact"
    held_karp = "held-karp"
    local_search = "local-search"
    or_tools = "or-tools"
    nearest_neighbour = "nearest-neighbour"
    s_shape = "s-shape"
    return_ = "return"
    largest_gap = "largest-gap"
    midpoint = "midpoint"


def tour(
    instance: Annotated[
        Path,
        typer.Argument(
            metavar="INSTANCE",
            readable=False,
            help="A file in the Mainz text format, or a folder or .tgz of them.",
        ),
    ],
    method: Annotated[
        TourMethod, typer.Option(help="Exact, on a distance matrix, or a classic rule.")
    ] = TourMethod.exact,
    blocks: BlocksOption = 1,
    time_limit: TimeLimitOption = None,
    seed: SeedOption = 0,
    compare: CompareOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the tours as JSON.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Find the shortest tour of a picker through parallel aisles.

    Where an article lies in several places, the exact method chooses among them too,
    in 0.2 s unless another time limit is given; the others take those nearest to the
    depot. The time limit holds for each instance. Ctrl-C keeps the tours found so far.
    Exit code 3 if the checker finds a broken rule.
    """
    with Console(json_output) as console:
        if output:
            refuse_unwritable(output)
        from warehouse.formats.mainz_sets import read_mainz_set, read_published_values

        published = read_published_values(compare) if compare else {}
        given = list(read_mainz_set(instance))
        problems = _problems(given, blocks)
        results = _solve_all(problems, method.value, time_limit, seed)
        tours = [
            _tour_facts(one, result, published, blocks)
            for one, result in zip(given, results, strict=False)
        ]
        answer = {
            "method": method.value,
            "blocks": blocks,
            "seed": seed,
            **_summary(tours, len(given), compare is not None),
            "tours": tours,
        }
        if output:
            with whole_file(output) as part:
                part.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
        console.answer = answer
        for line in _lines(answer):
            console.say(line)
        if output:
            console.say(f"wrote {output}")
        if any(one.get("violations") for one in tours):
            console.exit_code = 3


def _problems(
    instances: "list[MainzInstance]", blocks: int
) -> "list[AisleProblem | ScatteredProblem]":
    """Tour problems of all instances; the faults of all are raised together."""
    from solvers.routing.mainz_problem import (
        aisle_problem,
        is_scattered,
        scattered_problem,
    )
    from warehouse.errors import Fault, InputError

    problems: list[AisleProblem | ScatteredProblem] = []
    faults: list[Fault] = []
    for instance in instances:
        try:
            pose = scattered_problem if is_scattered(instance) else aisle_problem
            problems.append(pose(instance, blocks=blocks))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return problems


def _solve_all(
    problems: "list[AisleProblem | ScatteredProblem]",
    method: str,
    time_limit_s: float | None,
    seed: int,
) -> "list[Result[AisleTour] | Result[ScatteredTour]]":
    """Solve one after another; on Ctrl-C return what is there."""
    from solvers.result import Termination

    results: list[Result[AisleTour] | Result[ScatteredTour]] = []
    with Progress() as progress:
        for problem in problems:
            try:
                results.append(_solve_one(problem, method, time_limit_s, seed))
            except KeyboardInterrupt:
                break
            if results[-1].termination == Termination.INTERRUPTED:
                break
            progress(len(results) / len(problems), f"tour {len(results)}")
    return results


def _solve_one(
    problem: "AisleProblem | ScatteredProblem",
    method: str,
    time_limit_s: float | None,
    seed: int,
) -> "Result[AisleTour] | Result[ScatteredTour]":
    from solvers.result import Stop
    from solvers.routing.aisle_methods import solve_by, solve_scattered_by
    from solvers.routing.parallel_aisles import AisleProblem
    from solvers.routing.scattered_storage import load_kernels

    if isinstance(problem, AisleProblem):
        stop = Stop(time_limit_s=time_limit_s)
        return solve_by(method, problem, stop, seed=seed)
    load_kernels()
    limit = SCATTERED_LIMIT_S if time_limit_s is None else time_limit_s
    return solve_scattered_by(method, problem, Stop(time_limit_s=limit), seed=seed)


def _tour_facts(
    instance: "MainzInstance",
    result: "Result[AisleTour] | Result[ScatteredTour]",
    published: dict[str, float],
    blocks: int,
) -> dict[str, Any]:
    """What is reported of one tour; aisles, cells and articles as the file has them."""
    from solvers.cli.check_tour import tour_faults

    if result.solution is None:
        return {"name": instance.name, "status": result.status.value}
    tour, picks = _picks(instance, result.solution)
    facts: dict[str, Any] = {
        "name": instance.name,
        "length": round(tour.length, 6),
        "status": result.status.value,
        "runtime_s": round(result.runtime_s, 6),
    }
    if result.lower_bound > 0:
        facts["lower_bound"] = round(result.lower_bound, 6)
    if instance.name in published:
        facts["published"] = published[instance.name]
    facts["picks"] = picks
    facts["walk"] = tour.walk.tolist()
    facts["violations"] = tour_faults(instance, facts, blocks=blocks)
    return facts


def _picks(
    instance: "MainzInstance", solution: "AisleTour | ScatteredTour"
) -> "tuple[AisleTour, list[dict[str, int]]]":
    """The tour of a solution, and its picks in order; how much, where one chose."""
    from solvers.routing.mainz_problem import places_to_pick
    from solvers.routing.scattered_problem import ScatteredTour

    rows = places_to_pick(instance)
    columns: dict[str, list[int]] = {}
    if isinstance(solution, ScatteredTour):
        tour, rows = solution.tour, rows[solution.places]
        columns["quantity"] = solution.quantity.tolist()
    else:
        tour, rows = solution, rows[solution.order]
    columns = {
        "article": instance.article_id[instance.stock_article[rows]].tolist(),
        "aisle": instance.stock_aisle[rows].tolist(),
        "cell": instance.stock_cell[rows].tolist(),
        **columns,
    }
    picks = [
        dict(zip(columns, values, strict=True))
        for values in zip(*columns.values(), strict=True)
    ]
    return tour, picks


def _summary(
    tours: list[dict[str, Any]], instances: int, compared: bool
) -> dict[str, Any]:
    lengths = [tour["length"] for tour in tours if "length" in tour]
    summary: dict[str, Any] = {
        "instances": instances,
        "solved": len(lengths),
        "total_length": round(sum(lengths), 6),
        "runtime_s": round(sum(tour.get("runtime_s", 0.0) for tour in tours), 6),
    }
    if compared:
        summary |= compare_lengths(tours)
    return summary


def _lines(answer: dict[str, Any]) -> list[str]:
    """Return the answer as text: a line a tour, and a summary for several."""
    tours = answer["tours"]
    lines = []
    for tour in tours:
        line = f"{tour['name']}: {tour['status']}"
        if "length" in tour:
            line += f", length {tour['length']:.10g}, {len(tour['picks'])} picks"
        if tour["status"] != "optimal" and "lower_bound" in tour:
            line += f", bound {tour['lower_bound']:.10g}"
        if "published" in tour:
            line += f", published {tour['published']:.10g}"
        lines.append(line)
        lines += [f"  broken: {fault}" for fault in tour.get("violations", ())[:20]]
    if len(tours) == 1 and "picks" in tours[0]:
        stops = (f"{pick['aisle']}:{pick['cell']}" for pick in tours[0]["picks"])
        lines.append(f"visits aisle:cell {' '.join(stops)}")
    if answer["solved"] < answer["instances"]:
        lines.append(f"stopped after {answer['solved']} of {answer['instances']}")
    if answer["instances"] > 1:
        lines.append(
            f"{answer['solved']} tours by {answer['method']}, total length "
            f"{answer['total_length']:.10g}, {answer['runtime_s']:.2f} s"
        )
    if "compared" in answer:
        lines.append(comparison_line(answer))
    return lines
