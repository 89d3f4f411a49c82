"""Robots with which those that carry pods share floor, motion and clock."""

from typing import Protocol

from solvers.pods.arrays import Site
from solvers.pods.motion import Traffic


class OtherRobots(Protocol):
    """What the loop over timesteps needs of other robots."""

    @property
    def busy(self) -> bool:
        """Whether they have work left, so that the loop must go on."""

    def join(self, site: Site, seed: int) -> Traffic:
        """Traffic of all robots: those of a site first, these after them."""

    def reveal(self, site: Site, now_s: float) -> None:
        """Say which orders are released, where others have a part in that."""

    def act(self, site: Site, t: int) -> bool:
        """Set goals and begin and end services; whether there are or were any."""

    def spend(self, site: Site) -> None:
        """Change the levels of batteries by what was done in the step just made."""
