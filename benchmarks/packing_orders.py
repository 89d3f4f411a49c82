"""Orders of boxes whose sizes are drawn: what the benchmarks of cartons pack."""

import csv
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.packing.carton_problem import CartonProblem, Cartons
from solvers.packing.problem import Boxes

CATALOGUE_MM: Final = (
    (160, 110, 60), (200, 150, 90), (230, 160, 120), (300, 210, 100),
    (310, 220, 150), (350, 250, 180), (400, 300, 200), (430, 310, 260),
    (500, 350, 300), (600, 400, 300), (600, 400, 400), (800, 600, 500),
)  # fmt: skip
"""Inner sizes of twelve cartons; a carton costs what it holds in litres."""
MAX_MASS_KG: Final = 25.0
_MEDIAN_EDGE_MM, _EDGE_SPREAD = 90.0, 0.5
_DENSITY_KG_L, _DENSITY_SPREAD = 0.35, 0.4
_SHORTEST_MM, _LONGEST_MM = 10, 550


def catalogue() -> Cartons:
    """Twelve cartons of 1 to 240 litres."""
    size = np.array(CATALOGUE_MM, np.int32)
    litres = size.astype(np.int64).prod(axis=1) / 1e6
    return Cartons(size, np.full(len(size), MAX_MASS_KG), litres)


def draw_units(
    rng: np.random.Generator, kinds: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Draw log-normal edges in mm and masses in kg of so many kinds of units.

    Shape (kinds, 3) and (kinds,). Nothing is longer than 550 mm or heavier than 20 kg.
    """
    edges = _MEDIAN_EDGE_MM * np.exp(_EDGE_SPREAD * rng.standard_normal((kinds, 3)))
    size = np.clip(np.rint(edges), _SHORTEST_MM, _LONGEST_MM).astype(np.int32)
    size = -np.sort(-size, axis=1)
    size[:, 1:] = np.minimum(size[:, 1:], 380)
    density = _DENSITY_KG_L * np.exp(_DENSITY_SPREAD * rng.standard_normal(kinds))
    mass_kg = np.minimum(20.0, size.astype(float).prod(axis=1) / 1e6 * density)
    return size, np.round(mass_kg, 3)


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
