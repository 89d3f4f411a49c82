"""Arguments and options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from warehouse.errors import Fault, InputError

JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object instead of text."),
]
ScenarioArgument = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario folder, or the name of a shipped one: "
        "small, demo, large, pods.",
    ),
]
PlanArgument = Annotated[
    Path,
    # The reader says in its own words what it cannot read, with the exit code of input.
    typer.Argument(metavar="PLAN", readable=False, help="A plan file (.plan.npz)."),
]
MOST_SEED = 2_000_000_000
"""CP-SAT takes 31 bits; this leaves room for seeds that are counted up from one."""
SeedOption = Annotated[
    int,
    typer.Option("--seed", min=0, max=MOST_SEED, help="Same seed, same result."),
]


class Objective(StrEnum):
    """What a plan is to be good at."""

    throughput = "throughput"
    on_time = "on-time"
    travel = "travel"


class Partial(StrEnum):
    """What becomes of an order that the stock covers only in part."""

    ship = "ship"
    hold = "hold"


class Decisions(StrEnum):
    """How locations, batches and tours are decided."""

    joint = "joint"
    plain = "plain"


class PodRule(StrEnum):
    """How pods, orders and spots are chosen on sites with pods."""

    joint = "joint"
    pod_match = "pod-match"
    first_come = "first-come"
    random = "random"


class PodMatching(StrEnum):
    """How robots, or spots, are given to pods."""

    nearest = "nearest"
    assignment = "assignment"


class Motion(StrEnum):
    """How robots move."""

    omni = "omni"
    rotate = "rotate"


MotionOption = Annotated[
    Motion | None,
    typer.Option(
        help="Four directions, or forward with quarter turns; omni if not said, but "
        "for problems of the League of Robot Runners."
    ),
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option("--time-limit", min=0.0, metavar="S", help="Stop after S seconds."),
]
BlocksOption = Annotated[
    int, typer.Option(min=1, max=2, help="2 adds a cross aisle in the middle.")
]
CompareOption = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV", readable=False, help="Published values to compare with."
    ),
]


def example(*lines: str) -> str:
    """Return the end of a help text: commands to copy, one a line."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def find_scenario(text: str, wanted: str = "a scenario folder") -> Path:
    """Folder of a scenario that is given as a folder or by its shipped name.

    Parameters
    ----------
    text : str
    wanted : str
        What else the command takes, for the message.

    Raises
    ------
    InputError
        If it is neither.
    """
    folder = Path(text)
    if folder.is_dir():
        return folder
    import layouts

    if text in layouts.names():
        return layouts.folder(text)
    found = "is a file" if folder.exists() else "there is none"
    shipped = ", ".join(layouts.names())
    needed = f"need {wanted} or a shipped scenario: {shipped}"
    raise InputError([Fault("E905", text, found, needed)])


def parse_pair(text: str, name: str, form: str) -> tuple[float, float]:
    """Two numbers written as ``1280x720``; a mistyped one ends with exit code 2."""
    parts = text.lower().split("x")
    try:
        first, second = (float(part) for part in parts)
    except ValueError:
        raise typer.BadParameter(
            f"got {text!r}, need {form}", param_hint=name
        ) from None
    if not (0 < first < float("inf") and 0 < second < float("inf")):
        raise typer.BadParameter(f"got {text!r}, need numbers above 0", param_hint=name)
    return first, second
