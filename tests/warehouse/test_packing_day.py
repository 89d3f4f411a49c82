"""A day at packing stations: read, refused, written, and its rosters checked."""

from dataclasses import replace

import numpy as np
import pytest

from tests.warehouse.packing_days import FILES, write_day
from warehouse.check.roster import check_roster
from warehouse.errors import InputError
from warehouse.formats.packing_day import read_packing_day, write_packing_day
from warehouse.formats.roster_csv import write_roster
from warehouse.generate.packing_day import PackingDayParams, generate_packing_day
from warehouse.packing_day import PackedOrder


@pytest.fixture
def day(tmp_path):
    return read_packing_day(write_day(tmp_path))


def faults_of(folder, **changed):
    with pytest.raises(InputError) as error:
        read_packing_day(write_day(folder, **changed))
    return [str(fault) for fault in error.value.faults]


def test_what_the_files_say(day):
    jobs, packers = day.jobs, day.packers
    assert day.stations == ("A", "B") and day.cartons == ("S", "XL")
    assert packers.skills == ({"heavy", "gift"}, frozenset())
    assert packers.end_s.tolist() == [3600, np.inf]
    assert day.breaks.wait_s.tolist() == [60, 0]
    # Seconds by order and unit, or as written.
    assert jobs.work_s.tolist() == [40, 30, 90, 25]
    # o2 is ready too late for the first truck and takes the next one.
    assert jobs.truck.tolist() == [0, 1, 2, -1]
    assert jobs.due_s.tolist() == [440, 1440, 700, np.inf]
    # A carton may need a skill, too.
    assert jobs.needs == (frozenset(), {"heavy"}, {"gift"}, frozenset())
    assert jobs.stations[2] == {0, 1} and jobs.stations[0] == frozenset()


def test_breaks_and_trucks_may_be_left_out(tmp_path):
    jobs = "order,carton,units,ready_s\no1,S,1,0\n"
    day = read_packing_day(write_day(tmp_path, breaks=None, trucks=None, jobs=jobs))
    assert len(day.trucks) == 0 and len(day.breaks.packer) == 0
    assert day.jobs.due_s.tolist() == [np.inf]


def test_the_last_truck_takes_what_none_can_take(tmp_path):
    jobs = "order,carton,ready_s,carrier\no1,S,5000,north\n"
    day = read_packing_day(write_day(tmp_path, jobs=jobs))
    assert day.jobs.truck.tolist() == [1]


JOBS = "order,carton,units,ready_s,carrier,departs_s,stations\n"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"jobs": JOBS + "o,S,1,0,,,\no,S,1,0,,,\n"}, "E502 jobs.csv, line 3"),
        ({"jobs": JOBS + "o,Z,1,0,,,\n"}, "E503 jobs.csv, line 2, column carton"),
        ({"jobs": JOBS + "o,S,1,0,nort,,\n"}, "did you mean north?"),
        ({"jobs": JOBS + "o,S,1,0,,500,\n"}, "E503"),
        ({"jobs": JOBS + "o,S,1,0,north,501,\n"}, "use one of 500, 1500"),
        ({"jobs": JOBS + "o,S,1,0,,,A;C\n"}, "E503 jobs.csv, line 2, column stations"),
        ({"jobs": JOBS + "o,S,1.5,-1,,,\n"}, "E117 jobs.csv, line 2, column ready_s"),
        ({"jobs": JOBS}, "E507 jobs.csv: there is no order"),
        ({"packers": "packer,station\n"}, "E507 packers.csv: there is no packer"),
        ({"packers": "packer,station\nann,C\n"}, "E503 packers.csv, line 2"),
        ({"packers": "packer,station\nann,A\nann,B\n"}, "E502 packers.csv, line 3"),
        (
            {"packers": "packer,station,start_s,end_s\nann,A,9,9\n"},
            "E504 packers.csv, line 2, column end_s",
        ),
        (
            {"breaks": "packer,start_s,end_s,wait_s\nann,1,5,9\nann,12,13,\n"},
            "E504 breaks.csv, line 3",
        ),
        ({"breaks": "packer,start_s,end_s\nann,5,5\n"}, "E504 breaks.csv, line 2"),
        ({"breaks": "packer,start_s,end_s\neve,5,6\n"}, "E503 breaks.csv, line 2"),
        ({"trucks": "carrier,door,departs_s\n"}, "E501"),
        ({"schedule": '[[carton]]\nname = "S"\n'}, "E507 schedule.toml, key station"),
        ({"schedule": '[[station]]\nname = "A"\n'}, "E507 schedule.toml, key carton"),
        (
            {"schedule": FILES["schedule.toml"].replace('"XL"', '"S"')},
            "E502 schedule.toml, [[carton]] 2 key name",
        ),
        (
            {"schedule": FILES["schedule.toml"].replace("setup_s = 10", "setup = 10")},
            "did you mean setup_s?",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path, changed, words):
    assert any(words in fault for fault in faults_of(tmp_path, **changed))


