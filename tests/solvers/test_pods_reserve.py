"""Time is kept for writing a plan down."""

import time
from math import inf

from solvers.pods import planner
from solvers.pods.planner import plan_pods
from solvers.pods.reserve import FIRST_PICKS, SET_UP, SPARE, Reserve
from solvers.result import Stop, Termination
from tests.pod_sites import pod_scenario
from warehouse.check import check_plan

TAKES_S = 0.05


def slow_write(asked):
    """Something that takes a while, and counts how often it was asked for."""

    def write():
        asked.append(1)
        time.sleep(TAKES_S)

    return write


def test_so_much_time_is_kept_as_writing_down_takes():
    near = time.perf_counter() + SPARE * TAKES_S
    far = near + 3600
    for deadline, is_due in ((near, True), (far, False)):
        kept = Reserve(deadline)
        kept.measure(0, slow_write([]))
        assert kept.is_due() == is_due


def test_more_is_kept_for_setting_up_until_it_is_measured():
    kept = Reserve(time.perf_counter() + TAKES_S * (2 + SPARE + SET_UP / 2))
    kept.foresee(slow_write([]))
    assert kept.is_due()
    kept.measure(0, lambda: None)
    assert not kept.is_due()


def test_it_is_measured_again_when_the_plan_has_grown():
    asked = []
    kept = Reserve(time.perf_counter() + 3600)
    for _ in range(3):
        kept.measure(0, slow_write(asked))
        kept.measure(FIRST_PICKS - 1, slow_write(asked))
    assert len(asked) == 1
    for _ in range(2):
        kept.measure(FIRST_PICKS, slow_write(asked))
    assert len(asked) == 2


def test_without_a_deadline_nothing_is_measured(monkeypatch):
    asked = []
    kept = Reserve(inf)
    kept.foresee(slow_write(asked))
    kept.measure(FIRST_PICKS, slow_write(asked))
    assert asked == []
    monkeypatch.setattr(planner, "bound_of", None)
    plan_pods(pod_scenario(), Stop())


def test_a_time_limit_ends_a_plan_that_keeps_the_rules():
    result = plan_pods(pod_scenario(), Stop(time_limit_s=0.0))
    assert result.termination is Termination.TIME_LIMIT
    assert check_plan(result.solution) == []
