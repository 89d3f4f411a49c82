"""What is switched on in a picture or film: theme, followed robot, overlays."""

import math
from dataclasses import dataclass

from viz.heat_counts import HeatKind
from viz.heat_part import WHOLE_PLAN, HeatPart
from viz.palette import THEMES
from viz.replay import Replay
from viz.view import Listing, View
from warehouse.errors import Fault


@dataclass(frozen=True, slots=True)
class Look:
    """How a plan is shown where nobody presses keys.

    Parameters
    ----------
    theme : str
        A name in `viz.palette.THEMES`.
    follow : int or None
        Robot that is selected and kept in sight, from 0.
    heatmap : str or None
        Colour the floor: a value of `viz.heat_counts.HeatKind`.
    heat_part : HeatPart
        Part of the time that the colours are about.
    gantt : bool
        Show what stations, and the followed robot, do over time.
    waits : bool
        Show who waits for whom.
    panels : bool
        Show what is around the floor.
    names : (str, str), optional
        Of two plans beside each other; those of their scenarios by default.
    """

    theme: str = "dark"
    follow: int | None = None
    heatmap: str | None = None
    heat_part: HeatPart = WHOLE_PLAN
    gantt: bool = False
    waits: bool = False
    panels: bool = True
    names: tuple[str, str] | None = None

    def faults(self, replay: Replay, size: tuple[int, int]) -> list[Fault]:
        """Everything that cannot be shown of a plan, in pictures of a size."""
        faults = []
        if not (480 <= size[0] <= 7680 and 360 <= size[1] <= 4320):
            found, needed = (
                f"size {size[0]} x {size[1]}",
                "choose 480 x 360 to 7680 x 4320",
            )
            faults.append(Fault("E403", "look", found, needed))
        if self.theme not in THEMES:
            needed = f"choose {', '.join(THEMES)}"
            faults.append(Fault("E403", "look", f"theme {self.theme!r}", needed))
        if self.follow is not None and not 0 <= self.follow < replay.robots:
            last = replay.robots - 1
            needed = f"choose 0 to {last}" if replay.robots else "there is none"
            faults.append(Fault("E403", "look", f"robot {self.follow}", needed))
        return faults + self._heat_faults(replay)

    def _heat_faults(self, replay: Replay) -> list[Fault]:
        """Everything about the map of heat that cannot be."""
        faults = []
        if self.heatmap is not None and self.heatmap not in set(HeatKind):
            needed = f"choose {', '.join(HeatKind)}"
            faults.append(Fault("E403", "look", f"map {self.heatmap!r}", needed))
        around_s, between_s = self.heat_part.around_s, self.heat_part.between_s
        if around_s is not None and not 0 < around_s < math.inf:
            found = f"a map of {around_s:g} seconds around the clock"
            faults.append(Fault("E403", "look", found, "choose more than 0"))
        last_s = replay.duration_s
        if between_s is not None and not 0 <= between_s[0] < min(between_s[1], last_s):
            found = f"a map from second {between_s[0]:g} to {between_s[1]:g}"
            needed = f"begin it in 0 to {last_s:.10g}, and end it later"
            faults.append(Fault("E403", "look", found, needed))
        return faults

    def view(self, replay: Replay, size: tuple[int, int]) -> View:
        """Return a view with everything switched on; `faults` must be none."""
        view = View(
            replay,
            size,
            theme=self.theme,
            heatmap=None if self.heatmap is None else HeatKind(self.heatmap),
            heat_part=self.heat_part,
            listing=Listing.WAITS if self.waits else Listing.STATIONS,
            panels=self.panels,
        )
        if self.gantt:
            view.toggle_gantt()
        if self.follow is not None:
            view.select_robot(self.follow)
            view.toggle_follow()
        return view
