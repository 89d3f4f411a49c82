"""Every rule of the checker, broken by itself in a plan that was valid."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.plans import HOMES, at, empty_plan, fresh, small_plan
from warehouse.check import (
    RULES,
    STORED_PER_RULE,
    check_plan,
    check_structure,
    count_by_rule,
)
from warehouse.plan import Bound, Plan, UnservedReason
from warehouse.scenario import Fleet

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"
Damage = Callable[[Plan], Plan | None]
DAMAGES: dict[str, tuple[str, Damage]] = {}


def breaks(rule: str, motion: str = "omni") -> Callable[[Damage], Damage]:
    def register(damage: Damage) -> Damage:
        DAMAGES[rule] = (motion, damage)
        return damage

    return register


def rules_of(plan: Plan) -> set[str]:
    return {violation.rule for violation in check_plan(plan)}


@breaks("scenario")
def order_line_of_no_order(plan):
    plan.scenario.orders.line_order[0] = 99


@breaks("array-shape")
def one_robot_too_few(plan):
    return replace(plan, cells=plan.cells[:, :-1])


@breaks("row-order")
def two_rows_change_places(plan):
    plan.unserved[[0, 2]] = plan.unserved[[2, 0]]


@breaks("index-range")
def a_pick_for_no_line(plan):
    plan.picks["line"][3] = 99


@breaks("stop-kind")
def a_third_kind_of_stop(plan):
    plan.stops["kind"][0] = 2


@breaks("quantity-range")
def pick_nothing(plan):
    plan.picks["quantity"][0] = 0


@breaks("not-finite")
def packed_at_no_time(plan):
    plan.packing["end_s"][1] = np.nan


@breaks("off-grid")
def robot_leaves_the_grid(plan):
    plan.cells[5, 3] = -1


@breaks("off-floor")
def robot_in_a_rack(plan):
    plan.cells[5, 3] = at(2, 2)


@breaks("start-cell")
def robot_begins_beside_its_home(plan):
    plan.cells[0, 3] = at(6, 8)


@breaks("illegal-move")
def robot_jumps(plan):
    plan.cells[5:, 3] = at(6, 5)


@breaks("heading-range", "rotate")
def robot_heads_nowhere(plan):
    plan.headings[5, 3] = 4


@breaks("half-turn", "rotate")
def robot_turns_round(plan):
    plan.headings[5:, 3] = 2


@breaks("turn-while-driving", "rotate")
def robot_turns_in_the_step_it_drives(plan):
    drives = np.flatnonzero(plan.cells[1:, 0] != plan.cells[:-1, 0])
    plan.headings[drives[0] + 1 :, 0] = (plan.headings[drives[0] + 1 :, 0] + 1) % 4


@breaks("sideways-move", "rotate")
def robot_slides(plan):
    plan.headings[:, 0] = (plan.headings[:, 0] + 1) % 4


@breaks("vertex-conflict")
def two_robots_in_a_cell(plan):
    plan.cells[7, 3] = plan.cells[7, 0]


@breaks("edge-conflict")
def two_robots_swap(plan):
    plan.cells[:, 2] = HOMES[0]
    plan.cells[5:, 2] = HOMES[2]
    plan.cells[:, 0] = HOMES[2]
    plan.cells[5:, 0] = HOMES[0]


@breaks("service-horizon")
def stop_after_the_last_step(plan):
    plan.stops["end"][4] = plan.steps + 1


@breaks("service-moved")
def stop_while_driving(plan):
    plan.stops["start"][0] -= 1


@breaks("service-too-short")
def stop_ends_early(plan):
    plan.stops["end"][1] -= 1


@breaks("service-overlap")
def next_stop_begins_early(plan):
    plan.stops["start"][1] = plan.stops["end"][0] - 1


@breaks("dock-shared")
def two_drops_at_once(plan):
    west = np.flatnonzero(plan.stops["station"] == 0)
    plan.stops["start"][west] = 10


@breaks("pick-reach")
def pick_over_the_aisle(plan):
    plan.picks["rack"][6] = at(2, 2)


@breaks("sku-not-there")
def pick_from_the_wrong_rack(plan):
    plan.picks["rack"][0] = at(3, 4)


@breaks("stock-exceeded")
def one_unit_lies_there(plan):
    plan.scenario.stock.quantity[3] = 3


@breaks("picked-before-release")
def picked_too_soon(plan):
    plan.scenario.orders.release_s[4] = 9.5


@breaks("trip-robot")
def trip_of_two_robots(plan):
    plan.stops["trip"][9:] = 1


@breaks("trip-interleaved")
def back_to_a_trip_that_was_over(plan):
    plan.stops["trip"][6] = 0


@breaks("order-in-one-trip")
def second_part_in_another_trip(plan):
    plan.stops["trip"][5:7] = 9


@breaks("trip-capacity")
def a_tote_filled_twice_in_a_trip(plan):
    plan.stops["trip"][3:7] = 0


@breaks("trip-mass")
def robots_that_may_carry_less(plan):
    fleet = replace(plan.scenario.fleet, max_mass_kg=4.5)
    return replace(
        plan, scenario=replace(plan.scenario, fleet=fleet, sku_mass_kg=np.ones(5))
    )


@breaks("tote-capacity")
def one_slot(plan):
    fleet = replace(plan.scenario.fleet, tote_slots=1)
    return replace(plan, scenario=replace(plan.scenario, fleet=fleet))


@breaks("not-delivered")
def drop_in_another_trip(plan):
    plan.stops["trip"][6] = 9


@breaks("drop-not-on-board")
def hand_over_twice(plan):
    return replace(plan, drops=plan.drops[[0, 1, 1, 2, 3, 4, 5]])


@breaks("drop-cell")
def dock_is_elsewhere(plan):
    west, east = plan.scenario.stations
    moved = replace(west, cell=at(5, 3))
    return replace(plan, scenario=replace(plan.scenario, stations=(moved, east)))


@breaks("split-stations")
def second_part_to_the_other_station(plan):
    plan.stops["station"][4] = 0


@breaks("not-packed")
def forget_to_pack(plan):
    return replace(plan, packing=plan.packing[1:])


@breaks("packed-twice")
def pack_again(plan):
    return replace(plan, packing=plan.packing[[0, 0, 1, 2, 3, 4]])


@breaks("packed-nothing")
def pack_the_order_held_back(plan):
    row = plan.packing[-1:].copy()
    row["order"], row["start_s"], row["end_s"] = 5, 100.0, 110.0
    return replace(plan, packing=np.concatenate([plan.packing, row]))


@breaks("packed-elsewhere")
def pack_at_the_other_station(plan):
    plan.packing["station"][0] = 1


@breaks("packed-early")
def pack_before_it_is_complete(plan):
    plan.packing["start_s"][2] -= 0.5


@breaks("packing-too-short")
def pack_in_no_time(plan):
    plan.packing["end_s"][3] -= 0.5


@breaks("packer-busy")
def pack_two_at_once(plan):
    plan.packing["start_s"][1] -= 1.0


@breaks("line-exceeded")
def pick_one_too_many(plan):
    plan.picks["quantity"][0] += 1


@breaks("line-count")
def forget_a_unit(plan):
    plan.unserved["quantity"][1] -= 1


@breaks("unserved-reason")
def no_such_reason(plan):
    plan.unserved["reason"][0] = 99


@breaks("impossible-reason")
def no_room_on_pods_where_there_are_none(plan):
    plan.unserved["reason"][1] = UnservedReason.NO_ROOM


@breaks("stock-excuse")
def blame_the_stock(plan):
    plan.unserved["reason"][1] = UnservedReason.STOCK


@breaks("held-excuse")
def held_for_nothing(plan):
    plan.unserved["reason"][0] = UnservedReason.INTERRUPTED


@breaks("mass-excuse")
def a_light_order_is_too_heavy(plan):
    plan.unserved["reason"][1] = UnservedReason.TOO_HEAVY


@breaks("below-bound")
def claim_a_bound_too_high(plan):
    return replace(plan, bound=Bound({"stations": plan.makespan_s + 1}))


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_the_undamaged_plan_is_valid(motion):
    plan = small_plan(motion)
    assert check_plan(plan) == []
    assert len(plan.picks) == 9
    assert len(plan.packing) == 5


@pytest.mark.parametrize("rule", DAMAGES)
def test_damage_is_caught_by_name(rule):
    motion, damage = DAMAGES[rule]
    plan = fresh(small_plan(motion))
    plan = damage(plan) or plan
    assert rule in rules_of(plan)


def test_every_rule_has_a_damage_and_a_line_in_the_documentation():
    assert set(DAMAGES) == set(RULES)
    text = DOCS.read_text(encoding="utf-8")
    table = text.split("## The rules")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    written = {row.split("`")[1]: row.split("|")[2].strip() for row in rows}
    assert written == RULES


# The damages the checker was built for, each caught with its place and nothing else
# that is not a consequence.


def test_one_move_changed_is_placed():
    plan = fresh(small_plan())
    plan.cells[30, 3] = at(2, 9)
    found = [v for v in check_plan(plan) if v.rule == "illegal-move"]
    assert [(v.robot, v.step, v.cell) for v in found] == [
        (3, 29, HOMES[3]),
        (3, 30, at(2, 9)),
    ]
    assert rules_of(plan) == {"illegal-move"}


def test_one_unit_taken_twice_is_placed():
    plan = fresh(small_plan())
    plan.scenario.stock.quantity[0] = 1
    plan.picks["quantity"][0] = 2
    [stock] = [v for v in check_plan(plan) if v.rule == "stock-exceeded"]
    assert (stock.robot, stock.order, stock.cell) == (0, 0, at(2, 2))
    assert "apple" in stock.message
    assert rules_of(plan) == {
        "stock-exceeded",
        "line-exceeded",
        "line-count",
        "packing-too-short",
        "service-too-short",
    }


def test_one_order_packed_early_is_placed():
    plan = fresh(small_plan())
    plan.packing["start_s"][4] -= 5
    plan.packing["end_s"][4] -= 5
    [early] = check_plan(plan)
    assert (early.rule, early.order) == ("packed-early", 4)
    assert "order-4" in early.message


def test_one_swap_is_placed():
    plan = fresh(small_plan())
    # Robot 3 waits out of everybody's way; now it goes up and back, and robot 1,
    # parked above it by then, comes down and goes back.
    t = plan.steps
    assert plan.cells[t, [1, 3]].tolist() == [HOMES[1], HOMES[3]]
    plan.cells[t, [1, 3]] = plan.cells[t, [3, 1]]
    [swap] = check_plan(plan)
    assert swap.rule == "edge-conflict"
    assert (swap.robot, swap.other_robot, swap.step) == (1, 3, t - 1)


def test_an_order_in_two_trips_is_placed():
    plan = fresh(small_plan())
    plan.stops["trip"][5:7] = 9
    [apart] = check_plan(plan)
    assert (apart.rule, apart.robot, apart.order) == ("order-in-one-trip", 0, 2)
    assert apart.step == plan.stops["start"][5]
    assert "in trip 9; the first pick was in trip 2" in apart.message


def test_a_trip_with_too_many_orders_is_placed():
    plan = fresh(small_plan())
    plan.stops["trip"][3:7] = 0
    [overfull] = check_plan(plan)
    assert (overfull.rule, overfull.robot, overfull.step) == (
        "trip-capacity",
        0,
        plan.stops["start"][0],
    )
    assert "carries 3 orders in all" in overfull.message


def test_a_trip_that_is_taken_up_again_is_placed():
    plan = fresh(small_plan())
    plan.stops["trip"][6] = 0
    [again] = [v for v in check_plan(plan) if v.rule == "trip-interleaved"]
    assert (again.robot, again.step) == (0, plan.stops["start"][6])
    assert "goes back to trip 0" in again.message


def test_stock_runs_out_at_the_pick_that_takes_too_much():
    plan = fresh(small_plan())
    plan.scenario.stock.quantity[3] = 3  # four cups are taken from one rack
    [stock] = [v for v in check_plan(plan) if v.rule == "stock-exceeded"]
    last = plan.picks["stop"][plan.picks["rack"] == at(2, 6)]
    assert stock.step == plan.stops["start"][last].max()


def test_a_one_way_cell_is_not_driven_against():
    plan = fresh(empty_plan())
    start = np.array([at(1, 5), HOMES[1]], np.int32)
    plan = replace(
        plan,
        cells=np.stack([start, start - [1, 0]]).astype(np.int32),
        scenario=replace(plan.scenario, fleet=Fleet(start)),
    )
    assert [(v.rule, v.robot) for v in check_plan(plan)] == [("illegal-move", 0)]


def test_turning_during_service_is_not_standing_still():
    plan = fresh(small_plan("rotate"))
    first = plan.stops[0]
    plan.headings[first["start"] + 1, first["robot"]] ^= 1
    assert "service-moved" in rules_of(plan)


def test_following_into_a_cell_being_left_is_allowed():
    plan = fresh(empty_plan())
    start = np.array([at(4, 1), at(4, 2)], np.int32)
    cells = np.stack([start, start + 1, start + 2]).astype(np.int32)
    scenario = replace(plan.scenario, fleet=Fleet(start))
    assert check_plan(replace(plan, scenario=scenario, cells=cells)) == []


def test_all_violations_are_counted_and_a_thousand_listed():
    plan = empty_plan()
    steps = 3 * STORED_PER_RULE
    cells = np.repeat(plan.cells, steps + 1, axis=0)
    cells[1:, 1] = cells[0, 0]
    found = check_plan(replace(plan, cells=cells))
    assert count_by_rule(found) == {"illegal-move": 1, "vertex-conflict": steps}
    assert len(found) == STORED_PER_RULE + 2
    assert "3,000 in all" in found[-1].message


def test_headings_are_for_robots_that_turn():
    turning, plain = small_plan("rotate"), small_plan()
    assert "array-shape" in rules_of(replace(turning, headings=None))
    headings = np.zeros(plain.cells.shape, np.uint8)
    assert "array-shape" in rules_of(replace(plain, headings=headings))


def test_travel_and_tardiness_have_bounds_too():
    plan = small_plan()
    assert rules_of(replace(plan, bound=Bound({}, travel_m=1e4))) == {"below-bound"}
    assert rules_of(replace(plan, bound=Bound({}, 0, 1e4))) == {"below-bound"}
    assert rules_of(replace(plan, bound=Bound({"robots": np.nan}))) == {"not-finite"}


@pytest.mark.parametrize("robots", [0, 1, 2])
def test_an_empty_plan_is_valid(robots):
    assert check_plan(empty_plan(robots)) == []


def test_structure_is_what_keeps_a_plan_from_being_read():
    plan = fresh(small_plan())
    assert check_structure(plan) == []
    plan.packing["start_s"][2] -= 0.5  # wrong, and readable
    assert check_structure(plan) == []
    plan.drops["order"][0] = 77
    plan.cells[3, 0] = 10_000
    assert {v.rule for v in check_structure(plan)} == {"index-range", "off-grid"}
