"""One thread's part of the search: replan neighbourhoods on a copy of the plan."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.one_shot.neighbourhoods import (
    KINDS,
    Chosen,
    Plan,
    choose,
    make_chosen,
    worth_of,
)
from solvers.mapf.one_shot.replan import (
    SPENT,
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
    spent: NDArray[np.int32]  # (rows,)
    path: NDArray[np.int32]  # (rows, timesteps)
    rows: NDArray[np.int64]  # length 1: rows in use


class Worker(NamedTuple):
    """All that one thread owns."""

    plan: Plan
    rests: bool
    reserved: Reserved
    search: Search
    chosen: Chosen
    order: NDArray[np.int32]  # (largest size,)
    least: NDArray[np.int64]  # (largest size,)
    path: NDArray[np.int32]  # (largest size, timesteps): states
    arrival: NDArray[np.int32]  # (largest size,)
    spent: NDArray[np.int32]  # (largest size,)
    old: NDArray[np.int32]  # (timesteps,)
    worth: NDArray[np.float64]  # (KINDS, SIZES): gain per effort, by experience
    tried: NDArray[np.int64]  # (KINDS, SIZES)
    gained: NDArray[np.int64]  # (KINDS, SIZES)
    log: Log


def make_worker(
    successors: NDArray[np.int32], plan: Plan, rests: bool, seed: int
) -> Worker:
    """Work arrays that hold a plan; its rows are a multiple of 64.

    ``rests`` says whether timesteps at the goal cost nothing (loss), or only those
    from the last arrival on (sum of costs).
    """
    timesteps, robots = plan.at.shape
    vertices, most = len(successors), 1 << (SIZES - 1)
    worker = Worker(
        plan=plan._replace(
            at=plan.at.copy(), arrival=plan.arrival.copy(), spent=plan.spent.copy()
        ),
        rests=rests,
        reserved=empty_reservations(vertices, timesteps // 64),
        search=make_search(vertices << plan.shift, timesteps, LABELS + 64, seed),
        chosen=make_chosen(vertices, robots),
        order=np.empty(most, np.int32),
        least=np.empty(most, np.int64),
        path=np.empty((most, timesteps), np.int32),
        arrival=np.empty(most, np.int32),
        spent=np.empty(most, np.int32),
        old=np.empty(timesteps, np.int32),
        worth=np.ones((KINDS, SIZES)),
        tried=np.zeros((KINDS, SIZES), np.int64),
        gained=np.zeros((KINDS, SIZES), np.int64),
        log=Log(
            robot=np.empty(LOG_ROWS, np.int32),
            last=np.empty(LOG_ROWS, np.bool_),
            arrival=np.empty(LOG_ROWS, np.int32),
            spent=np.empty(LOG_ROWS, np.int32),
            path=np.empty((LOG_ROWS, timesteps), np.int32),
            rows=np.zeros(1, np.int64),
        ),
    )
    everyone = np.arange(robots, dtype=np.int64)
    reserve_some(worker.plan, worker.reserved, successors, everyone, worker.old)
    return worker


@lean_kernel
def copy_path(plan: Plan, robot: int, path: NDArray[np.int32]) -> np.int64:
    """Copy the path of a robot out of the rows of timesteps; return its arrival."""
    arrival = np.int64(plan.arrival[robot])
    for t in range(arrival + 1):
        path[t] = plan.at[t, robot]
    return arrival


@lean_kernel
def take_in(
    plan: Plan,
    reserved: Reserved,
    successors: NDArray[np.int32],
    robot: int,
    path: NDArray[np.int32],
) -> None:
    """Reserve the path of a robot, with room for it."""
    arrival = copy_path(plan, robot, path)
    reserve(reserved, successors, plan.shift, path, arrival)


@lean_kernel
def reserve_some(
    plan: Plan,
    reserved: Reserved,
    successors: NDArray[np.int32],
    robots: NDArray[np.int64],
    path: NDArray[np.int32],
) -> None:
    """Reserve the paths of some robots; ``path`` is room for one."""
    for k in range(len(robots)):
        take_in(plan, reserved, successors, robots[k], path)


@lean_kernel
def take_over(
    plan: Plan, robot: int, path: NDArray[np.int32], arrival: np.int64, spent: np.int64
) -> None:
    """Write the path of a robot into the plan."""
    for t in range(arrival):
        plan.at[t, robot] = path[t]
    end = max(arrival, np.int64(plan.arrival[robot])) + 1
    # Who turns may rest with another heading than before.
    for t in range(arrival, end if plan.shift == 0 else len(plan.at)):
        plan.at[t, robot] = path[arrival]
    plan.arrival[robot] = arrival
    plan.spent[robot] = spent


@lean_kernel
def _goal_of(plan, robot):  # type: ignore[no-untyped-def]
    return np.int64(plan.at[len(plan.at) - 1, robot] >> plan.shift)


@lean_kernel
def _take_out(worker, to_goal, count):  # type: ignore[no-untyped-def]
    """Release the chosen robots and put them in random order; return the slack.

    The slack is how much more than the least imaginable they may be worth, all
    together, for the plan not to get worse.
    """
    plan, reserved, least = worker.plan, worker.reserved, worker.least
    slack = np.int64(0)
    for k in range(count):
        robot = np.int64(worker.chosen.robot[k])
        slack += worth_of(plan, plan.spent[robot])
        arrival = copy_path(plan, robot, worker.old)
        release(reserved, plan.shift, worker.old, arrival)
        j = random_below(worker.search.random, k + 1)
        worker.order[k] = worker.order[j]
        worker.order[j] = robot
    for k in range(count):
        robot = np.int64(worker.order[k])
        least[k] = to_goal[robot, plan.at[0, robot]]
        if not worker.rests:
            goal = _goal_of(plan, robot)
            least[k] = max(least[k], last_busy(reserved.busy, goal) + 1)
        slack -= worth_of(plan, least[k])
    return slack


@lean_kernel
def _most(plan, least, slack):  # type: ignore[no-untyped-def]
    """Most that a robot may spend when it may be worth so much more than the least."""
    allowed = worth_of(plan, least) + slack
    if allowed <= plan.late_from:
        return allowed
    over = (allowed - plan.late_from) // (1 + plan.price)
    return np.int64(plan.late_from + over)


@lean_kernel
def _replan(worker, successors, to_goal, count):  # type: ignore[no-untyped-def]
    """Replan the chosen robots one after another, in random order.

    Returns
    -------
    gain, effort : int
        By how much the plan is worth less; -1, with everything as before, when no
        plan as good was found. The effort is the number of labels.
    """
    plan, reserved, search = worker.plan, worker.reserved, worker.search
    shift, horizon = plan.shift, np.int64(len(plan.at) - 1)
    slack = _take_out(worker, to_goal, count)
    effort = np.int64(20) * count
    done = np.int64(0)
    while done < count and slack >= 0:
        robot = np.int64(worker.order[done])
        least, path = worker.least[done], worker.path[done]
        most = _most(plan, least, slack)
        # Alone, a robot is only moved to spend less.
        spent = np.int64(plan.spent[robot])
        most = min(most, spent - 1 if count == 1 else horizon)
        goal = _goal_of(plan, robot)
        free_from = np.int64(0)
        if not worker.rests:
            free_from = last_busy(reserved.busy, goal) + 1
        label, labels = find_path(
            successors,
            to_goal[robot],
            reserved,
            search,
            np.int64(plan.at[0, robot]),
            goal,
            free_from,
            (most, horizon, np.int64(LABELS), np.int64(GREED)),
            shift,
            worker.rests,
            False,
        )
        effort += labels
        if label >= 0:
            arrival = write_path(search, label, shift, path)
            spent = np.int64(search.labels[label, SPENT])
        else:
            arrival = np.int64(plan.arrival[robot])
            if spent > most:
                break
            copy_path(plan, robot, path)
            if not is_clear(reserved, successors, shift, path, arrival):
                break
        slack -= worth_of(plan, spent) - worth_of(plan, least)
        worker.arrival[done] = arrival
        worker.spent[done] = spent
        reserve(reserved, successors, shift, path, arrival)
        done += 1
    if done == count and slack >= 0:
        return slack, effort
    for k in range(done):
        release(reserved, shift, worker.path[k], np.int64(worker.arrival[k]))
    for k in range(count):
        robot = np.int64(worker.order[k])
        take_in(plan, reserved, successors, robot, worker.old)
    return np.int64(-1), effort


@lean_kernel
def _commit(worker, count):  # type: ignore[no-untyped-def]
    """Write the new paths into the plan and the log."""
    log = worker.log
    for k in range(count):
        robot, row = np.int64(worker.order[k]), log.rows[0]
        log.robot[row] = robot
        log.last[row] = k == count - 1
        log.arrival[row] = worker.arrival[k]
        log.spent[row] = worker.spent[k]
        arrival = np.int64(worker.arrival[k])
        for t in range(arrival + 1):
            log.path[row, t] = worker.path[k, t]
        log.rows[0] += 1
        take_over(
            worker.plan, robot, worker.path[k], arrival, np.int64(worker.spent[k])
        )


@lean_kernel
def _draw_arm(worth, random):  # type: ignore[no-untyped-def]
    """Draw a kind and a size of neighbourhood by worth, sometimes any."""
    arms = np.int64(KINDS * SIZES)
    if random_below(random, 8) == 0:
        return random_below(random, arms)
    total = 0.0
    for arm in range(arms):
        total += worth[arm // SIZES, arm % SIZES]
    lot = random_below(random, 1 << 30) / (1 << 30) * total
    for arm in range(arms):
        lot -= worth[arm // SIZES, arm % SIZES]
        if lot < 0:
            return np.int64(arm)
    return arms - 1


@lean_kernel
def work(  # type: ignore[no-untyped-def]
    worker, successors, distances, to_goal, effort_limit, iterations, sweep
):
    """Improve the worker's plan until so many labels or iterations are spent.

    Parameters
    ----------
    worker : Worker
    successors : ndarray of int32, shape (vertices, 4)
    distances : ndarray of int16, shape (robots, vertices)
        Steps to the goals, for choosing neighbourhoods; turns are not counted.
    to_goal : ndarray of int16, shape (robots, states)
    effort_limit, iterations : int
    sweep : ndarray of int64, shape (2,)
        Robots from the first to the second, less one, are replanned one by one
        before any others; the first goes on.

    Returns
    -------
    int
        Iterations.
    """
    robots = len(worker.plan.arrival)
    worker.log.rows[0] = 0
    effort, done = np.int64(0), np.int64(0)
    random = worker.search.random
    while effort < effort_limit and done < iterations:
        if worker.log.rows[0] + (1 << (SIZES - 1)) > len(worker.log.robot):
            break
        arm, count = np.int64(-1), np.int64(1)
        if sweep[0] < sweep[1]:
            worker.chosen.robot[0] = sweep[0]
            sweep[0] += 1
        else:
            arm = _draw_arm(worker.worth, random)
            count = choose(
                successors,
                distances,
                worker.reserved,
                worker.plan,
                worker.chosen,
                arm // SIZES,
                np.int64(min(1 << (arm % SIZES), robots)),
                random,
            )
        gain, spent = _replan(worker, successors, to_goal, count)
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
    return done


@lean_kernel
def merge(worker, other, successors):  # type: ignore[no-untyped-def]
    """Take over what another worker found, where it still fits; then agree with it.

    Returns
    -------
    refused : int
        Neighbourhoods that no longer fitted.
    """
    plan, reserved, log = worker.plan, worker.reserved, other.log
    old, shift = worker.old, worker.plan.shift
    refused, row = 0, np.int64(0)
    while row < log.rows[0]:
        end, gain = row, np.int64(0)
        while end == row or not log.last[end - 1]:
            robot = np.int64(log.robot[end])
            gain += worth_of(plan, plan.spent[robot]) - worth_of(plan, log.spent[end])
            release(reserved, shift, old, copy_path(plan, robot, old))
            end += 1
        fits = row
        while gain >= 0 and fits < end:
            path, arrival = log.path[fits], np.int64(log.arrival[fits])
            if not is_clear(reserved, successors, shift, path, arrival):
                break
            reserve(reserved, successors, shift, path, arrival)
            fits += 1
        if fits < end:
            refused += 1
            for k in range(row, fits):
                release(reserved, shift, log.path[k], np.int64(log.arrival[k]))
        for k in range(row, end):
            robot = np.int64(log.robot[k])
            if fits == end:
                arrival, spent = np.int64(log.arrival[k]), np.int64(log.spent[k])
                take_over(plan, robot, log.path[k], arrival, spent)
            else:
                take_in(plan, reserved, successors, robot, old)
        row = end
    _agree(plan, worker.log, other, successors)
    return refused


@lean_kernel
def _agree(plan, mine, other, successors):  # type: ignore[no-untyped-def]
    """Give the other worker a plan, where its own may differ by the two logs."""
    differs, old, robots = other.chosen.is_chosen, other.old, len(plan.arrival)
    for k in range(mine.rows[0]):
        differs[mine.robot[k]] = True
    for k in range(other.log.rows[0]):
        differs[other.log.robot[k]] = True
    for k in range(robots):
        if differs[k]:
            arrival = copy_path(other.plan, np.int64(k), old)
            release(other.reserved, plan.shift, old, arrival)
    for k in range(robots):
        if differs[k]:
            differs[k] = False
            robot = np.int64(k)
            arrival, spent = copy_path(plan, robot, old), np.int64(plan.spent[k])
            take_over(other.plan, robot, old, arrival, spent)
            reserve(other.reserved, successors, plan.shift, old, arrival)
