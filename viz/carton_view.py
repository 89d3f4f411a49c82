"""A filled carton seen from above one corner: which faces are drawn, in which order.

The view is isometric: length runs to the right, width to the left, both towards the one
who looks, and height upwards. So of every box the top, the left and the right face are
seen, and boxes are drawn from the back to the front.
"""

from dataclasses import dataclass
from math import cos, pi
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

TOP, LEFT, RIGHT = 0, 1, 2
"""Faces that are seen: upwards, at the end of the width, at the end of the length."""

_ASIDE: Final = cos(pi / 6)
_DOWN: Final = 0.5
_TOLERANCE: Final = 1e-9
_MOST_CUTS: Final = 200
# Normal, and the two axes along each face.
_AXES: Final = ((2, 0, 1), (1, 0, 2), (0, 1, 2))


@dataclass(frozen=True, slots=True, eq=False)
class FilledCarton:
    """A carton and what lies in it, in the order of loading.

    Equal only to itself, so that drawings of it can be kept.

    Parameters
    ----------
    name : str
        Of the kind of carton.
    size : ndarray of float64, shape (3,)
        Length, width and height inside.
    corner, box_size : ndarray of float64, shape (boxes, 3)
        Least corner of each box, and its size as it lies.
    skus : tuple of str
    given_size : ndarray of float64, shape (boxes, 3)
        Size of each as it is given, before it was turned.
    """

    name: str
    size: NDArray[np.float64]
    corner: NDArray[np.float64]
    box_size: NDArray[np.float64]
    skus: tuple[str, ...]
    given_size: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of boxes."""
        return len(self.skus)


@dataclass(frozen=True, slots=True)
class Face:
    """One face, or a piece of it.

    Parameters
    ----------
    box, side : int
        The side is `TOP`, `LEFT` or `RIGHT`.
    points : ndarray of float64, shape (4, 2)
        Corners, right and downwards.
    edges : ndarray of float64, shape (edges, 2, 2)
        Those lines around it that are edges of the box.
    """

    box: int
    side: int
    points: NDArray[np.float64]
    edges: NDArray[np.float64]


def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places of points on the picture, right and downwards.

    Examples
    --------
    >>> project(np.array([[0.0, 0.0, 2.0], [2.0, 2.0, 0.0]])).tolist()
    [[0.0, -2.0], [0.0, 2.0]]
    """
    x, y, z = np.moveaxis(points, -1, 0)
    return np.stack([(x - y) * _ASIDE, (x + y) * _DOWN - z], axis=-1)


def faces_of(carton: FilledCarton) -> list[Face]:
    """Faces of all boxes from the back to the front.

    Parameters
    ----------
    carton : FilledCarton
    """
    low, high = carton.corner, carton.corner + carton.box_size
    faces: list[Face] = []
    for box, first, last in _from_the_back(low, high):
        for side, (normal, _, _) in enumerate(_AXES):
            if abs(last[normal] - high[box, normal]) <= _TOLERANCE:
                faces.append(_face(box, side, first, last, low[box], high[box]))
    return faces


_Piece = tuple[int, NDArray[np.float64], NDArray[np.float64]]


def _from_the_back(low: NDArray[np.float64], high: NDArray[np.float64]) -> list[_Piece]:
    """Boxes, or pieces of them, each after all that it may hide."""
    pieces: list[_Piece] = [(box, low[box], high[box]) for box in range(len(low))]
    drawn: list[_Piece] = []
    cuts = 0
    while pieces:
        hides = _hides(pieces)
        free = np.logical_not(hides.any(axis=1))
        if free.any():
            nearest = np.flatnonzero(free)
            drawn += [pieces[k] for k in nearest.tolist()]
            pieces = [piece for k, piece in enumerate(pieces) if not free[k]]
        elif cuts < _MOST_CUTS:
            # Three boxes may hide each other round about: then one is cut.
            cuts += 1
            pieces = _cut_one(pieces, hides)
        else:
            pieces.sort(key=lambda piece: float(piece[1].sum()))
            return drawn + pieces
    return drawn


def _hides(pieces: list[_Piece]) -> NDArray[np.bool_]:
    """Whether each piece, a row, may hide a part of each other, a column.

    It lies before the other along some axis, and behind it along none.
    """
    low = np.array([piece[1] for piece in pieces])
    high = np.array([piece[2] for piece in pieces])
    before = low[:, None] >= high[None, :] - _TOLERANCE
    some = before.any(axis=2)
    hides: NDArray[np.bool_] = some & ~some.T & _meet(low, high)
    return hides


