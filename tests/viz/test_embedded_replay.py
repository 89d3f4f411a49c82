"""The replay inside the report, played in a browser without a screen."""

import dataclasses
import io
import time

import numpy as np
import pytest
from PIL import Image

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from tests.viz.browser import Browser, browser_program
from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz.palette import THEMES
from viz.replay import STATE_WORDS, Replay, RobotState
from viz.report import write_report

pytestmark = pytest.mark.skipif(
    browser_program() is None, reason="there is no Chromium on this machine"
)
FLOOR = "[data-part=floor]"
MOTION = "document.querySelector('#replay').player.motion"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(
        browser_program(), tmp_path_factory.mktemp("chromium"), (1280, 900)
    )
    yield browser
    browser.close()


@pytest.fixture
def shown(browser, tmp_path):
    """Open the report of a plan; at the end nothing may have been complained of."""

    def show(plan):
        write_report(plan, tmp_path / "report.html")
        browser.open(tmp_path / "report.html")
        return Replay.from_plan(plan)

    yield show
    assert browser.complaints == []


def seek(browser, t):
    """Set the slider as a hand does, and let the page hear of it."""
    browser.run(
        "(() => { const bar = document.querySelector('[data-part=time]');"
        f"bar.value = {t}; bar.dispatchEvent(new Event('input')); }})()"
    )


def hurry(browser):
    """Raise the speed by three places, with the key for it."""
    browser.click(FLOOR)
    for _ in range(3):
        browser.press(">")


def clock_of(browser):
    return browser.run("document.querySelector('[data-part=clock]').textContent")


def time_of(browser):
    return browser.run("document.querySelector('#replay').player.t")


def floor_pixels(browser):
    left, top, width, height = browser.place(FLOOR)
    picture = Image.open(io.BytesIO(browser.picture())).convert("RGB")
    return np.asarray(picture.crop((left, top, left + width, top + height)))


def assert_same_moment(browser, replay, t):
    moment = replay.at(t)
    for name, expected in (
        ("x", moment.xy[:, 0]),
        ("y", moment.xy[:, 1]),
        ("states", moment.state),
    ):
        assert browser.run(f"Array.from({MOTION}.{name})") == expected.tolist()
    if moment.turns is not None:
        turns = np.array(browser.run(f"Array.from({MOTION}.turns)"))
        assert np.allclose((turns - moment.turns) % 4 % 4, 0)


def test_it_plays_and_pauses(browser, shown):
    replay = shown(Wave().build())
    before = floor_pixels(browser)
    assert clock_of(browser).startswith("0:00:00 / ")
    browser.click("[data-part=play]")
    browser.wait_for(lambda: time_of(browser) > 20)
    browser.click("[data-part=play]")
    t = time_of(browser)
    assert not np.array_equal(floor_pixels(browser), before)
    time.sleep(0.1)
    assert time_of(browser) == t < replay.duration
    assert_same_moment(browser, replay, t)


def test_it_stops_at_the_end_and_begins_anew(browser, shown):
    replay = shown(corridor_plan())
    hurry(browser)
    browser.click("[data-part=time]", across=0.7)
    browser.click("[data-part=play]")
    browser.wait_for(lambda: time_of(browser) == replay.duration)
    assert clock_of(browser) == "0:00:21 / 0:00:21"
    browser.click("[data-part=play]")
    browser.wait_for(lambda: 0 < time_of(browser) < replay.duration)
    browser.click("[data-part=play]")


@pytest.mark.parametrize(
    "plan",
    [
        Wave().build(),
        Wave(rotate=True, robots=2, orders=4).build(),
        pod_plan(),
        mixed_plan(),
    ],
    ids=["totes", "turning", "pods", "mixed"],
)
def test_it_seeks_to_where_the_plan_says(browser, shown, plan):
    replay = shown(plan)
    for share in (0.5, 0.07, 0.93, 1.0):
        t = int(share * replay.duration)
        seek(browser, t)
        assert time_of(browser) == t
        assert_same_moment(browser, replay, t)
        browser.run(f"document.querySelector('#replay').player.moveTo({t - 0.25})")
        assert_same_moment(browser, replay, t - 0.25)


