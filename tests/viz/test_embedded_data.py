"""What a page holds of a plan: packed here, unpacked by a way of its own."""

import base64
import json
import struct
import time
import zlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.wandering import wandering_plan
from layouts import folder
from tests.pod_sites import pod_plan
from tests.viz.synthetic import Wave, corridor_plan
from viz import embedded_motion
from viz.embedded_data import packed_replay
from viz.embedded_motion import Extent, MoveCodes
from viz.embedded_replay import replay_player
from viz.fleet_use import activities
from viz.replay import Replay
from viz.report import report_html
from warehouse.formats.scenario_folder import read_scenario

STEP = {0: (0, 0), 1: (-1, 0), 2: (0, 1), 3: (1, 0), 4: (0, -1), 5: (0, 0), 6: (0, 0)}


def unpacked(text):
    """The head and the arrays of a packed replay."""
    whole = zlib.decompress(base64.b64decode(text))
    (length,) = struct.unpack("<I", whole[:4])
    head, place = json.loads(whole[4 : 4 + length]), 4 + length
    for name, size, count in head["arrays"]:
        part = whole[place : place + size * count]
        place += len(part)
        array = np.frombuffer(part, np.uint8 if size == 1 else "<i4")
        head[name] = array if size == 1 else np.cumsum(array)
    assert place == len(whole)
    return head


def driven(codes, start, heading, width):
    """Cells and headings of robots that follow their codes."""
    cells, headings = [start.tolist()], [heading.tolist()]
    jumps = {
        where: number
        for number, where in enumerate(
            zip(*np.nonzero(codes.moves.T == 7), strict=True)
        )
    }
    for step, row in enumerate(codes.moves[:-1].tolist()):
        cells.append(list(cells[-1]))
        headings.append(list(headings[-1]))
        for robot, move in enumerate(row):
            if move == 7:
                jump = jumps[robot, step]
                cells[-1][robot] = int(codes.jump_cells[jump])
                headings[-1][robot] = int(codes.jump_headings[jump])
            else:
                rows, cols = STEP[move]
                cells[-1][robot] += rows * width + cols
                turn = {5: -1, 6: 1}.get(move, 0)
                headings[-1][robot] = (headings[-1][robot] + turn) % 4
    return cells, headings


@given(st.data())
def test_codes_lead_where_robots_go(data):
    width, steps, robots = (data.draw(st.integers(1, n)) for n in (5, 8, 3))
    cell, heading = st.integers(0, 4 * width - 1), st.integers(0, 3)
    rows = st.lists(st.tuples(cell, heading), min_size=robots, max_size=robots)
    path = np.array(data.draw(st.lists(rows, min_size=steps, max_size=steps)))
    cells, headings = path[:, :, 0].astype(np.int32), path[:, :, 1].astype(np.uint8)
    codes = MoveCodes.of(cells, headings, width)
    assert not codes.moves[-1].any()
    found = driven(codes, cells[0], headings[0], width)
    assert found == (cells.tolist(), headings.tolist())
    still = driven(MoveCodes.of(cells, None, width), cells[0], headings[0] * 0, width)
    assert still[0] == cells.tolist()


@given(st.integers(0, 10**8), st.integers(0, 10**5))
def test_what_is_shown_is_never_too_much(steps, robots):
    extent = Extent.of(steps, robots)
    shown = len(extent.robots)
    assert shown * (extent.steps + 1) <= embedded_motion.MOST_POSITIONS
    assert shown >= min(robots, embedded_motion.LEAST_ROBOTS)
    assert 0 <= extent.steps <= steps
    assert len(np.unique(extent.robots)) == shown
    assert shown == 0 or (extent.robots[0] == 0 and extent.robots[-1] < robots)
    if shown < robots:  # the whole time goes before all robots
        fewer = shown == embedded_motion.LEAST_ROBOTS
        assert extent.steps == steps or fewer


def test_a_part_of_the_robots_is_shown_and_said_so(monkeypatch):
    monkeypatch.setattr(embedded_motion, "LEAST_ROBOTS", 2)
    monkeypatch.setattr(embedded_motion, "MOST_POSITIONS", 2000)
    plan = Wave().build()
    replay = Replay.from_plan(plan)
    kept = min(6, max(2, 2000 // (plan.steps + 1)))
    assert kept < 6
    html = replay_player(replay, activities(replay))
    assert f"the replay shows {kept} of the 6 robots, evenly by number" in html
    monkeypatch.setattr(embedded_motion, "MOST_POSITIONS", 200)
    html = replay_player(replay, activities(replay))
    assert "2 of the 6 robots, evenly by number and the first 0:01:" in html


def test_pods_of_robots_that_are_left_out_are_not_seen(monkeypatch):
    monkeypatch.setattr(embedded_motion, "LEAST_ROBOTS", 1)
    monkeypatch.setattr(embedded_motion, "MOST_POSITIONS", 1)
    replay = Replay.from_plan(pod_plan())
    extent = Extent(np.array([1]), replay.plan.steps)
    head = unpacked(packed_replay(replay, activities(replay), extent))
    carried = replay.pods.robot
    expected = np.where(carried < 0, replay.pods.cell, np.where(carried == 1, -2, -1))
    assert head["podPlaces"].tolist() == expected.tolist()


def test_station_times_are_those_of_the_plan():
    replay = Replay.from_plan(Wave().build())
    extent = Extent.of(replay.plan.steps, replay.robots)
    head = unpacked(packed_replay(replay, activities(replay), extent))
    ends = [0, *head["endEnds"]]
    for station in range(replay.work.stations):
        steps = head["endSteps"][ends[station] : ends[station + 1]]
        for t in range(0, int(replay.duration), 50):
            done = replay.work.done_at(station, t * replay.step_s)
            assert np.count_nonzero(steps <= t) == done


def test_the_page_is_the_same_each_time():
    assert report_html(corridor_plan()) == report_html(corridor_plan())


def test_a_page_of_a_thousand_robots_is_small_and_soon_made():
    plan = wandering_plan(read_scenario(folder("large")), 1000, 0)
    began = time.perf_counter()
    page = report_html(plan)
    assert time.perf_counter() - began < 20  # seconds, on a machine that does more
    # A plan ten times as long stays below five million letters.
    assert len(page) < 500_000
