"""Pods are drawn where they stand, and on the robots that carry them."""

import numpy as np
import pytest

from tests.pod_sites import pod_plan
from tests.viz.synthetic import corridor_plan
from viz.frame import Painter
from viz.palette import DARK
from viz.pod_places import PodPlaces
from viz.replay import Replay, RobotState
from viz.view import View
from warehouse.layout import CellKind
from warehouse.plan import PodStopKind


@pytest.fixture(scope="module")
def plan():
    return pod_plan()


def places_at(plan, step):
    """Cell and carrier of every pod, from all its stops so far."""
    cells = plan.scenario.pods.start_cells.tolist()
    robots = [-1] * len(cells)
    stops = plan.pod_work.stops
    for stop in stops[np.argsort(stops["end"], kind="stable")]:
        pod = stop["pod"]
        if stop["end"] > step or stop["kind"] == PodStopKind.VISIT:
            continue
        lifted = stop["kind"] == PodStopKind.LIFT
        cells[pod] = -1 if lifted else int(stop["cell"])
        robots[pod] = int(stop["robot"]) if lifted else -1
    return cells, robots


def test_places_are_those_of_the_stops_so_far(plan):
    places = PodPlaces.from_plan(plan)
    for step in range(plan.steps + 1):
        cell, robot = places.at(step)
        assert (cell.tolist(), robot.tolist()) == places_at(plan, step)
    late, _ = places.at(plan.steps + 100.0)
    assert late.tolist() == places_at(plan, plan.steps)[0]


def test_pods_are_squares_on_their_spots_and_on_their_robots(plan):
    replay = Replay.from_plan(plan)
    view = View(replay, (1000, 640))
    lifts = plan.pod_work.stops[plan.pod_work.stops["kind"] == PodStopKind.LIFT]
    step = int(lifts["end"].min()) + 1
    view.seek(step)
    frame = Painter(replay).frame(view)
    cells, robots = places_at(plan, int(view.t))
    assert max(robots) >= 0
    for cell, robot in zip(cells, robots, strict=True):
        row, col = divmod(cell, plan.scenario.layout.width)
        x, y = (col + 0.5, row + 0.5) if robot < 0 else view.moment.xy[robot]
        px, py = view.camera.to_screen(x + 0.18, y + 0.18)
        assert tuple(frame[round(py), round(px)]) == DARK.rack_face


def is_on_its_way(plan, robot, step):
    """Whether a robot has set out for a stop and is not there yet."""
    stops = plan.pod_work.stops[plan.pod_work.stops["robot"] == robot]
    if not (stops["start"] > step).any():
        return False
    since = int(stops["end"][stops["end"] <= step].max(initial=0))
    where = np.stack([plan.cells[:, robot], plan.headings[:, robot]])
    return bool((where[:, since : step + 1] != where[:, since, None]).any())


def test_robots_with_pods_are_in_the_state_they_are_in(plan):
    replay = Replay.from_plan(plan)
    stops, kinds = plan.pod_work.stops, plan.scenario.layout.kinds.ravel()
    for step in range(plan.steps):
        _, carried = places_at(plan, step)
        moves = plan.cells[step] != plan.cells[step + 1]
        moves |= plan.headings[step] != plan.headings[step + 1]
        here = (stops["start"] <= step) & (step < stops["end"])
        for robot, state in enumerate(replay.at(step).state.tolist()):
            expected = RobotState.EMPTY if moves[robot] else RobotState.IDLE
            if robot in carried:
                driving = RobotState.CARRYING, RobotState.WAITING
                expected = driving[0] if moves[robot] else driving[1]
            elif (
                not moves[robot]
                and is_on_its_way(plan, robot, step)
                and kinds[plan.cells[step, robot]] != CellKind.POD_SPOT
            ):
                expected = RobotState.WAITING
            if robot in stops["robot"][here]:
                expected = RobotState.SERVING
            assert state == expected


def test_a_plan_without_pods_has_no_places():
    cell, robot = PodPlaces.from_plan(corridor_plan()).at(3)
    assert len(cell) == len(robot) == 0
