"""Options of generated orders, shared by ``scenario new`` and ``scenario new-pods``.

The defaults are those of `warehouse.generate.DemandParams`; a test holds them equal.
"""

from typing import Annotated

import typer

Orders = Annotated[int, typer.Option(help="Orders to serve.")]
Skus = Annotated[int, typer.Option(help="SKUs in stock.")]
Popularity = Annotated[
    float, typer.Option(help="Zipf exponent of the demand; 0: all equal.")
]
Affinity = Annotated[
    float, typer.Option(help="Chance that a line is from its order's SKU family.")
]
FamilySize = Annotated[int, typer.Option(help="SKUs bought together.")]
LinesMean = Annotated[float, typer.Option(help="Lines of an order, on average.")]
UnitsMean = Annotated[float, typer.Option(help="Units of a line, on average.")]
SingleLineShare = Annotated[float, typer.Option(help="Share of orders with one line.")]
ReleasedAtStart = Annotated[
    float, typer.Option(help="Share of orders known at the start.")
]
Horizon = Annotated[float, typer.Option(help="The other orders come in until then.")]
Peaks = Annotated[int, typer.Option(help="Busy spells until then.")]
DueAfter = Annotated[
    tuple[float, float] | None,
    typer.Option(metavar="LEAST MOST", help="Due so long after release; else never."),
]
