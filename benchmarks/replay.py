"""How fast the replay draws, opens, seeks and films, without a screen."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

import layouts
from benchmarks.registry import Run, spec
from benchmarks.wandering import ROUND, wandering_plan, wide_site
from viz.export import export
from viz.frame import Painter
from viz.heat_part import HeatPart
from viz.look import Look
from viz.replay import Replay
from viz.report import report_html
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.plan import Plan

SIZE: Final = (1280, 800)
SEEKS: Final = 40


@spec(
    "replay",
    "Milliseconds to draw one frame of 1280 x 800, all in view, panels on: 1,000 and "
    "10,000 robots on the layout `large`, 50,000 on a floor of 300 x 400 cells; "
    "with the Gantt too, with a robot selected",
)
def replay(run: Run) -> dict[str, float]:
    large = read_scenario(layouts.folder("large"))
    numbers = {}
    for robots in (1000, 10_000, 50_000):
        scenario = large if robots <= 10_000 else wide_site()
        plan = wandering_plan(scenario, robots, run.seed)
        times_ms = _frame_times_ms(plan, run)
        numbers[f"robots_{robots}_ms"] = float(np.median(times_ms))
        numbers[f"robots_{robots}_slowest_ms"] = max(times_ms)
        times_ms = _frame_times_ms(plan, run, Look(gantt=True), selected=0)
        numbers[f"robots_{robots}_gantt_ms"] = float(np.median(times_ms))
    return numbers


@spec(
    "replay-heat",
    "The same for 10,000 robots, with the map of waiting in the minute around the "
    "clock, which changes with every frame, and arrows from all that wait; the slowest "
    "frame is the first, which counts the whole plan",
)
def replay_heat(run: Run) -> dict[str, float]:
    plan = wandering_plan(read_scenario(layouts.folder("large")), 10_000, run.seed)
    look = Look(heatmap="waiting", heat_part=HeatPart(around_s=60.0), waits=True)
    times_ms = _frame_times_ms(plan, run, look)
    return {"frame_ms": float(np.median(times_ms)), "slowest_ms": max(times_ms)}


def _frame_times_ms(
    plan: Plan, run: Run, look: Look | None = None, selected: int | None = None
) -> list[float]:
    """Milliseconds of frames between timesteps, spread over a plan."""
    import pygame  # greets on stdout, unless viz was imported before

    shown = Replay.from_plan(plan)
    view, painter = (look or Look()).view(shown, SIZE), Painter(shown)
    if selected is not None:
        view.select_robot(selected)
    surface = pygame.Surface(SIZE, 0, 32)
    times_ms = []
    for t in np.linspace(0, plan.steps, 10 if run.smoke else 200):
        view.seek(t)
        began = time.perf_counter()
        painter.paint(surface, view)
        times_ms.append(1000 * (time.perf_counter() - began))
    pixels = pygame.surfarray.array3d(surface)
    if len(np.unique(pixels.reshape(-1, 3), axis=0)) < 10:
        raise RuntimeError("the frame is empty")
    return times_ms


@spec(
    "replay-open",
    "From a plan file of 10,000 robots, 4,800 steps and 200,000 orders to its first "
    "frame, in a new process; and from there to any other moment",
    seeds=(0,),
    repeats=3,
)
def replay_open(run: Run) -> dict[str, float]:
    robots, rounds = (200, 1) if run.smoke else (10_000, 20)
    large = read_scenario(layouts.folder("large"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.plan.npz"
        write_plan(wandering_plan(large, robots, run.seed, steps=rounds * ROUND), path)
        command = [sys.executable, "-m", __name__, str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    names = ("open_s", "seek_ms", "seek_slowest_ms", "most_mb")
    values = told.stdout.split()[-len(names) :]
    return dict(zip(names, map(float, values), strict=True))


def _open(path: str) -> None:
    """Open a plan, seek in it, and print seconds, milliseconds and megabytes."""
    import resource  # not on every system

    began = time.perf_counter()
    shown = Replay.from_plan(read_plan(path))
    view, painter = Look().view(shown, SIZE), Painter(shown)
    painter.frame(view)
    open_s = time.perf_counter() - began
    times_ms = []
    for t in np.random.default_rng(0).uniform(0, shown.plan.steps, SEEKS):
        began = time.perf_counter()
        view.seek(float(t))
        painter.frame(view)
        times_ms.append(1000 * (time.perf_counter() - began))
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(open_s, np.median(times_ms), max(times_ms), most_mb)


@spec(
    "replay-film",
    "Frames a second written to an MP4 of 1280 x 800: 1,000 robots on `large`",
    needs_package="imageio_ffmpeg",
)
def replay_film(run: Run) -> dict[str, float]:
    large = read_scenario(layouts.folder("large"))
    plan = wandering_plan(large, 1000, run.seed)
    fps, speed = 25, 8.0
    end_s = 10.0 if run.smoke else 100.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.mp4"
        began = time.perf_counter()
        export(plan, path, end_s=end_s, fps=fps, speed=speed, size=SIZE)
        took_s = time.perf_counter() - began
        size_mb = path.stat().st_size / 1e6
    return {"frames_per_s": end_s / speed * fps / took_s, "film_mb": size_mb}


@spec(
    "report",
    "Seconds to write a report with its replay, and megabytes of the page, on `large`: "
    "1,000 robots and 2,400 steps; 10,000 robots and 4,800 steps",
    repeats=3,
)
def report(run: Run) -> dict[str, float]:
    few, many = ((20, 1), (200, 1)) if run.smoke else ((1000, 10), (10_000, 20))
    write_s, page_mb = _write_report(*few, run.seed)
    return {
        "write_s": write_s,
        "page_mb": page_mb,
        "robots_10000_write_s": _write_report(*many, run.seed)[0],
    }


def _write_report(robots: int, rounds: int, seed: int) -> tuple[float, float]:
    """Seconds, and megabytes of the page."""
    large = read_scenario(layouts.folder("large"))
    plan = wandering_plan(large, robots, seed, steps=rounds * ROUND)
    began = time.perf_counter()
    page = report_html(plan)
    return time.perf_counter() - began, len(page.encode()) / 1e6


if __name__ == "__main__":
    _open(sys.argv[1])
