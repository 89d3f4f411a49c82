"""Errands of tasks: what a run claims to have done, and where robots really were."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.violation import Findings, Violation
from warehouse.grid import Grid

Ints = NDArray[np.integer[Any]]

ERRAND_RULES: Final[dict[str, str]] = {
    "index-range": "Every event names a step, a robot and a task that exist.",
    "errand-cell": "A robot is on the cell of an errand at the step it is done.",
    "errand-order": "Errands of a task are done one after another, each once.",
    "errand-robot": "A task stays with the robot that did its first errand.",
    "errand-early": "No errand is done before its task is known.",
    "errand-interleaved": "A robot ends a task that it began before it begins another.",
    "errand-turn": "Where robots take tasks by turns, each does its own, in order.",
}
"""Name of every rule of errands, and what holds where it is kept."""


def check_errands(
    grid: Grid,
    cells: Ints,
    events: NDArray[np.void],
    errands: Ints,
    first_errand: Ints,
    release: Ints | None = None,
    *,
    by_turns: bool = False,
) -> list[Violation]:
    """Every violation of every rule in `ERRAND_RULES`; empty when there is none.

    Parameters
    ----------
    grid : Grid
    cells : ndarray of int, shape (steps + 1, robots)
        Flat cell of every robot at every step.
    events : structured ndarray with ``step``, ``robot``, ``task``, ``done``
        In any order; ``done`` is how many errands of the task are finished then.
    errands : ndarray of int
        Flat cells, the errands of task 0 in order, then those of task 1.
    first_errand : ndarray of int, shape (tasks + 1,)
        Errands of task k are ``errands[first_errand[k] : first_errand[k + 1]]``.
    release : ndarray of int, shape (tasks,), optional
        Step at which a task is known.
    by_turns : bool
        Whether robot r must do tasks r, r + robots, r + 2 * robots, ... in order.

    Examples
    --------
    A robot claims to have been where it never was:

    >>> grid = Grid.from_arrays(np.ones((1, 3), bool))
    >>> ints = [(name, int) for name in ("step", "robot", "task", "done")]
    >>> events = np.array([(1, 0, 0, 1)], ints)
    >>> for violation in check_errands(
    ...     grid, np.array([[0], [1]]), events, np.array([2]), np.array([0, 1])
    ... ):
    ...     print(violation)
    errand-cell: robot 0 is at row 0, col 1 at step 1, errand 1 of task 0 is at row 0, \
col 2
    """
    findings = Findings(grid.height, grid.width, rules=ERRAND_RULES)
    step, robot, task, done = (
        events[name].astype(np.int64) for name in ("step", "robot", "task", "done")
    )
    tasks = len(first_errand) - 1
    good = (step >= 0) & (step < len(cells)) & (robot >= 0) & (robot < cells.shape[1])
    good &= (task >= 0) & (task < tasks)
    _report(findings, "index-range", ~good, step, robot, task, "which is none")
    order = np.lexsort((done, step, task))
    order = order[good[order]]
    step, robot, task, done = (column[order] for column in (step, robot, task, done))
    errand = first_errand[task] + done - 1
    known = (done >= 1) & (errand < first_errand[task + 1])
    _check_cells(findings, grid, cells, errands, errand, known, step, robot, task, done)
    first_of_task = np.diff(task, prepend=-1) != 0
    expected = np.where(first_of_task, 1, np.roll(done, 1) + 1)
    wrong = (done != expected) | ~known
    _report(findings, "errand-order", wrong, step, robot, task, "out of order")
    other = ~first_of_task & (robot != np.roll(robot, 1))
    _report(findings, "errand-robot", other, step, robot, task, "of another robot")
    if release is not None:
        early = step < release[task]
        _report(findings, "errand-early", early, step, robot, task, "not known yet")
    last = done == (first_errand[task + 1] - first_errand[task])
    _check_sequence(findings, step, robot, task, done, last)
    if by_turns:
        _check_turns(findings, cells.shape[1], step, robot, task, last)
    return findings.violations()


def _report(
    findings: Findings,
    rule: str,
    broken: NDArray[np.bool_],
    step: Ints,
    robot: Ints,
    task: Ints,
    words: str,
) -> None:
    findings.add(
        rule,
        "robot {robot} does an errand of task {task} at step {step}, " + words,
        robot=robot[broken],
        step=step[broken],
        task=task[broken],
    )


def _check_cells(
    findings: Findings,
    grid: Grid,
    cells: Ints,
    errands: Ints,
    errand: Ints,
    known: NDArray[np.bool_],
    step: Ints,
    robot: Ints,
    task: Ints,
    done: Ints,
) -> None:
    where = cells[step, robot]
    needed = errands[np.where(known, errand, 0)]
    elsewhere = known & (where != needed)
    findings.add(
        "errand-cell",
        "robot {robot} is at {place} at step {step}, errand {done} of task {task} is "
        "at row {row}, col {col}",
        robot=robot[elsewhere],
        step=step[elsewhere],
        cell=where[elsewhere],
        task=task[elsewhere],
        done=done[elsewhere],
        row=needed[elsewhere] // grid.width,
        col=needed[elsewhere] % grid.width,
    )


def _check_sequence(
    findings: Findings,
    step: Ints,
    robot: Ints,
    task: Ints,
    done: Ints,
    last: NDArray[np.bool_],
) -> None:
    """Report errands of one task between the errands of another, robot by robot."""
    # Where two tasks meet in one step, the one that is being ended comes first.
    order = np.lexsort((done, ~last | (done == 1), step, robot))
    before, after = order[:-1], order[1:]
    broken = (
        (robot[before] == robot[after]) & (task[before] != task[after]) & ~last[before]
    )
    late = after[broken]
    words = "before the one it began is done"
    some = np.zeros(len(step), bool)
    some[late] = True
    _report(findings, "errand-interleaved", some, step, robot, task, words)


def _check_turns(
    findings: Findings,
    robots: int,
    step: Ints,
    robot: Ints,
    task: Ints,
    last: NDArray[np.bool_],
) -> None:
    """Report finished tasks that were not the robot's next one."""
    order = np.lexsort((task, step, robot))
    order = order[last[order]]
    mine = robot[order]
    first = np.searchsorted(mine, mine, side="left")
    expected = (np.arange(len(order)) - first) * robots + mine
    some = np.zeros(len(step), bool)
    some[order[task[order] != expected]] = True
    _report(findings, "errand-turn", some, step, robot, task, "which is not its turn")
