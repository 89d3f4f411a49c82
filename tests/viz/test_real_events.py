"""The window under a real display, driven by xdotool as a person would drive it."""

import shutil
import subprocess
import threading
import time

import pygame
import pytest

from tests.viz.synthetic import still_plan
from tests.viz.test_keys_and_pointer import EXPECTED, REPLAY
from viz import window
from viz.buttons import buttons
from viz.gantt_places import GanttPlaces, rows_in_sight
from viz.keys import KEYS
from viz.look import Look
from viz.pair import TwoPlans
from viz.places import robot_at
from viz.replay import Replay
from viz.stage import OnePlan
from viz.timebar import track_of
from viz.view import View
from warehouse.errors import WarehouseError

SIZE = (1280, 800)
PATIENCE_S = 20.0

NAMES = {"+": "plus", "-": "minus", "/": "slash", ".": "period", ",": "comma"}
NAMES |= {"[": "bracketleft", "]": "bracketright"}
NAMES |= {"Page Up": "Prior", "Page Down": "Next", "Space": "space", "Esc": "Escape"}


@pytest.fixture
def replay():
    return REPLAY


class Driver:
    """A window, and what a person does to it."""

    def __init__(self):
        for _ in range(10):  # a server is away for a moment when its last client goes
            try:
                window._open(SIZE)
                break
            except WarehouseError:
                time.sleep(0.5)
        # Asked for here: only the thread of the window may ask.
        self.number = pygame.display.get_wm_info()["window"]

    def __call__(self, stage, script):
        """Run a script in a thread; return what is on screen when it is over."""
        failure = []

        def person():
            try:
                # Keys go to the window that the pointer is in.
                do(*self.to(640, 20))
                script()
            except BaseException as error:
                failure.append(error)
            finally:
                pygame.event.post(pygame.event.Event(pygame.QUIT))

        thread = threading.Thread(target=person)
        thread.start()
        window._run(stage)
        thread.join()
        if failure:
            raise failure[0]
        screen = pygame.display.get_surface()
        return pygame.surfarray.array3d(screen).transpose(1, 0, 2)

    def to(self, x, y):
        """Words that move the pointer to a place in the window."""
        return ("mousemove", "--window", self.number, round(x), round(y))

    def click(self, x, y):
        do(*self.to(x, y), "click", 1)


@pytest.fixture
def drive(display):
    if shutil.which("xdotool") is None:
        pytest.skip("no xdotool to press keys with")
    yield Driver()
    pygame.display.quit()


def do(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True, timeout=PATIENCE_S)


