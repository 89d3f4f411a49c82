import os
import sys

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from tests.viz.synthetic import Wave, still_plan
from viz.export import export, moments_of_film
from viz.film import blank_frame, write_png
from viz.frame import Painter, render_frame
from viz.heat_counts import HeatKind
from viz.look import Look
from viz.replay import Replay
from viz.view import View
from warehouse.errors import InputError, MissingDependencyError

SIZE = (481, 360)


@pytest.fixture(scope="module")
def plan():
    return Wave(orders=12).build()


def test_png_shows_the_moment_asked_for(plan, tmp_path):
    export(plan, tmp_path / "a.png", at_s=30.0, size=SIZE)
    view = View(Replay.from_plan(plan), SIZE)
    view.replay.conflicts.search()
    view.seek(30.0 / plan.scenario.step_s)
    with Image.open(tmp_path / "a.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert np.array_equal(pixels, Painter(view.replay).frame(view))


def test_png_follows_a_robot_over_the_heatmap(plan, tmp_path):
    export(
        plan,
        tmp_path / "a.png",
        at_s=30,
        size=SIZE,
        look=Look(follow=1, heatmap="visits"),
    )
    view = View(Replay.from_plan(plan), SIZE)
    view.replay.conflicts.search()
    view.seek(30.0 / plan.scenario.step_s)
    view.select_robot(1)
    view.toggle_follow()
    view.heatmap = HeatKind.VISITS
    with Image.open(tmp_path / "a.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert np.array_equal(pixels, Painter(view.replay).frame(view))


def test_png_has_the_gantt_with_the_followed_robot(plan, tmp_path):
    look = Look(follow=1, gantt=True)
    export(plan, tmp_path / "a.png", at_s=30, size=SIZE, look=look)
    view = View(Replay.from_plan(plan), SIZE)
    view.replay.conflicts.search()
    view.seek(30.0 / plan.scenario.step_s)
    view.toggle_gantt()
    view.select_robot(1)
    view.toggle_follow()
    with Image.open(tmp_path / "a.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert np.array_equal(pixels, Painter(view.replay).frame(view))


def test_gif_has_all_frames(plan, tmp_path):
    seen = []
    export(
        plan,
        tmp_path / "a.gif",
        start_s=10,
        end_s=20,
        fps=10,
        speed=10,
        size=SIZE,
        on_progress=lambda share, words: seen.append((share, words)),
    )
    with Image.open(tmp_path / "a.gif") as film:
        assert film.size == SIZE
        assert film.n_frames == 11
        film.seek(5)
        assert film.info["duration"] == 100
    assert len(seen) == 11
    assert seen[-1] == (1.0, "frame 11 of 11")


def test_mp4_has_all_frames_and_an_even_size(plan, tmp_path):
    path = tmp_path / "a.mp4"
    export(plan, path, start_s=10, end_s=30, fps=10, speed=10, size=SIZE)
    frames = imageio_ffmpeg.read_frames(str(path))
    about = next(frames)
    assert about["size"] == (480, 360)
    assert about["codec"] == "h264"
    assert about["fps"] == 10
    first, *rest = list(frames)
    assert len(rest) == 20
    assert first != rest[-1]


def test_an_mp4_that_is_cut_short_is_refused(plan, tmp_path, monkeypatch):
    whole, write = tmp_path / "a.mp4", imageio_ffmpeg.write_frames
    export(plan, whole, start_s=10, end_s=12, fps=2, size=SIZE)
    for length in (0, 2048, whole.stat().st_size - 1):

        def cut_off(path, *given, length=length, **more):
            writer = write(path, *given, **more)
            writer.send(None)
            try:
                while True:
                    writer.send((yield))
            finally:
                writer.close()
                os.truncate(path, length)

        monkeypatch.setattr(imageio_ffmpeg, "write_frames", cut_off)
        with pytest.raises(InputError, match="cut short"):
            export(plan, tmp_path / "b.mp4", start_s=10, end_s=12, fps=2, size=SIZE)


def test_a_picture_that_cannot_be_written_is_an_input_error(plan, tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(InputError, match="E107"):
        write_png(tmp_path / "a.png", blank_frame(SIZE))


def test_a_folder_gets_a_picture_a_frame(plan, tmp_path):
    export(plan, tmp_path, start_s=10, end_s=12, fps=2, speed=1, size=SIZE)
    names = [f"frame-{number:05d}.png" for number in range(5)]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    view = View(Replay.from_plan(plan), SIZE, speed=1, playing=True)
    view.replay.conflicts.search()
    view.seek(11.5 / plan.scenario.step_s)
    with Image.open(tmp_path / names[3]) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert np.array_equal(pixels, Painter(view.replay).frame(view))


def test_mp4_has_the_colours_of_the_frames(plan, tmp_path):
    path = tmp_path / "a.mp4"
    export(plan, path, start_s=10, end_s=10, size=SIZE, look=Look(theme="light"))
    frames = imageio_ffmpeg.read_frames(str(path))
    next(frames)
    shown = np.frombuffer(next(frames), np.uint8).reshape(360, 480, 3).astype(int)
    drawn = render_frame(
        Replay.from_plan(plan), 10 / plan.scenario.step_s, (480, 360), Look("light")
    )
    assert np.abs(shown - drawn).mean() < 5 < np.abs(shown[:, :, ::-1] - drawn).mean()


def test_film_of_a_plan_without_a_step(tmp_path):
    export(still_plan(0), tmp_path / "a.gif", size=SIZE)
    with Image.open(tmp_path / "a.gif") as film:
        assert film.size == SIZE


def test_film_lasts_thirty_seconds_unless_told(plan):
    assert moments_of_film(0, 3000, fps=20, speed=100).shape == (601,)
    assert moments_of_film(0, 0.01, fps=20, speed=1).tolist() == [0, 0.01]


def test_all_that_cannot_be_is_told_at_once(plan, tmp_path):
    with pytest.raises(InputError) as caught:
        export(
            plan,
            tmp_path / "a.avi",
            start_s=-1,
            end_s=1e9,
            fps=0,
            speed=-1,
            size=(10, 10),
        )
    text = str(caught.value)
    assert {fault.code for fault in caught.value.faults} == {"E403"}
    for found in ("'.avi'", "second -1", "second 1000000000", "0 frames", "10 x 10"):
        assert found in text
    assert "speed -1" in text
    with pytest.raises(InputError, match="robot 99"):
        export(plan, tmp_path / "a.png", look=Look(follow=99))
    with pytest.raises(InputError, match="robot -1"):
        export(plan, tmp_path / "a.png", look=Look(follow=-1))
    with pytest.raises(InputError, match="from 9 to 3"):
        export(plan, tmp_path / "a.gif", start_s=9, end_s=3)
    with pytest.raises(InputError, match="second nan"):
        export(plan, tmp_path / "a.png", at_s=float("nan"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "module"), [("gif", "PIL"), ("mp4", "imageio_ffmpeg")]
)
def test_missing_package_names_its_extra(plan, tmp_path, monkeypatch, ending, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingDependencyError, match="film") as caught:
        export(plan, tmp_path / f"a.{ending}", size=SIZE, end_s=1)
    assert "aislewise[film]" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
