"""Order batching: published instances, simple rules beside ours, time and growth."""

import gzip
import re
import time
from collections.abc import Iterator
from csv import DictReader
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

import layouts
from benchmarks.registry import ORDERS, Run, spec
from solvers.batching.annealing import solve as anneal
from solvers.batching.instances import PosedBatching, parse_batching, pose_all
from solvers.batching.methods import solve_by
from solvers.batching.problem import Batch, BatchingProblem
from solvers.batching.savings import first_come
from solvers.batching.tours import aisle_part
from solvers.cli.check_batching import batching_faults
from solvers.fulfilment.site import Site
from solvers.result import Result, Stop
from solvers.routing.classic_rules import RULES
from solvers.routing.parallel_aisles import AisleProblem
from warehouse.formats.instance_sets import read_set
from warehouse.formats.mainz import MAX_BYTES
from warehouse.formats.mainz_sets import read_published_values
from warehouse.formats.scenario_folder import read_scenario

FOODMART: Final = "wahlen_2026_foodmart_table_b15.csv"
HENN: Final = "henn_waescher_wg2023.csv.gz"
CURVE_S: Final = (0.5, 1, 2, 5, 10, 20, 60)
S_PER_ORDER: Final = 0.006
"""60 s for 10,000 orders."""


def posed_in(archive: Path, part: str = "") -> list[PosedBatching]:
    """Problems of the files of an archive whose path contains a text, by name."""
    instances = read_set(
        archive,
        lambda data, source: (source, data) if part in source else None,
        MAX_BYTES,
    )
    kept = [found for found in instances if found is not None]
    return pose_all(parse_batching(data, source) for source, data in kept)


def checked(one: PosedBatching, result: Result[list[Batch]], optimum: float) -> float:
    """Length in the file's unit; raise if it is wrong, or below a proved optimum."""
    if result.solution is None:
        raise RuntimeError(f"{one.name}: {result.status}")
    reported = one.reported(result.solution)
    faults = batching_faults(one.instance, reported, blocks=1)
    length = result.objective / one.scale
    if length < optimum - 1e-6:
        faults.append(f"length {length} is below the proved optimum {optimum}")
    if result.lower_bound / one.scale > length + 1e-6:
        faults.append("the bound is above the length")
    if faults:
        raise RuntimeError(f"{one.name}: {faults[0]}")
    return length


@spec(
    "batching-small",
    "1,350 published instances of 8 to 12 orders (BahceciOencan), exact",
    needs_data="orders/jobprp",
    seeds=(0,),
    group=ORDERS,
)
def batching_small(run: Run) -> dict[str, float]:
    best = read_published_values(
        run.data / "bks" / "hessler_irnich_BahceciOencan.csv.gz"
    )
    posed = posed_in(run.data / "BahceciOencan.tgz")[:: 100 if run.smoke else 1]
    equal, times = 0, []
    for one in posed:
        result = solve_by("exact", one.problem, Stop(), seed=run.seed)
        equal += abs(checked(one, result, best[one.name]) - best[one.name]) < 1e-6
        times.append(result.runtime_s)
    return {
        "instances": len(posed),
        "optima": equal,
        "time_s": sum(times),
        "longest_time_s": max(times),
    }


@spec(
    "batching-foodmart",
    "5 published instances with boxes in two blocks (Foodmart), default method",
    needs_data="orders/jobprp",
    seeds=(0,),
    group=ORDERS,
)
def batching_foodmart(run: Run) -> dict[str, float]:
    rows = DictReader((run.data / "bks" / FOODMART).open(encoding="utf-8"))
    best = {
        (row["delta"], row["orders_n"]): float(row["bks_value"])
        for row in rows
        if row["status"] == "proven optimum"
    }
    equal, times, posed = (
        0,
        [],
        posed_in(run.data / "Foodmart5_Kris1.tgz", "FoodmartData"),
    )
    for one in posed:
        delta, orders = re.findall(r"\d+", one.name)[:2]
        result = solve_by("auto", one.problem, Stop(time_limit_s=20), seed=run.seed)
        value = best[delta, orders]
        equal += abs(checked(one, result, value) - value) < 1e-6
        times.append(result.runtime_s)
    return {"instances": len(posed), "optima": equal, "longest_time_s": max(times)}


def henn(run: Run, every: int) -> Iterator[tuple[PosedBatching, float, float]]:
    """Every so many-th instance by name, its best known value and proved optimum."""
    best = {}
    for row in read_rows(run.data / "bks" / HENN):
        if row["storage"] == "UDD":
            source = "l" if row["source_variant"] == "LargestGap" else "s"
            key = source, row["num_orders"], row["capacity"], row["inst_num"]
            value = float(row["bks_value"])
            best[key] = value, value if row["bks_is_opt"] == "True" else 0.0
    posed = sorted(posed_in(run.data / "HennWaescher_dev.tgz"), key=lambda p: p.name)
    for one in posed[::every][: 2 if run.smoke else None]:
        kind, orders, capacity, number = one.name.split("-")
        yield one, *best[kind[-1], orders, capacity, number]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a gzipped CSV."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(DictReader(file))


def s_shape_length(problem: BatchingProblem) -> float:
    """Length of first-come batches that are walked in S-shape."""
    assert isinstance(problem.floor, AisleProblem)
    batch_of = first_come(problem)
    total = 0.0
    for b in np.unique(batch_of):
        members = np.flatnonzero(batch_of == b).tolist()
        places = np.unique(np.concatenate([problem.places_of(o) for o in members]))
        total += RULES["s-shape"](aisle_part(problem.floor, places)).length
    return total


