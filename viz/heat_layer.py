"""What happens where, in colours over the floor."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.camera import Camera
from viz.clock import count
from viz.floor import ARROWS_FROM, cells_of_pixels
from viz.heat import heat_colours, heat_levels, round_top
from viz.heat_counts import HeatKind
from viz.palette import Colour, Palette, ramp
from viz.replay import Replay
from viz.text import Type
from viz.view import View
from warehouse.layout import CellKind

TITLES: Final = {
    HeatKind.VISITS: "Visits",
    HeatKind.WAITING: "Time waited",
    HeatKind.PICKS: "Units picked",
}
_SEE_THROUGH: Final = (255, 0, 255)
_BAR: Final = (150, 8)  # width and height of the colours of the scale, in pixels
_BAR_ENDS: Final = 26  # pixels on both sides of them, for the amounts below


@dataclass(frozen=True, slots=True)
class Heat:
    """What is shown on the cells.

    Parameters
    ----------
    kind : HeatKind
    amounts : ndarray of float64, shape (cells,)
        Visits, seconds waited or units picked.
    top : int
        Amount at the upper end of the scale.
    """

    kind: HeatKind
    amounts: NDArray[np.float64]
    top: int

    @classmethod
    def of(cls, view: View) -> "Heat | None":
        """Return what a view shows; None where it shows no heat."""
        kind, replay = view.heatmap, view.replay
        if kind is None:
            return None
        first, last = heat_steps(view)
        known = replay.heat.between if view.whole_maps else replay.heat.so_far
        counts = known(kind, first, last)
        unit = replay.step_s if kind is HeatKind.WAITING else 1.0
        amounts = counts.astype(np.float64) * unit
        top = round_top(math.ceil(amounts.max(initial=0.0)))
        return cls(kind, amounts, max(top, view.least_top))

    def words(self, amount: float) -> str:
        """Say an amount with its unit."""
        if self.kind is HeatKind.WAITING:
            return f"{amount:,.0f} s waited"
        if self.kind is HeatKind.PICKS:
            return f"{count(round(amount), 'unit')} picked"
        return count(round(amount), "visit")


def heat_steps(view: View) -> tuple[int, int]:
    """First timestep of the part shown, and the one before which it ends."""
    replay = view.replay
    return view.heat_part.steps(view.now_s, replay.step_s, replay.heat.steps)


class HeatLayer:
    """Draws the heat of one replay in one theme; keeps the latest picture.

    Parameters
    ----------
    replay : Replay
    palette : Palette
    """

    def __init__(self, replay: Replay, palette: Palette) -> None:
        self._layout = replay.scenario.layout
        self._palette = palette
        self._docks = self._layout.kinds.ravel() == CellKind.DOCK
        self._counts = replay.heat
        self._shown: tuple[HeatKind, float, tuple[int, int], int, Camera] | None = None
        self._picture = pygame.Surface((0, 0))

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw the heat over a floor on which nothing else is drawn yet."""
        heat, camera = Heat.of(view), view.camera
        if heat is None:
            return
        counted = self._counts.counted(heat.kind)
        shows = (heat.kind, counted, heat_steps(view), heat.top, camera)
        if shows != self._shown:
            self._shown = shows
            self._picture = self._drawn(target, heat, camera)
        target.blit(self._picture, (camera.left, camera.top))

    def _drawn(
        self, target: pygame.Surface, heat: Heat, camera: Camera
    ) -> pygame.Surface:
        layout = self._layout
        levels = heat_levels(heat.amounts, heat.top)
        levels[self._docks] = 0
        picture = pygame.Surface((camera.width, camera.height), 0, 32)
        picture.set_colorkey(_SEE_THROUGH)
        colours = heat_colours(self._palette)
        colours[0] = _SEE_THROUGH
        mapped = np.array([picture.map_rgb(colour) for colour in colours], np.uint32)
        # A ring of nothing around the map: what lies outside is cell 0 or the last.
        cells = np.pad(mapped[levels].reshape(layout.kinds.shape), 1)
        cells[[0, -1]] = cells[:, [0, -1]] = mapped[0]
        x, y = camera.origin
        col, _, _ = cells_of_pixels(x, camera.width, layout.width, camera.scale)
        row, _, _ = cells_of_pixels(y, camera.height, layout.height, camera.scale)
        pixels = cells[row].take(col, axis=1)
        if camera.scale >= ARROWS_FROM:
            # Arrows of one-way floor stay in sight.
            area = (camera.left, camera.top, camera.width, camera.height)
            ground = pygame.surfarray.pixels2d(target.subsurface(area)).T
            pixels[ground == target.map_rgb(self._palette.arrow)] = mapped[0]
        pygame.surfarray.pixels2d(picture).T[:] = pixels
        return picture


def heat_title(view: View) -> str:
    """Say what is shown, of which part of the time, and how far it was counted."""
    if view.heatmap is None:
        return ""
    words = f"{TITLES[view.heatmap]}, {view.heat_part.words}"
    counted = view.replay.heat.counted(view.heatmap)
    if view.whole_maps or counted == 1:
        return words
    return f"{words}: {100 * counted:.0f} % counted"


def share_scale(views: tuple[View, ...]) -> None:
    """Let the colours of several plans stand for the same amounts."""
    for view in views:
        view.least_top = 0
    top = max((heat.top for view in views if (heat := Heat.of(view))), default=0)
    for view in views:
        view.least_top = top


def paint_heat_key(
    target: pygame.Surface,
    view: View,
    corner: tuple[int, int],
    palette: Palette,
    type_: Type,
) -> None:
    """Draw what the colours stand for in a box, where there is no legend."""
    heat = Heat.of(view)
    if heat is None:
        return
    scale, title = heat_scale(heat, palette, type_, palette.panel), heat_title(view)
    box = pygame.Rect(corner, (max(scale.get_width(), type_.width(title, 17) + 20), 48))
    pygame.draw.rect(target, palette.panel, box, border_radius=6)
    pygame.draw.rect(target, palette.panel_edge, box, 1, border_radius=6)
    place = (box.left + 10, box.top + 6)
    type_.put(target, title, place, 17, palette.text_muted)
    target.blit(scale, (box.left + 1, box.top + 23), (1, 0, box.width - 2, 24))


def heat_scale(
    heat: Heat, palette: Palette, type_: Type, ground: Colour
) -> pygame.Surface:
    """Draw the colours with the amounts they stand for."""
    width, height = _BAR
    drawn = pygame.Surface((width + 2 * _BAR_ENDS, height + 14), 0, 32)
    drawn.fill(ground)
    for x in range(width):
        colour = ramp(palette.heat, x / (width - 1))
        pygame.draw.line(drawn, colour, (_BAR_ENDS + x, 0), (_BAR_ENDS + x, height - 1))
    unit = " s" if heat.kind is HeatKind.WAITING else ""
    for share in (0.0, 0.2, 1.0):
        # The scale is that of `heat_levels`: its colours go by the square root.
        x = _BAR_ENDS + round(math.sqrt(share) * (width - 1))
        pygame.draw.line(drawn, palette.text_muted, (x, height), (x, height + 2))
        words = f"{heat.top * share:,g}{unit}"
        type_.put(drawn, words, (x, height + 4), 15, palette.text_muted, align="middle")
    return drawn
