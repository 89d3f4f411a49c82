"""Sets of orders met by a search, each with its trip, and the time that is left."""

import time
from dataclasses import dataclass, field

from solvers.result import Stop
from solvers.totes.covering_tour import Trip, covering_trip
from solvers.totes.problem import ToteProblem


@dataclass(slots=True)
class TripsMet:
    """Sets of orders met so far, as bits of a number, with their trips."""

    problem: ToteProblem
    stop: Stop
    began: float
    deadline: float
    trips: dict[int, Trip | None] = field(default_factory=dict)

    def over(self, share: float = 1.0) -> bool:
        """Whether a share of the time is over."""
        end = self.began + share * (self.deadline - self.began)
        return self.stop.interrupted() or time.perf_counter() >= end

    @property
    def left_s(self) -> float:
        """Time that is left; inf without a limit."""
        return max(0.0, self.deadline - time.perf_counter())

    def orders(self, chosen: int) -> list[int]:
        """Orders of a set, ascending."""
        return [k for k in range(self.problem.orders) if chosen >> k & 1]

    def fits(self, chosen: int) -> bool:
        """Whether a robot can carry a set."""
        mass = self.problem.mass[self.orders(chosen)].sum()
        return bool(mass <= self.problem.capacity)

    def trip(self, chosen: int) -> Trip | None:
        """Trip of a set; None where a SKU has no place."""
        if chosen not in self.trips:
            problem = self.problem
            skus = problem.skus_of(self.orders(chosen))
            places = [problem.places_of(sku) for sku in skus]
            trip = covering_trip(problem.distance, problem.stations, places)
            self.trips[chosen] = trip
        return self.trips[chosen]

    def length(self, chosen: int) -> int:
        """Length of the trip of a set; 0 of none."""
        trip = self.trip(chosen) if chosen else None
        return 0 if trip is None else trip.length

    def total(self, parts: list[int]) -> int:
        """Length of the trips of some sets."""
        return sum(self.length(part) for part in parts)
