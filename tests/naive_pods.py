"""A site with pods, slow and obvious: lists and sums in the place of kept counts.

Orders, slots and visits; `tests.naive_pod_trips` does what robots do. Nothing is
counted along: what is free, promised or on its way is looked up when it is asked for.
"""

from functools import cache
from math import floor, inf
from typing import Any

import numpy as np

from solvers.mapf.lifelong.turning_distances import TurningDistances
from solvers.pods.arrays import (
    ANY_ORDER,
    AT_STATION,
    DONE,
    HIDDEN,
    JOINT,
    LIFTING,
    MOST_ROWS,
    OPEN,
    ORDERS_GIVEN,
    POD_MATCH,
    TO_POD,
    TO_STATION,
    WAITING,
)
from solvers.pods.new_orders import LOOKS
from solvers.pods.worth import DUE_WITHIN_S, MOST_AGE
from solvers.random_words import random_below
from tests.naive_pod_rows import Item, Line, Order, Pod, Robot

COMING = (TO_POD, LIFTING, TO_STATION, AT_STATION)


@cache
def _distances(ways: Any) -> TurningDistances:
    return TurningDistances(ways.floor, ways.roads.empty)


def empty_costs(ways, vertex):
    """Costs of robots without pods from all states to a vertex."""
    table = _distances(ways)
    return table.data[table.slots(np.array([vertex], np.int32))[0]]


