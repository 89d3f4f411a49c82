"""RAWSim-O instances (``.xinst``, and layouts of the RAFS data): what they say.

The format is that of RAWSim-O (Merschformann, Xie, Li 2018): waypoints with paths
between them, on which pods, robots and stations stand. The RAFS data (Xie, Li, Luttmann
2023) add places to pick at beside pods that stay where they are.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.xml_file import XmlElement, parse_xml

FARTHEST_M: Final = 100_000.0
MOST_ID: Final = 10**9
LONGEST_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Waypoints:
    """Places and the paths between them.

    Parameters
    ----------
    x_m, y_m : ndarray of float64, shape (waypoints,)
        Metres from the bottom left corner.
    spot : ndarray of bool, shape (waypoints,)
        Whether a pod may be stored there.
    pick : ndarray of int64, shape (waypoints,)
        Pick location there, beside which pods stay, else -1.
    paths : ndarray of int64, shape (paths, 2)
        From one waypoint to another, by their place in the arrays.
    lines : ndarray of int64, shape (waypoints,)
        Line of the file of each.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    spot: NDArray[np.bool_]
    pick: NDArray[np.int64]
    paths: NDArray[np.int64]
    lines: NDArray[np.int64]

    def nearest(self, x_m: float, y_m: float) -> tuple[int, float]:
        """Waypoint nearest to a point, and its distance in metres."""
        distance = np.hypot(self.x_m - x_m, self.y_m - y_m)
        found = int(distance.argmin())
        return found, float(distance[found])


@dataclass(frozen=True, slots=True)
class RawsimInstance:
    """What an instance says, as far as it is read.

    Parameters
    ----------
    file : str
    name : str
    waypoints : Waypoints
    robots, pods, stations, fill_stations : tuple of XmlElement
        The last where pods are filled; there may be none.
    faults : list of Fault
        Where the elements put what is wrong with them.
    """

    file: str
    name: str
    waypoints: Waypoints
    robots: tuple[XmlElement, ...]
    pods: tuple[XmlElement, ...]
    stations: tuple[XmlElement, ...]
    fill_stations: tuple[XmlElement, ...]
    faults: list[Fault]


def parse_instance(path: Path, faults: list[Fault]) -> RawsimInstance | None:
    """Read an instance; None when there is none to speak of.

    Parameters
    ----------
    path : Path
    faults : list of Fault
        What is wrong is appended here.
    """
    before = len(faults)
    root = parse_xml(path, "Instance", faults)
    if root is None:
        return None
    waypoints = _parse_waypoints(root)
    if len(list(root.all("Elevators", "Elevator"))):
        needed = "give an instance of one floor"
        root.fault("E197", "lifts between floors are not supported", needed)
    instance = RawsimInstance(
        path.name,
        root.attributes.get("Name", path.name.split(".")[0]),
        waypoints,
        tuple(root.all("Bots", "Bot")),
        tuple(root.all("Pods", "Pod")),
        tuple(root.all("OutputStations", "OutputStation")),
        tuple(root.all("InputStations", "InputStation")),
        faults,
    )
    for things, what, code in (
        (instance.robots, "robot: Bot", "E186"),
        (instance.pods, "pod: Pod", "E169"),
        (instance.stations, "pick station: OutputStation", "E187"),
    ):
        if not things:
            needed = "write one or more"
            faults.append(Fault(code, path.name, f"there is no {what}", needed))
    return instance if len(faults) == before else None


def _parse_waypoints(root: XmlElement) -> Waypoints:
    """Waypoints of an instance, all of one floor."""
    elements = list(root.all("Waypoints", "Waypoint"))
    index: dict[int, int] = {}
    tiers = set()
    for number, element in enumerate(elements):
        name = element.whole("ID", 0, MOST_ID)
        if name in index:
            element.fault("E147", f"waypoint {name} is there twice", "keep one")
        index.setdefault(name, number)
        tiers.add(element.whole("Tier", 0, MOST_ID, 0))
    if not elements:
        root.fault("E160", "there is no Waypoint", "write one or more")
    if len(tiers) > 1:
        needed = "give an instance of one floor"
        root.fault("E197", "several tiers are not supported", needed)
    paths = [
        (number, index[to])
        for number, element in enumerate(elements)
        for to in _paths_of(element, index)
    ]
    return Waypoints(
        x_m=_column(elements, "X"),
        y_m=_column(elements, "Y"),
        spot=np.array([_is_spot(element) for element in elements], bool),
        pick=np.array(
            [element.whole("PickLocation", -1, MOST_ID, -1) for element in elements],
            np.int64,
        ),
        paths=np.array(paths, np.int64).reshape(-1, 2),
        lines=np.array([element.line for element in elements], np.int64),
    )


def _column(elements: list[XmlElement], name: str) -> NDArray[np.float64]:
    values = [element.number(name, -FARTHEST_M, FARTHEST_M) for element in elements]
    return np.array(values, np.float64)


def _paths_of(element: XmlElement, index: dict[int, int]) -> list[int]:
    """Waypoints that a waypoint has a path to."""
    found = []
    for path in element.all("Paths", "Waypoint"):
        to = int(path.content(0, MOST_ID))
        if to in index:
            found.append(to)
        else:
            needed = "name a Waypoint of the file"
            path.fault("E190", f"there is no waypoint {to}", needed)
    return found


def _is_spot(element: XmlElement) -> bool:
    return element.attributes.get("PodStorageLocation", "").lower() == "true"
