"""What trips cost a battery, and from which levels on robots charge and stop to."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.pods.arrays import Energy, Site
from solvers.pods.charging import LEAST_GAIN, MARGIN
from warehouse.layout import CellKind
from warehouse.scenario import Battery, Scenario

STANDING_S: Final = 600.0
"""For so long a robot may have to wait on a trip, and for a charger after it."""
CHANGE_S: Final = 60.0
"""From one robot that leaves a charger to the next one that charges."""
FULL: Final = 0.999
"""Share of the capacity at which charging ends."""


def no_energy() -> Energy:
    """Energy of robots that need none: with levels of inf everything is allowed."""
    return Energy(*np.zeros(len(Energy._fields)).tolist())


class Steps(NamedTuple):
    """Timesteps on free ways that a trip is made of."""

    to_dock: NDArray[np.int32]  # (spots, docks), with a pod
    from_dock: NDArray[np.int32]  # (docks, spots), with a pod
    to_charger: NDArray[np.int32]  # (spots,): to the nearest
    from_charger: NDArray[np.int32]  # (spots,): from the farthest
    lifts: int  # a lift and a set-down together


def fill_energy(
    scenario: Scenario,
    battery: Battery,
    spots: Any,
    stations: tuple[Any, Any],
    steps: Steps,
    robots: int,
) -> Energy:
    """Write down what trips cost, and return powers and levels.

    Who is called below the level ``call_wh`` can still make any trip. It is higher
    where chargers are few: robots that are all called at once, and charge one after
    another up to ``leave_wh``, half of the way from there to full, must not run short
    before it is their turn.

    Parameters
    ----------
    scenario : Scenario
    battery : Battery
    spots : record array of `SPOT`
        ``trip_wh`` is written.
    stations : pair of record arrays, of `STATION` and `FILL_STATION`
        ``home_wh`` is written.
    steps : Steps
    robots : int
        All that share the chargers.
    """
    hours = scenario.step_s / 3600
    moving_wh, carrying_wh = battery.moving_w * hours, battery.carrying_w * hours
    leave_spot_wh = steps.to_charger * moving_wh
    # A lift and a set-down are counted on the way out, and once more on the way home.
    lifts_wh = steps.lifts * battery.lifting_w * hours
    home_wh = (steps.from_dock * carrying_wh + leave_spot_wh).max(1) + lifts_wh
    stations[0].home_wh, stations[1].home_wh = np.split(home_wh, [len(stations[0])])
    spots.trip_wh = (steps.to_dock * carrying_wh + home_wh).max(1) + lifts_wh
    capacity_wh, reserve_wh = battery.capacity_wh, battery.reserve_wh
    chargers = len(scenario.layout.cells_of(CellKind.CHARGER))
    queue = max(0.0, robots / chargers - 1)
    # All of a queue may be in need at once: so long each charges before the next.
    turn_s = LEAST_GAIN * capacity_wh / battery.charge_w * 3600 + CHANGE_S
    stand_wh = battery.idle_w * max(STANDING_S, queue * turn_s) / 3600
    longest_wh = float((spots.trip_wh + steps.from_charger * moving_wh).max())
    trip_wh = reserve_wh + MARGIN * longest_wh + stand_wh
    least_wh = min(trip_wh, (reserve_wh + capacity_wh) / 2)
    drawn_w = max(battery.moving_w, battery.carrying_w)
    sinks = queue * drawn_w / (2 * battery.charge_w)
    call_wh = (least_wh + sinks * capacity_wh) / (1 + sinks)
    to_reach_wh = MARGIN * float(leave_spot_wh.max())
    return Energy(
        moving_wh=moving_wh,
        carrying_wh=carrying_wh,
        idle_wh=battery.idle_w * hours,
        lifting_wh=battery.lifting_w * hours,
        charge_wh=battery.charge_w * hours,
        capacity_wh=capacity_wh,
        reserve_wh=reserve_wh,
        full_wh=FULL * capacity_wh,
        stand_wh=stand_wh,
        urgent_wh=reserve_wh + to_reach_wh + stand_wh,
        call_wh=call_wh,
        leave_wh=(call_wh + capacity_wh) / 2,
    )


def longest_charging(site: Site, robots: int) -> int:
    """Steps in which all robots can charge one after another; 0 without batteries."""
    energy, chargers = site.energy, len(site.chargers)
    if not chargers:
        return 0
    queue = 1 + robots / chargers
    return int(queue * energy.capacity_wh / energy.charge_wh)
