"""Batches and pick lists while they change: linked lists, a journal, and undo.

Every change is written down, so that a trial that came out badly is taken back at the
price of what it changed.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.joint_picking.site import ORDER, VOLUME, ZONE, Ground, Site, distance
from solvers.kernel import lean_kernel

POSITION: Final = 0
"""Column of ``Lists.item``: the position that the item serves, -1 if none."""
LIST: Final = 1
"""Column of ``Lists.item``: the pick list that the item is on."""
AFTER: Final = 2
"""Column of ``Lists.item``: the item that follows on the pick list."""
BEFORE: Final = 3
"""Column of ``Lists.item``: the item that precedes on the pick list."""

FIRST: Final = 0
"""Column of ``Lists.pick_list``: its first item."""
LAST: Final = 1
"""Column of ``Lists.pick_list``: its last item."""
SIZE: Final = 4
"""Column of ``Lists.pick_list``: how many items; 0 if it is not in use."""
LOAD: Final = 5
"""Column of ``Lists.pick_list``: volume of its items."""

BATCH: Final = 0
"""Column of ``Lists.order``: its batch, -1 if it is not chosen."""
PLACE: Final = 1
"""Column of ``Lists.order``: where it stands in the roster."""

NEXT: Final = 2
"""Column of ``Lists.pick_list`` and ``Lists.order``: what follows in a chain."""
PREVIOUS: Final = 3
"""Column of ``Lists.pick_list`` and ``Lists.order``: what precedes in a chain."""
OWNER: Final = 4
"""Column of ``Lists.item`` and ``Lists.order``: the searcher that may use it."""

ORDERS: Final = 0
"""Column of ``Lists.batch``: how many orders it has."""
FIRST_ORDER: Final = 1
"""Column of ``Lists.batch``: first order of its chain."""
CHAINS: Final = 2
"""Column of ``Lists.batch``: first pick list in zone 0; the other zones follow."""

LENGTH: Final = 0
"""Place in ``Book.tally``: length of all tours."""
SERVED: Final = 1
"""Place in ``Book.tally``: positions of all chosen orders."""
CHANGES: Final = 2
"""Place in ``Book.tally``: changes in the journal."""
SPARE: Final = 3
"""Place in ``Book.tally``: pick lists in ``spare``."""
CHOSEN: Final = 4
"""Place in ``Book.tally``: chosen orders; they come first in ``roster``."""
SHUT: Final = 5
"""Place in ``Book.tally``: a zone to stay out of, or -1."""
SHUT_BATCH: Final = 6
"""Place in ``Book.tally``: the batch that is to stay out of it."""
OWN: Final = 7
"""Place in ``Book.tally``: orders in the roster."""

PUT: Final = 0
"""Kind of change: item."""
TAKE: Final = 1
"""Kind of change: item, position, pick list, item before."""
JOIN: Final = 2
"""Kind of change: order."""
LEAVE: Final = 3
"""Kind of change: order, batch."""
REVERSE: Final = 4
"""Kind of change: first and last item."""

NEW_LIST: Final = -1


class Lists(NamedTuple):
    """Batches, their orders and their pick lists.

    The conveyor is item number ``items``; for all else, -1 stands for none.

    Parameters
    ----------
    item_of : ndarray of int32, shape (positions,)
        Item that serves each position.
    item : ndarray of int32, shape (items, 5)
        `POSITION`, `LIST`, `AFTER`, `BEFORE` and `OWNER` of each item.
    pick_list : ndarray of int32, shape (lists, 6)
        `FIRST`, `LAST`, `NEXT`, `PREVIOUS`, `SIZE` and `LOAD`. Pick lists of one
        batch and one zone are chained.
    order : ndarray of int32, shape (orders, 5)
        `BATCH`, `PLACE`, `NEXT`, `PREVIOUS` and `OWNER`. Orders of one batch are
        chained.
    batch : ndarray of int32, shape (batches, CHAINS + zones)
        `ORDERS`, `FIRST_ORDER` and from `CHAINS` on the chain of each zone.
    """

    item_of: NDArray[np.int32]
    item: NDArray[np.int32]
    pick_list: NDArray[np.int32]
    order: NDArray[np.int32]
    batch: NDArray[np.int32]


class Book(NamedTuple):
    """What one searcher keeps for itself.

    Parameters
    ----------
    me : int
        What the searcher is called where something has an `OWNER`.
    random : ndarray of uint64, shape (1,)
    tally : ndarray of int64, shape (8,)
        `LENGTH`, `SERVED`, `CHANGES`, `SPARE`, `CHOSEN`, `SHUT`, `SHUT_BATCH` and
        `OWN`.
    journal : ndarray of int32, shape (changes, 5)
    spare : ndarray of int32, shape (lists,)
        Stack of pick lists that are not in use.
    roster : ndarray of int32, shape (orders,)
        Orders that it may choose, the chosen ones first.
    """

    me: int
    random: NDArray[np.uint64]
    tally: NDArray[np.int64]
    journal: NDArray[np.int32]
    spare: NDArray[np.int32]
    roster: NDArray[np.int32]


@lean_kernel
def put(
    site: Site, lists: Lists, book: Book, item: int, position: int, at: int, behind: int
) -> None:
    """Let an item serve a position: on pick list ``at``, behind another item.

    With ``at`` = `NEW_LIST` it begins a pick list of the order's batch.
    """
    _write(book, PUT, item, 0, 0, 0)
    _put(site, lists, book, item, position, at, behind)


@lean_kernel
def take(site: Site, lists: Lists, book: Book, item: int) -> None:
    """Take an item off its pick list; a pick list that is empty ends."""
    position, at, _, behind, _ = lists.item[item]
    _write(book, TAKE, item, position, at, behind)
    _take(site, lists, book, item)


@lean_kernel
def join(site: Site, lists: Lists, book: Book, order: int, batch: int) -> None:
    """Choose an order, for a batch; its positions are served by `put`."""
    _write(book, JOIN, order, 0, 0, 0)
    _join(site, lists, book, order, batch)


@lean_kernel
def leave(site: Site, lists: Lists, book: Book, order: int) -> None:
    """Give an order up, with all items that serve it."""
    for position in range(site.order_start[order], site.order_start[order + 1]):
        if lists.item_of[position] >= 0:
            take(site, lists, book, lists.item_of[position])
    _write(book, LEAVE, order, lists.order[order, BATCH], 0, 0)
    _leave(site, lists, book, order)


@lean_kernel
def reverse(ground: Ground, lists: Lists, book: Book, start: int, end: int) -> None:
    """Walk the items of a pick list from ``start`` to ``end`` the other way round."""
    _write(book, REVERSE, start, end, 0, 0)
    _reverse(ground, lists, book, start, end)


@lean_kernel
def undo(site: Site, lists: Lists, book: Book, mark: int) -> None:
    """Take all changes back that were made since the journal had ``mark`` of them."""
    while book.tally[CHANGES] > mark:
        book.tally[CHANGES] -= 1
        kind, one, two, three, four = book.journal[book.tally[CHANGES]]
        if kind == PUT:
            _take(site, lists, book, one)
        elif kind == TAKE:
            at = three if lists.pick_list[three, SIZE] > 0 else NEW_LIST
            _put(site, lists, book, one, two, at, four)
        elif kind == JOIN:
            _leave(site, lists, book, one)
        elif kind == LEAVE:
            _join(site, lists, book, one, two)
        else:
            _reverse(site.ground, lists, book, two, one)


@lean_kernel
def _write(book: Book, kind: int, one: int, two: int, three: int, four: int) -> None:
    line = book.journal[book.tally[CHANGES]]
    line[0], line[1], line[2], line[3], line[4] = kind, one, two, three, four
    book.tally[CHANGES] += 1


@lean_kernel
def _put(  # type: ignore[no-untyped-def]
    site, lists, book, item, position, at, behind
):
    ground, conveyor = site.ground, len(site.item)
    if at == NEW_LIST:
        batch = lists.order[site.position[position, ORDER], BATCH]
        at = _open(lists, book, batch, site.item[item, ZONE], conveyor)
        behind = conveyor
    row = lists.pick_list[at]
    ahead = row[FIRST] if behind == conveyor else lists.item[behind, AFTER]
    _link(lists.item, row, behind, item, conveyor)
    _link(lists.item, row, item, ahead, conveyor)
    book.tally[LENGTH] += (
        distance(ground, behind, item)
        + distance(ground, item, ahead)
        - distance(ground, behind, ahead)
    )
    row[SIZE] += 1
    row[LOAD] += site.item[item, VOLUME]
    lists.item[item, LIST] = at
    lists.item[item, POSITION] = position
    lists.item_of[position] = item


@lean_kernel
def _take(site, lists, book, item):  # type: ignore[no-untyped-def]
    ground, conveyor = site.ground, len(site.item)
    position, at, ahead, behind, _ = lists.item[item]
    row = lists.pick_list[at]
    _link(lists.item, row, behind, ahead, conveyor)
    row[SIZE] -= 1
    row[LOAD] -= site.item[item, VOLUME]
    book.tally[LENGTH] -= (
        distance(ground, behind, item)
        + distance(ground, item, ahead)
        - distance(ground, behind, ahead)
    )
    lists.item_of[position] = -1
    lists.item[item, POSITION] = -1
    if row[SIZE] == 0:
        batch = lists.order[site.position[position, ORDER], BATCH]
        _close(lists, book, batch, site.item[item, ZONE], at)


@lean_kernel
def _link(item, row, behind, ahead, conveyor):  # type: ignore[no-untyped-def]
    """Let one item of a pick list follow another; either may be the conveyor."""
    if behind == conveyor:
        row[FIRST] = ahead
    else:
        item[behind, AFTER] = ahead
    if ahead == conveyor:
        row[LAST] = behind
    else:
        item[ahead, BEFORE] = behind


@lean_kernel
def _open(lists, book, batch, zone, conveyor):  # type: ignore[no-untyped-def]
    """Begin a pick list at the head of its chain."""
    book.tally[SPARE] -= 1
    at = book.spare[book.tally[SPARE]]
    row, head = lists.pick_list[at], lists.batch[batch, CHAINS + zone]
    row[NEXT], row[PREVIOUS] = head, -1
    row[FIRST], row[LAST] = conveyor, conveyor
    if head >= 0:
        lists.pick_list[head, PREVIOUS] = at
    lists.batch[batch, CHAINS + zone] = at
    return at


@lean_kernel
def _close(lists, book, batch, zone, at):  # type: ignore[no-untyped-def]
    """End a pick list that has become empty."""
    following, previous = lists.pick_list[at, NEXT], lists.pick_list[at, PREVIOUS]
    if previous >= 0:
        lists.pick_list[previous, NEXT] = following
    else:
        lists.batch[batch, CHAINS + zone] = following
    if following >= 0:
        lists.pick_list[following, PREVIOUS] = previous
    book.spare[book.tally[SPARE]] = at
    book.tally[SPARE] += 1


@lean_kernel
def _join(site, lists, book, order, batch):  # type: ignore[no-untyped-def]
    row, head = lists.order[order], lists.batch[batch, FIRST_ORDER]
    row[NEXT], row[PREVIOUS], row[BATCH] = head, -1, batch
    if head >= 0:
        lists.order[head, PREVIOUS] = order
    lists.batch[batch, FIRST_ORDER] = order
    lists.batch[batch, ORDERS] += 1
    book.tally[SERVED] += site.order_start[order + 1] - site.order_start[order]
    _swap_in_roster(lists, book, order, book.tally[CHOSEN])
    book.tally[CHOSEN] += 1


@lean_kernel
def _leave(site, lists, book, order):  # type: ignore[no-untyped-def]
    row = lists.order[order]
    batch, following, previous = row[BATCH], row[NEXT], row[PREVIOUS]
    if previous >= 0:
        lists.order[previous, NEXT] = following
    else:
        lists.batch[batch, FIRST_ORDER] = following
    if following >= 0:
        lists.order[following, PREVIOUS] = previous
    row[BATCH] = -1
    lists.batch[batch, ORDERS] -= 1
    book.tally[SERVED] -= site.order_start[order + 1] - site.order_start[order]
    book.tally[CHOSEN] -= 1
    _swap_in_roster(lists, book, order, book.tally[CHOSEN])


@lean_kernel
def _swap_in_roster(lists, book, order, place):  # type: ignore[no-untyped-def]
    other, left = book.roster[place], lists.order[order, PLACE]
    book.roster[place], book.roster[left] = order, other
    lists.order[order, PLACE], lists.order[other, PLACE] = place, left


@lean_kernel
def _reverse(ground, lists, book, start, end):  # type: ignore[no-untyped-def]
    conveyor, row = len(ground.row) - 1, lists.pick_list[lists.item[start, LIST]]
    behind, ahead = lists.item[start, BEFORE], lists.item[end, AFTER]
    book.tally[LENGTH] += (
        distance(ground, behind, end)
        + distance(ground, start, ahead)
        - distance(ground, behind, start)
        - distance(ground, end, ahead)
    )
    item = start
    while item != ahead:
        following = lists.item[item, AFTER]
        lists.item[item, AFTER] = lists.item[item, BEFORE]
        lists.item[item, BEFORE] = following
        item = following
    _link(lists.item, row, behind, end, conveyor)
    _link(lists.item, row, start, ahead, conveyor)
