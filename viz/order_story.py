"""What happens to an order, from its release to the truck that takes it."""

from dataclasses import dataclass

import numpy as np

from viz.clock import count
from viz.plan_roster import packer_words
from viz.replay import Replay
from warehouse.scenario import PodSystem


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happens to an order.

    Parameters
    ----------
    at_s : float
        Second at which it begins.
    words : str
    robot : int
        Who does it; -1 if no robot does.
    """

    at_s: float
    words: str
    robot: int = -1


def order_story(replay: Replay, order: int) -> list[Chapter]:
    """Everything that happens to an order, by time. O(picks + drops)."""
    orders = replay.scenario.orders
    chapters = [Chapter(float(orders.release_s[order]), "released")]
    chapters += _totes(replay, order)
    if replay.scenario.pods is not None:
        chapters += _pods(replay, order, replay.scenario.pods)
    chapters += _truck(replay, order)
    if np.isfinite(orders.due_s[order]):
        chapters.append(Chapter(float(orders.due_s[order]), "due"))
    return sorted(chapters, key=lambda chapter: chapter.at_s)


def _totes(replay: Replay, order: int) -> list[Chapter]:
    """Picks from racks, the hand-over and the packing of an order."""
    plan, scenario = replay.plan, replay.scenario
    chapters = []
    line = plan.picks["line"]
    for pick in plan.picks[scenario.orders.line_order[line] == order]:
        stop = plan.stops[pick["stop"]]
        row, col = scenario.layout.row_col(pick["rack"])
        sku = scenario.sku_names[scenario.orders.line_sku[pick["line"]]]
        words = f"{pick['quantity']} of {sku} at {row}, {col}"
        at_s = int(stop["start"]) * replay.step_s
        chapters.append(Chapter(at_s, words, int(stop["robot"])))
    for drop in plan.drops[plan.drops["order"] == order]:
        stop = plan.stops[drop["stop"]]
        words = f"handed over at {scenario.stations[stop['station']].name}"
        at_s = int(stop["start"]) * replay.step_s
        chapters.append(Chapter(at_s, words, int(stop["robot"])))
    for row in plan.packing[plan.packing["order"] == order]:
        who = packer_words(scenario, int(row["station"]), int(row["packer"]))
        words = f"packing begins, {who}"
        chapters.append(Chapter(float(row["start_s"]), words))
        chapters.append(Chapter(float(row["end_s"]), "packed"))
    return chapters


def _pods(replay: Replay, order: int, pods: PodSystem) -> list[Chapter]:
    """Slots and picks from pods of an order, and how its parts come together."""
    work, picking, splitting = replay.work, replay.picking, replay.plan.splitting
    chapters = []
    is_packed = bool((replay.plan.packing["order"] == order).any())
    ended = "picked" if is_packed else "done"
    joined = "parts together" if is_packed else "parts together, done"
    split_s = np.zeros(0)
    if splitting is not None:
        split_s = splitting.orders["done_s"][splitting.orders["order"] == order]
    for at_s in split_s[np.isfinite(split_s)].tolist():
        chapters.append(Chapter(at_s, joined))
    for row in np.flatnonzero(work.order == order).tolist():
        station = replay.scenario.stations[work.station[row]].name
        words = f"takes a slot at {station}"
        chapters.append(Chapter(float(work.start_s[row]), words))
        if np.isfinite(work.end_s[row]):
            words = f"part at {station} is picked" if len(split_s) else ended
            chapters.append(Chapter(float(work.end_s[row]), words))
    for row in np.flatnonzero(picking.order == order).tolist():
        sku = replay.scenario.sku_names[picking.sku[row]]
        words = f"{picking.quantity[row]} of {sku} from {pods.names[picking.pod[row]]}"
        chapters.append(Chapter(float(picking.start_s[row]), words))
    return chapters


def _truck(replay: Replay, order: int) -> list[Chapter]:
    """The truck that takes an order, or the last in time, where it is not on that."""
    trucks = replay.trucks
    chapters = []
    missed, taken = trucks.last_in_time(order), trucks.truck_of(order)
    if missed is not None and order in trucks.late_for(missed) and missed != taken:
        words = f"{trucks.given.carrier[missed]} leaves without it"
        chapters.append(Chapter(float(trucks.departs_s[missed]), words))
    if taken is not None:
        words = f"leaves with {trucks.given.carrier[taken]}, {trucks.given.door[taken]}"
        chapters.append(Chapter(float(trucks.departs_s[taken]), words))
    return chapters


def ordered_words(replay: Replay, order: int) -> str:
    """Lines and units that an order asks for."""
    orders = replay.scenario.orders
    lines = np.flatnonzero(orders.line_order == order)
    units = int(orders.line_quantity[lines].sum())
    return f"{count(len(lines), 'line')}, {count(units, 'unit')}"
