"""Both kinds of robots share chargers: who charges when, and every plan is checked."""

import numpy as np
import pytest

from solvers.mixed.admission import NOWHERE, Admission
from solvers.mixed.errand import Errand
from solvers.mixed.planner import plan_mixed
from solvers.mixed.sides import side_of
from solvers.mixed.tote_batteries import ToteBatteries
from solvers.mixed.tote_robots import ToteRobots
from solvers.pods.params import PodParams
from solvers.pods.setup import make_site, servable_units
from solvers.pods.ways import Ways
from solvers.result import Stop
from tests.mixed_sites import charging_site, mixed_plan, mixed_scenario
from warehouse.battery_metrics import measure_batteries
from warehouse.check import check_plan
from warehouse.scenario import RobotKind


def test_robots_of_both_kinds_charge_and_serve_all():
    plan = mixed_plan(charging=True)
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0
    kinds = plan.scenario.fleet.kinds[plan.pod_work.charges["robot"]]
    assert set(kinds.tolist()) == set(RobotKind)


@pytest.mark.parametrize(("capacity", "start"), [(12.0, 0.3), (12.0, 1.0), (40.0, 0.5)])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_robot_goes_below_its_reserve(capacity, start, seed):
    site = mixed_scenario(**charging_site(capacity, start, racks=9, pods=9, both=9))
    plan = plan_mixed(site, Stop(iterations=1), seed=seed).solution
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0
    metrics = measure_batteries(plan)
    assert metrics.lowest_level >= 0.2
    assert metrics.stays > 0


def test_the_same_seed_gives_the_same_stays():
    site = mixed_scenario(**charging_site(12.0, 0.4))
    one = plan_mixed(site, seed=1).solution.pod_work.charges
    assert np.array_equal(one, mixed_plan(charging=True).pod_work.charges)


@pytest.fixture
def begun():
    """Return the arrays of the site, its batteries, and the vertex of each charger."""
    scenario = mixed_scenario(**charging_site(12.0, 1.0))
    ways = Ways(scenario)
    side = side_of(scenario, RobotKind.POD, scenario.orders.line_quantity).scenario
    site = make_site(side, side.pods, ways, PodParams(), 0, servable_units(side))
    batteries = ToteBatteries(ways, lambda a, b: 5, np.full(2, 12.0))
    homes = np.arange(2, dtype=np.int32)
    robots = ToteRobots(homes, Admission(np.full(ways.floor.vertices, NOWHERE)))
    site = site._replace(traffic=robots.join(site, 0))
    return site, batteries, ways.chargers.tolist()


def send_all(site, batteries):
    """Let both robots with totes, that stand at vertices 0 and 1, ask to charge."""
    batteries.call(site, [0, 1], [0, 1], [], 0)


def test_the_lowest_is_called_first(begun):
    site, batteries, chargers = begun
    site.chargers.robot[1] = 0
    batteries.level_wh[:] = 8.0, 6.0
    send_all(site, batteries)
    assert [batteries.has_charger(robot) for robot in (0, 1)] == [False, True]
    assert batteries.aim(site, 1, 0)[0] == chargers[0]
    assert site.chargers.robot[0] == len(site.robots) + 1


def test_who_has_charged_for_long_makes_room_for_one_in_need(begun):
    site, batteries, _ = begun
    batteries.level_wh[:] = 6.0, 7.0
    site.robots.charger[0], site.chargers.robot[0] = 0, 0
    site.robots.level_wh[0] = 7.0
    send_all(site, batteries)
    assert batteries.has_charger(0)
    assert not batteries.has_charger(1)
    site.robots.level_wh[0] = site.energy.leave_wh
    batteries.level_wh[1] = site.energy.call_wh
    batteries.call(site, [0, 1], [1], [], 1)
    assert batteries.has_charger(1)
    assert site.robots.charger[0] == -1


def test_a_robot_with_a_pod_that_is_low_gets_a_charger_of_one_with_totes(begun):
    site, batteries, _ = begun
    batteries.level_wh[:] = 6.0, 7.0
    send_all(site, batteries)
    batteries.level_wh[:] = 12.0, 7.0
    site.robots.level_wh[0] = 5.0
    batteries.call(site, [0, 1], [], [], 1)
    assert not batteries.has_charger(0)
    assert (site.chargers.robot == -1).sum() == 1


def test_a_stay_lasts_from_the_charger_to_a_full_battery(begun):
    site, batteries, chargers = begun
    batteries.level_wh[:] = 11.0, 12.0
    batteries.call(site, [chargers[0], 1], [0], [], 3)
    t = 3
    while batteries.has_charger(0):
        batteries.arrive(site, [chargers[0], 1], t)
        batteries.spend(site)
        t += 1
    (stay,) = batteries.stays_until(t)
    assert (stay.start, stay.start_wh) == (3, 11.0)
    assert stay.end == 3 + np.ceil((site.energy.full_wh - 11.0) / site.energy.charge_wh)
    assert stay.end_wh == pytest.approx(12.0, abs=site.energy.charge_wh)


def test_a_robot_sets_out_when_its_battery_will_do_and_turns_aside_before(begun):
    site, batteries, _ = begun
    errand = Errand([2, 3], [10, 10], [-1, -1])
    assert batteries.may_begin(site, 0, 1, errand)
    assert not batteries.must_turn_aside(site, 0, 1, errand, t=0)
    batteries.level_wh[0] = site.energy.reserve_wh + site.energy.stand_wh
    assert not batteries.may_begin(site, 0, 1, errand)
    assert batteries.must_turn_aside(site, 0, 1, errand, t=0)
    assert not batteries.must_turn_aside(site, 0, 1, errand, t=1)
    batteries.level_wh[0] = site.energy.reserve_wh
    assert batteries.must_turn_aside(site, 0, 1, errand, t=1)


def test_a_long_errand_is_begun_once_a_battery_is_charged_for_long(begun):
    site, batteries, _ = begun
    errand = Errand([2] * 500, [10] * 500, [-1] * 500)
    assert batteries.may_begin(site, 0, 1, errand)
    batteries.level_wh[0] = site.energy.call_wh
    assert not batteries.may_begin(site, 0, 1, errand)
