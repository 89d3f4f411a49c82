"""Tables of a plan that say where robots stop, and what for."""

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.loop import Served
from warehouse.plan import DROP_DTYPE, PICK_DTYPE, STOP_DTYPE, StopKind


def stop_tables(
    by_robot: list[Served], left_out: frozenset[int]
) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.void]]:
    """Stops, picks and drops of all trips, in the order of the plan format.

    Parameters
    ----------
    by_robot : list of Served
        Ordered by robot and time.
    left_out : frozenset of int
        Orders that nobody packs. They are not picked either: robots stop for nothing.
    """
    stops: list[tuple[int, ...]] = []
    picks: list[tuple[int, ...]] = []
    drops: list[tuple[int, ...]] = []
    for trip, served in enumerate(by_robot):
        mission = served.mission
        for k, cell in enumerate(served.cells.tolist()):
            stop = len(stops)
            drop = (
                mission.drops[k - len(mission.tour)] if k >= len(mission.tour) else None
            )
            kind = StopKind.DROP if drop else StopKind.PICK
            station = drop.station if drop else -1
            when = int(served.start[k]), int(served.end[k])
            stops.append((mission.robot, trip, int(kind), cell, *when, station))
            if drop:
                mine = sorted(set(drop.orders) - left_out)
                drops += [(stop, order) for order in mine]
            else:
                picks += [
                    (stop, pick.line, pick.rack, pick.quantity)
                    for pick in mission.trip.picks[cell]
                    if pick.order not in left_out
                ]
    return (
        np.array(stops, STOP_DTYPE),
        np.array(picks, PICK_DTYPE),
        np.array(drops, DROP_DTYPE),
    )
