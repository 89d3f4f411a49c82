"""Large neighbourhood search: take a neighbourhood out, put a better one in.

Orders or single positions around an item are taken out, along its pick list and from
pick lists nearby (slack induction by string removals: Christiaens & Vanden Berghe
2020, doi:10.1287/trsc.2019.0914), and the cheapest orders, stock items and places are
put in, some passed over by chance. The walks touched are tidied, and simulated
annealing decides.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.joint_picking.insertion import (
    NONE,
    order_detour,
    serve,
    serve_order,
)
from solvers.joint_picking.pick_lists import (
    AFTER,
    BATCH,
    BEFORE,
    CHANGES,
    CHOSEN,
    FIRST,
    FIRST_ORDER,
    LEAVE,
    LENGTH,
    LIST,
    NEXT,
    ORDERS,
    OWN,
    OWNER,
    POSITION,
    PUT,
    SERVED,
    SHUT,
    SHUT_BATCH,
    SIZE,
    TAKE,
    Book,
    Lists,
    leave,
    take,
    undo,
)
from solvers.joint_picking.site import ARTICLE, ORDER, ZONE, Site, distance
from solvers.joint_picking.tidy import MOST_MOVES, tidy
from solvers.kernel import kernel, lean_kernel
from solvers.random_words import random_below

NEAR: Final = 12
"""Items near an item that are remembered."""
MOST_ORDERS: Final = 8
"""Orders taken out at a time, at most."""
MOST_POSITIONS: Final = 40
"""Positions taken out at a time, at most, where their orders stay."""
MOST_CANDIDATES: Final = 40
"""Orders considered for what is to be filled."""
MOST_BATCHES: Final = 3
"""Batches considered for each order."""
NEW_BATCH_OF: Final = 8
"""Once in so many times an empty batch is among them."""


class Work(NamedTuple):
    """Working memory of one searcher.

    Parameters
    ----------
    near : ndarray of int32, shape (items, NEAR)
        Items near each item, nearest first, that some order wants, -1 where fewer;
        the first is -2 where that is not known yet.
    centre : ndarray of int32, shape (MOST_POSITIONS,)
        Items that were taken out.
    opened : ndarray of int32, shape (MOST_POSITIONS,)
        Positions without an item.
    candidate : ndarray of int32, shape (MOST_CANDIDATES,)
    price : ndarray of float64, shape (MOST_CANDIDATES, MOST_BATCHES)
        Detour of each candidate in each batch to fill, blurred; infinite if none.
    batch : ndarray of int32, shape (MOST_BATCHES,)
        Batches to fill.
    own_batch : ndarray of int32
        Batches of this searcher.
    seen_order : ndarray of int64, shape (orders,)
        Step in which an order became a candidate.
    seen_list : ndarray of int64, shape (lists,)
        Step in which a pick list was tidied.
    """

    near: NDArray[np.int32]
    centre: NDArray[np.int32]
    opened: NDArray[np.int32]
    candidate: NDArray[np.int32]
    price: NDArray[np.float64]
    batch: NDArray[np.int32]
    own_batch: NDArray[np.int32]
    seen_order: NDArray[np.int64]
    seen_list: NDArray[np.int64]


@kernel
def search(
    site: Site,
    lists: Lists,
    book: Book,
    work: Work,
    target: int,
    first_step: int,
    steps: int,
    heat: float,
) -> int:
    """Take so many steps at one temperature; return how many were accepted."""
    accepted = 0
    for step in range(first_step, first_step + steps):
        before = book.tally[LENGTH]
        book.tally[CHANGES] = 0
        if book.tally[CHOSEN] == 0 or len(work.own_batch) == 0:
            break
        batches, opened = _take_out(site, lists, book, work)
        _fill_positions(site, lists, book, work, opened)
        ok = True
        if book.tally[SERVED] < target:
            ok = _fill_orders(site, lists, book, work, target, step, batches)
        if ok:
            _drop_excess(site, lists, book, work, target)
            _tidy_changed(site, lists, book, work, step)
            change = book.tally[LENGTH] - before
            u = (random_below(book.random, 1 << 30) + 1) / (1 << 30)
            ok = change <= -heat * np.log(u)
        if ok:
            accepted += 1
        else:
            undo(site, lists, book, 0)
    return accepted


@kernel
def _take_out(site, lists, book, work):  # type: ignore[no-untyped-def]
    """Take orders or positions out around a random item; how many batches, positions.

    The positions go to ``opened`` and the batches to ``batch``.
    """
    order = book.roster[random_below(book.random, book.tally[CHOSEN])]
    span = site.order_start[order + 1] - site.order_start[order]
    position = site.order_start[order] + random_below(book.random, span)
    item = lists.item_of[position]
    kind = random_below(book.random, 8)
    whole_orders = kind > 2
    book.tally[SHUT] = -1
    book.tally[SHUT_BATCH] = -1
    if kind == 0:
        centres = _collect_list(site, lists, work, item)
        if random_below(book.random, 4) > 0:
            book.tally[SHUT] = site.item[item, ZONE]
            book.tally[SHUT_BATCH] = lists.order[order, BATCH]
    else:
        most = MOST_ORDERS if whole_orders else MOST_POSITIONS
        most = 1 + random_below(book.random, most)
        centres = _collect(site, lists, book, work, item, most)
    batches, opened = 0, 0
    for c in range(centres):
        item = work.centre[c]
        position = lists.item[item, POSITION]
        if position < 0:
            continue  # its order went with another item
        order = site.position[position, ORDER]
        batches = _note_batch(work, lists.order[order, BATCH], batches)
        if whole_orders:
            leave(site, lists, book, order)
        else:
            take(site, lists, book, item)
            work.opened[opened] = position
            opened += 1
    return batches, opened


@lean_kernel
def _note_batch(work, batch, batches):  # type: ignore[no-untyped-def]
    for b in range(batches):
        if work.batch[b] == batch:
            return batches
    if batches < MOST_BATCHES:
        work.batch[batches] = batch
        batches += 1
    return batches


@kernel
def _collect(site, lists, book, work, item, most):  # type: ignore[no-untyped-def]
    """Items around an item: a stretch of its pick list, then some near it elsewhere."""
    conveyor, links = len(site.item), lists.item
    work.centre[0] = item
    count = 1
    share = 1 + random_below(book.random, most)  # from its own pick list
    behind, ahead = links[item, BEFORE], links[item, AFTER]
    while count < share and (behind != conveyor or ahead != conveyor):
        forward = random_below(book.random, 2) == 0
        if ahead != conveyor and (forward or behind == conveyor):
            work.centre[count] = ahead
            ahead = links[ahead, AFTER]
        else:
            work.centre[count] = behind
            behind = links[behind, BEFORE]
        count += 1
    own = count
    for c in range(own):
        middle = work.centre[c]
        know_near(site, work.near, middle)
        for n in range(NEAR):
            other = work.near[middle, n]
            if count == most or other < 0:
                break
            if links[other, OWNER] != book.me or links[other, POSITION] < 0:
                continue
            if links[other, LIST] != links[item, LIST]:
                work.centre[count] = other
                count += 1
    return count


@lean_kernel
def _collect_list(site, lists, work, item):  # type: ignore[no-untyped-def]
    """All items of the pick list that an item is on, if they are not too many."""
    count = 0
    item = lists.pick_list[lists.item[item, LIST], FIRST]
    while item != len(site.item) and count < MOST_POSITIONS:
        work.centre[count] = item
        item = lists.item[item, AFTER]
        count += 1
    return count


@kernel
def know_near(site: Site, near: NDArray[np.int32], item: int) -> None:
    """Fill the row of ``near`` of an item, unless it is known."""
    row, ground = near[item], site.ground
    if row[0] != -2:
        return
    row[:] = -1
    found, zone = 0, site.item[item, ZONE]
    for z in range(site.zone_start[zone], site.zone_start[zone + 1]):
        other = site.zone_item[z]
        if other == item:
            continue
        d = distance(ground, item, other)
        if found == NEAR and d >= distance(ground, item, row[NEAR - 1]):
            continue
        slot = min(found, NEAR - 1)
        while slot > 0 and distance(ground, item, row[slot - 1]) > d:
            row[slot] = row[slot - 1]
            slot -= 1
        row[slot] = other
        found = min(found + 1, NEAR)


@lean_kernel
def _fill_positions(site, lists, book, work, opened):  # type: ignore[no-untyped-def]
    """Serve the positions without an item, in random order, or give up their orders."""
    for left in range(opened, 0, -1):
        pick = random_below(book.random, left)
        position = work.opened[pick]
        work.opened[pick] = work.opened[left - 1]
        batch = lists.order[site.position[position, ORDER], BATCH]
        if batch >= 0 and not serve(site, lists, book, position, batch):
            leave(site, lists, book, site.position[position, ORDER])


@kernel
def _fill_orders(  # type: ignore[no-untyped-def]
    site, lists, book, work, target, step, batches
):
    """Choose orders until enough positions are served; False if there are too few."""
    batches = _another_batch(lists, book, work, batches)
    count = _find_candidates(site, lists, book, work, step)
    for b in range(batches):
        _price(site, lists, book, work, count, b)
    while book.tally[SERVED] < target:
        best, best_b, best_score = -1, -1, np.inf
        missing = target - book.tally[SERVED]
        for c in range(count):
            order = work.candidate[c]
            span = site.order_start[order + 1] - site.order_start[order]
            for b in range(batches):
                score = work.price[c, b] / min(span, missing)
                if score < best_score:
                    best, best_b, best_score = c, b, score
        if best < 0:
            return False
        order = work.candidate[best]
        count -= 1
        work.candidate[best] = work.candidate[count]
        work.price[best] = work.price[count]
        serve_order(site, lists, book, order, work.batch[best_b])
        if book.tally[SERVED] < target:
            _price(site, lists, book, work, count, best_b)
    return True


@lean_kernel
def _price(site, lists, book, work, count, b):  # type: ignore[no-untyped-def]
    """Work out what each candidate costs in a batch, a little blurred."""
    batch = work.batch[b]
    full = lists.batch[batch, ORDERS] >= site.max_orders
    for c in range(count):
        work.price[c, b] = np.inf
        if not full:
            detour = order_detour(site, lists, book, work.candidate[c], batch)
            if detour < NONE:
                blur = 1 + random_below(book.random, 1 << 20) / (1 << 22)
                work.price[c, b] = blur * (detour + 1)


@lean_kernel
def _another_batch(lists, book, work, batches):  # type: ignore[no-untyped-def]
    """Add a random batch to those to fill: one in use, or now and then an empty one."""
    batch = work.own_batch[random_below(book.random, len(work.own_batch))]
    if lists.batch[batch, ORDERS] > 0 or random_below(book.random, NEW_BATCH_OF) == 0:
        return _note_batch(work, batch, batches)
    return batches


@kernel
def _find_candidates(site, lists, book, work, step):  # type: ignore[no-untyped-def]
    """Orders that may be chosen: those just given up, those near, and a few random."""
    count = 0
    changes = book.tally[CHANGES]
    for change in range(changes):
        if book.journal[change, 0] == LEAVE:
            order = book.journal[change, 1]
            count = _add_candidate(lists, book, work, step, order, count)
    for change in range(changes):
        if book.journal[change, 0] != TAKE:
            continue
        middle = book.journal[change, 1]
        know_near(site, work.near, middle)
        for n in range(-1, NEAR):
            other = middle if n < 0 else work.near[middle, n]
            if other < 0 or count >= MOST_CANDIDATES - 6:
                break
            if lists.item[other, POSITION] >= 0 or lists.item[other, OWNER] != book.me:
                continue
            if random_below(book.random, 3) == 0:
                continue
            article = site.item[other, ARTICLE]
            begin, end = site.wanting_start[article], site.wanting_start[article + 1]
            for w in range(begin, end):
                order = site.position[site.wanting[w], ORDER]
                count = _add_candidate(lists, book, work, step, order, count)
    free = book.tally[OWN] - book.tally[CHOSEN]
    for _ in range(6):
        if free > 0:
            place = book.tally[CHOSEN] + random_below(book.random, free)
            order = book.roster[place]
            count = _add_candidate(lists, book, work, step, order, count)
    return count


@lean_kernel
def _add_candidate(lists, book, work, step, order, count):  # type: ignore[no-untyped-def]
    """Add an order to the candidates if it may be chosen and is not among them."""
    if count == MOST_CANDIDATES or lists.order[order, BATCH] >= 0:
        return count
    if lists.order[order, OWNER] != book.me or work.seen_order[order] == step:
        return count
    work.seen_order[order] = step
    work.candidate[count] = order
    return count + 1


@lean_kernel
def _drop_excess(site, lists, book, work, target):  # type: ignore[no-untyped-def]
    """Give up the dearest order of the first batch that is not needed, if any."""
    while book.tally[SERVED] > target:
        excess = book.tally[SERVED] - target
        best, best_saved = -1, np.int64(-1)
        order = lists.batch[work.batch[0], FIRST_ORDER]
        while order >= 0:
            if site.order_start[order + 1] - site.order_start[order] <= excess:
                saved = _saved(site, lists, order)
                if saved > best_saved:
                    best, best_saved = order, saved
            order = lists.order[order, NEXT]
        if best < 0:
            break
        leave(site, lists, book, best)


@lean_kernel
def _saved(site, lists, order):  # type: ignore[no-untyped-def]
    """Sum of what each item of an order adds to its walk."""
    ground, saved = site.ground, np.int64(0)
    for position in range(site.order_start[order], site.order_start[order + 1]):
        item = lists.item_of[position]
        behind, ahead = lists.item[item, BEFORE], lists.item[item, AFTER]
        saved += distance(ground, behind, item) + distance(ground, item, ahead)
        saved -= distance(ground, behind, ahead)
    return saved


@lean_kernel
def _tidy_changed(site, lists, book, work, step):  # type: ignore[no-untyped-def]
    """Tidy the pick lists that changed in this step."""
    for change in range(book.tally[CHANGES]):
        if book.tally[CHANGES] + 4 * MOST_MOVES > len(book.journal):
            break  # no room to write down what tidying changes
        kind, item = book.journal[change, 0], book.journal[change, 1]
        if kind == PUT and lists.item[item, POSITION] >= 0:
            at = lists.item[item, LIST]
        elif kind == TAKE:
            at = book.journal[change, 3]
        else:
            continue
        if lists.pick_list[at, SIZE] > 2 and work.seen_list[at] != step:
            work.seen_list[at] = step
            tidy(site, lists, book, at)
