"""The figures of two plans beside each other, and how far the second differs."""

from dataclasses import dataclass
from math import isfinite

import pygame

from viz.clock import clock, share
from viz.palette import Palette
from viz.replay import Replay
from viz.text import Type
from viz.view import View
from warehouse.metrics import measure


@dataclass(frozen=True, slots=True)
class Pairing:
    """One figure of both plans.

    Parameters
    ----------
    heading : str
    values : (str, str)
    difference : str
        Of the second from the first, in words.
    better : int
        1 where the second is better, -1 where it is worse, else 0.
    """

    heading: str
    values: tuple[str, str]
    difference: str
    better: int


class Comparison:
    """Compares two plans and draws the strip above their floors.

    Parameters
    ----------
    first, second : Replay
    """

    def __init__(self, first: Replay, second: Replay) -> None:
        self._replays = (first, second)
        self._metrics = (measure(first.plan), measure(second.plan))
        self._of_whole_plans = self._whole_plans()

    def pairings(self, now_s: float) -> list[Pairing]:
        """Figures of a second first, then those of the whole plans."""
        first, second = self._replays
        units = first.units_by(now_s), second.units_by(now_s)
        orders = first.done.by(now_s), second.done.by(now_s)
        return [
            _pairing("UNITS SO FAR", units, more_is_better=True),
            _pairing("ORDERS SO FAR", orders, more_is_better=True),
            *self._of_whole_plans,
        ]

    def _whole_plans(self) -> list[Pairing]:
        """Figures that are the same at every second."""
        figures = []
        for heading, field, more in (
            ("MAKESPAN", "makespan_s", False),
            ("UNITS PER HOUR", "units_per_hour", True),
            ("METRES A UNIT", "travel_m_per_unit", False),
            ("ORDERS LATE", "late_orders", False),
        ):
            values = tuple(float(getattr(m, field)) for m in self._metrics)
            figures.append(
                _pairing(heading, (values[0], values[1]), more_is_better=more)
            )
        figures.append(self._gap())
        return figures

    def _gap(self) -> Pairing:
        gaps = [float(metrics.gap) for metrics in self._metrics]
        better = (gaps[1] < gaps[0]) - (gaps[1] > gaps[0])
        change = 100 * (gaps[1] - gaps[0])
        words = f"{change:+.1f} points" if isfinite(change) else ""
        return Pairing("GAP", (share(gaps[0]), share(gaps[1])), words, better)

    def paint(
        self, target: pygame.Surface, view: View, palette: Palette, type_: Type
    ) -> None:
        """Draw a column for each figure, as many as there is room for."""
        area = view.arrangement.strip
        left, top, width, height = area
        pygame.draw.rect(target, palette.panel, area)
        pairings = self.pairings(view.now_s)
        # In a narrow window the figures of the whole plans are left out from the end.
        pairings = pairings[: max(1, width // 120)]
        pitch = width // len(pairings)
        for number, pairing in enumerate(pairings):
            x, room = left + number * pitch + 14, pitch - 20
            if number:
                rule = (x - 14, top + 10, 1, height - 20)
                pygame.draw.rect(target, palette.panel_edge, rule)
            place = (x, top + 6)
            type_.put(
                target, pairing.heading, place, 15, palette.text_faint, width=room
            )
            words = f"{pairing.values[0]}  |  {pairing.values[1]}"
            size = 21 if type_.width(words, 21) <= room else 17
            type_.put(target, words, (x, top + 20), size, palette.text, width=room)
            colour = (palette.text_muted, palette.good, palette.bad)[pairing.better]
            place = (x, top + 37)
            type_.put(target, pairing.difference, place, 17, colour, width=room)


def _pairing(
    heading: str, values: tuple[float, float], *, more_is_better: bool
) -> Pairing:
    """Pair two numbers; of times the difference is a time."""
    first, second = values
    change = second - first
    better = (change > 0) - (change < 0)
    if heading == "MAKESPAN":
        sign = "-" if change < 0 else "+"
        shown, words = (clock(first), clock(second)), f"{sign}{clock(abs(change))}"
    else:
        digits = 1 if heading == "METRES A UNIT" else 0
        shown = (f"{first:,.{digits}f}", f"{second:,.{digits}f}")
        words = f"{change:+,.{digits}f}"
    if change and first:
        words += f"  ({change / first:+.1%})".replace("%", " %")
    if not change:
        words = "the same"
    return Pairing(heading, shown, words, better if more_is_better else -better)
