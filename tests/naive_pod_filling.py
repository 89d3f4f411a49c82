"""Filling of pods, slow and obvious: counts taken anew, goods chosen from lists.

All functions read the tables of a `solvers.pods.arrays.Site` and change nothing.
"""

from collections import Counter
from typing import Any

from solvers.pods.arrays import (
    AT_STATION,
    LACKING,
    LIFTING,
    OPEN,
    ORDERS_LACKING,
    TO_POD,
    TO_STATION,
    WAITING,
)
from solvers.pods.filling import MOST_BOXES, NEW_ON_POD, WAIT_S

COMING = (TO_POD, LIFTING, TO_STATION, AT_STATION)
Goods = list[tuple[int, int, int]]
"""Arrival, item and units of each row."""


def visits(site: Any, *, filled: bool) -> list[tuple[int, int, int, int]]:
    """Station, pod, line or arrival, and units of all that visits are to do yet."""
    rows = []
    for robot, one in enumerate(site.robots):
        fills = one.station >= len(site.stations)
        if one.phase in COMING and fills == filled:
            for row in range(one.next_row, one.rows):
                what, _, units = site.visits[robot, row].tolist()
                rows.append((int(one.station), int(one.pod), what, units))
    return rows


def units_on_pods(site: Any) -> dict[tuple[int, int], int]:
    """Units by pod and SKU, those that visits will pick included."""
    held: Counter[tuple[int, int]] = Counter()
    for pod, one in enumerate(site.pods):
        for item in site.items[one.first : one.last]:
            held[pod, int(item.sku)] += int(item.left)
    for _, pod, line, units in visits(site, filled=False):
        held[pod, int(site.lines.sku[line])] += units
    return {key: units for key, units in held.items() if units}


def counts(site: Any, capacity: list[int]) -> dict[str, Any]:
    """All that is counted along, counted anew."""
    skus = range(len(site.skus) - 1)
    held = units_on_pods(site)
    free, wanted, coming = Counter(), Counter(), Counter()
    for (_, sku), units in held.items():
        free[sku] += units
    for order in site.orders:
        for line in site.lines[order.first : order.last]:
            if order.state in (WAITING, OPEN):
                free[int(line.sku)] -= int(line.left)
            elif order.state == LACKING:
                wanted[int(line.sku)] += int(line.left)
    promised_s = [0.0] * len(site.fills)
    for station, _, arrival, units in visits(site, filled=True):
        coming[int(site.arrivals.sku[arrival])] += units
        fill = station - len(site.stations)
        one = site.fills[fill]
        promised_s[fill] += float(one.s_per_box + units * one.s_per_unit)
    full: Counter[int] = Counter()
    for (pod, _), units in held.items():
        full[pod] += units
    inbound = Counter(int(r.station) for r in site.robots if r.phase in COMING)
    items = [(int(item.sku), int(item.left) > 0) for item in site.items]
    return {
        "free": [free[sku] for sku in skus],
        "wanted": [wanted[sku] for sku in skus],
        "coming": [coming[sku] for sku in skus],
        "pods": [items.count((sku, True)) for sku in skus],
        "room": [most - full[pod] for pod, most in enumerate(capacity)],
        "lacking": sum(int(order.state) == LACKING for order in site.orders),
        "promised_s": [round(value, 6) for value in promised_s],
        "inbound": [inbound[len(site.stations) + k] for k in range(len(site.fills))],
    }


def kept(site: Any) -> dict[str, Any]:
    """Return the same from the tables."""
    skus = site.skus[:-1]
    return {
        "free": skus.free.tolist(),
        "wanted": skus.wanted.tolist(),
        "coming": skus.coming.tolist(),
        "pods": skus.pods.tolist(),
        "room": site.pods.room.tolist(),
        "lacking": int(site.counts[ORDERS_LACKING]),
        "promised_s": [round(v, 6) + 0.0 for v in site.fills.promised_s.tolist()],
        "inbound": site.fills.inbound.tolist(),
    }


def lacked(site: Any, sku: int) -> int:
    one = site.skus[sku]
    return max(0, int(one.wanted) - int(one.free) - int(one.coming))


def goods_that_wait(site: Any, now_s: float, most: int) -> list[int]:
    """Arrivals that are there and not spoken for: lacked ones, then the oldest."""
    there = [
        arrival
        for arrival in site.arrivals.arrival.tolist()
        if site.arrivals.release_s[arrival] <= now_s and site.arrivals.left[arrival] > 0
    ]
    return sorted(there, key=lambda k: not lacked(site, site.arrivals.sku[k]))[:most]


def find_goods(
    site: Any, pod: int, fill: int, goods: list[int], now_s: float
) -> tuple[Goods, float, float]:
    """Rows that a pod takes, what they are worth, and the worker's seconds."""
    items = range(site.pods.first[pod], site.pods.last[pod])
    sku_of = {item: int(site.items.sku[item]) for item in items}
    left = {item: int(site.items.left[item]) for item in items}
    taken: dict[int, int] = {}
    room, rows, worth = int(site.pods.room[pod]), [], 0.0
    for arrival in goods:
        one = site.arrivals[arrival]
        sku = int(one.sku)
        if len(rows) == MOST_BOXES or not room or one.station not in (-1, fill):
            continue
        own = [k for k in items if taken.get(k, sku_of[k]) == sku]
        spare = [k for k in items if k not in taken and not left[k]]
        if not own and not spare:
            continue
        item = (own or spare)[0]
        new = item not in taken and not left[item]
        units = min(room, int(one.left))
        room -= units
        taken[item] = sku
        rows.append((arrival, item, units))
        urgent = min(units, lacked(site, sku))
        more = (units - urgent) * site.rules.fill_worth * (NEW_ON_POD if new else 1.0)
        worth += (urgent + more) * (1.0 + (now_s - float(one.release_s)) / WAIT_S)
    one = site.fills[fill]
    work_s = float(one.s_per_visit) + sum(
        float(one.s_per_box + units * one.s_per_unit) for _, _, units in rows
    )
    return rows, worth, work_s


def trip_rates(
    site: Any, t: int, nearest: dict[int, tuple[int, float]]
) -> dict[tuple[int, int, int], float]:
    """Units a second that each trip to fill a pod is worth: robot, pod and station.

    ``nearest`` has the nearest free robot of each pod that stands, and its steps.
    """
    times, rules, n = site.times, site.rules, len(site.stations)
    now_s, rates = t * times.step_s, {}
    goods = goods_that_wait(site, now_s, 32)
    for fill, one in enumerate(site.fills):
        ahead_s = max(0.0, one.worker_free_s - now_s) + one.promised_s
        if one.inbound >= one.queue or ahead_s >= rules.work_s:
            continue
        for pod, (robot, steps) in nearest.items():
            rows, worth, work_s = find_goods(site, pod, fill, goods, now_s)
            spot = site.pods.spot[pod]
            out = steps + times.lift + int(site.to_dock[spot, n + fill])
            back = int(site.from_dock[n + fill, spot]) + times.set_down
            drive_s = out * times.step_s
            wait_s = rules.wait_weight * max(0.0, ahead_s - drive_s)
            spent_s = drive_s + wait_s + work_s + back * times.step_s
            if rows:
                rates[robot, pod, n + fill] = worth / (rules.overhead_s + spent_s)
    return rates
