"""Checks of the arrays that solvers are given."""

import numpy as np
import pytest

from solvers.arguments import (
    LARGEST,
    due_times,
    indices,
    keep,
    numbers,
    square_matrix,
    whole_numbers,
)
from solvers.batching.problem import BatchingProblem
from warehouse.errors import SolverError

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("check", "given", "text"),
    [
        (whole_numbers, [[1, 2]], "E301 got x of shape (1, 2); need (2,)"),
        (whole_numbers, 7, "E301 got x of shape (); need (2,)"),
        (whole_numbers, [[1], [2, 3]], "E301 got x of uneven rows"),
        (whole_numbers, [1.0, 2.0], "E301 got x of float64; need whole numbers"),
        (whole_numbers, [True, False], "E301 got x of bool; need whole numbers"),
        (whole_numbers, ["a", "b"], "E301 got x of <U1; need whole numbers"),
        (whole_numbers, [0, -1], "E302 got x -1; need 0 to 2147483647"),
        (whole_numbers, [2**40, 1], "E302 got x 1099511627776; need 0 to 2147483647"),
        (numbers, [1j, 0], "E301 got x of complex128; need numbers"),
        (numbers, [0.0, -0.5], "E302 got x -0.5; need a finite number, 0 or more"),
        (numbers, [0.0, INF], "E302 got x inf; need a finite number, 0 or more"),
        (due_times, [INF, -INF], "E302 got x -inf; need a number above -inf"),
        (due_times, [INF, NAN], "E302 got x nan; need a number above -inf"),
    ],
)
def test_bad_arrays_are_refused(check, given, text):
    with pytest.raises(SolverError) as caught:
        check("x", given, (2,))
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize("given", [[[0, 1]], [[]], [], 0])
def test_what_is_not_square_is_refused(given):
    with pytest.raises(SolverError, match="E301 got x of shape"):
        square_matrix("x", given)


@pytest.mark.parametrize("wrong", [-1, 3])
def test_indices_point_at_something(wrong):
    with pytest.raises(SolverError, match=f"E303 got x {wrong}; need 0 to 2"):
        indices("x", [0, wrong], (2,), 3)


@pytest.mark.parametrize(
    ("kept", "dtype"),
    [
        (lambda given: whole_numbers("x", given, (2,)), np.int32),
        (lambda given: whole_numbers("x", given, (2,), dtype=np.int64), np.int64),
        (lambda given: indices("x", given, (2,), 9), np.int32),
        (lambda given: numbers("x", given, (2,)), np.float64),
        (lambda given: due_times("x", given, (2,)), np.float64),
    ],
)
def test_what_is_kept_is_a_read_only_copy(kept, dtype):
    given = np.array([3, 4], dtype)
    copy = kept(given)
    given[:] = 0
    assert copy.tolist() == [3, 4]
    assert copy.dtype == dtype
    assert not copy.flags.writeable


def test_limits_themselves_are_allowed():
    assert whole_numbers("x", [0, LARGEST], (2,)).tolist() == [0, LARGEST]
    assert numbers("x", [-5.0], (1,), low=-INF).tolist() == [-5.0]
    assert whole_numbers("x", [], (0,)).dtype == np.int32, "an empty list is float64"


def test_keep_fills_a_frozen_dataclass():
    problem = BatchingProblem(np.zeros((2, 2), int), [0, 1], [1], 1)
    keep(problem, capacity=5)
    assert problem.capacity == 5


def batching(**changed):
    good = {
        "floor": np.ones((4, 4), np.int64),
        "order_start": [0, 2, 3],
        "order_place": [1, 3, 2],
        "capacity": 2,
    }
    return BatchingProblem(**{**good, **changed})


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("floor", np.ones((4, 3), np.int32), "E301"),
        ("floor", np.full((4, 4), -1), "E302"),
        ("order_start", [0, 3, 2], "E303"),
        ("order_start", [], "E303"),
        ("order_start", [1, 2, 3], "E303"),
        ("order_start", [0, 2, 4], "E303"),
        ("order_place", [1, 4, 2], "E303"),
        ("order_place", [1, 0, 2], "E303"),
        ("order_place", [1.0, 3.0, 2.0], "E301"),
        ("capacity", 0, "E302"),
    ],
)
def test_batching_problem_refuses_what_its_kernels_would_stumble_on(field, value, code):
    with pytest.raises(SolverError) as caught:
        batching(**{field: value})
    assert caught.value.code == code
