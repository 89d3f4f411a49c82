"""What a plan with pods achieves, in the figures that the field uses."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from warehouse.battery_metrics import BatteryMetrics, measure_batteries
from warehouse.plan import Plan, PodStopKind
from warehouse.refill_metrics import RefillMetrics, measure_refills
from warehouse.split_orders import SplitMetrics, measure_splits, whole_orders
from warehouse.standing_robots import standing_robots


@dataclass(frozen=True, slots=True)
class PodMetrics:
    """Key figures of a plan with pods, over the time that counts.

    Parameters
    ----------
    from_s, to_s : float
        The time that counts: after the warm-up, until the end of the plan.
    units, lines : int
        Units picked, and rows of picks, that ended in this time.
    orders : int
        Orders of which the last unit was picked in this time; those with several parts,
        if they were put together in it.
    visits, trips : int
        Pods that came to a station, and pods that were lifted.
    units_per_station_hour : float
    pile_on, lines_per_visit : float
        Units and lines picked per visit of a pod.
    visits_per_unit, visits_per_order : float
    travel_m, travel_m_per_unit : float
        Of all robots, with and without pods.
    station_idle : float
        Share of the pickers' time in which they have nothing to pick.
    robots_per_station : float
    order_time_s : float
        Mean time from opening an order until it is done.
    standing : int
        Robots that stood with a pod until the end; see `standing_robots`.
    battery : BatteryMetrics or None
        Of robots that have batteries.
    refills : RefillMetrics or None
        Where pods are filled.
    splits : SplitMetrics or None
        Where orders may be split.
    """

    from_s: float
    to_s: float
    units: int
    lines: int
    orders: int
    visits: int
    trips: int
    units_per_station_hour: float
    pile_on: float
    lines_per_visit: float
    visits_per_unit: float
    visits_per_order: float
    travel_m: float
    travel_m_per_unit: float
    station_idle: float
    robots_per_station: float
    order_time_s: float
    standing: int
    battery: BatteryMetrics | None = None
    refills: RefillMetrics | None = None
    splits: SplitMetrics | None = None

    def to_dict(self) -> dict[str, Any]:
        """All figures as JSON can hold them; some are for certain sites alone."""
        figures = asdict(self)
        for name in ("battery", "refills", "splits"):
            if figures[name] is None:
                del figures[name]
        return figures


def measure_pods(plan: Plan) -> PodMetrics:
    """Key figures of a plan with pods. O(steps * robots).

    Raises
    ------
    ValueError
        For a plan without pods.

    Examples
    --------
    >>> from warehouse.bare_motion import bare_motion
    >>> from warehouse.layout import Layout
    >>> floor = Layout.from_rows(["."])
    >>> still = bare_motion("totes", floor, np.zeros((1, 1), np.int32))
    >>> measure_pods(still)
    Traceback (most recent call last):
    ValueError: got a plan without pods, need one with pods
    """
    scenario, pods, work = plan.scenario, plan.scenario.pods, plan.pod_work
    if pods is None or work is None:
        raise ValueError("got a plan without pods, need one with pods")
    step_s = scenario.step_s
    to_s = plan.steps * step_s
    from_s = min(pods.warm_up_s, to_s)
    first = int(np.ceil(from_s / step_s - 1e-9))
    picks = work.picks
    counts = (picks["end_s"] > from_s) & (picks["end_s"] <= to_s + 1e-9)
    units = int(picks["quantity"][counts].sum())
    late = work.stops["start"] >= first
    visits = int((late & (work.stops["kind"] == PodStopKind.VISIT)).sum())
    trips = int((late & (work.stops["kind"] == PodStopKind.LIFT)).sum())
    # Parts are put together when the last robot may stand already.
    waits = work.splitting is not None and np.isinf(pods.end_s)
    done_by_s = np.finfo(float).max if waits else to_s + 1e-9
    done = whole_orders(work)
    done = done[(done["end_s"] > from_s) & (done["end_s"] <= done_by_s)]
    moved = (plan.cells[first + 1 :] != plan.cells[first:-1]).sum()
    travel_m = float(moved) * scenario.layout.cell_size_m
    stations = len(scenario.stations)
    hours = (to_s - from_s) / 3600
    busy_s = np.clip(picks["end_s"], from_s, to_s) - np.clip(
        picks["start_s"], from_s, to_s
    )
    picker_s = stations * (to_s - from_s)
    return PodMetrics(
        from_s=from_s,
        to_s=to_s,
        units=units,
        lines=int(counts.sum()),
        orders=len(done),
        visits=visits,
        trips=trips,
        units_per_station_hour=_share(units, hours * stations),
        pile_on=_share(units, visits),
        lines_per_visit=_share(int(counts.sum()), visits),
        visits_per_unit=_share(visits, units),
        visits_per_order=_share(visits, len(done)),
        travel_m=travel_m,
        travel_m_per_unit=_share(travel_m, units),
        station_idle=1.0 - _share(float(busy_s.sum()), picker_s),
        robots_per_station=_share(len(scenario.fleet), stations),
        order_time_s=_share(float((done["end_s"] - done["start_s"]).sum()), len(done)),
        standing=len(standing_robots(plan)),
        battery=measure_batteries(plan),
        refills=measure_refills(plan),
        splits=measure_splits(work, from_s, done_by_s),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
