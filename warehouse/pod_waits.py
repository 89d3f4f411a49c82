"""What orders that are served from pods wait for, and how long."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import Plan, PodStopKind, PodWork
from warehouse.split_orders import whole_orders

Seconds = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PodWaits:
    """Seconds that each order waits, from its release until its last unit is picked.

    An order waits for a slot of a station; in it, until the pod of its last unit is
    free of other work, and then until a robot has brought it; and there for the picker.
    The wait for a slot is one for the station while the picker works. While the picker
    has no work it is one for what the orders in the slots wait for: pods and robots, in
    the shares of all orders of the station.

    Parameters
    ----------
    station_s, pod_s, robot_s : ndarray of float64, shape (orders,)
    picked_s : ndarray of float64, shape (orders,)
        When the last unit so far is picked from a pod; -inf where none is.
    done_s : ndarray of float64, shape (orders,)
        When all that comes from pods is picked, and put together; inf where it never
        is.
    """

    station_s: Seconds
    pod_s: Seconds
    robot_s: Seconds
    picked_s: Seconds
    done_s: Seconds

    @property
    def ends_s(self) -> Seconds:
        """When an order has all it gets from pods; -inf where it gets nothing."""
        return np.where(np.isfinite(self.done_s), self.done_s, self.picked_s)

    @classmethod
    def of(cls, plan: Plan, work: PodWork) -> "PodWaits":
        """Find the waits of all orders of a plan.

        O(stations (picks + orders log picks)).
        """
        done_s = np.full(len(plan.scenario.orders), np.inf)
        whole = whole_orders(work)
        done_s[whole["order"]] = whole["end_s"]
        order_of = plan.scenario.orders.line_order[work.picks["line"]]
        last = _last_picks(work, order_of)
        picked_s = np.full(len(done_s), -np.inf)
        picked_s[order_of[last]] = work.picks["end_s"][last]
        last = last[np.isfinite(done_s)[order_of[last]]]
        mark = _marks(plan, work, whole, order_of[last], last)
        pod_s = np.clip(np.minimum(mark.free_s, mark.there_s) - mark.open_s, 0, None)
        came_s = mark.there_s - np.maximum(mark.free_s, mark.open_s)
        robot_s = np.clip(came_s, 0, None)
        picker_s = np.clip(
            mark.begun_s - np.maximum(mark.there_s, mark.open_s), 0, None
        )
        slot_s = np.clip(mark.open_s - plan.scenario.orders.release_s, 0, None)
        busy_s = np.minimum(_picker_works_s(plan, work, mark), slot_s)
        of_pods = _shares(pod_s, robot_s, mark.station)
        return cls(
            station_s=picker_s + busy_s,
            pod_s=pod_s + (slot_s - busy_s) * of_pods,
            robot_s=robot_s + (slot_s - busy_s) * (1 - of_pods),
            picked_s=picked_s,
            done_s=done_s,
        )


@dataclass(frozen=True, slots=True)
class _Marks:
    """When each order gets on; arrays of shape (orders,), in seconds.

    Parameters
    ----------
    station : ndarray of int64
        Of its slot; -1 where it had none.
    open_s : ndarray of float64
        It gets its slot.
    free_s, there_s, begun_s : ndarray of float64
        The pod of its last unit is free of other work, is at the station, and is
        picked from.
    """

    station: NDArray[np.int64]
    open_s: Seconds
    free_s: Seconds
    there_s: Seconds
    begun_s: Seconds


def _marks(
    plan: Plan,
    work: PodWork,
    whole: NDArray[np.void],
    order: NDArray[np.int32],
    last: NDArray[np.intp],
) -> _Marks:
    """Look up when orders get on; what is not done waits for robots to the end.

    Parameters
    ----------
    plan : Plan
    work : PodWork
    whole : structured ndarray
        See `whole_orders`.
    order, last : ndarray of int, shape (orders done,)
        Orders that are done, and the row of the pick of each that ends last.
    """
    step_s, orders = plan.scenario.step_s, len(plan.scenario.orders)
    station = np.full(orders, -1, np.int64)
    open_s, there_s, begun_s = np.full((3, orders), plan.steps * step_s)
    free_s = np.full(orders, -np.inf)
    station[whole["order"]], open_s[whole["order"]] = whole["station"], whole["start_s"]
    stop = work.picks["stop"][last]
    station[order] = work.stops["station"][stop]
    open_s[order] = _opened_s(work, order, station[order], open_s[order])
    free_s[order] = _free_from(work)[stop] * step_s
    there_s[order] = work.stops["start"][stop] * step_s
    begun_s[order] = work.picks["start_s"][last]
    return _Marks(station, open_s, free_s, there_s, begun_s)


def _last_picks(work: PodWork, order: NDArray[np.int32]) -> NDArray[np.intp]:
    """Row of the pick of each order, of those that have one, that ends last."""
    by_end = np.lexsort((work.picks["end_s"], order))
    last = np.ones(len(order), bool)
    last[:-1] = order[by_end][1:] != order[by_end][:-1]
    return by_end[last]


def _opened_s(
    work: PodWork, order: NDArray[np.int32], station: NDArray[np.int64], else_s: Seconds
) -> Seconds:
    """When each order got its slot of a station."""
    table = work.open_orders
    if not len(table):
        return else_s
    most = int(max(table["station"].max(), station.max(initial=0))) + 1
    keys = table["order"].astype(np.int64) * most + table["station"]
    rows = np.argsort(keys, kind="stable")
    wanted = order.astype(np.int64) * most + station
    found = rows[np.minimum(np.searchsorted(keys[rows], wanted), len(keys) - 1)]
    return np.where(keys[found] == wanted, table["start_s"][found], else_s)


def _free_from(work: PodWork) -> NDArray[np.float64]:
    """Timestep at which the work of a pod before each stop is over; -inf for none.

    Where a robot lifts it for this stop does not count as work.
    """
    stops = work.stops
    by_time = np.lexsort((stops["start"], stops["pod"]))
    pod, kind, end = (stops[name][by_time] for name in ("pod", "kind", "end"))
    free = np.full(len(stops), -np.inf)
    for back in (1, 2):
        same = pod[back:] == pod[:-back]
        counts = same & (kind[:-back] != PodStopKind.LIFT) & ~np.isfinite(free[back:])
        free[back:][counts] = end[:-back][counts]
    result = np.empty(len(stops))
    result[by_time] = free
    return result


def _picker_works_s(plan: Plan, work: PodWork, mark: _Marks) -> Seconds:
    """Seconds that the picker works while each order waits for a slot of the station.

    Where an order had no slot, the mean of all pickers.
    """
    release_s = plan.scenario.orders.release_s
    worked = np.zeros((max(1, len(plan.scenario.stations)), len(release_s)))
    of_pick = work.stops["station"][work.picks["stop"]]
    for station in np.unique(of_pick).tolist():
        picks = np.sort(work.picks[of_pick == station], order="start_s")
        at_s = np.stack([picks["start_s"], picks["end_s"]], axis=1).ravel()
        took_s = np.zeros(len(at_s))
        took_s[1::2] = at_s[1::2] - at_s[::2]
        took_s = np.cumsum(took_s)
        by_slot_s = np.interp(mark.open_s, at_s, took_s)
        worked[station] = by_slot_s - np.interp(release_s, at_s, took_s)
    own = worked[mark.station, np.arange(len(release_s))]
    return np.where(mark.station >= 0, own, worked.mean(axis=0))


def _shares(pod_s: Seconds, robot_s: Seconds, station: NDArray[np.int64]) -> Seconds:
    """Share of pods in what orders of each order's station wait for."""
    place = station + 1
    pods, robots = (np.bincount(place, some) for some in (pod_s, robot_s))
    both = pods + robots
    return np.divide(pods, both, out=np.zeros_like(both), where=both > 0)[place]
