"""What a plan achieves on a site with racks and pods, and by which robots."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.battery_metrics import BatteryMetrics, measure_batteries
from warehouse.metrics import measure
from warehouse.plan import Plan, PodStopKind
from warehouse.refill_metrics import RefillMetrics, measure_refills
from warehouse.scenario import RobotKind


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
        Share of the packers', or the pickers', time without work, until the last order
        is done.
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
        Served in full, and picked, over the makespan.
    racks, pods : SideMetrics
    battery : BatteryMetrics or None
        Of robots of both kinds; None where nobody counts.
    refills : RefillMetrics or None
        Where pods are filled.
    """

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
    hours = plan.makespan_s / 3600
    racks = _side_of_racks(plan, kinds == RobotKind.TOTE)
    pods = _side_of_pods(plan, kinds == RobotKind.POD)
    return MixedMetrics(
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
        orders_per_hour=_share(whole.orders_served, hours),
        units_per_hour=_share(racks.units + pods.units, hours),
        racks=racks,
        pods=pods,
        battery=measure_batteries(plan),
        refills=measure_refills(plan),
    )


def _orders_of(plan: Plan, picks: NDArray[np.void]) -> NDArray[np.bool_]:
    """Orders for which there are picks."""
    some = np.zeros(len(plan.scenario.orders), bool)
    some[plan.scenario.orders.line_order[picks["line"]]] = True
    return some


def _side_of_racks(plan: Plan, robots: NDArray[np.bool_]) -> SideMetrics:
    packers = sum(station.packers for station in plan.scenario.stations)
    busy_s = float((plan.packing["end_s"] - plan.packing["start_s"]).sum())
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
        idle=1.0 - _share(busy_s, packers * plan.makespan_s),
    )


def _side_of_pods(plan: Plan, robots: NDArray[np.bool_]) -> SideMetrics:
    assert plan.pod_work is not None  # whoever calls has looked
    picks, stops = plan.pod_work.picks, plan.pod_work.stops
    busy_s = float((picks["end_s"] - picks["start_s"]).sum())
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
        idle=1.0 - _share(busy_s, pickers * plan.makespan_s),
    )


def _travel_m(plan: Plan, robots: NDArray[np.bool_]) -> float:
    """Metres that some robots drive."""
    mine = plan.cells[:, robots]
    return float((mine[1:] != mine[:-1]).sum()) * plan.scenario.layout.cell_size_m


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
