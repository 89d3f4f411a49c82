"""What a site with pods consists of while it is simulated, as arrays for kernels."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.pods.motion import Traffic

IDLE, TO_POD, LIFTING, TO_STATION, AT_STATION, TO_SPOT, SETTING = range(7)
TO_CHARGER, CHARGING = range(7, 9)
"""What a robot is at."""

HIDDEN, WAITING, OPEN, DONE, LACKING = range(5)
"""What has become of an order; one that is bound to a station may still wait.

One that is lacking waits for goods that arrive.
"""

STOPS, PICKS, TRIPS, STAYS, REFILLS = range(5)
"""Places of `Record.used`; a stay is one at a charger."""

ORDERS_KNOWN, ORDERS_WAITING, ORDERS_LACKING = range(3)
GOODS_THERE, GOODS_GONE, IN_VAIN = range(3, 6)
ORDERS_GIVEN, PARTS, COUNTS = range(6, 9)
"""Places of `Site.counts`, and how many there are.

Orders that are known; those of them that are not open yet; those that lack goods. Goods
that have arrived, and how many of them, the first ones, are all in pods or promised.
How often in a row no trip was found. Orders of the scenario, which have the first rows
of their table, and parts that were split off, which have those after them.
"""

NOW, WAITED, ENDED = range(3)
"""Places of `Site.waits`: the second it is; sum and weight of waits that ended of late.
"""

WHAT, WHERE, UNITS, WHO, APART = range(5)
"""Columns of `Work.found` and, the first three, of `Site.visits`.

