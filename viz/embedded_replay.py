"""The part of the report that plays the plan in a browser."""

from html import escape
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.clock import clock
from viz.embedded_data import packed_replay
from viz.embedded_motion import Extent
from viz.replay import Replay

_SCRIPTS: Final = ("embedded_motion.js", "embedded_floor.js", "embedded_player.js")
_PLACES: Final = 240  # on the time bar, for marks
_BUTTONS: Final = {
    "back": ("◂", "One step back", "left"),
    "play": ("▶", "Play", "space"),
    "ahead": ("▸", "One step ahead", "right"),
    "farther": ("&minus;", "Zoom out", "-"),
    "closer": ("+", "Zoom in", "+"),
    "fit": ("⤢", "All of the floor", "0"),
}


def replay_style() -> str:
    """CSS of `replay_player`, which uses the colours of the report."""
    return _file("embedded_replay.css")


def replay_player(replay: Replay, table: NDArray[np.uint8]) -> str:
    """Return the player, what it plays and its script, as HTML.

    Parameters
    ----------
    replay : Replay
    table : ndarray of uint8, shape (steps, robots)
        As `viz.fleet_use.activities` gives it.
    """
    replay.conflicts.search()
    extent = Extent.of(replay.plan.steps, replay.robots)
    packed = packed_replay(replay, table, extent)
    script = "\n".join(_file(name) for name in _SCRIPTS)
    stations = ""
    if replay.scenario.stations:
        stations = '<ul class="docks" data-part="stations" aria-label="Stations"></ul>'
    return "\n".join(
        [
            f'<p class="muted">{_words(replay, extent)}</p>',
            '<div id="replay">',
            '<p data-part="trouble">The replay needs JavaScript; all else here does '
            "without.</p>",
            '<div data-part="player" hidden>',
            _stage(),
            _controls(replay, extent),
            '<ul class="key" data-part="legend" aria-label="Robots by state"></ul>',
            stations,
            "</div>",
            "</div>",
            f'<script type="text/plain" id="replay-data">{packed}</script>',
            f'<script>"use strict";\n(() => {{\n{script}}})();</script>',
        ]
    )


def _file(name: str) -> str:
    return files("viz").joinpath(name).read_text(encoding="utf-8")


def _words(replay: Replay, extent: Extent) -> str:
    """Say what is shown, what is left out, and what is wrong with the plan."""
    robots, shown = replay.robots, len(extent.robots)
    parts = [
        "Point at a robot to learn what it does. After a click on the floor space "
        "plays, arrows step, the wheel zooms, and dragging moves the floor."
    ]
    left_out = []
    if shown < robots:
        left_out.append(f"{shown:,} of the {robots:,} robots, evenly by number")
    if extent.steps < replay.plan.steps:
        end_s = extent.steps * replay.step_s
        left_out.append(f"the first {clock(end_s)} of {clock(replay.duration_s)}")
    if left_out:
        parts.append(
            f"To keep this page small the replay shows {' and '.join(left_out)}; "
            "all else on this page is about the whole plan."
        )
    if replay.conflicts.found:
        parts.append(
            "<strong>This plan is faulty:</strong> robots meet, or move as they must "
            "not. The time bar marks when, up to the first thousand of each kind; "
            "<code>aislewise check</code> lists them."
        )
    return " ".join(parts)


def _stage() -> str:
    return (
        '<div class="stage" data-part="stage" tabindex="0" role="group" '
        'aria-label="Floor: click it, then zoom with the wheel and move it by '
        'dragging">\n<canvas data-part="floor" role="img" '
        'aria-label="Robots on the floor"></canvas>\n'
        '<div class="tip" data-part="tip" hidden></div>\n'
        f'<div class="zoom">{"".join(map(_button, ("closer", "farther", "fit")))}'
        "</div>\n</div>"
    )


def _button(part: str) -> str:
    sign, words, key = _BUTTONS[part]
    return (
        f'<button type="button" data-part="{part}" aria-label="{words}" '
        f'title="{words} ({key})">{sign}</button>'
    )


def _controls(replay: Replay, extent: Extent) -> str:
    return (
        f'<div class="bar">{"".join(map(_button, ("back", "play", "ahead")))}\n'
        '<div class="time"><input type="range" data-part="time" min="0" value="0" '
        f'aria-label="Time">{_marks(replay, extent)}</div>\n'
        '<output class="clock" data-part="clock"></output>\n'
        '<label title="Speed (&lt; and &gt;)">Speed '
        '<select data-part="speed"></select></label>\n'
        '<output class="done" data-part="done"></output></div>'
    )


def _marks(replay: Replay, extent: Extent) -> str:
    """Marks below the time bar: departures of trucks, and faults."""
    whole = extent.steps == replay.plan.steps
    end_s = replay.duration_s if whole else extent.steps * replay.step_s
    end_s = max(end_s, 1e-9)
    marks = []
    trucks = replay.scenario.trucks
    if trucks is not None:
        for name, at_s in zip(trucks.carrier, trucks.departs_s.tolist(), strict=True):
            words = f"{name} departs at {clock(at_s)}"
            marks.append(("truck", at_s / end_s, words))
    steps = np.array([one.step or 0 for one in replay.conflicts.found], float)
    places = np.unique(np.floor(steps * replay.step_s / end_s * _PLACES))
    marks += [("fault", place / _PLACES, "a fault") for place in places.tolist()]
    return "".join(
        f'<i class="{style}" style="--at:{place:.4f}" '
        f'title="{escape(words, quote=True)}"></i>'
        for style, place, words in marks
        if place <= 1
    )