class Desk:
    """The site of a `Simulation` at its first step, held beside `solvers.pods`."""

    def __init__(self, site: Any, ways: Any) -> None:
        self.times, self.rules, self.ways = site.times, site.rules, ways
        self.site = site  # for what never changes: distances, docks, queues
        self.spot_vertex = site.spots.vertex.tolist()
        items = [
            Item(k, int(one.sku), int(one.left)) for k, one in enumerate(site.items)
        ]
        self.pods = [
            Pod(k, items[one.first : one.last], int(one.spot))
            for k, one in enumerate(site.pods)
        ]
        given = site.orders[: site.counts[ORDERS_GIVEN]]
        self.orders = [
            Order(k, float(o.release_s), due_s=float(o.due_s))
            for k, o in enumerate(given)
        ]
        self.parts: list[Order] = []
        for k, one in enumerate(site.lines):
            order = self.orders[one.order]
            order.all_lines.append(Line(k, order, int(one.sku), int(one.left)))
        self.known: list[Order] = []
        self.now_s, self.waited, self.weight = 0.0, 0.0, 0.0
        self.slots = [[0.0] * int(slots) for slots in site.stations.slots]
        self.stations = range(len(self.slots))
        self.picker_free_s = [0.0 for _ in self.stations]
        self.robots = [Robot(k) for k in range(len(site.robots))]
        self.random = site.random.copy()
        self.trips = 0
        self.in_vain = False  # no trip was found when last a robot was free
        self.stops: list[list[int]] = []
        self.picks: list[list[float]] = []

    def coming(self, station):
        """Robots that bring a pod to a station, or are there with it."""
        return [r for r in self.robots if r.station == station and r.phase in COMING]

    def has_room(self, station):
        return len(self.coming(station)) < self.site.stations.queue[station]

    def coming_units(self, station):
        rows = [row for r in self.coming(station) for row in r.rows[r.done :]]
        return sum(units for _, _, units in rows)

    def kept(self, station):
        """Orders that keep a slot of a station."""
        rows = self.orders + self.parts
        orders = (o for o in rows if o.pinned and o.state != DONE)
        return sum(order.station == station for order in orders)

    def waiting(self, now_s):
        """How many known orders have not been opened yet."""
        known = (o for o in self.known if o.state != HIDDEN)
        return sum(o.state == WAITING or o.open_s > now_s for o in known)

    def wanted(self, sku):
        """Lines of a SKU that still want units, in the order they became known."""
        lines = (line for order in self.known for line in order.all_lines)
        return [line for line in lines if line.sku == sku and line.left > 0]

    def reveal(self, backlog, now_s):
        """Let orders become known."""
        self.now_s = now_s
        while len(self.known) < len(self.orders):
            # Which is next is not decided here.
            order = self.orders[self.site.orders.arrival[len(self.known)]]
            full = backlog > 0 and self.waiting(now_s) >= backlog
            if full or order.release_s > now_s:
                break
            self.known.append(order)
            if sum(line.left for line in order.lines) > 0:
                order.state, order.known_s = WAITING, now_s

    def open(self, order, now_s):
        """Open an order in the slot that is free first; when, or never."""
        slots = self.slots[order.station]
        free_s = min(slots)
        if free_s == inf:
            return inf
        order.slot, order.state = slots.index(free_s), OPEN
        order.open_s = max(now_s, free_s)
        slots[order.slot] = inf
        return order.open_s

    def close(self, order, when_s):
        """Close an order that is picked as far as it is bound to its station."""
        order.state, order.close_s, order.pinned = DONE, when_s, False
        self.slots[order.station][order.slot] = when_s

    def row_at(self, order, station):
        """Return the order, or that part of it, which is bound to a station."""
        given = order.given or order
        rows = (one for one in (given, *given.parts) if one.station == station)
        return next(rows, None)

    def hold(self, now_s):
        """Fill the slots that are meant for orders that have waited longest."""
        if self.rules.orders != JOINT:
            return
        for order in self.known:
            if order.state != WAITING or order.station is not None:
                continue
            free = [
                station
                for station in self.stations
                if self.kept(station) < self.to_fill(station)
                and min(self.slots[station]) <= now_s
                and self.row_at(order, station) is None
            ]
            if not free and order.parts:
                continue
            if not free:
                return
            order.station, order.pinned = min(free, key=self.kept), True
            self.open(order, now_s)

    def to_fill(self, station):
        """Slots to be filled before a pod comes; one where nothing else is done."""
        fewest = 1 if self.in_vain and not self.coming(station) else 0
        return max(fewest, min(self.rules.held, len(self.slots[station]) - 1))

    def fill_slots(self, now_s):
        """Open waiting orders by a simple rule."""
        rule = self.rules.orders
        if rule == JOINT:
            return
        for station in self.stations:
            while self.waiting(now_s) and min(self.slots[station]) <= now_s:
                slots = len(self.slots[station])
                last = slots > 1 and self.kept(station) >= slots - 1
                fast = rule == POD_MATCH and last
                order = self.next_order(station, fast)
                if order is None:
                    break
                order.station, order.pinned = station, True
                self.open(order, now_s)
                if rule == POD_MATCH:
                    for line, robot, item in self.matches(order, station, fast):
                        robot.rows.append((line, item, line.left))
                        item.left -= line.left
                        line.promised += line.left

    def next_order(self, station, fast):
        rule = self.rules.orders
        waiting = [order for order in self.known if order.state == WAITING]
        if rule == ANY_ORDER:
            start = int(random_below(self.random, len(self.known)))
            later = [o for o in self.known[start:] if o.state == WAITING]
            return next(iter(later + waiting), None)
        if rule != POD_MATCH:
            return next(iter(waiting), None)
        matches = {o: len(self.matches(o, station, fast)) for o in waiting}
        if fast:
            whole = (o for o in waiting if matches[o] == len(o.lines))
            return next(whole, None)
        return max(waiting, key=matches.__getitem__, default=None)

    def matches(self, order, station, only_there):
        """Lines of an order that pods on their way have, on which visit, of what."""
        found = []
        for line in (line for line in order.lines if line.left):
            fits = [
                (line, robot, item)
                for robot in self.coming(station)
                if not only_there or robot.phase == AT_STATION
                for item in robot.pod.items
                if item.sku == line.sku and item.left >= line.left
            ]
            found += fits[:1]
        return found

    def find(self, pod, station, may_bind):
        """Find what a pod serves at a station.

        Rows of line, item, units, visit and whether the line is to be split off.
        """
        room = {item: item.left for item in pod.items}
        rows = []
        slots = self.slots[station]
        all_kept = self.kept(station) >= len(slots) and min(slots) == inf
        for item in pod.items:
            for line in self.wanted(item.sku):
                units = min(line.need, room[item])
                served = line.order.station == station and units > 0
                if served and (line.order.state == OPEN or not all_kept):
                    room[item] -= units
                    rows.append((line, item, units, None, False))
        gain = sum(units * self.extra(line) for line, _, units, *_ in rows)
        for line, _, units, *_ in rows:
            if line.order.pinned and units == line.need:
                gain += self.price(line.sku)
        for order in {line.order for line, *_ in rows}:
            units = sum(row[2] for row in rows if row[0].order is order)
            closes = order.pinned and units == order.unpromised
            gain += self.rules.slot_worth * closes
        if may_bind and not all_kept:
            gain += self.find_new(pod, station, room, rows)
        return rows, sum(row[2] for row in rows), gain

    def holders(self, sku):
        """Count pods that have a SKU, but at least one."""
        items = (item for pod in self.pods for item in pod.items)
        return max(1, sum(item.sku == sku and item.left > 0 for item in items))

    def price(self, sku):
        """Units that it costs when an open order lacks a line of a SKU."""
        return floor(64 * self.rules.rare_worth / self.holders(sku)) / 64

    def extra(self, line):
        """Units that a unit of a line counts more."""
        worth = self.rules.scarce_worth / self.holders(line.sku)
        left_s = line.order.due_s - self.now_s
        if 0 <= left_s < DUE_WITHIN_S:
            worth += self.rules.due_worth * (1 - left_s / DUE_WITHIN_S)
        age_s = self.now_s - line.order.known_s
        if self.waited > 0:
            usual = age_s * self.weight / self.waited
            worth += self.rules.age_worth * min(MOST_AGE, usual)
        return floor(64 * worth) / 64

    def may_come(self, line, station):
        """Whether a line may be picked at a station that has none of its order."""
        order = line.order
        if order.station is None:
            return order.state == WAITING
        splits = self.rules.split_cost < inf
        return splits and order.station != station and line.may_leave

    def split_cost(self, order, station):
        """Units that it costs to split lines off for a station."""
        row = self.row_at(order, station)
        if row is not None:
            return inf if row.state == DONE else 0.0
        given = order.given or order
        last = given.station is None and len(given.parts) == len(self.stations) - 1
        return inf if last else self.rules.split_cost

    def find_new(self, pod, station, room, rows):
        """Add rows of orders that may come; what it is worth besides their units."""
        lines = [
            line
            for item in pod.items
            for line in self.wanted(item.sku)
            if room[item] >= line.left and self.may_come(line, station)
        ]
        left = list(dict.fromkeys(line.order for line in lines))
        slots = max(1, len(self.slots[station]) - 1) - self.kept(station)
        lowest = self.rules.least_gain
        steps = [k / (LOOKS - 1) for k in range(LOOKS)]
        gain = 0.0
        for bar in (inf, *(1.0 - step * (1.0 - lowest) for step in steps)):
            for order in list(left):
                keeps = bar < inf and slots > 0
                offer = self.offer_away if order.station is not None else self.offer
                more, cost, whole, apart, after = offer(
                    pod, station, order, room, keeps
                )
                units = sum(row[2] for row in more)
                if more and (whole or units - cost > bar):
                    rows += [(*row, apart) for row in more]
                    room.update(after)
                    left.remove(order)
                    gain += sum(row[2] * self.extra(row[0]) for row in more) - cost
                    slots -= not whole and not apart
        return gain

    def offer(self, pod, station, order, room, keeps):
        """Rows of an order that waits, cost, whether whole or apart, and room after."""
        more, missed, after = self.take(pod, station, order.lines, room)
        keeps &= self.row_at(order, station) is None
        if not missed and self.row_at(order, station) is None:
            return more, 0.0, True, False, after
        kept_cost = apart_cost = inf
        if keeps:
            kept_cost = self.rules.slot_worth + sum(map(self.price, missed))
        if missed:
            least = self.rules.least_split if keeps else 0.0
            apart_cost = max(least, self.split_cost(order, station))
        apart = apart_cost < kept_cost
        return more, min(kept_cost, apart_cost), False, apart, after

    def offer_away(self, pod, station, order, room, keeps):
        """Return the same for lines of an order that is bound to another station."""
        lines = [line for line in order.lines if line.may_leave]
        more, _, after = self.take(pod, station, lines, room)
        units = sum(row[2] for row in more)
        leave = {row[0] for row in more}
        stay = {line for line in order.lines if line.left or line.begun} - leave
        cost = self.split_cost(order, station) if stay else inf
        if order.pinned:
            cost -= sum(self.price(line.sku) for line in leave)
            cost -= self.rules.slot_worth * (units == order.unpromised)
        return more, cost, False, True, after

    def take(self, pod, station, lines, room):
        """Lines that a pod serves, or pods on their way; others are missed."""
        room, rows, missed = dict(room), [], []
        for line in (line for line in lines if line.left):
            own = [i for i in pod.items if i.sku == line.sku and room[i] >= line.left]
            other = self.other_item(station, line.sku)
            if own:
                room[own[0]] -= line.left
                rows.append((line, own[0], line.left, None))
            elif other is not None and other[0].left >= line.left:
                rows.append((line, other[0], line.left, other[1]))
            else:
                missed.append(line.sku)
        return rows, missed, room

    def other_item(self, station, sku):
        """Most units of a SKU on a pod that comes to a station, and whose visit."""
        items = [
            (item, robot)
            for robot in self.coming(station)
            for item in robot.pod.items
            if item.sku == sku and len(robot.rows) < MOST_ROWS
        ]
        return max(items, key=lambda pair: pair[0].left, default=None)

    def promise(self, robot, station, rows):
        """Make it known that visits will pick what was found."""
        for line, *_, apart in rows:
            if not apart:
                line.order.station = station
        for line, *_, apart in rows:
            if apart:
                self.split_off(line, station)
        for line, item, units, visit, _ in rows:
            whose = visit or robot
            if item.left >= units and len(whose.rows) < MOST_ROWS:
                whose.rows.append((line, item, units))
                item.left -= units
                line.promised += units
        for line, _, _, visit, _ in rows:
            line.order.pinned |= line.order.unpromised > 0 or visit is not None

    def split_off(self, line, station):
        """Let a line be picked at a station as part of its order."""
        before = line.order
        given, part = before.given or before, self.row_at(before, station)
        if part is None:
            index = len(self.orders) + len(self.parts)
            times = inf, given.known_s, given.due_s
            part = Order(index, *times, given=given, state=WAITING)
            part.station = station
            self.parts.append(part)
            given.parts.append(part)
        line.order = part
        if before.state == OPEN and sum(other.left for other in before.lines) == 0:
            self.close(before, max(self.now_s, before.close_s))
