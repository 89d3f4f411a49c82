"""Options of the generator's floor for pods: ``layout`` and ``scenario new-pods``.

The defaults are those of `warehouse.generate.PodLayoutParams`; a test holds them equal.
"""

from typing import Annotated

import typer

BlockRows = Annotated[int, typer.Option(help="Blocks of pod spots, downwards.")]
BlockCols = Annotated[int, typer.Option(help="Blocks of pod spots, across.")]
BlockLength = Annotated[
    int, typer.Option(help="Pod spots along a block; it has two rows.")
]
Stations = Annotated[int, typer.Option(help="Pick stations.")]
Queue = Annotated[
    int, typer.Option(help="Robots in a station's lane, the one at its dock included.")
]
OneWay = Annotated[
    bool,
    typer.Option("--one-way/--two-way", help="Aisles between blocks are one-way."),
]