def test_all_files_are_looked_at(tmp_path):
    found = faults_of(
        tmp_path,
        packers="packer,station\nann,C\n",
        trucks="carrier,door,departs_s\nnorth,D1,x\n",
        jobs=JOBS + "o,S,1,x,north,,\n",
    )
    assert [fault.partition(" ")[2].partition(",")[0] for fault in found] == [
        "packers.csv", "trucks.csv", "jobs.csv",
    ]  # fmt: skip


def test_a_generated_day_is_read_back(tmp_path):
    params = PackingDayParams(orders=30, stations=3, trucks=5)
    made = generate_packing_day(params, seed=4, name="made")
    write_packing_day(made, tmp_path)
    again = read_packing_day(tmp_path)
    for part in ("packers", "breaks", "jobs", "trucks"):
        one, other = getattr(made, part), getattr(again, part)
        for name in type(one).__slots__:
            ours, theirs = getattr(one, name), getattr(other, name)
            assert list(ours) == list(theirs), (part, name)
    assert again.cartons == made.cartons and again.transfer_s == made.transfer_s
    other = generate_packing_day(params, seed=5)
    assert other.jobs.ready_s.tolist() != made.jobs.ready_s.tolist()


def test_numbers_out_of_range_are_refused():
    with pytest.raises(InputError) as error:
        PackingDayParams(orders=0, load=float("nan"))
    assert [fault.place for fault in error.value.faults] == ["orders", "load"]


GOOD = (
    PackedOrder(0, 0, 0.0, 50.0),
    PackedOrder(2, 0, 50.0, 140.0),
    PackedOrder(1, 0, 550.0, 610.0),
    PackedOrder(3, 1, 100.0, 130.0),
)


def broken(day, rows, left_out=()):
    return [violation.rule for violation in check_roster(day, rows, left_out)]


def test_a_good_roster_breaks_no_rule(day):
    assert broken(day, GOOD) == []


@pytest.mark.parametrize(
    ("at", "row", "rules"),
    [
        (0, PackedOrder(0, 0, 0.0, 40.0), ["packing-length"]),
        (0, PackedOrder(0, 0, 0.0, 60.0), ["packer-busy", "packing-length"]),
        (0, PackedOrder(0, 0, float("nan"), 50.0), ["packing-length"] * 2),
        (
            0,
            PackedOrder(9, 0, 0.0, 50.0),
            ["order-once", "order-once", "packing-length"],
        ),
        (0, PackedOrder(2, 0, 200.0, 290.0), ["order-once"] * 2 + ["packing-length"]),
        (1, PackedOrder(2, 1, 300.0, 372.0), ["packer-able"]),
        (3, PackedOrder(3, 0, 300.0, 325.0), ["packer-able"]),
        (3, PackedOrder(3, 1, 20.0, 50.0), ["order-ready", "outside-shift"]),
        (2, PackedOrder(1, 0, 3570.0, 3630.0), ["outside-shift"]),
        # It would end at 670 s, and the break may begin at 660 s at the latest.
        (2, PackedOrder(1, 0, 599.0, 670.0), ["packing-length", "in-a-break"]),
        (2, PackedOrder(1, 0, 600.0, 660.0), ["in-a-break"]),
        (2, PackedOrder(1, 0, 1790.0, 1850.0), ["in-a-break"]),
    ],
)
def test_each_broken_rule_is_found(day, at, row, rules):
    rows = [*GOOD[:at], row, *GOOD[at + 1 :]]
    assert broken(day, rows) == rules


def test_the_break_that_waited_lasts_as_long(day):
    late = replace(GOOD[2], start_s=595.0, end_s=655.0)
    after = PackedOrder(3, 0, 950.0, 985.0)
    rows = [GOOD[0], GOOD[1], late, after]
    assert "in-a-break" in broken(day, rows)
    assert "in-a-break" not in broken(day, [*rows[:3], replace(after, start_s=955.0)])


def test_what_is_left_out_is_said(day):
    assert broken(day, GOOD[:3]) == ["order-once"]
    assert broken(day, GOOD[:3], [3]) == []


def test_a_roster_as_a_table(day, tmp_path):
    write_roster(day, GOOD, tmp_path / "roster.csv")
    lines = (tmp_path / "roster.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("packer,station,what,order,carton,start_s,end_s")
    assert lines[1] == "ann,A,order,o1,S,0,50,440,0,north,500"
    # The break waited for the order in hand.
    assert lines[4] == "ann,A,break,,,610,910,,,,"
    assert lines[-1] == "bob,B,order,o4,S,100,130,,0,,"
