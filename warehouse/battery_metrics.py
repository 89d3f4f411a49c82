"""How robots and chargers get by with their batteries."""

from dataclasses import dataclass

import numpy as np

from warehouse.battery_levels import levels_wh
from warehouse.layout import CellKind
from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class ChargerUse:
    """What one charger does.

    Parameters
    ----------
    row, col : int
    stays : int
        How often a robot charges there.
    busy : float
        Share of the plan's time in which one does.
    charged_wh : float
    """

    row: int
    col: int
    stays: int
    busy: float
    charged_wh: float


@dataclass(frozen=True, slots=True)
class BatteryMetrics:
    """Key figures of batteries over all of a plan.

    Parameters
    ----------
    lowest_level, mean_level, end_level : float
        Shares of the capacity: the lowest of all robots at any time, the mean, and the
        mean at the end.
    charging_share : float
        Share of the robots' time in which they charge.
    charger_use : float
        Share of the chargers' time in which a robot charges.
    stays : int
    charged_wh, used_wh : float
        Energy that all robots took from chargers, and used.
    chargers : tuple of ChargerUse
        One for each charger of the layout.
    """

    lowest_level: float
    mean_level: float
    end_level: float
    charging_share: float
    charger_use: float
    stays: int
    charged_wh: float
    used_wh: float
    chargers: tuple[ChargerUse, ...]


def measure_batteries(plan: Plan) -> BatteryMetrics | None:
    """Key figures of batteries; None where the plan has none. O(steps * robots)."""
    battery, work = plan.scenario.fleet.battery, plan.pod_work
    if battery is None or work is None:
        return None
    levels = levels_wh(plan)
    stays, layout = work.charges, plan.scenario.layout
    steps = max(1, plan.steps)
    lasts = stays["end"] - stays["start"]
    gained_wh = stays["end_wh"] - stays["start_wh"]
    chargers = []
    for cell in layout.cells_of(CellKind.CHARGER).tolist():
        here = stays["cell"] == cell
        busy = float(lasts[here].sum()) / steps
        charged_wh = float(gained_wh[here].sum())
        place = layout.row_col(cell)
        chargers.append(ChargerUse(*place, int(here.sum()), busy, charged_wh))
    charged_wh = float(gained_wh.sum())
    left_wh = float(levels[-1].sum(dtype=np.float64))
    robots = levels.shape[1]
    return BatteryMetrics(
        lowest_level=float(levels.min()) / battery.capacity_wh,
        mean_level=float(levels.mean(dtype=np.float64)) / battery.capacity_wh,
        end_level=left_wh / (robots * battery.capacity_wh),
        charging_share=float(lasts.sum()) / (steps * robots),
        charger_use=float(lasts.sum()) / (steps * max(1, len(chargers))),
        stays=len(stays),
        charged_wh=charged_wh,
        used_wh=robots * battery.start_wh + charged_wh - left_wh,
        chargers=tuple(chargers),
    )
