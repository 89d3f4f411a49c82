"""Parts of the report that differ on sites with racks and pods."""

from viz.clock import clock, count, share
from viz.pod_report import Card, filling_cards
from viz.replay import Replay
from warehouse.metrics import Metrics
from warehouse.mixed_metrics import measure_mixed


def mixed_cards(replay: Replay, metrics: Metrics) -> list[Card]:
    """Key figures of a plan with both kinds of robots."""
    figures = measure_mixed(replay.plan)
    racks, pods = figures.racks, figures.pods
    sources = f"{figures.orders_from_racks:,} from racks, "
    sources += f"{figures.orders_from_pods:,} from pods, "
    sources += f"{figures.orders_from_both:,} from both"
    cards = [
        ("Makespan", clock(metrics.makespan_s), "until the last order is done", ""),
        ("Lower bound", clock(metrics.bound_s), "no plan can be faster", ""),
        ("Gap", share(metrics.gap), "above the bound", " lead"),
        ("Orders done", f"{len(replay.done.finished_s):,}", sources, ""),
        (
            "Units from racks",
            f"{racks.units:,}",
            f"{count(racks.robots, 'robot')}, {count(racks.trips, 'trip')}, "
            f"{racks.travel_m_per_unit:.1f} m a unit",
            "",
        ),
        (
            "Units from pods",
            f"{pods.units:,}",
            f"{count(pods.robots, 'robot')}, {count(pods.visits, 'visit')}, "
            f"{pods.travel_m_per_unit:.1f} m a unit",
            "",
        ),
    ]
    if figures.refills is not None:
        cards += filling_cards(figures.refills)
    return cards