def _meet(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the pictures of two boxes overlap: hexagons with the same sides."""
    spans = []
    for a, b in ((0, 1), (0, 2), (1, 2)):
        spans.append((low[:, a] - high[:, b], high[:, a] - low[:, b]))
    meet = np.ones((len(low), len(low)), np.bool_)
    for first, last in spans:
        meet &= first[:, None] < last[None, :] - _TOLERANCE
        meet &= first[None, :] < last[:, None] - _TOLERANCE
    return meet


def _cut_one(pieces: list[_Piece], hides: NDArray[np.bool_]) -> list[_Piece]:
    """Cut a piece of a circle at the sides of the next one of it."""
    seen, here = [], 0
    while here not in seen:
        seen.append(here)
        here = int(hides[here].argmax())
    for one in seen[seen.index(here) :]:
        other = int(hides[one].argmax())
        box, first, last = pieces[one]
        for axis in range(3):
            for at in (pieces[other][1][axis], pieces[other][2][axis]):
                if first[axis] + _TOLERANCE < at < last[axis] - _TOLERANCE:
                    middle_last, middle_first = last.copy(), first.copy()
                    middle_last[axis] = middle_first[axis] = at
                    parts = [(box, first, middle_last), (box, middle_first, last)]
                    return pieces[:one] + parts + pieces[one + 1 :]
    return sorted(pieces, key=lambda piece: float(piece[1].sum()))


def _face(
    box: int,
    side: int,
    first: NDArray[np.float64],
    last: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> Face:
    """One face of a piece; its lines are edges where they are on those of the box."""
    normal, one, other = _AXES[side]
    corners = np.empty((4, 3))
    corners[:, normal] = last[normal]
    corners[:, one] = first[one], last[one], last[one], first[one]
    corners[:, other] = first[other], first[other], last[other], last[other]
    points = project(corners)
    on_edge = (
        abs(first[other] - low[other]) <= _TOLERANCE,
        abs(last[one] - high[one]) <= _TOLERANCE,
        abs(last[other] - high[other]) <= _TOLERANCE,
        abs(first[one] - low[one]) <= _TOLERANCE,
    )
    lines = [[points[k], points[(k + 1) % 4]] for k in range(4) if on_edge[k]]
    return Face(box, side, points, np.array(lines).reshape(-1, 2, 2))


def carton_lines(
    size: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Edges of a carton: those behind all boxes, and those before them.

    Returns
    -------
    ndarray of float64, shape (9, 2, 2)
        Around the floor and the two walls behind.
    ndarray of float64, shape (3, 2, 2)
        From the corner nearest to the one who looks.
    """
    ends = []
    for axis in range(3):
        for fixed in np.ndindex(2, 2):
            point = np.insert(np.array(fixed, float), axis, 0.0)
            other = point.copy()
            other[axis] = 1.0
            ends.append((point, other))
    lines = [project(np.array(pair) * size) for pair in ends]
    near = [point.sum() == 2.0 for point, _ in ends]
    behind = [line for line, is_near in zip(lines, near, strict=True) if not is_near]
    before = [line for line, is_near in zip(lines, near, strict=True) if is_near]
    return np.array(behind), np.array(before)


def front_middle(size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where on the picture the front is named: the middle of its lower edge."""
    return project(np.array([0.5, 1.0, 0.0]) * size)


@dataclass(frozen=True, slots=True)
class Fit:
    """Brings a carton's picture into a space of a width and a height.

    Parameters
    ----------
    scale : float
    shift : ndarray of float64, shape (2,)
    """

    scale: float
    shift: NDArray[np.float64]

    @classmethod
    def into(
        cls, size: NDArray[np.float64], width: float, height: float, margin: float
    ) -> Self:
        """As large as it goes, in the middle.

        Parameters
        ----------
        size : ndarray of float64, shape (3,)
            Of the carton.
        width, height, margin : float
        """
        corners = project(np.array(list(np.ndindex(2, 2, 2))) * size)
        low, high = corners.min(axis=0), corners.max(axis=0)
        space = np.array([width, height])
        scale = float(((space - 2 * margin) / (high - low)).min())
        return cls(scale, space / 2 - scale * (low + high) / 2)

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places in the space."""
        moved: NDArray[np.float64] = points * self.scale + self.shift
        return moved
