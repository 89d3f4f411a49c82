"""The part of the report about orders that are late, and why."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from viz.clock import clock, count
from viz.late import CAUSE_OF_ONE
from viz.page import bars, table
from viz.replay import Replay
from warehouse.lateness import CAUSE_WORDS, LateCause

_NEVER: Final = "robots never bring them", "a robot never brings it"


@dataclass(frozen=True, slots=True)
class _Late:
    """An order that is late, is never packed, or misses its truck (late by 0 s)."""

    order: int
    station: str
    due_s: float
    end_s: float
    cause: LateCause

    @property
    def late_s(self) -> float:
        # Of an order that is never packed there may be no due time to take away.
        return max(0.0, self.end_s - self.due_s) if self.end_s < np.inf else np.inf

    @property
    def why(self) -> tuple[str, str]:
        """Cause as it is told of many orders, and of one."""
        if self.cause is LateCause.ROBOT and self.end_s == np.inf:
            return _NEVER
        return CAUSE_WORDS[self.cause], CAUSE_OF_ONE[self.cause]


def lateness(replay: Replay) -> tuple[str, int]:
    """Orders that are late, or due and never packed: how many, which, and why.

    Parameters
    ----------
    replay : Replay

    Returns
    -------
    body : str
        HTML.
    orders : int
        How many it names.
    """
    done = "done" if replay.scenario.pods is not None else "packed"
    late = [_late(replay, order, why) for order, why in replay.late.causes.items()]
    if not late:
        due = np.isfinite(replay.scenario.orders.due_s).any()
        none = f"No order is {done} late." if due else "No order has a due time."
        return f"<p>{none}</p>", 0
    late.sort(key=lambda one: (-one.late_s, one.order))
    rows = [_row(replay, one) for one in late]
    heads = ["Order", "Station", "Due", done.capitalize(), "Late by", "Cause"]
    body = [f"<p>{_words(late, done)}</p>", _cause_bars(late), table(heads, rows)]
    return "\n".join(body), len(late)


def _late(replay: Replay, order: int, cause: LateCause) -> _Late:
    """Look up when an order is due where it is packed, and when it is."""
    done = replay.done
    row = int(np.searchsorted(done.order, order))
    if row == len(done.order) or done.order[row] != order:
        due_s = float(replay.scenario.orders.due_s[order])
        return _Late(order, "", due_s, np.inf, cause)
    station = replay.scenario.stations[done.station[row]].name
    due_s, end_s = float(done.due_s[row]), float(done.end_s[row])
    return _Late(order, station, due_s, end_s, cause)


def _words(late: list[_Late], done: str) -> str:
    """Say how many are late, and by how much; ``done`` says what is done to them."""
    behind = [one.late_s for one in late if 0 < one.late_s < np.inf]
    never = sum(one.late_s == np.inf for one in late)
    missed = len(late) - len(behind) - never
    words = []
    if behind:
        mean, worst = clock(float(np.mean(behind))), clock(max(behind))
        words.append(
            f"{count(len(behind), 'order')} {done} late, by {mean} on average "
            f"and {worst} at most."
        )
    if never:
        words.append(f"{count(never, 'order')} never {done} though due.")
    if missed:
        words.append(f"{count(missed, 'order')} {done} in time but on no truck.")
    return " ".join(words)


def _cause_bars(late: list[_Late]) -> str:
    """How many orders each cause made late."""
    counts = Counter(one.why[0] for one in late)
    most = max(counts.values())
    rows = [
        (words, number / most, count(number, "order"), number == most)
        for words, number in counts.most_common()
    ]
    return bars(rows)


def _row(replay: Replay, one: _Late) -> list[str]:
    return [
        replay.scenario.orders.names[one.order],
        one.station,
        clock(one.due_s) if np.isfinite(one.due_s) else "",
        clock(one.end_s) if np.isfinite(one.end_s) else "never",
        clock(one.late_s) if 0 < one.late_s < np.inf else "",
        one.why[1],
    ]
