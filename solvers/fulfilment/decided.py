"""What is decided before robots move: locations and trips, each only once.

Several runs of the loop ask the same questions; whatever was decided is kept. So all
runs of a wave serve the same picks, and a shift, of one run, loses nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.locations import choose_locations
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.plain import plain_trips
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.reserve import Reserved, StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Picks, Trip, make_trips
from solvers.result import Stop

SHARE: Final = 0.3
"""Share of the time left that the locations, or the batches of a pool, may take."""
SET_UP: Final = 20.0
"""So many times what reserving took, locations take before they can be stopped."""


@dataclass(frozen=True, slots=True)
class _Reservation:
    reserved: Reserved
    ledger: StockLedger


class Decided:
    """Reserves stock for orders and batches them into trips.

    Parameters
    ----------
    site : Site
    params : FulfilmentParams
    seed : int
    deadline : float
        On ``time.perf_counter``; inf for none.
    interrupted : callable
    tell : callable
        Is told in a few words what is being done.
    """

    def __init__(
        self,
        site: Site,
        params: FulfilmentParams,
        seed: int,
        deadline: float,
        interrupted: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        self.site = site
        self.params = params
        self.seed = seed
        self.deadline = deadline
        self.interrupted = interrupted
        self.tell = tell
        self._reservations: dict[tuple[bytes, bytes], _Reservation] = {}
        self._trips: dict[
            tuple[int, tuple[int, ...], tuple[int, ...], float | None], list[Trip]
        ] = {}
        self._batch_of: dict[int, int] = {}

    def reserve(self, ledger: StockLedger, orders: NDArray[np.int32]) -> Reserved:
        """Set stock aside for all lines of some orders.

        Parameters
        ----------
        ledger : StockLedger
        orders : ndarray of int32
            In ascending order.
        """
        key = orders.tobytes(), ledger.left.tobytes()
        if key not in self._reservations:
            began = time.perf_counter()
            reserved = ledger.reserve(orders, self._stop(1.0))
            now = time.perf_counter()
            in_time = now + SET_UP * (now - began) < self.deadline
            if self.params.decisions == "joint" and in_time:
                reserved = self._choose_locations(ledger, reserved)
            self._reservations[key] = _Reservation(reserved, ledger.fork())
        known = self._reservations[key]
        ledger.take_over(known.ledger)
        return known.reserved

    def _choose_locations(self, ledger: StockLedger, reserved: Reserved) -> Reserved:
        reserved, batch_of = choose_locations(
            self.site,
            ledger,
            reserved,
            self._stop(),
            seed=self.seed,
            params=self.params.allocation,
            on_progress=lambda _, words: self.tell(f"choosing locations, {words}"),
        )
        first = 1 + max(self._batch_of.values(), default=-1)
        self._batch_of |= {order: first + b for order, b in batch_of.items()}
        return reserved

    def make_trips(
        self, picks: Picks, orders: list[int], policy: Policy, now_s: float
    ) -> list[Trip]:
        """Batch orders into trips of at most ``policy.slots`` orders.

        Where orders are to be on time and some are due, the batches of urgent ones may
        be others at another time.
        """
        if self.params.decisions == "plain":
            return plain_trips(self.site, picks, orders, policy.slots)
        rows = tuple(pick.stock for order in orders for pick in picks.of_order[order])
        due_s = self.site.latest_due_s[orders]
        urgent_at_s = None
        if self.params.objective == "on-time" and np.isfinite(due_s).any():
            urgent_at_s = now_s
        key = policy.slots, tuple(orders), rows, urgent_at_s
        if key not in self._trips:
            params = self.params.batching
            initial = None
            located = all(order in self._batch_of for order in orders)
            if policy.slots == self.site.scenario.fleet.tote_slots and located:
                _, numbers = np.unique(
                    [self._batch_of[order] for order in orders], return_inverse=True
                )
                initial = numbers.astype(np.int32)
            if self._trips or initial is not None:
                # Later pools are parts of the first, or the same cut otherwise.
                params = replace(params, moves_per_order=params.moves_per_order // 4)
            if initial is not None:
                params = replace(params, warm=3.0 * params.cool)
            self._trips[key] = make_trips(
                self.site,
                picks,
                orders,
                policy.slots,
                self._stop(),
                seed=self.seed,
                params=params,
                initial=initial,
                urgent_at_s=urgent_at_s,
                on_progress=lambda _, words: self.tell(f"batching, {words}"),
            )
        return self._trips[key]

    def _stop(self, share: float = SHARE) -> Stop:
        left_s = self.deadline - time.perf_counter()
        limit_s = None if left_s == float("inf") else max(0.05, share * left_s)
        return Stop(limit_s, interrupted=self.interrupted)
