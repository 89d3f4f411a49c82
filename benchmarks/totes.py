"""Totes: all instances of the RAFS data with 24 and 360 pods, with their bounds."""

import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.registry import ORDERS, Run, spec
from solvers.result import Stop
from solvers.totes.rafs import take_stock, tote_problem
from solvers.totes.solve import solve
from warehouse.check.tote_trips import check_tote_trips
from warehouse.formats.rafs import RafsInstance, read_rafs

LIMIT_S = 20.0
SMOKE_LIMIT_S = 1.0
SMOKE_EVERY = 13


def _files(folder: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Give every layout with every stock and every file of orders for it."""
    for pods in ("sku24", "sku360"):
        for layout in sorted((folder / pods).glob("layout_*.xml")):
            for stock in sorted((folder / pods).glob("pods_*.txt")):
                for orders in sorted((folder / pods).glob("orders_*.xml")):
                    yield layout, stock, orders


@spec(
    "totes",
    "RAFS data, 24 and 360 pods, every combination of its files, at most 20 s each",
    needs_data="orders/rmfs",
    seeds=(0,),
    group=ORDERS,
)
def totes(run: Run) -> dict[str, float]:
    """Solve all, hold the trips against every rule, add up distance and bound."""
    with tempfile.TemporaryDirectory() as folder:
        archive = run.data / "rafs_sku24_sku360.tgz"
        with tarfile.open(archive) as file:
            file.extractall(folder, filter="data")
        every = list(_files(Path(folder)))[:: SMOKE_EVERY if run.smoke else 1]
        limit_s = SMOKE_LIMIT_S if run.smoke else LIMIT_S
        rows = [
            _solved(read_rafs(*files), limit_s, run.seed, str(files)) for files in every
        ]
    length_m, bound_m, took_s, proved = np.array(rows).T
    gaps = 100 * (length_m / bound_m - 1)
    return {
        "distance_m": float(length_m.sum()),
        "bound_m": float(bound_m.sum()),
        "instances": float(len(rows)),
        "proved": float(proved.sum()),
        "mean_gap_percent": float(gaps.mean()),
        "worst_gap_percent": float(gaps.max()),
        "mean_s": float(took_s.mean()),
        "longest_s": float(took_s.max()),
    }


def _solved(
    instance: RafsInstance, limit_s: float, seed: int, name: str
) -> tuple[float, float, float, bool]:
    """Metres driven and their bound, seconds, and whether no shorter trips exist."""
    problem, kept = tote_problem(instance)
    result = solve(problem, Stop(limit_s), seed=seed)
    if result.solution is None:
        raise RuntimeError(f"no trips for {name}")
    trips = take_stock(instance, problem, kept, result.solution)
    left_out = sorted(set(range(len(instance.goods.orders))) - set(kept))
    if trips is None:
        raise RuntimeError(f"not enough stock for {name}")
    violations = check_tote_trips(instance, trips, left_out)
    if violations:
        raise RuntimeError(f"{name}: {violations[0]}")
    length_mm = sum(trip.length_mm for trip in trips)
    proved = length_mm <= result.lower_bound
    return length_mm / 1000, result.lower_bound / 1000, result.runtime_s, proved
