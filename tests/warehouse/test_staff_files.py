"""Packers, breaks and skills of a scenario folder."""

import pytest

from tests.warehouse.scenario_files import ORDERS, SCENARIO, edited, write_folder
from warehouse.errors import InputError
from warehouse.formats.scenario_folder import read_scenario, write_scenario

PACKERS, BREAKS = "packers.csv", "breaks.csv"
NAMED = (SCENARIO, "\n[fleet]", 'packers = "packers.csv"\n\n[fleet]')
BOTH = (SCENARIO, "\n[fleet]",
        'packers = "packers.csv"\nbreaks = "breaks.csv"\n\n[fleet]')  # fmt: skip
UNCOUNTED = (SCENARIO, "\npackers = 2", "")
COLUMNS = "packer,station,start_s,end_s,speed,skills\n"


def site(*edits, packers="Ben,P2,0,900,1.1,\nAda,P1,60,,,heavy; gift\n", breaks=None):
    """Files of the folder with these rows of packers and, it may be, breaks."""
    named = BOTH if breaks is not None else NAMED
    files = edited(named, UNCOUNTED, *edits)
    files[PACKERS] = COLUMNS + packers
    if breaks is not None:
        files[BREAKS] = "packer,start_s,end_s,wait_s\n" + breaks
    return files


def needing(text):
    """Orders with a column of what they need."""
    lines = edited()[ORDERS].splitlines()
    return "\n".join([lines[0] + ",needs", *(f"{line},{text}" for line in lines[1:])])


def codes_of(folder):
    with pytest.raises(InputError) as caught:
        read_scenario(folder)
    return {fault.code for fault in caught.value.faults}


def test_packers_are_read_and_written_back(tmp_path):
    files = site(breaks="Ada,100,130,20\n")
    files[ORDERS] = needing("gift;heavy")
    write_folder(tmp_path, files)
    scenario = read_scenario(tmp_path)
    staff = scenario.staff
    names = [station.name for station in scenario.stations]
    assert [names[s] for s in staff.packers.station.tolist()] == sorted(
        ["P1", "P2"], key=names.index
    )
    ada = staff.packers.names.index("Ada")
    assert staff.packers.skills[ada] == {"heavy", "gift"}
    assert staff.packers.start_s[ada] == 60 and staff.packers.end_s[ada] == float("inf")
    assert staff.breaks.packer.tolist() == [ada]
    assert set(scenario.orders.needs) == {frozenset({"gift", "heavy"})}
    assert [s.packers for s in scenario.stations] == staff.counts(len(names))
    write_scenario(scenario, tmp_path / "again")
    again = read_scenario(tmp_path / "again")
    assert again.staff.packers.names == staff.packers.names
    assert again.staff.packers.skills == staff.packers.skills
    assert again.staff.breaks.wait_s.tolist() == [20.0]
    assert again.orders.needs == scenario.orders.needs


def test_a_station_that_nobody_is_at_has_no_packers(tmp_path):
    write_folder(tmp_path, site(packers="Ada,P1,,,,\nBen,P1,,,,\n"))
    counts = {s.name: s.packers for s in read_scenario(tmp_path).stations}
    assert counts == {"P1": 2, "P2": 0}


BAD = {
    "a station that is none": (site(packers="Ada,P9,,,,\n"), {"E503"}),
    "nobody": (site(packers=""), {"E507"}),
    "a packer twice": (site(packers="Ada,P1,,,,\nAda,P2,,,,\n"), {"E502"}),
    "a shift without time": (site(packers="Ada,P1,90,80,,\n"), {"E504"}),
    "a break of nobody": (site(breaks="Eve,1,2,0\n"), {"E503"}),
    "a file that is not named": (
        {**edited(), PACKERS: COLUMNS + "Ada,P1,,,,\n"}, {"E124"}
    ),
    "breaks without packers": (
        edited((SCENARIO, "\n[fleet]", 'breaks = "breaks.csv"\n\n[fleet]')), {"E534"}
    ),
    "a count beside the file": (
        site((SCENARIO, 'name = "P1"', 'name = "P1"\npackers = 2')), {"E535"}
    ),
    "skills that nobody has": ({**edited(), ORDERS: needing("gift")}, {"E533"}),
    "lines of an order that differ": (
        {**site(), ORDERS: needing("gift").replace("gift", "", 1)}, {"E189"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_named(case, tmp_path):
    files, codes = BAD[case]
    write_folder(tmp_path, files)
    assert codes_of(tmp_path) == codes
