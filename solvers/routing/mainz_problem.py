"""Tour problems from instances in the Mainz format, with one block or two."""

import numpy as np
from numpy.typing import NDArray

from solvers.routing.parallel_aisles import AisleProblem
from solvers.routing.scattered_problem import ScatteredProblem
from warehouse.errors import Fault, InputError
from warehouse.formats.mainz import MainzInstance


def aisle_problem(instance: MainzInstance, *, blocks: int = 1) -> AisleProblem:
    """Tour through the places of all articles that an instance orders.

    With two blocks a middle cross aisle lies between cells C/2 - 1 and C/2, one cell
    distance from each, as in the published values for two blocks.

    Raises
    ------
    InputError
        E159, if the instance leaves something else to decide than the tour: several
        orders to batch, or several places of an ordered article to choose from; or
        if its cells cannot be halved into two blocks.
    """
    faults = [*_orders_faults(instance), *floor_faults(instance, blocks)]
    places = np.bincount(instance.stock_article)[np.unique(instance.line_article)]
    if (places > 1).any():
        found = f"{int((places > 1).sum())} ordered articles with several places"
        faults.append((found, "a tour needs one place each: choose them first"))
    refuse(instance, faults)
    return warehouse_of(instance, blocks)


def scattered_problem(instance: MainzInstance, *, blocks: int = 1) -> ScatteredProblem:
    """Tour for which one also chooses where to pick each article.

    Two blocks are as in `aisle_problem`.

    Raises
    ------
    InputError
        E159, if there are several orders to batch, or if the cells cannot be halved
        into two blocks.
    """
    refuse(instance, [*_orders_faults(instance), *floor_faults(instance, blocks)])
    places = places_to_pick(instance)
    demand = np.zeros(len(instance.article_id), np.int32)
    np.add.at(demand, instance.line_article, instance.line_quantity)
    return ScatteredProblem(
        warehouse_of(instance, blocks),
        instance.stock_article[places],
        instance.stock_quantity[places],
        demand,
    )


def is_scattered(instance: MainzInstance) -> bool:
    """Whether an ordered article lies in several places."""
    ordered = instance.stock_article[places_to_pick(instance)]
    return len(np.unique(ordered)) < len(ordered)


def warehouse_of(instance: MainzInstance, blocks: int) -> AisleProblem:
    """Every place of every ordered article, in its warehouse."""
    cells = instance.cells
    x = np.arange(instance.aisles, dtype=np.float64)
    x *= instance.aisle_to_aisle
    y = np.arange(cells, dtype=np.float64)
    y *= instance.cell_to_cell
    y += instance.top_to_cell
    cross_y = [0.0, y[-1] + instance.bottom_to_cell]
    if blocks == 2:
        y[cells // 2 :] += instance.cell_to_cell
        middle = y[cells // 2 - 1] + instance.cell_to_cell
        cross_y = [0.0, middle, cross_y[1] + instance.cell_to_cell]
    places = places_to_pick(instance)
    return AisleProblem(
        x,
        np.array(cross_y, np.float64),
        instance.stock_aisle[places],
        y[instance.stock_cell[places]],
        instance.depot_aisle,
        0 if instance.depot_side == "top" else blocks,
        instance.to_depot,
    )


def places_to_pick(instance: MainzInstance) -> NDArray[np.intp]:
    """Rows of the stock that are ordered; pick p of the problem is the p-th of them."""
    return np.flatnonzero(np.isin(instance.stock_article, instance.line_article))


def refuse(instance: MainzInstance, faults: list[tuple[str, str]]) -> None:
    """Raise E159 for all faults, if there are any."""
    if faults:
        raise InputError(
            Fault("E159", instance.name, found, needed) for found, needed in faults
        )


def _orders_faults(instance: MainzInstance) -> list[tuple[str, str]]:
    if instance.orders <= 1:
        return []
    return [(f"{instance.orders} orders", "a tour needs one: batch them first")]


def floor_faults(instance: MainzInstance, blocks: int) -> list[tuple[str, str]]:
    """What keeps the floor of an instance from being split into blocks."""
    faults = []
    if blocks not in (1, 2):
        faults.append((f"{blocks} blocks", "use 1 or 2"))
    if blocks == 2 and instance.cells % 2:
        found = f"{instance.cells} cells"
        faults.append((found, "two blocks need an even number"))
    if instance.cells > 1 and instance.cell_to_cell == 0:
        faults.append(("DISTANCE_CELL_TO_CELL 0", "cells need a distance above 0"))
    return faults
