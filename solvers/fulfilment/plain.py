"""The rules of thumb to compare with: each decision alone, by what comes first.

Every line is served from the stock nearest to a dock (`reserve`), orders ride together
as they come, and a tour goes on to the nearest place that is left. What the decisions
of the default are worth is the difference between two plans of the same chain.
"""

import numpy as np

from solvers.batching.savings import first_come
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Picks, Trip, make_trip, pose
from solvers.routing.local_search import solve_nearest_neighbour
from solvers.routing.problem import TourProblem


def plain_trips(
    site: Site, picks: Picks, orders: list[int], capacity: int
) -> list[Trip]:
    """Fill one trip after another by release time, each with a nearest-neighbour tour.

    Parameters
    ----------
    site : Site
    picks : Picks
    orders : list of int
        Orders with at least one pick.
    capacity : int
        Orders that a trip may hold.
    """
    release_s = site.scenario.orders.release_s
    as_they_come = sorted(orders, key=lambda order: (release_s[order], order))
    problem, cells = pose(site, picks, as_they_come, capacity)
    batch_of = first_come(problem)
    trips = []
    for batch in range(int(batch_of.max(initial=-1)) + 1):
        members = np.flatnonzero(batch_of == batch).tolist()
        nodes = np.unique(np.concatenate([[0], *map(problem.places_of, members)]))
        stops = TourProblem(site.steps_between(cells[nodes[1:] - 1]))
        order = solve_nearest_neighbour(stops).solution
        assert order is not None  # a rule always finds a tour
        here = [pick for k in members for pick in picks.of_order[as_they_come[k]]]
        tour = cells[nodes[order] - 1]
        trips.append(make_trip(site, here, tuple(tour.tolist())))
    return trips
