"""``aislewise scenario convert``: published instances become scenario folders."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solvers.cli import demand_options as demand
from solvers.cli.console import Console
from solvers.cli.options import JsonOption, SeedOption, example
from solvers.cli.pod_floor_options import Backlog, EndS, SkusPerPod, WarmUpS
from solvers.cli.writing import whole_folder
from warehouse.errors import Fault, InputError

if TYPE_CHECKING:
    from warehouse.scenario import Scenario

EXAMPLE = example(
    "aislewise scenario convert 1-4-4-32-0.85.xlayo my-pods --orders 500",
    "aislewise scenario convert layout_sku_24_1.xml rafs --pod-file pods.txt \\",
    "    --order-file orders.xml",
)
_ENDINGS: Final = (".xinst", ".xlayo", ".xml")


def convert(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            readable=False,
            help="RAWSim-O's .xinst or .xlayo, or a layout of the RAFS data (.xml).",
        ),
    ],
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write.")
    ],
    pod_file: Annotated[
        Path | None,
        typer.Option(readable=False, help="RAFS: what lies on the pods (.txt)."),
    ] = None,
    order_file: Annotated[
        Path | None, typer.Option(readable=False, help="RAFS: the orders (.xml).")
    ] = None,
    orders: demand.Orders = 100,
    skus: demand.Skus = 200,
    skus_per_pod: SkusPerPod = 6,
    popularity: demand.Popularity = 0.8,
    lines_mean: demand.LinesMean = 2.6,
    units_mean: demand.UnitsMean = 1.3,
    single_line_share: demand.SingleLineShare = 0.05,
    backlog: Backlog = 0,
    warm_up_s: WarmUpS = 0.0,
    end_s: EndS = float("inf"),
    seed: SeedOption = 0,
    json_output: JsonOption = False,
) -> None:
    """Bring a published instance into a scenario folder.

    RAWSim-O's files hold no stock and no orders: those are generated, as the options
    say. The three files of a RAFS instance hold all.
    """
    made_of: dict[str, Any] = {
        "orders": orders,
        "skus": skus,
        "skus_per_pod": skus_per_pod,
        "popularity": popularity,
        "lines_mean": lines_mean,
        "units_mean": units_mean,
        "single_line_share": single_line_share,
        "backlog": backlog,
        "warm_up_s": warm_up_s,
        "end_s": end_s,
        "seed": seed,
        "name": folder.resolve().name,
    }
    with Console(json_output) as console:
        if (folder / "scenario.toml").exists():
            found, needed = "holds a scenario", "choose a new folder"
            raise InputError([Fault("E906", str(folder), found, needed)])
        scenario = _read(source, pod_file, order_file, made_of)
        from warehouse.formats.scenario_folder import write_scenario

        with whole_folder(folder) as part:
            write_scenario(scenario, part)
        _tell(console, scenario, folder)


def _tell(console: Console, scenario: "Scenario", folder: Path) -> None:
    """Say what was written."""
    layout, pods = scenario.layout, scenario.pods
    console.answer = {
        "scenario": str(folder),
        "rows": layout.height,
        "cols": layout.width,
        "cell_size_m": layout.cell_size_m,
        "robots": len(scenario.fleet),
        "stations": len(scenario.stations),
        "pods": 0 if pods is None else len(pods),
        "orders": len(scenario.orders),
    }
    what = "racks" if pods is None else f"{len(pods):,} pods"
    console.say(
        f"wrote {folder}: {layout.height} x {layout.width} cells of "
        f"{layout.cell_size_m:g} m, {len(scenario.fleet)} robots, "
        f"{len(scenario.stations)} stations, {what}, {len(scenario.orders):,} orders"
    )
    console.say(f"plan it with: aislewise plan {folder} -o {folder.name}.plan.npz")


def _read(
    source: Path,
    pod_file: Path | None,
    order_file: Path | None,
    made_of: dict[str, Any],
) -> "Scenario":
    """Read the source in the format of its ending."""
    from warehouse.generate import PodScenarioParams, generate_pod_scenario

    ending = source.suffix.lower()
    if ending not in _ENDINGS:
        found = f"ends in {ending!r}" if ending else "has no ending"
        needed = f"need a file that ends in {', '.join(_ENDINGS)}"
        raise InputError([Fault("E907", str(source), found, needed)])
    if ending == ".xml":
        from warehouse.formats.rafs import rafs_scenario, read_rafs

        if pod_file is None or order_file is None:
            needed = "name both: --pod-file pods.txt --order-file orders.xml"
            found = "a RAFS layout, without its pods or orders"
            raise InputError([Fault("E913", str(source), found, needed)])
        _refuse_generating(made_of)
        return rafs_scenario(read_rafs(source, pod_file, order_file))
    if pod_file is not None or order_file is not None:
        found = "--pod-file or --order-file beside a file of RAWSim-O"
        needed = "leave it out: it is for layouts of the RAFS data"
        raise InputError([Fault("E913", str(source), found, needed)])
    params = PodScenarioParams(**made_of)
    if ending == ".xlayo":
        from warehouse.formats.rawsim_layout import read_rawsim_layout

        return generate_pod_scenario(read_rawsim_layout(source, params))
    from warehouse.formats.rawsim_scenario import read_rawsim_instance

    return read_rawsim_instance(source, params)


def _refuse_generating(made_of: dict[str, Any]) -> None:
    """Refuse options for what is generated, where nothing is."""
    from warehouse.generate import PodScenarioParams

    usual = PodScenarioParams(name=made_of["name"])
    found, needed = "a RAFS instance has its orders and stock", "leave it out"
    faults = [
        Fault("E913", f"--{name.replace('_', '-')}", found, needed)
        for name, value in made_of.items()
        if value != getattr(usual, name)
    ]
    if faults:
        raise InputError(faults)
