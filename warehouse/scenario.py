"""A scenario: everything that is given before anything is decided."""

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from warehouse.layout import Layout
from warehouse.replenishment import Replenishment
from warehouse.shipping import Shipping
from warehouse.staff import Staff
from warehouse.trucks import Trucks

MotionModel = Literal["omni", "rotate"]
TRIP_M: Final = 20.0
TRIP_STOPS: Final = 3.5
TRIP_TURNS: Final = 2.8
"""A usual trip of a robot with pods, by which its timestep is set."""


class RobotKind(IntEnum):
    """What a robot carries."""

    TOTE = 0
    POD = 1


def _read_only(*arrays: NDArray[np.generic]) -> None:
    for array in arrays:
        array.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Stock:
    """Units on racks or pods: ``quantity[i]`` of ``sku[i]`` lie on ``cell[i]``.

    Parameters
    ----------
    sku, cell, quantity : ndarray of int32, shape (n,)
        SKU index into ``Scenario.sku_names``, flat cell of the rack or of the spot
        where the pod stands at first, units (0 allowed). A pair of SKU and cell
        occurs once.
    """

    sku: NDArray[np.int32]
    cell: NDArray[np.int32]
    quantity: NDArray[np.int32]

    def __post_init__(self) -> None:
        _read_only(self.sku, self.cell, self.quantity)


@dataclass(frozen=True, slots=True)
class Orders:
    """Customer orders and their lines.

    Parameters
    ----------
    names : tuple of str
        One per order, all different.
    release_s, due_s : ndarray of float64, shape (orders,)
        Release time (0 if known from the start) and due time (inf if none).
    priority : ndarray of int32, shape (orders,)
        Larger is more urgent; 0 by default.
    line_order, line_sku, line_quantity : ndarray of int32, shape (lines,)
        Order index, SKU index and units of each order line. Lines of one order
        are neighbours, orders ascend.
    carrier : tuple of str
        Who takes each order away, blank for nobody; empty where no order has any.
    needs : tuple of frozenset of str
        Skills that the packer of each order has; empty where no order needs any.
    """

    names: tuple[str, ...]
    release_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    priority: NDArray[np.int32]
    line_order: NDArray[np.int32]
    line_sku: NDArray[np.int32]
    line_quantity: NDArray[np.int32]
    carrier: tuple[str, ...] = ()
    needs: tuple[frozenset[str], ...] = ()

    def __post_init__(self) -> None:
        _read_only(self.release_s, self.due_s, self.priority)
        _read_only(self.line_order, self.line_sku, self.line_quantity)

    def __len__(self) -> int:
        """Return the number of orders."""
        return len(self.names)

    @property
    def lines(self) -> int:
        """Number of order lines."""
        return len(self.line_order)

    @property
    def has_carrier(self) -> NDArray[np.bool_]:
        """Whether somebody takes each order away, shape (orders,)."""
        has = [bool(carrier) for carrier in self.carrier]
        return np.array(has or [False] * len(self), bool)


@dataclass(frozen=True, slots=True)
class Battery:
    """The batteries of the robots, all alike, and what their chargers give.

    Parameters
    ----------
    capacity_wh : float
    moving_w, carrying_w : float
        Drawn while a robot drives or turns, without and with a pod.
    idle_w : float
        Drawn while it stands.
    lifting_w : float
        Drawn while it takes a pod up or puts it down.
    charge_w : float
        By so much the level rises at a charger, up to the capacity.
    reserve : float
        Share of the capacity that is kept: no level is ever below it.
    start : float
        Share of the capacity at step 0.
    """

    capacity_wh: float
    moving_w: float
    carrying_w: float
    idle_w: float
    lifting_w: float
    charge_w: float
    reserve: float = 0.2
    start: float = 1.0

    @property
    def reserve_wh(self) -> float:
        """Least level."""
        return self.reserve * self.capacity_wh

    @property
    def start_wh(self) -> float:
        """Level at step 0."""
        return self.start * self.capacity_wh


