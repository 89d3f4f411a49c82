"""A seeded generator of cartons, sizes and trucks for a scenario that has none."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.generate.params import out_of_range
from warehouse.layout import ALL_EXITS, COL_STEP, ROW_STEP, CellKind, Layout
from warehouse.scenario import Scenario
from warehouse.shipping import (
    PACKING_LIMITS,
    Catalogue,
    Door,
    PackingRules,
    Shipping,
    Units,
)
from warehouse.trucks import Trucks

CATALOGUE_MM: Final = (
    (160, 110, 60), (200, 150, 90), (230, 160, 120), (300, 210, 100),
    (310, 220, 150), (350, 250, 180), (400, 300, 200), (430, 310, 260),
    (500, 350, 300), (600, 400, 300), (600, 400, 400), (800, 600, 500),
)  # fmt: skip
"""Inner sizes of twelve cartons."""
HANDLING_COST: Final = 5.0
"""A carton costs as much to be handled as five litres more of it."""
MAX_MASS_KG: Final = 25.0
MOST_TRUCKS: Final = 100_000
_MEDIAN_EDGE_MM, _EDGE_SPREAD = 90.0, 0.5
_DENSITY_KG_L, _DENSITY_SPREAD = 0.35, 0.4
_SHORTEST_MM, _LONGEST_MM = 10, 550
_LONGEST_WIDTH_MM: Final = 380


@dataclass(frozen=True, slots=True)
class ShippingParams:
    """Parameters of generated cartons and trucks.

    Parameters
    ----------
    s_per_carton, setup_s, support, transfer_s, walk_m_s : float
        See `warehouse.shipping.PackingRules`.
    upright_share, fragile_share : float
        Shares of the SKUs that stand upright, and that bear nothing.
    trucks_every_s : float
        Time between two departures of a carrier; 0 for no trucks.
    trucks_until_s : float
        Departures end with the first one at this time or later. 0 for 1.2 times what
        it takes to the last release, and all packers for all work after it.
    carriers : int
        Each has a door of its own and departs at the same times.
    truck_m3, truck_kg : float
        Capacity of each.
    seed : int

    Raises
    ------
    InputError
        With every parameter that is out of range.
    """

    s_per_carton: float = 4.0
    setup_s: float = 0.0
    support: float = 0.0
    transfer_s: float = 60.0
    walk_m_s: float = 1.0
    upright_share: float = 0.05
    fragile_share: float = 0.02
    trucks_every_s: float = 0.0
    trucks_until_s: float = 0.0
    carriers: int = 3
    truck_m3: float = 40.0
    truck_kg: float = 12_000.0
    seed: int = 0

    def __post_init__(self) -> None:
        limits = PACKING_LIMITS | {
            "upright_share": (0.0, 1.0),
            "fragile_share": (0.0, 1.0),
            "trucks_every_s": (0.0, 1e6),
            "trucks_until_s": (0.0, 1e7),
            "carriers": (1, 100),
            "truck_m3": (0.001, 1e6),
            "truck_kg": (0.001, 1e9),
        }
        faults = out_of_range(self, limits)
        if faults:
            raise InputError(faults)


def add_shipping(scenario: Scenario, params: ShippingParams) -> Scenario:
    """Give a scenario sizes, twelve cartons and, it may be, trucks.

    With trucks every order gets a carrier, and is due with one of its departures: the
    orders known at the start with any of them, later ones no sooner than a departure
    after their release, though the last truck may have left by then. What was due
    before is written over.

    Parameters
    ----------
    scenario : Scenario
        Without robots of both kinds.
    params : ShippingParams

    Raises
    ------
    InputError
        E602 if robots carry totes and pods, the wall has no room for the doors, or
        there would be more than 100,000 trucks.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> small = read_scenario(folder("small"))
    >>> with_cartons = add_shipping(small, ShippingParams())
    >>> len(with_cartons.shipping.catalogue), with_cartons.shipping.trucks
    (12, None)
    """
    if scenario.is_mixed:
        found = "its robots carry totes and pods, where orders have no cartons"
        needed = "give a site with one of them"
        fault = Fault("E602", scenario.name, found, needed)
        raise InputError([fault])
    rng = np.random.Generator(np.random.PCG64(params.seed))
    units = _draw_units(scenario, params, rng)
    rules = PackingRules(**{name: getattr(params, name) for name in PACKING_LIMITS})
    shipping = Shipping(units, twelve_cartons(), rules)
    scenario = replace(scenario, shipping=shipping, sku_mass_kg=units.mass_kg.copy())
    if params.trucks_every_s:
        scenario = _add_trucks(scenario, shipping, params, rng)
    return scenario


def twelve_cartons() -> Catalogue:
    """Twelve cartons of 1 to 240 litres; each costs its litres and its handling."""
    size_m = np.array(CATALOGUE_MM) / 1000
    return Catalogue(
        tuple(f"C{number:02d}" for number in range(1, len(size_m) + 1)),
        size_m,
        np.full(len(size_m), MAX_MASS_KG),
        np.round(size_m.prod(axis=1) * 1000 + HANDLING_COST, 3),
    )


def draw_units(
    rng: np.random.Generator, kinds: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Draw log-normal edges in mm and masses in kg of so many kinds of units.

    Shape (kinds, 3) and (kinds,). Nothing is longer than 550 mm or heavier than 20 kg.
    """
    edges = _MEDIAN_EDGE_MM * np.exp(_EDGE_SPREAD * rng.standard_normal((kinds, 3)))
    size = np.clip(np.rint(edges), _SHORTEST_MM, _LONGEST_MM).astype(np.int32)
    size = -np.sort(-size, axis=1)
    size[:, 1:] = np.minimum(size[:, 1:], _LONGEST_WIDTH_MM)
    density = _DENSITY_KG_L * np.exp(_DENSITY_SPREAD * rng.standard_normal(kinds))
    mass_kg = np.minimum(20.0, size.astype(float).prod(axis=1) / 1e6 * density)
    return size, np.round(mass_kg, 3)


