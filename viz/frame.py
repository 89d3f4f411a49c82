"""One drawing path: what the window shows is what pictures and films show."""

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.look import Look
from viz.palette import THEMES
from viz.replay import Replay
from viz.scene import Scene
from viz.text import Type
from viz.view import View
from warehouse.errors import InputError


class Painter:
    """Draws views of one replay; keeps what does not change between frames.

    Parameters
    ----------
    replay : Replay
    """

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self._type = Type()
        self._scenes: dict[str, Scene] = {}

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw a view on a surface of the view's size."""
        self.scene(view).paint(target, view)

    def scene(self, view: View) -> Scene:
        """Return what draws in the theme of a view."""
        scene = self._scenes.get(view.theme)
        if scene is None:
            scene = Scene(self._replay, THEMES[view.theme], self._type)
            self._scenes[view.theme] = scene
        return scene

    def frame(self, view: View) -> NDArray[np.uint8]:
        """Draw a view off screen.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
        """
        surface = pygame.Surface(view.size, 0, 32)
        self.paint(surface, view)
        # Faster by far than pygame's arrays, which run down the columns.
        pixels = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
        return pixels.reshape(view.size[1], view.size[0], 3).copy()


def render_frame(
    replay: Replay,
    t: float,
    size: tuple[int, int] = (1280, 800),
    look: Look | None = None,
) -> NDArray[np.uint8]:
    """Draw one moment of a replay off screen; for many, keep a `Painter`.

    Parameters
    ----------
    replay : Replay
    t : float
        Timesteps since the start, held within the plan. Between two whole ones robots
        are between two cells, and between two headings.
    size : (width, height)
        In pixels, 480 x 360 at least.
    look : Look, optional
        Theme, followed robot and overlays.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)

    Raises
    ------
    InputError
        E403, if the look names a robot or a theme that is not there, or the size is
        too small or too large.
    """
    look = look or Look()
    faults = look.faults(replay, size)
    if faults:
        raise InputError(faults)
    view = look.view(replay, size)
    view.seek(t)
    return Painter(replay).frame(view)
