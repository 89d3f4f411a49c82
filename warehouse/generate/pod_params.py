"""What a generated site with pods is made from."""

from dataclasses import dataclass, field
from typing import get_args

from warehouse.errors import Fault, InputError
from warehouse.generate.params import (
    DemandParams,
    Side,
    not_in,
    not_positive,
    out_of_range,
    too_large,
    too_small,
)
from warehouse.scenario import Battery

RING = 2
"""Lanes around all blocks."""

BLOCK_DEPTH = 2
"""Rows of a block: every pod has floor beside it."""


@dataclass(frozen=True, slots=True)
class PodLayoutParams:
    """Parameters of a generated floor for pods: blocks of spots, two rows deep.

    Parameters
    ----------
    block_rows, block_cols : int
        Blocks down and across, seen with the stations at the bottom.
    block_length : int
        Pod spots along a block, which has two rows of them.
    stations : int
        Pick stations, spread evenly along the wall of one side.
    station_side : "bottom", "top", "left" or "right"
    replenishment_stations : int
        Stations where pods are filled, spread evenly along the wall opposite.
    queue : int
        Robots that a station's lane has room for, the one at the dock included.
    homes, chargers : int
        Parking places along the wall opposite the stations.
    towards_stations : bool
        Blocks lie with their short side to the stations, as RAWSim-O's do, not along.
    one_way : bool
        Aisles between blocks are one-way, in turn in one direction and the other. Else
        they are two cells wide, with a lane each way, as the way around all blocks
        always is. Queues are always one-way.
    cell_size_m : float
    name : str

    Raises
    ------
    InputError
        With every parameter that is out of range.

    Examples
    --------
    >>> PodLayoutParams(queue=2)
    Traceback (most recent call last):
    warehouse.errors.InputError: E601 queue: got 2; need a whole number from 3 up
    """

    block_rows: int = 6
    block_cols: int = 5
    block_length: int = 4
    stations: int = 4
    station_side: Side = "bottom"
    replenishment_stations: int = 0
    queue: int = 8
    homes: int = 20
    chargers: int = 2
    towards_stations: bool = False
    one_way: bool = True
    cell_size_m: float = 1.0
    name: str = "generated"

    def __post_init__(self) -> None:
        counts = ("block_rows", "block_cols", "block_length", "stations", "homes")
        least = {"queue": 3, "chargers": 0, "replenishment_stations": 0}
        faults = too_small(self, {**dict.fromkeys(counts, 1), **least})
        faults += not_positive(self, ("cell_size_m",))
        faults += not_in(self, "station_side", get_args(Side))
        faults = faults or too_large(self.cells)
        if faults:
            raise InputError(faults)

    @property
    def block_cells(self) -> tuple[int, int]:
        """Rows and columns of a block."""
        if self.towards_stations:
            return self.block_length, BLOCK_DEPTH
        return BLOCK_DEPTH, self.block_length

    @property
    def aisle_lanes(self) -> int:
        """Cells across an aisle."""
        return 1 if self.one_way else 2

    @property
    def core_height(self) -> int:
        """Rows of all blocks, the aisles between them and the ways around them."""
        lanes = self.aisle_lanes
        return self.block_rows * (self.block_cells[0] + lanes) - lanes + 2 * RING

    @property
    def core_width(self) -> int:
        """Columns of all blocks, the aisles between them and the ways around them."""
        lanes = self.aisle_lanes
        return self.block_cols * (self.block_cells[1] + lanes) - lanes + 2 * RING

    @property
    def spots(self) -> int:
        """Pod spots of the floor."""
        return self.block_rows * self.block_cols * self.block_length * BLOCK_DEPTH

    @property
    def cells(self) -> int:
        """Cells of the floor, the parking rows counted roughly."""
        parking = 2 * (self.homes + self.chargers)
        bands = self.queue + (self.queue + 1 if self.replenishment_stations else 0)
        return (self.core_height + bands) * self.core_width + parking


