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
    queue : int
        Robots that a station's lane has room for, the one at the dock included.
    homes, chargers : int
        Parking places along the wall opposite the stations.
    towards_stations : bool
        Blocks lie with their short side to the stations, as RAWSim-O's do, not along.
    one_way : bool
        Aisles between blocks are one-way, in turn in one direction and the other, and
        the way around them has a lane each way. Queues are always one-way.
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
    queue: int = 8
    homes: int = 20
    chargers: int = 2
    towards_stations: bool = False
    one_way: bool = True
    cell_size_m: float = 1.0
    name: str = "generated"

    def __post_init__(self) -> None:
        counts = ("block_rows", "block_cols", "block_length", "stations", "homes")
        faults = too_small(
            self, {**dict.fromkeys(counts, 1), "queue": 3, "chargers": 0}
        )
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
    def core_height(self) -> int:
        """Rows of all blocks, the aisles between them and the ways around them."""
        return self.block_rows * (self.block_cells[0] + 1) - 1 + 2 * RING

    @property
    def core_width(self) -> int:
        """Columns of all blocks, the aisles between them and the ways around them."""
        return self.block_cols * (self.block_cells[1] + 1) - 1 + 2 * RING

    @property
    def spots(self) -> int:
        """Pod spots of the floor."""
        return self.block_rows * self.block_cols * self.block_length * BLOCK_DEPTH

    @property
    def cells(self) -> int:
        """Cells of the floor, the parking rows counted roughly."""
        parking = 2 * (self.homes + self.chargers)
        return (self.core_height + self.queue) * self.core_width + parking


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

    def __post_init__(self) -> None:
        faults = self.demand_faults()
        counts = ("robots", "pods", "skus_per_pod", "order_slots")
        least = {"backlog": 0, "racks": 0, "tote_robots": 0}
        faults += too_small(self, {**dict.fromkeys(counts, 1), **least})
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
            },
        )
        if self.end_s <= self.warm_up_s:
            needed = "need a time after warm_up_s"
            faults.append(Fault("E601", "end_s", f"got {self.end_s:g}", needed))
        if faults:
            raise InputError(faults)

    def _mixed_faults(self) -> list[Fault]:
        """Faults of what goes with racks beside pods."""
        faults = []
        if (self.racks > 0) != (self.tote_robots > 0):
            found = f"got {self.tote_robots} for {self.racks} racks"
            needed = "need robots with totes where there are racks, and only there"
            faults.append(Fault("E601", "tote_robots", found, needed))
        if self.racks and self.backlog:
            found, needed = f"got {self.backlog}", "need 0 where there are racks"
            faults.append(Fault("E601", "backlog", found, needed))
        return faults
