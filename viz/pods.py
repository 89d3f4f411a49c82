"""Pods on the floor: where each stands, or the robot that carries it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.layers import to_pixels
from viz.palette import Palette
from viz.replay import Moment
from viz.view import View
from warehouse.plan import Plan, PodStopKind

_SIDE: Final = 0.78  # of a cell, where a pod stands
_CARRIED: Final = 0.52  # smaller, so that the robot is seen around it
_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class PodPlaces:
    """Where the pods of a plan are at any timestep.

    Parameters
    ----------
    keys : ndarray of int64, shape (changes,)
        ``pod * span + timestep`` of each change, ascending: one search per pod finds
        its latest.
    cell, robot : ndarray of int64, shape (changes,)
        Where the pod stands after the change, and who carries it; the other is -1.
    pods : int
    span : int
    """

    keys: NDArray[np.int64]
    cell: NDArray[np.int64]
    robot: NDArray[np.int64]
    pods: int
    span: int

    @classmethod
    def from_plan(cls, plan: Plan) -> "PodPlaces":
        """Find all changes; there are none, and no pods, in a plan without pods."""
        system, work = plan.scenario.pods, plan.pod_work
        none = np.zeros(0, np.int64)
        if system is None or work is None:
            return cls(none, none, none, 0, 1)
        span, pods = plan.steps + 2, len(system)
        moved = work.stops[work.stops["kind"] != PodStopKind.VISIT]
        lifted = moved["kind"] == PodStopKind.LIFT
        pod = np.concatenate([np.arange(pods), moved["pod"]])
        # At step -1, so that a lift at step 0 comes after.
        when = np.concatenate([np.full(pods, -1), moved["end"]])
        cell = np.concatenate([system.start_cells, np.where(lifted, -1, moved["cell"])])
        robot = np.concatenate(
            [np.full(pods, -1), np.where(lifted, moved["robot"], -1)]
        )
        keys = pod.astype(np.int64) * span + when + 1
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], cell[order], robot[order], pods, span)

    def at(self, t: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cell and carrier of each pod at a timestep; one of the two is -1."""
        step = min(int(t), self.span - 2)
        wanted = np.arange(self.pods, dtype=np.int64) * self.span + step + 1
        latest = np.searchsorted(self.keys, wanted, side="right") - 1
        return self.cell[latest], self.robot[latest]


class Pods:
    """Draws the pods of one plan.

    Parameters
    ----------
    plan : Plan
    palette : Palette
    """

    def __init__(self, plan: Plan, palette: Palette) -> None:
        self._places = PodPlaces.from_plan(plan)
        self._palette = palette
        self._width = plan.scenario.layout.width

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


def pod_mark(side: int, palette: Palette) -> pygame.Surface:
    """Square that stands for a pod."""
    square = pygame.Surface((side, side), 0, 32)
    square.fill(palette.rack_face)
    if side >= 5:
        pygame.draw.rect(square, palette.robot_ink, (0, 0, side, side), 1)
    return square
