"""``aislewise solve wave``: which orders to release now."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solvers.cli.console import Console, one_line
from solvers.cli.options import (
    CompareOption,
    JsonOption,
    SeedOption,
    TimeLimitOption,
    example,
)
from solvers.cli.progress import Progress
from solvers.cli.writing import make_folder, refuse_unwritable, whole_file
from warehouse.errors import Fault

if TYPE_CHECKING:
    from solvers.result import Result
    from solvers.waves.problem import Wave
    from warehouse.formats.sbpo import SbpoInstance
    from warehouse.formats.sbpo_values import BestKnown

_FEWER: Final = "lower the least number of units, or add stock"
LIMIT_S: Final = 60.0
"""Time for an instance, if none is given."""
EXAMPLE: Final = example(
    "aislewise solve wave instance_0001.txt -o wave.txt",
    "aislewise solve wave datasets_a.tgz --time-limit 10",
    "aislewise solve wave instances/ --compare best_objectives.csv -o waves/",
)


class WaveMethod(StrEnum):
    """How a wave is found."""

    auto = "auto"
    annealing = "annealing"
    cp_sat = "cp-sat"
    greedy = "greedy"


def wave(
    instance: Annotated[
        Path,
        typer.Argument(
            metavar="INSTANCE",
            readable=False,
            help="A file of the SBPO 2025 challenge, or a folder or .tgz of them.",
        ),
    ],
    method: Annotated[
        WaveMethod, typer.Option(help="All together, or one alone.")
    ] = WaveMethod.auto,
    time_limit: TimeLimitOption = None,
    seed: SeedOption = 0,
    compare: CompareOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Write the solution file; a folder of them for several instances.",
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Choose orders and aisles with the most units per aisle.

    The wave has as many units as the instance asks for, and the aisles chosen hold all
    of them. The time limit, 60 s if none is given, holds for each instance. Ctrl-C
    keeps the best wave so far.
    """
    with Console(json_output) as console:
        from warehouse.formats.sbpo import read_sbpo_set
        from warehouse.formats.sbpo_values import read_best_known

        best_known = read_best_known(compare) if compare else {}
        given = list(read_sbpo_set(instance))
        if output:
            _refuse_output(output, several=len(given) > 1)
        limit = LIMIT_S if time_limit is None else time_limit
        results = _solve_all(given, method.value, limit, seed)
        waves = [
            _wave_facts(name, one, result, best_known)
            for name, one, result in zip(_names(given), given, results, strict=False)
        ]
        if output:
            _write(output, waves, several=len(given) > 1)
        console.answer = {
            "method": method.value,
            "seed": seed,
            **_summary(waves, len(given), compare is not None),
            "waves": waves,
        }
        for line in _lines(console.answer):
            console.say(line)
        if output:
            console.say(f"wrote {output}")
        _end(console, waves)


def _refuse_output(output: Path, *, several: bool) -> None:
    if several:
        make_folder(output)
    else:
        refuse_unwritable(output)


def _solve_all(
    given: "list[SbpoInstance]", method: str, time_limit_s: float, seed: int
) -> "list[Result[Wave]]":
    """Solve one after another; on Ctrl-C return what is there."""
    from solvers.interrupt import Interrupt
    from solvers.result import Stop
    from solvers.waves.problem import WaveParams
    from solvers.waves.published import wave_problem
    from solvers.waves.solve import load_kernels, solve

    params = WaveParams(method=method)  # type: ignore[arg-type]
    results: list[Result[Wave]] = []
    with Progress() as progress, Interrupt() as interrupt:
        progress(0.0, "compiling")
        load_kernels()
        stop = Stop(time_limit_s=time_limit_s, interrupted=interrupt.wanted)
        for number, instance in enumerate(given):

            def report(share: float, words: str, number: int = number) -> None:
                progress((number + share) / len(given), f"wave {number + 1}: {words}")

            if interrupt.wanted():
                break
            problem = wave_problem(instance)
            results.append(
                solve(problem, stop, seed=seed, params=params, on_progress=report)
            )
    return results


def _names(given: "list[SbpoInstance]") -> list[str]:
    """Name each instance, with its folder where that is needed to tell them apart."""
    names = [instance.name for instance in given]
    if len(set(names)) < len(names):
        names = [f"{instance.folder}/{instance.name}" for instance in given]
    return names


