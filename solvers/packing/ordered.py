"""Orders of a site as packing problems, and what of them can go into no carton."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.packing.carton_problem import CartonProblem, Cartons
from solvers.packing.problem import (
    LONGEST_EDGE,
    MOST_KINDS,
    MOST_UNITS,
    ROTATIONS,
    Boxes,
)
from warehouse.errors import Fault
from warehouse.formats.cartons_csv import PackingOrders
from warehouse.shipping import Catalogue, Units

_PER_M: Final = 1000
"""Sizes are millimetres: units are rounded up and cartons down."""
_CLOSE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class PackingOrder:
    """An order to pack.

    Parameters
    ----------
    name : str
    sku : ndarray of int32, shape (kinds,)
        Of each kind of box of the problem.
    problem : CartonProblem
        Without what can go into no carton.
    left_out : tuple of Fault
        What that is, and how to mend it.
    """

    name: str
    sku: NDArray[np.int32]
    problem: CartonProblem
    left_out: tuple[Fault, ...]


def cartons_of(catalogue: Catalogue) -> Cartons:
    """Cartons with sizes in millimetres."""
    size = np.floor(catalogue.size_m * _PER_M + _CLOSE).astype(np.int32)
    limit_kg = np.minimum(catalogue.max_mass_kg, 1e9)
    return Cartons(size, limit_kg, catalogue.cost)


def orders_to_pack(given: PackingOrders, support: float) -> list[PackingOrder]:
    """One problem for each order; what cannot be packed is named and left out.

    Parameters
    ----------
    given : PackingOrders
    support : float
        Share of the base of each unit that lies on the bottom or on other units.
    """
    cartons, orders = cartons_of(given.catalogue), given.orders
    first = np.searchsorted(orders.line_order, np.arange(len(orders.names) + 1))
    found = []
    for order, name in enumerate(orders.names):
        lines = slice(int(first[order]), int(first[order + 1]))
        sku, copies = orders.line_sku[lines], orders.line_quantity[lines]
        faults: list[Fault] = []
        if len(sku) > MOST_KINDS or copies.sum() > MOST_UNITS:
            text = f"it has {len(sku):,} SKUs and {copies.sum():,} units"
            needed = f"divide it: {MOST_KINDS:,} and {MOST_UNITS:,} at most are packed"
            faults.append(Fault("E128", f"order {name}", text, needed))
            sku, copies = sku[:0], copies[:0]
        boxes, usable = _boxes(given.units, sku, copies)
        problem = CartonProblem(boxes, cartons, support)
        packs = usable & problem.holds().any(axis=1)
        faults += [
            _reason(name, given.units, problem, line, int(sku[line]))
            for line in np.flatnonzero(~packs).tolist()
        ]
        if not packs.all():
            boxes = replace(boxes, copies=np.where(packs, copies, 0))
            problem = replace(problem, boxes=boxes)
        found.append(PackingOrder(name, sku, problem, tuple(faults)))
    return found


def _boxes(
    units: Units, sku: NDArray[np.int32], copies: NDArray[np.int32]
) -> tuple[Boxes, NDArray[np.bool_]]:
    """Units of an order as boxes, and which of them have a size that can be used."""
    size = np.ceil(units.size_m[sku] * _PER_M - _CLOSE)
    mass_kg = np.nan_to_num(units.mass_kg[sku])
    known = (size > 0).all(axis=1) & ~(units.mass_kg[sku] <= 0)
    usable = known & (size <= LONGEST_EDGE).all(axis=1)
    upright = np.array([turn[2] == 2 for turn in ROTATIONS])
    boxes = Boxes(
        size=np.where(usable[:, None], size, 1).astype(np.int32),
        copies=copies,
        rotations=upright[None] | ~units.this_side_up[sku, None],
        mass_kg=np.where(usable, mass_kg, 0.0),
        fragile=units.fragile[sku],
    )
    return boxes, usable


def _reason(
    order: str, units: Units, problem: CartonProblem, line: int, sku: int
) -> Fault:
    """Why the units of an order line go into no carton."""
    place = f"order {order}, SKU {units.names[sku]}"
    size_m, mass_kg = units.size_m[sku], units.mass_kg[sku]
    edges = " x ".join(f"{edge:g}" if edge == edge else "?" for edge in size_m)
    if not (size_m > 0).all():
        needed = "give length_m, width_m and height_m above 0 in skus.csv"
        return Fault("E129", place, f"its size is {edges} m", needed)
    if mass_kg <= 0:
        needed = "give a mass_kg above 0 in skus.csv, or none"
        return Fault("E129", place, f"its mass is {mass_kg:g} kg", needed)
    cartons, boxes = problem.cartons, problem.boxes
    in_size = [bool(boxes.fitting(size)[line].any()) for size in cartons.size]
    if (size_m * _PER_M > LONGEST_EDGE).any() or not any(in_size):
        found = f"{edges} m fits into no carton"
        return Fault("E180", place, found, "add a larger carton to cartons.csv")
    carries = float(cartons.max_mass_kg[in_size].max())
    found = f"{mass_kg:g} kg; the cartons it fits into carry {carries:g} kg"
    needed = "add a stronger carton to cartons.csv, or correct its mass_kg"
    return Fault("E127", place, found, needed)
