"""The distance greedy algorithm: nearest items, order by order, batch by batch.

Abelli, Katzmann, Khan, Maurer, Pätzold, Pszona, Salchow, Joint Order Selection,
Allocation, Batching and Picking for Large Scale Warehouses (2024), arXiv:2401.04563.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.joint_picking.site import (
    ARTICLE,
    ORDER,
    VOLUME,
    WANTED,
    ZONE,
    Site,
    distance,
)
from solvers.kernel import kernel, lean_kernel


class Choice(NamedTuple):
    """Which batch each order joins, and which item serves each position.

    Parameters
    ----------
    batch_of : ndarray of int32, shape (orders,)
        -1 for an order that is not chosen.
    item_of : ndarray of int32, shape (positions,)
        -1 where the order is not chosen.
    """

    batch_of: NDArray[np.int32]
    item_of: NDArray[np.int32]


class _Reach(NamedTuple):
    """How far items and orders are from what the batch at hand holds.

    ``item`` is the distance of each item to the nearest chosen item of its zone, or to
    the conveyor; ``position`` the least of it over the items that are ``left``, and
    ``article`` the same for each article at the start of a batch; ``order`` is the
    mean over the order's positions, infinite if it cannot be served.
    """

    item: NDArray[np.int64]
    position: NDArray[np.int64]
    order: NDArray[np.float64]
    left: NDArray[np.bool_]
    article: NDArray[np.int64]


@kernel
def distance_greedy(site: Site, target: int, choice: Choice, weight: int = 1) -> int:
    """Choose orders until ``target`` positions are served; return how many are.

    The order chosen next is the one whose items are on average nearest to the items of
    the batch or to the conveyor; the way from the conveyor counts ``weight`` times: 1
    as published, 2 for there and back. Fewer than ``target`` where stock does not allow
    it.
    """
    orders, items = len(site.order_start) - 1, len(site.item)
    reach = _Reach(
        np.empty(items, np.int64),
        np.empty(len(site.position), np.int64),
        np.empty(orders, np.float64),
        site.item[:, VOLUME] <= site.capacity,
        np.empty(len(site.stock_start) - 1, np.int64),
    )
    reach.order[:] = np.inf
    choice.batch_of[:] = -1
    choice.item_of[:] = -1
    served, batch, size = 0, 0, site.max_orders
    while served < target:
        if size == site.max_orders:
            batch += size > 0 and served > 0
            size = 0
            _begin_batch(site, choice, reach, weight)
        order = np.argmin(reach.order)
        if reach.order[order] == np.inf:
            if size == 0:
                break
            size = site.max_orders
            continue
        if not _choose(site, choice, reach, order):
            continue
        choice.batch_of[order] = batch
        size += 1
        served += site.order_start[order + 1] - site.order_start[order]
    return served


@lean_kernel
def _begin_batch(site, choice, reach, weight):  # type: ignore[no-untyped-def]
    """Forget the items of the batch before; no item is nearer than the conveyor."""
    ground, conveyor = site.ground, len(site.item)
    start, stock, position_of = site.stock_start, site.stock, site.position
    for item in range(conveyor):
        reach.item[item] = weight * distance(ground, conveyor, item)
    for article in range(len(start) - 1):
        least = np.int64(-1)
        for s in range(start[article], start[article + 1]):
            item = stock[s]
            if reach.left[item] and (least < 0 or reach.item[item] < least):
                least = reach.item[item]
        reach.article[article] = least
    for position in range(len(position_of)):
        reach.position[position] = reach.article[position_of[position, WANTED]]
    for order in range(len(reach.order)):
        if choice.batch_of[order] < 0:
            _measure_order(site, choice, reach, order)


@lean_kernel
def _measure_position(site, reach, position):  # type: ignore[no-untyped-def]
    article, least = site.position[position, WANTED], np.int64(-1)
    for s in range(site.stock_start[article], site.stock_start[article + 1]):
        item = site.stock[s]
        if reach.left[item]:
            d = reach.item[item]
            if least < 0 or d < least:
                least = d
    reach.position[position] = least


@lean_kernel
def _measure_order(site, choice, reach, order):  # type: ignore[no-untyped-def]
    start, end = site.order_start[order], site.order_start[order + 1]
    total, can_be = np.int64(0), choice.batch_of[order] < 0
    for position in range(start, end):
        total += reach.position[position]
        can_be = can_be and reach.position[position] >= 0
    reach.order[order] = total / (end - start) if can_be else np.inf


@lean_kernel
def _choose(site, choice, reach, order):  # type: ignore[no-untyped-def]
    """Give every position of an order its nearest item; False if stock runs out."""
    start, end = site.order_start[order], site.order_start[order + 1]
    chosen = 0
    for position in range(start, end):
        item = _nearest(site, choice, reach, position, start)
        if item < 0:
            break
        choice.item_of[position] = item
        reach.left[item] = False
        chosen += 1
    if start + chosen < end:
        for position in range(start, start + chosen):
            reach.left[choice.item_of[position]] = True
            choice.item_of[position] = -1
        reach.order[order] = np.inf
        return False
    choice.batch_of[order] = 0
    reach.order[order] = np.inf
    for position in range(start, end):
        item = choice.item_of[position]
        _measure_wanting(site, choice, reach, item)
        _come_nearer(site, reach, item)
    return True


@lean_kernel
def _nearest(site, choice, reach, position, start):  # type: ignore[no-untyped-def]
    """Item nearest to the batch, or to what the order at hand has got so far."""
    article, ground = site.position[position, WANTED], site.ground
    best, least = -1, np.int64(0)
    for s in range(site.stock_start[article], site.stock_start[article + 1]):
        item = site.stock[s]
        if not reach.left[item]:
            continue
        d = reach.item[item]
        for earlier in range(start, position):
            other = choice.item_of[earlier]
            if site.item[other, ZONE] == site.item[item, ZONE]:
                d = min(d, distance(ground, other, item))
        if best < 0 or d < least:
            best, least = item, d
    return best


@lean_kernel
def _come_nearer(site, reach, chosen):  # type: ignore[no-untyped-def]
    """Lower the reach of what is nearer to a newly chosen item than before."""
    ground, items, position_of = site.ground, site.item, site.position
    begin, wanting, order_start = site.wanting_start, site.wanting, site.order_start
    zone = items[chosen, ZONE]
    for z in range(site.zone_start[zone], site.zone_start[zone + 1]):
        item = site.zone_item[z]
        d = distance(ground, chosen, item)
        if d < reach.item[item] and reach.left[item]:
            reach.item[item] = d
            article = items[item, ARTICLE]
            for w in range(begin[article], begin[article + 1]):
                position = wanting[w]
                lower = reach.position[position] - d
                if lower > 0:
                    reach.position[position] = d
                    order = position_of[position, ORDER]
                    span = order_start[order + 1] - order_start[order]
                    reach.order[order] -= lower / span


@lean_kernel
def _measure_wanting(site, choice, reach, item):  # type: ignore[no-untyped-def]
    """Measure what wants an item again: it came nearer, or is gone."""
    article = site.item[item, ARTICLE]
    for w in range(site.wanting_start[article], site.wanting_start[article + 1]):
        position = site.wanting[w]
        _measure_position(site, reach, position)
        _measure_order(site, choice, reach, site.position[position, ORDER])
