"""Plans of sites whose packers have shifts, breaks, skills and speeds."""

from dataclasses import replace

import numpy as np
import pytest

from layouts import folder
from solvers.fulfilment import plan_scenario
from solvers.fulfilment.closing import split_pool, split_trip
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.reserve import StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Picks, make_trip
from solvers.result import Stop
from tests.planning import plan_of
from tests.staffed_sites import NEVER, staff_of, staffed
from warehouse.check import check_plan
from warehouse.errors import SolverError
from warehouse.execution import executed_plan, follow_plan
from warehouse.execution.delays import RandomDelays
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import ShippingParams, add_shipping
from warehouse.lateness import LateCause, late_orders
from warehouse.plan import UnservedReason
from warehouse.shipping_notices import find_notices
from warehouse.staff_notices import staff_notices

PEOPLE = (("Ada", 0, 0, NEVER, 1.0, "gift"), ("Ben", 1, 100, 700, 1.25, ""))
BREAKS = ((0, 100, 160, 20), (1, 200, 300, 0))


@pytest.fixture(scope="module")
def small():
    return read_scenario(folder("small"))


def units_left(plan):
    """Units unserved by reason."""
    left = {}
    for _, quantity, reason in plan.unserved.tolist():
        left[UnservedReason(reason)] = left.get(UnservedReason(reason), 0) + quantity
    return left


@pytest.mark.parametrize("objective", ["throughput", "on-time", "travel"])
@pytest.mark.parametrize("with_cartons", [False, True])
def test_shifts_breaks_and_skills_are_kept(small, objective, with_cartons):
    site = small
    if with_cartons:
        site = add_shipping(
            small, ShippingParams(seed=3, trucks_every_s=300.0, setup_s=5.0)
        )
    needs = dict.fromkeys(range(0, len(small.orders), 4), "gift")
    site = staffed(site, staff_of(*PEOPLE, breaks=BREAKS), needs)
    plan = plan_of(site, Stop(iterations=4), objective=objective).solution
    assert not len(plan.unserved)
    by_ben = plan.packing[plan.packing["station"] == 1]
    assert len(by_ben) and not set(by_ben["order"].tolist()) & set(needs)
    assert by_ben["start_s"].min() >= 100 and by_ben["end_s"].max() <= 700
    rests = (plan.packing["start_s"] < 300) & (plan.packing["end_s"] > 200)
    assert not (rests & (plan.packing["station"] == 1)).any()


def test_endless_shifts_give_the_plan_of_uncounted_packers(small):
    people = staff_of(*((name, s, 0, NEVER, 1, "") for name, s, *_ in PEOPLE))
    plain = plan_of(small, Stop(iterations=8)).solution
    named = plan_of(staffed(small, people), Stop(iterations=8)).solution
    both = min(len(named.cells), len(plain.cells))
    assert np.array_equal(named.cells[:both], plain.cells[:both])
    # Rosters are in whole milliseconds.
    assert named.makespan_s == pytest.approx(plain.makespan_s, abs=0.01)
    assert named.bound.value_s == pytest.approx(plain.bound.value_s, abs=0.1)


def test_the_same_plan_every_time(small):
    site = staffed(small, staff_of(*PEOPLE, breaks=BREAKS))
    one, other = (plan_of(site, Stop(iterations=4)).solution for _ in range(2))
    assert np.array_equal(one.packing, other.packing)
    assert np.array_equal(one.cells, other.cells)


def test_what_nobody_can_pack_is_named_and_the_rest_is_planned(small):
    lines = np.flatnonzero(small.orders.line_order == 5)
    quantity = small.orders.line_quantity.copy()
    quantity[lines[0]] = 200
    site = replace(small, orders=replace(small.orders, line_quantity=quantity))
    people = staff_of(("Ada", 0, 0, 600, 1, ""), ("Ben", 1, 0, 600, 1, "gift"))
    plan = plan_of(staffed(site, people, {2: "magic", 3: "gift"})).solution
    assert set(units_left(plan)) == {UnservedReason.NO_PACKER}
    assert len(plan.packing) == len(small.orders) - 2
    found = {fault.place: fault for fault in staff_notices(plan)}
    names = small.orders.names
    assert found[f"order {names[2]}"].code == "E511"
    assert "magic" in found[f"order {names[2]}"].found
    assert found[f"order {names[5]}"].code == "E512"


def test_shifts_that_end_too_early_leave_orders_out(small):
    people = staff_of(("Ada", 0, 0, 300, 1, ""), ("Ben", 1, 0, 250, 1, ""))
    due_s = np.full(len(small.orders), 400.0)
    site = replace(small, orders=replace(small.orders, due_s=due_s))
    plan = plan_of(staffed(site, people), Stop(iterations=4)).solution
    assert set(units_left(plan)) == {UnservedReason.SHIFT_OVER}
    assert 5 < len(plan.packing) < len(small.orders)
    assert plan.makespan_s <= 300
    [fault] = staff_notices(plan)
    assert fault.code == "E514" and "more can be packed" in fault.found
    late = late_orders(plan)
    assert {one.cause for one in late} == {LateCause.STATION}
    assert {one.order for one in late}.isdisjoint(plan.packing["order"].tolist())


