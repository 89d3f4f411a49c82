"""The part of the time that a map of heat is about."""

import math
from dataclasses import dataclass
from typing import Final

from viz.clock import clock, count


@dataclass(frozen=True, slots=True)
class HeatPart:
    """The whole plan, a window around the clock, or from one moment to another.

    Parameters
    ----------
    around_s : float, optional
        Width of a window with the clock in its middle, in seconds.
    between_s : (float, float), optional
        Seconds from which and until which, which may be infinite.
    """

    around_s: float | None = None
    between_s: tuple[float, float] | None = None

    def steps(self, now_s: float, step_s: float, last: int) -> tuple[int, int]:
        """First timestep, and the one before which it ends.

        Parameters
        ----------
        now_s : float
            The clock, in seconds.
        step_s : float
            Seconds of a timestep.
        last : int
            Timesteps of the plan.

        Examples
        --------
        >>> HeatPart(around_s=10.0).steps(now_s=4.0, step_s=1.0, last=100)
        (0, 9)
        >>> HeatPart().steps(now_s=4.0, step_s=1.0, last=100)
        (0, 100)
        """
        if self.around_s is not None:
            ends_s = (now_s - self.around_s / 2, now_s + self.around_s / 2)
        elif self.between_s is not None:
            ends_s = self.between_s
        else:
            return 0, last
        # A moment at a whole timestep must not fall below it by rounding.
        first, end = (math.floor(min(max(s / step_s, 0), last) + 1e-6) for s in ends_s)
        return first, max(end, first)

    @property
    def words(self) -> str:
        """Say which part it is.

        Examples
        --------
        >>> HeatPart().words, HeatPart(around_s=90.0).words
        ('whole plan', '90 seconds around now')
        >>> HeatPart(between_s=(60.0, math.inf)).words
        '0:01:00 on'
        """
        if self.around_s is not None:
            if self.around_s % 60:
                return f"{self.around_s:g} seconds around now"
            return f"{count(round(self.around_s / 60), 'minute')} around now"
        if self.between_s is not None:
            first, last = self.between_s
            to = f"to {clock(last)}" if last < math.inf else "on"
            return f"{clock(first)} {to}"
        return "whole plan"


WHOLE_PLAN: Final = HeatPart()
