"""Going about in time: backwards, by events, bookmarks and conflicts."""

from bisect import bisect_left, bisect_right
from typing import Final

from viz.clock import clock
from viz.listing import show_conflict
from viz.order_story import order_story
from viz.view import View

_SAME_STEP: Final = 1e-9
"""Timesteps to which two moments count as the same."""


def reverse(view: View) -> None:
    """Play the other way."""
    view.direction = -view.direction
    view.playing = True


def step_event(view: View, places: int) -> None:
    """Pause at the next event, or the one before; of what is selected, if anything."""
    view.playing = False
    if view.order is not None:
        _step_story(view, view.order, places)
        return
    log = view.replay.events
    event = log.beside(
        view.t, places, robot=view.robot, station=view.station, truck=view.truck
    )
    if event is not None:
        view.seek(float(event["t"]))
        view.caption = log.words(event)


def _step_story(view: View, order: int, places: int) -> None:
    """Go to what happens to an order next, or did before."""
    step_s = view.replay.step_s
    story = order_story(view.replay, order)[::places]
    for chapter in story:
        t = chapter.at_s / step_s
        if places * (t - view.t) > _SAME_STEP and 0 <= t <= view.replay.duration:
            view.seek(t)
            view.caption = f"{clock(chapter.at_s)}  {chapter.words}"
            return


def toggle_bookmark(view: View) -> None:
    """Mark the moment shown, or take its mark away."""
    if view.t in view.bookmarks:
        view.bookmarks.remove(view.t)
    else:
        view.bookmarks.insert(bisect_left(view.bookmarks, view.t), view.t)


def go_to_bookmark(view: View, places: int) -> None:
    """Show the next marked moment, or the one before."""
    if places > 0:
        at = bisect_right(view.bookmarks, view.t)
    else:
        at = bisect_left(view.bookmarks, view.t) - 1
    if 0 <= at < len(view.bookmarks):
        view.seek(view.bookmarks[at])


def go_to_conflict(view: View, places: int) -> None:
    """Pause at the next conflict, or the one before, and select it."""
    view.playing = False
    conflicts, number = view.replay.conflicts, view.conflict
    if number is not None and conflicts.found[number].step == view.t:
        # Several may be at one moment: go on from the one that is selected.
        number = (
            number + places if 0 <= number + places < len(conflicts.found) else None
        )
    else:
        number = conflicts.beside(view.t, places)
    if number is None:
        words = "no conflict beyond" if conflicts.found else "no conflict"
        view.caption = words if conflicts.done else f"{words} found so far"
    else:
        show_conflict(view, number)
