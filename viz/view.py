"""What the viewer looks at: moment, speed, camera, selection, switches."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from viz.arrangement import SMALLEST_SIZE, Arrangement, inside
from viz.camera import Camera
from viz.palette import THEMES
from viz.replay import Moment, Replay

SPEEDS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
"""Seconds of the plan in a second of watching."""

ZOOM_STEP: Final = 1.2
PAN_PIXELS: Final = 80


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
    robot, station, pod : int or None
        What is selected: one of them at most.
    pointer : (x, y) or None
        Mouse, in pixels.
    first_station : int
        Station at the top of the scrolled list.
    theme : str
        A name in `viz.palette.THEMES`.
    """

    replay: Replay
    size: tuple[int, int] = (1280, 800)
    t: float = 0.0
    speed: float = 10.0
    playing: bool = False
    robot: int | None = None
    station: int | None = None
    pod: int | None = None
    following: bool = False
    heatmap: bool = False
    legend: bool = True
    help: bool = False
    closing: bool = False
    fitted: bool = True
    pointer: tuple[int, int] | None = None
    first_station: int = 0
    theme: str = "dark"
    camera: Camera = field(init=False)
    _latest: Moment | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.fit()

    # Derived

    @property
    def arrangement(self) -> Arrangement:
        """Areas of the screen as it is now."""
        selected = (self.robot, self.station, self.pod)
        chosen = any(number is not None for number in selected)
        return Arrangement.of(self.size, legend=self.legend, detail=chosen)

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
            self.seek(self.t + real_s * self.speed / self.replay.step_s)
            if self.t >= self.replay.duration:
                self.playing = False

    def seek(self, t: float) -> None:
        """Show another moment, within the plan."""
        self.t = min(max(t, 0.0), self.replay.duration)
        self._keep_following()

    def toggle_play(self) -> None:
        """Play or pause; at the end, play from the start."""
        if not self.playing and self.t >= self.replay.duration:
            self.seek(0.0)
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
        self.size = (
            max(size[0], SMALLEST_SIZE[0]),
            max(size[1], SMALLEST_SIZE[1]),
        )
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

    def select_robot(self, robot: int | None) -> None:
        """Select a robot, or nothing."""
        self.robot, self.station, self.pod = robot, None, None
        self.scroll_stations(0)
        self.following = self.following and robot is not None
        self._keep_following()

    def select_station(self, station: int) -> None:
        """Select a station."""
        self.robot, self.station, self.pod = None, station, None
        self.following = False
        # Scroll the list just as far as needed to show it.
        rows = max(1, self.arrangement.rows)
        first = min(self.first_station, station)
        self.first_station = max(first, station - rows + 1)

    def select_pod(self, pod: int) -> None:
        """Select a pod."""
        self.robot, self.station, self.pod = None, None, pod
        self.following = False
        self.scroll_stations(0)

    def next_robot(self, places: int) -> None:
        """Select the robot some places on (or back) in the fleet."""
        if self.replay.robots:
            start = -1 if places > 0 else 0
            now = start if self.robot is None else self.robot
            self.select_robot((now + places) % self.replay.robots)

    def next_station(self, places: int) -> None:
        """Select the station some places on (or back)."""
        count = len(self.replay.scenario.stations)
        if count:
            start = -1 if places > 0 else 0
            now = start if self.station is None else self.station
            self.select_station((now + places) % count)

    def scroll_stations(self, rows: int) -> None:
        """Scroll the list of stations."""
        stations = len(self.replay.scenario.stations)
        last = max(0, stations - self.arrangement.rows)
        self.first_station = min(max(self.first_station + rows, 0), last)

    def robot_at(self, point: tuple[float, float]) -> int | None:
        """Robot drawn at a pixel of the floor, the nearest one if several."""
        if not self.replay.robots or not inside(self.arrangement.floor, point):
            return None
        x, y = self.camera.to_floor(*point)
        distance = np.hypot(*(self.moment.xy - (x, y)).T)
        nearest = int(distance.argmin())
        reach = max(0.6, 7 / self.camera.scale)
        return nearest if distance[nearest] <= reach else None

    def station_at(self, point: tuple[float, float]) -> int | None:
        """Station whose dock is drawn at a pixel of the floor."""
        if not inside(self.arrangement.floor, point):
            return None
        x, y = self.camera.to_floor(*point)
        layout = self.replay.scenario.layout
        reach = max(0.7, 8 / self.camera.scale)
        for index, station in enumerate(self.replay.scenario.stations):
            row, col = layout.row_col(station.cell)
            if max(abs(col + 0.5 - x), abs(row + 0.5 - y)) <= reach:
                return index
        return None

    def pod_at(self, point: tuple[float, float]) -> int | None:
        """Pod that stands at a pixel of the floor."""
        if not inside(self.arrangement.floor, point):
            return None
        x, y = self.camera.to_floor(*point)
        layout = self.replay.scenario.layout
        if not (0 <= x < layout.width and 0 <= y < layout.height):
            return None
        cell, _ = self.replay.pods.at(self.t)
        found = np.flatnonzero(cell == layout.cell(int(y), int(x)))
        return int(found[0]) if len(found) else None

    # Switches

    def toggle_heatmap(self) -> None:
        """Show how often cells are visited, or the plain floor."""
        self.heatmap = not self.heatmap

    def toggle_legend(self) -> None:
        """Show or hide the legend."""
        self.legend = not self.legend
        self._settle()

    def toggle_theme(self) -> None:
        """Take the next theme."""
        names = list(THEMES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

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
