"""Trips: which reserved orders ride together, and the stops of their tour."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solvers.batching.annealing import BatchingParams, solve
from solvers.batching.problem import BatchingProblem
from solvers.fulfilment.reserve import Reserved
from solvers.fulfilment.ride_limits import ride_limits
from solvers.fulfilment.site import Site
from solvers.fulfilment.urgent import urgent_batches
from solvers.result import ProgressCallback, Stop


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of an order line reserved on a rack, and where to stand for them."""

    order: int
    line: int
    stock: int
    rack: int
    stand: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Trip:
    """Orders that one robot fetches in one round.

    Parameters
    ----------
    orders : tuple of int
    tour : tuple of int
        Stand cells in visiting order; may be driven in either direction.
    picks : dict of int to list of Pick
        What is picked at each stand cell.
    pick_steps : int
        Timesteps of standing to pick.
    travel_steps : int
        Steps of the tour from and to the nearest docks.
    pack_s : dict of int to float
        Seconds of packing of each order.
    due_s : float
        Earliest due time of its orders.
    priority : int
        Highest priority of its orders.
    """

    orders: tuple[int, ...]
    tour: tuple[int, ...]
    picks: dict[int, list[Pick]]
    pick_steps: int
    travel_steps: int
    pack_s: dict[int, float]
    due_s: float
    priority: int


@dataclass(slots=True)
class Picks:
    """Reserved picks of every order known so far."""

    of_order: dict[int, list[Pick]] = field(default_factory=lambda: defaultdict(list))

    def add(self, site: Site, reserved: Reserved, stands: NDArray[np.int32]) -> None:
        """Add what was reserved; ``stands`` holds a stand cell per stock row."""
        line, row = reserved.line, reserved.stock
        columns = (
            site.scenario.orders.line_order[line],
            line,
            row,
            site.scenario.stock.cell[row],
            stands[row],
            reserved.quantity,
        )
        for pick in zip(*(column.tolist() for column in columns), strict=True):
            self.of_order[pick[0]].append(Pick(*pick))


def make_trips(
    site: Site,
    picks: Picks,
    orders: list[int],
    capacity: int,
    stop: Stop,
    *,
    seed: int,
    params: BatchingParams,
    initial: NDArray[np.int32] | None = None,
    urgent_at_s: float | None = None,
    on_progress: ProgressCallback | None = None,
) -> list[Trip]:
    """Batch orders into trips of at most ``capacity`` orders.

    Where robots may carry a limited mass, no trip is heavier.

    Parameters
    ----------
    site : Site
    picks : Picks
    orders : list of int
        Orders with at least one pick, ascending; none heavier than a robot may carry.
    capacity : int
    stop : Stop
        Limits of the batching.
    seed : int
    params : BatchingParams
    initial : ndarray of int32, shape (orders,), optional
        Batch number of each order to start from, instead of savings.
    urgent_at_s : float, optional
        Present time, where batches are to keep due times.
    on_progress : callable, optional
    """
    problem, places = pose(site, picks, orders, capacity)
    if urgent_at_s is not None and orders:
        batches = urgent_batches(
            site,
            problem,
            orders,
            _standing_s(site, picks, orders),
            _pack_s(site, picks, orders),
            urgent_at_s,
            stop,
            seed=seed,
            params=params,
            initial=initial,
            on_progress=on_progress,
        )
    else:
        found = solve(
            problem,
            stop,
            seed=seed,
            params=params,
            initial=initial,
            on_progress=on_progress,
        ).solution
        assert found is not None  # every order fits into some batch
        batches = found
    return [
        make_trip(
            site,
            [pick for k in batch.orders for pick in picks.of_order[orders[k]]],
            tuple(int(places[p - 1]) for p in batch.tour),
        )
        for batch in batches
    ]


def _standing_s(site: Site, picks: Picks, orders: list[int]) -> NDArray[np.float64]:
    """Seconds of picking of each order by itself."""
    seconds = np.zeros(len(orders))
    for k, order in enumerate(orders):
        at: dict[int, list[Pick]] = defaultdict(list)
        for pick in picks.of_order[order]:
            at[pick.stand].append(pick)
        seconds[k] = sum(pick_steps(site, here) for here in at.values())
    return seconds * site.scenario.step_s


def _pack_s(site: Site, picks: Picks, orders: list[int]) -> NDArray[np.float64]:
    units = [_units_by_sku(site, picks.of_order[order]) for order in orders]
    return np.array(list(map(site.pack_s, orders, units)))


def _units_by_sku(site: Site, picks: list[Pick]) -> dict[int, int]:
    line_sku = site.scenario.orders.line_sku
    units: dict[int, int] = defaultdict(int)
    for pick in picks:
        units[int(line_sku[pick.line])] += pick.quantity
    return dict(units)


def pose(
    site: Site, picks: Picks, orders: list[int], capacity: int
) -> tuple[BatchingProblem, NDArray[np.int32]]:
    """Which orders to fetch together; place p is the stand cell ``cells[p - 1]``.

    Parameters
    ----------
    site : Site
    picks : Picks
    orders : list of int
        Orders with at least one pick.
    capacity : int
        Orders that a trip may hold.

    Returns
    -------
    BatchingProblem
    ndarray of int32
        The stand cells.
    """
    needed = [sorted({p.stand for p in picks.of_order[order]}) for order in orders]
    cells = np.unique(np.concatenate([np.empty(0, np.int32), *needed])).astype(np.int32)
    number = {int(cell): k + 1 for k, cell in enumerate(cells)}
    all_picks = [pick for order in orders for pick in picks.of_order[order]]
    limit, load = ride_limits(
        site.scenario,
        capacity,
        [pick.line for pick in all_picks],
        [pick.quantity for pick in all_picks],
    )
    problem = BatchingProblem(
        site.steps_between(cells),
        np.cumsum([0, *map(len, needed)], dtype=np.int32),
        np.array([number[cell] for some in needed for cell in some], np.int32),
        limit,
        load[np.searchsorted(np.sort(orders), orders)],
    )
    return problem, cells


def make_trip(site: Site, picks: list[Pick], tour: tuple[int, ...]) -> Trip:
    """Put picks together with the tour that visits their stand cells.

    Parameters
    ----------
    site : Site
    picks : list of Pick
    tour : tuple of int
        Stand cells in visiting order.
    """
    scenario = site.scenario
    at: dict[int, list[Pick]] = {cell: [] for cell in tour}
    of_order: dict[int, list[Pick]] = defaultdict(list)
    for pick in picks:
        at[pick.stand].append(pick)
        of_order[pick.order].append(pick)
    orders = sorted(of_order)
    rows = site.table.rows(tour[1:])
    between = int(site.table.data[rows, tour[:-1]].sum(dtype=int))
    return Trip(
        orders=tuple(orders),
        tour=tour,
        picks=at,
        pick_steps=sum(pick_steps(site, here) for here in at.values()),
        travel_steps=int(site.from_dock[tour[0]] + between + site.to_dock[tour[-1]]),
        pack_s={
            order: site.pack_s(order, _units_by_sku(site, of_order[order]))
            for order in orders
        },
        due_s=float(site.latest_due_s[orders].min()),
        priority=int(scenario.orders.priority[orders].max()),
    )


def pick_steps(site: Site, picks: list[Pick]) -> int:
    """Timesteps that the picks of one stop take together."""
    return site.scenario.pick_steps(len(picks), sum(pick.quantity for pick in picks))
