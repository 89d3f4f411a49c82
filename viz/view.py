"""What the viewer looks at: moment, speed, camera, selection, switches."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from viz.arrangement import SMALLEST_FLOOR, SMALLEST_SIZE, Arrangement
from viz.camera import Camera
from viz.charts import Charts
from viz.gantt_view import GanttView, useful_height
from viz.heat_counts import HeatKind
from viz.heat_part import WHOLE_PLAN, HeatPart
from viz.palette import THEMES
from viz.replay import Moment, Replay
from viz.search import Prompt

SPEEDS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
"""Seconds of the plan in a second of watching."""

ZOOM_STEP: Final = 1.2
PAN_PIXELS: Final = 80
_MAP_SHARE: Final = 4  # times as long as for a search, while a map fills up
SELECTED: Final = ("robot", "station", "pod", "order", "sku", "conflict", "truck")
"""What can be selected, by the name of its field."""


class Listing(StrEnum):
    """What the list at the right is of."""

    STATIONS = "stations"
    WAITS = "waits"
    CONFLICTS = "conflicts"


@dataclass(slots=True)
class View:
    """The one mutable thing in the window; everything drawn follows from it.

    Parameters
    ----------
    replay : Replay
    size : (width, height)
        Of the screen in pixels.
    t : float
        Moment shown, in timesteps.
    speed : float
        Seconds of the plan in a second of watching.
    direction : int
        1, or -1 to play backwards.
    robot, station, pod, order, sku, conflict, truck : int or None
        What is selected: one of them at most.
    others : tuple of int
        Further robots whose ways are shown, beside the one selected.
    box : (x, y, x, y) or None
        Two corners of a box that is being drawn around robots, in pixels.
    bookmarks : list of float
        Marked moments, ascending.
    caption : str
        What was stepped to, in words; until time goes on.
    prompt : Prompt or None
        Line that is being typed in.
    beside : bool
        It is one of two beside each other, which have no panels but the Gantt.
    heatmap : HeatKind or None
        What the floor is coloured by.
    heat_part : HeatPart
        Part of the time that the colours are about.
    whole_maps : bool
        Draw maps when all is counted; else, as in a window, with what is by now.
    least_top : int
        The scale of the colours ends no lower: two plans have one scale.
    pointer : (x, y) or None
        Mouse, in pixels.
    first_station : int
        Station at the top of the scrolled list.
    listing : Listing
        What the list at the right is of. With the waits, all arrows from robots that
        wait are shown.
    first_row : int
        Wait or conflict at the top of its scrolled list.
    theme : str
        A name in `viz.palette.THEMES`.
    """

    replay: Replay
    size: tuple[int, int] = (1280, 800)
    t: float = 0.0
    speed: float = 10.0
    direction: int = 1
    playing: bool = False
    robot: int | None = None
    station: int | None = None
    pod: int | None = None
    order: int | None = None
    sku: int | None = None
    conflict: int | None = None
    truck: int | None = None
    others: tuple[int, ...] = ()
    box: tuple[int, int, int, int] | None = None
    bookmarks: list[float] = field(default_factory=list)
    caption: str = ""
    prompt: Prompt | None = None
    minimap: bool = True
    panels: bool = True
    beside: bool = False
    following: bool = False
    heatmap: HeatKind | None = None
    heat_part: HeatPart = WHOLE_PLAN
    whole_maps: bool = True
    least_top: int = 0
    legend: bool = True
    help: bool = False
    closing: bool = False
    fitted: bool = True
    pointer: tuple[int, int] | None = None
    first_station: int = 0
    listing: Listing = Listing.STATIONS
    first_row: int = 0
    theme: str = "dark"
    camera: Camera = field(init=False)
    gantt: GanttView = field(init=False)
    charts: Charts = field(init=False)
    _latest: Moment | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.gantt = GanttView(self.replay.charted_s)
        self.charts = Charts(self.replay)
        self.fit()

    # Derived

    @property
    def arrangement(self) -> Arrangement:
        """Areas of the screen as it is now."""
        chosen = any(getattr(self, kind) is not None for kind in SELECTED)
        charted = self.gantt.shown and (self.panels or self.beside)
        return Arrangement.of(
            self.size,
            legend=self.legend,
            detail=chosen,
            panels=self.panels,
            gantt=useful_height(self.charts) if charted else 0,
            trucks=len(self.replay.trucks),
        )

    @property
    def moment(self) -> Moment:
        """The robots at the moment shown; computed once for each moment."""
        if self._latest is None or self._latest.t != self.t:
            self._latest = self.replay.at(self.t)
        return self._latest

    @property
    def now_s(self) -> float:
        """The moment shown, in seconds."""
        return self.t * self.replay.step_s

    # Time

    def advance(self, real_s: float) -> None:
        """Let some seconds of watching pass."""
        if self.playing:
            passed = real_s * self.speed / self.replay.step_s
            self.seek(self.t + self.direction * passed)
            self.playing = not self._at_end

    @property
    def _at_end(self) -> bool:
        """Whether time cannot go on the way it is played."""
        return self.t == (self.replay.duration if self.direction > 0 else 0.0)

    def seek(self, t: float) -> None:
        """Show another moment, within the plan."""
        self.caption, before_s = "", self.now_s
        self.t = min(max(t, 0.0), self.replay.duration)
        self.gantt.follow(before_s, self.now_s)
        self._keep_following()

    def play(self, speed: float | None = None) -> None:
        """Let time pass when it advances; at a speed, if one is given."""
        self.playing = True
        self.speed = self.speed if speed is None else speed

    def toggle_play(self) -> None:
        """Play or pause; at the end, play from the start."""
        if not self.playing and self._at_end:
            self.seek(0.0 if self.direction > 0 else self.replay.duration)
        self.playing = not self.playing

    def step(self, steps: int) -> None:
        """Pause and go to a whole timestep, some steps on or back."""
        self.playing = False
        # From between two steps, one step back is the step just passed.
        base = np.floor(self.t) if steps > 0 else np.ceil(self.t)
        self.seek(float(base) + steps)

    def jump(self, share: float) -> None:
        """Go on (or back) by a share of the whole plan."""
        self.seek(self.t + share * self.replay.duration)

    def go_to_start(self) -> None:
        """Show the start."""
        self.seek(0.0)

    def go_to_end(self) -> None:
        """Show the end."""
        self.seek(self.replay.duration)

    def change_speed(self, places: int) -> None:
        """Take a faster or slower speed of `SPEEDS`."""
        at = int(np.argmin([abs(np.log(s / self.speed)) for s in SPEEDS]))
        self.speed = SPEEDS[min(max(at + places, 0), len(SPEEDS) - 1)]

    # Looking

    def fit(self) -> None:
        """Show the whole floor and stop following."""
        layout = self.replay.scenario.layout
        self.camera = Camera.fit(layout.width, layout.height, self.arrangement.floor)
        self.fitted = True
        self.following = False

    def resize(self, size: tuple[int, int]) -> None:
        """Take another screen size."""
        least = SMALLEST_SIZE if self.panels else SMALLEST_FLOOR
        self.size = (max(size[0], least[0]), max(size[1], least[1]))
        self._settle()

    def zoom(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Zoom at a pixel; without one at the middle; while following at the robot."""
        left, top, width, height = self.arrangement.floor
        if at is None or self.following:
            at = (left + width / 2, top + height / 2)
        self.camera = self.camera.zoomed(factor, *at)
        self.fitted = False
        self._keep_following()

    def pan(self, dx: float, dy: float) -> None:
        """Move the floor by some pixels and stop following."""
        self.camera = self.camera.panned(dx, dy)
        self.fitted = False
        self.following = False

    def toggle_follow(self) -> None:
        """Keep the selected robot in sight, or let it go."""
        self.following = not self.following and self.robot is not None
        if self.following and self.fitted:
            self.zoom(max(1.0, 18 / self.camera.scale))
        self._keep_following()

    def _keep_following(self) -> None:
        if self.following and self.robot is not None:
            x, y = self.moment.xy[self.robot]
            layout = self.replay.scenario.layout
            self.camera = self.camera.following(
                float(x), float(y), layout.width, layout.height
            )

    def _settle(self) -> None:
        """Follow the areas of the screen after they may have changed."""
        self.scroll_stations(0)
        if self.fitted:
            self.fit()
        else:
            self.camera = self.camera.moved(self.arrangement.floor)
            self._keep_following()

    # Selecting

    def _select(self, kind: str, number: int | None) -> None:
        """Select one thing, and nothing else."""
        for other in SELECTED:
            setattr(self, other, number if other == kind else None)
        self.others = ()
        self.following = self.following and self.robot is not None
        self.scroll_stations(0)

    def select_robot(self, robot: int | None) -> None:
        """Select a robot, or nothing."""
        self._select("robot", robot)
        self._keep_following()

    def select_more(self, robot: int) -> None:
        """Show the way of a further robot, or no more."""
        if self.robot is None:
            self.select_robot(robot)
        elif robot in self.others:
            self.others = tuple(other for other in self.others if other != robot)
        elif robot != self.robot:
            self.others = (*self.others, robot)

    def select_station(self, station: int) -> None:
        """Select a station."""
        self._select("station", station)
        # Scroll the list just as far as needed to show it.
        rows = max(1, self.arrangement.rows)
        first = min(self.first_station, station)
        self.first_station = max(first, station - rows + 1)

    def select_pod(self, pod: int) -> None:
        """Select a pod."""
        self._select("pod", pod)

    def select_order(self, order: int) -> None:
        """Select an order."""
        self._select("order", order)

    def select_sku(self, sku: int) -> None:
        """Select a SKU."""
        self._select("sku", sku)

    def select_truck(self, truck: int) -> None:
        """Select a truck."""
        self._select("truck", truck)

    def select_conflict(self, number: int) -> None:
        """Select a conflict, and go to its moment."""
        conflict = self.replay.conflicts.found[number]
        self._select("conflict", number)
        self.seek(float(conflict.step or 0))

    def scroll_stations(self, rows: int) -> None:
        """Scroll the list of stations."""
        stations = len(self.replay.scenario.stations)
        last = max(0, stations - self.arrangement.rows)
        self.first_station = min(max(self.first_station + rows, 0), last)

    def search(self, most_s: float) -> None:
        """Look for conflicts, and for long waits where they are listed, for so long.

        A map that is not yet counted is counted for some times as long: it is waited
        for.
        """
        if self.heatmap is not None:
            self.replay.heat.count(self.heatmap, _MAP_SHARE * most_s)
        if self.listing is Listing.WAITS:
            most_s /= 2
            self.replay.waits.search(most_s)
        self.replay.conflicts.search(most_s)

    # Switches

    def toggle_listing(self, listing: Listing) -> None:
        """List something else at the right, or the stations again."""
        again = self.listing is listing
        self.listing = Listing.STATIONS if again else listing
        self.first_row = 0

    def toggle_legend(self) -> None:
        """Show or hide the legend."""
        self.legend = not self.legend
        self._settle()

    def toggle_gantt(self) -> None:
        """Show or hide the Gantt."""
        self.gantt.shown = not self.gantt.shown
        self._settle()

    def toggle_theme(self) -> None:
        """Take the next theme."""
        names = list(THEMES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    def toggle_panels(self) -> None:
        """Show or hide everything around the floor."""
        self.panels = not self.panels
        self.resize(self.size)

    def toggle_minimap(self) -> None:
        """Show or hide the small floor in the corner."""
        self.minimap = not self.minimap

    def toggle_help(self) -> None:
        """Show or hide the keys."""
        self.help = not self.help

    def back(self) -> None:
        """Close the help; else drop the selection."""
        if self.help:
            self.help = False
        else:
            self.select_robot(None)

    def quit(self) -> None:
        """Close the window."""
        self.closing = True
