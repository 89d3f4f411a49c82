"""Plans whose robots are late: every order is delivered and every rule is kept."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import layouts
from solvers.cli.app import app
from tests.mixed_sites import mixed_plan
from tests.planning import plan_of
from tests.plans import empty_plan, fresh, small_plan
from tests.pod_sites import pod_plan
from tests.shipped_plans import shipped_plan
from tests.staffed_sites import staff_of, staffed
from tests.strategies import scenarios
from warehouse.check import check_plan
from warehouse.cutoffs import transfer_s
from warehouse.errors import WarehouseError
from warehouse.execution import (
    Breakdowns,
    LorrDelays,
    PassingOrder,
    RandomDelays,
    RecordedDelays,
    execute,
    executed_plan,
    follow_plan,
)
from warehouse.execution.retime import repack
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import ShippingParams, add_shipping
from warehouse.lateness import late_orders
from warehouse.plan import UnservedReason

MODELS = {
    "random": RandomDelays(0.1),
    "half": RandomDelays(0.5),
    "breakdown": Breakdowns(steps=40, robots=2, within=30),
    "ticks": LorrDelays.of_share(0.2),
    "bursts": LorrDelays(0.05, 2, 8, "poisson", "gaussian", agent_counter=10),
}


def faults(plan):
    return [str(violation) for violation in check_plan(plan)]


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_without_delays_the_plan_stays_as_it_is(motion):
    plan = small_plan(motion)
    done = executed_plan(plan, execute(PassingOrder.from_plan(plan), RandomDelays(0)))
    for name in ("cells", "headings", "stops", "picks", "drops", "packing"):
        assert np.array_equal(getattr(done, name), getattr(plan, name)), name


@pytest.mark.parametrize("motion", ["omni", "rotate"])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("keeps_times", [True, False])
def test_late_plans_keep_every_rule(motion, model, keeps_times):
    plan = small_plan(motion)
    order = PassingOrder.from_plan(plan, keeps_times=keeps_times)
    for seed in range(5):
        run = execute(order, MODELS[model], seed=seed)
        done = executed_plan(plan, run)
        assert faults(done) == []
        assert done.packing["order"].tolist() == plan.packing["order"].tolist()
        assert (done.stops["start"] >= plan.stops["start"]).all()


@settings(max_examples=10)
@given(scenarios(), st.integers(0, 2**31), st.sampled_from(["half", "ticks"]))
def test_any_plan_of_ours_can_be_followed(scenario, seed, model):
    plan = plan_of(scenario).solution
    seen = []
    report = follow_plan(plan, MODELS[model], runs=2, seed=seed, on_run=seen.append)
    assert report.all_delivered
    for run in seen:
        assert faults(executed_plan(plan, run)) == []


def test_ten_seeds_with_ten_per_cent_of_steps_late():
    plan = plan_of(read_scenario(layouts.folder("small"))).solution
    seen = []
    report = follow_plan(plan, RandomDelays(0.1), runs=10, on_run=seen.append)
    assert report.all_delivered
    assert [faults(executed_plan(plan, run)) for run in seen] == [[]] * 10
    assert (
        plan.makespan_s < report.expected_makespan_s < report.worst_makespan_s < np.inf
    )
    assert report.order_delay_s.shape == (10, len(plan.packing))
    again = follow_plan(plan, RandomDelays(0.1), runs=10)
    assert again.to_dict() == report.to_dict()


def test_a_wait_in_the_plan_makes_up_for_a_delay():
    plan = small_plan()
    report = follow_plan(plan, RecordedDelays(()), runs=1)
    assert not report.order_delay_s.any()
    assert not report.robot_delay_s.any()
    assert report.late_orders.tolist() == [report.planned_late_orders] == [1]
    assert report.tardiness_s.tolist() == [report.planned_tardiness_s]


def test_a_robot_broken_down_for_good_is_reported_as_never():
    plan = small_plan()
    busy = int(plan.stops["robot"][0])
    for_good = tuple(((0, 10**7),) if r == busy else () for r in range(4))
    broken = RecordedDelays(for_good)
    report = follow_plan(plan, broken, runs=1, most_steps=300)
    assert not report.all_delivered
    assert 0 < report.delivered[0] < report.orders
    assert report.worst_makespan_s == np.inf
    run = execute(PassingOrder.from_plan(plan), broken, most_steps=300)
    with pytest.raises(WarehouseError, match="E217"):
        executed_plan(plan, run)


def test_plans_with_pods_are_refused(tmp_path):
    for plan in (pod_plan(), mixed_plan()):
        write_plan(plan, tmp_path / "pods.plan.npz")
        done = CliRunner().invoke(app, ["follow", str(tmp_path / "pods.plan.npz")])
        assert done.exit_code == 1
        assert done.stderr.startswith("E218 ")


def test_a_stop_without_any_work_is_made_in_passing():
    plan = fresh(small_plan())
    free = replace(plan.scenario.service, pick_s_per_line=0.0, pick_s_per_unit=0.0)
    plan = replace(plan, scenario=replace(plan.scenario, service=free))
    picks = plan.stops["kind"] == 0
    plan.stops["end"][picks] = plan.stops["start"][picks]
    assert faults(plan) == []
    for keeps_times in (True, False):
        order = PassingOrder.from_plan(plan, keeps_times=keeps_times)
        for seed in range(10):
            run = execute(order, RandomDelays(0.3), seed=seed)
            assert faults(executed_plan(plan, run)) == []


def test_packers_take_what_is_there_in_the_order_of_the_plan():
    plan = small_plan()
    stops = plan.stops.copy()
    stops["start"] += 1000
    stops["end"] += 1000
    late = repack(plan, stops)
    assert np.allclose(late["start_s"] - plan.packing["start_s"], 1000.0)
    # The first order of its station comes last: the others do not wait for it.
    station = plan.packing[plan.packing["station"] == 0]
    first = station[np.argsort(station["start_s"])][0]
    stops = plan.stops.copy()
    rows = plan.drops["stop"][plan.drops["order"] == first["order"]]
    stops["end"][rows] += 500
    late = repack(plan, stops)
    here = late[late["station"] == 0]
    held = plan.drops["order"][np.isin(plan.drops["stop"], rows)]
    others = here[~np.isin(here["order"], held)]
    assert len(others)
    assert (others["start_s"] < 500).all()


# ---- Cartons and trucks --------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_late_plans_with_cartons_and_trucks_keep_every_rule(model):
    plan = shipped_plan()
    order = PassingOrder.from_plan(plan)
    for seed in range(5):
        assert (
            faults(executed_plan(plan, execute(order, MODELS[model], seed=seed))) == []
        )


def test_without_delays_cartons_go_with_the_trucks_of_the_plan():
    plan = shipped_plan()
    done = executed_plan(plan, execute(PassingOrder.from_plan(plan), RandomDelays(0)))
    assert done.packing.tobytes() == plan.packing.tobytes()
    assert done.consignment.loads.tobytes() == plan.consignment.loads.tobytes()


def test_who_misses_a_truck_goes_with_the_next_or_with_none_and_is_late():
    plan, delays = shipped_plan(), Breakdowns(steps=200, robots=4, within=2)
    order_of = plan.consignment.cartons["order"][plan.consignment.loads["carton"]]
    ends_s = plan.packing["end_s"][np.searchsorted(plan.packing["order"], order_of)]
    walk_s = transfer_s(plan.scenario).max()
    leaves_s = ends_s.max() + walk_s + 1.0
    for later_s in (leaves_s + 1000.0, 0.0):
        # The second departure, which all go with, leaves when the last is there.
        departs_s = np.array([later_s, leaves_s, leaves_s])
        given = with_departures(plan, departs_s)
        assert faults(given) == []
        run = execute(PassingOrder.from_plan(given), delays, seed=1)
        done = executed_plan(given, run)
        assert faults(done) == []
        on_first = np.count_nonzero(done.consignment.loads["truck"] == 0)
        missed = len(order_of) - len(done.consignment.loads)
        assert (on_first > 0) == (later_s > 0)
        assert (missed > 0) == (later_s == 0)
        report = follow_plan(given, delays, runs=1, seed=1)
        late = [one.order for one in late_orders(done) if np.isfinite(one.end_s)]
        assert set(report.late_runs) == {given.scenario.orders.names[k] for k in late}
        assert report.late_orders.tolist() == [len(late)]
        assert (len(late) > 0) == (missed > 0)
        assert report.planned_late_orders == 0


def with_departures(plan, departs_s):
    """The plan where trucks depart at other times, and all orders go by then."""
    scenario = plan.scenario
    trucks = replace(scenario.trucks, departs_s=departs_s)
    due_s = np.full(len(scenario.orders), departs_s.max())
    return replace(
        plan,
        scenario=replace(
            scenario,
            orders=replace(scenario.orders, due_s=due_s),
            shipping=replace(scenario.shipping, trucks=trucks),
        ),
    )


def test_packers_who_take_orders_in_another_sequence_change_cartons_at_other_times():
    site = read_scenario(layouts.folder("small"))
    some = ShippingParams(trucks_every_s=300.0, trucks_until_s=900.0, setup_s=20.0)
    stations = tuple(replace(station, packers=2) for station in site.stations)
    site = add_shipping(replace(site, stations=stations), some)
    plan = plan_of(site, objective="on-time").solution
    assert len(np.unique(plan.consignment.cartons["carton"])) > 1
    seen = []
    follow_plan(plan, RandomDelays(0.5), runs=3, on_run=seen.append)
    done = [executed_plan(plan, run) for run in seen]
    assert [faults(one) for one in done] == [[]] * 3
    length_s = plan.packing["end_s"] - plan.packing["start_s"]
    lengths_s = [one.packing["end_s"] - one.packing["start_s"] for one in done]
    assert any(np.abs(later_s - length_s).max() > 1.0 for later_s in lengths_s)


@pytest.mark.parametrize("cartons", [False, True])
def test_orders_too_late_for_the_shift_are_left_out(cartons):
    site = read_scenario(layouts.folder("small"))
    if cartons:
        some = ShippingParams(trucks_every_s=200.0, trucks_until_s=800.0, setup_s=5.0)
        site = add_shipping(site, some)
    people = staff_of(
        ("Ada", 0, 0, 400, 1, ""),
        ("Ben", 1, 0, 400, 1.2, ""),
        breaks=[(0, 100, 150, 30), (1, 200, 240, 0)],
    )
    plan = plan_of(staffed(site, people)).solution
    assert faults(plan) == []
    run = execute(PassingOrder.from_plan(plan), RandomDelays(0.5))
    done = executed_plan(plan, run)
    assert faults(done) == []
    left = np.setdiff1d(plan.packing["order"], done.packing["order"])
    assert len(left) and len(done.packing)
    lines = np.isin(site.orders.line_order[done.unserved["line"]], left)
    assert set(done.unserved["reason"][lines]) == {UnservedReason.SHIFT_OVER}
    assert done.bound.value_s == 0.0


def test_an_empty_plan_is_followed():
    report = follow_plan(empty_plan(), RandomDelays(0.1), runs=2)
    assert report.all_delivered
    assert report.worst_makespan_s == 0.0


# ---- The command ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("plans") / "small.plan.npz"
    write_plan(small_plan("rotate"), path)
    return path


def run_command(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("model", ["random", "breakdown", "lorr2026"])
def test_the_command_says_how_late_a_plan_becomes(plan_file, model):
    words = ("follow", plan_file, "--seeds", 3, "--model", model, "--late", 0.3)
    told = run_command(*words)
    assert told.exit_code == 0
    assert "delivered    5 of 5 orders in every run" in told.stdout
    assert "no rule is broken in any run" in told.stdout
    facts = json.loads(run_command(*words, "--json").stdout)
    assert facts["makespan_s"]["planned"] == small_plan("rotate").makespan_s
    assert facts["makespan_s"]["worst"] >= facts["makespan_s"]["expected"]
    assert facts["violations"] == []


def test_the_command_writes_the_first_run(plan_file, tmp_path):
    out = tmp_path / "late.plan.npz"
    told = run_command("follow", plan_file, "--seed", 4, "--seeds", 2, "-o", out)
    assert told.exit_code == 0
    assert run_command("check", out).exit_code == 0
    written = read_plan(out)
    assert written.meta["executed"]["seed"] == 4
    facts = json.loads(run_command("follow", plan_file, "--seed", 4, "--json").stdout)
    assert written.makespan_s == facts["makespan_s"]["runs"][0]


def test_the_command_refuses_a_plan_with_collisions(tmp_path):
    plan = fresh(small_plan())
    plan.cells[:, 1] = plan.cells[:, 0]
    path = tmp_path / "bad.plan.npz"
    write_plan(plan, path)
    told = run_command("follow", path)
    assert told.exit_code == 1
    assert "E215 step" in told.stderr
