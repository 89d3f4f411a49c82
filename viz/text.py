"""Words on surfaces, drawn once and kept."""

from collections import OrderedDict
from typing import Final

import pygame

from viz.palette import Colour

_KEPT: Final = 3000


class Type:
    """Draws text in pygame's own font, which every install has."""

    def __init__(self) -> None:
        pygame.font.init()
        self._fonts: dict[int, pygame.font.Font] = {}
        self._widths: dict[tuple[str, int], int] = {}
        self._cut: dict[tuple[str, int, int], str] = {}
        self._drawn: OrderedDict[tuple[str, int, Colour], pygame.Surface] = (
            OrderedDict()
        )

    def font(self, size: int) -> pygame.font.Font:
        """Return the font of a size in pixels."""
        if size not in self._fonts:
            self._fonts[size] = pygame.font.Font(None, size)
        return self._fonts[size]

    def width(self, text: str, size: int) -> int:
        """Return how wide text will be, in pixels."""
        key = (text, size)
        if key not in self._widths:
            if len(self._widths) >= _KEPT:
                self._widths.clear()
            self._widths[key] = int(self.font(size).size(text)[0])
        return self._widths[key]

    def fitted(self, text: str, size: int, width: int) -> str:
        """Return the text, cut with dots where it is wider than the space."""
        if self.width(text, size) <= width:
            return text
        key = (text, size, width)
        if key not in self._cut:
            if len(self._cut) >= _KEPT:
                self._cut.clear()
            self._cut[key] = self._shortened(text, size, width)
        return self._cut[key]

    def _shortened(self, text: str, size: int, width: int) -> str:
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            part = text[:middle].rstrip() + "..."
            if self.font(size).size(part)[0] <= width:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "..." if low else ""

    def surface(self, text: str, size: int, colour: Colour) -> pygame.Surface:
        """Return drawn text; the most recent ones are kept."""
        key = (text, size, colour)
        if key in self._drawn:
            self._drawn.move_to_end(key)
            return self._drawn[key]
        if len(self._drawn) >= _KEPT:
            self._drawn.popitem(last=False)
        # A null character ends a C string and would raise.
        drawn = self.font(size).render(text.replace("\0", " "), True, colour)
        self._drawn[key] = drawn
        return drawn

    def put(
        self,
        target: pygame.Surface,
        text: str,
        place: tuple[float, float],
        size: int,
        colour: Colour,
        *,
        align: str = "left",
        width: int | None = None,
    ) -> int:
        """Write text with its top at a place; return its width in pixels.

        Parameters
        ----------
        place : (x, y)
            Left end, middle or right end of the text, as ``align`` says; its top.
        width : int, optional
            Space in pixels; longer text is cut with dots.
        """
        if width is not None:
            text = self.fitted(text, size, width)
        if not text:
            return 0
        drawn = self.surface(text, size, colour)
        share = {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        left = place[0] - drawn.get_width() * share
        target.blit(drawn, (round(left), round(place[1])))
        return int(drawn.get_width())
