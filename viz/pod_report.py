"""Parts of the report that differ on sites with pods."""

import numpy as np

from viz.clock import clock, count, share
from viz.replay import Replay
from warehouse.layout import CellKind
from warehouse.metrics import Metrics
from warehouse.plan import Plan
from warehouse.pod_metrics import measure_pods
from warehouse.refill_metrics import RefillMetrics

Card = tuple[str, str, str, str]
"""Heading, value, remark, and style of a card of the report."""


def pod_facts(plan: Plan) -> list[str]:
    """What a site has where others have racks."""
    pods = plan.scenario.pods
    spots = int(np.count_nonzero(plan.scenario.layout.kinds == CellKind.POD_SPOT))
    return [f"{count(0 if pods is None else len(pods), 'pod')} on {spots:,} spots"]


def pod_cards(replay: Replay, metrics: Metrics) -> list[Card]:
    """Key figures of a plan with pods."""
    figures = measure_pods(replay.plan)
    hour = f"{figures.units_per_station_hour:,.1f} an hour and station"
    trips = f"{count(figures.visits, 'visit')} in {count(figures.trips, 'trip')}"
    of_orders = f"of {len(replay.scenario.orders):,}"
    open_for = f"an order is open for {clock(figures.order_time_s)}"
    cards = [
        ("Makespan", clock(metrics.makespan_s), "until the last unit is picked", ""),
        ("Lower bound", clock(metrics.bound_s), "no plan can be faster", ""),
        ("Gap", share(metrics.gap), "above the bound", " lead"),
        ("Units picked", f"{int(replay.picking.quantity.sum()):,}", hour, ""),
        ("Orders done", f"{len(replay.done.finished_s):,}", of_orders, ""),
        ("Units a visit", f"{figures.pile_on:.2f}", trips, ""),
        ("Visits an order", f"{figures.visits_per_order:.2f}", open_for, ""),
        (
            "Metres a unit",
            f"{figures.travel_m_per_unit:.1f}",
            f"{figures.travel_m / 1000:,.1f} km in all",
            "",
        ),
    ]
    if figures.splits is not None:
        together = f"{clock(figures.splits.together_s)} of putting them together"
        parts = f"{count(figures.splits.parts, 'part')}, {together}"
        cards.append(("Orders split", f"{figures.splits.orders:,}", parts, ""))
    if figures.refills is not None:
        cards += filling_cards(figures.refills)
    return cards


def filling_cards(figures: RefillMetrics) -> list[Card]:
    """Key figures of how pods are filled."""
    hour = f"{figures.units_per_station_hour:,.1f} an hour and replenishment station"
    waiting = f"{count(figures.waiting, 'unit')} waiting at the end"
    return [
        ("Units put in", f"{figures.units:,}", hour, ""),
        ("Goods wait", clock(figures.wait_s), waiting, ""),
        (
            "Pods full",
            share(figures.end_level),
            f"{share(figures.start_level)} at first",
            "",
        ),
    ]
