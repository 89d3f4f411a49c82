"""One thread's part of the search: replan neighbourhoods on a copy of the plan."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.mapf.one_shot.neighbourhoods import (
    KINDS,
    Chosen,
    Plan,
    choose,
    make_chosen,
)
from solvers.mapf.one_shot.replan import (
    Search,
    find_path,
    make_search,
    write_path,
)
from solvers.mapf.one_shot.reservations import (
    Reserved,
    empty_reservations,
    is_clear,
    last_busy,
    release,
    reserve,
)
from solvers.random_words import random_below

SIZES = 5
"""Neighbourhoods are of 1, 2, 4, ... robots: so many steps."""
LOG_ROWS = 512
GREED = 4
LABELS = 4000


class Log(NamedTuple):
    """Paths taken over in a round: rows of one neighbourhood follow one another."""

    robot: NDArray[np.int32]  # (rows,)
    last: NDArray[np.bool_]  # (rows,): whether the neighbourhood ends with this row
    arrival: NDArray[np.int32]  # (rows,)
    path: NDArray[np.int32]  # (rows, timesteps)
    rows: NDArray[np.int64]  # length 1: rows in use


class Worker(NamedTuple):
    """All that one thread owns."""

    plan: Plan
    reserved: Reserved
    search: Search
    chosen: Chosen
    order: NDArray[np.int32]  # (largest size,)
    least: NDArray[np.int64]  # (largest size,)
    path: NDArray[np.int32]  # (largest size, timesteps)
    arrival: NDArray[np.int32]  # (largest size,)
    old: NDArray[np.int32]  # (timesteps,)
    worth: NDArray[np.float64]  # (KINDS, SIZES): gain per effort, by experience
    tried: NDArray[np.int64]  # (KINDS, SIZES)
    gained: NDArray[np.int64]  # (KINDS, SIZES)
    log: Log


def make_worker(
    successors: NDArray[np.int32],
    at: NDArray[np.int32],
    arrival: NDArray[np.int32],
    seed: int,
) -> Worker:
    """Work arrays that hold a plan; its rows are a multiple of 64."""
    timesteps, robots = at.shape
    vertices, most = len(successors), 1 << (SIZES - 1)
    worker = Worker(
        plan=Plan(at.copy(), arrival.copy()),
        reserved=empty_reservations(vertices, timesteps // 64),
        search=make_search(vertices, timesteps, LABELS + 64, seed),
        chosen=make_chosen(vertices, robots),
        order=np.empty(most, np.int32),
        least=np.empty(most, np.int64),
        path=np.empty((most, timesteps), np.int32),
        arrival=np.empty(most, np.int32),
        old=np.empty(timesteps, np.int32),
        worth=np.ones((KINDS, SIZES)),
        tried=np.zeros((KINDS, SIZES), np.int64),
        gained=np.zeros((KINDS, SIZES), np.int64),
        log=Log(
            robot=np.empty(LOG_ROWS, np.int32),
            last=np.empty(LOG_ROWS, np.bool_),
            arrival=np.empty(LOG_ROWS, np.int32),
            path=np.empty((LOG_ROWS, timesteps), np.int32),
            rows=np.zeros(1, np.int64),
        ),
    )
    reserve_all(worker, successors)
    return worker


@kernel
def _copy_path(worker, robot, path):  # type: ignore[no-untyped-def]
    """Copy the path of a robot out of the rows of timesteps; return its arrival."""
    arrival = worker.plan.arrival[robot]
    for t in range(arrival + 1):
        path[t] = worker.plan.at[t, robot]
    return np.int64(arrival)


@kernel
def _release_robot(worker, robot):  # type: ignore[no-untyped-def]
    release(worker.reserved, worker.old, _copy_path(worker, robot, worker.old))


@kernel
def _reserve_robot(worker, successors, robot):  # type: ignore[no-untyped-def]
    arrival = _copy_path(worker, robot, worker.old)
    reserve(worker.reserved, successors, worker.old, arrival)


@kernel
def reserve_all(worker, successors):  # type: ignore[no-untyped-def]
    """Reserve the whole plan."""
    for robot in range(len(worker.plan.arrival)):
        _reserve_robot(worker, successors, robot)


@kernel
def _take_over(plan, robot, path, arrival):  # type: ignore[no-untyped-def]
    """Write the path of a robot into the plan."""
    for t in range(arrival):
        plan.at[t, robot] = path[t]
    for t in range(arrival, max(arrival, plan.arrival[robot]) + 1):
        plan.at[t, robot] = path[arrival]
    plan.arrival[robot] = arrival


@kernel
def _take_out(worker, distances, count):  # type: ignore[no-untyped-def]
    """Release the chosen robots and put them in random order; return the slack.

    The slack is how much later than the earliest imaginable they may be, all together,
    for the sum of costs not to rise.
    """
    plan, random = worker.plan, worker.search.random
    slack = np.int64(0)
    for k in range(count):
        robot = worker.chosen.robot[k]
        slack += plan.arrival[robot]
        _release_robot(worker, robot)
        j = random_below(random, k + 1)
        worker.order[k] = worker.order[j]
        worker.order[j] = robot
    for k in range(count):
        robot = worker.order[k]
        goal = plan.at[len(plan.at) - 1, robot]
        worker.least[k] = max(
            np.int64(distances[robot, plan.at[0, robot]]),
            last_busy(worker.reserved.busy, goal) + 1,
        )
        slack -= worker.least[k]
    return slack


@kernel
def _replan(worker, successors, distances, count):  # type: ignore[no-untyped-def]
    """Replan the chosen robots one after another, in random order.

    Returns
    -------
    gain, effort : int
        Timesteps by which the sum of costs fell; -1, with everything as before, when
        no plan as good was found. The effort is the number of labels.
    """
    plan, reserved = worker.plan, worker.reserved
    slack = _take_out(worker, distances, count)
    effort = np.int64(20 * count)
    done = 0
    while done < count and slack >= 0:
        robot = worker.order[done]
        goal = np.int64(plan.at[len(plan.at) - 1, robot])
        free_from = last_busy(reserved.busy, goal) + 1
        latest = min(worker.least[done] + slack, len(plan.at) - 1)
        # Alone, a robot is only moved to be earlier.
        if count == 1:
            latest = np.int64(plan.arrival[robot]) - 1
        label, labels = find_path(
            successors,
            distances[robot],
            reserved,
            worker.search,
            np.int64(plan.at[0, robot]),
            GREED,
            goal,
            free_from,
            latest,
            LABELS,
        )
        effort += labels
        path = worker.path[done]
        if label >= 0:
            arrival = write_path(worker.search, label, path)
        else:
            arrival = np.int64(plan.arrival[robot])
            if arrival > latest:
                break
            _copy_path(worker, robot, path)
            if not is_clear(reserved, successors, path, arrival):
                break
        slack -= arrival - worker.least[done]
        worker.arrival[done] = arrival
        reserve(reserved, successors, path, arrival)
        done += 1
    if done == count:
        return slack, effort
    for k in range(done):
        release(reserved, worker.path[k], worker.arrival[k])
    for k in range(count):
        _reserve_robot(worker, successors, worker.order[k])
    return np.int64(-1), effort


@kernel
def _commit(worker, count):  # type: ignore[no-untyped-def]
    """Write the new paths into the plan and the log."""
    log = worker.log
    for k in range(count):
        robot = worker.order[k]
        row = log.rows[0]
        log.robot[row] = robot
        log.arrival[row] = worker.arrival[k]
        log.last[row] = k == count - 1
        for t in range(worker.arrival[k] + 1):
            log.path[row, t] = worker.path[k, t]
        log.rows[0] += 1
        _take_over(worker.plan, robot, worker.path[k], worker.arrival[k])


@kernel
def _draw_arm(worth, random):  # type: ignore[no-untyped-def]
    """Draw a kind and a size of neighbourhood by worth, sometimes any."""
    arms = worth.size
    if random_below(random, 8) == 0:
        return random_below(random, arms)
    lot = random_below(random, 1 << 30) / (1 << 30) * worth.sum()
    for arm in range(arms):
        lot -= worth[arm // SIZES, arm % SIZES]
        if lot < 0:
            return np.int64(arm)
    return np.int64(arms - 1)


@kernel
def work(worker, successors, distances, effort_limit, iterations, sweep_from, sweep_to):  # type: ignore[no-untyped-def]
    """Improve the worker's plan until so many labels or iterations are spent.

    Robots from ``sweep_from`` to ``sweep_to - 1`` are replanned one by one first.

    Returns
    -------
    done, swept : int
        Iterations, and the robot that a sweep would go on with.
    """
    robots = len(worker.plan.arrival)
    worker.log.rows[0] = 0
    effort = np.int64(0)
    done = np.int64(0)
    while effort < effort_limit and done < iterations:
        if worker.log.rows[0] + (1 << (SIZES - 1)) > len(worker.log.robot):
            break
        arm = np.int64(-1)
        if sweep_from < sweep_to:
            worker.chosen.robot[0] = sweep_from
            sweep_from += 1
            count = 1
        else:
            arm = _draw_arm(worker.worth, worker.search.random)
            count = choose(
                successors,
                distances,
                worker.reserved,
                worker.plan,
                worker.chosen,
                arm // SIZES,
                min(1 << (arm % SIZES), robots),
                worker.search.random,
            )
        gain, spent = _replan(worker, successors, distances, count)
        if gain >= 0:
            _commit(worker, count)
        effort += spent
        done += 1
        if arm >= 0:
            kind, size = arm // SIZES, arm % SIZES
            worker.tried[kind, size] += 1
            worker.gained[kind, size] += max(gain, 0)
            rate = max(gain, 0) * 1e4 / spent
            worker.worth[kind, size] += 0.02 * (rate - worker.worth[kind, size])
            worker.worth[kind, size] = max(worker.worth[kind, size], 1e-3)
    return done, sweep_from


@kernel
def merge(worker, other, successors):  # type: ignore[no-untyped-def]
    """Take over what another worker found, where it still fits; then agree with it.

    Returns
    -------
    refused : int
        Neighbourhoods that no longer fitted.
    """
    log = other.log
    refused = 0
    row = 0
    while row < log.rows[0]:
        end = row
        gain = np.int64(0)
        while True:
            robot = log.robot[end]
            gain += worker.plan.arrival[robot] - log.arrival[end]
            _release_robot(worker, robot)
            end += 1
            if log.last[end - 1]:
                break
        fits = row
        while gain >= 0 and fits < end:
            path, arrival = log.path[fits], log.arrival[fits]
            if not is_clear(worker.reserved, successors, path, arrival):
                break
            reserve(worker.reserved, successors, path, np.int64(arrival))
            fits += 1
        if fits == end:
            for k in range(row, end):
                _take_over(worker.plan, log.robot[k], log.path[k], log.arrival[k])
        else:
            refused += 1
            for k in range(row, fits):
                release(worker.reserved, log.path[k], np.int64(log.arrival[k]))
            for k in range(row, end):
                _reserve_robot(worker, successors, log.robot[k])
        row = end
    _agree(worker, other, successors)
    return refused


@kernel
def _agree(worker, other, successors):  # type: ignore[no-untyped-def]
    """Give the other worker the plan of this one, where they may differ."""
    for mine in range(2):
        log = worker.log if mine == 0 else other.log
        for row in range(log.rows[0]):
            robot = log.robot[row]
            if not other.chosen.is_chosen[robot]:
                other.chosen.is_chosen[robot] = True
                _release_robot(other, robot)
    for mine in range(2):
        log = worker.log if mine == 0 else other.log
        for row in range(log.rows[0]):
            robot = log.robot[row]
            if other.chosen.is_chosen[robot]:
                other.chosen.is_chosen[robot] = False
                arrival = _copy_path(worker, robot, worker.old)
                _take_over(other.plan, robot, worker.old, arrival)
                reserve(other.reserved, successors, worker.old, arrival)
