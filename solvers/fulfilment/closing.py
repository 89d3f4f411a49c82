"""Orders that robots would bring when no packer has time for them any more."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.people import People
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Picks, Trip, make_trip


def split_pool(
    people: People, pool: Sequence[Trip], room_s: NDArray[np.float64]
) -> tuple[list[Trip], list[int]]:
    """Trips of which some order can still be packed, and the orders of the others.

    Parameters
    ----------
    people : People
    pool : sequence of Trip
    room_s : ndarray of float64, shape (trips, stations)
        Seconds of work that stations have time for when a trip comes.
    """
    kept: list[Trip] = []
    late: list[int] = []
    for trip, room in zip(pool, room_s, strict=True):
        if any(_fits(people, o, work_s, room) for o, work_s in trip.pack_s.items()):
            kept.append(trip)
        else:
            late += trip.orders
    return kept, late


def split_trip(
    site: Site, people: People, picks: Picks, trip: Trip, room_s: NDArray[np.float64]
) -> tuple[Trip | None, list[int]]:
    """The trip without orders that packers have no time for, and these.

    What is due first has its place first, then what is packed soonest.

    Parameters
    ----------
    site : Site
    people : People
        Of the site.
    picks : Picks
    trip : Trip
    room_s : ndarray of float64, shape (stations,)
        Seconds of work that each station still has time for.

    Returns
    -------
    Trip or None
        None if no order is left.
    list of int
        Orders that are left out.
    """
    room, late = room_s.copy(), []
    due_s, work_s = site.latest_due_s, trip.pack_s
    for order in sorted(trip.orders, key=lambda o: (due_s[o], work_s[o])):
        if _fits(people, order, work_s[order], room):
            open_s = np.where(people.may_pack[order], room, -np.inf)
            room[open_s.argmax()] -= work_s[order]
        else:
            late.append(order)
    kept = [order for order in trip.orders if order not in late]
    if not late or not kept:
        return (trip if kept else None), late
    mine = [pick for order in kept for pick in picks.of_order[order]]
    stands = {pick.stand for pick in mine}
    tour = tuple(cell for cell in trip.tour if cell in stands)
    return make_trip(site, mine, tour), late


def _fits(
    people: People, order: int, work_s: float, room_s: NDArray[np.float64]
) -> bool:
    """Whether a station where somebody may pack an order has room for it."""
    return bool((people.may_pack[order] & (work_s <= room_s)).any())
