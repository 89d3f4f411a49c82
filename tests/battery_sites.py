"""A small site with pods and chargers, for any length of a shift and any batteries."""

from dataclasses import replace

import numpy as np

from warehouse.layout import RIGHT, CellKind, Layout
from warehouse.scenario import (
    Battery,
    Fleet,
    Orders,
    PodSystem,
    Scenario,
    Station,
    Stock,
)

ROWS = [
    "##C##C##C#####",
    "..............",
    ".oo.oo.oo.oo..",
    ".oo.oo.oo.oo..",
    "..............",
    ".oo.oo.oo.oo..",
    ".oo.oo.oo.oo..",
    "...<.....<....",
    ".>>P>..>>P>...",
]
"""Docks are left to the right, so that nobody meets there."""
PODS = 14
SKUS = 20
BATTERY = Battery(
    capacity_wh=40.0,
    moving_w=100.0,
    carrying_w=150.0,
    idle_w=20.0,
    lifting_w=200.0,
    charge_w=600.0,
)
"""Small: it is used up in less than half an hour of work."""


def charged_layout() -> Layout:
    """Return the floor."""
    layout = Layout.from_rows(ROWS, name="charged")
    exits = layout.exits.copy()
    exits[layout.kinds == CellKind.DOCK] = 1 << RIGHT
    return replace(layout, exits=exits)


def battery_scenario(
    end_s: float = np.inf,
    orders: int = 40,
    robots: int = 4,
    battery: Battery | None = BATTERY,
    seed: int = 0,
) -> Scenario:
    """Return the site with orders of one to three lines."""
    rng = np.random.default_rng(seed)
    layout = charged_layout()
    spots = layout.cells_of(CellKind.POD_SPOT)
    cells = np.sort(rng.permutation(spots)[:PODS]).astype(np.int32)
    docks = layout.cells_of(CellKind.DOCK).tolist()
    stations = tuple(Station(f"P{k + 1}", cell) for k, cell in enumerate(docks))
    stock = [
        (sku, cell, 2 * orders)
        for cell in cells.tolist()
        for sku in np.sort(rng.permutation(SKUS)[:4]).tolist()
    ]
    held = sorted({sku for sku, _, _ in stock})
    lines = [
        (order, sku, rng.integers(1, 3))
        for order in range(orders)
        for sku in np.sort(rng.permutation(held)[: rng.integers(1, 4)]).tolist()
    ]
    floor = layout.cells_of(CellKind.FLOOR)
    return Scenario(
        name="charged",
        layout=layout,
        sku_names=tuple(f"S{k}" for k in range(SKUS)),
        stock=Stock(*np.array(stock, np.int32).T.copy()),
        orders=Orders(
            tuple(f"O{k}" for k in range(orders)),
            np.zeros(orders),
            np.full(orders, np.inf),
            np.zeros(orders, np.int32),
            *np.array(lines, np.int32).T.copy(),
        ),
        fleet=Fleet(floor[:robots].copy(), motion="rotate", battery=battery),
        stations=stations,
        pods=PodSystem(
            names=tuple(f"POD{k}" for k in range(PODS)),
            start_cells=cells,
            order_slots=np.full(len(stations), 4, np.int32),
            backlog=20,
            end_s=end_s,
        ),
    )
