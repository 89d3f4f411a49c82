"""Delivery: orders ride in trips, within the totes, to the dock of one station."""

from typing import Final

import numpy as np

from warehouse.check.rows import Ints, Tables
from warehouse.check.violation import Findings
from warehouse.plan import Plan

NEVER: Final = np.iinfo(np.int64).max
TOLERANCE_S: Final = 1e-6
"""Slack on seconds, for sums of floats."""
TOLERANCE: Final = 1e-6
"""Slack on masses, as a share of the most that is allowed."""


def check_delivery(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report trips, totes, drops and releases that are not as they must be."""
    _check_trips(tables, findings)
    _check_interleaving(tables, findings)
    _check_orders_of_trips(plan, tables, findings)
    _check_mass_of_trips(plan, tables, findings)
    _check_release(plan, tables, findings)
    _check_on_board(plan, tables, findings)
    _check_stations(plan, tables, findings)


def _check_trips(tables: Tables, findings: Findings) -> None:
    stops = tables.stops
    trips, first, which = np.unique(stops.trip, return_index=True, return_inverse=True)
    owner = stops.robot[first][which]
    strange = stops.robot != owner
    findings.add(
        "trip-robot",
        "trip {trip} is made by robot {other_robot}, and by robot {robot} at step "
        "{step}",
        robot=stops.robot[strange],
        other_robot=owner[strange],
        step=stops.start[strange],
        cell=stops.cell[strange],
        trip=trips[which][strange],
    )


def _check_interleaving(tables: Tables, findings: Findings) -> None:
    """Report where a robot goes back to a trip after stops of another."""
    stops = tables.stops
    by_time = np.lexsort((stops.end, stops.start, stops.robot))
    robot, trip = stops.robot[by_time], stops.trip[by_time]
    begins = (np.diff(robot, prepend=-1) != 0) | (np.diff(trip, prepend=-1) != 0)
    runs = by_time[begins]
    _, first = np.unique(_same(stops.robot[runs], stops.trip[runs]), return_index=True)
    rows = np.delete(runs, first)
    findings.add(
        "trip-interleaved",
        "robot {robot} goes back to trip {trip} at step {step}, after stops of another",
        robot=stops.robot[rows],
        step=stops.start[rows],
        cell=stops.cell[rows],
        trip=stops.trip[rows],
    )


def _check_orders_of_trips(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report orders picked in several trips, and trips with too many orders."""
    picks, stops = tables.picks, tables.stops
    by_time = np.lexsort((picks.start, picks.order))
    order, trip = picks.order[by_time], picks.trip[by_time]
    _, first, which = np.unique(order, return_index=True, return_inverse=True)
    home = trip[first][which]
    apart = trip != home
    rows = by_time[apart]
    findings.add(
        "order-in-one-trip",
        "robot {robot} picks for order {name} at step {step} in trip {trip}; the "
        "first pick was in trip {home}",
        robot=picks.robot[rows],
        step=picks.start[rows],
        cell=picks.cell[rows],
        order=order[apart],
        trip=trip[apart],
        home=home[apart],
    )
    trips, first_stop = np.unique(stops.trip, return_index=True)
    pairs = np.unique(np.stack([trip, order]), axis=1)
    carried = np.bincount(np.searchsorted(trips, pairs[0]), minlength=len(trips))
    slots = plan.scenario.fleet.tote_slots
    overfull = carried > slots
    rows = first_stop[overfull]
    findings.add(
        "trip-capacity",
        "trip {trip} of robot {robot}, from step {step} on, carries {carried} orders "
        "in all, and the robot has {slots} tote slots",
        robot=stops.robot[rows],
        step=stops.start[rows],
        trip=trips[overfull],
        carried=carried[overfull],
        slots=slots,
    )


def _check_mass_of_trips(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report trips whose picks are heavier together than a robot may carry."""
    unit_kg, most_kg = plan.scenario.sku_mass_kg, plan.scenario.fleet.max_mass_kg
    if unit_kg is None:
        return
    picks, stops = tables.picks, tables.stops
    trips, first_stop = np.unique(stops.trip, return_index=True)
    mass_kg = np.zeros(len(trips))
    of_pick = unit_kg[picks.sku] * picks.quantity
    np.add.at(mass_kg, np.searchsorted(trips, picks.trip), of_pick)
    heavy = mass_kg > most_kg * (1 + TOLERANCE)
    rows = first_stop[heavy]
    findings.add(
        "trip-mass",
        "trip {trip} of robot {robot}, from step {step} on, carries {mass:g} kg in "
        "all, and a robot may carry {most:g} kg",
        robot=stops.robot[rows],
        step=stops.start[rows],
        trip=trips[heavy],
        mass=mass_kg[heavy],
        most=most_kg,
    )


def _check_release(plan: Plan, tables: Tables, findings: Findings) -> None:
    picks = tables.picks
    release_s = plan.scenario.orders.release_s[picks.order]
    early = picks.start * plan.scenario.step_s < release_s - TOLERANCE_S
    findings.add(
        "picked-before-release",
        "robot {robot} picks for order {name} at step {step}; it is released at "
        "{release} s",
        robot=picks.robot[early],
        step=picks.start[early],
        cell=picks.cell[early],
        order=picks.order[early],
        release=release_s[early],
    )


def _check_on_board(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Follow each order of each trip from its picks to its drops."""
    picks, drops = tables.picks, tables.drops
    n = len(picks.stop)
    order = np.concatenate([picks.order, drops.order])
    ride = _same(
        _same(
            np.concatenate([picks.robot, drops.robot]),
            np.concatenate([picks.trip, drops.trip]),
        ),
        order,
    )
    rides = int(ride.max(initial=-1)) + 1
    last_drop = np.full(rides, -1, np.int64)
    np.maximum.at(last_drop, ride[n:], drops.start)
    lost = last_drop[ride[:n]] < picks.end
    findings.add(
        "not-delivered",
        "robot {robot} picks for order {name} at step {step} and does not hand it "
        "over later in trip {trip}",
        robot=picks.robot[lost],
        step=picks.start[lost],
        cell=picks.cell[lost],
        order=picks.order[lost],
        trip=picks.trip[lost],
    )
    # A drop needs a pick just before it among the events of its ride.
    start = np.concatenate([picks.start, drops.start])
    is_drop = np.arange(len(start)) >= n
    by_time = np.lexsort((is_drop, start, ride))
    after_drop = np.roll(is_drop[by_time], 1)
    after_drop |= np.diff(ride[by_time], prepend=-1) != 0
    rows = by_time[after_drop & is_drop[by_time]] - n
    findings.add(
        "drop-not-on-board",
        "robot {robot} hands over order {name} at step {step}, and has none of it",
        robot=drops.robot[rows],
        step=drops.start[rows],
        cell=drops.cell[rows],
        order=drops.order[rows],
    )
    _check_totes(plan, tables, ride, findings)


def _same(a: Ints, b: Ints) -> Ints:
    """Dense numbers, equal where both a and b are equal. Both at most 2**31."""
    _, number = np.unique((a << 31) + b, return_inverse=True)
    return number


def _check_totes(plan: Plan, tables: Tables, ride: Ints, findings: Findings) -> None:
    picks, drops = tables.picks, tables.drops
    n = len(picks.stop)
    rides = int(ride.max(initial=-1)) + 1
    loaded = np.full(rides, NEVER)
    np.minimum.at(loaded, ride[:n], picks.start)
    freed = np.full(rides, -1, np.int64)
    np.maximum.at(freed, ride[n:], drops.end)
    robot, order = np.zeros(rides, np.int64), np.zeros(rides, np.int64)
    robot[ride[:n]], order[ride[:n]] = picks.robot, picks.order
    taken = np.flatnonzero(loaded < NEVER)
    freed = np.where(freed < loaded, NEVER, freed)
    time = np.concatenate([loaded[taken], freed[taken]])
    change = np.repeat([1, -1], len(taken))
    both = np.concatenate([taken, taken])
    # Totes freed at a step can be filled again at that step.
    by_time = np.lexsort((change, time, robot[both]))
    # Every ride adds one and takes one away, so each robot begins at 0.
    on_board = np.cumsum(change[by_time])
    slots = plan.scenario.fleet.tote_slots
    full = (on_board > slots) & (change[by_time] > 0)
    rows = by_time[full]
    findings.add(
        "tote-capacity",
        "robot {robot} has {on_board} orders on board at step {step} with order "
        "{name}, and {slots} tote slots",
        robot=robot[both[rows]],
        step=time[rows],
        order=order[both[rows]],
        on_board=on_board[full],
        slots=slots,
    )


def _check_stations(plan: Plan, tables: Tables, findings: Findings) -> None:
    drops, stops = tables.drops, tables.stops
    stations = plan.scenario.stations
    docks = np.array([station.cell for station in stations] or [0], np.int64)
    names = np.array([station.name for station in stations] or [""], object)
    away = np.flatnonzero((stops.station >= 0) & (stops.cell != docks[stops.station]))
    findings.add(
        "drop-cell",
        "robot {robot} hands over at {place} at step {step}: not the dock of station "
        "{station}",
        robot=stops.robot[away],
        step=stops.start[away],
        cell=stops.cell[away],
        station=names[stops.station[away]],
    )
    by_time = np.lexsort((drops.start, drops.order))
    order, station = drops.order[by_time], drops.station[by_time]
    _, first, which = np.unique(order, return_index=True, return_inverse=True)
    home = station[first][which]
    split = station != home
    rows = by_time[split]
    findings.add(
        "split-stations",
        "robot {robot} brings part of order {name} to station {station} at step "
        "{step}; the first went to {home}",
        robot=drops.robot[rows],
        step=drops.start[rows],
        cell=drops.cell[rows],
        order=order[split],
        station=names[station[split]],
        home=names[home[split]],
    )
