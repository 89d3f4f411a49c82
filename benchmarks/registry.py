"""The registry of benchmark specs, and the contract of `spec`.

A spec is a function in a module beside this one. Every module of the package is
imported when the benchmarks run, so a new file is found by itself::

    from benchmarks.registry import Run, spec

    @spec("tours-exact", "Published tours, exact method", needs_data="orders/sprp")
    def tours_exact(run: Run) -> dict[str, float]:
        instances = read_instances(run.data)[: 20 if run.smoke else None]
        started = time.perf_counter()
        solved = sum(solve(instance) == instance.optimum for instance in instances)
        took_s = time.perf_counter() - started
        return {"optima": solved, "instances": len(instances), "time_s": took_s}

What a spec promises

- It returns what it measured: a dict of name to number, the same names each time.
  A unit is part of the name (``time_s``, ``robot_steps_per_s``, ``gap_percent``).
- It times its own work, so that reading files is not in the figure.
- Its randomness comes from ``run.seed`` alone.
- With ``run.smoke`` it does the same in a few seconds, on less.
- A wrong answer raises; a spec never returns a figure for work that went wrong.

What the harness does

- Calls the spec once in smoke size and throws that away: kernels are compiled.
- Calls it ``repeats`` times for each of ``seeds`` and reports the median, the
  smallest and the largest of each number. Seeds and repeats are stated with the spec
  and cannot be set from the command line: the same figures for everybody.
- Skips it, with the reason, where the files or the package it needs are absent.
  ``needs_data`` is a folder below the folder of published instances (`data_folder`),
  and ``run.data`` is its path.
"""

import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Run:
    """One call of a spec: its seed, its size, and the folder ``needs_data`` names.

    ``data`` is an empty path where the spec names no folder.
    """

    seed: int
    smoke: bool
    data: Path


SpecFunction = Callable[[Run], dict[str, float]]


MAIN: Final = "main"
MOTION: Final = "motion"
ORDERS: Final = "orders"


@dataclass(frozen=True, slots=True)
class Spec:
    """A registered benchmark and its protocol."""

    name: str
    words: str
    needs_data: str | None
    seeds: tuple[int, ...]
    repeats: int
    function: SpecFunction
    group: str = MAIN
    needs_package: str | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, smallest and largest of one number over all runs of a spec."""

    median: float
    smallest: float
    largest: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a spec measured, or why it did not run."""

    spec: Spec
    runs: int
    numbers: dict[str, Spread]
    skipped: str = ""


SPECS: Final[dict[str, Spec]] = {}


def spec(
    name: str,
    words: str,
    *,
    needs_data: str | None = None,
    seeds: tuple[int, ...] = (0, 1, 2),
    repeats: int = 1,
    group: str = MAIN,
    needs_package: str | None = None,
) -> Callable[[SpecFunction], SpecFunction]:
    """Register a function as a benchmark; the module docstring is the contract.

    Parameters
    ----------
    name : str
        Short, with hyphens, unique: what ``--only`` takes.
    words : str
        One line for the table.
    needs_data : str, optional
        Folder of published instances it reads, such as ``"orders/sprp"``.
    seeds : tuple of int
    repeats : int
        Runs for each seed. A spec without randomness has one seed, more repeats.
    group : str
        `MAIN`, or one with a table and a command of its own, as it takes long:
        `MOTION`, `ORDERS`.
    needs_package : str, optional
        What it compares with, from the extra ``bench``.

    Raises
    ------
    ValueError
        If the name is taken.
    """

    def register(function: SpecFunction) -> SpecFunction:
        if name in SPECS:
            raise ValueError(f"got a second spec {name!r}, need another name")
        SPECS[name] = Spec(
            name, words, needs_data, seeds, repeats, function, group, needs_package
        )
        return function

    return register


def data_folder() -> Path | None:
    """Folder of published instances, or None where it is absent.

    The environment variable ``AISLEWISE_BENCH_DATA`` names it; without the variable
    it is looked for in ``shared/data`` next to the checkout.
    """
    beside_checkout = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("AISLEWISE_BENCH_DATA") or beside_checkout)
    return folder if folder.is_dir() else None


def measure(spec: Spec, *, smoke: bool) -> Outcome:
    """Run a spec by its protocol, or once in smoke size; skip it without its files."""
    if spec.needs_package is not None and find_spec(spec.needs_package) is None:
        return Outcome(spec, 0, {}, f"no package {spec.needs_package}")
    data = Path()
    if spec.needs_data is not None:
        folder = data_folder()
        if folder is None or not (folder / spec.needs_data).is_dir():
            return Outcome(spec, 0, {}, f"no folder {spec.needs_data}")
        data = folder / spec.needs_data
    warm_up = spec.function(Run(spec.seeds[0], True, data))
    results = [warm_up]
    if not smoke:
        results = [
            spec.function(Run(seed, False, data))
            for seed in spec.seeds
            for _ in range(spec.repeats)
        ]
    numbers = {}
    for name in results[0]:
        values = [result[name] for result in results]
        numbers[name] = Spread(statistics.median(values), min(values), max(values))
    return Outcome(spec, len(results), numbers)
