"""The time bar: clock, slider with what was packed when, speed."""

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.arrangement import Area
from viz.clock import clock
from viz.palette import Palette, blend
from viz.replay import Replay
from viz.text import Type
from viz.view import View


def track_of(slider: Area) -> tuple[int, int, int]:
    """Left end, width and middle height of the slider's track, in pixels."""
    left, top, width, height = slider
    return left + 10, width - 20, top + height - 17


def time_at(view: View, x: float) -> float:
    """Moment in timesteps that lies at a pixel of the slider."""
    left, width, _ = track_of(view.arrangement.slider)
    share = min(max((x - left) / width, 0.0), 1.0)
    return share * view.replay.duration


def packed_per_pixel(replay: Replay, width: int) -> NDArray[np.float64]:
    """Orders packed along the slider, as shares of the busiest part."""
    bins = max(1, width // 4)
    done, _ = np.histogram(replay.done.end_s, bins, (0.0, replay.duration_s))
    return np.asarray(done / max(1, done.max(initial=0)))


class TimeBar:
    """Draws the time bar."""

    def __init__(self, replay: Replay, palette: Palette, type_: Type) -> None:
        self._replay = replay
        self._palette = palette
        self._type = type_
        self._packed: NDArray[np.float64] = np.zeros(0)
        self._packed_width = 0

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw the bar; its buttons are drawn by `viz.buttons`."""
        p = self._palette
        left, top, width, height = view.arrangement.timebar
        pygame.draw.rect(target, p.panel, (left, top, width, height))
        pygame.draw.line(target, p.panel_edge, (left, top), (left + width, top))
        self._slider(target, view)
        compact = view.arrangement.compact
        room = 100 if compact else 132
        speed = f"{view.speed:g}x"
        centre = left + width - 12 - room / 2
        offset = 15 if compact else 17
        place = (centre, top + height / 2 - offset)
        self._type.put(target, speed, place, 24, p.text, align="middle")
        place = (centre, top + height / 2 + offset - 13)
        self._type.put(target, "speed", place, 16, p.text_faint, align="middle")

    def _slider(self, target: pygame.Surface, view: View) -> None:
        p, type_ = self._palette, self._type
        area = view.arrangement.slider
        left, width, y = track_of(area)
        if width != self._packed_width:
            self._packed = packed_per_pixel(self._replay, width)
            self._packed_width = width
        share = view.t / self._replay.duration
        x = left + share * width
        tall = 8 if view.arrangement.compact else 14
        pitch = width / max(1, len(self._packed))
        for i, part in enumerate(self._packed.tolist()):
            if part > 0:
                bar = max(1, round(part * tall))
                done = (i + 0.5) * pitch <= share * width
                colour = blend(p.panel, p.accent if done else p.text_faint, 0.6)
                column = (left + i * pitch, y - 4 - bar, max(1, pitch - 1), bar)
                pygame.draw.rect(target, colour, column)
        rail = pygame.Rect(left, y - 2, width, 5)
        pygame.draw.rect(target, p.panel_edge, rail, border_radius=2)
        rail.width = round(x - left)
        pygame.draw.rect(target, p.accent, rail, border_radius=2)
        pygame.draw.circle(target, p.panel, (x, y), 9)
        pygame.draw.circle(target, p.text, (x, y), 7)
        head = area[1] + (7 if view.arrangement.compact else 12)
        taken = type_.put(target, clock(view.now_s), (left, head), 26, p.text)
        words = f"step {int(view.t):,} of {int(self._replay.duration):,}"
        end = clock(self._replay.duration_s)
        type_.put(
            target, end, (left + width, head + 4), 18, p.text_muted, align="right"
        )
        room = width - taken - 12 - type_.width(end, 18) - 12
        place = (left + taken + 12, head + 4)
        type_.put(target, words, place, 18, p.text_muted, width=room)