def _wave_facts(
    name: str, instance: "SbpoInstance", result: "Result[Wave]", best_known: "BestKnown"
) -> dict[str, Any]:
    """What is reported of one wave; a wave that breaks a rule is never reported."""
    from warehouse.check.wave import check_wave
    from warehouse.errors import SolverError

    facts: dict[str, Any] = {"name": name, "status": result.status.value}
    facts["termination"] = result.termination.value
    facts["runtime_s"] = round(result.runtime_s, 3)
    wave = result.solution
    if wave is None:
        return facts
    violations = check_wave(instance, wave.orders, wave.aisles)
    if violations:
        raise SolverError("E350", f"{name}: {violations[0]}", "report this")
    facts["units_per_aisle"] = wave.units_per_aisle
    facts["upper_bound"] = result.upper_bound
    facts["gap"] = result.gap
    facts["units"] = wave.units
    known = best_known.get((instance.folder, instance.name))
    if known is not None:
        facts["best_known"] = known
    facts["orders"] = wave.orders.tolist()
    facts["aisles"] = wave.aisles.tolist()
    return facts


def _write(output: Path, waves: list[dict[str, Any]], *, several: bool) -> None:
    """Write the solution file of each wave that there is."""
    from warehouse.formats.sbpo import solution_text

    for facts in waves:
        if "orders" not in facts:
            continue
        name = facts["name"].replace("/", "-")
        path = output / f"{name}.txt" if several else output
        with whole_file(path) as part:
            text = solution_text(facts["orders"], facts["aisles"])
            part.write_text(text, encoding="ascii")


def _summary(
    waves: list[dict[str, Any]], instances: int, compared: bool
) -> dict[str, Any]:
    solved = [facts for facts in waves if "orders" in facts]
    summary: dict[str, Any] = {
        "instances": instances,
        "solved": len(solved),
        "proved": sum(facts["status"] == "optimal" for facts in solved),
        "runtime_s": round(sum(facts["runtime_s"] for facts in waves), 3),
    }
    if compared:
        pairs = [
            (facts["units_per_aisle"], facts["best_known"])
            for facts in solved
            if "best_known" in facts
        ]
        shares = [value / known for value, known in pairs if known > 0]
        summary["compared"] = len(pairs)
        summary["equal"] = sum(abs(value - known) < 1e-6 for value, known in pairs)
        summary["better"] = sum(value > known + 1e-6 for value, known in pairs)
        summary["mean_share"] = sum(shares) / len(shares) if shares else 0.0
    return summary


def _lines(answer: dict[str, Any]) -> list[str]:
    """Return the answer as text: a line a wave, and a summary for several."""
    waves = answer["waves"]
    lines = []
    for facts in waves:
        line = f"{facts['name']}: {facts['status']}"
        if "orders" in facts:
            line += (
                f", {facts['units_per_aisle']:.6g} units per aisle: {facts['units']} "
                f"units, {len(facts['orders'])} orders, {len(facts['aisles'])} aisles"
            )
            if facts["status"] != "optimal":
                line += f", bound {facts['upper_bound']:.6g}, gap {facts['gap']:.1%}"
        if "best_known" in facts:
            line += f", best known {facts['best_known']:.6g}"
        lines.append(line)
    if len(waves) == 1 and "aisles" in waves[0]:
        lines.append(f"aisles {' '.join(map(str, waves[0]['aisles']))}")
    if len(waves) < answer["instances"]:
        lines.append(f"stopped after {len(waves)} of {answer['instances']}")
    if answer["instances"] > 1:
        lines.append(
            f"{answer['solved']} waves by {answer['method']}, {answer['proved']} "
            f"proved, {answer['runtime_s']:.2f} s"
        )
    if "compared" in answer:
        lines.append(
            f"{answer['equal']} of {answer['compared']} equal to the best known, "
            f"{answer['better']} better, {answer['mean_share']:.4f} of it on average"
        )
    return lines


def _end(console: Console, waves: list[dict[str, Any]]) -> None:
    """Exit code 1, with the reason, where an instance has no wave."""
    reasons = {
        "infeasible": ("E911", "no wave has as many units as are asked for", _FEWER),
        "unknown": ("E910", "no wave was found", "allow more time"),
    }
    for facts in waves:
        if facts["status"] in reasons:
            code, found, needed = reasons[facts["status"]]
            typer.echo(one_line(Fault(code, facts["name"], found, needed)), err=True)
            console.exit_code = 1
