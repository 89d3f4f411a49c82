"""The best roster of few jobs, by dynamic programming over sets of jobs."""

import time
from typing import Final

import numpy as np

from solvers.scheduling.roster.problem import NEVER, Value, Work
from solvers.scheduling.roster.routes import Routes
from solvers.scheduling.roster.subset_kernels import (
    NONE,
    Labels,
    add_packer,
    best_routes,
)

MOST_JOBS: Final = 14
_MOST_LABELS: Final = 1_000_000


def best_of_few(work: Work, deadline: float) -> Routes | None:
    """Find the best routes of up to `MOST_JOBS` jobs.

    For every packer and every set of jobs there is a best route: late weight and
    tardiness add up over packers, so each has to be least for what the packer does, and
    then end first. Packer after packer, every set is parted in the best way.

    Parameters
    ----------
    work : Work
    deadline : float
        On ``time.perf_counter``.

    Returns
    -------
    Routes or None
        None if time was up, or there were too many routes to keep.
    """
    jobs, packers = work.duration.shape
    sets = 1 << jobs
    labels = _new_labels(sets)
    so_far = np.full((3, sets), NEVER, np.int64)
    so_far[:, 0] = 0
    taken = np.zeros((packers, sets), np.int32)
    own: list[dict[int, list[int]]] = []
    for packer in range(packers):
        if time.perf_counter() >= deadline or not best_routes(work, packer, labels):
            return None
        after = np.empty_like(so_far)
        add_packer(labels, so_far, after, taken[packer])
        used = np.unique(taken[packer]).tolist()
        own.append({chosen: _route(labels, chosen) for chosen in used})
        so_far = after
    left = min(
        (value for value in range(sets) if so_far[0, value] < NEVER),
        key=lambda done: _value(work, done, so_far[:, done].tolist()),
    )
    routes = Routes.empty(work)
    for packer in reversed(range(packers)):
        route = own[packer][int(taken[packer, left])]
        routes.jobs[packer, : len(route)] = route
        routes.counts[packer] = len(route)
        left ^= int(taken[packer, left])
    return routes


def _new_labels(sets: int) -> Labels:
    numbers = np.zeros((5, _MOST_LABELS), np.int64)
    links = np.zeros((3, _MOST_LABELS), np.int32)
    of_set = np.zeros((2, sets), np.int32)
    return Labels(
        late=numbers[0],
        tardy=numbers[1],
        end=numbers[2],
        free=numbers[3],
        rest=numbers[4],
        job=links[0],
        before=links[1],
        after=links[2],
        head=of_set[0],
        best=of_set[1],
    )


def _route(labels: Labels, jobs: int) -> list[int]:
    """Jobs of the best route of a set, in their order; none where there is no route."""
    route = []
    label = int(labels.best[jobs])
    while label != NONE and labels.job[label] != NONE:
        route.append(int(labels.job[label]))
        label = int(labels.before[label])
    return route[::-1]


def _value(work: Work, done: int, levels: list[int]) -> Value:
    """Value of a roster that does a set of jobs."""
    absent = [job for job in range(len(work.ready)) if not done >> job & 1]
    late = sum(int(work.weight[job]) for job in absent if work.due[job] < NEVER)
    return Value(len(absent), levels[0] + late, levels[1], levels[2])
