"""What a lifelong problem states: a map, where robots start, and tasks without end.

The files that say it differ; what must hold of the cells they name is checked here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.fitness import floor_pieces
from warehouse.grid import Grid
from warehouse.layout import Layout

Place = Callable[[int], str]
"""File and line of an entry, for faults."""


@dataclass(frozen=True, slots=True)
class LifelongInstance:
    """A map, robots on it, and a list of tasks that begins anew when it ends.

    Parameters
    ----------
    layout : Layout
    starts : ndarray of int32, shape (robots,)
        Flat cells, all different.
    errands : ndarray of int32
        Flat cells to be visited, the errands of task 0 in order, then those of task 1.
    first_errand : ndarray of int64, shape (tasks + 1,)
        Errands of task k are ``errands[first_errand[k] : first_errand[k + 1]]``.
    open_tasks : int, optional
        Size of the pool that robots choose from. None where robot r must do task
        ``(j * robots + r) % tasks`` as its j-th.
    """

    layout: Layout
    starts: NDArray[np.int32]
    errands: NDArray[np.int32]
    first_errand: NDArray[np.int64]
    open_tasks: int | None

    @property
    def robots(self) -> int:
        """Number of robots."""
        return len(self.starts)

    @property
    def tasks(self) -> int:
        """Number of tasks in the list."""
        return len(self.first_errand) - 1


def find_cell_faults(
    instance: LifelongInstance, start_place: Place, task_place: Place
) -> list[Fault]:
    """Faults of starts and tasks on a map: off it, on walls, twice, out of reach.

    Parameters
    ----------
    instance : LifelongInstance
        Its cells may be anything.
    start_place, task_place : callable
        File and line of a robot's start, and of a task.
    """
    layout = instance.layout
    room = int(layout.drivable.sum())
    faults = _find_start_faults(instance, start_place)
    if instance.robots > room:
        found = f"{instance.robots:,} robots for {room:,} cells a robot can stand on"
        needed = f"take at most {room:,} robots"
        faults.insert(0, Fault("E185", start_place(room), found, needed))
    task_of_errand = np.repeat(
        np.arange(instance.tasks), np.diff(instance.first_errand)
    )
    stands = _stands(layout, instance.errands)
    for errand in np.flatnonzero(~stands).tolist():
        place = task_place(int(task_of_errand[errand]))
        cell = int(instance.errands[errand])
        faults.append(_bad_cell(layout, place, cell, "E192", "an errand"))
    return faults or _find_cut_off_tasks(instance, task_of_errand, task_place)


def _find_start_faults(instance: LifelongInstance, place: Place) -> list[Fault]:
    layout, faults = instance.layout, []
    robot_of_cell: dict[int, int] = {}
    stands = _stands(layout, instance.starts)
    for robot, cell in enumerate(instance.starts.tolist()):
        if not stands[robot]:
            faults.append(_bad_cell(layout, place(robot), cell, "E184", "a robot"))
            continue
        first = robot_of_cell.setdefault(cell, robot)
        if first != robot:
            found = f"{layout.place(cell)} is taken: see {place(first)}"
            needed = "give each robot a cell of its own"
            faults.append(Fault("E146", place(robot), found, needed))
    return faults


def _stands(layout: Layout, cells: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether each cell is one that a robot can stand on; any number may be asked."""
    on_map = (cells >= 0) & (cells < layout.kinds.size)
    return on_map & layout.drivable.ravel().take(cells, mode="clip")


def _bad_cell(layout: Layout, place: str, cell: int, code: str, what: str) -> Fault:
    if not 0 <= cell < layout.kinds.size:
        found = f"cell {cell} is not on the map"
        needed = f"need row * {layout.width} + col, below {layout.kinds.size:,}"
        return Fault("E134", place, found, needed)
    found = f"{what} at {layout.place(cell)}, which is a wall"
    return Fault(code, place, found, "give a cell a robot can stand on")


def _find_cut_off_tasks(
    instance: LifelongInstance, task_of_errand: NDArray[np.int64], place: Place
) -> list[Fault]:
    """Faults of tasks that a robot who must do them cannot reach, or none can."""
    pieces = floor_pieces(Grid.from_layout(instance.layout))
    of_robot, of_errand = pieces[instance.starts], pieces[instance.errands]
    # Tasks with one remainder go to robots with the same one: the least common cycle.
    turns = math.gcd(instance.robots, instance.tasks)
    if instance.open_tasks is not None:
        turns = 1
    reach = np.zeros((turns, int(pieces.max(initial=0)) + 1), np.int64)
    np.add.at(reach, (np.arange(instance.robots) % turns, of_robot), 1)
    able = reach[task_of_errand % turns, of_errand]
    if instance.open_tasks is None:
        cut_off = able < instance.robots // turns
        mend = "give cells that the robot whose turn it is can reach"
    else:
        first = of_errand[instance.first_errand[task_of_errand]]
        cut_off = (able == 0) | (of_errand != first)
        mend = "give cells that one robot can reach"
    faults = []
    for task in np.unique(task_of_errand[cut_off]).tolist():
        found = f"there is no way to all cells of task {task}"
        faults.append(Fault("E194", place(task), found, mend))
    return faults
