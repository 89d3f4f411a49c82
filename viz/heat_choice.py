"""What the keys choose for the map of heat: what is counted, and when."""

from bisect import bisect_right
from typing import Final

from viz.heat_counts import HeatKind
from viz.heat_part import WHOLE_PLAN, HeatPart
from viz.view import View

WIDTHS_S: Final = (60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Widths of a window around the clock that can be chosen, in seconds."""
_USUAL_S: Final = 300.0


def next_kind(view: View) -> None:
    """Colour the floor by the next thing that is counted, or by none."""
    kinds = [None, *HeatKind]
    view.heatmap = kinds[(kinds.index(view.heatmap) + 1) % len(kinds)]


def next_part(view: View) -> None:
    """Count around the clock; then between the marks around it; then the whole plan.

    The ends of the plan are marks too, once there is a bookmark.
    """
    view.heatmap = view.heatmap or HeatKind.VISITS
    part = view.heat_part
    if part == WHOLE_PLAN:
        view.heat_part = HeatPart(around_s=_USUAL_S)
    elif part.around_s is not None and view.bookmarks:
        view.heat_part = HeatPart(between_s=_marks_around(view))
    else:
        view.heat_part = WHOLE_PLAN


def change_width(view: View, places: int) -> None:
    """Count in a longer or shorter window around the clock."""
    view.heatmap = view.heatmap or HeatKind.VISITS
    now_s = view.heat_part.around_s
    if now_s is None:
        view.heat_part = HeatPart(around_s=_USUAL_S)
        return
    at = min(range(len(WIDTHS_S)), key=lambda i: abs(WIDTHS_S[i] - now_s))
    at = min(max(at + places, 0), len(WIDTHS_S) - 1)
    view.heat_part = HeatPart(around_s=WIDTHS_S[at])


def _marks_around(view: View) -> tuple[float, float]:
    """Seconds of the latest mark and of the next one."""
    marks = [0.0, *view.bookmarks, view.replay.duration]
    after = min(bisect_right(marks, view.t), len(marks) - 1)
    step_s = view.replay.step_s
    return marks[after - 1] * step_s, marks[after] * step_s