@dataclass(frozen=True, slots=True)
class Fleet:
    """The robots.

    Parameters
    ----------
    start_cells : ndarray of int32, shape (robots,)
        Where each robot stands at step 0; also its home.
    tote_slots : int
        Orders a robot carries at once, one tote each.
    speed_m_s : float
    motion : "omni" or "rotate"
        Step in four directions, or drive forward and turn by a quarter.
    length_m, width_m : float
        Footprint.
    max_mass_kg : float
        Most that a robot may carry in one trip; inf where there is no limit.
    battery : Battery or None
        None where nobody counts what robots use.
    kinds : ndarray of uint8, shape (robots,), or None
        `RobotKind` of each robot on a site with racks and pods; None where all are
        alike.
    """

    start_cells: NDArray[np.int32]
    tote_slots: int = 8
    speed_m_s: float = 1.5
    motion: MotionModel = "omni"
    length_m: float = 0.8
    width_m: float = 0.6
    max_mass_kg: float = math.inf
    battery: Battery | None = None
    kinds: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        _read_only(self.start_cells)
        if self.kinds is not None:
            _read_only(self.kinds)

    def __len__(self) -> int:
        """Return the number of robots."""
        return len(self.start_cells)


@dataclass(frozen=True, slots=True)
class Service:
    """How long work takes, in seconds."""

    pick_s_per_line: float = 6.0
    pick_s_per_unit: float = 2.0
    drop_s_per_order: float = 2.0
    pack_s_per_order: float = 25.0
    pack_s_per_unit: float = 3.0


@dataclass(frozen=True, slots=True)
class Station:
    """A packing station: a dock cell where robots hand over, and packers."""

    name: str
    cell: int
    packers: int = 1


