"""Plans of robots that wander: as large as wanted, made without a solver."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
from warehouse.plan import (
    DROP_DTYPE,
    PACKING_DTYPE,
    PICK_DTYPE,
    STOP_DTYPE,
    UNSERVED_DTYPE,
    Bound,
    Plan,
    StopKind,
)
from warehouse.scenario import Fleet, Orders, Scenario, Station, Stock

ROUND: Final = 240
"""Timesteps in which every robot picks and hands over one order."""
PICK_STEPS, DROP_STEPS = 10, 6


def wandering_plan(
    scenario: Scenario, robots: int, seed: int, *, steps: int = ROUND
) -> Plan:
    """Robots that wander, through each other, with one order in each round.

    Parameters
    ----------
    scenario : Scenario
        Its floor, stations, stock and service are taken; its orders are replaced.
    robots : int
        At most the cells that robots can stand on.
    seed : int
    steps : int
        A multiple of `ROUND`.
    """
    rng = np.random.default_rng(seed)
    rounds = steps // ROUND
    pick, drop = _service_times(rng, robots, rounds)
    cells = _paths(rng, scenario.layout, pick, drop, steps)
    orders = _orders(rounds * robots)
    order = np.arange(len(orders)).reshape(rounds, robots).T
    stops = np.zeros((robots, rounds, 2), STOP_DTYPE)
    stops["robot"] = np.arange(robots)[:, None, None]
    stops["trip"] = order[:, :, None]
    stops["kind"] = StopKind.PICK, StopKind.DROP
    stops["start"] = np.stack([pick, drop], axis=2)
    stops["end"] = stops["start"] + (PICK_STEPS, DROP_STEPS)
    stops["cell"] = cells[stops["start"], stops["robot"]]
    stops["station"] = -1
    stops["station"][:, :, 1] = order % len(scenario.stations)
    picks = np.zeros(len(orders), PICK_DTYPE)
    picks["stop"] = 2 * np.arange(len(orders))
    picks["line"] = order.ravel()
    picks["rack"] = scenario.stock.cell[0]
    picks["quantity"] = 1
    drops = np.zeros(len(orders), DROP_DTYPE)
    drops["stop"], drops["order"] = picks["stop"] + 1, order.ravel()
    packing = np.zeros(len(orders), PACKING_DTYPE)
    packing["order"] = np.arange(len(orders))
    packing["station"] = packing["order"] % len(scenario.stations)
    packing["start_s"] = (drop.T.ravel() + DROP_STEPS) * scenario.step_s
    packing["end_s"] = packing["start_s"] + 30.0
    return Plan(
        replace(scenario, orders=orders, fleet=Fleet(cells[0].copy())),
        cells,
        None,
        stops.ravel(),
        picks,
        drops,
        packing,
        np.zeros(0, UNSERVED_DTYPE),
        Bound({"stations": 1.0}),
    )


def wide_site() -> Scenario:
    """A floor for very many robots: racks two deep, aisles one wide, one station."""
    rows, cols = np.indices((300, 400))
    rack = (rows % 12 > 1) & (cols % 3 != 0)
    marks = np.where(rack, "S", ".")
    marks[-1, 0] = "P"
    layout = Layout.from_rows(["".join(row) for row in marks.tolist()], name="wide")
    racks = layout.cells_of(CellKind.RACK)[:1]
    one = np.ones(1, np.int32)
    dock = int(layout.cells_of(CellKind.DOCK)[0])
    return Scenario(
        name="wide",
        layout=layout,
        sku_names=("A",),
        stock=Stock(np.zeros(1, np.int32), racks, one),
        orders=_orders(1),
        fleet=Fleet(np.array([0], np.int32)),
        stations=(Station("P1", dock),),
    )


def _service_times(
    rng: np.random.Generator, robots: int, rounds: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Steps at which every robot begins to pick and to hand over in every round."""
    begin, half, shape = ROUND * np.arange(rounds), ROUND // 2, (robots, rounds)
    pick = begin + rng.integers(1, half - PICK_STEPS, shape)
    drop = begin + rng.integers(half, ROUND - DROP_STEPS, shape)
    return pick, drop


def _paths(
    rng: np.random.Generator,
    layout: Layout,
    pick: NDArray[np.int64],
    drop: NDArray[np.int64],
    steps: int,
) -> NDArray[np.int32]:
    """Cells of robots that drive ahead, turn now and then, and stand to serve."""
    grid, robots = Grid.from_layout(layout), len(pick)
    cells = np.empty((steps + 1, robots), np.int32)
    cells[0] = rng.choice(np.flatnonzero(grid.drivable), robots, replace=False)
    direction = rng.integers(0, 4, robots)
    for t in range(steps):
        begun, handed = pick[:, t // ROUND], drop[:, t // ROUND]
        stands = (begun <= t) & (t < begun + PICK_STEPS)
        stands |= (handed <= t) & (t < handed + DROP_STEPS)
        ahead = grid.successors[cells[t], direction]
        cells[t + 1] = np.where(stands | (ahead < 0), cells[t], ahead)
        turns = (ahead < 0) | (rng.random(robots) < 0.1)
        direction = np.where(turns, rng.integers(0, 4, robots), direction)
    return cells


def _orders(count: int) -> Orders:
    """Orders of one unit each."""
    index = np.arange(count, dtype=np.int32)
    return Orders(
        names=tuple(f"O{number:06d}" for number in range(count)),
        release_s=np.zeros(count),
        due_s=np.full(count, np.inf),
        priority=np.zeros(count, np.int32),
        line_order=index,
        line_sku=np.zeros(count, np.int32),
        line_quantity=np.ones(count, np.int32),
    )
