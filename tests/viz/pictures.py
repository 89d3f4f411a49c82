"""Pictures that the window is compared with, and how they are made.

``python -m tests.viz.pictures`` draws them anew: look at each before it is committed.
The plans are those of ``aislewise plan small --iterations 3`` and of
``aislewise plan small --iterations 3 --objective travel --seed 2``. They are kept, so
that what solvers do has no part in what is compared.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.film import blank_frame
from viz.look import Look
from viz.replay import Replay
from viz.stage import stage_of
from viz.view import View
from warehouse.formats.plan_file import read_plan

FOLDER: Final = Path(__file__).parent / "reference_pictures"
SIZE: Final = (960, 600)
PICTURES: dict[str, Callable[[], pygame.Surface]] = {}
"""What draws each picture, by its name."""


def picture(draw: Callable[[], pygame.Surface]) -> Callable[[], pygame.Surface]:
    """Add a picture to those that are compared."""
    PICTURES[draw.__name__] = draw
    return draw


@cache
def replay(name: str) -> Replay:
    """Return a plan that is kept, with its conflicts and waits looked for."""
    shown = Replay.from_plan(read_plan(FOLDER / f"{name}.plan.npz"))
    shown.conflicts.search()
    shown.waits.search()
    return shown


def drawn(
    look: Look, now_s: float, change: Callable[[View], None] | None = None
) -> pygame.Surface:
    """Draw a moment, after a change of the view."""
    stage = stage_of(replay("small"), None, SIZE, look)
    if change is not None:
        change(stage.view)
    stage.seek_s(now_s)
    surface = blank_frame(SIZE)
    stage.paint(surface)
    return surface


@picture
def overview() -> pygame.Surface:
    """All of the floor."""
    return drawn(Look(), 120.5)


@picture
def trip_light() -> pygame.Surface:
    """A followed robot with its trip."""
    return drawn(Look(theme="light", follow=2), 66.2)


@picture
def station() -> pygame.Surface:
    """A station with its queue, and the Gantt."""
    return drawn(Look(gantt=True), 150.0, lambda view: view.select_station(1))


@picture
def heat_light() -> pygame.Surface:
    """How often cells are visited, with the panels of who waits."""
    return drawn(Look(theme="light", heatmap="visits", waits=True), 171.5)


@picture
def two_plans() -> pygame.Surface:
    """Two plans beside each other."""
    stage = stage_of(replay("small"), replay("short"), SIZE, Look(heatmap="picks"))
    stage.seek_s(200.0)
    surface = blank_frame(SIZE)
    stage.paint(surface)
    return surface


def pixels_of(surface: pygame.Surface) -> NDArray[np.uint8]:
    """Pixels of a picture, shape (height, width, 3)."""
    return pygame.surfarray.array3d(surface).transpose(1, 0, 2)


def file_of(name: str) -> Path:
    """File of a picture that the window is compared with."""
    return FOLDER / f"{name}.png"


if __name__ == "__main__":
    for name, draw in PICTURES.items():
        pygame.image.save(draw(), str(file_of(name)))
