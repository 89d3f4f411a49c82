"""Time that is kept for writing a plan down, so that it is there when time is up."""

import time
from math import inf
from typing import Final

from solvers.bounds.pods import bound_of
from solvers.pods.arrays import PICKS
from solvers.pods.record import pod_work_of
from solvers.pods.simulate import Simulation
from warehouse.scenario import Scenario

SPARE: Final = 2.0
"""So many times the measured time is kept, as a plan grows until it is measured again.

Writing down takes a time that grows no faster than the picks, about.
"""
FIRST_PICKS: Final = 256
"""After so many picks it is measured once more; then whenever they have doubled."""


class Reserve:
    """Time before a deadline that is kept for writing the plan down.

    Parameters
    ----------
    deadline : float
        Moment on ``time.perf_counter``; inf for none, and nothing is measured.

    Examples
    --------
    >>> Reserve(inf).is_due(), Reserve(-inf).is_due()
    (False, True)
    """

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._kept_s = 0.0
        self._measured_at = 0

    def is_due(self) -> bool:
        """Whether it is time to write the plan down."""
        return time.perf_counter() + self._kept_s >= self._deadline

    def measure(self, scenario: Scenario, simulation: Simulation) -> None:
        """Measure how long writing down takes by now, if the plan has grown much.

        Parameters
        ----------
        scenario : Scenario
        simulation : Simulation
            Between two steps.
        """
        picks = int(simulation.site.record.used[PICKS])
        if self._deadline == inf or picks < self._measured_at:
            return
        began = time.perf_counter()
        bound_of(scenario, pod_work_of(scenario, simulation))
        self._kept_s = SPARE * (time.perf_counter() - began)
        self._measured_at = max(FIRST_PICKS, 2 * picks)
