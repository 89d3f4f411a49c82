"""Stations for robots with totes, where robots with pods bring parts of orders."""

from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.mission import Mission
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.site import Site
from solvers.fulfilment.station_queues import StationQueues
from solvers.fulfilment.trips import Trip


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

    def mission(
        self,
        robot: int,
        trip: Trip,
        cell: int,
        now_s: float,
        slowness: float,
        *,
        spread: bool = True,
    ) -> Mission:
        """Choose the stations and the direction of a trip; see `DropOff.mission`."""
        mission = super().mission(robot, trip, cell, now_s, slowness, spread=spread)
        if not self._station_of.keys() & set(trip.orders):
            return mission
        chosen = {o: drop.station for drop in mission.drops for o in drop.orders}
        chosen |= {o: self._station_of[o] for o in trip.orders if o in self._station_of}
        last = mission.tour[-1]
        steps = {
            s: int(self.site.table.to(int(self.site.docks[s]))[last])
            for s in set(chosen.values())
        }
        first = min(steps, key=lambda station: (steps[station], station))
        return Mission(robot, trip, mission.tour, self.in_turn(first, chosen))
