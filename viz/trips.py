"""Stops of a plan grouped into trips, with what is on board after each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.moving import departures
from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class Trips:
    """Trips in the order of ``plan.stops``: by robot, then by time.

    Parameters
    ----------
    first, last : ndarray of int64, shape (trips,)
        Index of the first and the last stop of each trip.
    departure : ndarray of int64, shape (trips,)
        Timestep at which the robot sets out for the first stop: it last stood where
        the trip before left it.
    of_stop : ndarray of int64, shape (stops,)
        Row of the trip of each stop, in the order above.
    units_after, totes_after : ndarray of int64, shape (stops,)
        Units and started totes on board when each stop is over.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    departure: NDArray[np.int64]
    of_stop: NDArray[np.int64]
    units_after: NDArray[np.int64]
    totes_after: NDArray[np.int64]

    @classmethod
    def from_plan(cls, plan: Plan) -> "Trips":
        """Group the stops of a plan. O(stops + picks log picks)."""
        stops = plan.stops
        new = np.ones(len(stops), bool)
        new[1:] = (np.diff(stops["trip"]) != 0) | (np.diff(stops["robot"]) != 0)
        first = np.flatnonzero(new)
        of_stop = np.cumsum(new) - 1
        last = np.append(first[1:], len(stops))[: len(first)] - 1
        units, totes = _changes_on_board(plan, of_stop)
        return cls(
            first=first,
            last=last,
            departure=departures(plan, stops, first),
            of_stop=of_stop,
            units_after=_running_sum(units, first, of_stop),
            totes_after=_running_sum(totes, first, of_stop),
        )


def _changes_on_board(
    plan: Plan, of_stop: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Units and totes that come aboard (negative: leave) at each stop."""
    orders = max(1, len(plan.scenario.orders))
    picks, drops = plan.picks, plan.drops
    # One tote: one order on one trip.
    picked = of_stop[picks["stop"]] * orders
    picked = picked + plan.scenario.orders.line_order[picks["line"]]
    dropped = of_stop[drops["stop"]] * orders + drops["order"]
    totes, first_pick, tote_of_pick = np.unique(
        picked, return_index=True, return_inverse=True
    )
    units_in_tote = np.bincount(
        tote_of_pick, weights=picks["quantity"], minlength=len(totes)
    ).astype(np.int64)
    units = np.zeros(len(plan.stops), np.int64)
    started = np.zeros(len(plan.stops), np.int64)
    np.add.at(units, picks["stop"], picks["quantity"])
    np.add.at(started, picks["stop"][first_pick], 1)
    row = np.searchsorted(totes, dropped)
    known = row < len(totes)
    known[known] = totes[row[known]] == dropped[known]
    np.subtract.at(units, drops["stop"][known], units_in_tote[row[known]])
    np.subtract.at(started, drops["stop"][known], 1)
    return units, started


def _running_sum(
    change: NDArray[np.int64], first: NDArray[np.int64], of_stop: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Sum of changes since the first stop of the same trip."""
    total = np.cumsum(change)
    before = total[first] - change[first]
    return total - before[of_stop]
