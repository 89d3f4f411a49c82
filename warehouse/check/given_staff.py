"""Whether packers, shifts and breaks in a plan make enough sense to check against."""

import numpy as np

from warehouse.check.repeats import repeated_rows
from warehouse.check.violation import Findings
from warehouse.scenario import Scenario
from warehouse.staff import PackerBreaks, Packers, Staff


def check_given_staff(scenario: Scenario, staff: Staff, findings: Findings) -> None:
    """Report what keeps the staff of a scenario from being read."""
    packers, breaks = staff.packers, staff.breaks
    columns = (packers.station, packers.start_s, packers.end_s, packers.speed)
    lengths = {len(column) for column in (packers.names, *columns, packers.skills)}
    needs = scenario.orders.needs
    if len(lengths) > 1 or (needs and len(needs) != len(scenario.orders)):
        findings.add("scenario", "packers: {what}", what="columns of different lengths")
        return
    if scenario.pods is not None:
        findings.add("scenario", "packers: {what}", what="there are pods, too")
    counts = [station.packers for station in scenario.stations]
    stations = np.repeat(np.arange(len(counts)), np.maximum(counts, 0))
    if not np.array_equal(packers.station, stations):
        text = "packers: stations have {counts}, which is not who is listed in turn"
        findings.add("scenario", text, counts=str(counts))
    for row in repeated_rows(packers.names):
        text = "packer {row} is called {packer!r}, as one before"
        findings.add("scenario", text, row=row, packer=packers.names[row])
    _check_shifts(packers, findings)
    _check_breaks(breaks, len(packers), findings)


def _check_shifts(packers: Packers, findings: Findings) -> None:
    start_s, end_s, speed = packers.start_s, packers.end_s, packers.speed
    good = np.isfinite(start_s) & (start_s >= 0) & (end_s > start_s)
    good &= np.isfinite(speed) & (speed > 0)
    bad = np.flatnonzero(~good)
    text = "packer {row} has a shift from {start} to {end} s and speed {speed}"
    columns = {"start": start_s[bad], "end": end_s[bad], "speed": speed[bad]}
    findings.add("scenario", text, row=bad, **columns)


def _check_breaks(breaks: PackerBreaks, packers: int, findings: Findings) -> None:
    columns = (breaks.packer, breaks.start_s, breaks.end_s, breaks.wait_s)
    if len({len(column) for column in columns}) > 1:
        findings.add("scenario", "breaks: {what}", what="columns of different lengths")
        return
    packer, start_s, end_s, wait_s = columns
    good = (packer >= 0) & (packer < packers) & (start_s >= 0) & (end_s >= start_s)
    good &= (wait_s >= 0) & np.isfinite(end_s + wait_s)
    same = np.diff(packer) == 0
    good[1:] &= np.diff(packer) >= 0
    good[1:] &= ~same | (start_s[1:] >= (end_s + wait_s)[:-1])
    bad = np.flatnonzero(~good)
    text = "break {row} of packer {packer} from {start} to {end} s does not fit in"
    values = {"packer": packer[bad], "start": start_s[bad], "end": end_s[bad]}
    findings.add("scenario", text, row=bad, **values)
