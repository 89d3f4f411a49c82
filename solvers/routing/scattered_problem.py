"""Tours where an article lies in several places and one chooses where to pick it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.routing.parallel_aisles import AisleProblem, AisleTour
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class ScatteredProblem:
    """Parallel aisles, the stock in them, and how much of each article is needed.

    Parameters
    ----------
    stock : AisleProblem
        The warehouse; its picks are the places that hold stock, and none of them
        must be visited.
    article : ndarray of int32, shape (places,)
        What lies in each place, from 0.
    quantity : ndarray of int32, shape (places,)
        How much of it, at least 1.
    demand : ndarray of int32, shape (articles,)
        How much is needed of each article, 0 or more.

    Raises
    ------
    SolverError
        E335, if the arrays contradict each other or stock is too low, with the first
        article that lacks.

    Examples
    --------
    >>> stock = AisleProblem(
    ...     np.array([0.0]), np.array([0.0, 10.0]),
    ...     np.array([0], np.int32), np.array([9.0]), 0, 0)
    >>> one = np.array([1], np.int32)
    >>> ScatteredProblem(stock, one - 1, one, one + 1)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E335 2 of article 0 needed, 1 in stock
    """

    stock: AisleProblem
    article: NDArray[np.int32]
    quantity: NDArray[np.int32]
    demand: NDArray[np.int32]

    def __post_init__(self) -> None:
        fault = self._find_fault()
        if fault:
            raise SolverError("E335", fault)
        for array in (self.article, self.quantity, self.demand):
            array.flags.writeable = False

    def _find_fault(self) -> str:
        places, articles = self.stock.picks, len(self.demand)
        if len(self.article) != places or len(self.quantity) != places:
            lengths = f"{len(self.article)} articles, {len(self.quantity)} quantities"
            return f"got {lengths} for {places} places"
        if ((self.article < 0) | (self.article >= articles)).any():
            return f"got an article outside 0 to {articles - 1}"
        if (self.quantity < 1).any() or (self.demand < 0).any():
            return "got a quantity below 1 or a demand below 0"
        supply = np.zeros(articles, np.int64)
        np.add.at(supply, self.article, self.quantity)
        lacking = np.flatnonzero(supply < self.demand)
        if len(lacking):
            first = int(lacking[0])
            needed, there = int(self.demand[first]), int(supply[first])
            more = f", and {len(lacking) - 1} more lack" if len(lacking) > 1 else ""
            return f"{needed} of article {first} needed, {there} in stock{more}"
        return ""


@dataclass(frozen=True, slots=True)
class ScatteredTour:
    """Where to pick how much, and the tour through these places.

    Parameters
    ----------
    places : ndarray of int32, shape (picks,)
        Places of the problem, in the order in which the tour first passes them.
    quantity : ndarray of int32, shape (picks,)
        How much is picked there.
    tour : AisleTour
        Its ``order`` counts the picks of `picks_at`, which is ``sort(places)``.
    """

    places: NDArray[np.int32]
    quantity: NDArray[np.int32]
    tour: AisleTour

    def __post_init__(self) -> None:
        self.places.flags.writeable = False
        self.quantity.flags.writeable = False

    @property
    def length(self) -> float:
        """Length of the tour."""
        return self.tour.length


def picks_at(problem: ScatteredProblem, places: NDArray[np.intp]) -> AisleProblem:
    """Pose the tour through some places, which is left once they are chosen."""
    stock = problem.stock
    return AisleProblem(
        stock.aisle_x,
        stock.cross_y,
        stock.pick_aisle[places],
        stock.pick_y[places],
        stock.depot_aisle,
        stock.depot_cross,
        stock.depot_leg,
    )


def scattered_tour(
    problem: ScatteredProblem, places: NDArray[np.intp], tour: AisleTour
) -> ScatteredTour:
    """Spread the demand over chosen places (ascending) and put them in tour order."""
    left = problem.demand.astype(np.int64)
    taken = np.empty(len(places), np.int32)
    for number, place in enumerate(places):
        article = problem.article[place]
        taken[number] = min(left[article], problem.quantity[place])
        left[article] -= taken[number]
    order = tour.order
    return ScatteredTour(places[order].astype(np.int32), taken[order], tour)


def without_spare(
    problem: ScatteredProblem, reached: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Fewest of the reached places that together hold the demand: the fullest first."""
    left = problem.demand.astype(np.int64)
    chosen = []
    for place in np.argsort(-problem.quantity, kind="stable").tolist():
        if reached[place] and left[problem.article[place]] > 0:
            left[problem.article[place]] -= problem.quantity[place]
            chosen.append(place)
    return np.sort(np.array(chosen, np.intp))


def nearest_places(problem: ScatteredProblem) -> NDArray[np.intp]:
    """Choose places by their distance from the depot alone: the usual baseline."""
    stock = problem.stock
    depot_x, depot_y = stock.aisle_x[stock.depot_aisle], stock.cross_y
    to_cross = np.abs(stock.pick_y[:, None] - stock.cross_y)
    around = to_cross + np.abs(depot_y - depot_y[stock.depot_cross])
    away = np.abs(stock.aisle_x[stock.pick_aisle] - depot_x) + around.min(axis=1)
    left = problem.demand.astype(np.int64)
    near = np.zeros(stock.picks, np.bool_)
    for place in np.argsort(away, kind="stable").tolist():
        if left[problem.article[place]] > 0:
            left[problem.article[place]] -= problem.quantity[place]
            near[place] = True
    return without_spare(problem, near)
