"""``[battery]`` of ``scenario.toml``: what robots use, and what chargers give."""

from dataclasses import fields
from typing import Final

from warehouse.formats.toml_file import TomlTable
from warehouse.scenario import Battery

MOST_WH: Final = 1e6
MOST_W: Final = 1e6
LEAST: Final = 0.001
_CARRYING: Final = "carrying_w"


def parse_battery(root: TomlTable, with_pods: bool) -> Battery | None:
    """Batteries of the robots; None where there is no ``[battery]``.

    Powers must be given, because nobody can guess them; ``lifting_w`` is that of
    carrying where it is left out.

    Parameters
    ----------
    root : TomlTable
        ``scenario.toml``.
    with_pods : bool
        Batteries of robots that carry totes are refused.
    """
    if not root.has("battery"):
        return None
    table = root.table("battery")
    if not with_pods:
        found = "batteries of robots that carry totes are not supported yet"
        root.fault("E123", "battery", found, "take the table away")
        return None
    carrying_w = table.number(_CARRYING, 0, MOST_W)
    battery = Battery(
        capacity_wh=table.number("capacity_wh", LEAST, MOST_WH),
        moving_w=table.number("moving_w", 0, MOST_W),
        carrying_w=carrying_w,
        idle_w=table.number("idle_w", 0, MOST_W),
        lifting_w=table.number("lifting_w", 0, MOST_W, carrying_w),
        charge_w=table.number("charge_w", LEAST, MOST_W),
        reserve=table.number("reserve", 0, 1, 0.2),
        start=table.number("start", 0, 1, 1.0),
    )
    table.refuse_others()
    if battery.start <= battery.reserve:
        found = f"robots begin with {battery.start:g} of the capacity, and "
        found += f"{battery.reserve:g} of it is their reserve"
        table.fault("E126", "start", found, "need more than the reserve")
    return battery


def battery_lines(battery: Battery) -> list[str]:
    """Lines of ``[battery]``."""
    names = [field.name for field in fields(Battery)]
    lines = [f"{name} = {float(getattr(battery, name))!r}" for name in names]
    return ["", "[battery]", *lines]
