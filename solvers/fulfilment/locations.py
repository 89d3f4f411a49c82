"""Reserved picks moved to other locations, together with the batches they ride in."""

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
    pick, options = ledger.locations(given.line_sku[line])
    open_now = (ledger.left[options] > 0) | (options == row[pick])
    pick, options = pick[open_now], options[open_now]
    rows = np.unique(options)
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
        option_start=np.searchsorted(pick, np.arange(len(line) + 1)).astype(np.int32),
        option=_positions(rows, options),
        location_place=place.astype(np.int32) + 1,
        location_quantity=left[rows],
        location=_positions(rows, row),
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


def _positions(
    rows: NDArray[np.intp], some: NDArray[np.signedinteger]
) -> NDArray[np.int32]:
    """Where stock rows stand in a sorted array of them."""
    return np.searchsorted(rows, some).astype(np.int32)
