"""Sparse edges and oblong matrices: a maximum flow at minimum cost.

Source: Goldberg, A. V. (1997), An efficient implementation of a scaling minimum-cost
flow algorithm, https://doi.org/10.1006/jagm.1995.0805, as OR-Tools' SimpleMinCostFlow.
"""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import SolverError


def match_edges(
    robots: int,
    trips: int,
    robot: NDArray[np.int32],
    trip: NDArray[np.int32],
    cost: NDArray[np.int64],
    most: int | None = None,
) -> NDArray[np.int32]:
    """Match as many robots and trips as the edges allow, then as cheaply as possible.

    Parameters
    ----------
    robots, trips : int
    robot, trip : ndarray of int32, shape (E,)
    cost : ndarray of int64, shape (E,)
    most : int, optional
        At most so many matches: the cheapest so many that there can be.

    Returns
    -------
    ndarray of int32, shape (n, 2)
        Robot and trip of each match, ordered by robot.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    edges = len(robot)
    if not edges:
        return np.empty((0, 2), np.int32)
    hub = robots + trips
    # The same constant on every edge changes nothing once the number of matches is
    # fixed, and takes the sign off gains.
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((robot, np.arange(robots, hub, dtype=np.int32))),
        np.concatenate((trip + np.int32(robots), np.full(trips, hub, np.int32))),
        np.ones(edges + trips, np.int64),
        np.concatenate((cost - cost.min(), np.zeros(trips, np.int64))),
    )
    sink = hub
    if most is not None:
        sink = hub + 1
        flow.add_arc_with_capacity_and_unit_cost(hub, sink, most, 0)
    supply = np.zeros(sink + 1, np.int64)
    supply[:robots] = 1
    supply[sink] = -robots
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise SolverError("E302", f"got flow status {status}", "need smaller costs")
    matched = np.flatnonzero(flow.flows(np.arange(edges, dtype=np.int32)))
    matched = matched[np.argsort(robot[matched])]
    return np.column_stack((robot[matched], trip[matched]))
