"""Order decisions on published instances: their section of the page, and a picture."""

from pathlib import Path
from typing import Final

from benchmarks.anytime_picture import anytime_picture
from benchmarks.registry import Outcome

PICTURE: Final = "batching_anytime.svg"
CURVE: Final = "batching-anytime"


def section(outcomes: list[Outcome], facts: dict[str, str | int], table: str) -> str:
    """Return the section of the page, with where and how it was measured."""
    where = ", ".join(f"{name} {value}" for name, value in facts.items())
    words = [f"- `{outcome.spec.name}`: {outcome.spec.words}" for outcome in outcomes]
    lines = [
        "## Order decisions",
        "Written by `make bench-orders`. Every answer went through an independent "
        "check, and none is below a published proved optimum. A gap is the distance to "
        "the best known value, in percent of it; the rows of savings, of first come, "
        "first served (`fcfs`, with shortest tours) and of the latter walked in "
        "S-shape are the simple methods on the same instances. Rows of pods are "
        "simulated hours and have no best known value. The whole table takes "
        "over two hours; specs that were not measured with the code of today are left "
        "out.",
        "\n".join(words),
        table,
    ]
    if curve(outcomes):
        lines.append(f"![Batching: gap by time](images/{PICTURE})")
    lines.append(f"Measured with {where}.")
    return "\n\n".join(lines) + "\n"


def draw(outcomes: list[Outcome], folder: Path) -> None:
    """Write the picture, if its spec was measured."""
    points = curve(outcomes)
    if points:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PICTURE).write_text(anytime_picture(points), encoding="utf-8")


def curve(outcomes: list[Outcome]) -> list[tuple[float, float]]:
    """Seconds and percent above the best known value; empty if not measured."""
    for outcome in outcomes:
        if outcome.spec.name == CURVE:
            return [
                (float(name.split("_")[-2]), spread.median)
                for name, spread in outcome.numbers.items()
            ]
    return []
