"""Run the benchmarks: ``python -m benchmarks --help``."""

import argparse
import importlib
import json
import os
import pkgutil
import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import benchmarks
from benchmarks import motion_page, orders_page
from benchmarks.kept import Facts, keep, kept_outcome
from benchmarks.registry import MAIN, MOTION, ORDERS, SPECS, Outcome, Spec, measure
from warehouse.version import __version__

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
PAGE_HEAD = """# Benchmarks

Written by `python -m benchmarks --write`; `make bench` prints the same table.
Each row is a spec in `benchmarks/`, where its seeds and repeats are stated. A number is
the median over all runs, with the smallest and the largest beside it. Robot motion and
order decisions have sections of their own, below.
"""
MARKS = {
    group: f"<!-- {group}: written by `python -m benchmarks --{group} --write` -->"
    for group in (MOTION, ORDERS)
}
"""What begins the section of each group but the main one, in their order."""


def import_specs() -> None:
    """Import every module beside this one, so that each registers its specs."""
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name != "__main__":
            importlib.import_module(f"benchmarks.{module.name}")


def machine_facts() -> Facts:
    """Facts that a figure depends on."""
    packages = ("numpy", "numba", "ortools")
    return {
        "cpus": os.cpu_count() or 1,
        "architecture": platform.machine(),
        "aislewise": __version__,
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


def table(outcomes: list[Outcome]) -> str:
    """Outcomes as a Markdown table, aligned so that a terminal shows it well too."""
    rows = [["spec", "number", "median", "smallest", "largest", "runs"]]
    for outcome in outcomes:
        name = outcome.spec.name
        if outcome.skipped:
            rows.append([name, f"skipped: {outcome.skipped}", "", "", "", "0"])
        for number, spread in outcome.numbers.items():
            values = (spread.median, spread.smallest, spread.largest)
            texts = (f"{v:,.0f}" if abs(v) >= 1000 else f"{v:.4g}" for v in values)
            rows.append([name, number, *texts, str(outcome.runs)])
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    rule = ["-" * width for width in widths[:2]]
    rule += ["-" * (width - 1) + ":" for width in widths[2:]]
    sides = ["<", "<", ">", ">", ">", ">"]
    cells = [f"{{:{side}{width}}}" for side, width in zip(sides, widths, strict=True)]
    line = f"| {' | '.join(cells)} |"
    return "\n".join(line.format(*row) for row in [rows[0], rule, *rows[1:]])


def as_json(outcomes: list[Outcome], facts: Facts) -> str:
    """Outcomes and machine facts as one JSON object."""
    specs = [
        {
            "name": outcome.spec.name,
            "words": outcome.spec.words,
            "seeds": outcome.spec.seeds,
            "repeats": outcome.spec.repeats,
            "runs": outcome.runs,
            "skipped": outcome.skipped,
            "numbers": {name: asdict(value) for name, value in outcome.numbers.items()},
        }
        for outcome in outcomes
    ]
    return json.dumps({"machine": facts, "specs": specs}, indent=2)


def page(outcomes: list[Outcome], facts: Facts) -> str:
    """Text of ``docs/benchmarks.md``."""
    words = [f"- `{outcome.spec.name}`: {outcome.spec.words}" for outcome in outcomes]
    where = ", ".join(f"{name} {value}" for name, value in facts.items())
    parts = [PAGE_HEAD, "\n".join(words), table(outcomes), f"Measured with {where}."]
    return "\n".join(f"{part.rstrip()}\n" for part in parts)


def read_arguments(names: list[str], arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the specs and stop")
    parser.add_argument(
        "--only",
        choices=names,
        action="append",
        metavar="SPEC",
        help="run this one of those that --list names; may be given again",
    )
    parser.add_argument(
        "--motion",
        action="store_true",
        help="robot motion beside what others reach, about 15 minutes; else all but it",
    )
    parser.add_argument(
        "--orders",
        action="store_true",
        help="order decisions on published instances, over two hours; else all but it",
    )
    parser.add_argument(
        "--smoke", action="store_true", help="once each, in seconds: does it run?"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="keep figures there, and do not measure again what is kept",
    )
    parser.add_argument(
        "--kept-only",
        action="store_true",
        help="with --orders and --keep: measure nothing, take what is kept",
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    options = parser.parse_args(arguments)
    if options.motion and options.orders:
        parser.error("--motion and --orders write a section each: run one at a time")
    if options.kept_only and not (options.orders and options.keep):
        parser.error("--kept-only needs --orders and --keep")
    if options.keep and options.smoke:
        parser.error("--keep is for figures, and --smoke measures none")
    if options.write and (options.smoke or options.only):
        parser.error("--write needs every spec in full: leave --smoke and --only out")
    return options


def run_all(
    specs: list[Spec], facts: Facts, *, smoke: bool, folder: Path | None
) -> list[Outcome]:
    """Run specs one after another and say on stderr which one is at work."""
    outcomes = []
    for number, spec in enumerate(specs, 1):
        place = f"[{number}/{len(specs)}]"
        outcome = kept_outcome(folder, spec, facts) if folder else None
        if outcome is None:
            print(f"{place} {spec.name}: {spec.words}", file=sys.stderr)
            outcome = measure(spec, smoke=smoke)
            if folder:
                keep(folder, outcome, facts)
        else:
            print(f"{place} {spec.name}: kept in {folder}", file=sys.stderr)
        outcomes.append(outcome)
    return outcomes


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; the exit code is 0 unless a spec raises."""
    import_specs()
    options = read_arguments(sorted(SPECS), arguments)
    if options.list:
        for name, spec in sorted(SPECS.items()):
            print(f"{name:<24} {spec.words}")
        return 0
    specs = choose(options)
    facts = machine_facts()
    if options.kept_only:
        specs = [spec for spec in specs if kept_outcome(options.keep, spec, facts)]
    outcomes = run_all(specs, facts, smoke=options.smoke, folder=options.keep)
    if options.json:
        print(as_json(outcomes, facts))
    else:
        beside_others = options.motion and not options.smoke
        print(motion_page.tables(outcomes) if beside_others else table(outcomes))
        print(", ".join(f"{name} {value}" for name, value in facts.items()))
    if options.write:
        write_page(outcomes, facts, wanted_group(options))
    return 0


def choose(options: argparse.Namespace) -> list[Spec]:
    """Specs to run: those named, or a group; a smoke run without either takes all."""
    if options.only:
        return [SPECS[name] for name in sorted(options.only)]
    group = wanted_group(options)
    everything = options.smoke and group == MAIN
    return [
        spec for _, spec in sorted(SPECS.items()) if everything or spec.group == group
    ]


def wanted_group(options: argparse.Namespace) -> str:
    """Group of specs that the command line asks for."""
    return MOTION if options.motion else ORDERS if options.orders else MAIN


def write_page(outcomes: list[Outcome], facts: Facts, group: str) -> None:
    """Write one part of ``docs/benchmarks.md`` and leave the others as they are."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    sections = sections_of(text)
    images = PAGE.parent / "images"
    if group == MOTION:
        sections[group] = motion_page.section(outcomes, facts)
        motion_page.draw(outcomes, images)
    elif group == ORDERS:
        sections[group] = orders_page.section(outcomes, facts, table(outcomes))
        orders_page.draw(outcomes, images)
    else:
        sections[group] = page(outcomes, facts)
    parts = [sections[MAIN].rstrip() + "\n"]
    parts += [
        f"{mark}\n{sections[name].strip()}\n"
        for name, mark in MARKS.items()
        if sections[name].strip()
    ]
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def sections_of(text: str) -> dict[str, str]:
    """Text of the page by group, without the marks."""
    begins = {name: text.find(mark) for name, mark in MARKS.items()}
    ends = sorted(at for at in [*begins.values(), len(text)] if at >= 0)
    sections = {MAIN: text[: ends[0]]}
    for name, mark in MARKS.items():
        at = begins[name]
        end = min((e for e in ends if e > at), default=at)
        sections[name] = "" if at < 0 else text[at + len(mark) : end]
    return sections


if __name__ == "__main__":
    sys.exit(main())
