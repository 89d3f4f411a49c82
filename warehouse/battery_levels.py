"""Levels of batteries at every timestep of a plan, from what its robots do."""

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import MOVES_POD, Plan, PodStopKind, PodWork
from warehouse.scenario import Battery


def levels_wh(plan: Plan) -> NDArray[np.float32]:
    """Level of every battery at every timestep, shape (steps + 1, robots).

    No robot and no step where the plan has no batteries. O(steps * robots).

    Examples
    --------
    >>> from warehouse.bare_motion import bare_motion
    >>> from warehouse.layout import Layout
    >>> floor = Layout.from_rows(["."])
    >>> still = bare_motion("totes", floor, np.zeros((1, 1), np.int32))
    >>> levels_wh(still)
    array([], shape=(0, 0), dtype=float32)
    """
    battery, work = plan.scenario.fleet.battery, plan.pod_work
    if battery is None or work is None:
        return np.zeros((0, 0), np.float32)
    robots = plan.cells.shape[1]
    levels = np.empty((plan.steps + 1, robots), np.float32)
    for robot in range(robots):
        used_wh = _used_wh(plan, battery, work, robot)
        stays = work.charges[work.charges["robot"] == robot]
        levels[:, robot] = _level_wh(plan, battery, used_wh, stays)
    return levels


def _used_wh(
    plan: Plan, battery: Battery, work: PodWork, robot: int
) -> NDArray[np.float64]:
    """What a robot that never charges would use in each step, shape (steps,)."""
    moves = plan.cells[1:, robot] != plan.cells[:-1, robot]
    if plan.headings is not None:
        moves |= plan.headings[1:, robot] != plan.headings[:-1, robot]
    drives_w = np.full(plan.steps, battery.moving_w)
    lifts = np.zeros(plan.steps, bool)
    since = None
    for stop in work.stops[work.stops["robot"] == robot]:
        start, end = int(stop["start"]), int(stop["end"])
        if stop["kind"] not in MOVES_POD:
            continue
        lifts[start:end] = True
        if stop["kind"] == PodStopKind.LIFT:
            since = end
        elif since is not None:
            drives_w[since:start] = battery.carrying_w
            since = None
    if since is not None:  # the plan ends while it has a pod
        drives_w[since:] = battery.carrying_w
    drawn_w = np.where(moves, drives_w, battery.idle_w)
    drawn_w[lifts] = battery.lifting_w
    return np.asarray(drawn_w * plan.scenario.step_s / 3600)


def _level_wh(
    plan: Plan,
    battery: Battery,
    used_wh: NDArray[np.float64],
    stays: NDArray[np.void],
) -> NDArray[np.float64]:
    """Level of a robot at every step, from what it uses between its stays."""
    level = np.empty(plan.steps + 1)
    charge_wh = battery.charge_w * plan.scenario.step_s / 3600
    level[0], at = battery.start_wh, 0
    for start, end in [*zip(stays["start"], stays["end"], strict=True), (None, None)]:
        until = plan.steps if start is None else int(start)
        level[at + 1 : until + 1] = level[at] - np.cumsum(used_wh[at:until])
        at = until
        if start is not None:
            gained_wh = charge_wh * np.arange(1, int(end) - until + 1)
            charged = np.minimum(battery.capacity_wh, level[at] + gained_wh)
            level[at + 1 : int(end) + 1] = charged
            at = int(end)
    return level
