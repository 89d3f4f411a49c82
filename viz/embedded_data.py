"""What the replay inside a page needs of a plan, packed into a line of letters."""

import base64
import json
import struct
import zlib
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from viz.embedded_motion import STATE_SHIFT, Extent, MoveCodes
from viz.fleet_use import STATE_OF, Activity
from viz.floor import one_way_floor
from viz.palette import THEMES, hex_colour
from viz.replay import STATE_WORDS, Replay
from warehouse.scenario import Scenario

Arrays = dict[str, NDArray[Any]]
UNSEEN: Final = -1
"""Place of a pod whose robot the page does not show."""
CARRIED: Final = -2
"""Place of a pod on the first robot that is shown; the next is one less."""


def packed_replay(replay: Replay, table: NDArray[np.uint8], extent: Extent) -> str:
    """Return a head and arrays, deflated, in base64.

    Parameters
    ----------
    replay : Replay
        The conflicts that were found in it by now go along.
    table : ndarray of uint8, shape (steps, robots)
        As `viz.fleet_use.activities` gives it.
    extent : Extent
        What of it is shown.
    """
    arrays = _motion(replay, table, extent)
    arrays |= _loads(replay, extent) | _pods(replay, extent)
    arrays |= _stations(replay) | _conflicts(replay)
    layout = replay.scenario.layout
    arrays["kinds"] = layout.kinds.astype(np.uint8)
    arrays["oneWay"] = (one_way_floor(layout) + 1).astype(np.uint8)
    arrays["doneSteps"] = np.sort(_steps_by(replay, replay.done.finished_s))
    return _packed(_head(replay, extent), arrays)


def _packed(head: dict[str, Any], arrays: Arrays) -> str:
    """Pack arrays of bytes as they are, and others as differences of four bytes."""
    listing, parts = [], []
    for name, array in arrays.items():
        size = 1 if array.dtype == np.uint8 else 4
        flat = array.ravel()
        if size == 4:
            flat = np.diff(flat.astype(np.int64), prepend=0).astype("<i4")
        listing.append((name, size, len(flat)))
        parts.append(flat.tobytes())
    text = json.dumps(head | {"arrays": listing}).encode()
    whole = b"".join([struct.pack("<I", len(text)), text, *parts])
    return base64.b64encode(zlib.compress(whole)).decode()


def _head(replay: Replay, extent: Extent) -> dict[str, Any]:
    """What is no array."""
    scenario, layout = replay.scenario, replay.scenario.layout
    whole = extent.steps == replay.plan.steps
    return {
        "width": layout.width,
        "height": layout.height,
        "stepS": replay.step_s,
        "steps": extent.steps,
        "duration": replay.duration if whole else float(extent.steps),
        "turning": replay.plan.headings is not None,
        "orders": len(scenario.orders),
        "openOrders": scenario.pods is not None,
        "states": [STATE_WORDS[state] for state in replay.states],
        "stations": [(one.name, one.cell) for one in scenario.stations],
        "fillers": _fillers(scenario),
        "pods": [] if scenario.pods is None else list(scenario.pods.names),
        "palettes": {name: _colours(name) for name in THEMES},
    }


def _fillers(scenario: Scenario) -> list[tuple[str, int]]:
    """Name and cell of the replenishment stations."""
    filling = scenario.replenishment
    if filling is None:
        return []
    return list(zip(filling.names, filling.cells.tolist(), strict=True))


def _colours(theme: str) -> dict[str, Any]:
    """Colours of a theme as a page writes them, with those of the states as a list."""
    palette = THEMES[theme]
    colours: dict[str, Any] = {
        role: hex_colour(colour)
        for role, colour in asdict(palette).items()
        if role != "heat"
    }
    return colours | {"states": [hex_colour(colour) for colour in palette.states]}


def _motion(replay: Replay, table: NDArray[np.uint8], extent: Extent) -> Arrays:
    """Where robots begin, their moves with their states, robot by robot."""
    plan, moments = replay.plan, extent.steps + 1
    cells = plan.cells[:moments, extent.robots]
    headings = None
    first = np.zeros(len(extent.robots), np.uint8)
    if plan.headings is not None:
        headings = plan.headings[:moments, extent.robots]
        first = headings[0]
    codes = MoveCodes.of(cells, headings, replay.scenario.layout.width)
    state_of = np.array([STATE_OF[activity] for activity in Activity], np.uint8)
    states = np.empty(cells.shape, np.uint8)
    states[:-1] = state_of[table[: extent.steps, extent.robots]]
    states[-1] = replay.at(extent.steps).state[extent.robots]
    return {
        "numbers": extent.robots,
        "starts": cells[0],
        "headings": first,
        "codes": (codes.moves | states << STATE_SHIFT).T,
        "jumpCells": codes.jump_cells,
        "jumpHeadings": codes.jump_headings,
    }


def _conflicts(replay: Replay) -> Arrays:
    """Steps and cells of the conflicts that were found, -1 where there is no cell."""
    found = replay.conflicts.found
    return {
        "conflictSteps": np.array([one.step or 0 for one in found], np.int64),
        "conflictCells": np.array(
            [-1 if one.cell is None else one.cell for one in found], np.int64
        ),
    }


def _loads(replay: Replay, extent: Extent) -> Arrays:
    """Units on board of each robot, and from which step."""
    stops = replay.plan.stops
    shown = np.isin(stops["robot"], extent.robots)
    robot = np.searchsorted(extent.robots, stops["robot"][shown])
    return {
        "loadSteps": stops["end"][shown],
        "loadUnits": replay.trips.units_after[shown],
        "loadEnds": _ends(robot, len(extent.robots)),
    }


def _pods(replay: Replay, extent: Extent) -> Arrays:
    """Places of each pod, and from which step."""
    places = replay.pods
    pod, step = np.divmod(places.keys, places.span)
    number = np.full(replay.robots + 1, UNSEEN, np.int64)  # the last is no robot
    number[extent.robots] = CARRIED - np.arange(len(extent.robots))
    place = np.where(places.robot >= 0, number[places.robot], places.cell)
    return {
        "podSteps": step - 1,
        "podPlaces": place,
        "podEnds": _ends(pod, places.pods),
    }


def _stations(replay: Replay) -> Arrays:
    """Steps by which orders are there, begun and done at each station, ascending."""
    work, arrays = replay.work, {}
    times = {"ready": work.ready_s, "begin": work.start_s, "end": work.end_s}
    for name, seconds in times.items():
        known = np.isfinite(seconds)
        step, station = _steps_by(replay, seconds[known]), work.station[known]
        order = np.lexsort((step, station))
        arrays[f"{name}Steps"] = step[order]
        arrays[f"{name}Ends"] = _ends(station[order], work.stations)
    return arrays


def _steps_by(replay: Replay, seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the first whole timestep by which each second is over."""
    return np.ceil(seconds / replay.step_s - 1e-9).astype(np.int64)


def _ends(group: NDArray[np.integer], groups: int) -> NDArray[np.int64]:
    """Ends of the parts of an array that is ordered by group."""
    return np.cumsum(np.bincount(group, minlength=groups))
