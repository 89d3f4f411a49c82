"""Tasks of a pool given to robots at least cost: a flow over short lists of pairs."""

import numpy as np
from numpy.typing import NDArray

from solvers.assignment.min_cost_flow import match_edges
from solvers.kernel import kernel
from solvers.mapf.lifelong.task_assignment import NEVER


@kernel
def cheapest_columns(costs: NDArray[np.int32], columns: NDArray[np.int32]) -> None:
    """List the cheapest columns of each row, the cheapest first; -1 beyond `NEVER`.

    ``columns`` (rows, listed) int32 is filled.
    """
    listed = columns.shape[1]
    for i in range(costs.shape[0]):
        row, found = costs[i], 0
        for j in range(costs.shape[1]):
            cost = row[j]
            if cost >= NEVER or (
                found == listed and cost >= row[columns[i, found - 1]]
            ):
                continue
            found = min(found + 1, listed)
            k = found - 1
            while k > 0 and row[columns[i, k - 1]] > cost:
                columns[i, k] = columns[i, k - 1]
                k -= 1
            columns[i, k] = j
        columns[i, found:] = -1


def match_cheapest(
    costs: NDArray[np.int32], most: int, listed: int
) -> NDArray[np.int32]:
    """Give ``most`` robots a task each, at the least cost that short lists allow.

    Parameters
    ----------
    costs : ndarray of int32, shape (robots, tasks)
        `NEVER` where a robot cannot do a task.
    most : int
    listed : int
        A robot and a task may come together where either is among so many of the
        cheapest for the other.

    Returns
    -------
    ndarray of int32, shape (robots,)
        Task of each robot, or -1.

    Examples
    --------
    The first robot leaves the task that is best for it to the second:

    >>> match_cheapest(np.array([[1, 2], [1, 9]], np.int32), most=2, listed=2).tolist()
    [1, 0]
    >>> match_cheapest(np.array([[1, 2], [1, 9]], np.int32), most=1, listed=1).tolist()
    [0, -1]
    """
    robots, tasks = costs.shape
    by_robot = np.empty((robots, min(listed, tasks)), np.int32)
    cheapest_columns(costs, by_robot)
    by_task = np.empty((tasks, min(listed, robots)), np.int32)
    cheapest_columns(np.ascontiguousarray(costs.T), by_task)
    pairs = np.zeros((robots, tasks), np.bool_)
    robot, rank = np.nonzero(by_robot >= 0)
    pairs[robot, by_robot[robot, rank]] = True
    task, rank = np.nonzero(by_task >= 0)
    pairs[by_task[task, rank], task] = True
    robot, task = np.nonzero(pairs)
    matched = match_edges(
        robots,
        tasks,
        robot.astype(np.int32),
        task.astype(np.int32),
        costs[robot, task].astype(np.int64),
        most,
    )
    task_of = np.full(robots, -1, np.int32)
    task_of[matched[:, 0]] = matched[:, 1]
    return task_of
