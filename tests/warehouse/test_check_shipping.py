"""Rules for cartons and trucks, each broken by itself in a plan that kept them all."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.shipped_plans import shipped_plan
from warehouse.check import check_plan, check_structure
from warehouse.check.shipping_rules import SHIPPING_RULES
from warehouse.check.truck_times import carrying_s
from warehouse.consignment import LOAD_DTYPE, PACKED_CARTON_DTYPE
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.plan import UNSERVED_DTYPE, UnservedReason

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"


def with_shipping(plan, **changes):
    shipping = replace(plan.scenario.shipping, **changes)
    return replace(plan, scenario=replace(plan.scenario, shipping=shipping))


def with_units(plan, **changes):
    return with_shipping(plan, units=replace(plan.scenario.shipping.units, **changes))


def with_trucks(plan, **changes):
    return with_shipping(plan, trucks=replace(plan.scenario.shipping.trucks, **changes))


def changed(plan, table, column, row, value):
    getattr(plan.consignment, table)[column][row] = value
    return plan


def no_table(plan):
    return replace(plan, consignment=None)


def unpackable(plan):
    row = (int(plan.picks["line"][0]), 1, UnservedReason.NO_CARTON)
    rows = [*plan.unserved.tolist(), row]
    return replace(plan, unserved=np.array(sorted(rows), UNSERVED_DTYPE))


def loaded_again(plan):
    rows = plan.consignment.loads.tolist()
    rows.append((rows[0][0], 1, len(rows)))
    loads = np.array(rows, LOAD_DTYPE)
    return replace(plan, consignment=replace(plan.consignment, loads=loads))


def on_two_trucks(plan):
    """A further, empty carton of order 0 goes with the first departure."""
    work = plan.consignment
    cartons = np.array([(0, 0), *work.cartons.tolist()], PACKED_CARTON_DTYPE)
    units, loads = work.units.copy(), work.loads.copy()
    units["carton"] += 1
    loads["carton"] += 1
    loads = np.array([(0, 0, 0), *loads.tolist()], LOAD_DTYPE)
    return replace(plan, consignment=replace(work, cartons=cartons, units=units,
                                             loads=loads))  # fmt: skip


def empty_carton(plan):
    work = plan.consignment
    cartons = np.array([*work.cartons.tolist(), (4, 0)], PACKED_CARTON_DTYPE)
    return replace(plan, consignment=replace(work, cartons=cartons))


def twice_in(plan):
    units = plan.consignment.units
    again = np.concatenate([units, units[-1:]])
    again["z_mm"][-1] += 100
    return replace(plan, consignment=replace(plan.consignment, units=again))


def nothing_loaded(plan):
    loads = plan.consignment.loads[:0]
    return replace(plan, consignment=replace(plan.consignment, loads=loads))


DAMAGES = {
    "shipping-tables": no_table,
    "carton-excuse": unpackable,
    "loaded-twice": loaded_again,
    "truck-carrier": lambda plan: with_trucks(plan, carrier=("road", "rail", "sea")),
    "order-on-trucks": on_two_trucks,
    "truck-missed": lambda plan: with_trucks(plan, departs_s=np.array([60.0, 61, 62])),
    "left-behind": nothing_loaded,
    "truck-volume": lambda plan: with_trucks(plan, capacity_m3=np.full(3, 0.019)),
    "truck-mass": lambda plan: with_trucks(plan, capacity_kg=np.full(3, 4.4)),
    "loading-order": lambda plan: changed(plan, "loads", "carton", [0, 1], [4, 3]),
    "carton-empty": empty_carton,
    "unit-missing": lambda plan: changed(plan, "units", "sku", 0, 1),
    "unit-twice": twice_in,
    "box-count": twice_in,
    "box-rotation": lambda plan: changed(plan, "units", "length_mm", 0, 99),
    "box-outside": lambda plan: changed(plan, "units", "z_mm", 0, 450),
    "box-overlap": lambda plan: changed(plan, "units", "z_mm", 1, 50),
    "box-support": None,
    "box-mass": lambda plan: with_units(plan, mass_kg=np.full(5, 2.0)),
    "box-fragile": lambda plan: with_units(plan, fragile=np.ones(5, bool)),
    "box-order": None,
}
"""None: see the test of its own below."""


def rules_of(plan):
    return {violation.rule for violation in check_plan(plan)}


def test_the_plan_keeps_every_rule():
    assert check_plan(shipped_plan()) == []


@pytest.mark.parametrize("rule", [rule for rule in DAMAGES if DAMAGES[rule]])
def test_damage_is_found(rule):
    damaged = DAMAGES[rule](shipped_plan())
    assert rule in rules_of(damaged)


def test_an_order_of_which_a_carton_stays_behind_is_found():
    """An order is on a truck with all its cartons, or on none."""
    plan = on_two_trucks(shipped_plan())
    loads = plan.consignment.loads[1:]
    parted = replace(plan, consignment=replace(plan.consignment, loads=loads))
    found = [v for v in check_plan(parted) if v.rule == "order-on-trucks"]
    name = plan.scenario.orders.names[0]
    assert [v.message for v in found] == [
        f"1 of the 2 cartons of order {name} go on a truck"
    ]


def test_an_order_may_stay_where_no_truck_has_room_or_time():
    plan = nothing_loaded(shipped_plan())
    assert {v.order for v in check_plan(plan)} == {0, 2, 3, 4}  # 1 has no carrier
    for changes in (
        {"capacity_m3": np.full(3, 0.004)},
        {"capacity_kg": np.full(3, 0.4)},
        {"departs_s": np.array([30.0, 31.0, 4000.0])},  # the last is of another
    ):
        assert check_plan(with_trucks(plan, **changes)) == []


def test_a_truck_that_departs_when_an_order_comes_could_take_it():
    plan = nothing_loaded(shipped_plan())
    [packed] = plan.packing[plan.packing["order"] == 0]
    come_s = packed["end_s"] + carrying_s(plan.scenario, int(packed["station"]), 0)
    for late_s, waits in ((1e-3, False), (0.0, True)):
        departs_s = np.array([come_s - late_s, 1.0, 4000.0])
        found = check_plan(with_trucks(plan, departs_s=departs_s))
        assert (0 in {violation.order for violation in found}) == waits


def test_a_departure_that_is_given_twice_is_found():
    twice = with_trucks(shipped_plan(), carrier=("road", "road", "road"),
                        departs_s=np.array([2000.0, 4000.0, 4000.0]))  # fmt: skip
    [found] = check_plan(twice)
    assert found.rule == "scenario" and "truck 2 is the same departure" in found.message


def test_support_and_order_of_loading_are_looked_at():
    plan = shipped_plan()
    rules = replace(plan.scenario.shipping.rules, support=1.0)
    plan = with_shipping(plan, rules=rules)
    assert check_plan(plan) == []
    plan.consignment.units["z_mm"][2] += 50
    assert "box-support" in rules_of(plan)
    plan = shipped_plan()
    plan.consignment.units["z_mm"][:3] = [200, 100, 0]
    assert rules_of(plan) == {"box-order"}


def test_a_unit_that_nobody_served_is_found():
    plan = changed(shipped_plan(), "units", "carton", 0, 1)
    assert {"row-order", "unit-missing"} <= rules_of(plan)


def test_changing_cartons_takes_a_packer_time():
    plan = shipped_plan()
    plan.consignment.cartons["carton"][1] = 1  # packed after order 0 by its packer
    [short] = check_plan(plan)
    assert short.rule == "packing-too-short" and short.order == 1
    assert "need 22.00 s" in short.message


def test_nonsense_is_a_violation_and_no_crash():
    plan = shipped_plan()
    plan.consignment.cartons["order"][0] = 99
    plan.consignment.units["sku"][3] = -7
    plan.consignment.loads["carton"][0] = 55
    plan.consignment.loads["truck"][1] = -1
    assert "index-range" in rules_of(plan)
    assert {violation.rule for violation in check_structure(plan)} == {"index-range"}
    nowhere = with_trucks(shipped_plan(), door=("D1", "", "D1"))
    assert rules_of(nowhere) == {"scenario"}
    doors = plan.scenario.shipping.doors * 2
    assert rules_of(with_shipping(shipped_plan(), doors=doors)) == {"scenario"}
    few = np.zeros((2, 3))
    assert rules_of(with_units(shipped_plan(), size_m=few)) == {"scenario"}
    plan = replace(shipped_plan(), packing=np.zeros(5))
    assert "array-shape" in rules_of(plan)
    never = with_trucks(shipped_plan(), departs_s=np.array([np.nan, 1.0, 2.0]))
    assert rules_of(never) == {"scenario"}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("catalogue", "size_m", 1e30),
        ("catalogue", "size_m", np.inf),
        ("catalogue", "cost", np.nan),
        ("units", "size_m", 1e30),
    ],
)
@pytest.mark.filterwarnings("error")
def test_endless_sizes_and_costs_are_found(table, column, value):
    plan = shipped_plan()
    given = getattr(plan.scenario.shipping, table)
    values = getattr(given, column).copy()
    values.flat[0] = value
    damaged = with_shipping(plan, **{table: replace(given, **{column: values})})
    assert rules_of(damaged) == {"scenario"}


def test_a_plan_with_cartons_comes_back_from_its_file(tmp_path):
    plan = shipped_plan()
    write_plan(plan, tmp_path / "a.plan.npz")
    again = read_plan(tmp_path / "a.plan.npz")
    assert check_plan(again) == []
    for name in ("cartons", "units", "loads"):
        written, read = (getattr(p.consignment, name) for p in (plan, again))
        assert np.array_equal(written, read)
    assert again.scenario.orders.carrier == plan.scenario.orders.carrier
    assert again.scenario.shipping.trucks.door == ("D1", "D1", "D1")
    assert again.scenario.shipping.rules == plan.scenario.shipping.rules
    write_plan(again, tmp_path / "b.plan.npz")
    one, other = ((tmp_path / f"{n}.plan.npz").read_bytes() for n in "ab")
    assert one == other


def test_every_rule_has_a_damage_and_is_documented():
    assert set(DAMAGES) == set(SHIPPING_RULES)
    table = DOCS.read_text(encoding="utf-8")
    table = table.split("## The rules for cartons and trucks")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    written = {row.split("`")[1]: row.split("|")[2].strip() for row in rows}
    assert written == SHIPPING_RULES
