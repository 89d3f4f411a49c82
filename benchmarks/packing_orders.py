"""Orders of boxes whose sizes are drawn: what the benchmarks of cartons pack."""

import csv
from pathlib import Path

import numpy as np

from solvers.packing.carton_problem import CartonProblem, Cartons
from solvers.packing.problem import Boxes
from warehouse.generate.shipping import CATALOGUE_MM, MAX_MASS_KG, draw_units


def catalogue() -> Cartons:
    """Twelve cartons of 1 to 240 litres."""
    size = np.array(CATALOGUE_MM, np.int32)
    litres = size.astype(np.int64).prod(axis=1) / 1e6
    return Cartons(size, np.full(len(size), MAX_MASS_KG), litres)


def read_orders(path: Path) -> list[dict[str, int]]:
    """Units by SKU of each order of an ``orders.csv``."""
    orders: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            orders.setdefault(row["order"], {})[row["sku"]] = int(row["quantity"])
    return list(orders.values())


def order_problems(
    orders: list[dict[str, int]], seed: int, support: float
) -> list[CartonProblem]:
    """Orders as packing problems, with sizes drawn for every SKU."""
    skus = sorted({sku for order in orders for sku in order})
    row = {sku: number for number, sku in enumerate(skus)}
    size, mass_kg = draw_units(np.random.default_rng(seed), len(skus))
    cartons = catalogue()
    problems = []
    for order in orders:
        rows = [row[sku] for sku in order]
        kinds = len(rows)
        boxes = Boxes(
            size[rows], np.array(list(order.values())), np.ones((kinds, 6), bool),
            mass_kg[rows], np.zeros(kinds, bool),
        )  # fmt: skip
        problems.append(CartonProblem(boxes, cartons, support))
    return problems
