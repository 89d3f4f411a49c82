"""What lies in a rack, or on a pod, at a moment of a plan."""

import numpy as np

from viz.replay import Replay


def left_in_rack(replay: Replay, cell: int, t: float) -> dict[int, int]:
    """Units of each SKU in a rack cell at a timestep: what picks have taken is gone."""
    plan = replay.plan
    left = _at_first(replay, cell)
    picks = plan.picks[plan.picks["rack"] == cell]
    over = plan.stops["end"][picks["stop"]] <= t
    skus = plan.scenario.orders.line_sku[picks["line"][over]]
    for sku, units in zip(skus.tolist(), picks["quantity"][over].tolist(), strict=True):
        left[sku] = left.get(sku, 0) - units
    return left


def left_on_pod(replay: Replay, pod: int, now_s: float) -> dict[int, int]:
    """Units of each SKU on a pod at a second; none on a site without pods."""
    pods = replay.scenario.pods
    if pods is None:
        return {}
    left = _at_first(replay, int(pods.start_cells[pod]))
    for sku, units in replay.filling.put_into(pod, now_s).items():
        left[sku] = left.get(sku, 0) + units
    for sku, units in replay.picking.taken_from(pod, now_s).items():
        left[sku] = left.get(sku, 0) - units
    return left


def _at_first(replay: Replay, cell: int) -> dict[int, int]:
    """Units of each SKU that the stock table has for a cell."""
    stock = replay.scenario.stock
    rows = np.flatnonzero(stock.cell == cell)
    return dict(
        zip(stock.sku[rows].tolist(), stock.quantity[rows].tolist(), strict=True)
    )
