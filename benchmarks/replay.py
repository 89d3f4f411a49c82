"""How long a frame of the replay takes to draw, without a screen."""

import time
from dataclasses import replace

import numpy as np

import layouts
from benchmarks.registry import Run, spec
from viz.frame import Painter
from viz.replay import Replay
from viz.view import View
from warehouse.formats.scenario_folder import read_scenario
from warehouse.grid import Grid
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
from warehouse.scenario import Fleet, Scenario

SIZE = (1280, 800)
STEPS = 240
PICK_STEPS, DROP_STEPS = 10, 6


@spec(
    "replay",
    "Milliseconds to draw one frame of 1280 x 800 on the layout `large`, all in view",
)
def replay(run: Run) -> dict[str, float]:
    import pygame  # greets on stdout, unless viz was imported before

    scenario = read_scenario(layouts.folder("large"))
    numbers = {}
    for robots in (1000, 10_000):
        shown = Replay.from_plan(wandering_plan(scenario, robots, run.seed))
        view, painter = View(shown, SIZE), Painter(shown)
        surface = pygame.Surface(SIZE, 0, 32)
        times_ms = []
        for t in np.linspace(0, STEPS, 10 if run.smoke else 200):
            view.seek(t)
            began = time.perf_counter()
            painter.paint(surface, view)
            times_ms.append(1000 * (time.perf_counter() - began))
        pixels = pygame.surfarray.array3d(surface)
        if len(np.unique(pixels.reshape(-1, 3), axis=0)) < 10:
            raise RuntimeError("the frame is empty")
        numbers[f"robots_{robots}_ms"] = float(np.median(times_ms))
        numbers[f"robots_{robots}_slowest_ms"] = max(times_ms)
    return numbers


def wandering_plan(scenario: Scenario, robots: int, seed: int) -> Plan:
    """Robots that wander, through each other, and each pick and hand over one order."""
    rng = np.random.default_rng(seed)
    grid = Grid.from_layout(scenario.layout)
    # Robot r stands still to pick, and later to hand over, at times of its own.
    pick = rng.integers(1, STEPS // 2 - PICK_STEPS, robots)
    drop = rng.integers(STEPS // 2, STEPS - DROP_STEPS, robots)
    cells = np.empty((STEPS + 1, robots), np.int32)
    cells[0] = rng.choice(np.flatnonzero(grid.drivable), robots, replace=False)
    direction = rng.integers(0, 4, robots)
    for t in range(STEPS):
        ahead = grid.successors[cells[t], direction]
        stands = (pick <= t) & (t < pick + PICK_STEPS)
        stands |= (drop <= t) & (t < drop + DROP_STEPS)
        cells[t + 1] = np.where(stands | (ahead < 0), cells[t], ahead)
        turns = (ahead < 0) | (rng.random(robots) < 0.1)
        direction = np.where(turns, rng.integers(0, 4, robots), direction)
    robot = np.arange(robots)
    first_line = np.unique(scenario.orders.line_order, return_index=True)[1]
    stops = np.zeros((robots, 2), STOP_DTYPE)
    stops["robot"] = stops["trip"] = robot[:, None]
    stops["kind"] = StopKind.PICK, StopKind.DROP
    stops["start"] = np.stack([pick, drop], axis=1)
    stops["end"] = stops["start"] + (PICK_STEPS, DROP_STEPS)
    stops["cell"] = cells[stops["start"], robot[:, None]]
    stops["station"] = -1
    stops["station"][:, 1] = robot % len(scenario.stations)
    picks = np.zeros(robots, PICK_DTYPE)
    picks["stop"] = 2 * robot
    picks["line"] = first_line[:robots]
    picks["rack"] = scenario.stock.cell[0]
    picks["quantity"] = scenario.orders.line_quantity[picks["line"]]
    drops = np.zeros(robots, DROP_DTYPE)
    drops["stop"], drops["order"] = 2 * robot + 1, robot
    packing = np.zeros(robots, PACKING_DTYPE)
    packing["order"], packing["station"] = robot, stops["station"][:, 1]
    packing["start_s"] = (drop + DROP_STEPS) * scenario.step_s
    packing["end_s"] = packing["start_s"] + 30.0
    return Plan(
        replace(scenario, fleet=Fleet(cells[0].copy())),
        cells,
        None,
        stops.ravel(),
        picks,
        drops,
        packing,
        np.zeros(0, UNSERVED_DTYPE),
        Bound({"stations": 1.0}),
    )
