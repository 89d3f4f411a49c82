"""``aislewise layout``: make a layout, look at one, bring one from another format."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solvers.cli import layout_options as floor
from solvers.cli import pod_floor_options as pod_floor
from solvers.cli.console import Console
from solvers.cli.generated import floor_params
from solvers.cli.options import JsonOption, example, find_scenario, parse_pair
from solvers.cli.writing import refuse_unwritable, whole_file, whole_files
from warehouse.errors import Fault, InputError

if TYPE_CHECKING:
    from warehouse.layout import Layout
    from warehouse.scenario import Fleet, Station

NewFloor = Annotated[
    Path, typer.Option("-o", "--output", help="The file to write: .toml or .map.")
]
app = typer.Typer(
    help="Make a layout, look at one, or bring one from another format.",
    no_args_is_help=True,
    epilog=example("aislewise layout show small"),
)


@app.command(
    epilog=example(
        "aislewise layout new -o hall.toml --block-cols 3 --aisles-per-block 8"
    )
)
def new(
    context: typer.Context,
    output: NewFloor,
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
    json_output: JsonOption = False,
) -> None:
    """Make a layout of blocks with parallel aisles."""
    chosen = dict(context.params)
    with Console(json_output) as console:
        refuse_unwritable(output)
        from warehouse.generate import LayoutParams, generate_layout

        params = floor_params(chosen, LayoutParams, output.stem)
        _write_new(generate_layout(params), output, console)


@app.command(
    "new-pods",
    epilog=example("aislewise layout new-pods -o pods.toml --block-cols 8"),
)
def new_pods(
    context: typer.Context,
    output: NewFloor,
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
    json_output: JsonOption = False,
) -> None:
    """Make a floor for pods: spots, aisles, stations with queues."""
    chosen = dict(context.params)
    with Console(json_output) as console:
        refuse_unwritable(output)
        from warehouse.generate import PodLayoutParams, generate_pod_layout

        params = floor_params(chosen, PodLayoutParams, output.stem)
        _write_new(generate_pod_layout(params), output, console)


@app.command(
    epilog=example(
        "aislewise layout show small", "aislewise layout show hall.toml -o hall.png"
    )
)
def show(
    source: Annotated[
        str,
        typer.Argument(
            metavar="LAYOUT",
            help="A layout file, a scenario folder or a shipped scenario's name.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Draw it as this PNG, too.")
    ] = None,
    robot: Annotated[
        str | None,
        typer.Option(
            metavar="LxW",
            help="Robot's length and width in metres; by default the scenario's, "
            "or 0.8x0.6 for a layout file.",
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Print a layout as text with what there is to know about it.

    A floor on which the robot touches a wall or a rack is refused, with the place.
    """
    footprint = None if robot is None else parse_pair(robot, "--robot", "as in 0.8x0.6")
    with Console(json_output) as console:
        if output is not None:
            refuse_unwritable(output)
        layout, fleet, stations = _read(source)
        from dataclasses import replace

        from solvers.cli.layout_facts import describe, layout_facts
        from warehouse.floorplan import find_floor_faults

        if footprint is not None:
            fleet = replace(fleet, length_m=footprint[0], width_m=footprint[1])
        facts = layout_facts(layout)
        for line in describe(layout, facts):
            console.say(line)
        faults = find_floor_faults(layout, fleet)
        if faults:
            raise InputError(faults)
        console.answer = facts
        if output is not None:
            from viz.layout_image import draw_layout

            with whole_file(output) as part:
                draw_layout(layout, part, stations=stations)
            console.answer["image"] = str(output)
            console.say(f"drew {output}")


@app.command(epilog=example("aislewise layout convert hall.toml hall.map"))
def convert(
    source: Annotated[
        Path,
        typer.Argument(metavar="SOURCE", readable=False, help="The layout to read."),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="The file to write: .toml or .map.")
    ],
    json_output: JsonOption = False,
) -> None:
    """Bring a layout into another format; the endings say which.

    A MovingAI .map knows free and blocked cells only: docks, homes and one-way
    floor are lost on the way there.
    """
    with Console(json_output) as console:
        refuse_unwritable(target)
        from warehouse.formats.layouts_by_ending import read_any_layout

        layout = read_any_layout(source)
        _write(layout, target)
        console.answer = {"source": str(source), "target": str(target)}
        console.say(f"wrote {target}: {layout.height} rows x {layout.width} cols")


def _read(source: str) -> "tuple[Layout, Fleet, tuple[Station, ...]]":
    """Read a layout file, or a scenario's layout with its robots and stations."""
    import numpy as np

    from warehouse.scenario import Fleet

    if Path(source).is_file():
        from warehouse.formats.layouts_by_ending import read_any_layout

        no_robots = Fleet(np.empty(0, np.int32))
        return read_any_layout(Path(source)), no_robots, ()
    from warehouse.formats.scenario_folder import read_scenario

    wanted = "a layout file, a scenario folder"
    scenario = read_scenario(find_scenario(source, wanted))
    return scenario.layout, scenario.fleet, scenario.stations


def _write_new(layout: "Layout", path: Path, console: Console) -> None:
    """Write a generated layout and say so."""
    _write(layout, path)
    console.answer = {"layout": str(path), "rows": layout.height, "cols": layout.width}
    console.say(f"wrote {path}: {layout.height} rows x {layout.width} cols")
    console.say(f"look at it with: aislewise layout show {path}")


def _write(layout: "Layout", path: Path) -> None:
    """Write a layout in the format of the path's ending."""
    if path.suffix == ".toml":
        from warehouse.formats.layout_toml import write_layout as write
    elif path.suffix == ".map":
        from warehouse.formats.movingai import write_map as write
    else:
        needed = "need a name that ends in .toml or .map"
        found = f"ends in {path.suffix!r}" if path.suffix else "has no ending"
        raise InputError([Fault("E907", str(path), found, needed)])
    with whole_files(path) as part:
        write(layout, part)
