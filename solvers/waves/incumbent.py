"""Waves: what all who search the same problem at once know of it."""

import threading
from fractions import Fraction

from solvers.waves.problem import Wave


class Incumbent:
    """The best wave so far, and a limit that no wave exceeds.

    Several threads offer to it. A wave without aisles serves nothing: its units per
    aisle count as 0.

    Parameters
    ----------
    wave : Wave, optional
        One to begin with.
    """

    def __init__(self, wave: Wave | None = None) -> None:
        self.wave = wave
        self.upper_bound = float("inf")
        self.proved = False
        self._lock = threading.Lock()
        self._ended = threading.Event()

    @property
    def ratio(self) -> Fraction:
        """Units per aisle of the best wave; 0 while there is none."""
        return ratio(self.wave)

    @property
    def ended(self) -> bool:
        """Whether all should stop: time is up, or the best wave is proved."""
        return self._ended.is_set()

    def offer(self, wave: Wave) -> bool:
        """Keep a wave if it is better; return whether it is."""
        with self._lock:
            if self.wave is not None and ratio(wave) <= ratio(self.wave):
                return False
            self.wave = wave
        self.lower(self.upper_bound)
        return True

    def lower(self, upper_bound: float) -> None:
        """Take note of a limit; one that the best wave reaches ends the search."""
        with self._lock:
            self.upper_bound = min(self.upper_bound, upper_bound)
            if self.wave and float(ratio(self.wave)) >= self.upper_bound * (1 - 1e-13):
                self.proved = True
                self._ended.set()

    def prove(self) -> None:
        """Take note that no wave is better, or that there is none."""
        self.proved = True
        if self.wave is not None:
            self.lower(float(ratio(self.wave)))
        self._ended.set()

    def end(self) -> None:
        """Ask all to stop."""
        self._ended.set()

    def wait(self, seconds: float) -> None:
        """Sleep until the end, or so long."""
        self._ended.wait(seconds)


def ratio(wave: Wave | None) -> Fraction:
    """Units per aisle, exactly.

    Examples
    --------
    >>> ratio(Wave(orders=[0], aisles=[2, 5], units=7)), ratio(None)
    (Fraction(7, 2), Fraction(0, 1))
    """
    if wave is None or not len(wave.aisles):
        return Fraction(0)
    return Fraction(wave.units, len(wave.aisles))
