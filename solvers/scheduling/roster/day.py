"""From a day at packing stations to a problem, and what of it cannot be done."""

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.roster.problem import (
    NEVER,
    PER_S,
    Breaks,
    RosterProblem,
)
from solvers.scheduling.roster.timing_kernels import earliest_ends
from warehouse.errors import Fault
from warehouse.packing_day import NO_TRUCK, PackingDay

_MOST_NAMED = 5


def roster_problem(
    day: PackingDay,
) -> tuple[RosterProblem, NDArray[np.intp], list[Fault]]:
    """Take what can be done of a day, and say what cannot.

    Returns
    -------
    problem : RosterProblem
        Of the orders that some packer can do.
    kept : ndarray of intp
        Which orders of the day these are.
    faults : list of Fault
        E510 for a station without packers, E511 for an order that no packer may do,
        E512 for one that no packer can end within the shift, E513 for a truck that
        leaves before any of its orders can be packed; such orders are kept.
    """
    able = may_pack(day)
    everyone = _problem(day, able)
    work = everyone.work
    alone = np.zeros(work.duration.shape, np.int64)
    earliest_ends(work, True, alone)
    earliest = alone.min(axis=1, initial=NEVER)
    kept = np.flatnonzero(earliest < NEVER)
    faults = [*_idle_stations(day), *_impossible(day, able, earliest)]
    faults += _early_trucks(day, earliest)
    if len(kept) < len(earliest):
        return _problem(day, able, kept), kept, faults
    return everyone, kept, faults


def may_pack(day: PackingDay) -> NDArray[np.bool_]:
    """Whether a packer has the skills for an order and is at one of its stations."""
    groups: dict[tuple[frozenset[str], frozenset[int]], list[int]] = {}
    for order, key in enumerate(zip(day.jobs.needs, day.jobs.stations, strict=True)):
        groups.setdefault(key, []).append(order)
    able = np.zeros((len(day.jobs.names), len(day.packers.names)), bool)
    for (needs, stations), orders in groups.items():
        skilled = np.array([needs <= skills for skills in day.packers.skills], bool)
        if stations:
            skilled &= np.isin(day.packers.station, list(stations))
        able[orders] = skilled
    return able


def _problem(
    day: PackingDay, able: NDArray[np.bool_], kept: NDArray[np.intp] | None = None
) -> RosterProblem:
    jobs, packers, breaks = day.jobs, day.packers, day.breaks
    mine = slice(None) if kept is None else kept
    return RosterProblem(
        ready_s=jobs.ready_s[mine],
        due_s=jobs.due_s[mine],
        priority=jobs.priority[mine],
        kind=jobs.carton[mine],
        work_s=jobs.work_s[mine],
        setup_s=day.setup_s,
        able=able[mine],
        speed=packers.speed,
        shift_start_s=packers.start_s,
        shift_end_s=packers.end_s,
        breaks=Breaks(breaks.packer, breaks.start_s, breaks.end_s, breaks.wait_s),
    )


def _idle_stations(day: PackingDay) -> list[Fault]:
    faults = []
    for station in sorted(
        set(range(len(day.stations))) - set(day.packers.station.tolist())
    ):
        only = [
            name
            for name, allowed in zip(day.jobs.names, day.jobs.stations, strict=True)
            if allowed == {station}
        ]
        found = "the station has no packers"
        if only:
            found += f", and {_named(only)} may be packed nowhere else"
        needed = "name a packer for it in packers.csv, or let other stations pack them"
        faults.append(Fault("E510", f"station {day.stations[station]}", found, needed))
    return faults


def _impossible(
    day: PackingDay, able: NDArray[np.bool_], earliest: NDArray[np.int64]
) -> list[Fault]:
    faults = []
    skills = frozenset().union(*day.packers.skills)
    for order in np.flatnonzero(earliest >= NEVER).tolist():
        place, needs = f"order {day.jobs.names[order]}", day.jobs.needs[order]
        if able[order].any():
            found = f"its {day.jobs.work_s[order]:g} s fit into no shift between breaks"
            needed = "let a shift end later, or a break wait longer; it is left out"
            faults.append(Fault("E512", place, found, needed))
            continue
        lacking = sorted(needs - skills)
        found = "no packer of its stations has all the skills it needs"
        if lacking:
            found = f"no packer has the skill {', '.join(lacking)}"
        elif not needs:
            found = "there is no packer at its stations"
        needed = "give a packer of its stations the skills in packers.csv"
        faults.append(Fault("E511", place, found, f"{needed}; it is left out"))
    return faults


def _early_trucks(day: PackingDay, earliest: NDArray[np.int64]) -> list[Fault]:
    faults = []
    trucks, truck_of = day.trucks, day.jobs.truck
    for truck in np.unique(truck_of[truck_of != NO_TRUCK]).tolist():
        mine = np.flatnonzero((truck_of == truck) & (earliest < NEVER))
        first_s = earliest[mine].min(initial=NEVER) / PER_S + day.transfer_s
        if len(mine) and first_s > trucks.departs_s[truck]:
            names = [day.jobs.names[order] for order in mine.tolist()]
            place = f"truck of {trucks.carrier[truck]} at {trucks.departs_s[truck]:g} s"
            found = f"it leaves before {_named(names)} can be packed and loaded"
            needed = f"let it leave at {first_s:g} s or later, or bring totes earlier"
            faults.append(Fault("E513", place, found, needed))
    return faults


def _named(names: list[str]) -> str:
    text = f"order{'s' if len(names) > 1 else ''} {', '.join(names[:_MOST_NAMED])}"
    more = len(names) - _MOST_NAMED
    return text if more <= 0 else f"{text} and {more} more"
