"""Local search: orders change stations, greedy covers say how many visits it takes."""

import numpy as np
from numpy.typing import NDArray

from solvers.pods.window.problem import WindowChoice, WindowProblem

NOISE = 0.5
"""Largest share by which what a visit covers is overrated, at random."""
WORSE = 0.1
"""Share of moves to one more visit that are made."""


class Search:
    """The best choice so far, and the one from which the search goes on.

    Parameters
    ----------
    problem : WindowProblem
        Servable.
    rng : Generator
    station : ndarray of int32, shape (orders,)
        Where orders are served at first.
    """

    def __init__(
        self,
        problem: WindowProblem,
        rng: np.random.Generator,
        station: NDArray[np.int32],
    ) -> None:
        self.problem, self.rng = problem, rng
        self._station, self._visits = station, np.inf
        self.best: WindowChoice | None = None
        self._try(station)

    def move(self) -> None:
        """Try the same or another station for an order, or an exchange of two."""
        rng, problem = self.rng, self.problem
        station = self._station.copy()
        if len(station) > 0 and rng.random() < 0.8:
            order, other = rng.integers(len(station), size=2)
            to = rng.integers(len(problem.most_orders))
            if rng.random() < 0.5:
                station[[order, other]] = station[[other, order]]
            elif (self._station == to).sum() < problem.most_orders[to]:
                station[order] = to
        self._try(station)

    def _try(self, station: NDArray[np.int32]) -> None:
        """Cover the orders where they are; go on from there unless it is worse."""
        brought = self._cover(station)
        if brought is None:
            return
        self._prune(brought)
        choice = WindowChoice(station, brought)
        if choice.visits <= self._visits + (self.rng.random() < WORSE):
            self._station, self._visits = station, choice.visits
        if self.best is None or choice.visits < self.best.visits:
            self.best = choice

    def _cover(self, station: NDArray[np.int32]) -> NDArray[np.int32] | None:
        """Visits one after the other, those first that bring most; None if stuck."""
        problem = self.problem
        stations, skus = len(problem.most_orders), problem.stock.shape[1]
        need = np.zeros((stations, skus), np.int32)
        np.add.at(need, station, problem.wanted)
        left = problem.stock.copy()
        brought = np.zeros((len(left), stations, skus), np.int32)
        noise = NOISE * self.rng.random()
        while need.any():
            brings = np.minimum(left[:, None], need[None]).sum(2)
            weight = brings * (1.0 + noise * self.rng.random(brings.shape))
            pod, where = np.unravel_index(np.argmax(weight), weight.shape)
            if brings[pod, where] == 0:
                return None
            units = np.minimum(left[pod], need[where])
            brought[pod, where] += units
            left[pod] -= units
            need[where] -= units
        return brought

    def _prune(self, brought: NDArray[np.int32]) -> None:
        """Leave visits out of which others can bring the units."""
        visits = np.argwhere(brought.any(2))
        for pod, where in self.rng.permutation(visits):
            lost = brought[pod, where].copy()
            others = brought[:, where].sum(1) > 0
            others[pod] = False
            spare = (self.problem.stock - brought.sum(1)) * others[:, None]
            if (spare.sum(0) < lost).any():
                continue
            brought[pod, where] = 0
            before = np.cumsum(spare, 0) - spare
            brought[:, where] += np.clip(lost - before, 0, spare)
