"""The key figures above the floor: of the moment, of the plan, and of its bound."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from viz.clock import clock, share
from viz.palette import Colour, Palette
from viz.replay import Moment, Replay, RobotState
from warehouse.metrics import gap_to_bound

BINDING_WORDS: Final = {
    "stations": ("STATION BOUND", "the work at the stations"),
    "robots": ("ROBOT BOUND", "the driving and serving of the robots"),
    "longest_order": ("ORDER BOUND", "the longest single order"),
    "both": ("JOINT BOUND", "the work at the stations and of the robots together"),
}
"""Heading and words for what binds the makespan."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure: a heading, a value, a remark.

    ``hint`` is told where it is pointed at. Where not all figures have room, those of
    the highest ``rank`` are left out first.
    """

    heading: str
    value: str
    remark: str
    colour: Colour
    hint: str = ""
    rank: int = 0


def key_figures(replay: Replay, moment: Moment, palette: Palette) -> list[Figure]:
    """Figures of this moment first, then those of the whole plan."""
    if not len(replay.scenario.orders):
        return _motion_figures(replay, moment, palette)
    figures = _figures_of_work(replay, moment, palette)
    figures += _figures_of_due_times(replay, palette)
    return figures + _figures_of_bound(replay, moment, palette)


def _figures_of_work(replay: Replay, moment: Moment, palette: Palette) -> list[Figure]:
    """What is done so far, and how many robots are at it."""
    now_s, with_pods = moment.t * replay.step_s, replay.scenario.pods is not None
    at_rest = (RobotState.IDLE, RobotState.CHARGING)
    busy = int(np.count_nonzero(~np.isin(moment.state, at_rest)))
    text = palette.text
    return [
        Figure(
            "UNITS PICKED" if with_pods else "UNITS PACKED",
            f"{replay.units_by(now_s):,}",
            f"of {replay.units:,}",
            text,
            "Units up to now, and in the whole plan",
            rank=1,
        ),
        Figure(
            "ORDERS DONE" if with_pods else "ORDERS PACKED",
            f"{replay.done.by(now_s):,}",
            f"of {len(replay.done.finished_s):,}",
            text,
            "Orders up to now, and in the whole plan",
            rank=3,
        ),
        Figure(
            "ROBOTS BUSY",
            f"{busy:,}",
            f"of {replay.robots:,}",
            text,
            "Robots that are on a trip now",
            rank=4,
        ),
    ]


def _figures_of_due_times(replay: Replay, palette: Palette) -> list[Figure]:
    """How many orders are late in the plan; nothing where none is due."""
    orders = replay.scenario.orders
    due = int(np.count_nonzero(np.isfinite(orders.due_s) | orders.has_carrier))
    late = len(replay.late.causes)
    if not due:
        return []
    hint = "Orders done too late, or never though they are due, in the whole plan"
    colour = palette.bad if late else palette.good
    return [Figure("LATE ORDERS", f"{late:,}", f"of {due:,} due", colour, hint, rank=2)]


def _figures_of_bound(replay: Replay, moment: Moment, palette: Palette) -> list[Figure]:
    """How long the plan takes, what any plan takes, and the gap between them."""
    makespan_s, bound = replay.plan.makespan_s, replay.plan.bound
    heading, what = BINDING_WORDS.get(bound.binding, ("BOUND", "nothing"))
    gap = gap_to_bound(makespan_s, bound.value_s)
    text = palette.text
    return [
        Figure("MAKESPAN", clock(makespan_s), "", text, "When the last order is done"),
        Figure(
            heading,
            clock(bound.value_s),
            "no plan is faster",
            text,
            f"No plan can end before: {what} binds",
        ),
        Figure(
            "GAP",
            share(gap),
            f"so far {share(gap_so_far(replay, moment))}",
            palette.accent,
            "Makespan above the bound; so far: behind a steady pace that ends at it",
        ),
    ]


def gap_so_far(replay: Replay, moment: Moment) -> float:
    """How far a moment is behind a steady pace that would end at the bound.

    The seconds since that pace would have done as many units, as a share of the bound:
    0 at the start, and from the end of the work on the gap.
    """
    now_s = min(moment.t * replay.step_s, replay.plan.makespan_s)
    bound_s = replay.plan.bound.value_s
    if bound_s <= 0:
        return gap_to_bound(now_s, bound_s)
    return now_s / bound_s - replay.units_by(now_s) / max(1, replay.units)


def _motion_figures(replay: Replay, moment: Moment, palette: Palette) -> list[Figure]:
    """Figures of motion without orders: its tasks are the trips."""
    ends = replay.plan.stops["end"][replay.trips.last]
    done = int(np.count_nonzero(ends <= moment.t))
    still = (RobotState.IDLE, RobotState.WAITING)
    moving = int(np.count_nonzero(~np.isin(moment.state, still)))
    conflicts = replay.conflicts
    found, text = len(conflicts.found), palette.text
    searched = "in all" if conflicts.done else f"up to step {conflicts.searched:,}"
    colour = palette.bad if found else text
    return [
        Figure("TASKS DONE", f"{done:,}", f"of {len(ends):,}", text),
        Figure("ROBOTS MOVING", f"{moving:,}", f"of {replay.robots:,}", text),
        Figure("STEPS", f"{replay.plan.steps:,}", "", text),
        Figure("CONFLICTS", f"{found:,}", searched, colour),
    ]
