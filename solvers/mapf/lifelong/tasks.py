"""Pool of tasks of several errands each, from which robots are given what suits them.

So are the problems of the League of Robot Runners 2024: a number of tasks is open at
a time, any robot may take any, and a task may change hands until its first errand is
done. Every timestep the robots that have not begun are matched with the tasks that
have not been begun, at a low sum of ways to tasks and lengths of tasks. Only as many
robots work at once as the floor bears; with few of many working there is one near
every task.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.arguments import indices, whole_numbers
from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.problem import EVENT, Ahead
from solvers.mapf.lifelong.task_assignment import (
    NEVER,
    assign_cheapest,
    swap_tasks,
    task_costs,
)
from solvers.mapf.lifelong.task_flow import match_cheapest
from solvers.mapf.lifelong.turning_distances import UNREACHABLE, TurningDistances
from warehouse.errors import SolverError
from warehouse.scenario import MotionModel

Method = Literal["greedy", "flow", "nearest"]
METHODS: Final = get_args(Method)

_NO_TASK = -1


@dataclass(frozen=True, slots=True)
class AssignmentParams:
    """How tasks are given to robots.

    Parameters
    ----------
    method : "greedy", "flow" or "nearest"
        *greedy* takes the cheapest pair of robot and task again and again and then lets
        robots swap; *flow* takes the cheapest matching over short lists of candidates.
        Both begin anew every timestep. With *nearest* an idle robot takes the nearest
        task that nobody has, whatever its length, and keeps it.
    listed : int
        Length of the lists of candidates, for each robot and for each task.
    approach_weight : int
        How much a step to the first errand counts against a step of the task itself.
    active_share : float
        At most this many robots per vertex have a task at once.
    swap_rounds : int
        Passes over all pairs of robots that may swap tasks, per timestep.
    most_pairs : int
        Pairs of robot and task weighed per timestep; beyond, robots that have a task
        keep it, and only the shortest tasks are offered.

    Raises
    ------
    SolverError
        E302 for an unknown method.
    """

    method: Method = "greedy"
    listed: int = 20
    approach_weight: int = 2
    active_share: float = 0.45
    swap_rounds: int = 3
    most_pairs: int = 2_000_000

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SolverError(
                "E302", f"got method {self.method!r}", f"need one of {METHODS}"
            )


@dataclass(frozen=True, slots=True)
class TaskPool:
    """Tasks that come open in order, so many at a time; after the last the first again.

    Parameters
    ----------
    errands : sequence of array_like of int
        Flat cells that each task visits in order, one or more.
    open_tasks : int
        Tasks open at a time, those under way included.
    params : AssignmentParams

    Raises
    ------
    SolverError
        E301 for a task that is no list of cells or empty; E302 for no open task.

    Examples
    --------
    The robot takes the nearer of two open tasks first:

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 5), bool)))
    >>> state = TaskPool([[4], [2]], 2).begin(floor, np.array([0]), "rotate")
    >>> state.visit(0, np.array([0]), np.array([1], np.uint8))
    array([2], dtype=int32)
    """

    errands: Sequence[ArrayLike]
    open_tasks: int
    params: AssignmentParams = field(default_factory=AssignmentParams)

    def __post_init__(self) -> None:
        checked = []
        for number, given in enumerate(self.errands):
            cells = np.asarray(given)
            if cells.ndim != 1 or len(cells) == 0:
                raise SolverError(
                    "E301",
                    f"got errands of shape {cells.shape} for task {number}",
                    "give each task one cell or more",
                )
            checked.append(indices(f"task {number}", cells, cells.shape, 2**31))
        if not checked:
            raise SolverError("E301", "got no tasks", "give one task or more")
        whole_numbers("open tasks", self.open_tasks, (), low=1)
        object.__setattr__(self, "errands", tuple(checked))

    def begin(
        self, floor: Floor, starts: NDArray[np.int32], motion: MotionModel
    ) -> "TaskPoolState":
        """State at the begin of a run.

        Raises
        ------
        SolverError
            E311 for an errand where no robot can stand.
        """
        errands = [floor.at(cells) for cells in self.errands]
        return TaskPoolState(errands, self.open_tasks, floor, len(starts), self.params)


class TaskPoolState:
    """Which tasks are open, who does which, and what is done.

    A task's serial number counts releases; its errands are those of the given task
    ``serial % len(errands)``.
    """

    def __init__(
        self,
        errands: list[NDArray[np.int32]],
        open_tasks: int,
        floor: Floor,
        robots: int,
        params: AssignmentParams,
    ) -> None:
        self._errands = errands
        self._open_tasks = open_tasks
        self._params = params
        self._distances = TurningDistances(floor)
        self._most_active = max(1, round(params.active_share * floor.vertices))
        self._open = np.empty(0, np.int64)
        self._lengths = np.empty(0, np.int32)
        self._done = np.empty(0, np.int32)
        self._task_of = np.full(robots, _NO_TASK, np.int64)
        self._wanted = np.full(robots, -1, np.int32)
        self._following = np.full(robots, -1, np.int32)
        self._rest = np.zeros(robots, np.int64)
        self._left: list[NDArray[np.int64]] = []
        self._events: list[tuple[int, int, int, int]] = []
        self.finished = 0
        self.released: list[int] = []
        self.assignments: list[tuple[int, int, int]] = []

    def visit(
        self, t: int, vertices: NDArray[np.int32], headings: NDArray[np.uint8] | None
    ) -> NDArray[np.int32]:
        """Note the errands done at timestep t, release and assign tasks; the goals.

        A task's first errand counts from the timestep after the task was assigned.

        Raises
        ------
        SolverError
            E313 for a task with no way from one errand to the next.
        """
        self._note_errands(t, vertices)
        self._release(t)
        before = self._task_of.copy()
        looks = 0 if headings is None else np.asarray(headings, np.int64)
        self._assign((4 * np.asarray(vertices, np.int64) + looks).astype(np.int32))
        for robot in np.flatnonzero(self._task_of != before).tolist():
            task = int(self._task_of[robot])
            self.assignments.append((t, robot, task))
            self._aim(robot)
        return self._wanted.copy()

    def ahead(self) -> Ahead:
        """Each robot's errand after the next one, and the way it has left then."""
        return Ahead(self._following.copy(), self._rest.copy())

    def events(self) -> NDArray[np.void]:
        """Errands done so far, dtype `EVENT`."""
        return np.array(self._events, EVENT)

    def _errands_of(self, task: int) -> NDArray[np.int32]:
        return self._errands[task % len(self._errands)]

    def _aim(self, robot: int) -> None:
        task = int(self._task_of[robot])
        self._wanted[robot] = self._following[robot] = -1
        self._rest[robot] = 0
        if task >= 0:
            errands, done = self._errands_of(task), self._done[task]
            self._wanted[robot] = errands[done]
            if done + 1 < len(errands):
                self._following[robot] = errands[done + 1]
            self._rest[robot] = self._left[task][done]

    def _note_errands(self, t: int, vertices: NDArray[np.int32]) -> None:
        ended = []
        for robot in np.flatnonzero(self._wanted == vertices).tolist():
            task = int(self._task_of[robot])
            self._done[task] += 1
            self._events.append((t, robot, task, int(self._done[task])))
            if self._done[task] == len(self._errands_of(task)):
                self._task_of[robot] = _NO_TASK
                self.finished += 1
                ended.append(task)
            self._aim(robot)
        self._open = self._open[~np.isin(self._open, ended)]

    def _release(self, t: int) -> None:
        first = len(self.released)
        serials = np.arange(first, first + self._open_tasks - len(self._open))
        self._left += [self._way_left(int(task)) for task in serials]
        lengths = [left[0] for left in self._left[first:]]
        self._lengths = np.append(self._lengths, np.array(lengths, np.int32))
        self._done = np.append(self._done, np.zeros(len(serials), np.int32))
        self._open = np.append(self._open, serials)
        self.released += [t] * len(serials)

    def _way_left(self, task: int) -> NDArray[np.int64]:
        """Cost of a task from each of its errands to its last, turns included."""
        errands = self._errands_of(task)
        left = np.zeros(len(errands), np.int64)
        if len(errands) < 2:
            return left
        slots = self._distances.slots(errands[1:])
        looks = 4 * errands[:-1, None] + np.arange(4)
        legs = self._distances.data[slots[:, None], looks]
        if (legs.min(axis=1) >= UNREACHABLE).any():
            raise SolverError(
                "E313",
                f"task {task % len(self._errands)} has no way between its errands",
                "leave the task out, or connect the floor",
            )
        left[:-1] = legs.mean(axis=1)[::-1].cumsum()[::-1]
        return left

    def _assign(self, states: NDArray[np.int32]) -> None:
        """Match robots and tasks that have not begun anew, as many as may be active."""
        has_task = self._task_of >= 0
        begun = has_task & (self._done[self._task_of] > 0)
        robots = np.flatnonzero(~begun)
        tasks = self._open[self._done[self._open] == 0]
        most = self._most_active - int(begun.sum())
        params = self._params
        many = len(robots) * len(tasks) > params.most_pairs
        if many or params.method == "nearest":
            most -= int((has_task & ~begun).sum())
            robots = np.flatnonzero(~has_task)
            tasks = tasks[~np.isin(tasks, self._task_of)]
        if many:
            offered = max(1, params.most_pairs // max(len(robots), 1))
            order = np.argsort(self._lengths[tasks], kind="stable")
            tasks = tasks[order[:offered]]
        if most <= 0 or not len(robots) or not len(tasks):
            return
        costs = self._costs(states, robots, tasks)
        if params.method == "flow":
            task_of = match_cheapest(costs, most, params.listed)
        else:
            task_of = np.empty(len(robots), np.int32)
            taken = np.empty(len(tasks), np.bool_)
            assign_cheapest(costs, most, task_of, taken)
            if params.method == "greedy":
                swap_tasks(costs, task_of, taken, params.swap_rounds)
        self._task_of[robots] = np.where(task_of < 0, _NO_TASK, tasks[task_of])

    def _costs(
        self,
        states: NDArray[np.int32],
        robots: NDArray[np.int64],
        tasks: NDArray[np.int64],
    ) -> NDArray[np.int32]:
        first = np.array([self._errands_of(int(task))[0] for task in tasks], np.int32)
        lengths = np.minimum(self._lengths[tasks], NEVER - 1)
        if self._params.method == "nearest":
            lengths = np.zeros_like(lengths)
        costs = np.empty((len(robots), len(tasks)), np.int32)
        task_costs(
            self._distances.data,
            self._distances.slots(first),
            states[robots],
            lengths,
            self._params.approach_weight,
            costs,
        )
        return costs
