"""Trips of the tote problem by savings, local search, and choice among sets met."""

from typing import Final

import numpy as np

from solvers.batching.set_partitioning import Columns, choose
from solvers.result import ProgressCallback
from solvers.totes.trips_met import TripsMet

MOVES_PER_ORDER: Final = 200
FOR_JOINS: Final = 0.2
"""Share of the time that is over when sets are no longer joined."""
NODES: Final = 20_000
LONGEST_CHOICE_S: Final = 10.0
SET_S: Final = 3e-4
"""What a set costs HiGHS before it looks at the clock, about."""


def join(met: TripsMet, parts: list[int]) -> list[int]:
    """Join the two sets that save most, again and again (Clarke and Wright 1964).

    Parameters
    ----------
    met : TripsMet
    parts : list of int
        Sets that hold every order once.
    """
    parts = list(parts)
    while not met.over(FOR_JOINS):
        best, pair = 0, None
        for i, one in enumerate(parts):
            for other in parts[:i]:
                if met.fits(one | other) and not met.over(FOR_JOINS):
                    saved = met.length(one) + met.length(other)
                    saved -= met.length(one | other)
                    if saved > best:
                        best, pair = saved, (one, other)
        if pair is None:
            return parts
        parts = [part for part in parts if part not in pair] + [pair[0] | pair[1]]
    return parts


def vary(
    met: TripsMet,
    parts: list[int],
    seed: int,
    share: float,
    on_progress: ProgressCallback | None,
) -> list[int]:
    """Move an order to another trip, or swap two, where that makes trips no longer.

    Parameters
    ----------
    met : TripsMet
    parts : list of int
        Sets that hold every order once.
    seed : int
    share : float
        Of the time that is over at the end.
    on_progress : callable, optional
    """
    rng = np.random.default_rng(seed)
    moves = met.stop.iterations or MOVES_PER_ORDER * met.problem.orders
    parts = list(parts)
    for move in range(moves):
        if met.over(share) or len(parts) < 2:
            break
        if on_progress is not None and move % 64 == 0:
            on_progress(move / moves, "varying trips")
        i, j = rng.choice(len(parts), 2, replace=False).tolist()
        out = 1 << int(rng.choice(met.orders(parts[i])))
        back = 0
        if rng.random() < 0.5:
            back = 1 << int(rng.choice(met.orders(parts[j])))
        one, other = parts[i] ^ out | back, parts[j] ^ back | out
        if met.fits(one) and met.fits(other):
            before = met.length(parts[i]) + met.length(parts[j])
            if met.length(one) + met.length(other) <= before:
                parts[i], parts[j] = one, other
                parts = [part for part in parts if part]
    return parts


def choose_met(met: TripsMet, parts: list[int]) -> list[int]:
    """Best choice among the sets met, or as many as time is enough for.

    The shortest for their number of orders come first.

    Parameters
    ----------
    met : TripsMet
    parts : list of int
        Sets that hold every order once.
    """
    known = [chosen for chosen, trip in met.trips.items() if trip is not None]
    # Half of what is left: building the model takes time, too.
    most = met.left_s / (2 * SET_S)
    if most < len(known):
        known.sort(key=lambda chosen: met.length(chosen) / chosen.bit_count())
        known = list(dict.fromkeys(parts + known[: int(most)]))
    orders = [met.orders(chosen) for chosen in known]
    columns = Columns(
        np.cumsum([0, *map(len, orders)]).astype(np.int64),
        np.array([order for each in orders for order in each], np.int32),
        np.array([met.length(chosen) for chosen in known], np.float64),
    )
    limit_s = min(LONGEST_CHOICE_S, met.left_s / 2)
    best = float(met.total(parts))
    orders_count, fewest = met.problem.orders, met.problem.fewest_trips
    chosen, _ = choose(columns, orders_count, fewest, best, limit_s, NODES)
    return parts if chosen is None else [known[column] for column in chosen]