def test_the_slider_is_clicked(browser, shown):
    replay = shown(Wave().build())
    browser.click("[data-part=time]", across=0.5)
    assert time_of(browser) == pytest.approx(replay.duration / 2, rel=0.02)
    assert_same_moment(browser, replay, time_of(browser))


def test_keys_do_what_their_labels_say(browser, shown):
    replay = shown(Wave().build())
    browser.click(FLOOR)
    for key, t in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", replay.duration),
        ("Home", 0),
    ):
        browser.press(key)
        assert time_of(browser) == t
    scale = "document.querySelector('#replay').player.picture.scale"
    fitting = browser.run(scale)
    browser.press("+")
    assert browser.run(scale) == pytest.approx(1.5 * fitting)
    browser.press("0")
    assert browser.run(scale) == fitting
    speed = int(browser.run("document.querySelector('[data-part=speed]').value"))
    browser.press(">")
    assert int(browser.run("document.querySelector('[data-part=speed]').value")) > speed
    browser.press(" ")
    browser.wait_for(lambda: time_of(browser) > 1)
    browser.press(" ")


def view_of(browser):
    """Left and top of the floor on the canvas, and pixels of a cell."""
    picture = "document.querySelector('#replay').player.picture"
    return browser.run(f"(({{left, top, scale}}) => [left, top, scale])({picture})")


def test_the_wheel_zooms_at_the_pointer_after_a_click(browser, shown):
    shown(Wave().build())
    browser.click(FLOOR)
    left, top, *_ = browser.place(FLOOR)
    at, fitting = np.array([200, 150]), view_of(browser)
    browser.mouse("mouseWheel", left + 200, top + 150, deltaX=0, deltaY=-200)
    browser.wait_for(lambda: view_of(browser) != fitting)
    near = view_of(browser)
    assert near[2] > 1.5 * fitting[2]
    before, after = ((at - view[:2]) / view[2] for view in (fitting, near))
    assert after == pytest.approx(before, abs=0.6)
    browser.run("document.activeElement.blur()")  # the wheel is the page's again
    browser.mouse("mouseWheel", left + 200, top + 150, deltaX=0, deltaY=-200)
    assert view_of(browser) == near


def test_the_floor_is_dragged_and_never_lost(browser, shown):
    shown(Wave().build())
    for _ in range(3):
        browser.click("[data-part=closer]")
    left, top, width, height = browser.place(FLOOR)
    x, y = left + width / 2, top + height / 2
    before = view_of(browser)
    browser.mouse("mousePressed", x, y, button="left", clickCount=1)
    browser.mouse("mouseMoved", x + 30, y + 20, button="left", buttons=1)
    assert view_of(browser)[:2] == [before[0] + 30, before[1] + 20]
    browser.mouse("mouseMoved", x + 9000, y + 9000, button="left", buttons=1)
    browser.mouse("mouseReleased", x, y, button="left", clickCount=1)
    assert 0 < view_of(browser)[0] < 50 and 0 < view_of(browser)[1] < 50
    browser.click("[data-part=fit]")


def test_two_fingers_zoom(browser, shown):
    shown(Wave().build())
    left, top, width, height = browser.place(FLOOR)
    x, y, before = left + width / 2, top + height / 2, view_of(browser)

    def touch(kind, *apart):
        points = [{"x": x + away, "y": y, "id": i} for i, away in enumerate(apart)]
        browser.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    touch("touchStart", -20, 20)
    touch("touchMove", -25, 25)
    touch("touchMove", -30, 30)
    touch("touchEnd")
    assert view_of(browser)[2] == pytest.approx(1.5 * before[2], rel=0.05)


def test_pointing_at_a_robot_tells_of_it(browser, shown):
    replay = shown(corridor_plan())
    seek(browser, 4)  # it has picked two units twice, and waits
    left, top, *_ = browser.place(FLOOR)
    x, y = replay.at(4).xy[0]
    floor_x, floor_y, scale = view_of(browser)
    browser.mouse("mouseMoved", left + floor_x + x * scale, top + floor_y + y * scale)
    tip = "document.querySelector('[data-part=tip]')"
    assert browser.run(f"{tip}.textContent") == "Robot 0 · waiting · 4 units"
    browser.mouse("mouseMoved", left + 2, top + 2)
    assert browser.run(f"{tip}.hidden")


