"""``aislewise scenario``: make a scenario."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from solvers.cli import demand_options as demand
from solvers.cli import layout_options as floor
from solvers.cli import (
    scenario_convert,
    scenario_packing,
    scenario_pods,
    scenario_shipping,
)
from solvers.cli import shipping_options as shipping
from solvers.cli.console import Console
from solvers.cli.generated import chosen_params, refuse_foreign, write_made
from solvers.cli.options import JsonOption, SeedOption, example

app = typer.Typer(
    help="Make a scenario, or bring one from another format.",
    no_args_is_help=True,
    epilog=example("aislewise scenario new my-warehouse --orders 200 --robots 12"),
)


class Placement(StrEnum):
    """Where stock lies."""

    random = "random"
    by_class = "class"


class Motion(StrEnum):
    """How robots move."""

    omni = "omni"
    rotate = "rotate"


@app.command(
    epilog=example(
        "aislewise scenario new my-warehouse --orders 200 --robots 12",
        "aislewise scenario new mine --layout hall.toml --due-after-s 600 1800",
    )
)
def new(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write.")
    ],
    layout: floor.OwnFloor = None,
    block_rows: floor.BlockRows = 2,
    block_cols: floor.BlockCols = 2,
    aisles_per_block: floor.AislesPerBlock = 6,
    aisle_depth: floor.AisleDepth = 10,
    cross_aisle_width: floor.CrossAisleWidth = 2,
    stations: floor.Stations = 4,
    station_side: floor.Side = floor.StationSide.bottom,
    apron_depth: floor.ApronDepth = 3,
    homes: floor.Homes = 20,
    chargers: floor.Chargers = 2,
    one_way: floor.OneWay = False,
    cell_size_m: floor.CellSize = 1.0,
    robots: floor.Robots = 10,
    tote_slots: Annotated[int, typer.Option(help="Orders a robot carries.")] = 8,
    speed_m_s: floor.Speed = 1.5,
    motion: Annotated[
        Motion, typer.Option(help="Step in four directions, or turn and drive.")
    ] = Motion.omni,
    packers: Annotated[int, typer.Option(help="Packers at each station.")] = 1,
    orders: demand.Orders = 100,
    skus: demand.Skus = 200,
    popularity: demand.Popularity = 0.8,
    affinity: demand.Affinity = 0.3,
    family_size: demand.FamilySize = 6,
    lines_mean: demand.LinesMean = 2.6,
    units_mean: demand.UnitsMean = 1.3,
    single_line_share: demand.SingleLineShare = 0.05,
    placement: Annotated[
        Placement, typer.Option(help="Stock anywhere, or popular SKUs near the docks.")
    ] = Placement.random,
    locations_mean: Annotated[
        float, typer.Option(help="Rack cells that hold a SKU, on average.")
    ] = 1.5,
    short_share: Annotated[
        float, typer.Option(help="Share of lines that the stock does not cover.")
    ] = 0.0,
    released_at_start: demand.ReleasedAtStart = 1.0,
    horizon_s: demand.Horizon = 600.0,
    peaks: demand.Peaks = 0,
    due_after_s: demand.DueAfter = None,
    cartons: Annotated[
        bool, typer.Option("--cartons", help="Sizes, and cartons to pack orders in.")
    ] = False,
    trucks_every_s: shipping.TrucksEvery = 0.0,
    pick_s_per_line: Annotated[
        float,
        typer.Option(
            help="Seconds to pick an order line at one stop, beside its units."
        ),
    ] = 6.0,
    pick_s_per_unit: Annotated[
        float, typer.Option(help="Seconds to pick a unit.")
    ] = 2.0,
    drop_s_per_order: Annotated[
        float, typer.Option(help="Seconds to hand over an order at a dock.")
    ] = 2.0,
    pack_s_per_order: Annotated[
        float, typer.Option(help="Seconds to pack an order, beside its units.")
    ] = 25.0,
    pack_s_per_unit: Annotated[
        float, typer.Option(help="Seconds to pack a unit.")
    ] = 3.0,
    seed: SeedOption = 0,
    json_output: JsonOption = False,
) -> None:
    """Make a scenario: floor, stock, orders, robots and stations.

    With --trucks-every-s orders have cartons and are due with a truck; more about both
    can be said with add-shipping. The same options give the same files, and the
    folder's made_by.txt says which they were.
    """
    chosen = dict(context.params)
    with Console(json_output) as console:
        refuse_foreign(folder)
        from warehouse.generate import (
            LayoutParams,
            ScenarioParams,
            ShippingParams,
            add_shipping,
            generate_scenario,
        )

        params, own_floor = chosen_params(chosen, LayoutParams, ScenarioParams)
        site = generate_scenario(params, own_floor)
        if cartons or trucks_every_s:
            sent = ShippingParams(trucks_every_s=trucks_every_s, seed=seed)
            site = add_shipping(site, sent)
        write_made(context, folder, site, console)


app.command("new-pods", epilog=scenario_pods.EXAMPLE)(scenario_pods.new_pods)
app.command("add-shipping", epilog=scenario_shipping.EXAMPLE)(
    scenario_shipping.add_shipping
)
app.command("convert", epilog=scenario_convert.EXAMPLE)(scenario_convert.convert)
app.command("new-packing", epilog=scenario_packing.EXAMPLE)(
    scenario_packing.new_packing
)
