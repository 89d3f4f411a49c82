"""Tasks and events in results of the League of Robot Runners."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.formats.text_file import shown
from warehouse.formats.toml_file import TomlTable
from warehouse.layout import Layout

EVENT_DTYPE: Final = np.dtype(
    [("step", np.int32), ("robot", np.int32), ("task", np.int32), ("done", np.int32)]
)
"""A robot finished an errand: ``done`` is how many of the task are finished now."""
LARGEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TaskLog:
    """Tasks of a run, and when which robot finished which errand.

    Parameters
    ----------
    ids : ndarray of int64, shape (tasks,)
        Ascending; events name tasks by them.
    release : ndarray of int32, shape (tasks,)
        Step at which a task became known.
    errands : ndarray of int32
        Flat cells, task after task.
    first_errand : ndarray of int64, shape (tasks + 1,)
    events : ndarray of `EVENT_DTYPE`
        By step.
    """

    ids: NDArray[np.int64]
    release: NDArray[np.int32]
    errands: NDArray[np.int32]
    first_errand: NDArray[np.int64]
    events: NDArray[np.void]


def parse_tasks(
    root: TomlTable, form: str, robots: int, layout: Layout
) -> TaskLog | None:
    """Read ``tasks`` and ``events`` of a result; without the keys there are none."""
    before = len(root.faults)
    tasks: dict[int, tuple[int, list[int]]] = {}
    for number, task in enumerate(_list(root, "tasks")):
        _read_task(root, f"tasks, entry {number}", task, form, layout, tasks)
    lists = _list(root, "events")
    if form == "2023":
        events = [
            event
            for robot, entries in enumerate(lists[:robots])
            for event in _events_of_2023(root, robot, entries)
        ]
    else:
        events = [
            (event[0], event[1], event[2], event[3])
            for number, event in enumerate(lists)
            if _is_event(root, f"events, entry {number}", event, robots)
        ]
    if len(root.faults) > before:
        return None
    ids = np.array(sorted(tasks), np.int64)
    places = [tasks[task][1] for task in ids.tolist()]
    return TaskLog(
        ids,
        np.array([tasks[task][0] for task in ids.tolist()], np.int32),
        np.array([cell for cells in places for cell in cells], np.int32),
        np.concatenate([[0], np.cumsum([len(cells) for cells in places])]).astype(
            np.int64
        ),
        np.array(sorted(events), EVENT_DTYPE),
    )


def _list(root: TomlTable, key: str) -> list[Any]:
    if not root.has(key):
        return []
    values = root.values[key]
    if isinstance(values, list):
        return values
    root.fault("E116", key, shown(values), "need a list")
    return []


def _are_whole(values: Any) -> bool:
    return isinstance(values, list) and all(
        type(value) is int and 0 <= value <= LARGEST for value in values
    )


def _read_task(
    root: TomlTable,
    key: str,
    task: Any,
    form: str,
    layout: Layout,
    tasks: dict[int, tuple[int, list[int]]],
) -> None:
    """Read ``[id, row, col]``, or ``[id, release, [row, col, ...]]`` since 2024."""
    if form == "2023":
        fits = _are_whole(task) and len(task) == 3
        release, places = 0, task[1:] if fits else []
        needed = "need [id, row, col], no number below 0"
    else:
        fits = (
            isinstance(task, list)
            and len(task) == 3
            and _are_whole(task[:2])
            and _are_whole(task[2])
            and len(task[2]) > 0
            and len(task[2]) % 2 == 0
        )
        release, places = (task[1], task[2]) if fits else (0, [])
        needed = "need [id, release, [row, col, ...]], no number below 0"
    if not fits:
        root.fault("E190", key, shown(task), needed)
        return
    if task[0] in tasks:
        root.fault("E199", key, f"task {task[0]} is there already", "list it once")
        return
    rows, cols = places[::2], places[1::2]
    height, width = layout.kinds.shape
    if max(rows) >= height or max(cols) >= width:
        found = f"an errand at row {max(rows)}, col {max(cols)}"
        mend = f"the map has {height} rows and {width} columns"
        root.fault("E134", key, found, mend)
        return
    cells = [row * width + col for row, col in zip(rows, cols, strict=True)]
    tasks[task[0]] = release, cells


def _is_event(root: TomlTable, key: str, event: Any, robots: int) -> bool:
    """Whether an entry is ``[step, robot, task, errands done]``; a fault if not."""
    if not _are_whole(event) or len(event) != 4:
        needed = "need [step, robot, task, errands done]"
        root.fault("E190", key, shown(event), needed)
        return False
    if event[1] >= robots:
        needed = f"teamSize is {robots}"
        root.fault("E199", key, f"there is no robot {event[1]}", needed)
        return False
    return True


def _events_of_2023(
    root: TomlTable, robot: int, entries: Any
) -> list[tuple[int, int, int, int]]:
    """Tasks that a robot finished; tasks of 2023 have one errand."""
    events = []
    needed = 'need [task, step, "assigned" or "finished"]'
    if not isinstance(entries, list):
        root.fault("E190", f"events, robot {robot}", shown(entries), needed)
        return []
    for number, entry in enumerate(entries):
        if (
            not isinstance(entry, list)
            or len(entry) != 3
            or not _are_whole(entry[:2])
            or entry[2] not in ("assigned", "finished")
        ):
            key = f"events, robot {robot}, entry {number}"
            root.fault("E190", key, shown(entry), needed)
        elif entry[2] == "finished":
            events.append((entry[1], robot, entry[0], 1))
    return events
