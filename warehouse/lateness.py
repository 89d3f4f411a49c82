"""Which orders of a plan are late, and what made them so."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.cutoffs import packing_due_s, timely_trucks
from warehouse.plan import Plan, UnservedReason
from warehouse.pod_waits import PodWaits

TOLERANCE_S: Final = 1e-6
"""Seconds to which a time counts as kept."""


class LateCause(StrEnum):
    """What bound an order that is late."""

    STOCK = "stock"
    CARTON = "carton"
    PACKER = "packer"
    POD = "pod"
    ROBOT = "robot"
    STATION = "station"
    TRUCK = "truck"


CAUSE_WORDS: Final = {
    LateCause.STOCK: "the stock does not cover them",
    LateCause.CARTON: "they go into no carton",
    LateCause.PACKER: "nobody there can pack them",
    LateCause.POD: "their pods serve others first",
    LateCause.ROBOT: "robots bring them too late",
    LateCause.STATION: "they wait for their stations",
    LateCause.TRUCK: "their trucks leave too early or are full",
}
"""What each cause is, as it is told."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late each packed order is; arrays of the length of the packing table.

    Parameters
    ----------
    due_s : ndarray of float64
        By when it must be packed where it is packed; inf where nobody says.
    late_s : ndarray of float64
        Seconds packed after that, 0 if in time.
    is_late : ndarray of bool
        Packed too late, or on no truck that is in time for it.
    """

    due_s: NDArray[np.float64]
    late_s: NDArray[np.float64]
    is_late: NDArray[np.bool_]


def lateness_of(plan: Plan) -> Lateness:
    """How late each packed order of a plan is."""
    packing = plan.packing
    due_s = packing_due_s(plan.scenario)[packing["order"], packing["station"]]
    late_s = np.maximum(0.0, packing["end_s"] - due_s)
    late_s[late_s <= TOLERANCE_S] = 0.0
    return Lateness(due_s, late_s, (late_s > 0) | _missed(plan)[packing["order"]])


def _missed(plan: Plan) -> NDArray[np.bool_]:
    """Orders with a carrier that are on no truck in time, shape (orders,)."""
    missed = plan.scenario.orders.has_carrier
    if plan.consignment is not None and missed.any():
        loads = plan.consignment.loads
        order = plan.consignment.cartons["order"][loads["carton"]]
        in_time = timely_trucks(plan.scenario)[order, loads["truck"]]
        missed[order[in_time]] = False
    return missed


@dataclass(frozen=True, slots=True)
class LateOrder:
    """An order that is late, or is never packed or picked though it is due.

    Parameters
    ----------
    order : int
    cause : LateCause
    due_s : float
        By when it must be packed; the latest of all stations where it is not packed.
    end_s : float
        When it is packed, or picked from pods; inf where it is not.
    """

    order: int
    cause: LateCause
    due_s: float
    end_s: float


def late_orders(plan: Plan) -> list[LateOrder]:
    """All late orders with what bound them, the most urgent first.

    ``truck``: no departure of its carrier is in time, not even for an order that
    somebody carried to a packer at once, or it is packed in time and no truck had
    room. ``robot``: it was at the station so late that even an idle packer would not
    have been in time. ``station``: it waited for a packer. ``stock``, ``carton`` and
    ``packer``: it is never packed for that reason. An order of which pods bring the
    last part waits longest for what is named: ``pod``, ``robot``, or ``station`` with
    its slot, picker and packer.
    """
    lateness, packing = lateness_of(plan), plan.packing
    ready_s, least_s = handed_over_s(plan), _least_s(plan)
    latest_s = packing_due_s(plan.scenario).max(axis=1, initial=-np.inf)
    shippable: list[bool] = np.any(timely_trucks(plan.scenario), axis=1).tolist()
    carried = plan.scenario.orders.has_carrier.tolist()
    waits = None if plan.pod_work is None else PodWaits.of(plan, plan.pod_work)
    found = []
    for row in np.flatnonzero(lateness.is_late).tolist():
        order = int(packing["order"][row])
        start_s, end_s = float(packing["start_s"][row]), float(packing["end_s"][row])
        due_s = float(lateness.due_s[row])
        too_early = least_s[order] + end_s - start_s > latest_s[order]
        unshippable = carried[order] and (too_early or not shippable[order])
        if lateness.late_s[row] == 0 or unshippable:
            cause = LateCause.TRUCK
        elif waits is not None and waits.ends_s[order] >= ready_s[order]:
            cause = _longest(waits, order, start_s - float(waits.ends_s[order]))
        elif too_early or ready_s[order] + end_s - start_s > due_s:
            cause = LateCause.ROBOT
        else:
            cause = LateCause.STATION
        found.append(LateOrder(order, cause, due_s, end_s))
    if waits is not None:
        found += _picked_late(plan, waits)
    found += _never_packed(plan, latest_s, waits)
    return sorted(found, key=lambda late: (late.due_s, late.order))


def _longest(waits: PodWaits, order: int, packer_s: float = 0.0) -> LateCause:
    """What an order waits for longest, with seconds for a packer after the picker."""
    seconds = {
        LateCause.STATION: waits.station_s[order] + packer_s,
        LateCause.POD: waits.pod_s[order],
        LateCause.ROBOT: waits.robot_s[order],
    }
    return max(seconds, key=lambda cause: float(seconds[cause]))


def _picked_late(plan: Plan, waits: PodWaits) -> list[LateOrder]:
    """Orders that nobody packs, and that are picked from pods too late."""
    due_s = plan.scenario.orders.due_s
    late = np.isfinite(waits.done_s) & (waits.done_s > due_s + TOLERANCE_S)
    late[plan.packing["order"]] = False
    return [
        LateOrder(order, _longest(waits, order), float(due_s[order]), done_s)
        for order, done_s in enumerate(waits.done_s.tolist())
        if late[order]
    ]


def handed_over_s(plan: Plan) -> NDArray[np.float64]:
    """When the last part of each order came to its packers; -inf where none did.

    From racks that is when it was handed over; from pods when it was picked or, where
    orders are split, its parts were put together.

    Returns
    -------
    ndarray of float64, shape (orders,)
    """
    orders, work = plan.scenario.orders, plan.pod_work
    ready_s = np.full(len(orders), -np.inf)
    end = plan.stops["end"][plan.drops["stop"]]
    np.maximum.at(ready_s, plan.drops["order"], end * plan.scenario.step_s)
    if work is None:
        return ready_s
    np.maximum.at(ready_s, orders.line_order[work.picks["line"]], work.picks["end_s"])
    if work.splitting is not None:
        split = work.splitting.orders
        np.maximum.at(ready_s, split["order"], split["done_s"])
    return ready_s


def _least_s(plan: Plan) -> NDArray[np.float64]:
    """When each order could be at a packer if nobody had to drive."""
    scenario, orders = plan.scenario, plan.scenario.orders
    lines = np.bincount(orders.line_order, minlength=len(orders))
    units = np.bincount(orders.line_order, orders.line_quantity, len(orders))
    hand_s = list(map(scenario.hand_s, lines.tolist(), units.tolist()))
    return orders.release_s + np.array(hand_s, float)


def _never_packed(
    plan: Plan, latest_s: NDArray[np.float64], waits: PodWaits | None
) -> list[LateOrder]:
    """Orders that are due and are not packed, or picked from pods, at all."""
    orders, rows = plan.scenario.orders, plan.unserved
    awaited = np.isfinite(latest_s) | orders.has_carrier
    awaited[plan.packing["order"]] = False
    from_racks, from_pods = np.zeros(len(orders), bool), np.ones(len(orders), bool)
    if plan.shares is not None:
        given = orders.line_order[plan.shares["line"]]
        from_racks = np.bincount(given, plan.shares["racks"], len(orders)) > 0
        from_pods = np.bincount(given, plan.shares["pods"], len(orders)) > 0
    if waits is not None:
        awaited[np.isfinite(waits.done_s) & ~from_racks] = False
    reasons: dict[int, set[int]] = {}
    for line, reason in zip(
        rows["line"].tolist(), rows["reason"].tolist(), strict=True
    ):
        reasons.setdefault(int(orders.line_order[line]), set()).add(reason)
    found = []
    for order in np.flatnonzero(awaited).tolist():
        why = reasons.get(order, set())
        cause = LateCause.ROBOT
        if waits is not None and from_pods[order]:
            cause = _longest(waits, order)
        if why & {UnservedReason.STOCK, UnservedReason.NO_ROOM}:
            cause = LateCause.STOCK
        elif UnservedReason.NO_CARTON in why:
            cause = LateCause.CARTON
        elif UnservedReason.NO_PACKER in why:
            cause = LateCause.PACKER
        elif UnservedReason.SHIFT_OVER in why:
            cause = LateCause.STATION
        found.append(LateOrder(order, cause, float(latest_s[order]), np.inf))
    return found


def count_causes(late: list[LateOrder]) -> dict[str, int]:
    """How many orders each cause made late; causes without any are left out.

    Examples
    --------
    >>> count_causes([LateOrder(3, LateCause.TRUCK, 60.0, 90.0)])
    {'truck': 1}
    """
    counts = {
        cause.value: sum(one.cause is cause for one in late) for cause in LateCause
    }
    return {cause: count for cause, count in counts.items() if count}
