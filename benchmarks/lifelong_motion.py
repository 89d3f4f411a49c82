"""Lifelong motion: goals finished a step, and how long a step takes to decide."""

import json
import time
from functools import partial
from typing import Any, Final

import numpy as np

import layouts
from benchmarks.motion_others import CROWDED_PERCENT, LORR_2024_BEST, OMNI, ROTATE
from benchmarks.registry import MOTION, Run, spec
from solvers.cli.solve_lifelong import lifelong_problem, lifelong_violations
from solvers.mapf.lifelong.simulate import LifelongParams, simulate
from solvers.mapf.lifelong.team import OmniParams
from solvers.result import Stop
from warehouse.formats.lifelong_csv import read_lifelong_csv
from warehouse.formats.lifelong_instance import LifelongInstance
from warehouse.formats.lorr_problem import read_lorr_problem
from warehouse.formats.movingai import read_map
from warehouse.formats.scenario_folder import read_scenario
from warehouse.layout import Layout

STEPS: Final = 1000
SMOKE_STEPS: Final = 20
STEP_MS: Final = 50.0
FREE_STEP_MS: Final = 100.0
MAP: Final = "maps/warehouse-10-20-10-2-1.map"
FILE_OF_ROBOTS: Final = {100: 0, 300: 1, 500: 2, 800: 3, 1000: 4, 1500: 5, 2000: 6}
LARGE_MAP: Final = "lorr2023/EI23-warehouse_small/maps/warehouse_large.map"
LARGE_ROBOTS: Final = 10_000
GOALS: Final = 200_000
ROOMS: Final = (".....#.....#.....",) * 2 + (".................",)
CROWDED_STEPS: Final = 500


def measured(
    instance: LifelongInstance,
    motion: str,
    steps: int,
    params: LifelongParams,
    run: Run,
) -> dict[str, float]:
    """Run the steps and hold the motion and all that was claimed against the rules."""
    problem = lifelong_problem(instance, motion)
    stop = Stop(iterations=SMOKE_STEPS if run.smoke else steps)
    began, computed = time.perf_counter(), time.process_time()
    result = simulate(problem, stop, seed=run.seed, params=params)
    took_s = time.perf_counter() - began
    cores = (time.process_time() - computed) / took_s
    if result.solution is None:
        raise RuntimeError(f"no motion: {result.summary()}")
    found = lifelong_violations(problem, instance, result.solution)
    if found:
        raise RuntimeError(f"{len(found)} rules broken, first: {found[0]}")
    figures: dict[str, Any] = result.statistics
    return {
        "throughput": figures["throughput"],
        "bound_throughput": figures.get("bound_throughput", np.inf),
        "finished": figures["finished"],
        "step_ms_median": figures["step_ms_median"],
        "step_ms_p99": figures["step_ms_p99"],
        "step_ms_max": figures["step_ms_max"],
        "overruns": figures["overruns"],
        "took_s": took_s,
        "cores": cores,
        "violations": 0,
    }


def by_turns(
    robots: int, motion: str, params: LifelongParams, run: Run
) -> dict[str, float]:
    """Goals by turns on the warehouse of the tables."""
    file = run.data / "lifelong" / f"agents_{FILE_OF_ROBOTS[robots]}.csv"
    tasks = run.data / "lifelong" / "tasks_one.csv"
    instance = read_lifelong_csv(run.data / MAP, file, tasks)
    return measured(instance, motion, STEPS, params, run)


def league(name: str, run: Run) -> dict[str, float]:
    """One problem of the League of Robot Runners 2024, for the steps it was run for."""
    folder = run.data / "lorr2024"
    file = folder / "simulation_time.json"
    steps = json.loads(file.read_text(encoding="utf-8"))[name]
    instance = read_lorr_problem(folder / "MR24-random.domain" / f"{name}.json")
    return measured(instance, "rotate", steps, LifelongParams(FREE_STEP_MS), run)


