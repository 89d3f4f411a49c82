"""Violations: which rule a plan breaks, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from warehouse.scenario import Scenario

STORED_PER_RULE: Final = 1000
"""Violations of one rule that are kept one by one; all are counted."""

RULES: Final[dict[str, str]] = {
    "scenario": "What was given makes sense: indices point to something, quantities "
    "are not negative, times and sizes are finite, no SKU, stock row or truck is there "
    "twice. Where it does not, nothing else is checked.",
    "array-shape": "Every array has the shape and type of the plan format; headings "
    "are there exactly when robots turn.",
    "row-order": "Rows are in the order the plan format gives.",
    "index-range": "Every index in a row points to a robot, trip, cell, station, "
    "stop, order line, order or packer that exists.",
    "stop-kind": "A stop is a pick or a drop; units are taken at picks and orders "
    "handed over at drops.",
    "quantity-range": "Every quantity in a row is at least 1.",
    "not-finite": "Times and bounds are finite numbers.",
    "off-grid": "Every robot is on a cell of the grid at every step.",
    "off-floor": "Every robot is on a cell it can stand on at every step.",
    "start-cell": "Every robot is on its start cell at step 0.",
    "illegal-move": "A robot stays or goes to a neighbouring cell, through an exit "
    "of its cell and never against one-way floor.",
    "heading-range": "A heading is 0, 1, 2 or 3.",
    "half-turn": "A robot turns by a quarter per step, not by a half.",
    "turn-while-driving": "A robot turns or drives in one step, never both.",
    "sideways-move": "A robot that turns drives forward only, where it is heading.",
    "vertex-conflict": "No two robots are on one cell at one step.",
    "edge-conflict": "No two robots swap cells between two steps.",
    "service-horizon": "A stop begins no earlier than step 0, ends no earlier than "
    "it begins, and no later than the last step.",
    "service-moved": "A robot stands on the stop's cell, without turning, from the "
    "start to the end of a stop.",
    "service-too-short": "A stop lasts as long as its lines, units or orders need.",
    "service-overlap": "A stop of a robot begins when the one before is over.",
    "dock-shared": "One robot at a time is served at the dock of a station.",
    "pick-reach": "Units are taken from a cell beside the one the robot stands on.",
    "sku-not-there": "Units are taken from a cell that holds the SKU of the line.",
    "stock-exceeded": "No more units of a SKU are taken from a cell than lie there.",
    "picked-before-release": "No pick for an order begins before its release.",
    "trip-robot": "All stops of a trip are made by one robot.",
    "trip-interleaved": "A robot ends one trip before it begins the next: the stops "
    "of a trip follow each other.",
    "order-in-one-trip": "All picks of an order belong to one trip.",
    "trip-capacity": "A trip carries no more orders in all than tote slots.",
    "trip-mass": "A trip carries no more mass in all than a robot may.",
    "tote-capacity": "A robot never has more orders on board than tote slots.",
    "not-delivered": "Units picked are handed over later in the same trip.",
    "drop-not-on-board": "An order handed over was picked before in the same trip, "
    "and not handed over since.",
    "drop-cell": "A drop is made on the dock cell of the station it names.",
    "split-stations": "All parts of an order go to one station.",
    "not-packed": "An order with units served is packed.",
    "packed-twice": "An order is packed once.",
    "packed-nothing": "An order with no units served is not packed.",
    "packed-elsewhere": "An order is packed at the station it was delivered to.",
    "packed-early": "Packing begins when the last part of the order is handed over, "
    "and not before second 0.",
    "packing-too-short": "Packing lasts as long as the units of the order need.",
    "packer-busy": "A packer packs one order at a time.",
    "line-exceeded": "No more units are picked for an order line than were ordered.",
    "line-count": "Units served and units unserved of a line add up to the units "
    "ordered.",
    "unserved-reason": "Every reason for unserved units is one the format knows.",
    "impossible-reason": "Only a site whose plan has an end leaves units as too late "
    "for it; only one where pods are filled for lack of room, with a catalogue for "
    "lack of a carton, where packers have shifts for lack of a packer or of time.",
    "stock-excuse": "Units of a SKU unserved for lack of stock are no more than "
    "the stock really lacks.",
    "held-excuse": "Units are held back only in an order that lacks stock, or of which "
    "something goes into no carton.",
    "mass-excuse": "An order is left as too heavy only where all that it asks for is "
    "heavier than a robot may carry.",
    "below-bound": "The plan is not better than its own lower bounds.",
}
"""Name of every rule, and what holds where it is kept."""

POD_RULES: Final[dict[str, str]] = {
    "pod-tables": "Pods and their work are both there, or neither; a plan has stops of "
    "robots with totes or of robots with pods.",
    "pod-trip": "A trip of a pod is a lift, visits and a set-down of one pod by one "
    "robot, which ends it before it begins the next.",
    "lift-too-short": "A lift and a set-down last as long as they need.",
    "pod-elsewhere": "A pod is lifted where it stands, and carried by one robot.",
    "pod-spot-taken": "A pod is set down on a pod spot on which no pod stands.",
    "laden-through-pod": "A robot with a pod is never where another pod stands.",
    "visit-place": "A visit is made on the dock cell of the station it names.",
    "pick-while-away": "Units are picked while their pod stands at the station.",
    "pick-too-short": "A picker takes as long as the units picked need.",
    "picker-busy": "A picker picks from one pod, one line at a time.",
    "sku-not-on-pod": "Units are picked from a pod that holds the SKU of the line.",
    "pod-stock-exceeded": "No more units of a SKU are picked from a pod than it holds "
    "then.",
    "opened-twice": "An order is opened once at a station.",
    "opened-early": "An order opens no earlier than its release, and no earlier than "
    "it is one of the orders that wait.",
    "order-not-open": "Units are picked for an order while it is open at the station.",
    "closed-wrongly": "An order gives its slot back when its last unit is picked; a "
    "part of one that is split no earlier, and the last of them no later.",
    "slots-exceeded": "No more orders are open at a station than it has slots.",
    "split-unasked": "An order is open at one station, unless the plan names it as one "
    "that is split.",
    "together-wrongly": "An order that is split is done when its last unit is picked "
    "and the plan's seconds for each part but one have gone by.",
}
"""Rules that plans with pods have beside those for motion, lines and bounds."""

MIXED_RULES: Final[dict[str, str]] = {
    "mixed-tables": "Kinds of robots and shares of order lines are both there, where "
    "robots with totes and robots with pods work on one site, or neither; a line has "
    "one row of shares.",
    "robot-kind": "Robots with totes make stops to pick and to drop, robots with pods "
    "those with pods.",
    "share-exceeded": "No more units of an order line come from racks, or from pods, "
    "than its share says, and both shares are no more than was ordered.",
    "tote-through-pod": "A robot with totes is never where a pod stands.",
    "parts-apart": "An order served from racks and from pods is packed where units are "
    "picked for it from pods, and not before the last of them.",
    "known-early": "With a backlog, an order is not opened, or fetched from racks, "
    "before it is one of the orders that wait.",
}
"""Rules of sites where both kinds of robots work."""

REFILL_RULES: Final[dict[str, str]] = {
    "refill-place": "Pods are filled at the dock of the replenishment station that the "
    "stop names, and goods that arrive at one station are put into pods there.",
    "refill-early": "No goods are put into a pod before they are there.",
    "refill-exceeded": "No more units are put into pods than arrive.",
    "refill-while-away": "Units are put into a pod while it stands at the station.",
    "refill-too-short": "A worker takes as long as the pod, the goods and their units "
    "need.",
    "filler-busy": "A worker puts goods of one arrival into one pod at a time.",
    "pod-overfull": "No pod ever holds more units than it may.",
    "room-excuse": "Units are left for lack of room on pods only where goods that "
    "arrive are not all in pods at the end.",
}
"""Rules for sites where pods are filled."""

BATTERY_RULES: Final[dict[str, str]] = {
    "charge-place": "A robot charges at a charger, and only where batteries are given.",
    "charger-shared": "One robot at a time charges at a charger.",
    "charge-laden": "A robot that charges has no pod.",
    "battery-dry": "No battery runs dry.",
    "below-reserve": "No robot's level is ever below its reserve.",
    "charge-level": "The levels written at the start and the end of charging are those "
    "that follow from all that the robot did.",
}
"""Rules for robots with batteries."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a plan breaks a rule.

    Parameters
    ----------
    rule : str
        Stable name, a key of `RULES`.
    message : str
        What is wrong, for people.
    robot, other_robot : int, optional
        Index into the fleet.
    step : int, optional
        Timestep.
    cell : int, optional
        Flat cell.
    order : int, optional
        Index into the orders.
    count : int
        Violations this entry stands for: 1, or, in the last entry of a rule that is
        broken more than `STORED_PER_RULE` times, all that are not listed.
    """

    rule: str
    message: str
    robot: int | None = None
    other_robot: int | None = None
    step: int | None = None
    cell: int | None = None
    order: int | None = None
    count: int = 1

    def __str__(self) -> str:
        """Return rule and message as one line."""
        return f"{self.rule}: {self.message}"


PLACE_COLUMNS: Final = ("robot", "other_robot", "step", "cell", "order")


class Findings:
    """What the rules found so far.

    Parameters
    ----------
    height, width : int
        Of the grid, to name cells by row and column.
    order_names : sequence of str, optional
    rules : mapping of str to str, optional
        Name of every rule that may be broken, in the order of the report.
    """

    def __init__(
        self,
        height: int,
        width: int,
        order_names: Sequence[str] = (),
        rules: Mapping[str, str] = RULES,
    ) -> None:
        self._cells, self._width = height * width, width
        self._order_names = order_names
        self._stored: dict[str, list[Violation]] = {rule: [] for rule in rules}
        self._counts = dict.fromkeys(rules, 0)

    @classmethod
    def in_plan_of(
        cls, scenario: Scenario, more: Mapping[str, str] | None = None
    ) -> "Findings":
        """Nothing found yet in a plan of a scenario, of these rules and some more."""
        height, width = scenario.layout.kinds.shape
        rules = RULES | POD_RULES | MIXED_RULES | BATTERY_RULES | REFILL_RULES
        rules |= dict(more or {})
        return cls(height, width, scenario.orders.names, rules)

    def add(self, rule: str, message: str, **columns: Any) -> None:
        """Add one violation per row of some columns.

        Parameters
        ----------
        rule : str
        message : str
            Template, filled per row with the columns, ``place`` (the cell in words)
            and ``name`` (of the order).
        **columns : array_like
            Broadcast against each other. Those named like fields of `Violation` say
            where it is; the others serve the message alone.
        """
        arrays = np.broadcast_arrays(*(np.atleast_1d(c) for c in columns.values()))
        found = len(arrays[0])
        stored = self._stored[rule]
        self._counts[rule] += found
        room = min(found, STORED_PER_RULE - len(stored))
        for values in zip(*(array[:room].tolist() for array in arrays), strict=True):
            row = dict(zip(columns, values, strict=True))
            place = {name: row[name] for name in PLACE_COLUMNS if name in row}
            text = message.format_map({**row, **self._in_words(row)})
            stored.append(Violation(rule, text, **place))

    def _in_words(self, row: dict[str, Any]) -> dict[str, str]:
        words = {}
        if "cell" in row:
            cell = row["cell"]
            known = 0 <= cell < self._cells
            place = f"row {cell // self._width}, col {cell % self._width}"
            words["place"] = place if known else f"cell {cell}"
        if "order" in row:
            words["name"] = self._order_names[row["order"]]
        return words

    def broken(self, rule: str) -> bool:
        """Whether a rule was found broken."""
        return self._counts[rule] > 0

    @property
    def total(self) -> int:
        """Violations of all rules that were found so far."""
        return sum(self._counts.values())

    def violations(self) -> list[Violation]:
        """Return all violations, in the order of the rules.

        A rule with more than are stored ends with an entry that counts the rest.
        """
        result = []
        for rule, stored in self._stored.items():
            result += stored
            rest = self._counts[rule] - len(stored)
            if rest:
                text = f"and {rest:,} more, {self._counts[rule]:,} in all"
                result.append(Violation(rule, text, count=rest))
        return result
