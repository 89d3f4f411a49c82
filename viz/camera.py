"""Which part of the floor is on screen, and how large."""

import math
from dataclasses import dataclass, replace
from typing import Final

SMALLEST_SCALE: Final = 0.5
LARGEST_SCALE: Final = 96.0


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
    def fit(
        cls, cols: int, rows: int, area: tuple[int, int, int, int], margin: int = 12
    ) -> "Camera":
        """Show a whole floor in an area ``(left, top, width, height)``.

        Examples
        --------
        >>> Camera.fit(100, 50, (0, 0, 424, 424)).scale
        4.0
        """
        left, top, width, height = area
        scale = min((width - 2 * margin) / cols, (height - 2 * margin) / rows)
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

    def centred(self, x: float, y: float) -> "Camera":
        """Show a point in cells in the middle."""
        return replace(self, x=x, y=y)

    def moved(self, area: tuple[int, int, int, int]) -> "Camera":
        """Show the same point in the middle of another part of the screen."""
        left, top, width, height = area
        return replace(self, left=left, top=top, width=width, height=height)
