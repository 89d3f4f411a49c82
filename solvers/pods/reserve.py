"""Time that is kept for writing a plan down, so that it is there when time is up."""

import time
from collections.abc import Callable
from math import inf
from typing import Final

SPARE: Final = 2.0
"""So many times the measured time is kept, as a plan grows until it is measured again.

Writing down takes a time that grows no faster than the picks, about.
"""
FIRST_PICKS: Final = 16
"""After so many picks it is measured once more; then whenever they have doubled."""
SET_UP: Final = 5.0
"""Setting up takes so many times what writing down an empty plan does, at most."""


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
        self.deadline = deadline
        self._kept_s = 0.0
        self._measured_at = 0

    def is_due(self) -> bool:
        """Whether it is time to write the plan down."""
        return time.perf_counter() + self._kept_s >= self.deadline

    def foresee(self, write: Callable[[], object]) -> None:
        """Keep time for what cannot be stopped of setting up.

        Parameters
        ----------
        write : callable
            Writes an empty plan down: what is done with the site then says how large it
            is, and how fast the machine at the moment.
        """
        if self.deadline < inf:
            self._kept_s = (SPARE + SET_UP) * _seconds(write)

    def measure(self, picks: int, write: Callable[[], object]) -> None:
        """Measure how long writing down takes by now, if the plan has grown much.

        Parameters
        ----------
        picks : int
            Picks of the plan, which say how large it is.
        write : callable
            Writes the plan down, as it is by now.
        """
        if self.deadline < inf and picks >= self._measured_at:
            self._kept_s = SPARE * _seconds(write)
            self._measured_at = max(FIRST_PICKS, 2 * picks)


def _seconds(write: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    write()
    return time.perf_counter() - began
