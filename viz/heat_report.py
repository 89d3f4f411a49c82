"""The part of the report about places: where robots drive and wait, what is picked."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.clock import clock, count
from viz.heat import heat_colours, heat_levels
from viz.palette import DARK, LIGHT, Palette, blend
from viz.png import data_uri
from viz.replay import Replay
from warehouse.layout import CellKind
from warehouse.metrics import visits

_WIDE: Final = (
    2.0  # columns for each row of a floor from which maps lie below each other
)


def heat_maps(replay: Replay, waits: NDArray[np.int64]) -> str:
    """Maps of visits, waiting and picks, a pixel a cell, each with its scale.

    Parameters
    ----------
    replay : Replay
    waits : ndarray of int64, shape (cells,)
        Steps that robots wait on each cell.
    """
    layout = replay.scenario.layout
    seen, picks = visits(replay.plan), units_taken(replay)
    longest_s = float(waits.max(initial=0)) * replay.step_s
    maps = [
        ("Visits", seen, "1 visit", count(int(seen.max(initial=0)), "visit")),
        ("Waiting", waits, clock(replay.step_s), f"{clock(longest_s)} in all"),
        ("Picks", picks, "1 unit", count(int(picks.max(initial=0)), "unit")),
    ]
    shape = "maps wide-maps" if layout.width >= _WIDE * layout.height else "maps"
    drawn = "\n".join(_map(replay, *one) for one in maps)
    return f'<div class="{shape}">\n{drawn}\n</div>'


def units_taken(replay: Replay) -> NDArray[np.int64]:
    """Units taken from each rack cell, or from the pod that begins at a spot.

    Returns
    -------
    ndarray of int64, shape (cells,)
    """
    plan, pods = replay.plan, replay.scenario.pods
    units = np.zeros(replay.scenario.layout.kinds.size, np.int64)
    np.add.at(units, plan.picks["rack"], plan.picks["quantity"])
    if pods is not None:
        spots = pods.start_cells[replay.picking.pod]
        np.add.at(units, spots, replay.picking.quantity)
    return units


def _map(
    replay: Replay, title: str, counts: NDArray[np.int64], least: str, most: str
) -> str:
    """Return a map in light and in dark with what its colours mean."""
    kinds = replay.scenario.layout.kinds
    light, dark = (data_uri(_pixels(kinds, counts, p)) for p in (LIGHT, DARK))
    scale = f"{least} <i></i> {most}" if counts.any() else "none"
    return (
        f'<figure><figcaption>{title}</figcaption><picture><source srcset="{dark}" '
        'media="(prefers-color-scheme: dark)">'
        f'<img class="heat" alt="{title} of each cell" src="{light}"></picture>\n'
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
