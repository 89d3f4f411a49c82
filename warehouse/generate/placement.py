"""Where stock lies, and how much of it."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from warehouse.generate.params import ScenarioParams
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
from warehouse.scenario import Orders, Stock

MOST_LOCATIONS = 12
CLASS_SHARES = (0.2, 0.3, 0.5)
"""Shares of the SKUs in classes A, B and C, by popularity."""


def steps_to_docks(layout: Layout) -> NDArray[np.int64]:
    """Count the steps from each cell to its nearest dock; large where no way leads.

    Searched backwards from the docks, so one-way floor counts as it is driven.
    """
    grid = Grid.from_layout(layout)
    steps = np.full(grid.cells, np.iinfo(np.int32).max, np.int64)
    queue = deque(layout.cells_of(CellKind.DOCK).tolist())
    steps[list(queue)] = 0
    while queue:
        cell = queue.popleft()
        for before in grid.predecessors[cell].tolist():
            if before >= 0 and steps[before] > steps[cell] + 1:
                steps[before] = steps[cell] + 1
                queue.append(before)
    return steps


def racks_by_distance(layout: Layout) -> NDArray[np.int32]:
    """Rack cells, the one nearest to a dock first; ties in order of cell number."""
    racks = layout.cells_of(CellKind.RACK)
    floor = np.pad(
        steps_to_docks(layout).reshape(layout.height, layout.width),
        1,
        constant_values=np.iinfo(np.int32).max,
    )
    around = np.stack([floor[:-2, 1:-1], floor[2:, 1:-1], floor[1:-1, :-2]])
    nearest = np.minimum(around.min(axis=0), floor[1:-1, 2:]).ravel()[racks]
    return racks[np.argsort(nearest, kind="stable")]


def locations_of_skus(
    popularity: NDArray[np.float64], mean: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return how many rack cells hold each SKU: one, and more for popular ones."""
    extra = round((mean - 1) * len(popularity))
    return 1 + np.minimum(rng.multinomial(extra, popularity), MOST_LOCATIONS - 1)


def place_skus(
    locations: NDArray[np.int64],
    popularity: NDArray[np.float64],
    racks: NDArray[np.int32],
    params: ScenarioParams,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Give every location of a SKU a rack cell: arrays of SKU and cell, sorted.

    Every rack cell is filled before one holds a second SKU, class by class.
    """
    skus = np.repeat(np.arange(len(locations)), locations)
    if params.placement == "random":
        skus = rng.permutation(skus)
        cells = np.resize(rng.permutation(racks), len(skus))
    else:
        rank = np.empty(len(popularity), np.int64)
        rank[np.argsort(-popularity, kind="stable")] = np.arange(len(popularity))
        limits = np.cumsum(CLASS_SHARES)[:-1] * len(popularity)
        group = np.searchsorted(limits, rank[skus], side="right")
        # Random within a class: that is what a class is.
        skus = skus[np.lexsort((rng.random(len(skus)), group))]
        if len(skus) >= len(racks):
            cells = np.sort(np.arange(len(skus)) * len(racks) // len(skus))
        else:
            cells = np.arange(len(skus))
        cells = racks[cells]
    pair = np.unique(np.stack([skus, cells.astype(np.int64)]), axis=1)
    return pair[0], pair[1].astype(np.int32)


def generate_stock(
    params: ScenarioParams,
    orders: Orders,
    popularity: NDArray[np.float64],
    layout: Layout,
    rng: np.random.Generator,
) -> Stock:
    """Stock that covers all orders but the share of lines that must fall short."""
    demand = np.bincount(
        orders.line_sku, weights=orders.line_quantity, minlength=params.skus
    ).astype(np.int64)
    total = demand + 1 + rng.poisson(2 + 0.5 * demand)
    short = rng.permutation(orders.lines)[: round(params.short_share * orders.lines)]
    if len(short):
        missing = np.bincount(
            orders.line_sku[short],
            weights=orders.line_quantity[short],
            minlength=params.skus,
        ).astype(np.int64)
        total = np.where(missing > 0, demand - missing, total)
    locations = locations_of_skus(popularity, params.locations_mean, rng)
    racks = racks_by_distance(layout)
    sku, cell = place_skus(locations, popularity, racks, params, rng)
    # Each location gets an even share of the SKU's units, the first ones the rest.
    count = np.bincount(sku, minlength=params.skus)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    nth = np.arange(len(sku)) - first[sku]
    quantity = total[sku] // count[sku] + (nth < total[sku] % count[sku])
    # Empty places are not written, unless they are all that a SKU has.
    kept = (quantity > 0) | (nth == 0)
    return Stock(
        sku[kept].astype(np.int32),
        cell[kept].astype(np.int32),
        quantity[kept].astype(np.int32),
    )
