"""What commands that generate floors and sites have in common."""

import shlex
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from solvers.cli.console import Console
from solvers.cli.writing import whole_folder
from warehouse.errors import Fault, InputError

if TYPE_CHECKING:
    from warehouse.layout import Layout
    from warehouse.scenario import Scenario

MADE_BY = "made_by.txt"
"""File in a generated folder that holds the command it was made with."""


def refuse_foreign(folder: Path) -> None:
    """Refuse to write over a scenario that no generator made.

    Raises
    ------
    InputError
    """
    if (folder / "scenario.toml").exists() and not (folder / MADE_BY).exists():
        found = "holds a scenario that was not made by this command"
        raise InputError([Fault("E906", str(folder), found, "choose a new folder")])


def floor_params(chosen: dict[str, Any], floor_type: type, name: str) -> Any:
    """Parameters of a floor from options that carry their names.

    Parameters
    ----------
    chosen : dict
        The command's options.
    floor_type : type
        Parameters of the floor.
    name : str
        Of the floor.
    """
    plain = plain_values(chosen) | {"name": name}
    return floor_type(**{f.name: plain[f.name] for f in fields(floor_type)})


def plain_values(chosen: dict[str, Any]) -> dict[str, Any]:
    """Options with the values that their choices stand for."""
    return {k: v.value if isinstance(v, Enum) else v for k, v in chosen.items()}


def chosen_params(
    chosen: dict[str, Any], floor_type: type, site_type: type
) -> "tuple[Any, Layout | None]":
    """Parameters of a site, and the floor plan to use instead of a generated one.

    Parameters
    ----------
    chosen : dict
        The command's options, which carry the names of the parameters.
    floor_type, site_type : type
        Parameters of the floor, and of the site that has them as ``layout``.
    """
    from warehouse.formats.layouts_by_ending import read_any_layout

    plain = plain_values(chosen)
    own_floor = None
    if plain["layout"] is not None:
        own_floor = read_any_layout(plain["layout"])
    plain["name"] = plain["folder"].resolve().name
    plain["layout"] = floor_params(chosen, floor_type, plain["name"])
    params = site_type(**{f.name: plain[f.name] for f in fields(site_type)})
    return params, own_floor


def write_made(
    context: typer.Context, folder: Path, scenario: "Scenario", console: Console
) -> None:
    """Write a generated scenario with the command that makes it again."""
    from warehouse.formats.scenario_folder import write_scenario

    with whole_folder(folder) as part:
        write_scenario(scenario, part)
        (part / MADE_BY).write_text(_command(context) + "\n", encoding="utf-8")
    console.answer = {
        "scenario": str(folder),
        "orders": len(scenario.orders),
        "lines": scenario.orders.lines,
        "units": int(scenario.orders.line_quantity.sum()),
        "robots": len(scenario.fleet),
        "stations": len(scenario.stations),
    }
    with_pods = ""
    if scenario.pods is not None:
        console.answer["pods"] = len(scenario.pods)
        with_pods = f"{len(scenario.pods):,} pods, "
    console.say(
        f"wrote {folder}: {len(scenario.orders):,} orders with "
        f"{scenario.orders.lines:,} lines, {with_pods}{len(scenario.fleet)} robots, "
        f"{len(scenario.stations)} stations"
    )
    console.say(f"plan it with: aislewise plan {folder} -o {folder.name}.plan.npz")


def _arguments(context: typer.Context) -> list[str]:
    """Return the arguments; of the folder that is written the name alone."""
    names = [o.name for o in context.command.params if o.param_type_name == "argument"]
    values = [context.params[str(name)] for name in names]
    return [*map(str, values[:-1]), values[-1].resolve().name]


def _command(context: typer.Context) -> str:
    """Return the command that makes the same files: options not left at default."""
    words = ["aislewise", "scenario", str(context.info_name)]
    words += _arguments(context)
    for option in context.command.params:
        value = context.params.get(str(option.name))
        if option.param_type_name == "argument" or option.name == "json_output":
            continue
        if value == option.default:
            continue
        names = option.secondary_opts if value is False else option.opts
        words.append(max(names, key=len))
        if isinstance(value, tuple):
            words += [f"{number:g}" for number in value]
        elif not isinstance(value, bool):
            words.append(str(value))
    return shlex.join(words)
