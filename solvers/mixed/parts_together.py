"""Stations for robots with totes, where robots with pods bring parts of orders."""

from dataclasses import replace
from typing import Any

import numpy as np

from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.mission import Mission
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.site import Site
from solvers.fulfilment.station_queues import StationQueues


class Meetings:
    """Stations where orders that both sides bring are put together.

    Attributes
    ----------
    station_of : dict of int to int
        By the number of an order on the side of racks.
    """

    def __init__(self, stations: int) -> None:
        self.station_of: dict[int, int] = {}
        self._units = np.zeros(stations)

    def fix(self, orders: Any, in_totes: int, in_pods: int) -> None:
        """Give an order the station with the least units from pods for such orders.

        Parameters
        ----------
        orders : record array of `ORDER`
            On the side of pods, where the station is written.
        in_totes, in_pods : int
            Number of the order on either side.
        """
        station = int(self._units.argmin())
        self._units[station] += orders.units[in_pods]
        orders.station[in_pods] = station
        self.station_of[in_totes] = station


class PartsTogether(DropOff):
    """Chooses stations, but for orders of which pods bring the other part.

    Parameters
    ----------
    site : Site
    policy : Policy
    queues : StationQueues
    station_of : dict of int to int
        Station of each of these orders.
    """

    def __init__(
        self,
        site: Site,
        policy: Policy,
        queues: StationQueues,
        station_of: dict[int, int],
    ) -> None:
        super().__init__(site, policy, queues)
        self._station_of = station_of

    def _with_fixed(self, mission: Mission) -> Mission:
        orders = mission.trip.orders
        if not self._station_of.keys() & set(orders):
            return mission
        chosen = {o: drop.station for drop in mission.drops for o in drop.orders}
        chosen |= {o: self._station_of[o] for o in orders if o in self._station_of}
        last = mission.tour[-1]
        steps = {
            s: int(self.site.table.to(int(self.site.docks[s]))[last])
            for s in set(chosen.values())
        }
        first = min(steps, key=lambda station: (steps[station], station))
        return replace(mission, drops=self.in_turn(first, chosen))
