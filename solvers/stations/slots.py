"""A first choice for many jobs: stations offer slots, a flow fills them cheaply."""

import numpy as np
from numpy.typing import NDArray

from solvers.stations.problem import StationProblem
from solvers.stations.value import largest_finish_bound_s
from warehouse.errors import SolverError

_COST_RANGE = 1_000_000


def fill_slots(problem: StationProblem) -> NDArray[np.int32]:
    """Return a station for each job, shape (J,), by minimum-cost flow.

    A station offers as many slots as jobs of mean work fit between its load and the
    bound on the largest finishing time, and one more. The flow finds the least
    travel; jobs differ in work, so the loads still need levelling.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    jobs, stations = problem.travel.shape
    level_s = largest_finish_bound_s(problem)
    room_s = np.maximum(0.0, level_s * problem.packers - problem.load_s)
    mean_s = problem.work_s.mean()
    slots = np.full(stations, jobs)
    if mean_s > 0:
        slots = np.minimum(jobs, room_s / mean_s + 1).astype(np.int64)
    scale = _COST_RANGE / max(problem.travel.max(), 1e-9)
    job = np.repeat(np.arange(jobs, dtype=np.int32), stations)
    station = np.tile(np.arange(stations, dtype=np.int32), jobs)
    sink = jobs + stations
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((job, np.arange(jobs, sink, dtype=np.int32))),
        np.concatenate((station + np.int32(jobs), np.full(stations, sink, np.int32))),
        np.concatenate((np.ones(jobs * stations, np.int64), slots)),
        np.concatenate(
            (
                np.rint(problem.travel.ravel() * scale).astype(np.int64),
                np.zeros(stations, np.int64),
            )
        ),
    )
    supply = np.zeros(sink + 1, np.int64)
    supply[:jobs], supply[sink] = 1, -jobs
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SolverError("E302", f"got flow status {status}", "need smaller numbers")
    flows = np.array(flow.flows(np.arange(jobs * stations, dtype=np.int32)))
    return flows.reshape(jobs, stations).argmax(axis=1).astype(np.int32)
