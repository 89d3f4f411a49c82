import numpy as np
import pytest

from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz.events import EventKind, EventLog


def test_events_of_a_plan_in_words():
    log = EventLog(corridor_plan())
    assert [log.words(event) for event in log.rows] == [
        "0:00:02  robot 0 picks",
        "0:00:07  robot 0 hands over at P1",
        "0:00:15  A done at P1",
        "0:00:21  <script> done at P1",
    ]


def test_beside_goes_on_and_back_and_ends():
    log = EventLog(corridor_plan())
    steps = [(0.0, 1), (2.0, 1), (7.5, 1), (21.0, 1), (2.0, -1), (2.5, -1), (99, -2)]
    found = [log.beside(t, places) for t, places in steps]
    assert [event and float(event["t"]) for event in found] == [
        2.0,
        7.0,
        15.0,
        None,
        None,
        2.0,
        15.0,
    ]


def test_events_of_one_robot_or_station():
    plan = Wave(orders=12).build()
    log = EventLog(plan)
    t, seen = -1.0, []
    while (event := log.beside(t, 1, robot=1)) is not None:
        t = float(event["t"])
        seen.append(t)
    stops = plan.stops[plan.stops["robot"] == 1]
    assert seen == sorted(set(stops["start"].tolist()))
    event = log.beside(0.0, 1, station=2)
    assert event["station"] == 2
    assert event["kind"] in (EventKind.HAND_OVER, EventKind.DONE)


def test_density_counts_every_event():
    log = EventLog(Wave(orders=12).build())
    shares = log.density(50, float(log.rows["t"].max()))
    assert shares.max() == 1.0
    counts = shares / shares[shares > 0].min()
    assert np.round(counts).sum() == pytest.approx(len(log.rows))


def test_plan_in_which_nothing_happens():
    log = EventLog(still_plan())
    assert log.beside(0.0, 1) is None
    assert log.density(10, 1.0).tolist() == [0.0] * 10
