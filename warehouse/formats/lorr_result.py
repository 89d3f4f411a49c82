"""Results of the League of Robot Runners, in their forms of 2023, 2024 and 2026.

Source: MAPF-Competition/Start-Kit, ``Input_Output_Format.md``, and
MAPF-Competition/PlanViz, which shows such files together with their map.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.fault_list import add_faults
from warehouse.formats.json_file import parse_json
from warehouse.formats.lorr_actions import (
    HEADING_MARK,
    OMNI,
    STEP_OF_OMNI_MARK,
    TIMEOUT,
    TURNING,
    positions,
)
from warehouse.formats.lorr_paths import MEND, parse_paths, parse_segments
from warehouse.formats.lorr_tasks import TaskLog, parse_tasks
from warehouse.formats.text_file import shown
from warehouse.formats.toml_file import TomlTable
from warehouse.layout import Layout

MOST_ROBOTS: Final = 1_000_000
MOST_STEPS: Final = 100_000_000
FORMS: Final = ("2023", "2024", "2026")
_ACTIONS: Final = {OMNI: "".join(STEP_OF_OMNI_MARK), TURNING: "FRCW"}


@dataclass(frozen=True, slots=True)
class LorrResult:
    """Motion of a team, as a result file tells it.

    Parameters
    ----------
    form : str
        Year of the form: 2023, 2024 or 2026.
    cells : ndarray of int32, shape (steps + 1, robots)
        Flat cells; -1 while a robot is outside the map. In the form of 2026 a step is
        a tick, and a robot under way is on the cell it leaves.
    headings : ndarray of uint8, same shape, or None
        None where robots do not turn.
    planned_cells, planned_headings : like the two above, or None
        Where the planner wanted a robot at step t + 1, from where it was at step t.
    ticks_per_step : int
        Ticks that an action takes; 1 before 2026.
    log : TaskLog
        Tasks and events.
    finished : int
        Tasks finished, as the file claims.
    errors : tuple of str
        What the simulator complained of.
    """

    form: str
    cells: NDArray[np.int32]
    headings: NDArray[np.uint8] | None
    planned_cells: NDArray[np.int32] | None
    planned_headings: NDArray[np.uint8] | None
    ticks_per_step: int
    log: TaskLog
    finished: int
    errors: tuple[str, ...]


def read_lorr_result(path: str | Path, layout: Layout) -> LorrResult:
    """Read a result of a team on the floor of a layout.

    In the model ``MAPF``, U is one row down the page; older programs took it for one
    row up. The file decides: that reading is taken in which more of its events happen
    where their errands are, then the one with more of the robots on floor.

    Nothing is said on whether robots may move so: that is for
    `warehouse.check.paths.check_paths`.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_lorr_result("absent.json", Layout.from_rows(["."]))
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 absent.json: no such file; write the file or \
correct its name
    """
    faults: list[Fault] = []
    root = parse_json(Path(path), faults)
    if root is None:
        raise InputError(faults)
    found: list[Fault] = []
    root.faults = found
    result = _ResultReader(root, layout).read()
    if found or result is None:
        add_faults(faults, found, root.file)
        raise InputError(faults)
    return result


class _ResultReader:
    """Reads one result; what is wrong with it ends up in the faults of the table."""

    def __init__(self, root: TomlTable, layout: Layout) -> None:
        self.root = root
        self.layout = layout
        self.faults = root.faults
        models = (OMNI, TURNING)
        self.model = root.choice("actionModel", models, TURNING)
        self.robots = root.whole("teamSize", 1, MOST_ROBOTS)
        self.steps = root.whole("makespan", 0, MOST_STEPS)
        self.finished = root.whole("numTaskFinished", 0, MOST_STEPS)
        version = root.text("version", "")
        self.form = version[:4] if version[:4] in FORMS else FORMS[0]
        if version and version[:4] not in FORMS:
            needed = "results of " + ", ".join(FORMS) + " are read"
            root.fault("E197", "version", shown(version), needed)
        is_2026 = self.form == "2026"
        self.ticks = root.whole("agentMaxCounter", 1, 10_000, 10) if is_2026 else 1

    def read(self) -> LorrResult | None:
        """Read what the counts promise; None with a fault."""
        if self.faults:
            return None
        starts = self._starts()
        marks = self._marks("actualPaths", _ACTIONS[self.model])
        planned = None
        if self.root.has("plannerPaths"):
            planned = self._marks("plannerPaths", _ACTIONS[self.model] + TIMEOUT)
        log = parse_tasks(self.root, self.form, self.robots, self.layout)
        errors = tuple(map(str, self._list("errors", 0))) if self._has("errors") else ()
        if self.faults or starts is None or marks is None or log is None:
            return None
        first_cells, first_headings = starts
        height, width = self.layout.kinds.shape
        cells, headings = positions(marks, first_cells, first_headings, height, width)
        if self.model == OMNI:
            other, _ = positions(_upside_down(marks), first_cells, None, height, width)
            if self._evidence(other, log) > self._evidence(cells, log):
                cells = other
                planned = None if planned is None else _upside_down(planned)
        wanted: tuple[Any, Any] = (None, None)
        if planned is not None:
            wanted = _one_step_each(planned, cells, headings, height, width)
        return LorrResult(
            self.form,
            cells,
            headings,
            *wanted,
            self.ticks,
            log,
            self.finished,
            errors,
        )

    def _evidence(self, cells: NDArray[np.int32], log: TaskLog) -> tuple[int, int]:
        """Events that happen where their errands are, and robot-steps on floor."""
        events = log.events[log.events["step"] < len(cells)]
        task = np.searchsorted(log.ids, events["task"])
        known = task < len(log.ids)
        known[known] = log.ids[task[known]] == events["task"][known]
        events, task = events[known], task[known]
        errand = log.first_errand[task] + events["done"] - 1
        inside = (events["done"] > 0) & (errand < log.first_errand[task + 1])
        events, errand = events[inside], errand[inside]
        there = cells[events["step"], events["robot"]] == log.errands[errand]
        stands = self.layout.drivable.ravel().take(cells, mode="clip") & (cells >= 0)
        return int(there.sum()), int(stands.sum())

    def _has(self, key: str) -> bool:
        return self.root.has(key)

    def _list(self, key: str, least: int) -> list[Any]:
        """List of a key, with at least so many entries; empty with a fault."""
        if not self.root.has(key):
            self.root.fault("E121", key, "the key is missing", "need a list")
            return []
        values = self.root.values[key]
        if not isinstance(values, list):
            self.root.fault("E116", key, shown(values), "need a list")
            return []
        if len(values) < least:
            found = f"{len(values):,} entries for teamSize {least:,}"
            self.root.fault("E195", key, found, MEND)
            return []
        return values

    def _starts(self) -> tuple[NDArray[np.int32], NDArray[np.uint8] | None] | None:
        """Cells, and headings of robots that turn, at step 0; None with a fault."""
        before = len(self.faults)
        height, width = self.layout.kinds.shape
        cells, headings = [], []
        marks = HEADING_MARK if self.model == TURNING else None
        for robot, start in enumerate(self._list("start", self.robots)[: self.robots]):
            key = f"start, robot {robot}"
            if not (
                isinstance(start, list)
                and len(start) == 3
                and type(start[0]) is type(start[1]) is int
                and isinstance(start[2], str)
                and (marks is None or (len(start[2]) == 1 and start[2] in marks))
            ):
                needed = 'need [row, col, "E"]'
                self.root.fault("E190", key, shown(start), needed)
            elif not (0 <= start[0] < height and 0 <= start[1] < width):
                needed = f"the map has {height} rows and {width} columns"
                found = f"row {shown(start[0])}, col {shown(start[1])}"
                self.root.fault("E134", key, found, needed)
            else:
                cells.append(start[0] * width + start[1])
                headings.append(marks.index(start[2]) if marks else 0)
        if len(self.faults) > before:
            return None
        facing = np.array(headings, np.uint8) if marks else None
        return np.array(cells, np.int32), facing

    def _marks(self, key: str, known: str) -> NDArray[np.str_] | None:
        """Marks of the paths under a key, shape (steps, robots); None with a fault."""
        texts = self._list(key, self.robots)[: self.robots]
        place = self.root.place(key)
        if not texts:
            return None
        if not all(isinstance(text, str) for text in texts):
            self.root.fault("E116", key, "an entry is no text", "need one text a robot")
            return None
        if self.form == "2026":
            sizes = self.steps, self.ticks
            return parse_segments(texts, known, *sizes, place, self.faults)
        marks = parse_paths(texts, known, place, self.faults)
        if marks is not None and key == "actualPaths" and len(marks) != self.steps:
            found = f"{len(marks):,} actions, makespan is {self.steps:,}"
            self.root.fault("E195", key, found, MEND)
            return None
        return marks


def _upside_down(marks: NDArray[np.str_]) -> NDArray[np.str_]:
    """Marks as programs meant them that took U for one row up the page."""
    up, down = marks == "U", marks == "D"
    return np.where(up, "D", np.where(down, "U", marks))


def _one_step_each(
    marks: NDArray[np.str_],
    cells: NDArray[np.int32],
    headings: NDArray[np.uint8] | None,
    height: int,
    width: int,
) -> tuple[NDArray[np.int32], NDArray[np.uint8] | None]:
    """Where each planned action alone leads from where the robot really was."""
    steps = min(len(marks), len(cells) - 1)
    flat = cells[:steps].ravel()
    facing = None if headings is None else headings[:steps].ravel()
    there, facing_there = positions(
        marks[:steps].reshape(1, -1), flat, facing, height, width
    )
    shape = (steps, cells.shape[1])
    planned = np.where(flat >= 0, there[1], -1).astype(np.int32).reshape(shape)
    wanted = np.concatenate([cells[:1], planned])
    if facing_there is None or headings is None:
        return wanted, None
    return wanted, np.concatenate([headings[:1], facing_there[1].reshape(shape)])
