"""Joint picking: orders, stock, batches and walks, beside the authors' greedy."""

import json
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.registry import ORDERS, Run, spec
from solvers.cli.solve_pick import joint_picking_problem
from solvers.joint_picking.solve import Batches, load_kernels, solve
from solvers.result import Result, Stop
from warehouse.check.pick_lists import check_pick_lists
from warehouse.formats.joint_picking import JointPickingInstance, read_joint_picking

LIMIT_S: Final = 60.0


@spec(
    "joint-picking",
    "Select, allocate, batch and walk in zones, 60 s each: total length of all "
    "instances, beside the published greedy and ours",
    needs_data="orders/zalando",
    seeds=(0,),
    group=ORDERS,
)
def joint_picking(run: Run) -> dict[str, float]:
    load_kernels()
    published = greedy = ours = bound = longest_s = 0.0
    with tempfile.TemporaryDirectory() as unpacked:
        for archive in sorted(run.data.glob("*.tgz")):
            with tarfile.open(archive) as tar:
                tar.extractall(unpacked, filter="data")
        folders = sorted(path.parent for path in Path(unpacked).glob("*/orders.json"))
        for folder in folders[: 1 if run.smoke else None]:
            instance = read_joint_picking(folder)
            problem = joint_picking_problem(instance)
            said = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
            published += said["objective_value"]
            greedy += checked(instance, solve(problem, Stop()))
            stop = Stop(time_limit_s=1.0 if run.smoke else LIMIT_S)
            result = solve(problem, stop, seed=run.seed)
            ours += checked(instance, result)
            bound += result.lower_bound
            longest_s = max(longest_s, result.runtime_s)
    return {
        "published_greedy": published,
        "our_greedy": greedy,
        "length": ours,
        "below_published_percent": 100 * (1 - ours / published),
        "lower_bound": bound,
        "longest_s": longest_s,
    }


def checked(instance: JointPickingInstance, result: Result[Batches]) -> float:
    """Length of a solution that keeps every rule."""
    if result.solution is None:
        raise RuntimeError(f"no solution of {instance.name}")
    batches = [(batch.orders, batch.pick_lists) for batch in result.solution]
    found = check_pick_lists(instance, batches, result.objective)
    if found:
        raise RuntimeError(f"{len(found)} rules broken, first: {found[0]}")
    return result.objective
