"""What lies in a rack, or on a pod, at a moment of a plan."""

from collections import Counter

from viz.pod_picking import units_by_sku
from viz.replay import Replay


def left_in_rack(replay: Replay, cell: int, t: float) -> Counter[int]:
    """Units of each SKU in a rack cell at a timestep: what picks have taken is gone."""
    plan = replay.plan
    left = _at_first(replay, cell)
    picks = plan.picks[plan.picks["rack"] == cell]
    over = plan.stops["end"][picks["stop"]] <= t
    skus = plan.scenario.orders.line_sku[picks["line"][over]]
    left.subtract(units_by_sku(skus, picks["quantity"][over]))
    return left


def left_on_pod(replay: Replay, pod: int, now_s: float) -> Counter[int]:
    """Units of each SKU on a pod at a second; none on a site without pods."""
    pods = replay.scenario.pods
    if pods is None:
        return Counter()
    left = _at_first(replay, int(pods.start_cells[pod]))
    left.update(replay.filling.put_into(pod, now_s))
    left.subtract(replay.picking.taken_from(pod, now_s))
    return left


def _at_first(replay: Replay, cell: int) -> Counter[int]:
    """Units of each SKU that the stock table has for a cell."""
    stock = replay.scenario.stock
    rows = stock.cell == cell
    return units_by_sku(stock.sku[rows], stock.quantity[rows])