def henn_figures(run: Run, every: int, limit_s: float) -> dict[str, float]:
    """Percent above the best known value, ours and simple methods."""
    gaps: dict[str, list[float]] = {"ours": [], "savings": [], "fcfs": [], "plain": []}
    equal = proved = 0
    to_bound = []
    latest = 0.0
    for one, value, optimum in henn(run, every):
        limit = 0.3 if run.smoke else limit_s
        result = solve_by(
            "local-search", one.problem, Stop(time_limit_s=limit), seed=run.seed
        )
        length = checked(one, result, optimum)
        gaps["ours"].append(length / value - 1)
        for method in ("savings", "fcfs"):
            simple = solve_by(method, one.problem, Stop(), seed=run.seed)
            gaps[method].append(checked(one, simple, optimum) / value - 1)
        gaps["plain"].append(s_shape_length(one.problem) / value - 1)
        equal += abs(length - value) < 1e-6
        proved += result.status == "optimal"
        to_bound.append(result.gap)
        latest = max(latest, result.runtime_s - limit)
    return {
        "instances": len(to_bound),
        "gap_percent": 100 * float(np.mean(gaps["ours"])),
        "largest_gap_percent": 100 * max(gaps["ours"]),
        "best_known": equal,
        "proved_optimal": proved,
        "gap_to_bound_percent": 100 * float(np.mean(to_bound)),
        "savings_gap_percent": 100 * float(np.mean(gaps["savings"])),
        "fcfs_gap_percent": 100 * float(np.mean(gaps["fcfs"])),
        "fcfs_s_shape_gap_percent": 100 * float(np.mean(gaps["plain"])),
        "latest_s": latest,
    }


@spec(
    "batching-anytime",
    "Henn and Waescher, every twentieth: percent above best known by time limit",
    needs_data="orders/jobprp",
    seeds=(0,),
    group=ORDERS,
)
def batching_anytime(run: Run) -> dict[str, float]:
    gaps: dict[float, list[float]] = {limit: [] for limit in CURVE_S}
    for one, value, optimum in henn(run, 20):
        for limit in CURVE_S:
            stop = Stop(time_limit_s=0.1 if run.smoke else limit)
            result = solve_by("local-search", one.problem, stop, seed=run.seed)
            gaps[limit].append(100 * (checked(one, result, optimum) / value - 1))
    return {
        f"gap_percent_at_{limit:g}_s": float(np.mean(gap))
        for limit, gap in gaps.items()
    }


@spec(
    "batching-growth",
    "Orders of the shipped large layout in trips of 8, 6 ms an order",
    seeds=(0,),
    group=ORDERS,
)
def batching_growth(run: Run) -> dict[str, float]:
    scenario = read_scenario(layouts.folder("large"))
    site = Site(scenario)
    figures: dict[str, float] = {}
    for count in (20, 50) if run.smoke else (100, 1_000, 10_000):
        problem = nearest_stock(site, count)
        began = time.perf_counter()
        stop = Stop(time_limit_s=S_PER_ORDER * count)
        result = anneal(problem, stop, seed=run.seed)
        orders = "smoke" if run.smoke else f"{count}_orders"
        figures[f"{orders}_steps_per_order"] = result.objective / count
        figures[f"{orders}_time_s"] = time.perf_counter() - began
    return figures


def nearest_stock(site: Site, count: int) -> BatchingProblem:
    """Pose the first orders of a site, each line at the stock nearest to a dock."""
    scenario = site.scenario
    stand = site.usual_stand(scenario.stock.cell)
    way = site.from_dock[stand] + site.to_dock[stand]
    nearest: dict[int, int] = {}
    for row in np.lexsort((np.arange(len(way)), way))[::-1].tolist():
        if stand[row] >= 0:
            nearest[int(scenario.stock.sku[row])] = int(stand[row])
    lines = scenario.orders.line_order < count
    pairs = np.array(
        [
            (order, nearest[sku])
            for order, sku in zip(
                scenario.orders.line_order[lines].tolist(),
                scenario.orders.line_sku[lines].tolist(),
                strict=True,
            )
            if sku in nearest
        ]
    )
    needed = np.unique(pairs, axis=0)
    places = np.unique(needed[:, 1]).astype(np.int32)
    distance = np.zeros((len(places) + 1, len(places) + 1), np.int32)
    distance[1:, 1:] = site.table.between(places, places)
    distance[0, 1:] = site.from_dock[places]
    distance[1:, 0] = site.to_dock[places]
    return BatchingProblem(
        distance,
        np.searchsorted(needed[:, 0], np.arange(count + 1)),
        np.searchsorted(places, needed[:, 1]) + 1,
        scenario.fleet.tote_slots,
    )


def _register() -> None:
    for name, words, every, limit_s in (
        ("2s", "Henn and Waescher, all 160 of 30 to 100 orders", 1, 2),
        ("20s", "Henn and Waescher, every fourth by name", 4, 20),
    ):
        spec(
            f"batching-henn-{name}",
            f"{words}, {limit_s} s each",
            needs_data="orders/jobprp",
            seeds=(0,),
            group=ORDERS,
        )(partial(henn_figures, every=every, limit_s=float(limit_s)))


_register()