def wait_for(holds, what, seconds=PATIENCE_S):
    """Give the window time to do what it was asked."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what}: nothing came of it"
        time.sleep(0.01)


def until(holds, what, action):
    """Do something, and once more if a busy machine has lost it."""
    action()
    try:
        wait_for(holds, what, 5.0)
    except AssertionError:
        action()
        wait_for(holds, what)


def xdotool_name(label):
    """Key as xdotool calls it."""
    words = label.split(" ") if label.startswith("Shift ") else [label]
    key = NAMES.get(words[-1], words[-1])
    key = key.lower() if len(key) == 1 else key
    return "+".join([*(["shift"] if len(words) > 1 else []), key])


def test_every_key_does_what_its_label_says(replay, drive):
    stage = OnePlan(View(replay, SIZE))

    def script():
        for binding in KEYS:
            if binding.label == "Q":
                continue
            # A view for each key, put in place between two frames.
            view = View(replay, SIZE)
            view.seek(100.0)
            prepare, holds = EXPECTED[binding.label]
            prepare(view)
            stage.view = view
            stage._events.view = view
            name = xdotool_name(binding.label)
            until(
                lambda v=view, h=holds: h(v),
                binding.label,
                lambda n=name: do("key", "--clearmodifiers", n),
            )

    drive(stage, script)


def test_every_button_does_what_its_key_does(replay, drive):
    view = View(replay, SIZE)
    view.select_robot(2)
    stage = OnePlan(view)
    done = []

    def state():
        looks = (view.camera, view.heatmap, view.heat_part, view.following, view.help)
        typing = view.prompt is not None
        return (
            view.t,
            view.speed,
            view.playing,
            view.theme,
            view.listing,
            typing,
            *looks,
        )

    def script():
        for button in buttons(view):
            label = button.binding.label
            if label == "L":
                continue  # its key is tried above
            if label in ("Home", "Left"):
                view.seek(100.0)
            elif label == "0":
                view.zoom(2)
            before = state()
            left, top, width, height = button.area
            middle = (left + width / 2, top + height / 2)
            until(
                lambda b=before: state() != b,
                button.words,
                lambda m=middle: drive.click(*m),
            )
            done.append(label)
            view.playing = False

    drive(stage, script)
    assert len(done) >= 10


def test_mouse_selects_drags_zooms_and_slides(replay, drive):
    view = View(replay, SIZE)
    view.seek(50.0)

    def script():
        x, y = view.camera.to_screen(*view.moment.xy[3])
        expected = robot_at(view, (round(x), round(y)))
        until(
            lambda: view.robot == expected,
            "click on a robot",
            lambda: drive.click(x, y),
        )
        scale = view.camera.scale
        do("click", 4)
        wait_for(lambda: view.camera.scale > scale, "wheel")
        camera = view.camera
        do(*drive.to(300, 300), "mousedown", 1, *drive.to(330, 320))
        do(*drive.to(360, 340), "mouseup", 1)
        wait_for(lambda: view.camera != camera, "drag")
        left, width, height = track_of(view.arrangement.slider)
        drive.click(left + width / 4, height)
        near = replay.duration / 4
        wait_for(lambda: abs(view.t - near) < replay.duration / 50, "slider")

    drive(OnePlan(view), script)


def test_mouse_in_the_gantt_selects_zooms_drags_and_seeks(replay, drive):
    view = View(replay, SIZE)
    view.seek(50.0)

    def script():
        until(lambda: view.gantt.shown, "J", lambda: do("key", "j"))
        places = GanttPlaces.of(view)
        row = next(row for row in rows_in_sight(view, places) if len(row.bars))
        bar = row.bars[row.bars["order"] >= 0][0]
        x = places.x_of((bar["start_s"] + bar["end_s"]) / 2)
        top, bottom = places.lane_of(row.place, int(bar["lane"]), row.lanes)
        until(
            lambda: view.order == bar["order"],
            "click on a bar",
            lambda: drive.click(x, (top + bottom) / 2),
        )
        span_s = view.gantt.span_s
        do("click", 4)
        wait_for(lambda: view.gantt.span_s < span_s, "wheel")
        left, top = places.plot[0] + 200, places.plot[1] + 20
        start_s = view.gantt.start_s
        do(*drive.to(left, top), "mousedown", 1, *drive.to(left - 30, top))
        do(*drive.to(left - 60, top), "mouseup", 1)
        wait_for(lambda: view.gantt.start_s > start_s, "drag")
        # The rest of the drag may be on its way still: ask anew where it ends.
        until(
            lambda: abs(view.now_s - GanttPlaces.of(view).second_at(left)) < 1.0,
            "click on the axis",
            lambda: drive.click(left, places.axis[1] + 5),
        )

    drive(OnePlan(view), script)


def test_typing_finds_an_order(replay, drive):
    view = View(replay, SIZE)

    def script():
        until(lambda: view.prompt is not None, "slash", lambda: do("key", "slash"))
        for count, mark in enumerate("order 000007", start=1):
            key = "space" if mark == " " else mark
            until(
                lambda n=count: len(view.prompt.text) == n,
                mark,
                lambda k=key: do("key", k),
            )
        do("key", "Return")
        wait_for(lambda: view.order == 7, "return")

    drive(OnePlan(view), script)


@pytest.mark.parametrize("robots", [0, 3])
def test_the_window_outlives_sizes_hiding_and_the_end_of_a_plan(drive, robots):
    view = View(Replay.from_plan(still_plan(1, robots=robots)), SIZE)
    view.toggle_gantt()
    view.play(500.0)

    def script():
        for width, height in ((700, 500), (300, 200), (1400, 900), SIZE):
            do("windowsize", drive.number, width, height)
            needed = (max(width, 480), max(height, 360))
            wait_for(lambda s=needed: view.size == s, f"size {width} x {height}")
        do("windowunmap", drive.number, "windowmap", drive.number)
        wait_for(lambda: view.t == view.replay.duration, "the end")
        time.sleep(0.1)
        assert not view.playing

    drive(OnePlan(view), script)


def test_two_plans_under_a_real_display(replay, drive):
    pair = TwoPlans(replay, replay, SIZE, Look())

    def script():
        until(lambda: pair.floors[1].t == 1.0, "key", lambda: do("key", "Right"))
        left, top, _, _ = pair.area(1)
        x, y = pair.floors[1].camera.to_screen(*pair.floors[1].moment.xy[0])
        until(
            lambda: pair.floors[1].robot is not None,
            "click",
            lambda: drive.click(left + x, top + y),
        )
        assert pair.floors[0].robot is None

    drive(pair, script)


def test_what_is_on_screen_is_what_a_picture_shows(replay, drive):
    view = View(replay, SIZE)
    view.seek(33.3)
    stage = OnePlan(view)

    def script():
        wait_for(lambda: replay.conflicts.done, "conflicts")
        drive.click(700, 20)  # on the strip, where nothing is to be clicked

    shown = drive(stage, script)
    surface = pygame.Surface(SIZE, 0, 32)
    stage.paint(surface)
    assert (pygame.surfarray.array3d(surface).transpose(1, 0, 2) == shown).all()
