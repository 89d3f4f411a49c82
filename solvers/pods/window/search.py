"""Local search: orders change stations, greedy covers say how many visits it takes."""

import numpy as np
from numpy.typing import NDArray

from solvers.pods.window.problem import WindowChoice, WindowProblem

NOISE = 0.5
"""Largest share by which what a visit covers is overrated, at random."""
WORSE = 0.25
"""Share of moves to one more visit that are made."""


class Search:
    """The best choice so far, and the one from which the search goes on.

    It works on the SKUs that are wanted, and on pods that have any of them. Of choices
    with as many visits that one is better in which units come on fewer of them: a visit
    that brings little is soon left out.

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
        self._skus = np.flatnonzero(problem.wanted.any(0))
        self._pods = np.flatnonzero(problem.stock[:, self._skus].any(1))
        self._wanted = problem.wanted[:, self._skus]
        self._stock = problem.stock[np.ix_(self._pods, self._skus)]
        self._units = max(1, int(self._wanted.sum()))
        self._station, self._cost = station, np.inf
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
        units = brought.sum(2) / self._units
        visits = int((units > 0).sum())
        cost = visits - float((units * units).sum())
        if cost <= self._cost + (self.rng.random() < WORSE):
            self._station, self._cost = station, cost
        if self.best is None or visits < self.best.visits:
            self.best = self._choice(station, brought)

    def _choice(
        self, station: NDArray[np.int32], brought: NDArray[np.int32]
    ) -> WindowChoice:
        """Say what was found in pods and SKUs of the problem."""
        problem = self.problem
        shape = (len(problem.stock), len(problem.most_orders), problem.stock.shape[1])
        units = np.zeros(shape, np.int32)
        units[np.ix_(self._pods, np.arange(shape[1]), self._skus)] = brought
        return WindowChoice(station, units)

    def _cover(self, station: NDArray[np.int32]) -> NDArray[np.int32] | None:
        """Visits one after the other, those first that bring most; None if stuck."""
        stations, skus = len(self.problem.most_orders), len(self._skus)
        need = np.zeros((stations, skus), np.int32)
        np.add.at(need, station, self._wanted)
        left = self._stock.copy()
        brought = np.zeros((len(left), stations, skus), np.int32)
        noise = NOISE * self.rng.random()
        while need.any():
            brings = np.minimum(left[:, None], need).sum(2)
            weight = brings * (1.0 + noise * self.rng.random(brings.shape))
            pod, where = divmod(int(weight.argmax()), stations)
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
            spare = (self._stock - brought.sum(1)) * others[:, None]
            if (spare.sum(0) < lost).any():
                continue
            brought[pod, where] = 0
            before = np.cumsum(spare, 0) - spare
            brought[:, where] += np.clip(lost - before, 0, spare)
