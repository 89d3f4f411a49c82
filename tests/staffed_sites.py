"""People for the stations of small scenarios."""

from dataclasses import replace

import numpy as np

from warehouse.scenario import Scenario
from warehouse.staff import PackerBreaks, Packers, Staff

NEVER = float("inf")


def staff_of(*people, breaks=()):
    """Staff of rows (name, station, start_s, end_s, speed, skills), in any order.

    Breaks are rows (packer's row here, start_s, end_s, wait_s).
    """
    names, station, start_s, end_s, speed, skills = zip(*people, strict=True)
    times = (np.array(column, float) for column in (start_s, end_s, speed))
    packers = Packers(
        names, np.array(station, np.int32), *times, tuple(map(words, skills))
    )
    rows = np.array(breaks, float).reshape(len(breaks), 4)
    rests = PackerBreaks(rows[:, 0].astype(np.int32), *rows[:, 1:].T.copy())
    return Staff.in_order(packers, rests)


def words(text):
    return frozenset(text.split())


def staffed(scenario: Scenario, staff: Staff, needs=None) -> Scenario:
    """The scenario with these people, and what orders need by their number."""
    stations = scenario.stations
    counts = staff.counts(len(stations))
    orders = scenario.orders
    if needs:
        every = [words(needs.get(order, "")) for order in range(len(orders))]
        orders = replace(orders, needs=tuple(every))
    pairs = zip(stations, counts, strict=True)
    return replace(
        scenario,
        stations=tuple(replace(station, packers=n) for station, n in pairs),
        orders=orders,
        staff=staff,
    )
