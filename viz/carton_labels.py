"""Where on the picture of a carton each box may be named."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.carton_view import Face

_SAMPLES: Final = 6
_TOLERANCE: Final = 1e-9


def label_places(faces: list[Face], boxes: int) -> NDArray[np.float64]:
    """Where on the picture each box may be named, shape (boxes, 2); nan if hidden.

    Of the points of a grid on its faces that no later face covers, that nearest their
    middle, on the face that shows most: of large ones, and of those seen whole.
    """
    places = np.full((boxes, 2), np.nan)
    most = np.zeros(boxes)
    steps = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    corners = np.array([face.points for face in faces]).reshape(-1, 4, 2)
    low, high = corners.min(axis=1), corners.max(axis=1)
    for number, face in enumerate(faces):
        a, b, _, d = face.points
        grid = a + steps[:, None, None] * (b - a) + steps[None, :, None] * (d - a)
        points = grid.reshape(-1, 2)
        near = ((low < high[number]) & (high > low[number])).all(axis=1)
        near[: number + 1] = False
        shown = points[~_covered(points, corners[near])]
        clear = abs(float(_cross(b - a, d - a))) * len(shown) ** 2
        if clear > most[face.box]:
            nearest = np.abs(shown - shown.mean(axis=0)).sum(axis=1).argmin()
            most[face.box], places[face.box] = clear, shown[nearest]
    return places


def _covered(
    points: NDArray[np.float64], corners: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether points lie in a parallelogram, or on its sides.

    Parameters
    ----------
    points : ndarray of float64, shape (points, 2)
    corners : ndarray of float64, shape (parallelograms, 4, 2)
    """
    origin = corners[:, 0]
    one, other = corners[:, 1] - origin, corners[:, 3] - origin
    there = points[:, None] - origin
    area = _cross(one, other)
    along = _cross(there, other) / area
    across = _cross(one, there) / area
    inside = np.abs(along - 0.5) <= 0.5 + _TOLERANCE
    inside &= np.abs(across - 0.5) <= 0.5 + _TOLERANCE
    covered: NDArray[np.bool_] = np.logical_or.reduce(inside, axis=1)
    return covered


def _cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area between two arrows, or pairs of them; below 0 if turned the other way."""
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
