"""Motion that other programs planned, as a plan without orders that can be shown."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.bare_motion import bare_motion
from warehouse.errors import Fault, InputError
from warehouse.formats.layouts_by_ending import read_any_layout
from warehouse.formats.lorr_result import read_lorr_result
from warehouse.formats.lorr_tasks import TaskLog
from warehouse.formats.mapf_visualizer import read_mapf_visualizer
from warehouse.formats.plan_file import read_plan
from warehouse.layout import Layout
from warehouse.plan import STOP_DTYPE, Plan, StopKind

MOST_NAMED: Final = 5
_HEAD: Final = 4096
_RESULT: Final = re.compile(rb"\s*\{")
_SOLUTION: Final = re.compile(rb"(?m)^\s*(0:\(\d|[a-z_]+=)")


def read_any_plan(path: str | Path, map_path: str | Path | None = None) -> Plan:
    """Read a plan file, a LoRR result, or a solution of the mapf-visualizer.

    Parameters
    ----------
    path : str or Path
        What it is, is seen from its first bytes.
    map_path : str or Path, optional
        Floor of motion that another program planned.

    Raises
    ------
    InputError
        E410, if a map is needed and not given, or given and not needed; E411, if a
        robot leaves the map; else with the faults of the files.

    Examples
    --------
    >>> read_any_plan("nowhere.json")
    Traceback (most recent call last):
    warehouse.errors.InputError: E201 nowhere.json: cannot be read (No such file or \
directory); name a plan file that exists and that you may read
    """
    path = Path(path)
    head = _head(path)
    result = _RESULT.match(head) is not None
    packed = head.startswith(b"PK")
    if packed or not (result or _SOLUTION.search(head)):
        if map_path is not None:
            found = "is not motion of another program"
            raise _fault("E410", path, found, "a map is given for such files alone")
        return read_plan(path)
    if map_path is None:
        needed = "name the map it was made on: --map FILE"
        raise _fault("E410", path, "is motion without its floor", needed)
    layout = read_any_layout(map_path)
    if not result:
        solution = read_mapf_visualizer(path, layout)
        return plan_of_motion(path, layout, solution.cells, solution.headings, None)
    team = read_lorr_result(path, layout)
    return plan_of_motion(path, layout, team.cells, team.headings, team.log)


def plan_of_motion(
    path: Path,
    layout: Layout,
    cells: NDArray[np.int32],
    headings: NDArray[np.uint8] | None,
    log: TaskLog | None,
) -> Plan:
    """Return bare motion as a plan: no stock, no orders, no stations.

    Parameters
    ----------
    path : Path
        Names the plan, and stands in faults.
    layout : Layout
    cells : ndarray of int32, shape (steps + 1, robots)
        -1 while a robot is outside the map.
    headings : ndarray of uint8, same shape, or None
    log : TaskLog or None
        Tasks become trips. Each errand is a stop of no length when it is done.

    Raises
    ------
    InputError
        E411, if a robot leaves the map.
    """
    outside = np.argwhere((cells < 0) | (cells >= layout.kinds.size))
    if len(outside):
        raise InputError(
            Fault(
                "E411",
                f"{path.name}, robot {robot}, step {step}",
                "outside the map",
                "give the map that the file was made on",
            )
            for step, robot in outside[:MOST_NAMED].tolist()
        )
    plan = bare_motion(path.name.split(".")[0], layout, cells, headings)
    return replace(plan, stops=_stops(log, plan.steps))


def _stops(log: TaskLog | None, steps: int) -> NDArray[np.void]:
    """Errands that robots finished, each where and when it was."""
    if log is None:
        return np.zeros(0, STOP_DTYPE)
    events = log.events[(log.events["done"] > 0) & (log.events["step"] <= steps)]
    events = events[np.isin(events["task"], log.ids)]
    task = np.searchsorted(log.ids, events["task"])
    errand = log.first_errand[task] + events["done"] - 1
    known = errand < log.first_errand[task + 1]
    events, task, errand = events[known], task[known], errand[known]
    stops = np.zeros(len(events), STOP_DTYPE)
    stops["robot"], stops["trip"] = events["robot"], task
    stops["kind"], stops["station"] = StopKind.PICK, -1
    stops["cell"] = log.errands[errand]
    stops["start"] = stops["end"] = events["step"]
    return np.sort(stops, order=["robot", "start", "trip"])


def _head(path: Path) -> bytes:
    """First bytes of a file; none if it cannot be read, which the readers say."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""


def _fault(code: str, path: Path, found: str, needed: str) -> InputError:
    return InputError([Fault(code, path.name, found, needed)])
