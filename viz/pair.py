"""Two plans side by side on one clock, with what is better and worse above them."""

from typing import Final

import pygame

from viz.arrangement import Area, inside
from viz.comparison import Comparison
from viz.frame import Painter
from viz.gantt_view import GanttView
from viz.heat_layer import paint_heat_key, share_scale
from viz.keys import binding_of
from viz.look import Look
from viz.palette import THEMES
from viz.pointer import Events
from viz.replay import Replay
from viz.text import Type
from viz.view import View

_LETTERS: Final = ("A", "B")
_OF_FLOORS: Final = ("Looking", "Selecting")
"""Groups of keys that both floors hear."""
_OF_MOUSE: Final = (
    pygame.MOUSEMOTION,
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
)


class TwoPlans:
    """Two plans: a floor each, one time bar, and the difference of their figures.

    Keys for looking and selecting act on both floors. Time and events are those of the
    plan that lasts longer; the other stands still at its end. Each has its Gantt below
    its floor, both of the same time.

    Parameters
    ----------
    first, second : Replay
    size : (width, height)
        In pixels.
    look : Look
    """

    def __init__(
        self, first: Replay, second: Replay, size: tuple[int, int], look: Look
    ) -> None:
        replays = (first, second)
        longer = int(second.duration_s > first.duration_s)
        self._comparison = Comparison(first, second)
        self._clock = View(replays[longer], size, theme=look.theme)
        self._floors = tuple(look.view(replay, size) for replay in replays)
        self._painters = tuple(Painter(replay) for replay in replays)
        self._clock_painter = self._painters[longer]
        self._clock_events = Events(self._clock)
        self._floor_events = tuple(Events(view) for view in self._floors)
        self._names = look.names or (first.scenario.name, second.scenario.name)
        self._type = Type()
        for view in self._floors:
            view.legend = view.panels = False
            view.beside = True
        self._join_gantts(look)
        self._arrange()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._clock.size

    @property
    def closing(self) -> bool:
        """Whether the viewer has asked for the end."""
        return self._clock.closing

    @property
    def clock(self) -> View:
        """View that holds the time and the switches of both floors."""
        return self._clock

    @property
    def floors(self) -> tuple[View, ...]:
        """Views of the two floors."""
        return self._floors

    def area(self, number: int) -> Area:
        """Part of the screen where a floor is."""
        _, top, width, strip = self._clock.arrangement.strip
        half = width // 2
        below = self._clock.arrangement.timebar[1]
        left = number * (half + 1)
        wide = half - 1 if number == 0 else width - half - 1
        return (left, top + strip, wide, below - top - strip)

    def play(self, speed: float | None = None) -> None:
        """Let time pass when it advances; at a speed, if one is given."""
        self._clock.play(speed)

    def seek_s(self, now_s: float) -> None:
        """Show another second."""
        self._clock.seek(now_s / self._clock.replay.step_s)
        self._follow_clock()

    def advance(self, real_s: float) -> None:
        """Let some seconds of watching pass."""
        self._clock.advance(real_s)
        self._follow_clock()

    def hurry(self) -> None:
        """Draw maps as far as they are counted, from now on, and wait for none."""
        for view in self._floors:
            view.whole_maps = False

    def search(self, most_s: float) -> None:
        """Look for conflicts or long waits, or count for maps, for some seconds."""
        for view in self._floors:
            view.search(most_s / 2)

    def handle(self, event: pygame.event.Event) -> None:
        """Let one event of the window have its effect."""
        moments = [view.t for view in self._floors]
        if event.type == pygame.KEYDOWN:
            for events in self._hearing(event):
                events.handle(event)
        elif event.type in _OF_MOUSE:
            self._handle_mouse(event)
        elif event.type == pygame.MOUSEWHEEL:
            for events in self._floor_events:
                events.handle(event)
        else:
            self._clock_events.handle(event)
        self._clock.panels = True  # they hold the time bar
        for view, t in zip(self._floors, moments, strict=True):
            if view.t != t:  # a moment was chosen in its Gantt
                self._clock.seek(view.now_s / self._clock.replay.step_s)
        self._arrange()
        self._follow_clock()

    def _hearing(self, event: pygame.event.Event) -> tuple[Events, ...]:
        """Tell who hears a key: both floors, or the clock."""
        if self._clock.prompt is not None:
            return (self._clock_events,)
        if any(view.prompt is not None for view in self._floors):
            return self._floor_events
        binding = binding_of(event.key, shift=bool(event.mod & pygame.KMOD_SHIFT))
        of_floors = binding is not None and binding.group in _OF_FLOORS
        return self._floor_events if of_floors else (self._clock_events,)

    def _handle_mouse(self, event: pygame.event.Event) -> None:
        """Tell the part of the screen under the mouse where in it that is."""
        places = [(0, 0, self._clock_events, self._clock.arrangement.timebar)]
        for number, events in enumerate(self._floor_events):
            left, top, _, _ = area = self.area(number)
            places.append((left, top, events, area))
        for left, top, events, area in places:
            pos = (event.pos[0] - left, event.pos[1] - top)
            if inside(area, event.pos):
                events.handle(
                    pygame.event.Event(event.type, {**event.dict, "pos": pos})
                )
            else:
                events.view.pointer = None
                if event.type == pygame.MOUSEBUTTONUP:
                    events.let_go()

    def paint(self, target: pygame.Surface) -> None:
        """Draw all of it on a surface of its size."""
        palette = THEMES[self._clock.theme]
        target.fill(palette.panel_edge)
        share_scale(self._floors)
        for number, view in enumerate(self._floors):
            part = target.subsurface(self.area(number))
            self._painters[number].paint(part, view)
            self._label(part, number)
        self._comparison.paint(target, self._clock, palette, self._type)
        self._clock_painter.scene(self._clock).paint_timebar(target, self._clock)
        self._clock_painter.scene(self._clock).paint_over(target, self._clock)

    def _label(self, part: pygame.Surface, number: int) -> None:
        """Write which plan a floor is, and what its colours stand for."""
        palette = THEMES[self._clock.theme]
        words = f"{_LETTERS[number]}  {self._names[number]}"
        box = pygame.Rect(8, 8, self._type.width(words, 20) + 18, 24)
        pygame.draw.rect(part, palette.panel, box, border_radius=6)
        pygame.draw.rect(part, palette.panel_edge, box, 1, border_radius=6)
        self._type.put(part, words, (box.left + 9, box.top + 6), 20, palette.text)
        corner = (box.left, box.bottom + 6)
        paint_heat_key(part, self._floors[number], corner, palette, self._type)

    def _join_gantts(self, look: Look) -> None:
        """Let both Gantts span the time of the longer, and show what the look says."""
        whole_s = max(view.gantt.whole_s for view in self._floors)
        for view in (self._clock, *self._floors):
            view.gantt = GanttView(whole_s, shown=look.gantt)
        self._charted = self._floors[0].gantt.ends

    def _share_gantts(self) -> None:
        """Switch both Gantts with the clock's, and show in both what one now shows."""
        changed = [v for v in self._floors if v.gantt.ends != self._charted]
        for view in self._floors:
            if view.gantt.shown != self._clock.gantt.shown:
                view.toggle_gantt()
            if changed:
                view.gantt.show_as(changed[0].gantt)
        self._charted = self._floors[0].gantt.ends

    def _arrange(self) -> None:
        """Give the floors their share of the screen."""
        for number, view in enumerate(self._floors):
            size = self.area(number)[2:]
            if view.size != size:
                view.resize(size)

    def _follow_clock(self) -> None:
        """Show on both floors the time and the theme of the clock."""
        clock = self._clock
        for view in self._floors:
            t = min(clock.now_s / view.replay.step_s, view.replay.duration)
            if view.t != t:
                view.seek(t)
            view.theme = clock.theme
        self._share_gantts()
