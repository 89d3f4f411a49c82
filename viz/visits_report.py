"""The part of the report about where robots drive."""

import numpy as np
from numpy.typing import NDArray

from viz.clock import count
from viz.heat import heat_colours, heat_levels
from viz.palette import DARK, hex_colour
from viz.png import data_uri
from warehouse.layout import CellKind
from warehouse.metrics import visits
from warehouse.plan import Plan


def visits_map(plan: Plan) -> str:
    """Map of visits to each cell, as a picture, with its scale."""
    seen = visits(plan)
    most = int(seen.max(initial=0))
    ramp_css = ", ".join(hex_colour(colour) for colour in DARK.heat)
    picture = data_uri(_heat_pixels(plan, seen))
    return (
        f'<img class="heat" alt="Map of visits to each cell" src="{picture}">\n'
        '<div class="scale">1 visit '
        f'<i style="background:linear-gradient(90deg, {ramp_css})"></i> '
        f"{count(most, 'visit')}, docks pink</div>"
    )


def _heat_pixels(plan: Plan, seen: NDArray[np.integer]) -> NDArray[np.uint8]:
    """One pixel a cell, dark as in the window: there, bright means often."""
    kinds = plan.scenario.layout.kinds
    table = np.array(heat_colours(DARK), np.uint8)
    table[0] = DARK.floor
    colours = table[heat_levels(seen).reshape(kinds.shape)]
    colours[kinds == CellKind.RACK] = DARK.rack
    colours[kinds == CellKind.WALL] = DARK.wall
    colours[kinds == CellKind.DOCK] = DARK.station
    return colours
