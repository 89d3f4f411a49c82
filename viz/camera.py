"""Which part of the floor is on screen, and how large."""

import math
from dataclasses import dataclass, replace
from typing import Final

SMALLEST_SCALE: Final = 0.5
LARGEST_SCALE: Final = 96.0
_MARGIN: Final = 12
"""Pixels around the floor."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A point of the floor in the middle of a part of the screen.

    Parameters
    ----------
    x, y : float
        Point in cells (column, row; y downwards) shown in the middle.
    scale : float
        Pixels per cell.
    left, top, width, height : int
        Part of the screen, in pixels.
    """

    x: float
    y: float
    scale: float
    left: int
    top: int
    width: int
    height: int

    @classmethod
    def fit(cls, cols: int, rows: int, area: tuple[int, int, int, int]) -> "Camera":
        """Show a whole floor in an area ``(left, top, width, height)``.

        Examples
        --------
        >>> Camera.fit(100, 50, (0, 0, 424, 424)).scale
        4.0
        """
        left, top, width, height = area
        scale = min((width - 2 * _MARGIN) / cols, (height - 2 * _MARGIN) / rows)
        # Whole pixels keep every aisle equally wide, where little space is lost.
        if scale >= 5:
            scale = float(int(scale))
        scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
        return cls(cols / 2, rows / 2, scale, left, top, width, height)

    @property
    def origin(self) -> tuple[int, int]:
        """Pixels from the floor's top left corner to that of the screen part."""
        # Not round(): it takes halves to even, so that panning would tremble.
        return (
            math.floor(self.x * self.scale - self.width / 2 + 0.5),
            math.floor(self.y * self.scale - self.height / 2 + 0.5),
        )

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Pixel at which a point in cells is shown."""
        origin_x, origin_y = self.origin
        return (
            x * self.scale - origin_x + self.left,
            y * self.scale - origin_y + self.top,
        )

    def to_floor(self, px: float, py: float) -> tuple[float, float]:
        """Point in cells that is shown at a pixel."""
        origin_x, origin_y = self.origin
        return (
            (px - self.left + origin_x) / self.scale,
            (py - self.top + origin_y) / self.scale,
        )

    def zoomed(self, factor: float, px: float, py: float) -> "Camera":
        """Zoom, with the point under a pixel held where it is."""
        x, y = self.to_floor(px, py)
        scale = min(max(self.scale * factor, SMALLEST_SCALE), LARGEST_SCALE)
        return replace(
            self,
            scale=scale,
            x=x - (px - self.left - self.width / 2) / scale,
            y=y - (py - self.top - self.height / 2) / scale,
        )

    def panned(self, dx: float, dy: float) -> "Camera":
        """Move the floor by some pixels."""
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale)

    def following(self, x: float, y: float, cols: int, rows: int) -> "Camera":
        """Show a point in the middle, or as near to it as the floor's edges allow.

        Docks lie at edges: half a screen of nothing beside them would tell less.

        Examples
        --------
        >>> camera = Camera.fit(10, 10, (0, 0, 200, 100)).zoomed(2, 100, 50)
        >>> camera = camera.following(0.5, 0.5, 40, 3)
        >>> camera.to_screen(0.0, 1.5)
        (12.0, 50.0)
        """
        return replace(
            self,
            x=_within(x, cols, self.width / self.scale, _MARGIN / self.scale),
            y=_within(y, rows, self.height / self.scale, _MARGIN / self.scale),
        )

    def moved(self, area: tuple[int, int, int, int]) -> "Camera":
        """Show the same point in the middle of another part of the screen."""
        left, top, width, height = area
        return replace(self, left=left, top=top, width=width, height=height)


def _within(middle: float, cells: int, shown: float, margin: float) -> float:
    """Middle of what is shown, in cells, so that it begins and ends on the floor."""
    if cells + 2 * margin <= shown:
        return cells / 2
    return min(max(middle, shown / 2 - margin), cells - shown / 2 + margin)
