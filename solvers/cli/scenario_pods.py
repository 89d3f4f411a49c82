"""``aislewise scenario new-pods``: make a site where robots carry pods."""

from pathlib import Path
from typing import Annotated

import typer

from solvers.cli import demand_options as demand
from solvers.cli import layout_options as floor
from solvers.cli import pod_floor_options as pod_floor
from solvers.cli.console import Console
from solvers.cli.generated import chosen_params, refuse_foreign, write_made
from solvers.cli.options import JsonOption, SeedOption, example

EXAMPLE = example(
    "aislewise scenario new-pods my-pods --robots 12 --pods 200 --orders 300",
    "aislewise scenario new-pods both --racks 40 --pods 180 --tote-robots 8",
    "aislewise scenario new-pods hour --backlog 200 --end-s 3600 --orders 2000",
    "aislewise scenario new-pods shift --battery-wh 250 --chargers 8 --robots 20 \\",
    "    --end-s 28800 --backlog 200 --orders 3600",
)


def new_pods(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write.")
    ],
    layout: floor.OwnFloor = None,
    block_rows: pod_floor.BlockRows = 6,
    block_cols: pod_floor.BlockCols = 5,
    block_length: pod_floor.BlockLength = 4,
    stations: pod_floor.Stations = 4,
    station_side: floor.Side = floor.StationSide.bottom,
    replenishment_stations: pod_floor.ReplenishmentStations = 0,
    queue: pod_floor.Queue = 8,
    homes: floor.Homes = 20,
    chargers: floor.Chargers = 2,
    towards_stations: pod_floor.TowardsStations = False,
    one_way: pod_floor.OneWay = True,
    cell_size_m: floor.CellSize = 1.0,
    robots: floor.Robots = 10,
    pods: Annotated[int, typer.Option(help="Pods on the spots.")] = 200,
    racks: Annotated[
        int, typer.Option(help="Rack cells in the place of spots, for --tote-robots.")
    ] = 0,
    tote_robots: Annotated[
        int, typer.Option(help="Robots with totes beside those with pods.")
    ] = 0,
    skus_per_pod: pod_floor.SkusPerPod = 6,
    order_slots: Annotated[
        int, typer.Option(help="Orders open at once at a station.")
    ] = 12,
    backlog: pod_floor.Backlog = 0,
    speed_m_s: floor.Speed = 1.5,
    acceleration_m_s2: Annotated[
        float, typer.Option(help="Their acceleration; sets the timestep.")
    ] = 1.0,
    turn_s: Annotated[
        float, typer.Option(help="Seconds of a full turn; sets the timestep.")
    ] = 2.5,
    lift_s: Annotated[float, typer.Option(help="Seconds to take a pod up.")] = 2.2,
    set_down_s: Annotated[float, typer.Option(help="Seconds to put a pod down.")] = 2.2,
    station_s_per_unit: Annotated[
        float, typer.Option(help="Picker's seconds for a unit.")
    ] = 10.0,
    robot_s_per_unit: Annotated[
        float, typer.Option(help="So long of it the pod must stand.")
    ] = 3.0,
    warm_up_s: pod_floor.WarmUpS = 0.0,
    end_s: pod_floor.EndS = float("inf"),
    pod_capacity: Annotated[
        int, typer.Option(help="Units that a pod holds, where pods are filled.")
    ] = 100,
    start_level: Annotated[
        float, typer.Option(help="Share of it that lies on a pod at first.")
    ] = 0.7,
    box_units: Annotated[
        int, typer.Option(help="Units of a SKU that arrive together.")
    ] = 8,
    box_s: Annotated[
        float, typer.Option(help="Seconds to put them into a pod.")
    ] = 10.0,
    battery_wh: pod_floor.BatteryWh = 0.0,
    moving_w: pod_floor.MovingW = 120.0,
    carrying_w: pod_floor.CarryingW = 180.0,
    idle_w: pod_floor.IdleW = 20.0,
    charge_w: pod_floor.ChargeW = 900.0,
    reserve: pod_floor.Reserve = 0.2,
    battery_start: pod_floor.BatteryStart = 1.0,
    orders: demand.Orders = 100,
    skus: demand.Skus = 200,
    popularity: demand.Popularity = 0.8,
    affinity: demand.Affinity = 0.3,
    family_size: demand.FamilySize = 6,
    lines_mean: demand.LinesMean = 2.6,
    units_mean: demand.UnitsMean = 1.3,
    single_line_share: demand.SingleLineShare = 0.05,
    released_at_start: demand.ReleasedAtStart = 1.0,
    horizon_s: demand.Horizon = 600.0,
    peaks: demand.Peaks = 0,
    due_after_s: demand.DueAfter = None,
    seed: SeedOption = 0,
    json_output: JsonOption = False,
) -> None:
    """Make a site with pods: floor, stock, orders, robots.

    With --racks and --tote-robots there are racks beside the pods, served by robots of
    their own.

    The same options give the same files. The folder's made_by.txt says which they were.
    """
    chosen = dict(context.params)
    with Console(json_output) as console:
        refuse_foreign(folder)
        from warehouse.generate import (
            PodLayoutParams,
            PodScenarioParams,
            generate_pod_scenario,
        )

        params, own_floor = chosen_params(chosen, PodLayoutParams, PodScenarioParams)
        write_made(context, folder, generate_pod_scenario(params, own_floor), console)
