"""Cheapest insertion: which item serves a position, and where on which pick list."""

from typing import Final

import numpy as np

from solvers.joint_picking.pick_lists import (
    AFTER,
    CHAINS,
    CHANGES,
    FIRST,
    LOAD,
    NEW_LIST,
    NEXT,
    OWNER,
    POSITION,
    SHUT,
    SHUT_BATCH,
    Book,
    Lists,
    join,
    put,
    undo,
)
from solvers.joint_picking.site import VOLUME, WANTED, ZONE, Site, distance
from solvers.kernel import lean_kernel
from solvers.random_words import random_below

NONE: Final = np.int64(1) << 60
"""Detour where nothing fits."""
BLINK_OF: Final = 24
"""Of so many items one is passed over, by chance."""


@lean_kernel
def cheapest_gap(
    site: Site, lists: Lists, item: int, batch: int
) -> tuple[np.int64, np.int64, np.int64]:
    """Least detour for an item in a batch, the pick list, and what it follows there."""
    ground, conveyor = site.ground, np.int64(len(site.item))
    links, rows = lists.item, lists.pick_list
    home = distance(ground, conveyor, item)
    best, best_list, best_behind = 2 * home, np.int64(NEW_LIST), conveyor
    room = site.capacity - site.item[item, VOLUME]
    at = lists.batch[batch, CHAINS + site.item[item, ZONE]]
    while at >= 0:
        if rows[at, LOAD] <= room:
            behind, to_behind = conveyor, home
            ahead = np.int64(rows[at, FIRST])
            while True:
                to_ahead = distance(ground, item, ahead)
                detour = to_behind + to_ahead - distance(ground, behind, ahead)
                if detour < best:
                    best, best_list, best_behind = detour, np.int64(at), behind
                if ahead == conveyor:
                    break
                behind, to_behind = ahead, to_ahead
                ahead = np.int64(links[ahead, AFTER])
        at = rows[at, NEXT]
    return best, best_list, best_behind


@lean_kernel
def cheapest_item(
    site: Site, lists: Lists, book: Book, position: int, batch: int
) -> tuple[np.int64, np.int64, np.int64, np.int64]:
    """Least detour for a position in a batch, the item, pick list and what it follows.

    Only free items of the searcher itself are used; one in `BLINK_OF` is passed over.
    """
    best, best_item = NONE, np.int64(-1)
    best_list, best_behind = np.int64(NEW_LIST), np.int64(-1)
    article = site.position[position, WANTED]
    shut = -1
    if book.tally[SHUT_BATCH] == batch:
        shut = book.tally[SHUT]
    for s in range(site.stock_start[article], site.stock_start[article + 1]):
        item = site.stock[s]
        if lists.item[item, OWNER] != book.me or lists.item[item, POSITION] >= 0:
            continue
        if site.item[item, VOLUME] > site.capacity or site.item[item, ZONE] == shut:
            continue
        if best_item >= 0 and random_below(book.random, BLINK_OF) == 0:
            continue
        detour, at, behind = cheapest_gap(site, lists, item, batch)
        if detour < best:
            best, best_item = detour, np.int64(item)
            best_list, best_behind = at, behind
    return best, best_item, best_list, best_behind


@lean_kernel
def order_detour(
    site: Site, lists: Lists, book: Book, order: int, batch: int
) -> np.int64:
    """Sum of the least detours of an order's positions, each on its own."""
    total = np.int64(0)
    for position in range(site.order_start[order], site.order_start[order + 1]):
        detour, _, _, _ = cheapest_item(site, lists, book, position, batch)
        if detour == NONE:
            return NONE
        total += detour
    return total


@lean_kernel
def serve(site: Site, lists: Lists, book: Book, position: int, batch: int) -> bool:
    """Let the cheapest item serve a position; False if there is none."""
    _, item, at, behind = cheapest_item(site, lists, book, position, batch)
    if item < 0:
        return False
    put(site, lists, book, item, position, at, behind)
    return True


@lean_kernel
def serve_order(site: Site, lists: Lists, book: Book, order: int, batch: int) -> bool:
    """Choose an order for a batch and serve it; False, and no change, if one cannot."""
    mark = book.tally[CHANGES]
    join(site, lists, book, order, batch)
    for position in range(site.order_start[order], site.order_start[order + 1]):
        if not serve(site, lists, book, position, batch):
            undo(site, lists, book, mark)
            return False
    return True
