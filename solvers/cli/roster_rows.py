"""A roster as orders of its day, after a look at every rule."""

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.roster.problem import NOBODY, Roster
from warehouse.check.roster import check_roster
from warehouse.errors import SolverError
from warehouse.packing_day import PackedOrder, PackingDay


def packed_orders(
    day: PackingDay, kept: NDArray[np.intp], roster: Roster
) -> list[PackedOrder]:
    """Who packs what when; a roster that breaks a rule is never reported.

    Parameters
    ----------
    day : PackingDay
    kept : ndarray of intp
        Which orders of the day the jobs of the roster are, see `roster_problem`.
    roster : Roster

    Raises
    ------
    SolverError
        E381.
    """
    done = np.flatnonzero(roster.packer != NOBODY)
    columns = (kept, roster.packer, roster.start_s, roster.end_s)
    cells = zip(*(column[done].tolist() for column in columns), strict=True)
    rows = [PackedOrder(*row) for row in cells]
    left_out = np.setdiff1d(np.arange(len(day.jobs.names)), kept[done]).tolist()
    violations = check_roster(day, rows, left_out)
    if violations:
        raise SolverError("E381", f"{day.name}: {violations[0]}", "report this")
    return rows