def large(run: Run) -> dict[str, float]:
    """Random goals for a very large team."""
    robots = 100 if run.smoke else LARGE_ROBOTS
    instance = random_goals(read_map(run.data / LARGE_MAP), robots, run.seed)
    return measured(instance, "omni", STEPS, LifelongParams(FREE_STEP_MS), run)


def shipped(motion: str, run: Run) -> dict[str, float]:
    """Random goals on a layout that comes along, so that it runs everywhere."""
    layout = read_scenario(layouts.folder("large")).layout
    instance = random_goals(layout, 200, run.seed)
    return measured(instance, motion, STEPS, LifelongParams(STEP_MS), run)


def crowded(motion: str, percent: int, run: Run) -> dict[str, float]:
    """So many robots for 100 cells on nine rooms with doors of one cell."""
    room = [*ROOMS, *ROOMS[:2]]
    doors = "##.###.#####.####"
    layout = Layout.from_rows([*room, doors, *room, doors, *room])
    robots = layout.drivable.sum() * percent // 100
    instance = random_goals(layout, int(robots), run.seed)
    return measured(instance, motion, CROWDED_STEPS, LifelongParams(STEP_MS), run)


def random_goals(layout: Layout, robots: int, seed: int) -> LifelongInstance:
    """Robots on random cells with random goals by turns."""
    rng = np.random.default_rng(seed)
    floor = np.flatnonzero(layout.drivable.ravel()).astype(np.int32)
    starts = rng.choice(floor, robots, replace=False)
    goals = rng.choice(floor, GOALS)
    return LifelongInstance(layout, starts, goals, np.arange(GOALS + 1), None)


def _register() -> None:
    for motion, others in (("omni", OMNI), ("rotate", ROTATE)):
        for robots in others:
            spec(
                f"lifelong-{motion}-{robots}",
                f"Lifelong, {motion}: {robots:,} robots, {STEPS:,} steps of "
                f"{STEP_MS:.0f} ms",
                needs_data="mapf",
                seeds=(0,),
                group=MOTION,
            )(partial(by_turns, robots, motion, LifelongParams(STEP_MS)))
        spec(
            f"lifelong-shipped-{motion}",
            f"Lifelong, {motion}: 200 robots on the layout `large`, random goals",
            seeds=(0,),
            group=MOTION,
        )(partial(shipped, motion))
        for percent in CROWDED_PERCENT:
            spec(
                f"crowded-{motion}-{percent}",
                f"Lifelong, {motion}: robots on {percent} % of nine small rooms, "
                f"{CROWDED_STEPS} steps of {STEP_MS:.0f} ms",
                seeds=(0, 1, 2),
                group=MOTION,
            )(partial(crowded, motion, percent))
    for name, guided, distances in (
        ("lifelong-pibt-1000", True, "lane distances"),
        ("lifelong-plain-pibt-1000", False, "plain distances"),
    ):
        alone = LifelongParams(omni=OmniParams(guided=guided, windows=False))
        spec(
            name,
            f"Lifelong, omni: 1,000 robots, {STEPS:,} steps, PIBT alone on {distances}",
            needs_data="mapf",
            seeds=(0,),
            group=MOTION,
        )(partial(by_turns, 1000, "omni", alone))
    for name in LORR_2024_BEST:
        spec(
            f"league-{name}",
            f"League of Robot Runners 2024, {name}, steps of {FREE_STEP_MS:.0f} ms",
            needs_data="mapf",
            seeds=(0,),
            group=MOTION,
        )(partial(league, name))
    spec(
        "lifelong-large",
        f"Lifelong, omni: {LARGE_ROBOTS:,} robots on 140 x 500 cells, {STEPS:,} steps "
        f"of {FREE_STEP_MS:.0f} ms, random goals",
        needs_data="mapf",
        seeds=(0,),
        group=MOTION,
    )(large)


_register()
