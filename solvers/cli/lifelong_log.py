"""What robots did in a lifelong run: tasks, events, schedule, numbered as in files."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from warehouse.formats.lorr_tasks import EVENT_DTYPE

if TYPE_CHECKING:
    from solvers.mapf.lifelong.simulate import LifelongRun
    from warehouse.formats.lifelong_instance import LifelongInstance


@dataclass(frozen=True, slots=True)
class LifelongLog:
    """Tasks that were known in a run, by serial number, and what became of them.

    Parameters
    ----------
    events : ndarray of `EVENT_DTYPE`
        By step.
    errands : ndarray of int32
        Flat cells, task after task.
    first_errand : ndarray of int64, shape (tasks + 1,)
    release : ndarray of int64, shape (tasks,)
        Step at which each task became known.
    schedule : list of str
        For each robot ``step:task`` with commas between.
    """

    events: NDArray[np.void]
    errands: NDArray[np.int32]
    first_errand: NDArray[np.int64]
    release: NDArray[np.int64]
    schedule: list[str]

    def task_rows(self, width: int) -> list[list[Any]]:
        """Return ``[task, release, [row, col, ...]]`` for every task."""
        places = np.stack(np.divmod(self.errands, width), axis=1)
        ends = self.first_errand.tolist()
        return [
            [task, release, places[ends[task] : ends[task + 1]].ravel().tolist()]
            for task, release in enumerate(self.release.tolist())
        ]


def lifelong_log(instance: "LifelongInstance", run: "LifelongRun") -> LifelongLog:
    """Collect the tasks of a run; task s has the content of ``s % instance.tasks``."""
    given = run.tasks.events()
    events = np.zeros(len(given), EVENT_DTYPE)
    # Step, robot, task and errands done, in this order under whatever names.
    ours, theirs = EVENT_DTYPE.names or (), given.dtype.names or ()
    for name, source in zip(ours, theirs, strict=True):
        events[name] = given[source]
    if instance.open_tasks is None:
        release, taken = _by_turns(instance.robots, events)
    else:
        pool: Any = run.tasks
        release = np.asarray(pool.released, np.int64)
        taken = [(int(t), int(r), int(task)) for t, r, task in pool.assignments]
    schedule: list[list[str]] = [[] for _ in range(instance.robots)]
    for t, robot, task in taken:
        schedule[robot].append(f"{t}:{task}")
    listed = np.arange(len(release)) % instance.tasks
    sizes = np.diff(instance.first_errand)[listed]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    offset = np.repeat(instance.first_errand[listed] - first[:-1], sizes)
    errands = instance.errands[np.arange(first[-1]) + offset]
    return LifelongLog(events, errands, first, release, [",".join(s) for s in schedule])


def _by_turns(
    robots: int, events: NDArray[np.void]
) -> tuple[NDArray[np.int64], list[tuple[int, int, int]]]:
    """Release of each task, and who took it when: a robot's next when one is done."""
    taken = [(0, robot, robot) for robot in range(robots)]
    taken += [(step, robot, task + robots) for step, robot, task, _ in events.tolist()]
    release = np.zeros(max(task for _, _, task in taken) + 1, np.int64)
    for step, _, task in taken:
        release[task] = step
    return release, taken
