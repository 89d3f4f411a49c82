"""Finding a robot, station, order, SKU, pod or truck by what people type."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from viz.replay import Replay

_MOST: Final = 8


class Kind(StrEnum):
    """What can be found."""

    ROBOT = "robot"
    STATION = "station"
    ORDER = "order"
    SKU = "SKU"
    POD = "pod"
    TRUCK = "truck"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits what was typed."""

    kind: Kind
    index: int
    name: str


@dataclass(slots=True)
class Prompt:
    """A line that is being typed in.

    Parameters
    ----------
    asks : str
        What the line is for.
    finds : bool
        Whether things are looked for; else a clock time is read.
    text : str
    found : list of Found
    chosen : int
        Which of them the return key takes.
    """

    asks: str
    finds: bool
    text: str = ""
    found: list[Found] = field(default_factory=list)
    chosen: int = 0


def find(replay: Replay, text: str) -> list[Found]:
    """Things whose name is a text, those that begin with it, those that have it inside.

    Parameters
    ----------
    replay : Replay
    text : str
        Upper and lower case are the same. A word for a kind may stand before:
        ``robot 7``, ``sku 12``.

    Returns
    -------
    list of Found
        At most eight.
    """
    words = text.casefold().split()
    wanted = [kind for kind in Kind if words and kind.casefold() == words[0]]
    typed = " ".join(words[1:] if wanted else words)
    if not typed:
        return []
    fitting: tuple[list[Found], ...] = ([], [], [])
    names = _names(replay)
    for kind in wanted or list(Kind):
        for index, name in enumerate(names[kind]):
            place = name.casefold().find(typed)
            if place < 0:
                continue
            group = fitting[2 if place else int(len(name) != len(typed))]
            if len(group) < _MOST:
                group.append(Found(kind, index, name))
    same, begin, inside = fitting
    return [*same, *begin, *inside][:_MOST]


def _names(replay: Replay) -> dict[Kind, Sequence[str]]:
    scenario = replay.scenario
    return {
        Kind.ROBOT: [str(robot) for robot in range(replay.robots)],
        Kind.STATION: [station.name for station in scenario.stations],
        Kind.ORDER: scenario.orders.names,
        Kind.SKU: scenario.sku_names,
        Kind.POD: () if scenario.pods is None else scenario.pods.names,
        Kind.TRUCK: [replay.trucks.name(k) for k in range(len(replay.trucks))],
    }


def parse_moment(text: str) -> float | None:
    """Seconds that a text like ``1:02:30``, ``2:30`` or ``90`` names; else None.

    Examples
    --------
    >>> [parse_moment(text) for text in ("1:02:30", "2:30", "90.5", "1:75", "noon")]
    [3750.0, 150.0, 90.5, None, None]
    """
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(
        part.replace(".", "", 1).isdecimal() and part.isascii() for part in parts
    ):
        return None
    values = [float(part) for part in parts]
    if any(value >= 60 for value in values[1:]):
        return None
    seconds = 0.0
    for value in values:
        seconds = 60 * seconds + value
    return seconds
