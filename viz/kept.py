"""Parts of the screen that are drawn again only when what they show has changed."""

from collections.abc import Callable, Hashable

import pygame

from viz.arrangement import Area


class Kept:
    """Pictures of parts of the screen, each with what it was drawn from."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[Hashable, Area, pygame.Surface]] = {}

    def paint(
        self,
        target: pygame.Surface,
        name: str,
        area: Area,
        shows: Hashable,
        draw: Callable[[], None],
    ) -> None:
        """Draw a part, or put its picture where it was.

        Parameters
        ----------
        target : Surface
        name : str
            Of the part: the latest picture of each is kept.
        area : Area
            All of what ``draw`` draws on, and lies on the surface.
        shows : hashable
            All that the picture depends on, beside its area.
        draw : callable
            Draws the part on the surface.
        """
        kept = self._pictures.get(name)
        if kept is not None and kept[:2] == (shows, area):
            target.blit(kept[2], area[:2])
            return
        draw()
        self._pictures[name] = (shows, area, target.subsurface(area).copy())
