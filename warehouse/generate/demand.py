"""Orders as e-commerce sites get them: popularity, families, sizes, arrivals."""

import numpy as np
from numpy.typing import NDArray

from warehouse.generate.params import DemandParams
from warehouse.scenario import Orders

MOST_LINES = 40
MOST_UNITS = 50
PEAK_HEIGHT = 2.0
"""How much more often orders come at a peak than between peaks, less one."""


def popularity_of_skus(
    params: DemandParams, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Chance of each SKU, shape (skus,), summing to 1.

    Zipf's law over ranks; which SKU has which rank is drawn, so names say nothing.
    """
    rank = rng.permutation(params.skus) + 1.0
    weight = rank**-params.popularity
    return weight / weight.sum()


def lines_of_orders(
    params: DemandParams, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Lines of each order: one with a given share, else two and a geometric tail."""
    single = params.single_line_share
    tail = (params.lines_mean - single) / (1 - single) - 2 if single < 1 else 0.0
    lines = 1 + rng.geometric(1 / (1 + tail), params.orders)
    lines[rng.random(params.orders) < single] = 1
    return np.minimum(lines, min(MOST_LINES, params.skus))


def units_of_lines(
    lines: int, mean: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Units of each line: mostly one, else two and a tail that halves.

    Half of the mean's excess over one is the share of lines with more than one
    unit; those have three units on average. At a mean of 1.5 that is 75, 12, 6,
    3 % of lines with 1, 2, 3, 4 units, as in published orders.
    """
    more = rng.random(lines) < (mean - 1) / 2
    units = np.where(more, 1 + rng.geometric(0.5, lines), 1)
    return np.minimum(units, MOST_UNITS)


def skus_of_lines(
    sizes: NDArray[np.int64],
    popularity: NDArray[np.float64],
    params: DemandParams,
    rng: np.random.Generator,
) -> NDArray[np.int32]:
    """SKU of each line, all different within an order.

    A further line comes, with chance `affinity`, from the family of the order's
    first SKU; else, or when that family is used up, from all SKUs.
    """
    family = rng.permutation(params.skus) // params.family_size
    members = [np.flatnonzero(family == f) for f in range(int(family.max()) + 1)]
    cumulative = np.cumsum(popularity)
    skus: list[int] = []
    for size in sizes.tolist():
        order: dict[int, None] = {}
        while len(order) < size:
            free: list[int] = []
            if order and rng.random() < params.affinity:
                kin = members[family[next(iter(order))]].tolist()
                free = [sku for sku in kin if sku not in order]
            if free:
                weight = popularity[free]
                order[int(rng.choice(free, p=weight / weight.sum()))] = None
            else:
                drawn = np.searchsorted(cumulative, rng.random() * cumulative[-1])
                order[int(drawn)] = None
        skus.extend(order)
    return np.array(skus, np.int32)


def release_times(
    params: DemandParams, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Release time of each order in whole seconds, ascending.

    A Poisson process with a given number of arrivals is that many independent draws
    from its rate; the rate swings once for each peak.
    """
    known = round(params.released_at_start * params.orders)
    moments = np.linspace(0.0, params.horizon_s, 2049)
    phase = 2 * np.pi * params.peaks * moments / params.horizon_s
    rate = 1 + PEAK_HEIGHT * (1 - np.cos(phase)) / 2
    arrived = np.concatenate([[0.0], np.cumsum(rate[1:] + rate[:-1])])
    draws = np.sort(rng.random(params.orders - known)) * arrived[-1]
    later = np.floor(np.interp(draws, arrived, moments))
    return np.concatenate([np.zeros(known), later])


def due_times(
    release_s: NDArray[np.float64], params: DemandParams, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Due time of each order, up to the next whole minute; inf where there is none."""
    if params.due_after_s is None:
        return np.full(len(release_s), np.inf)
    least, most = params.due_after_s
    return np.ceil((release_s + rng.uniform(least, most, len(release_s))) / 60) * 60


def generate_orders(
    params: DemandParams, popularity: NDArray[np.float64], rng: np.random.Generator
) -> Orders:
    """Orders for SKUs of a given popularity, in order of release."""
    sizes = lines_of_orders(params, rng)
    skus = skus_of_lines(sizes, popularity, params, rng)
    release_s = release_times(params, rng)
    digits = len(str(params.orders))
    return Orders(
        names=tuple(f"O{i + 1:0{digits}}" for i in range(params.orders)),
        release_s=release_s,
        due_s=due_times(release_s, params, rng),
        priority=np.zeros(params.orders, np.int32),
        line_order=np.repeat(np.arange(params.orders, dtype=np.int32), sizes),
        line_sku=skus,
        line_quantity=units_of_lines(len(skus), params.units_mean, rng).astype(
            np.int32
        ),
    )
