"""Pick lists of a joint picking instance: every rule, and their length walked anew."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from warehouse.check.violation import Findings, Violation

PICK_RULES: Final[dict[str, str]] = {
    "pick-index": "Every order and item exists.",
    "order-twice": "An order is in one batch, once.",
    "batch-orders": "A batch has no more orders than are allowed.",
    "item-twice": "An item is picked once.",
    "batch-items": "The items of a batch are what its orders ask for, one each.",
    "one-zone": "The items of a pick list lie in one zone.",
    "pick-volume": "The volume of a pick list is within the limit.",
    "too-few-items": "The orders chosen have as many positions as are asked for.",
    "pick-length": "The tours are as long as is said.",
}
"""Name of every rule of pick lists, and what holds where it is kept."""

Batch = tuple[Sequence[int], Sequence[Sequence[int]]]


class Given(Protocol):
    """What the instance gives; see `warehouse.formats.joint_picking`."""

    @property
    def article_volume(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def order_start(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def position_article(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def item_row(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def item_aisle(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def item_article(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def item_zone(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def min_items(self) -> int: ...  # noqa: D102
    @property
    def max_orders(self) -> int: ...  # noqa: D102
    @property
    def capacity(self) -> int: ...  # noqa: D102
    @property
    def first_row(self) -> int: ...  # noqa: D102
    @property
    def last_row(self) -> int: ...  # noqa: D102


def check_pick_lists(
    given: Given,
    batches: Sequence[Batch],
    length: float,
    *,
    direct_in_aisle: bool = False,
) -> list[Violation]:
    """Find every rule that batches of orders and pick lists break.

    Parameters
    ----------
    given : Given
    batches : sequence of (orders, pick lists)
        Pick lists hold items in walking order.
    length : float
        What is said to be the length of all tours.
    direct_in_aisle : bool
        Whether one walks straight between two items of an aisle.
    """
    findings = Findings(0, 0, rules=PICK_RULES)
    orders = [order for batch in batches for order in batch[0]]
    items = [item for batch in batches for walk in batch[1] for item in walk]
    for what, numbers, count in (
        ("order", orders, len(given.order_start) - 1),
        ("item", items, len(given.item_row)),
    ):
        for number in numbers:
            if not 0 <= number < count:
                _find(findings, "pick-index", f"{what} {number} does not exist")
    if findings.broken("pick-index"):
        return findings.violations()
    for rule, what, numbers in (
        ("order-twice", "order", orders),
        ("item-twice", "item", items),
    ):
        for number, times in Counter(numbers).items():
            if times > 1:
                _find(findings, rule, f"{what} {number} is there {times} times")
    for number, batch in enumerate(batches):
        _check_batch(given, findings, number, batch)
    start = given.order_start
    served = sum(int(start[order + 1] - start[order]) for order in orders)
    if served < given.min_items:
        found = f"{served} items are picked, {given.min_items} are asked for"
        _find(findings, "too-few-items", found)
    walked = sum(
        walk_length(given, walk, direct_in_aisle)
        for _, walks in batches
        for walk in walks
    )
    if walked != length:
        _find(
            findings, "pick-length", f"tours of {walked} are said to be {length:g} long"
        )
    return findings.violations()


def _find(findings: Findings, rule: str, text: str) -> None:
    findings.add(rule, "{text}", text=[text])


def _check_batch(given: Given, findings: Findings, number: int, batch: Batch) -> None:
    orders, walks = batch
    if len(orders) > given.max_orders:
        found = f"batch {number} has {len(orders)} orders, {given.max_orders} may be"
        _find(findings, "batch-orders", found)
    asked: Counter[int] = Counter()
    for order in orders:
        begin, end = given.order_start[order], given.order_start[order + 1]
        asked.update(given.position_article[begin:end].tolist())
    picked = Counter(int(given.item_article[item]) for walk in walks for item in walk)
    for article in sorted((asked - picked) | (picked - asked)):
        found = f"{picked[article]} of article {article} for {asked[article]} asked"
        _find(findings, "batch-items", f"batch {number} picks {found}")
    for walk in walks:
        zones = {int(given.item_zone[item]) for item in walk}
        if len(zones) > 1:
            found = f"a pick list of batch {number} has items of zones {sorted(zones)}"
            _find(findings, "one-zone", found)
        volume = sum(int(given.article_volume[given.item_article[i]]) for i in walk)
        if volume > given.capacity:
            found = f"a pick list of batch {number} has volume {volume}"
            _find(findings, "pick-volume", f"{found}, the limit is {given.capacity}")


def walk_length(given: Given, walk: Sequence[int], direct_in_aisle: bool) -> int:
    """Length of a tour from the conveyor, at row 0 of aisle 0, and back to it."""
    places = [(int(given.item_row[i]), int(given.item_aisle[i])) for i in walk]
    stops = [(0, 0), *places, (0, 0)]
    total = 0
    for (row, aisle), (next_row, next_aisle) in pairwise(stops):
        if direct_in_aisle and aisle == next_aisle:
            total += abs(row - next_row)
            continue
        by_middle = abs(row) + abs(next_row)
        ways = [by_middle]
        if row > 0 and next_row > 0:
            ways.append(2 * given.last_row - by_middle)
        if row < 0 and next_row < 0:
            ways.append(-2 * given.first_row - by_middle)
        total += min(ways) + abs(aisle - next_aisle)
    return total
