"""Paths in results of the League of Robot Runners: texts of actions, to marks.

Up to 2024 a path is a mark a step, with commas between. In 2026 it is a row of
segments ``[(t,row,col,heading,counter):(F 10,W 3,F 7)]`` in ticks: an action is done
when it has run for ``agentMaxCounter`` ticks, and waits between its ticks are delays.
"""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.lorr_actions import WAIT
from warehouse.formats.text_file import shown

MOST_ROBOT_STEPS: Final = 200_000_000
_NUMBER: Final = r"-?[0-9]{1,9}"
_SEGMENT: Final = re.compile(
    rf"\[\(({_NUMBER}),{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}\):\(([^()\[\]]*)\)\]"
)
_RUN: Final = re.compile(r"([A-Z]) ([0-9]{1,9})")
MEND: Final = "get the whole file again"


def parse_paths(
    texts: list[str], known: str, place: str, faults: list[Fault]
) -> NDArray[np.str_] | None:
    """Marks of paths that are given a mark a step, shape (steps, robots).

    Parameters
    ----------
    texts : list of str
        One for each robot, all of one length.
    known : str
        Marks that may stand there.
    place : str
        File and key, for faults.
    faults : list of Fault

    Examples
    --------
    >>> faults = []
    >>> parse_paths(["W,R,R", "W,X,R"], "WUDLR", "x.json, key actualPaths", faults)
    >>> print(faults[0])
    E198 x.json, key actualPaths, robot 1, step 1: 'X'; use one of W U D L R
    """
    before = len(faults)
    columns: list[str] = []
    for robot, text in enumerate(texts):
        marks = text.removesuffix(",")
        column = marks[::2]
        if marks[1::2].strip(",") or column.strip(known):
            faults.append(_bad_mark(marks, known, f"{place}, robot {robot}"))
        elif columns and len(column) != len(columns[0]):
            found = f"{len(column)} actions, robot 0 has {len(columns[0])}"
            spot = f"{place}, robot {robot}"
            faults.append(Fault("E198", spot, found, MEND))
        columns.append(column)
    if len(faults) > before or _too_many(columns, place, faults):
        return None
    letters = np.frombuffer("".join(columns).encode("ascii"), "S1").astype("<U1")
    steps = len(columns[0]) if columns else 0
    return np.ascontiguousarray(letters.reshape(len(columns), steps).T)


def _bad_mark(marks: str, known: str, place: str) -> Fault:
    """Name the first action of a path that is none."""
    needed = "use one of " + " ".join(known)
    for step, mark in enumerate(marks.split(",")):
        if len(mark) != 1 or mark not in known:
            return Fault("E198", f"{place}, step {step}", shown(mark), needed)
    return Fault("E198", place, shown(marks), "put one comma between actions")


def _too_many(columns: list[str], place: str, faults: list[Fault]) -> bool:
    total = sum(map(len, columns))
    if total > MOST_ROBOT_STEPS:
        needed = f"at most {MOST_ROBOT_STEPS:,} are read"
        faults.append(Fault("E106", place, f"{total:,} robot-steps", needed))
    return total > MOST_ROBOT_STEPS


def parse_segments(
    texts: list[str],
    known: str,
    ticks: int,
    ticks_per_step: int,
    place: str,
    faults: list[Fault],
) -> NDArray[np.str_] | None:
    """Marks of paths that are given in segments, shape (ticks, robots).

    An action's mark stands at the tick that completes it, where a robot moves; all
    other ticks hold the mark of a wait. Robots whose path ends early wait.

    Examples
    --------
    >>> faults = []
    >>> texts = ["[(0,5,5,0,0):(F 1,W 1,F 1)][(3,5,6,0,0):(R 2)]"]
    >>> marks = parse_segments(texts, "FRCW", 5, 2, "x.json, key actualPaths", faults)
    >>> "".join(marks[:, 0])
    'WWFWR'
    """
    before = len(faults)
    if len(texts) * ticks > MOST_ROBOT_STEPS:
        found = f"{len(texts) * ticks:,} robot-ticks"
        needed = f"at most {MOST_ROBOT_STEPS:,} are read"
        faults.append(Fault("E106", place, found, needed))
        return None
    marks = np.full((ticks, len(texts)), WAIT, "<U1")
    for robot, text in enumerate(texts):
        spot = f"{place}, robot {robot}"
        runs = _runs(text, known, ticks, spot, faults)
        _mark_completions(runs, ticks_per_step, marks[:, robot], spot, faults)
    return None if len(faults) > before else marks


def _runs(
    text: str, known: str, ticks: int, place: str, faults: list[Fault]
) -> list[tuple[str, int]]:
    """Action and duration of every run of a path; none with a fault."""
    runs: list[tuple[str, int]] = []
    at, tick = 0, 0
    for segment in _SEGMENT.finditer(text):
        if segment.start() != at:
            break
        if int(segment[1]) != tick:
            found = f"a segment begins at tick {segment[1]}, the one before ends at "
            faults.append(Fault("E198", place, f"{found}{tick}", MEND))
            return []
        for part in segment[2].split(",") if segment[2] else ():
            run = _RUN.fullmatch(part.strip())
            if run is None or run[1] not in known:
                needed = "need an action and ticks, as in F 10"
                spot = f"{place}, tick {tick}"
                faults.append(Fault("E198", spot, shown(part), needed))
                return []
            runs.append((run[1], int(run[2])))
            tick += int(run[2])
        at = segment.end()
    if at < len(text):
        needed = "need segments [(t,row,col,heading,counter):(F 10,W 5)]"
        faults.append(Fault("E198", place, shown(text[at:]), needed))
        return []
    if tick > ticks:
        found = f"{tick:,} ticks, makespan is {ticks:,}"
        faults.append(Fault("E198", place, found, MEND))
        return []
    return runs


def _mark_completions(
    runs: list[tuple[str, int]],
    ticks_per_step: int,
    column: NDArray[np.str_],
    place: str,
    faults: list[Fault],
) -> None:
    """Write each action's mark at the ticks at which it is completed."""
    tick, under_way, progress = 0, WAIT, 0
    for action, duration in runs:
        if action != WAIT:
            if progress and action != under_way:
                found = f"{under_way} is left for {action} after {progress} ticks"
                needed = f"an action takes {ticks_per_step}"
                faults.append(Fault("E198", f"{place}, tick {tick}", found, needed))
                return
            under_way = action
            first = tick + ticks_per_step - progress - 1
            column[first : tick + duration : ticks_per_step] = action
            progress = (progress + duration) % ticks_per_step
        tick += duration
