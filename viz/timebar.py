"""The time bar: clock, slider with what happens when, speed."""

from typing import Final

import numpy as np
import pygame

from viz.arrangement import Area
from viz.clock import clock
from viz.kept import Kept
from viz.palette import Colour, Palette, blend
from viz.replay import Replay
from viz.text import Type
from viz.view import View

_PITCH: Final = 4  # pixels from one bar of events to the next


def track_of(slider: Area) -> tuple[int, int, int]:
    """Left end, width and middle height of the slider's track, in pixels."""
    left, top, width, height = slider
    return left + 10, width - 20, top + height - 17


def time_at(view: View, x: float) -> float:
    """Moment in timesteps that lies at a pixel of the slider."""
    left, width, _ = track_of(view.arrangement.slider)
    share = min(max((x - left) / width, 0.0), 1.0)
    return share * view.replay.duration


class TimeBar:
    """Draws the time bar."""

    def __init__(self, replay: Replay, palette: Palette, type_: Type) -> None:
        self._replay = replay
        self._palette = palette
        self._type = type_
        self._bars_size = (0, 0)
        self._passed = self._ahead = pygame.Surface((0, 0))
        self._kept = Kept()

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw the bar's ground and speed; `viz.buttons` draws its buttons."""
        p = self._palette
        left, top, width, height = view.arrangement.timebar
        pygame.draw.rect(target, p.panel, (left, top, width, height))
        pygame.draw.line(target, p.panel_edge, (left, top), (left + width, top))
        compact = view.arrangement.compact
        room = 100 if compact else 132
        speed = f"{'-' if view.direction < 0 else ''}{view.speed:g}x"
        centre = left + width - 12 - room / 2
        offset = 15 if compact else 17
        place = (centre, top + height / 2 - offset)
        self._type.put(target, speed, place, 24, p.text, align="middle")
        place = (centre, top + height / 2 + offset - 13)
        self._type.put(target, "speed", place, 16, p.text_faint, align="middle")

    def paint_slider(self, target: pygame.Surface, view: View) -> None:
        """Draw the clock and the slider on the bar."""
        p = self._palette
        left, width, y = track_of(view.arrangement.slider)
        x = left + view.t / self._replay.duration * width
        self._paint_events(target, view, x)
        self._paint_marks(target, view)
        rail = pygame.Rect(left, y - 2, width, 5)
        pygame.draw.rect(target, p.panel_edge, rail, border_radius=2)
        rail.width = round(x - left)
        pygame.draw.rect(target, p.accent, rail, border_radius=2)
        pygame.draw.circle(target, p.panel, (x, y), 9)
        pygame.draw.circle(target, p.text, (x, y), 7)
        self._paint_clock(target, view)

    def _paint_events(self, target: pygame.Surface, view: View, x: float) -> None:
        """Draw bars for what happens when: lit up to a pixel, dim beyond it."""
        left, width, y = track_of(view.arrangement.slider)
        tall = 8 if view.arrangement.compact else 14
        top, cut = y - 4 - tall, round(x) - left
        if self._bars_size != (width, tall):
            self._bars_size = (width, tall)
            self._passed = self._bars(width, tall, self._palette.accent)
            self._ahead = self._bars(width, tall, self._palette.text_faint)
        target.blit(self._passed, (left, top), (0, 0, cut, tall))
        target.blit(self._ahead, (left + cut, top), (cut, 0, width - cut, tall))

    def _paint_marks(self, target: pygame.Surface, view: View) -> None:
        """Mark conflicts and trucks that leave below the rail, bookmarks above it."""
        p, replay = self._palette, self._replay
        left, width, y = track_of(view.arrangement.slider)
        pitch = width / replay.duration
        found = len(replay.conflicts.found)
        self._kept.paint(
            target,
            "marks",
            (left - 5, y + 4, width + 10, 9),
            found,
            lambda: self._mark_faults_and_trucks(target, left, y, pitch),
        )
        for t in view.bookmarks:
            x, top = round(left + t * pitch), y - 16
            pygame.draw.line(target, p.good, (x, top), (x, y), 2)
            pygame.draw.polygon(
                target, p.good, [(x, top - 2), (x + 9, top + 2), (x, top + 6)]
            )

    def _mark_faults_and_trucks(
        self, target: pygame.Surface, left: int, y: int, pitch: float
    ) -> None:
        """Draw marks below the rail; trucks for which orders are late last."""
        p, replay, trucks = self._palette, self._replay, self._replay.trucks
        found = replay.conflicts.found
        for x in sorted({round(left + (v.step or 0) * pitch) for v in found}):
            pygame.draw.rect(target, p.bad, (x - 1, y + 5, 2, 7))
        t = trucks.departures_s / replay.step_s
        places = np.rint(left + t[t <= replay.duration] * pitch).astype(int)
        late = np.diff(trucks.late_before)[: len(places)] > 0
        for some, colour in ((places[~late], p.text), (places[late], p.bad)):
            for x in np.unique(some).tolist():
                corners = [(x, y + 4), (x - 4, y + 11), (x + 4, y + 11)]
                pygame.draw.polygon(target, colour, corners)

    def _bars(self, width: int, tall: int, colour: Colour) -> pygame.Surface:
        panel = self._palette.panel
        drawn = pygame.Surface((width, tall), 0, 32)
        drawn.fill(panel)
        bins = max(1, width // _PITCH)
        pitch = width / bins
        shares = self._replay.events.density(bins, self._replay.duration)
        for i in np.flatnonzero(shares).tolist():
            bar = max(1, round(float(shares[i]) * tall))
            column = (i * pitch, tall - bar, max(1, pitch - 1), bar)
            pygame.draw.rect(drawn, blend(panel, colour, 0.6), column)
        return drawn

    def _paint_clock(self, target: pygame.Surface, view: View) -> None:
        p, type_ = self._palette, self._type
        left, width, _ = track_of(view.arrangement.slider)
        head = view.arrangement.slider[1] + (7 if view.arrangement.compact else 12)
        taken = type_.put(target, clock(view.now_s), (left, head), 26, p.text)
        step = f"step {int(view.t):,} of {int(self._replay.duration):,}"
        words = view.caption or step
        end, right = clock(self._replay.duration_s), left + width
        room = width - taken - 12 - type_.width(end, 18) - 12
        if room > 0:
            type_.put(target, end, (right, head + 4), 18, p.text_muted, align="right")
        place = (left + taken + 12, head + 4)
        type_.put(target, words, place, 18, p.text_muted, width=room)
