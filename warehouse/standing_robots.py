"""Robots that stand still with their pods until a plan ends."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import NO_POD_WORK, Plan, PodStopKind

STANDING_S: Final = 300.0
"""So long a robot stands with a pod until it counts as standing."""


def standing_robots(plan: Plan) -> NDArray[np.intp]:
    """Robots that have a pod at the end and stood with it all the last five minutes.

    Whoever had a stop in this time was served, and does not count. Turning on one cell
    is standing. In a plan that is shorter nobody counts.

    Returns
    -------
    ndarray of intp
        Indices into the fleet.

    Examples
    --------
    >>> from warehouse.bare_motion import bare_motion
    >>> from warehouse.layout import Layout
    >>> start = np.zeros((1, 1), np.int32)
    >>> short = bare_motion("short", Layout.from_rows(["."]), start)
    >>> standing_robots(short).tolist()
    []
    """
    first = plan.steps - int(np.ceil(STANDING_S / plan.scenario.step_s))
    if first < 0:
        return np.zeros(0, np.intp)
    stops = (plan.pod_work or NO_POD_WORK).stops
    set_down = stops["trip"][stops["kind"] == PodStopKind.SET_DOWN]
    standing = np.zeros(plan.cells.shape[1], bool)
    standing[stops["robot"][~np.isin(stops["trip"], set_down)]] = True
    standing[stops["robot"][stops["end"] > first]] = False
    standing &= (plan.cells[first:] == plan.cells[-1]).all(0)
    return np.flatnonzero(standing)
