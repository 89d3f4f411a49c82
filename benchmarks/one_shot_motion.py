"""One-shot motion on published maps: first solution, and costs as time goes on."""

import time
from functools import partial
from typing import Final, NamedTuple

import numpy as np

import layouts
from benchmarks.registry import MOTION, Run, spec
from solvers.mapf.distances import distance_rows
from solvers.mapf.one_shot.problem import OneShotProblem
from solvers.mapf.one_shot.solve import solve
from solvers.mapf.one_shot.turning import turning_rows
from solvers.result import Stop
from warehouse.check.paths import check_paths
from warehouse.formats.movingai_scen import OneShotInstance, read_one_shot
from warehouse.formats.scenario_folder import read_scenario
from warehouse.grid import Grid
from warehouse.scenario import MotionModel

LIMIT_S: Final = 30.0
SHIPPED_LIMIT_S: Final = 5.0
MARKS_S: Final = (10.0, 30.0)
SMOKE_ROBOTS: Final = 40
CHUNK: Final = 1000


class Row(NamedTuple):
    """One instance: map, scenario and how many of its robots."""

    name: str
    map_name: str
    scen: str
    robots: int
    limit_s: float = LIMIT_S
    motion: MotionModel = "omni"


ROWS: Final = (
    Row("mapf-warehouse-1-500", "warehouse-10-20-10-2-1", "random-1.scen", 500),
    Row("mapf-warehouse-1-1000", "warehouse-10-20-10-2-1", "random-1.scen", 1000),
    Row("mapf-warehouse-1-2000", "warehouse-10-20-10-2-1", "gen3000-seed0.scen", 2000),
    Row("mapf-warehouse-2-1000", "warehouse-20-40-10-2-1", "random-1.scen", 1000),
    Row(
        "mapf-warehouse-2-5000",
        "warehouse-20-40-10-2-1",
        "gen10000-seed0.scen.gz",
        5000,
    ),
    Row(
        "mapf-warehouse-2-2-10000",
        "warehouse-20-40-10-2-2",
        "10000agents-1.scen.gz",
        10000,
    ),
    Row("mapf-random-400", "random-32-32-20", "random-1.scen", 400),
    Row("mapf-den520d-1000", "den520d", "random-1.scen", 1000),
)
TURNING: Final = tuple(
    Row(f"mapf-rotate-{label}", name, "random-1.scen", robots, motion="rotate")
    for label, name, robots in (
        ("warehouse-1-500", "warehouse-10-20-10-2-1", 500),
        ("warehouse-1-1000", "warehouse-10-20-10-2-1", 1000),
        ("warehouse-2-1000", "warehouse-20-40-10-2-1", 1000),
        ("random-200", "random-32-32-20", 200),
        ("random-400", "random-32-32-20", 400),
        ("den520d-1000", "den520d", 1000),
    )
)


def published(row: Row, run: Run) -> dict[str, float]:
    """Solve one published instance for its time limit."""
    instance = read_one_shot(
        run.data / "maps" / f"{row.map_name}.map",
        run.data / "scen" / f"{row.map_name}-{row.scen}",
        SMOKE_ROBOTS if run.smoke else row.robots,
    )
    return one_shot(instance, row.limit_s, run, row.motion)


def shipped(run: Run) -> dict[str, float]:
    """Random goals on a layout that comes along, so that it runs everywhere."""
    layout = read_scenario(layouts.folder("large")).layout
    rng = np.random.default_rng(run.seed)
    floor = np.flatnonzero(layout.drivable.ravel()).astype(np.int32)
    robots = SMOKE_ROBOTS if run.smoke else 200
    ends = [rng.choice(floor, robots, replace=False) for _ in range(2)]
    return one_shot(OneShotInstance(layout, *ends), SHIPPED_LIMIT_S, run)


def one_shot(
    instance: OneShotInstance, limit_s: float, run: Run, motion: MotionModel = "omni"
) -> dict[str, float]:
    """Solve an instance; costs are over the sum of distances, which count turns."""
    grid = Grid.from_layout(instance.layout)
    problem = OneShotProblem(grid, instance.starts, instance.goals, motion)
    stop = Stop(1.0 if run.smoke else limit_s)
    began, computed = time.perf_counter(), time.process_time()
    result = solve(problem, stop, seed=run.seed)
    took_s = time.perf_counter() - began
    cores = (time.process_time() - computed) / took_s
    if result.solution is not None:
        found = check_paths(
            grid,
            result.solution.cells,
            result.solution.headings,
            instance.starts,
            instance.goals,
            start_headings=problem.headings if motion == "rotate" else None,
        )
        if found:
            raise RuntimeError(f"{len(found)} rules broken, first: {found[0]}")
    bound = sum_of_distances(problem)
    history = list(result.statistics["history"])
    first_s, first_cost = history[0] if history else (np.inf, np.inf)
    return {
        "first_s": first_s,
        "first_cost_per_bound": first_cost / bound,
        **{
            f"cost_per_bound_{mark:.0f}_s": best_by(history, mark) / bound
            for mark in MARKS_S
        },
        "took_s": took_s,
        "cores": cores,
        "violations": 0,
    }


def best_by(history: list[tuple[float, float]], moment_s: float) -> float:
    """Least cost found by a moment; infinity if nothing was."""
    return min((cost for s, cost in history if s <= moment_s + 0.05), default=np.inf)


def sum_of_distances(problem: OneShotProblem) -> int:
    """Sum over robots of the shortest path, other robots ignored."""
    floor, total = problem.floor, 0
    starts, goals = floor.at(problem.starts), floor.at(problem.goals)
    for first in range(0, problem.robots, CHUNK):  # a chunk at a time: less memory
        part = slice(first, first + CHUNK)
        at = starts[part]
        if problem.motion == "rotate":
            assert problem.headings is not None
            at = 4 * at + problem.headings[part]
            rows = turning_rows(floor, goals[part])
            assert rows is not None
        else:
            rows = distance_rows(floor, goals[part])
        total += int(rows[np.arange(len(rows)), at].sum(dtype=np.int64))
    return total


for _row in (*ROWS, *TURNING):
    spec(
        _row.name,
        f"One shot: {_row.robots:,} robots"
        f"{' that turn' if _row.motion == 'rotate' else ''} on {_row.map_name}, "
        f"{_row.limit_s:.0f} s",
        needs_data="mapf",
        seeds=(0,),
        group=MOTION,
    )(partial(published, _row))
spec(
    "mapf-shipped",
    "One shot: 200 robots on the layout `large`, random goals, 5 s",
    seeds=(0,),
    group=MOTION,
)(shipped)
