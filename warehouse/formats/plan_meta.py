"""The settings of a plan file: everything that is no array, as JSON text."""

import math
from dataclasses import asdict, fields
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.plan_replenishment import read_replenishment
from warehouse.formats.text_file import shown
from warehouse.layout import Layout, Zone
from warehouse.plan import Bound, Plan
from warehouse.scenario import (
    Battery,
    Fleet,
    MotionModel,
    PodSystem,
    Service,
)
from warehouse.version import __version__

FORMAT_NAME: Final = "aislewise plan"
FORMAT_VERSION: Final = 4
WITH_BATTERIES: Final = 3
"""Version of plans with batteries and without what came later."""
WITH_PODS: Final = 2
"""Version of plans with masses or pods and without batteries."""
POD_NUMBERS: Final = (
    "lift_s",
    "set_down_s",
    "acceleration_m_s2",
    "turn_s",
    "station_s_per_visit",
    "station_s_per_line",
    "station_s_per_unit",
    "robot_s_per_unit",
    "warm_up_s",
    "end_s",
)
"""Settings of a site with pods that are numbers."""
KIND_NAMES: Final = {
    str: "text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def meta_of(plan: Plan) -> dict[str, Any]:
    """Settings of a plan, as JSON can hold them."""
    scenario = plan.scenario
    layout, fleet, service = scenario.layout, scenario.fleet, scenario.service
    limited = fleet.max_mass_kg < math.inf
    battery = None if scenario.pods is None else fleet.battery
    optional: dict[str, Any] = {}
    if scenario.pods is not None:
        numbers = {name: getattr(scenario.pods, name) for name in POD_NUMBERS}
        optional["pods"] = numbers | {"backlog": scenario.pods.backlog}
    if scenario.shipping is not None:
        optional["packing"] = asdict(scenario.shipping.rules)
    if plan.splitting is not None:
        optional["splitting"] = {"split_s": plan.splitting.split_s}
    return optional | {
        "format": FORMAT_NAME,
        "format_version": _version(plan),
        "written_by": f"aislewise {__version__}",
        "step_s": scenario.step_s,
        "scenario": {"name": scenario.name},
        "layout": {
            "name": layout.name,
            "cell_size_m": layout.cell_size_m,
            "zones": [
                [z.name, z.first_row, z.first_col, z.last_row, z.last_col]
                for z in layout.zones
            ],
            "obstacles": layout.obstacles,
        },
        "fleet": {
            "tote_slots": fleet.tote_slots,
            "speed_m_s": fleet.speed_m_s,
            "motion": fleet.motion,
            "length_m": fleet.length_m,
            "width_m": fleet.width_m,
            **({"max_mass_kg": fleet.max_mass_kg} if limited else {}),
            **({} if battery is None else {"battery": asdict(battery)}),
        },
        "service": {
            name: getattr(service, name) for name in Service.__dataclass_fields__
        },
        # Pairs, because the order of the parts is kept: the first of equals binds.
        "bound": {
            "makespan_s": list(plan.bound.makespan_s.items()),
            "travel_m": plan.bound.travel_m,
            "tardiness_s": plan.bound.tardiness_s,
        },
        "plan": plan.meta,
    }


def _version(plan: Plan) -> int:
    """Oldest version that has all of it, so that older programs read the others."""
    scenario = plan.scenario
    fleet, pods = scenario.fleet, scenario.pods
    late = (
        scenario.replenishment,
        scenario.shipping,
        scenario.staff,
        plan.splitting,
    )
    if scenario.is_mixed or any(part is not None for part in late):
        return FORMAT_VERSION
    if fleet.battery is not None and pods is not None:
        return WITH_BATTERIES
    weighed = fleet.max_mass_kg < math.inf or scenario.sku_mass_kg is not None
    return WITH_PODS if weighed or pods is not None else 1


class MetaReader:
    """Takes settings one by one and remembers every one that is wrong.

    Parameters
    ----------
    settings : dict
        What the JSON text holds.
    place : str
        File and member, for faults.
    """

    def __init__(self, settings: dict[str, Any], place: str) -> None:
        self._settings = settings
        self._place = place
        self._faults: list[Fault] = []

    def has(self, key: str) -> bool:
        """Whether there is a setting under a dotted key."""
        return self._find(key) is not None

    def _find(self, key: str) -> Any:
        value: Any = self._settings
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def take(self, key: str, kind: type) -> Any:
        """Setting under a dotted key; an empty one of its kind where it is wrong."""
        value = self._find(key)
        if kind is float and type(value) is int and abs(value) < 2**53:
            value = float(value)
        if type(value) is not kind:
            self.refuse(key, value, KIND_NAMES[kind])
            return kind()
        return value

    def refuse(self, key: str, value: object, needed: str) -> None:
        """Remember that a setting is wrong."""
        found = "missing" if value is None else f"{key} is {shown(value)}"
        place = f"{self._place}, key {key}"
        self._faults.append(Fault("E211", place, found, f"need {needed}"))

    def raise_faults(self) -> None:
        """Raise all that was remembered, if anything was."""
        if self._faults:
            raise InputError(self._faults)


def read_layout(
    meta: MetaReader, kinds: NDArray[np.uint8], exits: NDArray[np.uint8]
) -> Layout:
    """Layout of a plan, from its settings and its two equal arrays."""
    zones, obstacles = [], []
    for row in meta.take("layout.zones", list):
        if _has_types(row, (str, int, int, int, int)):
            zones.append(Zone(*row))
        else:
            meta.refuse("layout.zones", row, "a name and four whole numbers")
    for polygon in meta.take("layout.obstacles", list):
        if isinstance(polygon, list) and all(map(_is_point, polygon)):
            obstacles.append(tuple((float(x), float(y)) for x, y in polygon))
        else:
            meta.refuse("layout.obstacles", polygon, "a list of points [x_m, y_m]")
    return Layout(
        meta.take("layout.name", str),
        meta.take("layout.cell_size_m", float),
        kinds,
        exits,
        tuple(zones),
        tuple(obstacles),
    )


def read_fleet(
    meta: MetaReader,
    start_cells: NDArray[np.int32],
    kinds: NDArray[np.uint8] | None,
) -> Fleet:
    """Fleet of a plan, from its settings, its start cells and the robots' kinds."""
    motion = meta.take("fleet.motion", str)
    return Fleet(
        start_cells,
        tote_slots=meta.take("fleet.tote_slots", int),
        speed_m_s=meta.take("fleet.speed_m_s", float),
        # Whether it is one of the two is for the checker to say.
        motion=cast("MotionModel", motion),
        length_m=meta.take("fleet.length_m", float),
        width_m=meta.take("fleet.width_m", float),
        max_mass_kg=(
            meta.take("fleet.max_mass_kg", float)
            if meta.has("fleet.max_mass_kg")
            else math.inf
        ),
        battery=_read_battery(meta) if meta.has("fleet.battery") else None,
        kinds=kinds,
    )


def _read_battery(meta: MetaReader) -> Battery:
    names = [field.name for field in fields(Battery)]
    return Battery(*(meta.take(f"fleet.battery.{name}", float) for name in names))


def read_service(meta: MetaReader) -> Service:
    """Service times of a plan."""
    names = Service.__dataclass_fields__
    return Service(**{name: meta.take(f"service.{name}", float) for name in names})


def read_pods(meta: MetaReader, arrays: dict[str, NDArray[Any]]) -> PodSystem:
    """Pods of a plan, from its settings and arrays."""
    return PodSystem(
        tuple(arrays["pod_names"].tolist()),
        arrays["pod_cells"],
        arrays["order_slots"],
        **{name: meta.take(f"pods.{name}", float) for name in POD_NUMBERS},
        backlog=meta.take("pods.backlog", int),
        replenishment=read_replenishment(arrays),
    )


def read_bound(meta: MetaReader) -> Bound:
    """Lower bounds of a plan."""
    parts = {}
    for pair in meta.take("bound.makespan_s", list):
        if _has_types(pair, (str, float)) or _has_types(pair, (str, int)):
            parts[pair[0]] = float(pair[1]) if abs(pair[1]) < 2**53 else pair[1]
        else:
            meta.refuse("bound.makespan_s", pair, "a name and a number of seconds")
    travel_m = meta.take("bound.travel_m", float)
    return Bound(parts, travel_m, meta.take("bound.tardiness_s", float))


def _has_types(row: object, kinds: tuple[type, ...]) -> bool:
    return isinstance(row, list) and [type(value) for value in row] == list(kinds)


def _is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(n) in (int, float) and abs(n) < 2**53 for n in point)
    )
