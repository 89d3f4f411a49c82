"""Results as the League of Robot Runners writes them, for its viewer PlanViz.

Source: MAPF-Competition/Start-Kit, ``Input_Output_Format.md`` (2024 form) and
MAPF-Competition/PlanViz. A trip of ours is a task of theirs, its stops the errands.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.lorr_actions import (
    HEADING_MARK,
    NO_MOVE,
    OMNI,
    TURNING,
    comma_lists,
    omni_marks,
    turning_marks,
)
from warehouse.formats.movingai import write_map
from warehouse.formats.text_file import write_text
from warehouse.plan import Plan

VERSION: Final = "2024 LoRR"
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
    events, tasks, schedule = _tasks(plan)
    return motion_result(
        plan.cells,
        plan.headings,
        plan.scenario.layout.width,
        finished=len(tasks),
        events=events,
        tasks=tasks,
        schedule=schedule,
    )


def motion_result(
    cells: NDArray[np.int32],
    headings: NDArray[np.uint8] | None,
    width: int,
    *,
    finished: int,
    events: list[list[int]],
    tasks: list[list[Any]],
    schedule: list[str],
    planner_times_s: Sequence[float] = (),
    sum_of_costs: int | None = None,
) -> dict[str, Any]:
    """Return bare motion and its tasks as the object that the JSON file holds.

    Parameters
    ----------
    cells : ndarray of int32, shape (steps + 1, robots)
    headings : ndarray of uint8, same shape, or None where robots do not turn
    width : int
        Of the grid.
    finished : int
        Tasks that were finished.
    events : list of [step, robot, task, errands done]
    tasks : list of [task, release step, [row, col, row, col, ...]]
    schedule : list of str
        For each robot ``step:task`` with commas between: when it took which task.
    planner_times_s : sequence of float, optional
        Seconds of computing, a step each.
    sum_of_costs : int, optional
        Robots times steps when not given, as in lifelong motion.

    Raises
    ------
    InputError
        E214, if a robot moves as the format cannot say.
    """
    if headings is None:
        marks, facing = omni_marks(cells, width), ["N/A"] * cells.shape[1]
    else:
        marks = turning_marks(cells, headings, width)
        facing = [HEADING_MARK[heading] for heading in headings[0].tolist()]
    _refuse_jumps(marks)
    paths = comma_lists(marks)
    rows, cols = (part.tolist() for part in np.divmod(cells[0], width))
    steps, robots = len(cells) - 1, cells.shape[1]
    return {
        "actionModel": OMNI if headings is None else TURNING,
        "AllValid": "Yes",
        "version": VERSION,
        "teamSize": robots,
        "start": [list(start) for start in zip(rows, cols, facing, strict=True)],
        "numTaskFinished": finished,
        "sumOfCost": steps * robots if sum_of_costs is None else sum_of_costs,
        "makespan": steps,
        "actualPaths": paths,
        "plannerPaths": paths,
        "plannerTimes": list(planner_times_s),
        "errors": [],
        "actualSchedule": schedule,
        "plannerSchedule": schedule,
        "scheduleErrors": [],
        "events": events,
        "tasks": tasks,
    }


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
