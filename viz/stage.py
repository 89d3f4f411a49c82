"""What a window or a film shows: one plan or two, with a clock."""

from typing import Protocol

import pygame

from viz.frame import Painter
from viz.look import Look
from viz.pair import TwoPlans
from viz.pointer import Events
from viz.replay import Replay
from viz.view import View


class Stage(Protocol):
    """Something with a clock that draws itself and obeys events."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    @property
    def closing(self) -> bool:
        """Whether the viewer has asked for the end."""

    def play(self, speed: float | None = None) -> None:
        """Let time pass when it advances; at a speed, if one is given."""

    def seek_s(self, now_s: float) -> None:
        """Show another second."""

    def advance(self, real_s: float) -> None:
        """Let some seconds of watching pass."""

    def hurry(self) -> None:
        """Draw maps as far as they are counted, from now on, and wait for none."""

    def search(self, most_s: float) -> None:
        """Look for conflicts or long waits, or count for maps, for some seconds."""

    def handle(self, event: pygame.event.Event) -> None:
        """Let one event of the window have its effect."""

    def paint(self, target: pygame.Surface) -> None:
        """Draw all of it on a surface of its size."""


class OnePlan:
    """One plan, with all its panels.

    Parameters
    ----------
    view : View
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self._painter = Painter(view.replay)
        self._events = Events(view)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.view.size

    @property
    def closing(self) -> bool:
        """Whether the viewer has asked for the end."""
        return self.view.closing

    def play(self, speed: float | None = None) -> None:
        """Let time pass when it advances; at a speed, if one is given."""
        self.view.play(speed)

    def seek_s(self, now_s: float) -> None:
        """Show another second."""
        self.view.seek(now_s / self.view.replay.step_s)

    def advance(self, real_s: float) -> None:
        """Let some seconds of watching pass."""
        self.view.advance(real_s)

    def hurry(self) -> None:
        """Draw maps as far as they are counted, from now on, and wait for none."""
        self.view.whole_maps = False

    def search(self, most_s: float) -> None:
        """Look for conflicts or long waits, or count for maps, for some seconds."""
        self.view.search(most_s)

    def handle(self, event: pygame.event.Event) -> None:
        """Let one event of the window have its effect."""
        self._events.handle(event)

    def paint(self, target: pygame.Surface) -> None:
        """Draw all of it on a surface of its size."""
        self._painter.paint(target, self.view)


def stage_of(
    first: Replay, second: Replay | None, size: tuple[int, int], look: Look
) -> Stage:
    """Return one plan with its panels, or two beside each other."""
    if second is None:
        return OnePlan(look.view(first, size))
    return TwoPlans(first, second, size, look)
