"""Results as the League of Robot Runners writes them, for its viewer PlanViz.

Source: MAPF-Competition/Start-Kit, ``Input_Output_Format.md`` (2024 form) and
MAPF-Competition/PlanViz. A trip of ours is a task of theirs, its stops the errands.
"""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.movingai import write_map
from warehouse.formats.text_file import write_text
from warehouse.plan import Plan

VERSION: Final = "2024 LoRR"
# In their MAPF model U is one row down the page and D one row up it.
OMNI_MARK_OF_STEP: Final = {
    (0, 0): "W",
    (1, 0): "U",
    (-1, 0): "D",
    (0, -1): "L",
    (0, 1): "R",
}
FORWARD, CLOCKWISE, COUNTERCLOCKWISE, WAIT = "F", "R", "C", "W"
HEADING_MARK: Final = "NESW"
NO_MOVE: Final = "?"
MOST_NAMED: Final = 20


def write_planviz(plan: Plan, path: str | Path) -> None:
    """Write a plan as a LoRR result, and the map beside it with the ending ``.map``.

    Robots that turn give action model ``MAPF_T``, others ``MAPF``. Stock, packing
    and quantities have no place in the format. An errand is done when its service
    is over.

    Parameters
    ----------
    plan : Plan
    path : str or Path
        The JSON file.

    Raises
    ------
    InputError
        E107, if a file cannot be written; E214, if a robot moves as the format
        cannot say, as it may in a plan that breaks rules.
    """
    path = Path(path)
    text = json.dumps(planviz_result(plan), separators=(",", ":"))
    write_map(plan.scenario.layout, path.with_suffix(".map"))
    write_text(path, text + "\n")


def planviz_result(plan: Plan) -> dict[str, Any]:
    """Return the plan as the object that the JSON file holds."""
    turning = plan.headings is not None
    marks = _turning_marks(plan) if plan.headings is not None else _omni_marks(plan)
    _refuse_jumps(marks)
    paths = _comma_lists(marks)
    rows, cols = np.divmod(plan.cells[0], plan.scenario.layout.width)
    heading = (
        [HEADING_MARK[h] for h in plan.headings[0].tolist()]
        if plan.headings is not None
        else ["N/A"] * len(rows)
    )
    events, tasks, schedule = _tasks(plan)
    return {
        "actionModel": "MAPF_T" if turning else "MAPF",
        "AllValid": "Yes",
        "version": VERSION,
        "teamSize": len(rows),
        "start": [
            list(start)
            for start in zip(rows.tolist(), cols.tolist(), heading, strict=True)
        ],
        "numTaskFinished": len(tasks),
        "sumOfCost": plan.steps * len(rows),
        "makespan": plan.steps,
        "actualPaths": paths,
        "plannerPaths": paths,
        "plannerTimes": [],
        "errors": [],
        "actualSchedule": schedule,
        "plannerSchedule": schedule,
        "scheduleErrors": [],
        "events": events,
        "tasks": tasks,
    }


def _omni_marks(plan: Plan) -> NDArray[np.str_]:
    """Mark of every robot's move in every step, shape (T, robots)."""
    row, col = np.divmod(plan.cells, plan.scenario.layout.width)
    down, right = np.diff(row, axis=0), np.diff(col, axis=0)
    marks = np.full(down.shape, NO_MOVE, "<U1")
    for (rows, cols), mark in OMNI_MARK_OF_STEP.items():
        marks[(down == rows) & (right == cols)] = mark
    return marks


def _turning_marks(plan: Plan) -> NDArray[np.str_]:
    if plan.headings is None:
        return np.zeros((0, 0), "<U1")
    before, after = plan.cells[:-1], plan.cells[1:]
    heading = plan.headings[:-1]
    turn = (plan.headings[1:] - heading) & 3
    width = plan.scenario.layout.width
    ahead = before + np.array([-width, 1, width, -1], np.int32)[heading]
    stays = before == after
    marks = np.full(before.shape, NO_MOVE, "<U1")
    marks[stays & (turn == 0)] = WAIT
    marks[stays & (turn == 1)] = CLOCKWISE
    marks[stays & (turn == 3)] = COUNTERCLOCKWISE
    marks[(after == ahead) & (turn == 0)] = FORWARD
    return marks


def _refuse_jumps(marks: NDArray[np.str_]) -> None:
    jumps = np.argwhere(marks == NO_MOVE)
    if len(jumps):
        raise InputError(
            Fault(
                "E214",
                f"plan, robot {robot}, step {step}",
                "a move that is neither a step to a neighbour nor a quarter turn",
                "export a plan in which `aislewise check` finds no illegal move",
            )
            for step, robot in jumps[:MOST_NAMED].tolist()
        )


def _comma_lists(marks: NDArray[np.str_]) -> list[str]:
    """One text per column, its marks with commas between."""
    return [",".join(column) for column in marks.T.tolist()]


def _tasks(plan: Plan) -> tuple[list[list[int]], list[list[Any]], list[str]]:
    """Events (step, robot, task, errands done), tasks, and each robot's schedule."""
    stops, width = plan.stops, plan.scenario.layout.width
    released = _release_steps(plan)
    events: list[list[int]] = []
    errands: dict[int, list[int]] = {}
    schedule: list[list[str]] = [[] for _ in plan.scenario.fleet.start_cells]
    free_from = [0] * len(schedule)
    by_time = stops[np.lexsort((stops["start"], stops["robot"]))]
    for robot, trip, _, cell, _, end, _ in by_time.tolist():
        if trip not in errands:
            begins = max(free_from[robot], released.get(trip, 0))
            schedule[robot].append(f"{begins}:{trip}")
            errands[trip] = []
        errands[trip] += divmod(cell, width)
        events.append([end, robot, trip, len(errands[trip]) // 2])
        free_from[robot] = end
    tasks = [
        [trip, released.get(trip, 0), places]
        for trip, places in sorted(errands.items())
    ]
    return sorted(events), tasks, [",".join(parts) for parts in schedule]


def _release_steps(plan: Plan) -> dict[int, int]:
    """Step by which all orders picked in a trip are released."""
    orders = plan.scenario.orders
    release_s = orders.release_s[orders.line_order[plan.picks["line"]]]
    steps = np.ceil(release_s / plan.scenario.step_s - 1e-9).astype(int)
    released: dict[int, int] = {}
    trips = plan.stops["trip"][plan.picks["stop"]]
    for trip, step in zip(trips.tolist(), steps.tolist(), strict=True):
        released[trip] = max(step, released.get(trip, 0))
    return released
