"""RAWSim-O layout configurations (``.xlayo``): the numbers a site is generated from.

RAWSim-O (Merschformann, Xie, Li 2018) makes a floor from them; ours is made by
`warehouse.generate` from those that say the same.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from warehouse.errors import Fault, InputError
from warehouse.formats.text_file import shown
from warehouse.formats.xml_file import XmlElement, parse_xml
from warehouse.generate.params import Side
from warehouse.generate.pod_params import PodLayoutParams, PodScenarioParams

MOST: Final = 100_000
LONGEST_S: Final = 3600.0
_ACROSS: Final = ("NrVerticalAisles", "NrHorizontalAisles")
_UP: Final = ("NrHorizontalAisles", "NrVerticalAisles")
_SIDES: Final[dict[str, tuple[Side, tuple[str, str]]]] = {
    "East": ("right", _ACROSS),
    "West": ("left", _ACROSS),
    "South": ("bottom", _UP),
    "North": ("top", _UP),
}
"""Side of stations, and what counts blocks away from it and along it."""


def read_rawsim_layout(
    path: str | Path, params: PodScenarioParams
) -> PodScenarioParams:
    """Read a layout configuration.

    As many blocks, spots, robots, pods, stations of both kinds and slots, and the same
    times. All pick stations stand at the side that has most of them, and those where
    pods are filled opposite. Queues, the ways around the blocks and parking places are
    as `generate_pod_layout` makes them; several floors there are not.

    Parameters
    ----------
    path : str or Path
    params : PodScenarioParams
        Its demand, ``skus_per_pod``, backlog and horizon are kept, and what it says of
        goods that arrive.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_rawsim_layout("none.xlayo", PodScenarioParams())
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 none.xlayo: no such file; write the file or \
correct its name
    """
    faults: list[Fault] = []
    root = parse_xml(Path(path), "LayoutConfiguration", faults)
    if root is None:
        raise InputError(faults)
    made = _params(_Values(root), params)
    if faults:
        raise InputError(faults)
    return made


class _Values:
    """Elements of a configuration by name."""

    def __init__(self, root: XmlElement) -> None:
        self.root = root
        self.by_tag = {child.tag: child for child in root.children}

    def number(self, tag: str, low: float, high: float, default: float) -> float:
        """Number of an element; the default where it is not there."""
        if tag not in self.by_tag:
            return default
        return self.by_tag[tag].content(low, high)

    def whole(self, tag: str, low: int, high: int, default: int | None = None) -> int:
        """Whole number of an element, which is needed where there is no default."""
        if tag not in self.by_tag:
            if default is None:
                self.root.fault("E121", f"{tag} is missing", "write it")
                return low
            return default
        value = self.by_tag[tag].content(low, high)
        if value != int(value):
            found = shown(self.by_tag[tag].text)
            self.by_tag[tag].fault("E116", found, f"need {tag}, a whole number")
        return int(value)


def _params(values: _Values, params: PodScenarioParams) -> PodScenarioParams:
    """Parameters of a site from those of the file; faults go to its elements."""
    if values.whole("TierCount", 1, 1000, 1) > 1:
        needed = "set TierCount to 1"
        values.by_tag["TierCount"].fault("E197", "several floors", needed)
    stations = {
        side: values.whole(f"NPickStation{side}", 0, MOST, 0) for side in _SIDES
    }
    if not any(stations.values()):
        needed = "set NPickStationEast, or another side, to 1 or more"
        values.root.fault("E187", "there is no pick station", needed)
    most = max(stations, key=lambda side: stations[side])
    side, (away, along) = _SIDES[most]
    robots = values.whole("BotCount", 1, MOST)
    two_way = values.by_tag.get("AislesTwoDirectional")
    layout = PodLayoutParams(
        # Seen from the stations: blocks of the east and west lie towards them.
        block_rows=values.whole(away, 1, MOST) + 1,
        block_cols=values.whole(along, 1, MOST) + 1,
        block_length=values.whole("HorizontalLengthBlock", 1, MOST),
        stations=max(1, sum(stations.values())),
        station_side=side,
        replenishment_stations=sum(
            values.whole(f"NReplenishmentStation{side}", 0, MOST, 0) for side in _SIDES
        ),
        homes=robots,
        chargers=0,
        towards_stations=side in ("left", "right"),
        one_way=two_way is None or two_way.text.lower() != "true",
        name=params.name,
    )
    unit_s = values.number("ItemTransferTime", 0.0, LONGEST_S, 10.0)
    transfer_s = values.number("PodTransferTime", 0.0, LONGEST_S, 2.2)
    share = values.number("PodAmount", 0.001, 1.0, 0.85)
    return replace(
        params,
        layout=layout,
        robots=robots,
        pods=max(1, int(share * layout.spots)),
        order_slots=values.whole("OStationCapacity", 1, 1000, 12),
        speed_m_s=values.number("MaxVelocity", 0.01, 100.0, 1.5),
        acceleration_m_s2=values.number("MaxAcceleration", 0.01, 100.0, 1.0),
        turn_s=values.number("TurnSpeed", 0.0, LONGEST_S, 2.5),
        lift_s=transfer_s,
        set_down_s=transfer_s,
        station_s_per_unit=unit_s,
        robot_s_per_unit=min(
            values.number("ItemPickTime", 0.0, LONGEST_S, 3.0), unit_s
        ),
        pod_capacity=int(values.number("PodCapacity", 1.0, 1e9, 500.0)),
        box_s=values.number("ItemBundleTransferTime", 0.0, LONGEST_S, 10.0),
    )
