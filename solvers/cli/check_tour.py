"""Hands a tour, as it is reported, to the independent checker."""

from collections import Counter
from typing import Any

from solvers.cli.mainz_floor import mainz_floor
from warehouse.check.tours import check_walk
from warehouse.formats.mainz import MainzInstance


def tour_faults(
    instance: MainzInstance, tour: dict[str, Any], *, blocks: int
) -> list[str]:
    """What is wrong with a reported tour, by what the file of the instance says.

    Parameters
    ----------
    instance : MainzInstance
    tour : dict
        ``picks``, ``walk`` and ``length``, as `aislewise solve tour` reports them.
    blocks : int
    """
    floor = mainz_floor(instance, blocks)
    places = [
        (floor.aisle_x[pick["aisle"]], floor.place_y[pick["cell"]])
        for pick in tour["picks"]
    ]
    walk = [(float(x), float(y)) for x, y in tour["walk"]]
    faults = _pick_faults(instance, tour["picks"])
    return faults + check_walk(floor, walk, places, tour["length"])


def _pick_faults(instance: MainzInstance, picks: list[dict[str, int]]) -> list[str]:
    """What is not ordered, not there, or not picked; all of a place if none says."""
    names = instance.article_id.tolist()
    stock: Counter[tuple[int, int, int]] = Counter()
    for article, aisle, cell, quantity in zip(
        instance.stock_article.tolist(),
        instance.stock_aisle.tolist(),
        instance.stock_cell.tolist(),
        instance.stock_quantity.tolist(),
        strict=True,
    ):
        stock[names[article], aisle, cell] += quantity
    wanted: Counter[int] = Counter()
    for article, quantity in zip(
        instance.line_article.tolist(), instance.line_quantity.tolist(), strict=True
    ):
        wanted[names[article]] += quantity
    picked: Counter[int] = Counter()
    faults = []
    for pick in picks:
        article = pick["article"]
        place = article, pick["aisle"], pick["cell"]
        quantity = pick.get("quantity", wanted[article])
        picked[article] += quantity
        if place not in stock or ("quantity" in pick and quantity > stock[place]):
            faults.append(f"takes {quantity} of article {article} from {place[1:]}")
        stock[place] -= quantity
    faults += [
        f"picks {picked[article]} of article {article}, ordered are {wanted[article]}"
        for article in sorted(wanted.keys() | picked.keys())
        if picked[article] != wanted[article]
    ]
    return faults
