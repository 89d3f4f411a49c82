"""What other programs reach on the motion benchmarks, to stand beside our figures.

Measured on two cores of a machine like ours, one run each, kernels or binaries warm:
lacam3 and LaCAM (Okumura, C++), LG-LaCAM (C++, window 20, one thread), MAPF-LNS2 (Li et
al., C++), PIBT and EPIBT (C++), and the results of the League of Robot Runners 2024.
Costs are sums of costs over the sum of all shortest paths.
"""

from typing import Final, NamedTuple

NONE: Final = float("inf")
"""Stands for: nothing was found in that time."""


class Reached(NamedTuple):
    """Seconds to something, and its cost over the bound; None where not measured."""

    s: float | None
    cost: float | None


class OneShotOthers(NamedTuple):
    """First solutions, and the best at 10 and at 30 seconds."""

    lacam: Reached
    lacam3: Reached
    lg_lacam: Reached
    lacam3_10_s: float | None
    lacam3_30_s: float | None
    lns2_30_s: float | None


_UNKNOWN: Final = Reached(None, None)
ONE_SHOT: Final[dict[str, OneShotOthers]] = {
    "mapf-warehouse-1-500": OneShotOthers(
        Reached(0.20, 2.09), Reached(1.2, None), Reached(1.1, 1.62), 1.273, 1.148, 1.239
    ),
    "mapf-warehouse-1-1000": OneShotOthers(
        Reached(0.44, 3.06), Reached(4.2, None), Reached(3.1, 1.93), 1.977, 1.948, NONE
    ),
    "mapf-warehouse-1-2000": OneShotOthers(
        Reached(1.5, 6.52), Reached(13.4, None), Reached(8.4, 4.34), NONE, 4.485, NONE
    ),
    "mapf-warehouse-2-1000": OneShotOthers(
        Reached(0.72, 1.75), Reached(7.9, None), Reached(4.5, 1.53), 1.104, 1.097, NONE
    ),
    "mapf-warehouse-2-5000": OneShotOthers(
        Reached(6.3, 4.57), Reached(NONE, None), _UNKNOWN, NONE, NONE, None
    ),
    "mapf-warehouse-2-2-10000": OneShotOthers(
        Reached(NONE, None), Reached(NONE, None), _UNKNOWN, NONE, NONE, None
    ),
    "mapf-random-400": OneShotOthers(
        Reached(0.06, 3.18), Reached(0.5, None), Reached(0.6, 2.26), 2.709, 2.356, 2.301
    ),
    "mapf-den520d-1000": OneShotOthers(
        Reached(1.1, 1.36), Reached(8.1, None), Reached(7.3, 1.30), 1.051, 1.036, 1.223
    ),
}


class LifelongOthers(NamedTuple):
    """Finished goals a step; None where not measured."""

    bound: float
    pibt: float
    epibt: float
    epibt_lns: float | None


OMNI: Final[dict[int, LifelongOthers]] = {
    100: LifelongOthers(1.18, 1.03, 1.09, None),
    500: LifelongOthers(5.94, 3.88, 4.19, None),
    1000: LifelongOthers(11.79, 5.86, 6.29, 7.84),
    1500: LifelongOthers(17.81, 5.35, 4.46, None),
    2000: LifelongOthers(23.65, 4.91, 3.98, None),
}
ROTATE: Final[dict[int, LifelongOthers]] = {
    100: LifelongOthers(1.16, 0.76, 0.89, None),
    500: LifelongOthers(5.85, 2.29, 2.99, None),
    1000: LifelongOthers(11.59, 2.72, 4.34, 5.39),
    1500: LifelongOthers(17.53, 2.34, 2.73, None),
    2000: LifelongOthers(23.27, 2.12, 2.21, 2.99),
}
LORR_2024_BEST: Final[dict[str, int]] = {
    "RANDOM-01": 696,
    "RANDOM-02": 1260,
    "RANDOM-03": 2368,
    "RANDOM-04": 2585,
    "RANDOM-05": 3050,
}
"""Tasks of the best team in the competition, on 32 cores with 1 s a step."""
LARGE: Final = LifelongOthers(42.4, 21.3, 18.8, None)
"""10,000 robots on the League's warehouse of 140 x 500, in four directions."""

CROWDED_PERCENT: Final = (20, 40, 60, 80)
"""How full the small floor is on which nobody else was measured."""
