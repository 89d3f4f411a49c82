"""Whether batches keep time as they say: releases, pickers, how long each takes."""

import itertools
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from warehouse.check.batches import TOLERANCE


@dataclass(frozen=True, slots=True)
class GivenTimes:
    """Of an order: earliest start, due time, and what it takes besides travel."""

    release_s: float
    due_s: float
    service_s: float


@dataclass(frozen=True, slots=True)
class FoundTimes:
    """Of a batch as reported: its orders, who picks it, when, and how far."""

    orders: tuple[Hashable, ...]
    picker: int
    start_s: float
    end_s: float
    length: float


def check_batch_times(
    orders: Mapping[Hashable, GivenTimes],
    pickers: int,
    speed: float,
    setup_s: float,
    batches: Iterable[FoundTimes],
    tardiness_s: float,
) -> list[str]:
    """What is wrong with the times of a batching, in words; empty if nothing.

    No batch begins before its orders are released or ends sooner than it can, no
    picker has two at a time, and orders are late together as much as is said.

    Parameters
    ----------
    orders : mapping
        Every order by its name.
    pickers : int
    speed : float
        Length in a second.
    setup_s : float
        Of each batch.
    batches : iterable of FoundTimes
        Whose orders and lengths were checked (`check_batches`).
    tardiness_s : float
        As reported.

    Examples
    --------
    >>> orders = {1: GivenTimes(5.0, 20.0, 3.0)}
    >>> check_batch_times(orders, 1, 2.0, 4.0, [FoundTimes((1,), 0, 4.0, 15.0, 8.0)], 0)
    ['batch 0 begins at 4, before its orders are released at 5']
    """
    faults = []
    busy: dict[int, list[tuple[float, float, int]]] = {}
    late_s = 0.0
    for number, batch in enumerate(batches):
        given = [orders[order] for order in batch.orders if order in orders]
        release_s = max((one.release_s for one in given), default=0.0)
        if batch.start_s < release_s - TOLERANCE:
            faults.append(
                f"batch {number} begins at {batch.start_s:g}, before its orders are "
                f"released at {release_s:g}"
            )
        needs_s = setup_s + batch.length / speed + sum(one.service_s for one in given)
        takes_s = batch.end_s - batch.start_s
        if not abs(takes_s - needs_s) <= TOLERANCE * max(1.0, needs_s):
            faults.append(f"batch {number} takes {takes_s:g} s and needs {needs_s:g}")
        if not 0 <= batch.picker < pickers:
            faults.append(f"batch {number} has picker {batch.picker} of {pickers}")
        busy.setdefault(batch.picker, []).append((batch.start_s, batch.end_s, number))
        late_s += sum(max(0.0, batch.end_s - one.due_s) for one in given)
    for picker, spans in busy.items():
        spans.sort()
        for before, after in itertools.pairwise(spans):
            if after[0] < before[1] - TOLERANCE:
                pair = f"{before[2]} and {after[2]}"
                faults.append(f"picker {picker} has batches {pair} at a time")
    if not abs(late_s - tardiness_s) <= TOLERANCE * max(1.0, late_s):
        faults.append(f"tardiness is {late_s:g} and is said to be {tardiness_s:g}")
    return faults