@dataclass(frozen=True, slots=True)
class PodScenarioParams(DemandParams):
    """Parameters of a generated site with pods.

    What robots and stations can do is as in RAWSim-O (Merschformann, Xie, Li 2018):
    see `warehouse.scenario.PodSystem`. Those for the demand are `DemandParams`.

    Parameters
    ----------
    layout : PodLayoutParams
    robots, pods : int
    racks, tote_robots : int
        Rack cells in the place of as many spots, and robots with totes that serve them:
        both, or neither.
    skus_per_pod : int
        SKUs that a pod holds, and a rack cell.
    order_slots : int
        Orders that are open at once at each station.
    backlog : int
        Orders that are known and wait, never more; 0 for all that are released.
    speed_m_s, acceleration_m_s2, turn_s, lift_s, set_down_s : float
    station_s_per_unit, robot_s_per_unit : float
        The picker's time for a unit, and how long of it the pod must stand.
    warm_up_s, end_s : float
        What is measured begins and ends here; inf plans until all is served.
    pod_capacity : int
        Units that a pod holds, where there are stations to fill it.
    start_level : float
        Share of it that lies on every pod at first, where there are.
    box_units, box_s : int, float
        Units of one SKU that arrive together, and the time to put them into a pod.
    battery_wh : float
        Capacity of each robot's battery; 0 where nobody counts.
    moving_w, carrying_w, idle_w, charge_w, reserve, battery_start : float
        See `warehouse.scenario.Battery`; lifting draws as much as carrying.
    """

    layout: PodLayoutParams = field(default_factory=PodLayoutParams)
    robots: int = 10
    pods: int = 200
    racks: int = 0
    tote_robots: int = 0
    skus_per_pod: int = 6
    order_slots: int = 12
    backlog: int = 0
    speed_m_s: float = 1.5
    acceleration_m_s2: float = 1.0
    turn_s: float = 2.5
    lift_s: float = 2.2
    set_down_s: float = 2.2
    station_s_per_unit: float = 10.0
    robot_s_per_unit: float = 3.0
    warm_up_s: float = 0.0
    end_s: float = float("inf")
    pod_capacity: int = 100
    start_level: float = 0.7
    box_units: int = 8
    box_s: float = 10.0
    battery_wh: float = 0.0
    moving_w: float = 120.0
    carrying_w: float = 180.0
    idle_w: float = 20.0
    charge_w: float = 900.0
    reserve: float = 0.2
    battery_start: float = 1.0

    def __post_init__(self) -> None:
        faults = self.demand_faults()
        counts = ("robots", "pods", "skus_per_pod", "order_slots")
        counts_of_goods = ("pod_capacity", "box_units")
        least = dict.fromkeys((*counts, *counts_of_goods), 1)
        others = dict.fromkeys(("backlog", "racks", "tote_robots"), 0)
        faults += too_small(self, least | others)
        faults += self._mixed_faults()
        seconds = (0.0, 3600.0)
        faults += out_of_range(
            self,
            {
                "speed_m_s": (0.01, 100.0),
                "acceleration_m_s2": (0.01, 100.0),
                "turn_s": seconds,
                "lift_s": seconds,
                "set_down_s": seconds,
                "station_s_per_unit": seconds,
                "robot_s_per_unit": (0.0, self.station_s_per_unit),
                "warm_up_s": (0.0, 1e7),
                "start_level": (0.0, 1.0),
                "box_s": seconds,
                **dict.fromkeys(("moving_w", "carrying_w", "idle_w"), (0.0, 1e6)),
                "battery_wh": (0.0, 1e6),
                "charge_w": (0.001, 1e6),
                "reserve": (0.0, 1.0),
                "battery_start": (0.0, 1.0),
            },
        )
        if self.battery_start <= self.reserve:
            needed = "need more than the reserve"
            found = f"got {self.battery_start:g}"
            faults.append(Fault("E601", "battery_start", found, needed))
        if self.end_s <= self.warm_up_s:
            needed = "need a time after warm_up_s"
            faults.append(Fault("E601", "end_s", f"got {self.end_s:g}", needed))
        if faults:
            raise InputError(faults)

    def _mixed_faults(self) -> list[Fault]:
        """Fault of robots with totes without racks, or racks without them."""
        if (self.racks > 0) == (self.tote_robots > 0):
            return []
        found = f"got {self.tote_robots} for {self.racks} racks"
        needed = "need robots with totes where there are racks, and only there"
        return [Fault("E601", "tote_robots", found, needed)]

    @property
    def battery(self) -> Battery | None:
        """Batteries of the robots; None where nobody counts."""
        if not self.battery_wh:
            return None
        return Battery(
            capacity_wh=self.battery_wh,
            moving_w=self.moving_w,
            carrying_w=self.carrying_w,
            idle_w=self.idle_w,
            lifting_w=self.carrying_w,
            charge_w=self.charge_w,
            reserve=self.reserve,
            start=self.battery_start,
        )
