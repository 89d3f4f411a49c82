"""``aislewise scenario add-shipping``: cartons and trucks for a scenario."""

from pathlib import Path
from typing import Annotated, Final

import typer

from solvers.cli import shipping_options as shipping
from solvers.cli.console import Console
from solvers.cli.generated import plain_values, refuse_foreign, write_made
from solvers.cli.options import (
    JsonOption,
    ScenarioArgument,
    SeedOption,
    example,
    find_scenario,
)

EXAMPLE: Final = example(
    "aislewise scenario add-shipping my-warehouse with-cartons",
    "aislewise scenario add-shipping small with-trucks --trucks-every-s 1800 --seed 7",
)


def add_shipping(
    context: typer.Context,
    scenario: ScenarioArgument,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write.")
    ],
    trucks_every_s: shipping.TrucksEvery = 0.0,
    trucks_until_s: shipping.TrucksUntil = 0.0,
    carriers: shipping.Carriers = 3,
    truck_m3: shipping.TruckVolume = 40.0,
    truck_kg: shipping.TruckMass = 12_000.0,
    s_per_carton: shipping.SecondsPerCarton = 4.0,
    setup_s: shipping.Setup = 0.0,
    support: shipping.Support = 0.0,
    transfer_s: shipping.Transfer = 60.0,
    walk_m_s: shipping.WalkSpeed = 1.0,
    upright_share: shipping.UprightShare = 0.05,
    fragile_share: shipping.FragileShare = 0.02,
    seed: SeedOption = 0,
    json_output: JsonOption = False,
) -> None:
    """Give a scenario sizes, cartons and, if asked for, trucks.

    Sizes are log-normal. Each order gets a carrier and is due with one of its trucks;
    what was due before is written over. The same options give the same files.
    """
    chosen = plain_values(dict(context.params))
    with Console(json_output) as console:
        refuse_foreign(folder)
        from warehouse.formats.scenario_folder import read_scenario
        from warehouse.generate.shipping import ShippingParams, add_shipping

        site = read_scenario(find_scenario(scenario))
        params = ShippingParams(
            **{name: chosen[name] for name in ShippingParams.__dataclass_fields__}
        )
        write_made(context, folder, add_shipping(site, params), console)
