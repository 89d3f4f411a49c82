"""Rosters by rules: what a search has to beat, and where it begins.

Sources: Jackson, J. R. (1955) for the earliest due date; Moore, J. M. (1968), An n job,
one machine sequencing algorithm for minimizing the number of late jobs,
https://doi.org/10.1287/mnsc.15.1.102; Lee, Y. H., Bhaskaran, K. and Pinedo, M. (1997),
A heuristic to minimize the total weighted tardiness with sequence-dependent setups,
https://doi.org/10.1080/07408179708966311.
"""

import math
import time
from itertools import product
from typing import Final

import numpy as np

from solvers.scheduling.roster.methods import Rule
from solvers.scheduling.roster.problem import NEVER, Work
from solvers.scheduling.roster.routes import Routes
from solvers.scheduling.roster.rule_kernels import (
    EARLIEST_DUE,
    FIRST_COME,
    LONGEST,
    TARDINESS_COST,
    drop_late,
    list_routes,
)

_OF_RULE: Final = {
    "earliest-due": EARLIEST_DUE,
    "first-come": FIRST_COME,
    "longest": LONGEST,
    "moore-hodgson": EARLIEST_DUE,
}
_SLACKS: Final = (0.5, 2.0, 8.0, 32.0)
_SETUPS: Final = (0.2, 1.0, 4.0)
"""Factors of the rule of tardiness cost that are tried: of mean work and setup."""


def routes_by_rule(work: Work, rule: Rule, deadline: float = math.inf) -> Routes:
    """Give the packer who comes free first, time after time, a job that is ready.

    Parameters
    ----------
    work : Work
    rule : Rule
        Which job: the first that came, the longest, the one due first
        (``"earliest-due"``), or the one whose tardiness would cost most, with setups
        (``"tardiness-cost"``, with several factors, of which the best stays).
        ``"moore-hodgson"`` is the one due first, and then late jobs are dropped to the
        end of each packer's route.
    deadline : float
        On ``time.perf_counter``; after it no more factors are tried.
    """
    if rule == "tardiness-cost":
        return _by_tardiness_cost(work, deadline)
    routes = _listed(work, _OF_RULE[rule], 1.0, 1.0)
    if rule == "moore-hodgson":
        ends = np.full(len(work.ready), NEVER, np.int64)
        for packer, count in enumerate(routes.counts.tolist()):
            drop_late(work, packer, routes.jobs[packer], count, ends)
    return routes


def _by_tardiness_cost(work: Work, deadline: float) -> Routes:
    mean_ms = work.mean_duration
    setup_ms = float(work.setup.mean()) if len(work.setup) else 0.0
    tried: list[Routes] = []
    for slack, setup in product(_SLACKS, _SETUPS):
        if tried and time.perf_counter() >= deadline:
            break
        k1, k2 = max(1.0, slack * mean_ms), max(1.0, setup * setup_ms)
        tried.append(_listed(work, TARDINESS_COST, k1, k2))
    return min(tried, key=lambda routes: routes.value(work))


def _listed(work: Work, rule: int, k1: float, k2: float) -> Routes:
    routes = Routes.empty(work)
    coming = np.argsort(work.ready, kind="stable")
    list_routes(work, rule, k1, k2, coming, routes.jobs, routes.counts)
    return routes
