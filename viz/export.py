"""Pictures and films of a plan, drawn without a screen."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.film import WRITERS, blank_frame, write_png
from viz.look import Look
from viz.replay import Replay
from viz.stage import Stage, stage_of
from warehouse.errors import Fault, InputError
from warehouse.plan import Plan

ProgressCallback = Callable[[float, str], None]

ENDINGS: Final = (".png", ".gif", ".mp4")
_SEARCH_S: Final = 2.0  # for conflicts, and for maps, before anything is drawn
_FILM_S: Final = 30.0  # a film whose speed nobody chose lasts this long


def export(
    plan: Plan,
    path: str | Path,
    *,
    at_s: float | None = None,
    start_s: float = 0.0,
    end_s: float | None = None,
    fps: int = 20,
    speed: float | None = None,
    size: tuple[int, int] = (1280, 800),
    look: Look | None = None,
    beside: Plan | None = None,
    on_progress: ProgressCallback | None = None,
) -> None:
    """Write a picture (``.png``) or a film of a plan.

    A film is a ``.gif``, an ``.mp4``, or one PNG a frame in a folder that is there.

    Parameters
    ----------
    plan : Plan
    path : str or Path
        Its ending, or that it is a folder, says what is written.
    at_s : float, optional
        Second of the plan that a picture shows; the middle by default.
    start_s, end_s : float
        Part of the plan that a film shows; the whole by default.
    fps : int
        Frames a second of the film, 1 to 50.
    speed : float, optional
        Seconds of the plan in a second of film; by default the film lasts 30 s,
        or less where the plan does.
    size : (width, height)
        In pixels. MP4 needs even numbers: odd ones lose a pixel.
    look : Look, optional
        Theme, followed robot and overlays.
    beside : Plan, optional
        Shown beside the first, on the same clock.
    on_progress : callable, optional
        Called with the share done and a few words.

    Raises
    ------
    InputError
        E403 for an ending, time, size, speed or robot that cannot be; E107 for a file
        that cannot be written whole.
    MissingDependencyError
        Where a film needs a package of the ``film`` extra.
    """
    path = Path(path)
    look = look or Look()
    plans = [plan] if beside is None else [plan, beside]
    replays = [Replay.from_plan(shown) for shown in plans]
    longest_s = max(replay.duration_s for replay in replays)
    end_s = longest_s if end_s is None else end_s
    at_s = longest_s / 2 if at_s is None else at_s
    ending = "" if path.is_dir() else path.suffix.lower()
    picture = ending == ".png"
    times_s = (at_s,) if picture else (start_s, end_s)
    faults = _faults(path, times_s, fps, speed, longest_s)
    faults += [fault for replay in replays for fault in look.faults(replay, size)]
    if faults:
        raise InputError(dict.fromkeys(faults))
    if ending == ".mp4":
        size = (size[0] // 2 * 2, size[1] // 2 * 2)
    stage = stage_of(replays[0], replays[1] if beside is not None else None, size, look)
    stage.search(_SEARCH_S)
    if picture:
        stage.seek_s(at_s)
        surface = blank_frame(size)
        stage.paint(surface)
        write_png(path, surface)
        return
    if speed is None:
        speed = max(1.0, (end_s - start_s) / _FILM_S)
    stage.play(speed)
    moments = moments_of_film(start_s, end_s, fps=fps, speed=speed)
    WRITERS[ending](path, _frames(stage, moments, on_progress), fps)


def moments_of_film(
    start_s: float, end_s: float, *, fps: int, speed: float
) -> NDArray[np.float64]:
    """Seconds of the plan that the frames of a film show; the end is the last.

    Examples
    --------
    >>> moments_of_film(0.0, 1.0, fps=2, speed=1.0).tolist()
    [0.0, 0.5, 1.0]
    >>> moments_of_film(5.0, 5.0, fps=20, speed=10.0).tolist()
    [5.0]
    """
    frames = math.ceil((end_s - start_s) / speed * fps - 1e-9)
    moments = start_s + np.arange(frames + 1) * (speed / fps)
    return np.minimum(moments, end_s)


def _faults(
    path: Path,
    times_s: tuple[float, ...],
    fps: int,
    speed: float | None,
    longest_s: float,
) -> list[Fault]:
    """Everything about a file and its times that cannot be."""
    faults: list[Fault] = []

    def fault(place: str, found: str, needed: str) -> None:
        faults.append(Fault("E403", place, found, needed))

    if path.suffix.lower() not in ENDINGS and not path.is_dir():
        found = f"ends in {path.suffix!r}" if path.suffix else "has no ending"
        fault("export", f"the file name {found}", f"end it in {', '.join(ENDINGS)}")
    for time_s in times_s:
        if not 0 <= time_s <= longest_s:
            needed = f"choose 0 to {longest_s:.10g}"
            fault("export", f"second {time_s:.10g}", needed)
    if len(times_s) == 2 and times_s[0] > times_s[1]:
        fault(
            "export",
            f"a part from {times_s[0]:g} to {times_s[1]:g} s",
            "let it begin before it ends",
        )
    if not 1 <= fps <= 50:
        fault("export", f"{fps} frames a second", "choose 1 to 50")
    if speed is not None and not 0 < speed < math.inf:
        fault("export", f"speed {speed:g}", "choose one above 0")
    return faults


def _frames(
    stage: Stage, moments_s: NDArray[np.float64], on_progress: ProgressCallback | None
) -> Iterator[pygame.Surface]:
    """Draw the frames of a film one after another, on one surface."""
    surface = blank_frame(stage.size)
    for number, now_s in enumerate(moments_s, start=1):
        stage.seek_s(float(now_s))
        stage.paint(surface)
        yield surface
        if on_progress is not None:
            words = f"frame {number:,} of {len(moments_s):,}"
            on_progress(number / len(moments_s), words)
