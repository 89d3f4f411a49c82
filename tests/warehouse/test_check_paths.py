"""Bare motion and errands: every rule broken by itself, none where all is well."""

import numpy as np
import pytest

from warehouse.check.errands import ERRAND_RULES, check_errands
from warehouse.check.paths import PATH_RULES, check_paths
from warehouse.grid import Grid
from warehouse.layout import Layout

GRID = Grid.from_layout(Layout.from_rows(["....", ".##.", "...."]))
CELLS = np.array([[0, 2], [1, 2], [1, 3], [2, 7]])
TURNING = np.array([[0], [1], [1], [1]]), np.array([[1], [1], [2], [1]])
EVENTS = [("step", int), ("robot", int), ("task", int), ("done", int)]


def rules(cells=CELLS, headings=None, *, starts=None, goals=None, start_headings=None):
    starts = cells[0] if starts is None else np.array(starts)
    goals = cells[-1] if goals is None else np.array(goals)
    if start_headings is not None:
        start_headings = np.array(start_headings)
    found = check_paths(
        GRID, cells, headings, starts, goals, start_headings=start_headings
    )
    return {violation.rule for violation in found}


def changed(array, step, robot, value):
    other = array.copy()
    other[step, robot] = value
    return other


def test_good_motion_has_no_violation():
    assert rules() == set()
    assert rules(CELLS.astype(np.int32)) == set()
    assert rules(*TURNING, start_headings=[1]) == set()


BREAKS = {
    "array-shape": {"cells": CELLS.astype(float)},
    "off-grid": {"cells": changed(CELLS, 3, 1, 12)},
    "off-floor": {"cells": changed(CELLS, 3, 1, 6)},
    "start-cell": {"starts": [4, 2]},
    "illegal-move": {"cells": changed(CELLS, 3, 1, 10)},
    "heading-range": {"cells": TURNING[0], "headings": changed(TURNING[1], 2, 0, 260)},
    "half-turn": {"cells": TURNING[0], "headings": changed(TURNING[1], 2, 0, 3)},
    "turn-while-driving": {
        "cells": TURNING[0],
        "headings": changed(TURNING[1], 1, 0, 2),
    },
    "sideways-move": {"cells": TURNING[0], "headings": changed(TURNING[1], 0, 0, 2)},
    "vertex-conflict": {"cells": changed(CELLS, 2, 1, 1)},
    "edge-conflict": {"cells": np.array([[0, 1], [1, 0]])},
    "start-heading": {
        "cells": TURNING[0],
        "headings": TURNING[1],
        "start_headings": [0],
    },
    "goal-cell": {"goals": [2, 11]},
}


def test_every_rule_can_be_broken():
    assert set(BREAKS) == set(PATH_RULES)


@pytest.mark.parametrize("rule", BREAKS)
def test_broken_rule_is_found(rule):
    assert rule in rules(**BREAKS[rule])


@pytest.mark.parametrize("value", [-5, 2**31, 2**40, -(2**40)])
def test_numbers_too_wide_for_a_cell_are_off_the_grid(value):
    assert "off-grid" in rules(changed(CELLS.astype(np.int64), 3, 1, value))


@pytest.mark.parametrize(
    "wrong",
    [
        {"cells": CELLS[0]},
        {"cells": CELLS[:0], "starts": [0, 2], "goals": [0, 2]},
        {"headings": TURNING[1]},
        {"start_headings": [1, 1]},
        {"starts": [0]},
        {"goals": [0.5, 2]},
    ],
)
def test_arrays_of_another_shape_are_said_and_nothing_else(wrong):
    assert rules(**wrong) == {"array-shape"}


def errand_rules(*events, by_turns=False, release=(0, 0, 1, 0)):
    """Two robots; tasks 0: cells 1, 2; 1: cell 2; 2: cell 7; 3: cell 1."""
    found = check_errands(
        GRID,
        CELLS,
        np.array(list(events), EVENTS),
        np.array([1, 2, 2, 7, 1]),
        np.array([0, 2, 3, 4, 5]),
        np.array(release),
        by_turns=by_turns,
    )
    return {violation.rule for violation in found}


GOOD = [(1, 0, 0, 1), (3, 0, 0, 2), (0, 1, 1, 1), (3, 1, 2, 1)]


def test_good_errands_have_no_violation():
    assert errand_rules(*GOOD) == set()
    assert errand_rules(*GOOD[::-1]) == set()
    assert errand_rules() == set()


def test_a_task_may_begin_in_the_step_in_which_one_ends():
    assert errand_rules((1, 0, 0, 1), (3, 0, 0, 2), (3, 0, 1, 1)) == set()


@pytest.mark.parametrize(
    ("rule", "events"),
    [
        ("index-range", [(9, 0, 0, 1)]),
        ("index-range", [(1, 2, 0, 1)]),
        ("index-range", [(1, 0, 4, 1)]),
        ("errand-cell", [(0, 0, 0, 1)]),
        ("errand-order", [(3, 0, 0, 2)]),
        ("errand-order", [(0, 1, 1, 1), (1, 1, 1, 1)]),
        ("errand-order", [(0, 1, 1, 2)]),
        ("errand-robot", [(1, 0, 0, 1), (1, 1, 0, 2)]),
        ("errand-interleaved", [(1, 0, 0, 1), (2, 0, 3, 1), (3, 0, 0, 2)]),
    ],
)
def test_broken_errand_rule_is_found(rule, events):
    assert rule in ERRAND_RULES
    assert rule in errand_rules(*events)


def test_errand_before_its_task_is_known():
    assert errand_rules(*GOOD, release=(0, 0, 4, 0)) == {"errand-early"}


def test_tasks_by_turns():
    """Robots 0 and 1 must do tasks 0, 2 and 1, 3."""
    assert errand_rules(GOOD[0], GOOD[1], GOOD[2], by_turns=True) == set()
    assert errand_rules(*GOOD, by_turns=True) == {"errand-turn"}
