"""Two searchers at work on one solution: what belongs to whom, for one round.

Batches and their orders go to one or the other, and so do orders that are not chosen
and items that are free. What one owns the other neither reads nor changes, so that
both may run at once, and the outcome is the same whichever runs first.
"""

import numpy as np

from solvers.joint_picking.pick_lists import (
    BATCH,
    CHOSEN,
    ORDERS,
    OWN,
    OWNER,
    PLACE,
    POSITION,
    SERVED,
    SPARE,
    Book,
    Lists,
)
from solvers.joint_picking.search import Work
from solvers.joint_picking.setting import free_lists
from solvers.joint_picking.site import ORDER, Site


def share_out(
    site: Site,
    lists: Lists,
    books: list[Book],
    works: list[Work],
    rng: np.random.Generator,
) -> list[Work]:
    """Give everything an owner at random, and write it into the books.

    Returns the works with the batches that each searcher owns.
    """
    searchers = len(books)
    owner = rng.integers(0, searchers, len(lists.batch))
    used = np.flatnonzero(lists.batch[:, ORDERS] > 0)
    owner[rng.permutation(used)[:searchers]] = np.arange(searchers)[: len(used)]
    lists.order[:, OWNER] = rng.integers(0, searchers, len(lists.order))
    lists.item[:, OWNER] = rng.integers(0, searchers, len(lists.item))
    batch = lists.order[:, BATCH]
    chosen = batch >= 0
    lists.order[chosen, OWNER] = owner[batch[chosen]]
    serves = lists.item[:, POSITION] >= 0
    order_of = site.position[lists.item[serves, POSITION], ORDER]
    lists.item[serves, OWNER] = lists.order[order_of, OWNER]
    spare, spans = free_lists(lists), np.diff(site.order_start)
    shared = []
    for book, work in zip(books, works, strict=True):
        own = lists.order[:, OWNER] == book.me
        roster = np.concatenate(
            [np.flatnonzero(own & chosen), np.flatnonzero(own & ~chosen)]
        )
        book.roster[: len(roster)] = roster
        lists.order[roster, PLACE] = np.arange(len(roster))
        book.tally[OWN] = len(roster)
        book.tally[CHOSEN] = (own & chosen).sum()
        book.tally[SERVED] = spans[own & chosen].sum()
        part = spare[book.me :: searchers]
        book.spare[: len(part)] = part
        book.tally[SPARE] = len(part)
        shared.append(
            work._replace(own_batch=np.flatnonzero(owner == book.me).astype(np.int32))
        )
    return shared