def _draw_units(
    scenario: Scenario, params: ShippingParams, rng: np.random.Generator
) -> Units:
    skus = len(scenario.sku_names)
    size, mass_kg = draw_units(rng, skus)
    return Units(
        scenario.sku_names,
        size / 1000,
        np.maximum(mass_kg, 0.001),
        rng.random(skus) < params.upright_share,
        rng.random(skus) < params.fragile_share,
    )


def _add_trucks(
    scenario: Scenario,
    shipping: Shipping,
    params: ShippingParams,
    rng: np.random.Generator,
) -> Scenario:
    every_s = params.trucks_every_s
    until_s = params.trucks_until_s or 1.2 * _work_s(scenario)
    if until_s / every_s * params.carriers > MOST_TRUCKS:
        found = f"got {every_s:g} for {params.carriers} carriers until {until_s:.0f} s"
        needed = f"need more, for at most {MOST_TRUCKS:,} trucks"
        raise InputError([Fault("E602", "trucks_every_s", found, needed)])
    layout, doors = _open_doors(scenario, params.carriers)
    waves = max(1, math.ceil(until_s / every_s))
    carriers = tuple(f"carrier {number}" for number in range(1, params.carriers + 1))
    rows = [(c, wave) for wave in range(waves) for c in range(params.carriers)]
    trucks = Trucks(
        tuple(carriers[c] for c, _ in rows),
        tuple(doors[c].name for c, _ in rows),
        np.array([every_s * (wave + 1) for _, wave in rows]),
        np.full(len(rows), params.truck_m3),
        np.full(len(rows), params.truck_kg),
    )
    orders = scenario.orders
    first = np.ceil(orders.release_s / every_s).astype(np.int64)
    last = np.maximum(first, waves - 1)
    wave = rng.integers(first, last + 1).astype(np.float64)
    carrier = tuple(
        carriers[c] for c in rng.integers(params.carriers, size=len(orders)).tolist()
    )
    return replace(
        scenario,
        layout=layout,
        orders=replace(orders, due_s=every_s * (wave + 1.0), carrier=carrier),
        shipping=replace(shipping, doors=doors, trucks=trucks),
    )


def _work_s(scenario: Scenario) -> float:
    """When packers would be done with all, a carton an order, from the last release."""
    orders = scenario.orders
    units = np.bincount(orders.line_order, orders.line_quantity, len(orders))
    work_s = sum(scenario.pack_s(int(count), 1) for count in units.tolist())
    packers = sum(station.packers for station in scenario.stations)
    return float(orders.release_s.max(initial=0.0)) + work_s / max(1, packers)


def _open_doors(scenario: Scenario, count: int) -> tuple[Layout, tuple[Door, ...]]:
    """Use the dock doors of the floor, or open some in the wall nearest to the docks.

    Raises
    ------
    InputError
    """
    layout = scenario.layout
    cells = layout.cells_of(CellKind.DOOR)
    kinds = layout.kinds
    if len(cells) < count:
        walls = _openable(layout)
        docks = np.array([station.cell for station in scenario.stations])
        dock_rows, dock_cols = np.divmod(docks, layout.width)
        rows, cols = np.divmod(walls, layout.width)
        far = np.abs(rows[:, None] - dock_rows) + np.abs(cols[:, None] - dock_cols)
        nearest = far.min(axis=1, initial=np.iinfo(np.int64).max)
        near = np.sort(walls[np.argsort(nearest, kind="stable")[: 8 * count]])
        if len(near) < count:
            needed = "mark dock doors with D, or ask for fewer carriers"
            found = f"the wall has room for {len(near)} of {count} doors"
            raise InputError([Fault("E602", "carriers", found, needed)])
        spread = (np.arange(count) * 2 + 1) * len(near) // (2 * count)
        cells = near[spread].astype(np.int32)
        kinds = layout.kinds.copy()
        kinds.ravel()[cells] = CellKind.DOOR
    doors = tuple(
        Door(f"D{number}", int(cell)) for number, cell in enumerate(cells[:count], 1)
    )
    return replace(layout, kinds=kinds, exits=layout.exits.copy()), doors


def _openable(layout: Layout) -> NDArray[np.int64]:
    """Cells of the outer wall with floor beside them on which robots go any way."""
    plain = np.pad((layout.kinds == CellKind.FLOOR) & (layout.exits == ALL_EXITS), 1)
    beside = np.zeros(layout.kinds.shape, bool)
    for down, right in zip(ROW_STEP, COL_STEP, strict=True):
        beside |= np.roll(plain, (-down, -right), (0, 1))[1:-1, 1:-1]
    outer = np.zeros(layout.kinds.shape, bool)
    outer[[0, -1]] = True
    outer[:, [0, -1]] = True
    return np.flatnonzero(outer & beside & (layout.kinds == CellKind.WALL))
