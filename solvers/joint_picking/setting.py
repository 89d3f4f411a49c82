"""A problem as kernels read it, and the arrays in which they search."""

import numpy as np
from numpy.typing import NDArray

from solvers.joint_picking.distance_greedy import Choice
from solvers.joint_picking.insertion import cheapest_gap
from solvers.joint_picking.pick_lists import (
    AFTER,
    BATCH,
    CHAINS,
    CHANGES,
    FIRST,
    NEXT,
    ORDERS,
    OWN,
    OWNER,
    PLACE,
    SHUT,
    SHUT_BATCH,
    SIZE,
    SPARE,
    Book,
    Lists,
    join,
    put,
)
from solvers.joint_picking.problem import JointPickingProblem, PickBatch
from solvers.joint_picking.search import (
    MOST_BATCHES,
    MOST_CANDIDATES,
    MOST_ORDERS,
    MOST_POSITIONS,
    Work,
)
from solvers.joint_picking.site import Ground, Site
from solvers.kernel import lean_kernel

GOLDEN = 0x9E3779B97F4A7C15
JOURNAL_LINES = 20_000
LINES_PER_POSITION = 16 * MOST_POSITIONS + 16 * MOST_ORDERS


def make_site(problem: JointPickingProblem) -> Site:
    """Arrays of a problem, with what belongs together looked up beforehand."""
    conveyor = np.zeros(1, np.int32)
    articles, article = len(problem.article_volume), problem.item_article
    spans = np.diff(problem.order_start)
    wanted = np.flatnonzero(np.isin(article, problem.position_article))
    zone_start, zone_item = _grouped(problem.item_zone[wanted], problem.zones)
    stock_start, stock = _grouped(article, articles)
    wanting_start, wanting = _grouped(problem.position_article, articles)
    return Site(
        Ground(
            np.concatenate([problem.item_row, conveyor]),
            np.concatenate([problem.item_aisle, conveyor]),
            int(problem.last_row),
            -int(problem.first_row),
            int(problem.direct_in_aisle),
        ),
        np.stack([problem.item_zone, problem.article_volume[article], article], axis=1),
        stock_start,
        stock,
        problem.order_start,
        np.stack(
            [
                problem.position_article,
                np.repeat(np.arange(problem.orders, dtype=np.int32), spans),
            ],
            axis=1,
        ),
        wanting_start,
        wanting,
        zone_start,
        wanted[zone_item].astype(np.int32),
        int(problem.capacity),
        int(problem.max_orders),
    )


def _grouped(
    group: NDArray[np.int32], groups: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where each group begins in the second array, which lists members by group."""
    start = np.zeros(groups + 1, np.int32)
    np.cumsum(np.bincount(group, minlength=groups), out=start[1:])
    return start, np.argsort(group, kind="stable").astype(np.int32)


def empty_lists(site: Site, batches: int, owner: int = 0) -> Lists:
    """No order chosen, and no pick list; all belongs to one searcher."""
    items, orders = len(site.item), len(site.order_start) - 1
    positions, zones = len(site.position), len(site.zone_start) - 1
    lists = Lists(
        np.full(positions, -1, np.int32),
        np.full((items, OWNER + 1), -1, np.int32),
        np.zeros((positions + 1, 6), np.int32),
        np.full((orders, OWNER + 1), -1, np.int32),
        np.full((batches, CHAINS + zones), -1, np.int32),
    )
    lists.item[:, OWNER] = owner
    lists.order[:, OWNER] = owner
    lists.order[:, PLACE] = np.arange(orders)
    lists.batch[:, ORDERS] = 0
    return lists


def make_book(site: Site, me: int, seed: int) -> Book:
    """Book of a searcher who may choose every order and use every pick list."""
    orders, positions = len(site.order_start) - 1, len(site.position)
    longest = int(np.diff(site.order_start).max(initial=1))
    book = Book(
        me,
        np.array([(2 * (2 * seed + me) + 1) * GOLDEN % 2**64], np.uint64),
        np.zeros(OWN + 1, np.int64),
        np.zeros((JOURNAL_LINES + LINES_PER_POSITION * longest, 5), np.int32),
        np.arange(positions + 1, dtype=np.int32),
        np.arange(orders, dtype=np.int32),
    )
    book.tally[SPARE] = positions + 1
    book.tally[OWN] = orders
    book.tally[[SHUT, SHUT_BATCH]] = -1
    return book


def make_work(site: Site, near: NDArray[np.int32], batches: int) -> Work:
    """Working memory; ``near`` may be shared by searchers that own different items."""
    orders, positions = len(site.order_start) - 1, len(site.position)
    return Work(
        near,
        np.zeros(MOST_POSITIONS, np.int32),
        np.zeros(MOST_POSITIONS, np.int32),
        np.zeros(MOST_CANDIDATES, np.int32),
        np.zeros((MOST_CANDIDATES, MOST_BATCHES), np.float64),
        np.zeros(MOST_BATCHES, np.int32),
        np.arange(batches, dtype=np.int32),
        np.full(orders, -1, np.int64),
        np.full(positions + 1, -1, np.int64),
    )


@lean_kernel
def insert_all(site: Site, lists: Lists, book: Book, choice: Choice) -> None:
    """Put the items of a choice on pick lists, each where it is the least detour."""
    for order in range(len(choice.batch_of)):
        batch = choice.batch_of[order]
        if batch < 0:
            continue
        book.tally[CHANGES] = 0
        join(site, lists, book, order, batch)
        for position in range(site.order_start[order], site.order_start[order + 1]):
            item = choice.item_of[position]
            _, at, behind = cheapest_gap(site, lists, item, batch)
            put(site, lists, book, item, position, at, behind)
            book.tally[CHANGES] = 0


def read_off(lists: Lists) -> tuple[PickBatch, ...]:
    """Batches in use, with their orders ascending and their pick lists zone by zone."""
    links, rows = lists.item[:, AFTER].tolist(), lists.pick_list
    conveyor = len(links)
    order_lists: dict[int, list[int]] = {}
    for order in np.flatnonzero(lists.order[:, BATCH] >= 0).tolist():
        order_lists.setdefault(int(lists.order[order, BATCH]), []).append(order)
    batches = []
    for batch, orders in sorted(order_lists.items()):
        walks = []
        for head in lists.batch[batch, CHAINS:][lists.batch[batch, CHAINS:] >= 0]:
            at = int(head)
            while at >= 0:
                walk, item = [], int(rows[at, FIRST])
                while item != conveyor:
                    walk.append(item)
                    item = links[item]
                walks.append(tuple(walk))
                at = int(rows[at, NEXT])
        batches.append(PickBatch(tuple(orders), tuple(walks)))
    return tuple(batches)


def free_lists(lists: Lists) -> NDArray[np.int32]:
    """Pick lists that are not in use."""
    return np.flatnonzero(lists.pick_list[:, SIZE] == 0).astype(np.int32)
