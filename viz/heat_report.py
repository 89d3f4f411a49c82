"""The part of the report about places: where robots drive and wait, what is picked."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.clock import clock, count
from viz.heat import heat_colours, heat_levels
from viz.heat_counts import HeatKind
from viz.palette import DARK, LIGHT, Palette, blend
from viz.png import data_uri
from viz.replay import Replay
from warehouse.layout import CellKind

_THINGS: Final = {
    HeatKind.VISITS: "visit",
    HeatKind.WAITING: "step",
    HeatKind.PICKS: "unit",
}
_WIDE: Final = 2.0  # columns for each row: wider floors have maps below each other


def heat_maps(replay: Replay) -> str:
    """Maps of visits, waiting and picks, a pixel a cell, each with its scale.

    Parameters
    ----------
    replay : Replay
    """
    layout, heat = replay.scenario.layout, replay.heat
    maps = []
    for kind in HeatKind:
        counts = heat.between(kind, 0, heat.steps)
        most = int(counts.max(initial=0))
        ends = count(1, _THINGS[kind]), count(most, _THINGS[kind])
        if kind is HeatKind.WAITING:
            ends = clock(replay.step_s), clock(most * replay.step_s)
        maps.append(_map(replay, kind, counts, *ends))
    shape = "maps wide-maps" if layout.width >= _WIDE * layout.height else "maps"
    drawn = "\n".join(maps)
    return f'<div class="{shape}">\n{drawn}\n</div>'


def _map(
    replay: Replay, kind: HeatKind, counts: NDArray[np.int64], least: str, most: str
) -> str:
    """Return a map in light and in dark with what its colours mean."""
    kinds = replay.scenario.layout.kinds
    light, dark = (data_uri(_pixels(kinds, counts, p)) for p in (LIGHT, DARK))
    scale = f"{least} <i></i> {most}" if counts.any() else "none"
    return (
        f"<figure><figcaption>{kind.capitalize()}</figcaption><picture>"
        f'<source srcset="{dark}" media="(prefers-color-scheme: dark)">'
        f'<img class="heat" alt="Map of {kind}" src="{light}"></picture>\n'
        f'<div class="scale">{scale}</div></figure>'
    )


def _pixels(
    kinds: NDArray[np.uint8], counts: NDArray[np.int64], palette: Palette
) -> NDArray[np.uint8]:
    """One pixel a cell."""
    heat = np.array(heat_colours(palette), np.uint8)
    colours = np.full((*kinds.shape, 3), palette.floor, np.uint8)
    # Racks are paler than in the window, so that nobody takes them for heat.
    colours[kinds == CellKind.RACK] = blend(palette.floor, palette.rack, 0.4)
    colours[kinds == CellKind.WALL] = palette.wall
    level = heat_levels(counts).reshape(kinds.shape)
    colours[level > 0] = heat[level[level > 0]]
    colours[kinds == CellKind.DOCK] = palette.station
    return colours