def test_stations_and_orders_are_counted(browser, shown):
    replay = shown(Wave().build())
    work, t = replay.work, int(0.6 * replay.duration)
    seek(browser, t)
    now_s = t * replay.step_s
    queued = work.queued(now_s)
    told = browser.run(
        "[...document.querySelectorAll('[data-part=stations] span')]"
        ".map((words) => words.textContent)"
    )
    assert told == [
        f"{len(work.packing_at(k, now_s))} packing, {queued[k]} waiting, "
        f"{work.done_at(k, now_s)} done"
        for k in range(work.stations)
    ]
    done = browser.run("document.querySelector('[data-part=done]').textContent")
    assert (
        done == f"{replay.done.by(now_s)} of {len(replay.scenario.orders)} orders done"
    )
    legend = browser.run("document.querySelector('[data-part=legend]').innerText")
    counts = np.bincount(replay.at(t).state, minlength=len(RobotState))
    for state in replay.states:
        assert f"{STATE_WORDS[state]} {counts[state]}" in legend


def test_pods_are_where_the_plan_has_them(browser, shown):
    replay = shown(pod_plan())
    for t in range(0, replay.plan.steps + 1, max(1, replay.plan.steps // 7)):
        cell, robot = replay.pods.at(t)
        pods = f"[...Array({len(cell)}).keys()]"
        places = f"{pods}.map((pod) => {MOTION}.placeOfPod(pod, {t}))"
        assert browser.run(places) == np.where(robot < 0, cell, -2 - robot).tolist()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_follows_the_theme_of_the_reader(browser, shown, theme):
    browser.use_theme(theme)
    shown(corridor_plan())
    pixels = floor_pixels(browser).reshape(-1, 3)
    assert (pixels == THEMES[theme].floor).all(axis=1).mean() > 0.3
    other = THEMES["light" if theme == "dark" else "dark"].floor
    assert not (pixels == other).all(axis=1).any()


@pytest.mark.parametrize(
    "plan",
    [still_plan(0), still_plan(1), still_plan(5, robots=0), corridor_plan(())],
    ids=["no step", "one step", "no robot", "no order"],
)
def test_small_plans_are_played(browser, shown, plan):
    replay = shown(plan)
    hurry(browser)
    browser.click("[data-part=play]")
    browser.wait_for(lambda: time_of(browser) == replay.duration)
    assert_same_moment(browser, replay, replay.duration)


def test_a_faulty_plan_is_played_and_its_faults_are_marked(browser, shown):
    plan = Wave(rotate=True, robots=3, orders=4).build()
    cells, headings = plan.cells.copy(), plan.headings.copy()
    cells[40:60, 1] = cells[100:120, 2]
    headings[50, 1] = (headings[49, 1] + 2) % 4
    replay = shown(dataclasses.replace(plan, cells=cells, headings=headings))
    for t in (39.5, 40, 49.5, 59.75, 130):
        browser.run(f"document.querySelector('#replay').player.moveTo({t})")
        assert_same_moment(browser, replay, t)
    assert browser.run("document.querySelectorAll('.fault').length") > 0
    assert "This plan is faulty" in browser.run("document.body.innerText")


def test_the_floor_follows_the_width_of_the_page(browser, shown):
    shown(Wave(width=81, height=20).build())
    page = "document.documentElement"
    canvas = "document.querySelector('[data-part=floor]')"
    try:
        for width in (390, 900, 1280):
            browser.resize(width, 800)
            browser.wait_for(
                lambda: browser.run(f"{canvas}.width/{canvas}.clientWidth") == 1
            )
            assert browser.run(f"{page}.scrollWidth - {page}.clientWidth") == 0
            assert browser.run(f"{canvas}.height / {canvas}.clientHeight") == 1
            left, _, scale = view_of(browser)
            assert 2 * left + 81 * scale == pytest.approx(
                browser.run(f"{canvas}.width")
            )
    finally:
        browser.resize(1280, 900)