@dataclass(frozen=True, slots=True)
class PodSystem:
    """What a site has where robots carry pods to people.

    Parameters
    ----------
    names : tuple of str
        One per pod, all different.
    start_cells : ndarray of int32, shape (pods,)
        Pod spot on which each pod stands at step 0.
    order_slots : ndarray of int32, shape (stations,)
        Orders that can be open at once at each station.
    lift_s, set_down_s : float
        To take a pod up, and to put it down.
    acceleration_m_s2, turn_s : float
        Acceleration, and time of a full turn: they set the timestep.
    station_s_per_visit, station_s_per_line, station_s_per_unit : float
        The picker's time for a pod that comes, for a line picked from it, for a unit.
    robot_s_per_unit : float
        So long of its picker's time the robot stands for the last unit of a line.
    backlog : int
        So many orders wait and are known, never more; 0 for all that are released.
    warm_up_s, end_s : float
        What is measured begins and ends here; ``inf`` plans until all is served.
    replenishment : Replenishment or None
        Where pods are filled; None where nothing arrives.
    """

    names: tuple[str, ...]
    start_cells: NDArray[np.int32]
    order_slots: NDArray[np.int32]
    lift_s: float = 2.2
    set_down_s: float = 2.2
    acceleration_m_s2: float = 1.0
    turn_s: float = 2.5
    station_s_per_visit: float = 0.0
    station_s_per_line: float = 0.0
    station_s_per_unit: float = 10.0
    robot_s_per_unit: float = 3.0
    backlog: int = 0
    warm_up_s: float = 0.0
    end_s: float = np.inf
    replenishment: Replenishment | None = None

    def __post_init__(self) -> None:
        _read_only(self.start_cells, self.order_slots)

    def __len__(self) -> int:
        """Return the number of pods."""
        return len(self.start_cells)

    def step_s(self, cell_size_m: float, speed_m_s: float) -> float:
        """Seconds of one timestep: a cell forward, or a quarter turn.

        Pod robots stop to turn and for each other. A timestep is chosen so that a
        usual trip of 20 m takes as many seconds in steps, 2.8 of them turns, as it
        takes with acceleration, 3.5 stops and turns on the way.
        """
        drive_s = TRIP_M / speed_m_s
        drive_s += (TRIP_STOPS + 1) * speed_m_s / self.acceleration_m_s2
        turns_s = TRIP_STOPS * self.turn_s / 4
        return (drive_s + turns_s) / (TRIP_M / cell_size_m + TRIP_TURNS)

    def picker_s(self, units: int, first: bool) -> float:
        """Seconds a picker is busy with one line of a pod, ``first`` of its visit."""
        visit_s = self.station_s_per_visit if first else 0.0
        return visit_s + self.station_s_per_line + units * self.station_s_per_unit

    def stand_s(self, units: int, first: bool) -> float:
        """Seconds of `picker_s` in which the pod must stand there."""
        return (
            self.picker_s(units, first) - self.station_s_per_unit
        ) + self.robot_s_per_unit


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is given: floor, stock, orders, robots, stations and times.

    With ``pods`` robots carry pods to people, and of ``service`` only the times of
    packing are used, and those only with ``shipping``; where some of the robots carry
    totes, see `is_mixed`, all of them are. With ``shipping`` orders are packed in
    cartons and, it may be, go with trucks. With ``staff`` the packers of the stations
    have names, shifts, breaks and skills.
    """

    name: str
    layout: Layout
    sku_names: tuple[str, ...]
    stock: Stock
    orders: Orders
    fleet: Fleet
    stations: tuple[Station, ...]
    service: Service = Service()
    sku_mass_kg: NDArray[np.float64] | None = None
    pods: PodSystem | None = None
    shipping: Shipping | None = None
    staff: Staff | None = None

    def __post_init__(self) -> None:
        if self.sku_mass_kg is not None:
            _read_only(self.sku_mass_kg)

    @property
    def is_mixed(self) -> bool:
        """Whether robots with totes and robots with pods share the floor."""
        return self.pods is not None and self.fleet.kinds is not None

    @property
    def packs(self) -> bool:
        """Whether people pack orders; those from pods alone are packed in cartons."""
        return self.pods is None or self.is_mixed or self.shipping is not None

    @property
    def step_s(self) -> float:
        """Seconds of one timestep: one cell at the robots' speed.

        For robots that carry pods see `PodSystem.step_s`.
        """
        if self.pods is not None:
            return self.pods.step_s(self.layout.cell_size_m, self.fleet.speed_m_s)
        return self.layout.cell_size_m / self.fleet.speed_m_s

    @property
    def replenishment(self) -> Replenishment | None:
        """Where pods are filled, if they are."""
        return None if self.pods is None else self.pods.replenishment

    @property
    def trucks(self) -> Trucks | None:
        """Trucks that take orders away, if any do."""
        return None if self.shipping is None else self.shipping.trucks

    def supply(self) -> NDArray[np.int64]:
        """Units of each SKU that there are, or that arrive."""
        units = np.zeros(len(self.sku_names), np.int64)
        np.add.at(units, self.stock.sku, self.stock.quantity)
        if self.replenishment is not None:
            units += self.replenishment.units(len(units))
        return units

    def service_steps(self, seconds: float) -> int:
        """Whole timesteps that a service of some seconds takes, rounded up."""
        return int(np.ceil(seconds / self.step_s - 1e-9))

    def pick_steps(self, lines: int, units: int) -> int:
        """Timesteps to pick some units of some order lines at one stop."""
        service = self.service
        return self.service_steps(
            lines * service.pick_s_per_line + units * service.pick_s_per_unit
        )

    def drop_steps(self, orders: int) -> int:
        """Timesteps to hand over some orders at a dock; at least one."""
        return max(1, self.service_steps(orders * self.service.drop_s_per_order))

    def hand_s(self, lines: int, units: int) -> float:
        """Seconds from the shelf to the packers for an order, if nobody had to drive.

        From racks it is picked and handed over; from pods one picker picks all of it,
        who may be at a pod already.
        """
        if self.pods is not None and not self.is_mixed:
            pods = self.pods
            return lines * pods.station_s_per_line + units * pods.station_s_per_unit
        service = self.service
        pick_s = lines * service.pick_s_per_line + units * service.pick_s_per_unit
        return pick_s + service.drop_s_per_order

    def order_mass_kg(self) -> NDArray[np.float64]:
        """Mass of all that each order asks for; 0 where no mass is known."""
        mass_kg = np.zeros(len(self.orders))
        if self.sku_mass_kg is not None:
            of_line = self.sku_mass_kg[self.orders.line_sku] * self.orders.line_quantity
            np.add.at(mass_kg, self.orders.line_order, of_line)
        return mass_kg

    def pack_s(self, units: int, cartons: int = 0, changes: int = 0) -> float:
        """Seconds a packer needs for one order of some units.

        Parameters
        ----------
        units : int
        cartons : int
            Cartons that it is packed in; 0 where there are none.
        changes : int
            How often the packer changes to another kind of carton for it.
        """
        service = self.service
        seconds = service.pack_s_per_order + units * service.pack_s_per_unit
        if self.shipping is not None:
            rules = self.shipping.rules
            seconds += cartons * rules.s_per_carton + changes * rules.setup_s
        return seconds
