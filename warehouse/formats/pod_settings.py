"""Keys of ``scenario.toml`` that sites with pods have and others do not."""

from typing import Any, Final, Literal, get_args

import numpy as np

from warehouse.formats.toml_file import TomlTable
from warehouse.scenario import PodSystem

FleetKind = Literal["tote", "pod", "mixed"]
LONGEST_S: Final = 86_400.0
LONGEST_HORIZON_S: Final = 1e7
MOST_SLOTS: Final = 1000
_FLEET: Final = {
    "lift_s": (0.0, LONGEST_S),
    "set_down_s": (0.0, LONGEST_S),
    "acceleration_m_s2": (0.01, 100.0),
    "turn_s": (0.0, LONGEST_S),
}
_SERVICE: Final = {
    "station_s_per_visit": (0.0, LONGEST_S),
    "station_s_per_line": (0.0, LONGEST_S),
    "station_s_per_unit": (0.0, LONGEST_S),
    "robot_s_per_unit": (0.0, LONGEST_S),
}
_STANDARD: Final = PodSystem((), np.zeros(0, np.int32), np.zeros(0, np.int32))


def carried(fleet: TomlTable, has_pods: bool) -> FleetKind:
    """Whether robots carry totes, pods or both; ``pods.csv`` goes with the last two.

    Parameters
    ----------
    fleet : TomlTable
        ``[fleet]``.
    has_pods : bool
        Whether ``scenario.toml`` names a table of pods.
    """
    kinds: tuple[FleetKind, ...] = get_args(FleetKind)
    standard: FleetKind = "pod" if has_pods else "tote"
    kind = fleet.choice("kind", kinds, standard)
    if has_pods and kind == "tote":
        needed = 'write kind = "pod", or take the key pods away'
        fleet.fault(
            "E125", "kind", "there are pods, and the robots carry totes", needed
        )
        return "pod"
    if kind != "tote" and not has_pods:
        needed = 'name the pods, as in pods = "pods.csv"'
        fleet.fault("E125", "kind", "the robots carry pods, and none are named", needed)
    return kind


def need_robots_table(root: TomlTable, has_robots: bool) -> None:
    """Append a fault where nothing says which robots carry totes, and which pods.

    Parameters
    ----------
    root : TomlTable
        ``scenario.toml``.
    has_robots : bool
        Whether it names a table of robots.
    """
    if not has_robots:
        needed = 'name the table that says it, as in robots = "robots.csv"'
        found = "nothing says which robots carry totes, and which pods"
        root.fault("E570", "robots", found, needed)


def parse_pod_settings(
    root: TomlTable, fleet: TomlTable, service: TomlTable
) -> PodSystem:
    """Pods without places or stations, from the tables of a scenario."""
    values: dict[str, Any] = {
        key: table.number(key, low, high, getattr(_STANDARD, key))
        for table, keys in ((fleet, _FLEET), (service, _SERVICE))
        for key, (low, high) in keys.items()
    }
    if values["robot_s_per_unit"] > values["station_s_per_unit"]:
        found = "the robot stands longer for a unit than the picker works"
        needed = "need at most station_s_per_unit"
        service.fault("E126", "robot_s_per_unit", found, needed)
    demand, horizon = root.table("demand"), root.table("horizon")
    backlog = demand.whole("backlog", 0, 10**9, 0)
    demand.refuse_others()
    warm_up_s = horizon.number("warm_up_s", 0, LONGEST_HORIZON_S, 0.0)
    end_s = np.inf
    if horizon.has("end_s"):
        end_s = horizon.number("end_s", 1, LONGEST_HORIZON_S)
        if end_s <= warm_up_s:
            needed = "need a time after warm_up_s"
            horizon.fault("E126", "end_s", f"{end_s:g} s is not after it", needed)
    horizon.refuse_others()
    return PodSystem(
        (),
        _STANDARD.start_cells,
        _STANDARD.order_slots,
        **values,
        backlog=backlog,
        warm_up_s=warm_up_s,
        end_s=end_s,
    )


def parse_order_slots(station: TomlTable) -> int:
    """Orders that can be open at once at a station."""
    return station.whole("order_slots", 1, MOST_SLOTS, 12)


def pod_tables(pods: PodSystem) -> list[str]:
    """Lines of ``[demand]`` and ``[horizon]``, as far as they say anything."""
    lines = []
    if pods.backlog:
        lines += ["", "[demand]", f"backlog = {pods.backlog}"]
    if pods.warm_up_s or np.isfinite(pods.end_s):
        lines += ["", "[horizon]", f"warm_up_s = {float(pods.warm_up_s)!r}"]
    if np.isfinite(pods.end_s):
        lines.append(f"end_s = {float(pods.end_s)!r}")
    return lines


def pod_fleet_lines(pods: PodSystem, kind: FleetKind) -> list[str]:
    """Lines of ``[fleet]`` that robots with pods have, alone or beside others."""
    lines = [f"{key} = {float(getattr(pods, key))!r}" for key in _FLEET]
    return [f'kind = "{kind}"', *lines]


def pod_service_lines(pods: PodSystem) -> list[str]:
    """Lines of ``[service]`` that stations with pods have."""
    return [f"{key} = {float(getattr(pods, key))!r}" for key in _SERVICE]
