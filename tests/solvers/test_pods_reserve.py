"""Time is kept for writing a plan down."""

import time

from solvers.pods import reserve
from solvers.pods.arrays import PICKS, STOPS
from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from solvers.pods.reserve import FIRST_PICKS, SPARE, Reserve
from solvers.pods.simulate import Simulation
from solvers.pods.ways import Ways
from solvers.result import Stop, Termination
from tests.pod_sites import pod_scenario
from warehouse.check import check_plan

TAKES_S = 0.05


def count_slow_bounds(monkeypatch):
    """Let a bound take some time; a list with an entry for each that was asked for."""
    asked = []

    def slow(scenario, work):
        asked.append(work)
        time.sleep(TAKES_S)

    monkeypatch.setattr(reserve, "bound_of", slow)
    return asked


def begun():
    """Simulation of the small site before its first step."""
    scenario = pod_scenario()
    return Simulation(scenario, scenario.pods, PodParams(), 1, Ways(scenario))


def test_so_much_time_is_kept_as_writing_down_takes(monkeypatch):
    count_slow_bounds(monkeypatch)
    simulation = begun()
    near = time.perf_counter() + SPARE * TAKES_S
    far = near + 3600
    for deadline, is_due in ((near, True), (far, False)):
        kept = Reserve(deadline)
        kept.measure(pod_scenario(), simulation)
        assert kept.is_due() == is_due


def test_it_is_measured_again_when_the_plan_has_grown(monkeypatch):
    asked = count_slow_bounds(monkeypatch)
    simulation = begun()
    kept = Reserve(time.perf_counter() + 3600)
    for _ in range(3):
        kept.measure(pod_scenario(), simulation)
    assert len(asked) == 1
    simulation._make_room()
    simulation.site.record.used[[STOPS, PICKS]] = 1, FIRST_PICKS
    kept.measure(pod_scenario(), simulation)
    kept.measure(pod_scenario(), simulation)
    assert len(asked) == 2


def test_without_a_deadline_nothing_is_measured(monkeypatch):
    asked = count_slow_bounds(monkeypatch)
    plan_pods(pod_scenario(), Stop())
    assert asked == []


def test_a_time_limit_ends_a_plan_that_keeps_the_rules():
    result = plan_pods(pod_scenario(), Stop(time_limit_s=0.0))
    assert result.termination is Termination.TIME_LIMIT
    assert check_plan(result.solution) == []
