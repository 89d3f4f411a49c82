"""A plan with pods in a few lines that a newcomer understands."""

from solvers.cli.planning import Outcome
from solvers.cli.shipping_summary import late_lines
from solvers.cli.unserved import unserved_lines
from viz.clock import clock, count, share, way
from warehouse.battery_metrics import BatteryMetrics
from warehouse.metrics import measure
from warehouse.pod_metrics import measure_pods
from warehouse.refill_metrics import RefillMetrics
from warehouse.split_orders import SplitMetrics
from warehouse.standing_robots import STANDING_S

PART_WORDS = {
    "stations": "the pickers' work",
    "robots": "bringing the pods",
    "filling": "filling the pods",
}


def pod_summary(outcome: Outcome) -> list[str]:
    """Return what a person wants to know first, line by line."""
    plan, metrics, result = outcome.plan, measure_pods(outcome.plan), outcome.result
    lines = []
    if outcome.interrupted:
        lines.append("stopped by Ctrl-C: this is the plan up to then")
    span = f"from {clock(metrics.from_s)} to {clock(metrics.to_s)}"
    whole = measure(plan)
    lines += [
        f"picked       {count(metrics.units, 'unit')} of "
        f"{count(metrics.orders, 'order')} {span}",
        f"             {metrics.units_per_station_hour:,.1f} units per station-hour, "
        f"the pickers' limit is {result.upper_bound:,.0f}: {share(result.gap)} below",
        *unserved_lines(whole),
        f"pods         {count(metrics.visits, 'visit')} in "
        f"{count(metrics.trips, 'trip')}, {metrics.pile_on:.2f} units a visit, "
        f"{metrics.visits_per_order:.2f} visits an order",
        f"travel       {way(metrics.travel_m)} by "
        f"{count(len(plan.scenario.fleet), 'robot')}, "
        f"{metrics.travel_m_per_unit:.1f} m a unit",
        f"stations     idle {share(metrics.station_idle)} of the time; an order is "
        f"open for {clock(metrics.order_time_s)} in the mean",
        f"timestep     {plan.scenario.step_s:.3f} s for a cell or a quarter turn",
    ]
    if metrics.standing:
        lines.append(
            f"standing     {count(metrics.standing, 'robot')} with a pod on one cell "
            f"for the last {clock(STANDING_S)}"
        )
    if metrics.splits is not None:
        lines.append(_splits(metrics.splits))
    if metrics.battery is not None:
        lines += battery_lines(metrics.battery)
    if metrics.refills is not None:
        lines += refill_lines(metrics.refills)
    lines += late_lines(plan)
    parts = sorted(plan.bound.makespan_s.items(), key=lambda part: -part[1])
    for name, value_s in parts:
        binds = ", which binds" if name == plan.bound.binding else ""
        words = PART_WORDS.get(name, name)
        lines.append(f"bound        {clock(value_s)} at least for {words}{binds}")
    if whole.bound_s > 0:
        ended = f"{clock(whole.makespan_s)} when the last unit is picked"
        lines.append(f"gap          {share(whole.gap)} above the bound: {ended}")
    lines.append(f"planned in   {result.runtime_s:.1f} s")
    return lines


def _splits(figures: SplitMetrics) -> str:
    """How many orders were picked in parts."""
    return (
        f"split        {count(figures.orders, 'order')} into "
        f"{count(figures.parts, 'part')}, {clock(figures.together_s)} of putting them "
        "together"
    )


def battery_lines(figures: BatteryMetrics) -> list[str]:
    """How low batteries got, and how much the chargers were used."""
    return [
        f"batteries    lowest {share(figures.lowest_level)} of the capacity, "
        f"{share(figures.end_level)} in the mean at the end; robots charge "
        f"{share(figures.charging_share)} of the time",
        f"chargers     {count(len(figures.chargers), 'charger')} in use "
        f"{share(figures.charger_use)} of the time, {count(figures.stays, 'stay')}, "
        f"{figures.charged_wh / 1000:,.2f} kWh",
    ]


def refill_lines(figures: RefillMetrics) -> list[str]:
    """How much was put into pods, and what waits."""
    return [
        f"filled       {count(figures.units, 'unit')} in "
        f"{count(figures.visits, 'visit')}, "
        f"{figures.units_per_station_hour:,.1f} units an hour and replenishment "
        "station",
        f"             goods wait {clock(figures.wait_s)} in the mean, "
        f"{count(figures.waiting, 'unit')} at the end; pods are "
        f"{share(figures.start_level)} full at first, then {share(figures.end_level)}",
    ]
