"""Rules for packers with names, each broken by itself in a plan that kept them all."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.plans import fresh, small_plan
from tests.staffed_sites import NEVER, staff_of, staffed
from warehouse.check import STAFF_RULES, check_plan
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.plan import UNSERVED_DTYPE, UnservedReason
from warehouse.staff import Staff

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"
PEOPLE = (
    ("Ben", 1, 0, 500, 1, "gift"),
    ("Ada", 0, 0, NEVER, 1, "gift heavy"),
    ("Cleo", 1, 0, 500, 1, ""),
)


def people(*, breaks=()):
    return staff_of(*PEOPLE, breaks=breaks)


def plan_with(staff, needs=None):
    """The small plan by these people. Rows: order, station, packer, times.

    0 and 1 are packed at station 0, 2 to 4 at station 1.
    """
    plan = fresh(small_plan())
    return replace(plan, scenario=staffed(plan.scenario, staff, needs))


def changed(staff: Staff, **columns) -> Staff:
    return replace(staff, packers=replace(staff.packers, **columns))


def rules_of(plan):
    return {violation.rule for violation in check_plan(plan)}


def left(plan, reason):
    """Say that all units that were held back were left for another reason."""
    rows = [(line, n, reason if why == UnservedReason.HELD else why)
            for line, n, why in plan.unserved.tolist()]  # fmt: skip
    return replace(plan, unserved=np.array(rows, UNSERVED_DTYPE))


def test_people_are_ordered_by_station():
    staff = people(breaks=[(0, 50, 60, 0), (1, 90, 95, 5)])
    assert staff.packers.names == ("Ada", "Ben", "Cleo")
    assert staff.breaks.packer.tolist() == [0, 1]
    assert staff.row_of(np.array([1, 0, 1]), np.array([1, 0, 0])).tolist() == [2, 0, 1]
    assert staff.present_s(55.0).tolist() == [55.0, 50.0, 55.0]


def test_the_plan_keeps_every_rule():
    plan = plan_with(people(breaks=[(0, 80, 90, 0)]), {0: "heavy", 3: "gift"})
    assert check_plan(plan) == []


def test_a_packer_without_the_skill_is_found():
    by_number = {int(row["order"]): int(row["packer"]) for row in small_plan().packing}
    order = next(o for o in (2, 3, 4) if by_number[o] == 1 and o != 4)
    [found] = check_plan(plan_with(people(), {order: "gift"}))
    assert found.rule == "packer-skill" and "Cleo, who lacks gift" in found.message


@pytest.mark.parametrize("column", ["start_s", "end_s"])
def test_packing_outside_of_a_shift_is_found(column):
    row = small_plan().packing[0]
    staff = people()
    at = (row["start_s"] + row["end_s"]) / 2
    values = getattr(staff.packers, column).copy()
    values[int(staff.row_of(row["station"], row["packer"]))] = at
    found = check_plan(plan_with(changed(staff, **{column: values})))
    assert {violation.rule for violation in found} == {"outside-shift"}


def test_a_break_may_wait_for_the_order_in_hand_and_no_longer():
    rows = small_plan().packing
    rows = rows[rows["station"] == 0]
    row = rows[rows["end_s"].argmax()]
    start, end = float(row["start_s"]), float(row["end_s"])
    middle = (start + end) / 2
    packer = 1  # Ada's row as written
    for wait, broken in ((0.0, True), (end - middle, False), (2.0, True)):
        plan = plan_with(people(breaks=[(packer, middle, middle + 4, wait)]))
        assert rules_of(plan) == ({"in-a-break"} if broken else set()), wait


def test_slow_people_take_longer():
    staff = people()
    plan = plan_with(changed(staff, speed=np.array([1.0, 1.0, 0.5])))
    assert rules_of(plan) == {"packing-too-short"}
    assert check_plan(plan_with(changed(staff, speed=np.full(3, 2.0)))) == []


def test_excuses_are_looked_at():
    plan = left(plan_with(people()), UnservedReason.NO_PACKER)
    assert rules_of(plan) == {"packer-excuse"}
    assert rules_of(left(plan, UnservedReason.HELD)) == {"packer-excuse"}
    order = int(plan.scenario.orders.line_order[plan.unserved["line"][-1]])
    plan = left(plan_with(people(), {order: "magic"}), UnservedReason.NO_PACKER)
    assert check_plan(plan) == []
    short = changed(people(), end_s=np.array([9.0, 500.0, 500.0]))
    plan = left(plan_with(short, {order: "heavy"}), UnservedReason.NO_PACKER)
    assert "packer-excuse" not in rules_of(plan)
    assert check_plan(left(plan_with(people()), UnservedReason.SHIFT_OVER)) == []
    endless = changed(people(), end_s=np.full(3, NEVER))
    plan = left(plan_with(endless), UnservedReason.SHIFT_OVER)
    assert rules_of(plan) == {"shift-excuse"}


def test_a_break_outside_of_the_shift_gives_nobody_time():
    """It would take all but 1 s of the time to the break, and the shift ends before."""
    plan = plan_with(people())
    order = int(plan.scenario.orders.line_order[plan.unserved["line"][-1]])
    units = plan.scenario.orders.line_quantity[plan.scenario.orders.line_order == order]
    took_s = plan.scenario.pack_s(int(units.sum()))
    staff = staff_of(
        *((name, s, 0, 500, 1, "gift") for name, s, *_ in PEOPLE),
        ("Dora", 1, 480, 480 + took_s / 2, 1, "magic"),
        breaks=[(3, 481 + took_s, 900, 0)],
    )
    plan = left(plan_with(staff, {order: "magic"}), UnservedReason.NO_PACKER)
    assert check_plan(plan) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"station": np.array([0, 1, 0], np.int32)},
        {"station": np.array([0, 0, 1], np.int32)},
        {"names": ("Ada", "Ada", "Cleo")},
        {"names": ("Ada",)},
        {"start_s": np.array([0.0, np.nan, 0.0])},
        {"end_s": np.zeros(3)},
        {"speed": np.array([1.0, 0.0, 1.0])},
    ],
)
def test_packers_that_make_no_sense_are_found(columns):
    assert rules_of(plan_with(people())) == set()
    plan = plan_with(people())
    staff = changed(plan.scenario.staff, **columns)
    damaged = replace(plan, scenario=replace(plan.scenario, staff=staff))
    assert rules_of(damaged) == {"scenario"}


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 50, 60, 5), (0, 64, 70, 0)],
        [(0, 60, 50, 0)],
        [(0, 50, np.nan, 0)],
        [(3, 50, 60, 0)],
    ],
)
def test_breaks_that_make_no_sense_are_found(rows):
    plan = plan_with(people())
    table = np.array(rows, float)
    breaks = replace(plan.scenario.staff.breaks, packer=table[:, 0].astype(np.int32),
                     start_s=table[:, 1], end_s=table[:, 2],
                     wait_s=table[:, 3])  # fmt: skip
    staff = replace(plan.scenario.staff, breaks=breaks)
    damaged = replace(plan, scenario=replace(plan.scenario, staff=staff))
    assert rules_of(damaged) == {"scenario"}


def test_people_come_back_from_the_plan_file(tmp_path):
    plan = plan_with(people(breaks=[(0, 80, 90, 2)]), {0: "heavy gift"})
    write_plan(plan, tmp_path / "a.plan.npz")
    again = read_plan(tmp_path / "a.plan.npz")
    assert check_plan(again) == []
    staff, given = again.scenario.staff, plan.scenario.staff
    assert staff.packers.names == given.packers.names
    assert staff.packers.skills == given.packers.skills
    assert staff.packers.end_s.tolist() == given.packers.end_s.tolist()
    assert staff.breaks.wait_s.tolist() == [2.0]
    assert again.scenario.orders.needs == plan.scenario.orders.needs
    write_plan(again, tmp_path / "b.plan.npz")
    one, other = ((tmp_path / f"{n}.plan.npz").read_bytes() for n in "ab")
    assert one == other


def test_every_rule_is_documented():
    table = DOCS.read_text(encoding="utf-8").split("## The rules for packers")[1]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    written = {row.split("`")[1]: row.split("|")[2].strip() for row in rows}
    assert written == STAFF_RULES
