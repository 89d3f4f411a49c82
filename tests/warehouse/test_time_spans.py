"""Spans of time painted over tables, against writing them cell by cell."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from warehouse.time_spans import TimeSpans, joined

ROBOTS, ROWS = 3, 6
TIMES = st.integers(-3, 12)
SPAN = st.tuples(st.integers(0, ROBOTS - 1), TIMES, TIMES, st.integers(1, 9))


def spans(rows):
    robot, start, end, value = np.array(rows, np.int64).reshape(-1, 4).T
    return TimeSpans(robot, start, end, value)


def naive(rows, first):
    table = np.zeros((ROWS, ROBOTS), np.int64)
    for robot, start, end, value in rows:
        for t in range(start, end):
            if first <= t < first + ROWS:
                table[t - first, robot] = value
    return table


@given(st.lists(SPAN, max_size=8), st.lists(SPAN, max_size=4), st.integers(0, 7))
def test_later_spans_are_painted_over_others(rows, more, first):
    table = np.zeros((ROWS, ROBOTS), np.int64)
    joined([spans(rows), spans(more)]).paint(table, first)
    assert np.array_equal(table, naive(rows + more, first))
    for robot in range(ROBOTS):
        alone = np.zeros((ROWS, 1), np.int64)
        spans(rows + more).of_robot(robot).paint(alone, first)
        assert np.array_equal(alone[:, 0], table[:, robot])
