"""The best choice among all sets of orders, with few of their trips found.

Every set has a length that its trip takes at least: that of its subsets. The linear
relaxation over all sets, at these lengths, is a bound. Trips are found for the sets
that it uses, which raises the lengths of these and of their supersets, until it uses
only sets with known trips. Meanwhile whole sets are put together out of those whose
reduced costs leave room for something shorter than the trips at hand, and trips are
found for the sets of which that may be. Where more trips than the fewest that carry all
mass would be too long, light sets are left out: the others could not carry the rest.
"""

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching.set_partitioning import TOLERANCE, Relaxation, relax
from solvers.result import ProgressCallback
from solvers.totes.carried import CarriedSets
from solvers.totes.partition import DONE, STEPS_OVER, begin, descend, group
from solvers.totes.trips_met import TripsMet

MOST_ADDED: Final = 300
"""Columns that come into the linear program at once."""
FOUND_BESIDE: Final = 300
"""Trips found for sets of little reduced cost, beside those in use."""
MOST_WANTED: Final = 1_000
STEPS: Final = 1_000_000
"""Sets that a search for whole sets looks at before it looks at the clock."""
FEW_DESCENTS, MOST_DESCENTS = 20, 4_000
"""How often it goes on: while the linear relaxation rises, and when it does not."""
MOST_ROUNDS: Final = 1_000
"""Ends of the work where no time limit does."""


def choose_lazily(
    met: TripsMet,
    carried: CarriedSets,
    parts: list[int],
    on_progress: ProgressCallback | None = None,
) -> tuple[list[int], float]:
    """Choose sets that hold every order once and have short trips together.

    Parameters
    ----------
    met : TripsMet
        Every single order has a trip.
    carried : CarriedSets
        Lengths are raised as trips are found.
    parts : list of int
        Sets that hold every order once.
    on_progress : callable, optional

    Returns
    -------
    list of int
        ``parts``, or sets with shorter trips.
    float
        Lower bound on the length of all such choices.
    """
    search = _Search(met, carried, parts)
    for _ in range(MOST_ROUNDS):
        if met.over() or search.bound >= search.best:
            break
        if on_progress is not None:
            words = f"{len(met.trips):,} of {len(carried.bits):,} trips looked at"
            on_progress(search.bound / search.best, words)
        carried.spread()
        relaxation = search.relaxed(met.problem.fewest_trips)
        if relaxation is None:
            break
        search.raise_bound(relaxation.value)
        new = search.find_used(relaxation)
        if not search.choose_whole(relaxation, longer=not new) and not new:
            break
    return search.parts, search.bound


