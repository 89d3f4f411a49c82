"""Where robots are, on the plans of all sites: positions, motion and standing still."""

from warehouse.check.motion import check_motion, check_positions
from warehouse.check.rows import Tables
from warehouse.check.service import check_horizon, check_standing
from warehouse.check.violation import Findings
from warehouse.grid import Grid
from warehouse.plan import Plan


def check_robots(
    paths: Plan | None, standing: Tables, findings: Findings
) -> int | None:
    """Report robots that are, go or stand where they may not.

    Parameters
    ----------
    paths : Plan or None
        As `check_arrays` returns it.
    standing : Tables
        With the stops of all robots.
    findings : Findings

    Returns
    -------
    int or None
        How often robots changed cells; None if their paths cannot be read.
    """
    if paths is None:
        return None
    cells, headings, scenario = paths.cells, paths.headings, paths.scenario
    grid, starts = Grid.from_layout(scenario.layout), scenario.fleet.start_cells
    check_positions(cells, headings, grid, findings)
    moves = check_motion(cells, headings, starts, grid, findings)
    check_horizon(paths, standing, findings)
    check_standing(paths, standing, findings)
    return moves
