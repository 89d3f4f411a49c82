"""Batteries: levels computed anew from what robots do, and where they charge."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from warehouse.check.intervals import find_overlaps
from warehouse.check.pod_tables import Charges, PodTables
from warehouse.check.rows import Floats, Ints
from warehouse.check.violation import Findings
from warehouse.layout import CellKind
from warehouse.plan import MOVES_POD, Plan
from warehouse.scenario import Battery

TOLERANCE: Final = 1e-6
"""Share of the capacity that is let pass, for the rounding of sums."""
LEAST: Final = (
    ("battery-dry", "its battery is dry"),
    ("below-reserve", "its reserve is {reserve:.3f} Wh"),
)
"""Rules for levels below 0 and below the reserve, and what is wrong then."""

NOTHING, LIFTS, CHARGES = range(3)
"""What a robot does in a step, beside driving and standing."""


def check_battery(
    plan: Plan,
    paths: Plan | None,
    rows: PodTables,
    trips: Ints,
    findings: Findings,
) -> None:
    """Report charging that is not allowed, and levels that are too low or wrong.

    Parameters
    ----------
    plan : Plan
    paths : Plan or None
        None if nothing can be said about where robots are: levels are not checked.
    rows : PodTables
    trips : ndarray of int64, shape (trips, 7)
        Robot, pod, step and cell of the end of a lift, step and cell of the end of the
        set-down (-1 where there is none), number of the trip.
    findings : Findings
    """
    battery = plan.scenario.fleet.battery
    if battery is None:
        if len(rows.charges.robot):
            text = "{rows} charging stays, and nothing is known of batteries"
            findings.add("charge-place", text, rows=len(rows.charges.robot))
        return
    _check_places(plan, rows, trips, findings)
    if paths is not None:
        levels = _levels(paths, battery, _changes(rows, trips, paths.steps))
        _check_levels(battery, rows.charges, levels, findings)


def _check_places(plan: Plan, rows: PodTables, trips: Ints, findings: Findings) -> None:
    """Report charging beside a charger, of two robots at one, and with a pod."""
    stays = rows.charges
    kinds = plan.scenario.layout.kinds.ravel()
    away = np.flatnonzero(kinds[stays.cell] != CellKind.CHARGER)
    findings.add(
        "charge-place",
        "robot {robot} charges from step {step} at {place}, where no charger is",
        robot=stays.robot[away],
        step=stays.start[away],
        cell=stays.cell[away],
    )
    later, earlier = find_overlaps(stays.cell, stays.start, stays.end, closed=False)
    two = stays.robot[later] != stays.robot[earlier]
    later, earlier = later[two], earlier[two]
    findings.add(
        "charger-shared",
        "robot {robot} charges from step {step} at {place}, while {other_robot} does",
        robot=stays.robot[later],
        other_robot=stays.robot[earlier],
        step=stays.start[later],
        cell=stays.cell[later],
    )
    # From the end of a lift to the end of the set-down, or of the plan.
    ends = np.where(trips[:, 4] < 0, plan.steps, trips[:, 4])
    n = len(stays.robot)
    later, earlier = find_overlaps(
        np.concatenate([stays.robot, trips[:, 0]]),
        np.concatenate([stays.start, trips[:, 2]]),
        np.concatenate([stays.end, ends]),
        closed=False,
    )
    pairs = np.concatenate([later, earlier]), np.concatenate([earlier, later])
    with_pod = np.unique(pairs[0][(pairs[0] < n) & (pairs[1] >= n)])
    findings.add(
        "charge-laden",
        "robot {robot} charges from step {step} at {place} with a pod",
        robot=stays.robot[with_pod],
        step=stays.start[with_pod],
        cell=stays.cell[with_pod],
    )


def _changes(rows: PodTables, trips: Ints, last: int) -> Ints:
    """When robots begin and end to charge, to lift and to be laden, by step.

    Returns rows of step, robot, 0 for what it does or 1 for whether it has a pod, and
    what that is from this step on.
    """
    stops, stays = rows.stops, rows.charges
    lifts = np.isin(stops.kind, MOVES_POD)
    set_down = np.where(trips[:, 4] < 0, last, trips[:, 4])
    changes = []
    for robot, start, end, column, value in (
        (stops.robot[lifts], stops.start[lifts], stops.end[lifts], 0, LIFTS),
        (stays.robot, stays.start, stays.end, 0, CHARGES),
        (trips[:, 0], trips[:, 2], set_down, 1, 1),
    ):
        lasts = end > start
        for step, then in ((start[lasts], value), (end[lasts], NOTHING)):
            both = np.full((2, len(step)), [[column], [then]])
            changes.append(np.stack([step, robot[lasts], *both]))
    table = np.concatenate(changes, axis=1).T
    # What ends at a step ends before anything else begins at it.
    return table[np.lexsort((table[:, 3], table[:, 0]))]


def _levels(paths: Plan, battery: Battery, changes: Ints) -> Iterator[Floats]:
    """Levels of all robots at every step, one after the other."""
    hours = paths.scenario.step_s / 3600
    robots = paths.cells.shape[1]
    level = np.full(robots, battery.start_wh)
    state = np.zeros((2, robots), np.int64)
    ends = np.searchsorted(changes[:, 0], np.arange(paths.steps), side="right")
    done = 0
    yield level
    for t, end in enumerate(ends.tolist()):
        for _, robot, column, value in changes[done:end].tolist():
            state[column, robot] = value
        done = end
        work, laden = state
        moves = paths.cells[t] != paths.cells[t + 1]
        if paths.headings is not None:
            moves = moves | (paths.headings[t] != paths.headings[t + 1])
        drives_w = np.where(laden > 0, battery.carrying_w, battery.moving_w)
        drawn_w = np.where(moves, drives_w, battery.idle_w)
        drawn_w = np.where(work == LIFTS, battery.lifting_w, drawn_w)
        drawn_w = np.where(work == CHARGES, -battery.charge_w, drawn_w)
        level = np.minimum(battery.capacity_wh, level - drawn_w * hours)
        yield level


def _check_levels(
    battery: Battery, stays: Charges, levels: Iterator[Floats], findings: Findings
) -> None:
    """Report levels that are too low, once each time, and those written wrong."""
    slack_wh = TOLERANCE * battery.capacity_wh
    asked: dict[int, list[tuple[int, float]]] = {}
    for step, level_wh in ((stays.start, stays.start_wh), (stays.end, stays.end_wh)):
        rows = zip(step.tolist(), stays.robot.tolist(), level_wh.tolist(), strict=True)
        for at, robot, written_wh in rows:
            asked.setdefault(at, []).append((robot, written_wh))
    least_wh = np.array([[0.0], [battery.reserve_wh]])
    was_low = np.zeros((2, 1), bool)
    for t, level in enumerate(levels):
        low = level < least_wh - slack_wh
        for row, robot in np.argwhere(low & ~was_low).tolist():
            rule, words = LEAST[row]
            text = "robot {robot} has {level:.3f} Wh at step {step}: " + words
            where = {"robot": robot, "step": t, "level": level[robot]}
            findings.add(rule, text, **where, reserve=battery.reserve_wh)
        was_low = low
        for robot, written_wh in asked.get(t, []):
            if abs(level[robot] - written_wh) > slack_wh:
                text = "robot {robot} has {level:.3f} Wh at step {step}, not {got:.3f}"
                where = {"robot": robot, "step": t, "level": level[robot]}
                findings.add("charge-level", text, **where, got=written_wh)