A line or an arrival; the item of a pod; how many units; the robot that brings them, or
NONE for that of the visit itself; 1 where the line is to be split off from its order.
"""

NONE = -1
MOST_ROWS = 48
"""Lines that one visit of a pod may serve."""

POD = np.dtype(
    [
        ("first", "i4"),  # its items: first, and the one after the last
        ("last", "i4"),
        ("spot", "i4"),  # where it stands, or NONE
        ("in_use", "?"),
        ("room", "i4"),  # units that it holds more than are on it
        ("robot_of", "i4"),  # nearest idle robot, while pods are compared
        ("approach", "f8"),  # its steps
    ]
)
ITEM = np.dtype([("sku", "i4"), ("left", "i4")])  # left: units not spoken for
ORDER = np.dtype(
    [
        ("first", "i4"),  # its lines, and those of its parts: first, one after the last
        ("last", "i4"),
        ("state", "u1"),
        ("station", "i4"),  # where it is or will be open, or NONE
        ("units", "i4"),  # not picked yet
        ("unpromised", "i4"),  # units that no visit under way will pick
        ("pinned", "?"),  # keeps its slot from visit to visit
        ("slot", "i4"),
        ("open_s", "f8"),
        ("close_s", "f8"),  # end of its last pick; of its slot, once it is done
        ("release_s", "f8"),
        ("known_s", "f8"),  # when it became known
        ("due_s", "f8"),  # by when it is to be picked, to be in time; or inf
        ("arrival", "i4"),  # k-th entry: the k-th order to become known
        ("cover", "i4"),  # to work in, all 0
        ("given", "i4"),  # the order that it is a part of, or itself
        ("part", "i4"),  # part split off last; of a part, the one before it; or NONE
    ]
)
LINE = np.dtype(
    [
        ("order", "i4"),  # or the part of an order
        ("sku", "i4"),
        ("left", "i4"),  # units not picked yet
        ("promised", "i4"),  # units that visits under way will pick
        ("begun", "?"),  # some units are picked
        ("after", "i4"),  # lines of a SKU that want units are a list
        ("before", "i4"),
    ]
)
SKU = np.dtype(
    [
        ("head", "i4"),  # first wanting line, oldest first
        ("tail", "i4"),
        ("item_of", "i4"),  # item on a pod that is on its way to a station, or NONE
        ("robot_of", "i4"),  # who brings it
        ("pods", "i4"),  # items on pods that have units not spoken for
        ("free", "i4"),  # units on pods on which no order counts
        ("wanted", "i4"),  # units of orders that are lacking
        ("coming", "i4"),  # units that are about to be put into pods
    ]
)
STATION = np.dtype(
    [
        ("dock", "i4"),  # vertex
        ("slots", "i4"),
        ("picker_free_s", "f8"),
        ("pinned", "i4"),  # orders that keep a slot from visit to visit
        ("inbound", "i4"),  # robots on their way, or there
        ("queue", "i4"),  # most robots that may be inbound
        ("units", "i4"),  # promised by visits and not picked
        ("opening_s", "f8"),  # when the order last opened stops waiting
        ("tried", "?"),  # to work in
        ("home_wh", "f8"),  # most to set a pod down and reach a charger from there
    ]
)
FILL_STATION = np.dtype(
    [
        ("dock", "i4"),  # vertex
        ("inbound", "i4"),  # robots on their way, or there
        ("queue", "i4"),  # most robots that may be inbound
        ("worker_free_s", "f8"),
        ("promised_s", "f8"),  # of work that is promised and not begun
        ("s_per_visit", "f8"),
        ("s_per_box", "f8"),
        ("s_per_unit", "f8"),
        ("home_wh", "f8"),  # most to set a pod down and reach a charger from there
    ]
)
ARRIVAL = np.dtype(
    [
        ("sku", "i4"),
        ("left", "i4"),  # units not spoken for
        ("station", "i4"),  # where they arrive, or NONE for any
        ("release_s", "f8"),
        ("arrival", "i4"),  # k-th entry: the k-th goods to arrive
    ]
)
SPOT = np.dtype(
    [
        ("vertex", "i4"),
        ("taken", "?"),  # holds a pod, or soon will
        ("trip_wh", "f8"),  # most to bring the pod to a station and reach a charger
    ]
)
CHARGER = np.dtype([("vertex", "i4"), ("robot", "i4")])  # who speaks for it, or NONE
VERTEX = np.dtype(
    [
        ("at", "i4"),  # spot there, or NONE
        ("stored", "i4"),  # pod that stands there and is not carried, or NONE
        ("charger", "i4"),  # charger there, or NONE
        ("goals", "i4"),  # robots that go there, while idle ones are parked
    ]
)
ROBOT = np.dtype(
    [
        ("phase", "u1"),
        ("begun", "i4"),  # step at which the phase began
        ("until", "i4"),  # step at which a service is over
        ("pod", "i4"),
        ("station", "i4"),
        ("trip", "i4"),
        ("visit", "i4"),  # row of the visit in the record
        ("rows", "i4"),  # lines of its visit
        ("next_row", "i4"),  # the one to be picked next
        ("level_wh", "f8"),  # of its battery; inf where nobody counts
        ("charger", "i4"),  # that it speaks for, or NONE
        ("stay", "i4"),  # row of its charging in the record
        ("alone", "?"),  # to work in
    ]
)


class Record(NamedTuple):
    """What was done; ``used`` counts it, see `STOPS`."""

    stops: NDArray[np.int32]  # (room, 8): as POD_STOP_DTYPE
    picks: NDArray[np.float64]  # (room, 5): as POD_PICK_DTYPE
    charges: NDArray[np.float64]  # (room, 6): as CHARGE_DTYPE
    refills: NDArray[np.float64]  # (room, 5): as REFILL_DTYPE
    used: NDArray[np.int64]


class Times(NamedTuple):
    """Durations."""

    step_s: float
    lift: int  # steps
    set_down: int  # steps
    visit_s: float
    line_s: float
    unit_s: float
    stand_s: float  # of the last unit


class Energy(NamedTuple):
    """What batteries hold, and what is drawn in a timestep; see `solvers.pods.energy`.

    All 0 where nobody counts.
    """

    moving_wh: float
    carrying_wh: float
    idle_wh: float
    lifting_wh: float
    charge_wh: float
    capacity_wh: float
    reserve_wh: float
    full_wh: float  # charging ends
    stand_wh: float  # kept to wait on a trip, and for a charger after it
    urgent_wh: float  # below it others make room at once
    call_wh: float  # below it a robot is called to a charger
    leave_wh: float  # from it on a robot that charges may be given a trip


class Rules(NamedTuple):
    """How decisions are made; see `solvers.pods.params`."""

    orders: int
    pods: int
    spots: int
    backlog: int  # orders that may wait; 0 for all
    held: int  # slots a station fills before a pod comes for them
    work_s: float  # of work on its way after which a station sends for no more
    overhead_s: float  # added to the time of a trip when trips are compared
    detour_rate: float  # units a second for which a pod goes on to a station
    slot_worth: float  # units that a slot is worth
    rare_worth: float  # units that a line is worth that only one pod has
    least_gain: float  # units for which an order is opened that stays open
    wait_weight: float  # seconds of a trip that a second in a queue counts as
    scarce_worth: float  # units that a unit counts more that only one pod has
    age_worth: float  # units that it counts more when it has waited as long as usual
    due_worth: float  # units that it counts more when its order is due at once
    fill_worth: float  # units that a unit put into a pod is worth
    split_cost: float  # units that an order costs at one more station; inf: never
    least_split: float  # the least that counts for it where a slot could be kept


class Site(NamedTuple):
    """Everything, so that kernels take one argument.

    Tables are record arrays of the types above. Docks are those of the stations and
    then those of the stations where pods are filled: a robot that goes to one of the
    latter has ``station`` from ``len(stations)`` on.
    """

    pods: Any
    items: Any
    orders: Any
    lines: Any
    skus: Any
    stations: Any
    fills: Any
    arrivals: Any
    slot_free_s: NDArray[np.float64]  # (stations, most slots): inf while held
    spots: Any
    chargers: Any
    vertices: Any
    to_dock: NDArray[np.int32]  # (spots, docks): steps with a pod
    from_dock: NDArray[np.int32]  # (docks, spots)
    dock_to_dock: NDArray[np.int32]  # (docks, docks)
    robots: Any
    visits: NDArray[np.int32]  # (robots, MOST_ROWS, 3): see `WHAT`
    traffic: Traffic
    record: Record
    times: Times
    energy: Energy
    rules: Rules
    counts: NDArray[np.int64]  # see `ORDERS_KNOWN`
    random: NDArray[np.uint64]
    waits: NDArray[np.float64]  # see `NOW`


class Work(NamedTuple):
    """Room to work in."""

    found: NDArray[np.int32]  # (MOST_ROWS, 5): see `WHAT`
    room: NDArray[np.int32]  # (most items of a pod,)
    candidates: NDArray[np.int32]  # (any,)
    goods: NDArray[np.int32]  # (any,): arrivals that wait, the most wanted first
    value: NDArray[np.float64]  # (skus,)
    rate: NDArray[np.float64]  # (pods,)
    listed: NDArray[np.int32]  # (pods,)
    grades: NDArray[np.int64]  # (GRADES,)
    gains: NDArray[np.float64]  # (MOST_BOXES,): what a pod that is filled may be worth


JOINT, POD_MATCH, FIRST_COME, ANY_ORDER = range(4)
BEST_RATE, NEAREST_POD, ANY_POD = range(3)
NEAREST_SPOT, ANY_SPOT = range(2)
