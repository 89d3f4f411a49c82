"""A plan: what was decided, and where every robot is at every timestep."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.consignment import Consignment
from warehouse.scenario import Scenario


class StopKind(IntEnum):
    """Why a robot stands still."""

    PICK = 0
    DROP = 1


class PodStopKind(IntEnum):
    """Why a robot that carries pods stands still."""

    LIFT = 0
    VISIT = 1
    SET_DOWN = 2
    FILL = 3


MOVES_POD: Final = (PodStopKind.LIFT, PodStopKind.SET_DOWN)
"""Kinds of stops that take a pod up, or put it down."""
MOST_POSITIONS: Final = 500_000_000
"""Positions of robots (timesteps times robots) that a plan may hold."""


class UnservedReason(IntEnum):
    """Why units of an order line are not served."""

    STOCK = 0
    HELD = 1
    INTERRUPTED = 2
    BLOCKED = 3
    TOO_HEAVY = 4
    HORIZON = 5
    NO_ROOM = 6
    NO_CARTON = 7
    NO_PACKER = 8
    SHIFT_OVER = 9


REASON_TEXT: Final = {
    UnservedReason.STOCK: "the stock does not cover it",
    UnservedReason.HELD: "held back: another line of the order is short of stock",
    UnservedReason.INTERRUPTED: "planning was stopped before it was served",
    UnservedReason.BLOCKED: "the robots stand in each other's way",
    UnservedReason.TOO_HEAVY: "the order is heavier than a robot may carry",
    UnservedReason.HORIZON: "the time that is planned ended before it was served",
    UnservedReason.NO_ROOM: "orders wait for goods that found no room on a pod",
    UnservedReason.NO_CARTON: "it goes into no carton",
    UnservedReason.NO_PACKER: "no packer has the skills or a shift that is long enough",
    UnservedReason.SHIFT_OVER: "the shifts of the packers end before it is packed",
}

STOP_DTYPE: Final = np.dtype(
    [
        ("robot", "<i4"),  # index into fleet
        ("trip", "<i4"),  # trip of the plan, unique over all robots, from 0
        ("kind", "u1"),  # StopKind
        ("cell", "<i4"),  # floor cell the robot stands on
        ("start", "<i4"),  # first timestep of the service
        ("end", "<i4"),  # timestep at which it is over: still there, may leave
        ("station", "<i4"),  # index into stations for a drop, else -1
    ]
)
PICK_DTYPE: Final = np.dtype(
    [
        ("stop", "<i4"),  # index into stops
        ("line", "<i4"),  # index into the order lines
        ("rack", "<i4"),  # rack cell the units are taken from
        ("quantity", "<i4"),
    ]
)
DROP_DTYPE: Final = np.dtype([("stop", "<i4"), ("order", "<i4")])
PACKING_DTYPE: Final = np.dtype(
    [
        ("order", "<i4"),
        ("station", "<i4"),
        ("packer", "<i4"),  # 0 .. packers of the station - 1
        ("start_s", "<f8"),
        ("end_s", "<f8"),
    ]
)
UNSERVED_DTYPE: Final = np.dtype(
    [("line", "<i4"), ("quantity", "<i4"), ("reason", "u1")]  # UnservedReason
)
POD_STOP_DTYPE: Final = np.dtype(
    [
        ("robot", "<i4"),  # index into fleet
        ("trip", "<i4"),  # from a lift to the next set-down, unique, from 0
        ("kind", "u1"),  # PodStopKind
        ("cell", "<i4"),  # cell the robot stands on
        ("start", "<i4"),  # first timestep of the service
        ("end", "<i4"),  # timestep at which it is over: still there, may leave
        ("pod", "<i4"),  # index into pods
        ("station", "<i4"),  # of a visit or, if pods are filled, a filling; else -1
    ]
)
POD_PICK_DTYPE: Final = np.dtype(
    [
        ("stop", "<i4"),  # index into pod stops: a visit
        ("line", "<i4"),  # index into the order lines
        ("quantity", "<i4"),
        ("start_s", "<f8"),  # when the picker begins
        ("end_s", "<f8"),  # when the picker is free again
    ]
)
OPEN_ORDER_DTYPE: Final = np.dtype(
    [
        ("order", "<i4"),
        ("station", "<i4"),
        ("start_s", "<f8"),  # when it takes a slot
        ("end_s", "<f8"),  # when it gives it back; inf if it has not
    ]
)

CHARGE_DTYPE: Final = np.dtype(
    [
        ("robot", "<i4"),  # index into fleet
        ("cell", "<i4"),  # charger the robot stands on
        ("start", "<i4"),  # first timestep of charging
        ("end", "<i4"),  # timestep at which it is over: still there, may leave
        ("start_wh", "<f8"),  # level at the start
        ("end_wh", "<f8"),  # level at the end
    ]
)
REFILL_DTYPE: Final = np.dtype(
    [
        ("stop", "<i4"),  # index into pod stops: a filling
        ("arrival", "<i4"),  # index into what arrives
        ("quantity", "<i4"),
        ("start_s", "<f8"),  # when the worker begins
        ("end_s", "<f8"),  # when the units are on the pod, and the worker is free
    ]
)

SPLIT_DTYPE: Final = np.dtype(
    [
        ("order", "<i4"),
        ("done_s", "<f8"),  # when its parts are together; inf if they are not
    ]
)

SHARE_DTYPE: Final = np.dtype(
    [
        ("line", "<i4"),  # index into the order lines
        ("racks", "<i4"),  # units that are to come from racks
        ("pods", "<i4"),  # units that are to come from pods
    ]
)


def _no_charges() -> NDArray[np.void]:
    return np.zeros(0, CHARGE_DTYPE)


def _no_refills() -> NDArray[np.void]:
    return np.zeros(0, REFILL_DTYPE)


@dataclass(frozen=True, slots=True)
class Bound:
    """Lower bounds that hold for every plan serving the same units.

    Parameters
    ----------
    makespan_s : dict of str to float
        Parts of the bound on the makespan: ``stations``, ``robots``,
        ``longest_order``. The largest is the bound, and it binds.
    travel_m : float
        Bound on the distance of all robots together.
    tardiness_s : float
        Bound on the total tardiness: what no schedule could have met.
    """

    makespan_s: dict[str, float]
    travel_m: float = 0.0
    tardiness_s: float = 0.0

    @property
    def value_s(self) -> float:
        """Bound on the makespan in seconds."""
        return max(self.makespan_s.values(), default=0.0)

    @property
    def binding(self) -> str:
        """Name of the part that binds the makespan."""
        return max(self.makespan_s, key=lambda part: self.makespan_s[part], default="")


@dataclass(frozen=True, slots=True)
class Splitting:
    """Orders that are picked in parts, each part at another station.

    Parameters
    ----------
    split_s : float
        Seconds until the parts are together, for each of them but one.
    orders : structured array of `SPLIT_DTYPE`
        Those that are split, or of which a part was picked before the plan ends;
        ordered by order.
    """

    split_s: float
    orders: NDArray[np.void]


@dataclass(frozen=True, slots=True)
class PodWork:
    """What robots with pods and the pickers do.

    Parameters
    ----------
    stops : structured array of `POD_STOP_DTYPE`
        Ordered by robot and start. A robot stands on ``cell`` at every timestep
        ``start .. end``.
    picks : structured array of `POD_PICK_DTYPE`
        Units picked from the pod of a visit; ordered by stop and start.
    open_orders : structured array of `OPEN_ORDER_DTYPE`
        When orders have a slot of which station; ordered by order. One that is split
        has a row for each part.
    charges : structured array of `CHARGE_DTYPE`
        When robots charge, and from which level to which; ordered by robot and start.
    refills : structured array of `REFILL_DTYPE`
        Units put into the pod of a filling; ordered by stop and start.
    splitting : Splitting or None
        Where orders may be split.
    """

    stops: NDArray[np.void]
    picks: NDArray[np.void]
    open_orders: NDArray[np.void]
    charges: NDArray[np.void] = field(default_factory=_no_charges)
    refills: NDArray[np.void] = field(default_factory=_no_refills)
    splitting: Splitting | None = None


NO_POD_WORK: Final = PodWork(
    np.zeros(0, POD_STOP_DTYPE),
    np.zeros(0, POD_PICK_DTYPE),
    np.zeros(0, OPEN_ORDER_DTYPE),
)
"""What robots with pods do in an empty plan."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The finished record of a wave or a shift.

    Parameters
    ----------
    scenario : Scenario
        What was given. The plan file carries it, so a plan is read alone.
    cells : ndarray of int32, shape (T + 1, robots)
        Flat cell of every robot at every timestep 0 .. T.
    headings : ndarray of uint8, shape (T + 1, robots), or None
        0 up, 1 right, 2 down, 3 left where robots turn; None where they do not.
    stops : structured array of `STOP_DTYPE`
        Services, ordered by robot and start. A robot stands on ``cell`` at every
        timestep ``start .. end``.
    picks : structured array of `PICK_DTYPE`
        Units taken at pick stops; ordered by stop.
    drops : structured array of `DROP_DTYPE`
        Orders handed over at drop stops; ordered by stop.
    packing : structured array of `PACKING_DTYPE`
        When, where and by which packer each order is packed; ordered by order.
    unserved : structured array of `UNSERVED_DTYPE`
        Units not served, by order line, with the reason; ordered by line.
    bound : Bound
    meta : dict
        Versions, seed, solver, objective and limits, as JSON can hold them.
    pod_work : PodWork or None
        Where robots carry pods; the tables of tote robots are empty then, unless the
        site has both.
    shares : structured array of `SHARE_DTYPE`, or None
        Where a site has both, a row for each order line, ordered by line: which units
        robots with totes are to bring, and which robots with pods.
    consignment : Consignment or None
        Where orders are packed in cartons.
    """

    scenario: Scenario
    cells: NDArray[np.int32]
    headings: NDArray[np.uint8] | None
    stops: NDArray[np.void]
    picks: NDArray[np.void]
    drops: NDArray[np.void]
    packing: NDArray[np.void]
    unserved: NDArray[np.void]
    bound: Bound
    meta: dict[str, Any] = field(default_factory=dict)
    pod_work: PodWork | None = None
    shares: NDArray[np.void] | None = None
    consignment: Consignment | None = None

    @property
    def steps(self) -> int:
        """Number of timesteps T; the last row of ``cells`` is step T."""
        return len(self.cells) - 1

    @property
    def splitting(self) -> Splitting | None:
        """Orders that are picked in parts, where robots carry pods and that may be."""
        return None if self.pod_work is None else self.pod_work.splitting

    @property
    def makespan_s(self) -> float:
        """Second at which the last order is packed; 0 if none is.

        With pods: at which the last unit is picked. With both: the later of the two.
        """
        packed_s = float(self.packing["end_s"].max(initial=0.0))
        if self.pod_work is None:
            return packed_s
        return max(packed_s, float(self.pod_work.picks["end_s"].max(initial=0.0)))
