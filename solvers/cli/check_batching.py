"""Hands a batching, as it is reported, to the independent checker."""

from collections.abc import Hashable
from typing import Any

from solvers.cli.mainz_floor import mainz_floor
from warehouse.check.batches import (
    FoundBatch,
    GivenOrder,
    Paths,
    aisle_arcs,
    check_batches,
)
from warehouse.formats.foodmart import FoodmartInstance
from warehouse.formats.mainz import MainzInstance


def batching_faults(
    instance: MainzInstance | FoodmartInstance,
    batches: list[dict[str, Any]],
    *,
    blocks: int,
) -> list[str]:
    """What is wrong with reported batches, by what the file of the instance says.

    Parameters
    ----------
    instance : MainzInstance or FoodmartInstance
    batches : list of dict
        ``orders``, ``places`` and ``length``, as `aislewise solve batch` reports them.
    blocks : int
    """
    if isinstance(instance, FoodmartInstance):
        return _foodmart_faults(instance, batches)
    return _mainz_faults(instance, batches, blocks)


def _found(batch: dict[str, Any], walk: tuple[Hashable, ...]) -> FoundBatch:
    return FoundBatch(tuple(batch["orders"]), walk, batch["length"])


def _foodmart_faults(
    instance: FoodmartInstance, batches: list[dict[str, Any]]
) -> list[str]:
    points: list[set[Hashable]] = [set() for _ in range(instance.orders)]
    lines = zip(
        instance.line_order.tolist(), instance.line_product.tolist(), strict=True
    )
    for order, product in lines:
        points[order].add(int(instance.product_location[product]))
    orders: dict[Hashable, GivenOrder] = {
        order + 1: GivenOrder(frozenset(points[order]), (float(boxes),))
        for order, boxes in enumerate(instance.order_boxes.tolist())
    }
    arcs = [(int(a), int(b), length) for a, b, length in instance.arcs.tolist()]
    found = [_found(batch, tuple(map(int, batch["places"]))) for batch in batches]
    ends = instance.departure, instance.arrival
    return check_batches(orders, [instance.trolley_boxes], Paths(arcs), ends, found)


def _mainz_faults(
    instance: MainzInstance, batches: list[dict[str, Any]], blocks: int
) -> list[str]:
    floor = mainz_floor(instance, blocks)
    y = floor.place_y
    place = {
        article: (aisle, y[cell])
        for article, aisle, cell in zip(
            instance.stock_article.tolist(),
            instance.stock_aisle.tolist(),
            instance.stock_cell.tolist(),
            strict=True,
        )
    }
    points: list[set[Hashable]] = [set() for _ in range(instance.orders)]
    weight = [0.0] * instance.orders
    lines = zip(
        instance.line_order.tolist(),
        instance.line_article.tolist(),
        instance.line_quantity.tolist(),
        strict=True,
    )
    for order, article, quantity in lines:
        points[order].add(place[article])
        weight[order] += quantity * float(instance.article_weight[article])
    orders: dict[Hashable, GivenOrder] = {
        order: GivenOrder(frozenset(points[order]), (weight[order],))
        for order in range(instance.orders)
    }
    found = []
    for batch in batches:
        cells = [tuple(map(int, text.split(":"))) for text in batch["places"]]
        found.append(_found(batch, tuple((aisle, y[cell]) for aisle, cell in cells)))
    depot = instance.depot_aisle, floor.depot[1]
    return check_batches(
        orders,
        [instance.capacity],
        Paths(aisle_arcs(floor.aisle_x, floor.cross_y, y)),
        (depot, depot),
        found,
        depot_leg=floor.depot_leg,
    )
