"""Packers with shifts and skills, as the decisions see them."""

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.hours import Hours
from solvers.scheduling.roster.problem import NEVER, Breaks, RosterProblem
from solvers.scheduling.roster.timing_kernels import earliest_ends
from warehouse.scenario import Scenario
from warehouse.staff import Staff


class People:
    """Who may pack which order, and where.

    Parameters
    ----------
    scenario : Scenario
        Every station has packers.
    staff : Staff
        Of it.
    work_s : ndarray of float64, shape (orders,)
        Seconds that each order takes at speed 1, as it was ordered.

    Attributes
    ----------
    hours : Hours
    able : ndarray of bool, shape (orders, packers)
        Whether a packer has the skills for an order, and time for it in the shift.
    may_pack : ndarray of bool, shape (orders, stations)
        Whether some packer of a station is able to.
    """

    def __init__(
        self, scenario: Scenario, staff: Staff, work_s: NDArray[np.float64]
    ) -> None:
        self.staff = staff
        self.hours = Hours(staff, len(scenario.stations))
        skilled = _skilled(scenario, staff)
        orders = len(scenario.orders)
        alone = self.roster(
            ready_s=scenario.orders.release_s,
            due_s=np.full(orders, np.inf),
            priority=np.zeros(orders, np.int32),
            kind=np.zeros(orders, np.int32),
            work_s=work_s,
            setup_s=np.zeros(1),
            able=skilled,
        ).work
        ends = np.zeros(alone.duration.shape, np.int64)
        earliest_ends(alone, False, ends)
        self.able = ends < NEVER
        self.may_pack = np.zeros((orders, len(scenario.stations)), bool)
        for row, station in enumerate(staff.packers.station.tolist()):
            self.may_pack[:, station] |= self.able[:, row]

    def roster(
        self,
        *,
        ready_s: NDArray[np.float64],
        due_s: NDArray[np.float64],
        priority: NDArray[np.int32],
        kind: NDArray[np.int32],
        work_s: NDArray[np.float64],
        setup_s: NDArray[np.float64],
        able: NDArray[np.bool_],
    ) -> RosterProblem:
        """Pose what these packers have to do, see `RosterProblem`."""
        packers, breaks = self.staff.packers, self.staff.breaks
        return RosterProblem(
            ready_s=ready_s,
            due_s=due_s,
            priority=priority,
            kind=kind,
            work_s=work_s,
            setup_s=setup_s,
            able=able,
            speed=packers.speed,
            shift_start_s=packers.start_s,
            shift_end_s=packers.end_s,
            breaks=Breaks(breaks.packer, breaks.start_s, breaks.end_s, breaks.wait_s),
        )


def _skilled(scenario: Scenario, staff: Staff) -> NDArray[np.bool_]:
    """Whether a packer has the skills for an order, shape (orders, packers)."""
    orders, skills = scenario.orders, staff.packers.skills
    skilled = np.ones((len(orders), len(skills)), bool)
    by_needs = {
        needs: np.array([needs <= has for has in skills], bool)
        for needs in set(orders.needs)
    }
    for order, needs in enumerate(orders.needs):
        skilled[order] = by_needs[needs]
    return skilled
