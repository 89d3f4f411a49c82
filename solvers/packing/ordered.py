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
from warehouse.formats.cartons_csv import Catalogue, PackingOrders

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
    cartons, orders, units = cartons_of(given.catalogue), given.orders, given.units
    largest = np.ceil(units.size_m * _PER_M - _CLOSE)
    known = (units.size_m > 0).all(axis=1) & ~(units.mass_kg <= 0)
    size = np.where(known[:, None], np.clip(largest, 1, LONGEST_EDGE), 1).astype(int)
    fits_scale = known & (largest <= LONGEST_EDGE).all(axis=1)
    upright = np.array([turn[2] == 2 for turn in ROTATIONS])
    rotations = upright[None] | ~units.this_side_up[:, None]
    first = np.searchsorted(orders.line_order, np.arange(len(orders.names) + 1))
    found = []
    for order, name in enumerate(orders.names):
        lines = slice(int(first[order]), int(first[order + 1]))
        sku = orders.line_sku[lines]
        copies = orders.line_quantity[lines]
        faults: list[Fault] = []
        if len(sku) > MOST_KINDS or copies.sum() > MOST_UNITS:
            text = f"it has {len(sku):,} SKUs and {copies.sum():,} units"
            needed = f"divide it: {MOST_KINDS:,} and {MOST_UNITS:,} at most are packed"
            faults.append(Fault("E128", f"order {name}", text, needed))
            sku, copies = sku[:0], copies[:0]
        boxes = Boxes(
            size=size[sku],
            copies=copies,
            rotations=rotations[sku],
            mass_kg=np.nan_to_num(np.where(known, units.mass_kg, 0.0)[sku]),
            fragile=units.fragile[sku],
        )
        problem = CartonProblem(boxes, cartons, support)
        packs = fits_scale[sku] & problem.holds().any(axis=1)
        faults += [
            _reason(name, given, problem, line, int(sku[line]), bool(known[sku[line]]))
            for line in np.flatnonzero(~packs).tolist()
        ]
        if not packs.all():
            boxes = replace(boxes, copies=np.where(packs, copies, 0))
            problem = replace(problem, boxes=boxes)
        found.append(PackingOrder(name, sku, problem, tuple(faults)))
    return found


def _reason(
    order: str,
    given: PackingOrders,
    problem: CartonProblem,
    line: int,
    sku: int,
    known: bool,
) -> Fault:
    """Why the units of an order line go into no carton."""
    units, boxes = given.units, problem.boxes
    place = f"order {order}, SKU {units.names[sku]}"
    edges = " x ".join(f"{edge:g}" for edge in units.size_m[sku])
    if not known:
        found = f"its size is {edges} m, its mass {units.mass_kg[sku]:g} kg"
        needed = "give numbers above 0 in skus.csv"
        return Fault("E129", place, found, needed)
    in_size = [bool(boxes.fitting(size)[line].any()) for size in problem.cartons.size]
    if not any(in_size):
        found = f"{edges} m fits into no carton"
        return Fault("E180", place, found, "add a larger carton to cartons.csv")
    carries = float(problem.cartons.max_mass_kg[in_size].max())
    found = f"{units.mass_kg[sku]:g} kg; the cartons it fits into carry {carries:g} kg"
    needed = "add a stronger carton to cartons.csv, or correct its mass_kg"
    return Fault("E127", place, found, needed)
