"""A plan with robots of both kinds in a few lines that a newcomer understands."""

from solvers.cli.planning import Outcome
from solvers.cli.pod_summary import battery_lines, refill_lines
from solvers.cli.shipping_summary import late_lines
from solvers.cli.unserved import unserved_lines
from viz.clock import clock, count, share
from warehouse.metrics import measure
from warehouse.mixed_metrics import SideMetrics, measure_mixed

PART_WORDS = {
    "stations": "the pickers and packers",
    "robots": "the robots of both kinds",
    "both": "people and robots together",
    "longest_order": "the longest single order",
    "filling": "filling the pods",
}
"""What each part of the bound is, as it is told."""


def mixed_summary(outcome: Outcome) -> list[str]:
    """Return what a person wants to know first, line by line."""
    plan, figures = outcome.plan, measure_mixed(outcome.plan)
    racks, pods = figures.racks, figures.pods
    lines, counted = [], ""
    if figures.from_s > 0:
        counted = f" from {clock(figures.from_s)} to {clock(figures.to_s)}"
    if outcome.interrupted:
        lines.append("stopped by Ctrl-C: this is the plan up to then")
    lines += [
        f"served       {figures.orders_served:,} of {count(figures.orders, 'order')} "
        f"in full: {figures.orders_from_racks:,} from racks, "
        f"{figures.orders_from_pods:,} from pods, {figures.orders_from_both:,} from "
        "both",
        *unserved_lines(measure(plan)),
        *late_lines(plan),
        f"makespan     {clock(figures.makespan_s)} until the last order is done, "
        f"{figures.orders_per_hour:,.0f} orders and {figures.units_per_hour:,.0f} "
        f"units an hour{counted}",
        _side("totes", racks, "trip", racks.trips, "packers"),
        _side("pods ", pods, "visit", pods.visits, "pickers"),
        f"timestep     {plan.scenario.step_s:.3f} s for a cell or a quarter turn",
    ]
    if figures.battery is not None:
        lines += battery_lines(figures.battery)
    if figures.refills is not None:
        lines += refill_lines(figures.refills)
    parts = sorted(plan.bound.makespan_s.items(), key=lambda part: -part[1])
    for name, value_s in parts:
        binds = ", which binds" if name == plan.bound.binding else ""
        words = PART_WORDS.get(name, name)
        lines.append(f"bound        {clock(value_s)} at least for {words}{binds}")
    lines.append(f"gap          {share(figures.gap)} above the bound")
    lines.append(f"planned in   {outcome.result.runtime_s:.1f} s")
    return lines


def _side(name: str, side: SideMetrics, what: str, number: int, people: str) -> str:
    """What one kind of robots brought, and how idle the people were."""
    return (
        f"{name}        {count(side.units, 'unit')} by {count(side.robots, 'robot')} "
        f"in {count(number, what)}, {side.travel_m_per_unit:.1f} m a unit; {people} "
        f"idle {share(side.idle)}"
    )
