"""What a plan achieves on a site with racks and pods, and by which robots."""

from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from warehouse.battery_metrics import BatteryMetrics, measure_batteries
from warehouse.metrics import measure, units_picked
from warehouse.plan import Plan, PodStopKind, PodWork
from warehouse.refill_metrics import RefillMetrics, measure_refills
from warehouse.scenario import RobotKind

TOLERANCE_S: Final = 1e-9


@dataclass(frozen=True, slots=True)
class SideMetrics:
    """Key figures of one kind of robots, and of the people they work for.

    Parameters
    ----------
    robots : int
    units : int
        Units picked from racks, or from pods.
    trips : int
        Trips of robots with totes, or pods lifted.
    units_per_trip : float
    visits : int
        Drops at stations, or pods that came to one.
    travel_m, travel_m_per_unit : float
    idle : float
        Share of the packers', or the pickers', time without work, in the time that
        counts.
    """

    robots: int
    units: int
    trips: int
    units_per_trip: float
    visits: int
    travel_m: float
    travel_m_per_unit: float
    idle: float


@dataclass(frozen=True, slots=True)
class MixedMetrics:
    """Key figures of a plan with both kinds of robots.

    Parameters
    ----------
    from_s, to_s : float
        The time that counts: after the warm-up, until the last order is done or, with a
        horizon, until the end of the plan.
    makespan_s, bound_s, gap : float
        When the last order is done, the least it could be, and the distance between.
    binding : str
        Part of the bound that is largest.
    orders, orders_served : int
        Ordered, and served in full.
    orders_from_racks, orders_from_pods, orders_from_both : int
        Orders with units served, by where all of these come from.
    unserved_units : dict of str to int
        By reason.
    orders_per_hour, units_per_hour : float
        Orders of which the last unit was picked or packed, and units picked, in the
        time that counts.
    racks, pods : SideMetrics
    battery : BatteryMetrics or None
        Of robots of both kinds; None where nobody counts.
    refills : RefillMetrics or None
        Where pods are filled.
    """

    from_s: float
    to_s: float
    makespan_s: float
    bound_s: float
    gap: float
    binding: str
    orders: int
    orders_served: int
    orders_from_racks: int
    orders_from_pods: int
    orders_from_both: int
    unserved_units: dict[str, int]
    orders_per_hour: float
    units_per_hour: float
    racks: SideMetrics
    pods: SideMetrics
    battery: BatteryMetrics | None
    refills: RefillMetrics | None

    def to_dict(self) -> dict[str, Any]:
        """All figures as JSON can hold them; a gap to no bound is None."""
        figures = asdict(self)
        figures["gap"] = self.gap if np.isfinite(self.gap) else None
        return figures


def measure_mixed(plan: Plan) -> MixedMetrics:
    """Key figures of a plan with both kinds of robots. O(steps * robots).

    Raises
    ------
    ValueError
        For a plan without robots of both kinds.
    """
    work, kinds = plan.pod_work, plan.scenario.fleet.kinds
    if work is None or kinds is None:
        raise ValueError("got a plan without both kinds of robots, need one with both")
    whole = measure(plan)
    from_racks, from_pods = _orders_of(plan, plan.picks), _orders_of(plan, work.picks)
    span = _span(plan)
    hours = (span.to_s - span.from_s) / 3600
    racks = _side_of_racks(plan, kinds == RobotKind.TOTE, span)
    pods = _side_of_pods(plan, kinds == RobotKind.POD, span)
    return MixedMetrics(
        from_s=span.from_s,
        to_s=span.to_s,
        makespan_s=whole.makespan_s,
        bound_s=whole.bound_s,
        gap=whole.gap,
        binding=whole.binding,
        orders=whole.orders,
        orders_served=whole.orders_served,
        orders_from_racks=int((from_racks & ~from_pods).sum()),
        orders_from_pods=int((from_pods & ~from_racks).sum()),
        orders_from_both=int((from_racks & from_pods).sum()),
        unserved_units=whole.unserved_units,
        orders_per_hour=_share(span.count(_done_s(plan, work)), hours),
        units_per_hour=_share(_units_in(plan, work, span), hours),
        racks=racks,
        pods=pods,
        battery=measure_batteries(plan),
        refills=measure_refills(plan),
    )