@pytest.mark.parametrize("end_s", [60.0, NEVER])
def test_where_next_to_nothing_can_be_packed_there_is_a_plan(small, end_s):
    site = add_shipping(small, ShippingParams(seed=3, trucks_every_s=300.0))
    everybody = dict.fromkeys(range(1, len(small.orders)), "magic")
    people = staff_of(("Ada", 0, 0, end_s, 1, ""), ("Ben", 1, 0, end_s, 1, ""))
    plan = plan_of(staffed(site, people, everybody)).solution
    assert len(plan.packing) == (end_s == NEVER)
    assert plan.bound.value_s <= plan.makespan_s


def test_a_station_without_anybody_is_left_out(small):
    people = staff_of(("Ben", 1, 0, NEVER, 1, ""), ("Bo", 1, 0, NEVER, 1, "gift"))
    plan = plan_of(staffed(small, people, {4: "gift"})).solution
    assert set(plan.packing["station"].tolist()) == {1}
    assert plan.packing["packer"][plan.packing["order"] == 4] == 1


def test_orders_that_come_over_time_wait_for_shifts(small):
    release_s = np.linspace(0.0, 500.0, len(small.orders))
    site = replace(small, orders=replace(small.orders, release_s=release_s))
    people = staff_of(("Ada", 0, 0, 450, 1, ""), ("Ben", 1, 200, NEVER, 1, ""))
    plan = plan_of(staffed(site, people)).solution
    assert len(plan.packing) == len(small.orders)
    ends_s = plan.packing["end_s"][plan.packing["station"] == 0]
    assert ends_s.max() <= 450


def test_a_shift_that_begins_in_months_is_refused(small):
    people = staff_of(("Ada", 0, 9e6, NEVER, 1, ""), ("Ben", 1, 0, 60, 1, ""))
    with pytest.raises(SolverError, match="shift of a packer begins at 9000000 s"):
        plan_scenario(staffed(small, people), Stop(iterations=1))


def test_late_robots_do_not_make_people_work_in_breaks(small):
    site = staffed(small, staff_of(*PEOPLE, breaks=BREAKS), {3: "gift"})
    plan = plan_of(site).solution
    found = []

    def look(run):
        found.extend(check_plan(executed_plan(plan, run)))

    follow_plan(plan, RandomDelays(0.1), runs=3, seed=1, on_run=look)
    assert {one.rule for one in found} <= {"not-packed"}


def test_a_trip_is_cut_to_what_packers_have_time_for(small):
    people = staff_of(("Ada", 0, 0, 300, 1, ""), ("Ben", 1, 0, 300, 1, "gift"))
    due_s = np.full(len(small.orders), np.inf)
    due_s[2] = 200.0
    orders = replace(small.orders, due_s=due_s)
    site = Site(staffed(replace(small, orders=orders), people, {3: "gift"}))
    ledger, picks = StockLedger(site, FulfilmentParams()), Picks()
    picks.add(site, ledger.reserve(np.arange(4, dtype=np.int32)), ledger.stands)
    mine = [pick for order in range(4) for pick in picks.of_order[order]]
    trip = make_trip(site, mine, tuple(dict.fromkeys(pick.stand for pick in mine)))
    work_s = trip.pack_s
    plenty = np.full(2, 1e4)
    assert split_trip(site, site.people, picks, trip, plenty) == (trip, [])
    assert split_trip(site, site.people, picks, trip, np.zeros(2)) == (
        None, sorted(range(4), key=lambda o: (due_s[o], work_s[o])),
    )  # fmt: skip
    room_s = np.array([work_s[2], 0.0])  # for what is due, and nowhere for a gift
    cut, late = split_trip(site, site.people, picks, trip, room_s)
    assert cut.orders == (2,) and sorted(late) == [0, 1, 3]
    assert set(cut.tour) == {pick.stand for pick in picks.of_order[2]}
    room_s = np.array([1e4, 0.0])
    assert split_trip(site, site.people, picks, trip, room_s)[1] == [3]
    kept, closed = split_pool(site.people, [trip, cut], np.stack([plenty, [0.0, 0.0]]))
    assert kept == [trip] and closed == [2]


def test_a_truck_that_leaves_before_the_first_shift_is_named(small):
    site = add_shipping(small, ShippingParams(seed=3, trucks_every_s=600.0))
    assert find_notices(site) == []
    late = staff_of(("Ada", 0, 590, NEVER, 1, ""), ("Ben", 1, 900, NEVER, 1, ""))
    named = find_notices(staffed(site, late))
    assert named and {fault.code for fault in named} == {"E531"}
    assert all("at 600 s" in fault.place for fault in named)


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_holds(small, seed):
    """Held against plans of drawn people, some fast, some late, some in breaks."""
    rng = np.random.default_rng(seed)
    people, rests = [], []
    for number in range(int(rng.integers(2, 5))):
        start_s = float(rng.integers(0, 200))
        end_s = NEVER if rng.random() < 0.5 else start_s + float(rng.integers(300, 900))
        speed = float(rng.choice([0.5, 1.0, 1.5, 3.0]))
        people.append((f"P{number}", number % 2, start_s, end_s, speed, ""))
        rest_s = start_s + float(rng.integers(50, 200))
        wait_s = float(rng.integers(0, 40))
        rests.append((number, rest_s, rest_s + float(rng.integers(10, 90)), wait_s))
    site = staffed(small, staff_of(*people, breaks=rests))
    plan_of(site, Stop(iterations=2), seed=seed, objective="on-time")
