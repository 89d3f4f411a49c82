"""Figures kept in a folder, so that a long table can be measured in parts."""

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.registry import Outcome, Spec, Spread

Facts = dict[str, str | int]


def keep(folder: Path, outcome: Outcome, facts: Facts) -> None:
    """Write what a spec measured to a file of its own; a skipped one is not kept."""
    if outcome.skipped:
        return
    numbers = {name: asdict(spread) for name, spread in outcome.numbers.items()}
    kept = {**_protocol(outcome.spec, facts), "runs": outcome.runs, "numbers": numbers}
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, outcome.spec)
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def kept_outcome(folder: Path, spec: Spec, facts: Facts) -> Outcome | None:
    """Read what a spec measured; None if it was not, or not like this.

    A figure counts only if the protocol of the spec, the machine and the versions are
    those of now.
    """
    path = _path(folder, spec)
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    runs, numbers = kept.pop("runs"), kept.pop("numbers")
    if kept != _protocol(spec, facts):
        return None
    spreads = {name: Spread(**values) for name, values in numbers.items()}
    return Outcome(spec, runs, spreads)


def _path(folder: Path, spec: Spec) -> Path:
    return folder / f"{spec.name}.json"


def _protocol(spec: Spec, facts: Facts) -> dict[str, object]:
    return {
        "words": spec.words,
        "seeds": list(spec.seeds),
        "repeats": spec.repeats,
        "machine": facts,
    }
