"""Who counts as standing with a pod until the end."""

from dataclasses import replace

import numpy as np
import pytest

from tests.pod_sites import pod_plan
from warehouse.pod_metrics import measure_pods
from warehouse.standing_robots import STANDING_S, standing_robots


def plan_of_a_stand(stood_s, stops=1):
    """Plan in which the robot that lifts first stands from some time before the end."""
    plan = pod_plan(end="\n[horizon]\nend_s = 500\n")
    work = plan.pod_work
    work = replace(work, stops=work.stops[:stops], picks=work.picks[:0])
    cells = plan.cells.copy()
    robot = plan.pod_work.stops["robot"][0]
    first = plan.steps - round(stood_s / plan.scenario.step_s)
    cells[:first, robot] = np.arange(first) % 2
    cells[first:, robot] = 2
    return replace(plan, cells=cells, pod_work=work), robot


def test_who_has_a_pod_and_leaves_its_cell_no_more_stands():
    plan, robot = plan_of_a_stand(STANDING_S + 5)
    assert standing_robots(plan).tolist() == [robot]
    assert measure_pods(plan).standing == 1


def test_who_left_its_cell_not_long_ago_does_not_stand():
    plan, _ = plan_of_a_stand(STANDING_S - 5)
    assert standing_robots(plan).tolist() == []


def test_who_has_no_pod_does_not_stand():
    plan, _ = plan_of_a_stand(STANDING_S + 5, stops=0)
    assert standing_robots(plan).tolist() == []


@pytest.mark.parametrize("ago_s", [5, STANDING_S + 100])
def test_who_was_served_not_long_ago_does_not_stand(ago_s):
    plan, robot = plan_of_a_stand(STANDING_S + 5)
    plan.pod_work.stops["end"][0] = plan.steps - round(ago_s / plan.scenario.step_s)
    stands = [robot] if ago_s > STANDING_S else []
    assert standing_robots(plan).tolist() == stands
