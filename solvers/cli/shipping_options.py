"""Options of generated cartons and trucks, shared by commands that make scenarios.

The defaults are those of `warehouse.generate.ShippingParams`; a test holds them equal.
"""

from typing import Annotated

import typer

TrucksEvery = Annotated[
    float, typer.Option(help="Seconds between departures of a carrier; 0: no trucks.")
]
TrucksUntil = Annotated[
    float, typer.Option(help="Last departures about then; 0: when the work is done.")
]
Carriers = Annotated[int, typer.Option(help="Carriers, each with a door of its own.")]
TruckVolume = Annotated[float, typer.Option(help="Cubic metres a truck holds.")]
TruckMass = Annotated[float, typer.Option(help="Kilograms a truck carries.")]
SecondsPerCarton = Annotated[
    float, typer.Option(help="Seconds to set up and close a carton.")
]
Setup = Annotated[
    float, typer.Option(help="Seconds to change to another kind of carton.")
]
Support = Annotated[
    float, typer.Option(help="How much of each base has to lie on something.")
]
Transfer = Annotated[
    float, typer.Option(help="Seconds from packing to the truck, beside the walk.")
]
WalkSpeed = Annotated[float, typer.Option(help="Speed of the walk to the door.")]
UprightShare = Annotated[
    float, typer.Option(help="Share of the SKUs that stand upright.")
]
FragileShare = Annotated[
    float, typer.Option(help="Share of the SKUs that are fragile.")
]