class _Search:
    """The trips at hand, the bound, and the columns of the linear program."""

    def __init__(self, met: TripsMet, carried: CarriedSets, parts: list[int]) -> None:
        self.met, self.carried, self.parts = met, carried, parts
        self.best = float(met.total(parts))
        self.bound = 0.0
        self.pool = np.searchsorted(carried.bits, sorted(met.trips))
        self.found = np.zeros(len(carried.bits), np.bool_)
        self.exact = self.found.copy()
        self.learn(self.pool)
        self.light = np.zeros(len(carried.bits), np.bool_)
        # Distances, and so all lengths, are multiples of this.
        self.unit = int(np.gcd.reduce(met.problem.distance, axis=None)) or 1

    def raise_bound(self, bound: float) -> None:
        """Take a bound, rounded up to what a length can be."""
        whole = self.unit * ceil(bound / self.unit - TOLERANCE)
        self.bound = min(self.best, max(self.bound, whole))

    def relaxed(self, fewest: int) -> Relaxation | None:
        """Solve the linear relaxation over all sets; None if time is up before.

        Parameters
        ----------
        fewest : int
            Sets that are to be chosen at least.
        """
        carried = self.carried
        while not self.met.over():
            columns = carried.columns(self.pool, self.costs())
            relaxation = relax(columns, carried.orders, fewest, self.met.left_s)
            if relaxation is None:
                return None
            reduced = self.reduced_costs(relaxation)
            below = np.flatnonzero(reduced < -self.unit * 1e-4)
            below = np.setdiff1d(below, self.pool, assume_unique=True)
            if not len(below):
                return relaxation
            lowest = below[np.argsort(reduced[below], kind="stable")[:MOST_ADDED]]
            self.pool = np.concatenate([self.pool, lowest])
        return None

    def costs(self) -> NDArray[np.float64]:
        """Least length of each set; light ones are part of nothing shorter."""
        return np.where(self.light, self.best, self.carried.least)

    def reduced_costs(self, relaxation: Relaxation) -> NDArray[np.float64]:
        """Cost of each set above what its orders and itself are worth."""
        worth = self.carried.worth(relaxation.order_dual) + relaxation.batch_dual
        return self.costs() - worth

    def more_are_too_long(self) -> bool:
        """Whether more trips than the fewest are as long as those at hand."""
        relaxation = self.relaxed(self.met.problem.fewest_trips + 1)
        below = self.best - self.unit + TOLERANCE
        return relaxation is not None and relaxation.value > below

    def leave_out_light(self) -> None:
        """Leave out sets after which the fewest trips cannot carry the rest."""
        problem = self.met.problem
        others = (problem.fewest_trips - 1) * problem.capacity
        self.light = self.carried.mass < int(problem.mass.sum()) - others

    def find_used(self, relaxation: Relaxation) -> bool:
        """Find trips of the sets in use; whether any was not known.

        Then trips are found for others too that would be in use soon.
        """
        if not self.learn(self.pool[list(relaxation.used)]):
            return False
        reduced = self.reduced_costs(relaxation)
        reduced[self.found] = np.inf
        order = np.argsort(reduced, kind="stable")
        self.learn(order[:FOUND_BESIDE])
        return True

    def learn(self, columns: NDArray[np.intp]) -> bool:
        """Find the trips of some sets; whether any was not known before."""
        new = columns[~self.found[columns]]
        for column in new.tolist():
            trip = None
            if not self.met.over():
                trip = self.met.trip(int(self.carried.bits[column]))
            if trip is not None:
                least = max(trip.least, int(self.carried.least[column]))
                self.carried.least[column] = least
                self.exact[column] = least == trip.length
                self.found[column] = True
        return len(new) > 0

    def choose_whole(self, relaxation: Relaxation, *, longer: bool) -> bool:
        """Look for whole sets that may be shorter together than those at hand.

        Trips are found for them. Without any, the sets at hand are the best.

        Parameters
        ----------
        relaxation : Relaxation
        longer : bool
            Until all is looked at, or many sets are found, not only for a while.

        Returns
        -------
        bool
            Whether trips were found.
        """
        reduced = self.reduced_costs(relaxation)
        room = self.best - relaxation.value - self.unit + TOLERANCE
        if relaxation.batch_dual > room or (longer and self.more_are_too_long()):
            self.leave_out_light()
            reduced[self.light] = np.inf
        self.thin_pool(reduced, room)
        near = np.flatnonzero(reduced <= room)
        bits = self.carried.bits[near]
        groups, order = group(
            bits,
            reduced[near],
            self.exact[near],
            self.carried.orders,
            self.met.problem.fewest_trips,
            relaxation.batch_dual,
        )
        descent = begin(groups, room)
        for _ in range(MOST_DESCENTS if longer else FEW_DESCENTS):
            state = descend(groups, descent, self.unit / 2, MOST_WANTED, STEPS)
            if state != STEPS_OVER or self.met.over():
                break
        chosen = order[descent.best[1 : descent.best[0] + 1]]
        if len(chosen):
            self.take(bits[chosen].tolist())
        if state == DONE and not descent.wanted.any():
            self.raise_bound(self.best)
        return self.learn(near[order[descent.wanted]])

    def thin_pool(self, reduced: NDArray[np.float64], room: float) -> None:
        """Forget columns that are part of nothing shorter, but keep single orders."""
        bits = self.carried.bits[self.pool]
        single = bits & (bits - 1) == 0
        self.pool = self.pool[single | (reduced[self.pool] <= room)]

    def take(self, parts: list[int]) -> None:
        """Keep sets if their trips are shorter together."""
        length = float(self.met.total(parts))
        if length < self.best:
            self.best, self.parts = length, parts
