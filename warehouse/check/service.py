"""Service: robots stand still at their stops, long enough, one at a time."""

import numpy as np

from warehouse.check.intervals import find_overlaps
from warehouse.check.motion import BLOCK
from warehouse.check.rows import Ints, Tables
from warehouse.check.violation import Findings
from warehouse.plan import Plan, StopKind


def check_service(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report stops that are too short, or that overlap."""
    _check_length(plan, tables, findings)
    stops = tables.stops
    later, earlier = find_overlaps(stops.robot, stops.start, stops.end, closed=False)
    findings.add(
        "service-overlap",
        "robot {robot} begins a stop at step {step}, before its last is over "
        "at step {end}",
        robot=stops.robot[later],
        step=stops.start[later],
        cell=stops.cell[later],
        end=stops.end[earlier],
    )
    drops = np.flatnonzero(stops.kind == StopKind.DROP)
    later, earlier = (
        drops[rows]
        for rows in find_overlaps(
            stops.station[drops], stops.start[drops], stops.end[drops], closed=True
        )
    )
    # Two drops of one robot may touch; that they do not overlap is checked above.
    two = stops.robot[later] != stops.robot[earlier]
    later, earlier = later[two], earlier[two]
    names = np.array([s.name for s in plan.scenario.stations] or [""], object)
    findings.add(
        "dock-shared",
        "robot {robot} begins at the dock of station {station} at step {step}; "
        "robot {other_robot} is there until step {end}",
        robot=stops.robot[later],
        other_robot=stops.robot[earlier],
        step=stops.start[later],
        cell=stops.cell[later],
        station=names[stops.station[later]],
        end=stops.end[earlier],
    )


def check_horizon(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report stops outside the plan's steps."""
    stops = tables.stops
    outside = (stops.start < 0) | (stops.end > plan.steps) | (stops.end < stops.start)
    findings.add(
        "service-horizon",
        "robot {robot} has a stop from step {step} to {end}; the plan has steps 0 to "
        "{last}",
        robot=stops.robot[outside],
        step=stops.start[outside],
        cell=stops.cell[outside],
        end=stops.end[outside],
        last=plan.steps,
    )


def check_standing(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report stops at which the robot is elsewhere, or moves."""
    stops = tables.stops
    first = np.clip(stops.start, 0, plan.steps)
    length = np.clip(stops.end, -1, plan.steps) - first + 1
    length = np.maximum(length, 0)
    # Look at about BLOCK robot-steps together.
    part = np.cumsum(length) // BLOCK
    for number in np.unique(part):
        rows = np.flatnonzero(part == number)
        _check_still(plan, tables, rows, first[rows], length[rows], findings)


def _check_still(
    plan: Plan,
    tables: Tables,
    rows: Ints,
    first: Ints,
    length: Ints,
    findings: Findings,
) -> None:
    stops = tables.stops
    row = np.repeat(np.arange(len(rows)), length)
    # Steps first .. first + length - 1 of every stop, one after the other.
    step = np.arange(len(row)) - np.repeat(np.cumsum(length) - length - first, length)
    robot, cell = stops.robot[rows], stops.cell[rows]
    moved = plan.cells[step, robot[row]] != cell[row]
    if plan.headings is not None:
        heading = plan.headings[step, robot[row]]
        moved |= heading != plan.headings[first[row], robot[row]]
    wrong, at = np.unique(row[moved], return_index=True)
    findings.add(
        "service-moved",
        "robot {robot} does not stand still at {place} from step {start} to {end}: "
        "look at step {step}",
        robot=robot[wrong],
        step=step[moved][at],
        cell=cell[wrong],
        start=stops.start[rows][wrong],
        end=stops.end[rows][wrong],
    )


def _check_length(plan: Plan, tables: Tables, findings: Findings) -> None:
    stops, picks, drops = tables.stops, tables.picks, tables.drops
    n = len(stops.robot)
    units, lines, orders = (np.zeros(n, np.int64) for _ in range(3))
    np.add.at(units, picks.stop, picks.quantity)
    # A line picked from two cells at one stop is one line.
    np.add.at(lines, np.unique(np.stack([picks.stop, picks.line]), axis=1)[0], 1)
    np.add.at(orders, drops.stop, 1)
    scenario = plan.scenario
    work = np.where(stops.kind == StopKind.DROP, -orders, lines)
    pairs, which = np.unique(np.stack([work, units]), axis=1, return_inverse=True)
    need = np.array(
        [
            float(scenario.drop_steps(-w) if w < 0 else scenario.pick_steps(w, u))
            for w, u in pairs.T.tolist()
        ]
    )[which.reshape(-1)]
    short = np.flatnonzero(stops.end - stops.start < need)
    findings.add(
        "service-too-short",
        "robot {robot} serves for {got} steps from step {step}, need {need:.0f}",
        robot=stops.robot[short],
        step=stops.start[short],
        cell=stops.cell[short],
        got=(stops.end - stops.start)[short],
        need=need[short],
    )
