"""Arguments of solvers: checked, read-only copies of the arrays that a caller gives.

A solver takes plain arrays, from anyone. What is wrong with them is said before a
kernel reads them: E301 for shape and type, E302 for a value out of range, E303 for an
index that points nowhere.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from warehouse.errors import SolverError

LARGEST: Final = 2**31 - 1
"""Largest whole number, where nothing else is said."""


def whole_numbers(
    name: str,
    given: ArrayLike,
    shape: tuple[int, ...],
    *,
    low: int = 0,
    high: int = LARGEST,
    dtype: DTypeLike = np.int32,
) -> NDArray[Any]:
    """Copy an array of whole numbers, read-only.

    Parameters
    ----------
    name : str
        What the caller knows it by.
    given : array_like of int
    shape : tuple of int
        The shape it needs; ``()`` for a single number.
    low, high : int
        Smallest and largest number allowed.
    dtype : numpy integer type
        Type of the copy; ``low`` and ``high`` fit into it.

    Raises
    ------
    SolverError
        E301 for another shape or type, E302 for a number out of range.

    Examples
    --------
    Whole numbers in a float are refused: they may have lost digits.

    >>> whole_numbers("units", [2.0], (1,))
    Traceback (most recent call last):
    warehouse.errors.SolverError: E301 got units of float64; need whole numbers
    """
    return _whole(name, given, shape, low, high, dtype, "E302")


def indices(
    name: str,
    given: ArrayLike,
    shape: tuple[int, ...],
    count: int,
    *,
    dtype: DTypeLike = np.int32,
) -> NDArray[Any]:
    """Copy an array of indices into ``count`` things, read-only.

    Raises
    ------
    SolverError
        E301 for another shape or type, E303 for an index that points nowhere.

    Examples
    --------
    >>> indices("station", [0, 2], (2,), 2)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E303 got station 2; need 0 to 1
    """
    return _whole(name, given, shape, 0, count - 1, dtype, "E303")


def numbers(
    name: str, given: ArrayLike, shape: tuple[int, ...], *, low: float = 0.0
) -> NDArray[np.float64]:
    """Copy an array of finite numbers not below ``low``, float64 and read-only.

    Raises
    ------
    SolverError
        E301 for another shape or type, E302 for a number too low or not finite.

    Examples
    --------
    >>> numbers("work_s", [float("nan")], (1,))
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got work_s nan; need a finite number, 0 or more
    """
    array = _numeric(name, given, shape)
    need = "a finite number" if low == -np.inf else f"a finite number, {low:g} or more"
    _refuse(name, array, ~(np.isfinite(array) & (array >= low)), need, "E302")
    return _frozen(array, np.float64)


def due_times(
    name: str, given: ArrayLike, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Copy an array of due times, float64 and read-only; inf stands for none.

    Raises
    ------
    SolverError
        E301 for another shape or type, E302 for nan or -inf.

    Examples
    --------
    What is overdue already is due before now, and that is allowed.

    >>> due_times("due_s", [-60.0, float("inf")], (2,))
    array([-60.,  inf])
    """
    array = _numeric(name, given, shape)
    _refuse(name, array, ~(array > -np.inf), "a number above -inf", "E302")
    return _frozen(array, np.float64)


def square_matrix(
    name: str, given: ArrayLike, *, high: int = LARGEST
) -> NDArray[np.int32]:
    """Copy a square matrix of whole numbers from 0 to ``high``, int32, read-only.

    Raises
    ------
    SolverError
        E301 if it is not square, is empty or holds other things than whole numbers;
        E302 for a number out of range.

    Examples
    --------
    >>> square_matrix("distance", [[0, 1, 2]])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E301 got distance of shape (1, 3); need a square
    """
    array = _array(name, given)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
        raise SolverError("E301", f"got {name} of shape {array.shape}", "need a square")
    return whole_numbers(name, array, array.shape, high=high)


def keep(problem: object, **fields: object) -> None:
    """Put checked fields into a frozen dataclass, in place of what was given."""
    for name, value in fields.items():
        object.__setattr__(problem, name, value)


def _whole(
    name: str,
    given: ArrayLike,
    shape: tuple[int, ...],
    low: int,
    high: int,
    dtype: DTypeLike,
    code: str,
) -> NDArray[Any]:
    array = _array(name, given)
    _check_shape(name, array, shape)
    if array.size and array.dtype.kind not in "iu":
        raise SolverError("E301", f"got {name} of {array.dtype}", "need whole numbers")
    _refuse(name, array, (array < low) | (array > high), f"{low} to {high}", code)
    return _frozen(array, dtype)


def _numeric(name: str, given: ArrayLike, shape: tuple[int, ...]) -> NDArray[Any]:
    array = _array(name, given)
    _check_shape(name, array, shape)
    if array.size and array.dtype.kind not in "iuf":
        raise SolverError("E301", f"got {name} of {array.dtype}", "need numbers")
    return array


def _array(name: str, given: ArrayLike) -> NDArray[Any]:
    try:
        return np.asarray(given)
    except ValueError as error:
        raise SolverError("E301", f"got {name} of uneven rows", str(error)) from error


def _check_shape(name: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        found = f"got {name} of shape {array.shape}"
        raise SolverError("E301", found, f"need {shape}")


def _refuse(
    name: str, array: NDArray[Any], bad: NDArray[np.bool_], need: str, code: str
) -> None:
    """Name the first bad entry, if there is one."""
    if bad.any():
        raise SolverError(code, f"got {name} {array[bad][0]}", f"need {need}")


def _frozen(array: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    copy = np.array(array, dtype)
    copy.flags.writeable = False
    return copy
