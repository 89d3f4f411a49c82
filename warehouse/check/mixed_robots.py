"""Robots of two kinds: who makes which stops, and who is too tall to go under pods."""

import numpy as np

from warehouse.check.pod_tables import PodTables
from warehouse.check.rows import Ints, Tables
from warehouse.check.violation import Findings
from warehouse.plan import Plan
from warehouse.scenario import RobotKind, Scenario


def find_tall(scenario: Scenario) -> Ints:
    """Robots with totes on a site that has robots with pods too; else none."""
    kinds = scenario.fleet.kinds
    if kinds is None:
        return np.zeros(0, np.int64)
    return np.flatnonzero(kinds == RobotKind.TOTE)


def check_tall(
    paths: Plan, tall: Ints, holder: Ints, t: int, findings: Findings
) -> None:
    """Report robots with totes that are where a pod stands at a timestep.

    Parameters
    ----------
    paths : Plan
    tall : ndarray of int
        Robots with totes.
    holder : ndarray of int, shape (cells,)
        Pod that stands on each cell, or -1.
    t : int
    findings : Findings
    """
    cells = paths.cells[t, tall]
    inside = (cells >= 0) & (cells < len(holder))
    stands = holder[np.where(inside, cells, 0)]
    meets = np.flatnonzero(inside & (stands >= 0))
    findings.add(
        "tote-through-pod",
        "robot {robot} with totes is at {place} at step {step}, where pod {pod} stands",
        robot=tall[meets],
        step=t,
        cell=cells[meets],
        pod=stands[meets],
    )


def check_robot_kinds(
    scenario: Scenario, tables: Tables, rows: PodTables, findings: Findings
) -> None:
    """Report stops made by robots of the other kind."""
    kinds = scenario.fleet.kinds
    assert kinds is not None  # whoever calls has looked
    for stops, kind in ((tables.stops, RobotKind.TOTE), (rows.stops, RobotKind.POD)):
        wrong = np.flatnonzero(kinds[stops.robot] != kind)
        findings.add(
            "robot-kind",
            "robot {robot} at step {step} makes a stop of robots with {what}s at "
            "{place}",
            robot=stops.robot[wrong],
            step=stops.start[wrong],
            cell=stops.cell[wrong],
            what=kind.name.lower(),
        )
