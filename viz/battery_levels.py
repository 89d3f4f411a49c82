"""How full the batteries are at any timestep of a plan, and which robots charge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.battery_levels import levels_wh
from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class BatteryLevels:
    """Batteries of a plan, ready to be looked at.

    Parameters
    ----------
    levels : ndarray of float32, shape (steps + 1, robots)
        Shares of the capacity; of shape (0, 0) where there are no batteries.
    reserve : float
    stays : structured array of `warehouse.plan.CHARGE_DTYPE`
    keys : ndarray of int64, shape (stays,)
        ``robot * span + start`` of each stay, ascending.
    span : int
    """

    levels: NDArray[np.float32]
    reserve: float
    stays: NDArray[np.void]
    keys: NDArray[np.int64]
    span: int

    @classmethod
    def from_plan(cls, plan: Plan) -> "BatteryLevels | None":
        """Compute all levels; None where the plan has no batteries."""
        battery, work = plan.scenario.fleet.battery, plan.pod_work
        if battery is None or work is None:
            return None
        stays, span = np.sort(work.charges, order=["robot", "start"]), plan.steps + 2
        return cls(
            levels=levels_wh(plan) / np.float32(battery.capacity_wh),
            reserve=battery.reserve,
            stays=stays,
            keys=stays["robot"].astype(np.int64) * span + stays["start"],
            span=span,
        )

    @property
    def low(self) -> float:
        """Share below which a level is shown as low: a quarter of what is used."""
        return self.reserve + (1 - self.reserve) / 4

    def at(self, t: float) -> NDArray[np.float32]:
        """Level of every robot at a timestep."""
        level: NDArray[np.float32] = self.levels[min(int(t), len(self.levels) - 1)]
        return level

    def charging(self, t: float) -> NDArray[np.bool_]:
        """Tell for each robot whether it charges."""
        robots = self.levels.shape[1]
        if not len(self.keys):
            return np.zeros(robots, bool)
        first = np.arange(robots, dtype=np.int64) * self.span
        step = min(int(t), self.span - 2)
        found = np.searchsorted(self.keys, first + step, side="right") - 1
        begun = (found >= 0) & (self.keys[found] >= first)
        return begun & (self.stays["end"][found] > step)

    def next_stay(self, robot: int, t: float) -> np.void | None:
        """Stay that a robot is at, or its next one; None if it charges no more."""
        mine = self.stays[self.stays["robot"] == robot]
        ahead = mine[mine["end"] > t]
        return ahead[0] if len(ahead) else None
