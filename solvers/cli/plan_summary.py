"""A plan in a few lines that a newcomer understands, and as facts for programs."""

from typing import Any

from solvers.cli.mixed_summary import mixed_summary
from solvers.cli.planning import Outcome
from solvers.cli.pod_summary import pod_summary
from solvers.cli.shipping_summary import late_lines, shipping_facts, shipping_lines
from solvers.cli.unserved import unserved_lines
from viz.clock import clock, count, share, way
from warehouse.metrics import Metrics, measure
from warehouse.mixed_metrics import measure_mixed
from warehouse.plan import Bound, Plan
from warehouse.pod_metrics import measure_pods

PART_WORDS = {
    "stations": "the packing stations' work",
    "robots": "the robots' driving and serving",
    "longest_order": "the longest single order",
}
"""What each part of the bound is, as it is told."""


def plan_facts(outcome: Outcome) -> dict[str, Any]:
    """Return all there is to say about a plan, for JSON."""
    plan, result = outcome.plan, outcome.result
    return {
        "scenario": plan.scenario.name,
        "status": result.status.value,
        "termination": result.termination.value,
        "runtime_s": result.runtime_s,
        "seed": result.seed,
        "solver": result.solver,
        "bound": {
            "value_s": plan.bound.value_s,
            "binding": plan.bound.binding,
            "makespan_s": dict(plan.bound.makespan_s),
            "travel_m": plan.bound.travel_m,
            "tardiness_s": plan.bound.tardiness_s,
        },
        "metrics": _measured(plan),
        **shipping_facts(plan),
        "violations": list(outcome.violations),
    }


def _measured(plan: Plan) -> dict[str, Any]:
    """Key figures of a plan of any kind."""
    if plan.scenario.is_mixed:
        return measure_mixed(plan).to_dict()
    return (measure(plan) if plan.pod_work is None else measure_pods(plan)).to_dict()


def plan_summary(outcome: Outcome) -> list[str]:
    """Return what a person wants to know first, line by line."""
    if outcome.plan.scenario.is_mixed:
        return mixed_summary(outcome)
    if outcome.plan.pod_work is not None:
        return pod_summary(outcome)
    plan, metrics = outcome.plan, measure(outcome.plan)
    lines = []
    if outcome.interrupted:
        lines.append("stopped by Ctrl-C: this is the best plan so far")
    lines += _served(metrics)
    lines += [
        f"makespan     {clock(metrics.makespan_s)} until the last order is packed",
        f"             {metrics.orders_per_hour:,.0f} orders and "
        f"{metrics.units_per_hour:,.0f} units an hour",
    ]
    if metrics.bound_s > 0:
        lines += _bound(plan.bound, metrics)
    lines += [
        f"travel       {way(metrics.travel_m)} by "
        f"{count(metrics.robots, 'robot')} in {count(metrics.trips, 'trip')}, "
        f"{metrics.travel_m_per_unit:,.1f} m a unit",
        _busy(metrics),
    ]
    lines += shipping_lines(plan)
    lines += late_lines(plan)
    if metrics.late_orders:
        lines += _tardiness(metrics)
    lines.append(f"planned in   {outcome.result.runtime_s:.1f} s")
    return lines


def _bound(bound: Bound, metrics: Metrics) -> list[str]:
    """What no plan can beat, part by part, and how far this one is from it."""
    words = PART_WORDS.get(bound.binding, bound.binding)
    parts = sorted(bound.makespan_s.items(), key=lambda part: -part[1])
    return [
        f"bound        {clock(bound.value_s)} for {words}: no plan can end sooner",
        *(
            f"             {clock(value_s)} for {PART_WORDS.get(part, part)}"
            for part, value_s in parts
            if part != bound.binding
        ),
        f"gap          {share(metrics.gap)} above the bound",
    ]


def _served(metrics: Metrics) -> list[str]:
    """Orders and units served, and what is not, with the reason."""
    lines = [
        f"served       {metrics.orders_served:,} of {metrics.orders:,} orders in full, "
        f"{metrics.units_served:,} of {metrics.units:,} units"
    ]
    if metrics.orders_partly_served:
        lines.append(
            f"             {count(metrics.orders_partly_served, 'order')} in part"
        )
    return lines + unserved_lines(metrics)


def _busy(metrics: Metrics) -> str:
    """How busy robots and stations are."""
    shares = metrics.robot_shares
    packers = sum(station.busy for station in metrics.stations)
    packers /= max(1, len(metrics.stations))
    return (
        f"busy         robots drive {100 * shares['driving']:.0f} %, "
        f"serve {100 * (shares['picking'] + shares['dropping']):.0f} %, "
        f"wait {100 * shares['waiting']:.0f} % of the time; "
        f"packers work {100 * packers:.0f} %"
    )


def _tardiness(metrics: Metrics) -> list[str]:
    """How late orders are together, and how much of it no plan could avoid."""
    words = f"{clock(metrics.tardiness_s)} late in all"
    if metrics.tardiness_bound_s > 0:
        bound = clock(metrics.tardiness_bound_s)
        words += f"; {bound} of it no plan could avoid"
    return [f"             {words}"]
