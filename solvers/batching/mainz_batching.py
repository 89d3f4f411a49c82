"""Batching problems from instances in the Mainz format."""

from decimal import Decimal
from math import isfinite

import numpy as np

from solvers.batching.problem import BatchingProblem
from solvers.routing.mainz_problem import (
    floor_faults,
    places_to_pick,
    refuse,
    warehouse_of,
)
from warehouse.formats.mainz import MainzInstance

FINEST = 10**6
"""Weights are counted in units no finer than one part in so many."""


def batching_problem(instance: MainzInstance, *, blocks: int = 1) -> BatchingProblem:
    """Which orders to pick together; the load is the weight of all units.

    Place p of the problem is row p - 1 of `places_to_pick`. Blocks are those of
    `solvers.routing.mainz_problem.aisle_problem`.

    Raises
    ------
    InputError
        E159, if articles lie in several places, if the instance has no capacity, if
        its cells cannot be halved into two blocks, or if weights are finer than
        millionths.
    """
    faults = floor_faults(instance, blocks)
    rows = places_to_pick(instance)
    articles = instance.stock_article[rows]
    if len(np.unique(articles)) < len(articles):
        found = "ordered articles with several places"
        faults.append((found, "batching needs one place each: choose them first"))
    if not isfinite(instance.capacity):
        faults.append(("no PICKER_CAPACITY", "batching needs one"))
    scale = _scale(instance)
    if scale > FINEST:
        faults.append(("weights finer than millionths", "round them"))
    refuse(instance, faults)
    weight = np.zeros(instance.orders)
    units = instance.line_quantity * instance.article_weight[instance.line_article]
    np.add.at(weight, instance.line_order, units)
    place = np.zeros(len(instance.article_id), np.int64)
    place[articles] = np.arange(1, len(rows) + 1)
    # A place that an order names twice is visited once.
    needed = np.unique(
        np.column_stack([instance.line_order, place[instance.line_article]]), axis=0
    )
    start = np.searchsorted(needed[:, 0], np.arange(instance.orders + 1))
    return BatchingProblem(
        warehouse_of(instance, blocks),
        start,
        needed[:, 1],
        [round(instance.capacity * scale)],
        np.round(weight * scale).astype(np.int64)[:, None],
    )


def _scale(instance: MainzInstance) -> int:
    """Least power of ten that makes whole numbers of all weights and the capacity."""
    digits = 0
    for value in {instance.capacity, *instance.article_weight.tolist()}:
        if isfinite(value):
            exponent = Decimal(repr(value)).normalize().as_tuple().exponent
            assert isinstance(exponent, int)  # finite numbers have one
            digits = max(digits, -exponent)
    return int(10**digits)