class _Span(NamedTuple):
    """The time that counts."""

    from_s: float
    to_s: float

    def has(self, times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each time is in it."""
        ends = times_s <= self.to_s + TOLERANCE_S
        return np.asarray(((times_s > self.from_s) | (self.from_s == 0)) & ends)

    def count(self, times_s: NDArray[np.float64]) -> int:
        """How many times are in it."""
        return int(np.count_nonzero(self.has(times_s)))

    def busy_s(self, rows: NDArray[np.void]) -> float:
        """Seconds of work in it."""
        begin_s, end_s = (np.clip(rows[name], *self) for name in ("start_s", "end_s"))
        return float((end_s - begin_s).sum())

    def idle(self, rows: NDArray[np.void], people: int) -> float:
        """Share of the time of some people in which they do not work."""
        return 1.0 - _share(self.busy_s(rows), people * (self.to_s - self.from_s))


def _span(plan: Plan) -> _Span:
    pods = plan.scenario.pods
    assert pods is not None  # whoever calls has looked
    to_s = plan.makespan_s
    if np.isfinite(pods.end_s):
        to_s = plan.steps * plan.scenario.step_s
    return _Span(min(pods.warm_up_s, to_s), to_s)


def _done_s(plan: Plan, work: PodWork) -> NDArray[np.float64]:
    """When orders that are served in full are done, shape (orders served,)."""
    given = plan.scenario.orders
    left = given.line_quantity - units_picked(plan)
    done_s = np.zeros(len(given))
    for table in (plan.packing, work.open_orders):
        np.maximum.at(done_s, table["order"], table["end_s"])
    ordered = np.bincount(given.line_order, minlength=len(given)) > 0
    ordered[given.line_order[left > 0]] = False
    return done_s[ordered]


def _units_in(plan: Plan, work: PodWork, span: _Span) -> int:
    """Units picked from racks and from pods in the time that counts."""
    end_s = plan.stops["end"][plan.picks["stop"]] * plan.scenario.step_s
    from_racks = plan.picks["quantity"][span.has(end_s)].sum()
    return int(from_racks + work.picks["quantity"][span.has(work.picks["end_s"])].sum())


def _orders_of(plan: Plan, picks: NDArray[np.void]) -> NDArray[np.bool_]:
    """Orders for which there are picks."""
    some = np.zeros(len(plan.scenario.orders), bool)
    some[plan.scenario.orders.line_order[picks["line"]]] = True
    return some


def _side_of_racks(plan: Plan, robots: NDArray[np.bool_], span: _Span) -> SideMetrics:
    packers = sum(station.packers for station in plan.scenario.stations)
    units = int(plan.picks["quantity"].sum())
    trips = len(np.unique(plan.stops["trip"]))
    return SideMetrics(
        robots=int(robots.sum()),
        units=units,
        trips=trips,
        units_per_trip=_share(units, trips),
        visits=len(np.unique(plan.drops["stop"])),
        travel_m=_travel_m(plan, robots),
        travel_m_per_unit=_share(_travel_m(plan, robots), units),
        idle=span.idle(plan.packing, packers),
    )


def _side_of_pods(plan: Plan, robots: NDArray[np.bool_], span: _Span) -> SideMetrics:
    assert plan.pod_work is not None  # whoever calls has looked
    picks, stops = plan.pod_work.picks, plan.pod_work.stops
    units = int(picks["quantity"].sum())
    trips = int((stops["kind"] == PodStopKind.LIFT).sum())
    pickers = len(plan.scenario.stations)
    return SideMetrics(
        robots=int(robots.sum()),
        units=units,
        trips=trips,
        units_per_trip=_share(units, trips),
        visits=int((stops["kind"] == PodStopKind.VISIT).sum()),
        travel_m=_travel_m(plan, robots),
        travel_m_per_unit=_share(_travel_m(plan, robots), units),
        idle=span.idle(picks, pickers),
    )


def _travel_m(plan: Plan, robots: NDArray[np.bool_]) -> float:
    """Metres that some robots drive."""
    mine = plan.cells[:, robots]
    return float((mine[1:] != mine[:-1]).sum()) * plan.scenario.layout.cell_size_m


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
