"""Where a box lies in a carton and how it is turned, in words for who packs it."""

from typing import Final

import numpy as np

from viz.carton_view import FilledCarton

_THIRDS: Final = ("left", "middle", "right"), ("back", "middle", "front")
_TOLERANCE: Final = 1e-6


def place_words(carton: FilledCarton, box: int) -> str:
    """Where a box lies, seen from the front, and on what.

    Parameters
    ----------
    carton : FilledCarton
    box : int

    Examples
    --------
    >>> one = np.array([[0.0, 0.0, 0.0]])
    >>> size = np.array([[1.0, 3.0, 1.0]])
    >>> carton = FilledCarton("S", np.array([3.0, 3.0, 1.0]), one, size, ("A",), size)
    >>> place_words(carton, 0)
    'left, on the bottom'
    """
    low, size = carton.corner[box], carton.box_size[box]
    words = [
        word
        for axis in (1, 0)
        if (word := _along(low[axis], size[axis], carton.size[axis], axis))
    ]
    if len(words) == 2 and words[0] == words[1]:
        words = words[:1]
    below = _below(carton, box)
    on = f"on {_listed(below)}" if below else "on the bottom"
    return ", ".join([" ".join(words), on] if words else [on])


def _along(low: float, size: float, whole: float, axis: int) -> str:
    """Word for a third of the carton; none where a box takes most of its length."""
    if size > 2 / 3 * whole:
        return ""
    third = min(2, int(3 * (low + size / 2) / whole))
    return _THIRDS[axis][third]


def _below(carton: FilledCarton, box: int) -> list[int]:
    """Numbers, from 1, of the boxes that a box comes to rest on.

    Where no support was asked for there may be air between them.
    """
    low, high = carton.corner, carton.corner + carton.box_size
    under = high[:, 2] <= low[box, 2] + _TOLERANCE
    under &= (low[:, :2] < high[box, :2] - _TOLERANCE).all(axis=1)
    under &= (high[:, :2] > low[box, :2] + _TOLERANCE).all(axis=1)
    top = high[:, 2].max(where=under, initial=0.0)
    return (np.flatnonzero(under & (high[:, 2] >= top - _TOLERANCE)) + 1).tolist()


def _listed(numbers: list[int]) -> str:
    words = [str(number) for number in numbers]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def turn_words(carton: FilledCarton, box: int) -> str:
    """How a box is turned from how it is given: upright, turned, on a side.

    Examples
    --------
    >>> corner, size = np.zeros((1, 3)), np.array([[1.0, 2.0, 3.0]])
    >>> given = np.array([[3.0, 2.0, 1.0]])
    >>> turn_words(FilledCarton("S", 4 * size[0], corner, size, ("A",), given), 0)
    'on its side'
    """
    given, lies = carton.given_size[box], carton.box_size[box]
    if np.abs(given - lies).max() <= _TOLERANCE:
        return "as it stands"
    if abs(given[2] - lies[2]) <= _TOLERANCE:
        return "turned a quarter"
    return "on its side"
