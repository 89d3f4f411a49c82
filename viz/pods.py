"""Pods on the floor: where each stands, or the robot that carries it."""

from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.layers import paint_ring, paint_way, to_pixels
from viz.palette import Palette
from viz.replay import Moment, Replay
from viz.view import View
from warehouse.plan import PodStopKind

_SIDE: Final = 0.78  # of a cell, where a pod stands
_CARRIED: Final = 0.52  # smaller, so that the robot is seen around it
_LEAST: Final = 2


class Pods:
    """Draws the pods of one replay.

    Parameters
    ----------
    replay : Replay
    palette : Palette
    """

    def __init__(self, replay: Replay, palette: Palette) -> None:
        self._places = replay.pods
        self._palette = palette
        self._width = replay.scenario.layout.width

    def paint_standing(self, target: pygame.Surface, view: View) -> None:
        """Draw pods that stand as squares on the floor."""
        cell, _ = self._places.at(view.t)
        row, col = np.divmod(cell[cell >= 0], self._width)
        centres = np.stack([col + 0.5, row + 0.5], axis=1)
        self._squares(target, view, centres, _SIDE)

    def paint_carried(self, target: pygame.Surface, view: View, moment: Moment) -> None:
        """Draw pods that are carried, on their robots."""
        _, robot = self._places.at(view.t)
        self._squares(target, view, moment.xy[robot[robot >= 0]], _CARRIED)

    def _squares(
        self,
        target: pygame.Surface,
        view: View,
        centres: NDArray[np.float64],
        share: float,
    ) -> None:
        camera = view.camera
        side = max(_LEAST, round(camera.scale * share))
        square = pod_mark(side, self._palette)
        corner = np.floor(to_pixels(view, centres) - side / 2 + 0.5).astype(int)
        shown = (
            (corner[:, 0] > camera.left - side)
            & (corner[:, 1] > camera.top - side)
            & (corner[:, 0] < camera.left + camera.width)
            & (corner[:, 1] < camera.top + camera.height)
        )
        places = corner[shown].tolist()
        target.blits([(square, place) for place in places], False)


def paint_pod_trip(
    target: pygame.Surface, view: View, moment: Moment, palette: Palette
) -> None:
    """Draw the selected robot's way with its stops, or mark the selected pod.

    A frame where a pod is lifted, a disc where it is put down, a square at stations.
    """
    replay = view.replay
    if view.pod is not None:
        cell, robot = (int(part[view.pod]) for part in replay.pods.at(view.t))
        row, col = replay.scenario.layout.row_col(cell)
        spot = np.array([col + 0.5, row + 0.5])
        paint_ring(target, view, spot if robot < 0 else moment.xy[robot], palette)
    if view.robot is None:
        return
    trip = replay.pod_trips.trip_at(view.robot, view.t)
    paint_way(target, view, moment, view.robot, palette)
    if trip is not None:
        _paint_stops(target, view, trip, palette)
    paint_ring(target, view, moment.xy[view.robot], palette)


def _paint_stops(
    target: pygame.Surface, view: View, trip: int, palette: Palette
) -> None:
    """Mark the stops of a trip; those that are done are dim."""
    stops = view.replay.pod_trips.stops_of(trip)
    row, col = np.divmod(stops["cell"], view.replay.scenario.layout.width)
    centres = to_pixels(view, np.stack([col + 0.5, row + 0.5], axis=1))
    side = max(7, round(view.camera.scale * 0.9))
    for stop, (x, y) in zip(stops, centres.tolist(), strict=True):
        done = stop["end"] <= view.t
        colour = palette.path_behind if done else palette.path_ahead
        box = pygame.Rect(0, 0, side, side)
        box.center = (round(x), round(y))
        if stop["kind"] == PodStopKind.LIFT:
            pygame.draw.rect(target, colour, box, 2)
        elif stop["kind"] != PodStopKind.SET_DOWN:
            pygame.draw.rect(target, colour, box)
        else:
            pygame.draw.circle(target, colour, box.center, side // 2)


def pod_mark(side: int, palette: Palette) -> pygame.Surface:
    """Square that stands for a pod."""
    square = pygame.Surface((side, side), 0, 32)
    square.fill(palette.rack_face)
    if side >= 5:
        pygame.draw.rect(square, palette.robot_ink, (0, 0, side, side), 1)
    return square
