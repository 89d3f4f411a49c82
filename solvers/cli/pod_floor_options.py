"""Options of sites with pods: ``layout new-pods``, ``scenario new-pods`` and others.

The defaults are those of `warehouse.generate`; a test holds them equal.
"""

from typing import Annotated

import typer

BlockRows = Annotated[int, typer.Option(help="Blocks of pod spots, downwards.")]
BlockCols = Annotated[int, typer.Option(help="Blocks of pod spots, across.")]
BlockLength = Annotated[
    int, typer.Option(help="Pod spots along a block; it has two rows.")
]
Stations = Annotated[int, typer.Option(help="Pick stations.")]
ReplenishmentStations = Annotated[
    int, typer.Option(help="Stations where pods are filled, at the wall opposite.")
]
Queue = Annotated[
    int, typer.Option(help="Robots in a station's lane, the one at its dock included.")
]
TowardsStations = Annotated[
    bool,
    typer.Option("--towards-stations", help="Blocks lie towards the stations."),
]
OneWay = Annotated[
    bool,
    typer.Option(
        "--one-way/--two-way",
        help="Aisles between blocks are one-way, or have a lane each way.",
    ),
]
SkusPerPod = Annotated[int, typer.Option(help="SKUs that a pod holds.")]
Backlog = Annotated[int, typer.Option(help="Orders that are known and wait; 0: all.")]
WarmUpS = Annotated[float, typer.Option(help="Figures count from this second on.")]
EndS = Annotated[
    float, typer.Option(help="The plan ends here; inf: when all is served.")
]
BatteryWh = Annotated[
    float, typer.Option(help="Capacity of each robot's battery; 0: nobody counts.")
]
MovingW = Annotated[float, typer.Option(help="Drawn while a robot drives alone.")]
CarryingW = Annotated[
    float, typer.Option(help="Drawn while it drives with a pod, lifts or sets down.")
]
IdleW = Annotated[float, typer.Option(help="Drawn while it stands.")]
ChargeW = Annotated[float, typer.Option(help="By so much a charger fills a battery.")]
Reserve = Annotated[
    float, typer.Option(help="Share of the capacity that no robot goes below.")
]
BatteryStart = Annotated[
    float, typer.Option(help="Share of the capacity at the beginning.")
]
