"""Reserved picks moved to other locations, together with the batches they ride in."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solvers.allocation.with_batches import (
    BatchedAllocationParams,
    BatchedPicks,
    solve,
)
from solvers.fulfilment.reserve import Reserved, StockLedger
from solvers.fulfilment.ride_limits import ride_limits
from solvers.fulfilment.site import Site
from solvers.result import ProgressCallback, Stop


def choose_locations(
    site: Site,
    ledger: StockLedger,
    reserved: Reserved,
    stop: Stop,
    *,
    seed: int,
    params: BatchedAllocationParams,
    on_progress: ProgressCallback | None = None,
) -> tuple[Reserved, dict[int, int]]:
    """Serve reserved picks from where the tours of all batches become short.

    Parameters
    ----------
    site : Site
    ledger : StockLedger
        The stock of the new locations is taken from it, that of the old ones given
        back.
    reserved : Reserved
    stop : Stop
    seed : int
    params : BatchedAllocationParams
    on_progress : callable, optional

    Returns
    -------
    Reserved
        The same units of the same lines.
    dict of int to int
        The batch of each order for which the locations were chosen.
    """
    if not len(reserved.line):
        return reserved, {}
    given = site.scenario.orders
    by_order = np.argsort(given.line_order[reserved.line], kind="stable")
    line, row = reserved.line[by_order], reserved.stock[by_order]
    quantity = reserved.quantity[by_order]
    orders, first = np.unique(given.line_order[line], return_index=True)
    options = [
        sorted({r for r in ledger.rows_of_sku[sku] if ledger.left[r] > 0} | {now})
        for sku, now in zip(given.line_sku[line].tolist(), row.tolist(), strict=True)
    ]
    rows = np.unique(np.concatenate([np.array(some, np.int32) for some in options]))
    left = ledger.left.astype(np.int64)
    np.add.at(left, row, quantity)
    limit, load = ride_limits(
        site.scenario, site.scenario.fleet.tote_slots, line, quantity
    )
    places, place = np.unique(ledger.stands[rows], return_inverse=True)
    problem = BatchedPicks(
        distance=site.steps_between(places.astype(np.int32)),
        order_start=np.append(first, len(line)).astype(np.int32),
        pick_quantity=quantity,
        option_start=np.cumsum([0, *map(len, options)], dtype=np.int32),
        option=_positions(rows, (r for some in options for r in some)),
        location_place=place.astype(np.int32) + 1,
        location_quantity=left[rows],
        location=_positions(rows, row.tolist()),
        capacity=limit,
        load=load,
    )
    chosen = solve(
        problem, stop, seed=seed, params=params, on_progress=on_progress
    ).solution
    assert chosen is not None  # the locations given are a solution
    stock = rows[chosen.location].astype(np.int32)
    np.subtract.at(left, stock, quantity)
    ledger.left[:] = left
    batch_of = dict(zip(orders.tolist(), chosen.batch_of.tolist(), strict=True))
    moved = replace(reserved, line=line, stock=stock, quantity=quantity)
    return moved, batch_of


def _positions(rows: NDArray[np.int32], some: Iterable[int]) -> NDArray[np.int32]:
    """Where stock rows stand in a sorted array of them."""
    return np.searchsorted(rows, np.fromiter(some, np.int32)).astype(np.int32)
