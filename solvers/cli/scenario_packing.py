"""``aislewise scenario new-packing``: make a day at packing stations."""

from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer

from solvers.cli.console import Console
from solvers.cli.options import JsonOption, SeedOption, example
from solvers.cli.writing import whole_folder
from warehouse.errors import Fault, InputError

EXAMPLE = example(
    "aislewise scenario new-packing my-day --orders 200 --stations 6 --trucks 4",
    "aislewise scenario new-packing rush --orders 2000 --stations 40 --trucks 12 "
    "--load 0.95",
)


def new_packing(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write.")
    ],
    orders: Annotated[int, typer.Option(help="Orders to pack.")] = 200,
    stations: Annotated[int, typer.Option(help="Packing stations.")] = 6,
    packers_per_station: Annotated[
        int, typer.Option(help="Packers at each station.")
    ] = 2,
    trucks: Annotated[int, typer.Option(help="Departures.")] = 4,
    load: Annotated[
        float,
        typer.Option(help="Share of the packers' time that work takes; 1 is too much."),
    ] = 0.8,
    order_s: Annotated[float, typer.Option(help="Seconds for an order.")] = 40.0,
    unit_s: Annotated[float, typer.Option(help="Seconds for each unit.")] = 8.0,
    setup_s: Annotated[
        float, typer.Option(help="Seconds to begin with another kind of carton.")
    ] = 15.0,
    transfer_s: Annotated[
        float, typer.Option(help="Seconds from the station into the truck.")
    ] = 120.0,
    break_s: Annotated[
        float, typer.Option(help="Length of each packer's break; 0 for none.")
    ] = 600.0,
    seed: SeedOption = 0,
    json_output: JsonOption = False,
) -> None:
    """Make a day of packing: packers, orders over time, trucks.

    The same options give the same files. `aislewise solve schedule` reads them.
    """
    chosen = dict(context.params)
    with Console(json_output) as console:
        from warehouse.formats.packing_day import SETTINGS, write_packing_day
        from warehouse.generate.packing_day import (
            PackingDayParams,
            generate_packing_day,
        )

        if (folder / SETTINGS).exists():
            found, needed = f"holds a {SETTINGS}", "choose a new folder"
            raise InputError([Fault("E906", str(folder), found, needed)])
        names = [field.name for field in fields(PackingDayParams)]
        params = PackingDayParams(**{name: chosen[name] for name in names})
        day = generate_packing_day(params, seed=seed, name=folder.resolve().name)
        with whole_folder(folder) as part:
            write_packing_day(day, part)
        console.answer = {"folder": str(folder), "seed": seed, "orders": orders}
        console.say(
            f"wrote {folder}: {orders:,} orders, {len(day.packers.names)} packers at "
            f"{stations} stations, {trucks} trucks"
        )
        console.say(f"next: aislewise solve schedule {folder}")
