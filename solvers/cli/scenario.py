"""``aislewise scenario``: make a scenario."""

import shlex
from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solvers.cli import layout_options as floor
from solvers.cli.console import Console
from solvers.cli.options import JsonOption, SeedOption, example
from solvers.cli.writing import make_folder
from warehouse.errors import Fault, InputError

if TYPE_CHECKING:
    from warehouse.layout import Layout
    from warehouse.scenario import Scenario

MADE_BY = "made_by.txt"
"""File in a generated folder that holds the command it was made with."""

app = typer.Typer(
    help="Make a scenario.",
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
    layout: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE",
            help="Use this floor plan; the floor's own options are then not used.",
        ),
    ] = None,
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
    robots: Annotated[int, typer.Option(help="Robots in the fleet.")] = 10,
    tote_slots: Annotated[int, typer.Option(help="Orders a robot carries.")] = 8,
    speed_m_s: Annotated[float, typer.Option(help="Robots' speed.")] = 1.5,
    motion: Annotated[
        Motion, typer.Option(help="Step in four directions, or turn and drive.")
    ] = Motion.omni,
    packers: Annotated[int, typer.Option(help="Packers at each station.")] = 1,
    orders: Annotated[int, typer.Option(help="Orders to serve.")] = 100,
    skus: Annotated[int, typer.Option(help="SKUs in stock.")] = 200,
    popularity: Annotated[
        float, typer.Option(help="Zipf exponent of the demand; 0: all equal.")
    ] = 0.8,
    affinity: Annotated[
        float, typer.Option(help="Chance that a line is from its order's SKU family.")
    ] = 0.3,
    family_size: Annotated[int, typer.Option(help="SKUs bought together.")] = 6,
    lines_mean: Annotated[
        float, typer.Option(help="Lines of an order, on average.")
    ] = 2.6,
    units_mean: Annotated[
        float, typer.Option(help="Units of a line, on average.")
    ] = 1.3,
    single_line_share: Annotated[
        float, typer.Option(help="Share of orders with one line.")
    ] = 0.05,
    placement: Annotated[
        Placement, typer.Option(help="Stock anywhere, or popular SKUs near the docks.")
    ] = Placement.random,
    locations_mean: Annotated[
        float, typer.Option(help="Rack cells that hold a SKU, on average.")
    ] = 1.5,
    short_share: Annotated[
        float, typer.Option(help="Share of lines that the stock does not cover.")
    ] = 0.0,
    released_at_start: Annotated[
        float, typer.Option(help="Share of orders known at the start.")
    ] = 1.0,
    horizon_s: Annotated[
        float, typer.Option(help="The other orders come in until then.")
    ] = 600.0,
    peaks: Annotated[int, typer.Option(help="Busy spells until then.")] = 0,
    due_after_s: Annotated[
        tuple[float, float] | None,
        typer.Option(
            metavar="LEAST MOST", help="Due so long after release; else never."
        ),
    ] = None,
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

    The same options give the same files. The folder's made_by.txt says which they were.
    """
    chosen = dict(context.params)
    with Console(json_output) as console:
        _refuse_foreign(folder)
        from warehouse.formats.scenario_folder import write_scenario

        scenario = _generate(chosen)
        make_folder(folder)
        write_scenario(scenario, folder)
        (folder / MADE_BY).write_text(_command(context) + "\n", encoding="utf-8")
        console.answer = {
            "scenario": str(folder),
            "orders": len(scenario.orders),
            "lines": scenario.orders.lines,
            "units": int(scenario.orders.line_quantity.sum()),
            "robots": len(scenario.fleet),
            "stations": len(scenario.stations),
        }
        console.say(
            f"wrote {folder}: {len(scenario.orders):,} orders with "
            f"{scenario.orders.lines:,} lines, {len(scenario.fleet)} robots, "
            f"{len(scenario.stations)} stations"
        )
        console.say(f"plan it with: aislewise plan {folder} -o {folder.name}.plan.npz")


def _refuse_foreign(folder: Path) -> None:
    """Refuse to write over a scenario that no generator made."""
    if (folder / "scenario.toml").exists() and not (folder / MADE_BY).exists():
        found = "holds a scenario that was not made by this command"
        raise InputError([Fault("E906", str(folder), found, "choose a new folder")])


def _generate(chosen: dict[str, Any]) -> "Scenario":
    """Make the scenario from the command's options, which carry the fields' names."""
    from dataclasses import fields

    from warehouse.formats.layouts_by_ending import read_any_layout
    from warehouse.generate import LayoutParams, ScenarioParams, generate_scenario

    plain = {k: v.value if isinstance(v, Enum) else v for k, v in chosen.items()}
    own_floor: Layout | None = None
    if plain["layout"] is not None:
        own_floor = read_any_layout(plain["layout"])
    name = plain["name"] = plain["folder"].resolve().name
    plain["layout"] = LayoutParams(
        **{f.name: plain[f.name] for f in fields(LayoutParams) if f.name != "name"},
        name=name,
    )
    return generate_scenario(
        ScenarioParams(**{f.name: plain[f.name] for f in fields(ScenarioParams)}),
        own_floor,
    )


def _command(context: typer.Context) -> str:
    """Return the command that makes the same files: options not left at default."""
    words = ["aislewise", "scenario", "new", context.params["folder"].resolve().name]
    for option in context.command.params:
        value = context.params.get(str(option.name))
        if option.name in ("folder", "json_output") or value == option.default:
            continue
        words.append(max(option.opts, key=len))
        if isinstance(value, tuple):
            words += [f"{number:g}" for number in value]
        elif value is not True:
            words.append(str(value))
    return shlex.join(words)
