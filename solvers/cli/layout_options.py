"""Options of the generator's floor, shared by ``layout new`` and ``scenario new``.

The defaults are those of `warehouse.generate.LayoutParams`; importing that here would
load numpy for every ``--help``. A test holds them equal.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class StationSide(StrEnum):
    """Wall that the stations stand at."""

    bottom = "bottom"
    top = "top"
    left = "left"
    right = "right"


BlockRows = Annotated[int, typer.Option(help="Blocks of racks, downwards.")]
BlockCols = Annotated[int, typer.Option(help="Blocks of racks, across.")]
AislesPerBlock = Annotated[int, typer.Option(help="Parallel aisles in a block.")]
AisleDepth = Annotated[int, typer.Option(help="Rack cells along an aisle.")]
CrossAisleWidth = Annotated[
    int, typer.Option(help="Cells between blocks and around them.")
]
Stations = Annotated[int, typer.Option(help="Packing-station docks.")]
Side = Annotated[StationSide, typer.Option(help="Wall that the docks stand at.")]
ApronDepth = Annotated[
    int, typer.Option(help="Rows of open floor at the docks, their own included.")
]
Homes = Annotated[int, typer.Option(help="Parking places for robots.")]
Chargers = Annotated[int, typer.Option(help="Chargers among the parking places.")]
OneWay = Annotated[
    bool, typer.Option("--one-way", help="One-way aisles, up and down in turn.")
]
CellSize = Annotated[float, typer.Option(help="Edge of a cell in metres.")]
OwnFloor = Annotated[
    Path | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        help="Use this floor plan; the floor's own options are then not used.",
    ),
]
Robots = Annotated[int, typer.Option(help="Robots in the fleet.")]
Speed = Annotated[float, typer.Option(help="Robots' speed.")]
