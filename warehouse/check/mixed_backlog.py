"""Which orders are known where only so many may wait, and racks and pods bring them."""

import numpy as np

from warehouse.check.delivery import TOLERANCE_S
from warehouse.check.mixed_robots import find_tall
from warehouse.check.pod_tables import OpenOrders
from warehouse.check.rows import Floats, Ints, Tables
from warehouse.check.violation import Findings
from warehouse.plan import Plan, UnservedReason
from warehouse.scenario import Scenario

CUT_OFF = (
    UnservedReason.INTERRUPTED,
    UnservedReason.BLOCKED,
    UnservedReason.HORIZON,
    UnservedReason.NO_ROOM,
)
"""Reasons for which units may be on a trip that the plan does not tell of any more."""


def check_backlog(
    plan: Plan,
    backlog: int,
    totes: Tables,
    open_orders: OpenOrders,
    shares: tuple[Ints, Ints],
    findings: Findings,
) -> None:
    """Report orders opened or fetched before they are among those that wait.

    An order waits until its part from pods is opened, and until the robot that fetches
    its part from racks begins the first stop of that trip.

    Parameters
    ----------
    plan : Plan
    backlog : int
        Most orders that may wait.
    totes : Tables
        Of robots with totes, with what is not served by either side.
    open_orders : OpenOrders
    shares : pair of ndarray of int64, shape (lines,)
        Units of each line that are to come from racks, and from pods.
    findings : Findings
    """
    scenario = plan.scenario
    given = scenario.orders
    n = len(given)
    has_part = [np.bincount(given.line_order, share, n) > 0 for share in shares]
    fetched_s = _first_stops_s(scenario, totes)
    opened_s = np.full(n, np.inf)
    np.minimum.at(opened_s, open_orders.order, open_orders.start_s)
    left = np.isin(totes.unserved.reason, CUT_OFF)
    cut_off = np.zeros(n, bool)
    cut_off[given.line_order[totes.unserved.line[left]]] = True
    # What nobody can fetch does not wait for it.
    waits = has_part[0] & (np.isfinite(fetched_s) | cut_off)
    begun_s = np.where(waits, fetched_s, -np.inf)
    begun_s = np.maximum(begun_s, np.where(has_part[1], opened_s, -np.inf))
    acts_s = np.minimum(fetched_s, opened_s)
    arrival = np.argsort(given.release_s, kind="stable")
    arrival = arrival[(waits | has_part[1])[arrival]]
    begun = np.sort(begun_s[arrival])
    before = np.searchsorted(begun, acts_s[arrival] + TOLERANCE_S, side="right")
    carried = len(find_tall(scenario)) * scenario.fleet.tote_slots
    on_trips = min(int((has_part[0] & np.isinf(fetched_s) & cut_off).sum()), carried)
    early = arrival[
        (np.arange(len(arrival)) >= before + backlog + on_trips)
        & np.isfinite(acts_s[arrival])
    ]
    findings.add(
        "known-early",
        "order {name} is opened, or fetched from racks, at {start:.2f} s, before it is "
        "one of {most} that wait",
        order=early,
        start=acts_s[early],
        most=backlog,
    )


def _first_stops_s(scenario: Scenario, totes: Tables) -> Floats:
    """When the trip of each order from racks begins its first stop; inf for none."""
    stops, picks = totes.stops, totes.picks
    trips, trip = np.unique(stops.trip, return_inverse=True)
    first = np.full(len(trips), np.inf)
    np.minimum.at(first, trip, stops.start)
    fetched_s = np.full(len(scenario.orders), np.inf)
    at = np.searchsorted(trips, picks.trip)
    np.minimum.at(fetched_s, picks.order, first[at] * scenario.step_s)
    return fetched_s
