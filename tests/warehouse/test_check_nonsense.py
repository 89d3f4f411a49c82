"""The checker takes plans that make no sense, and finds what is wrong with them."""

import warnings
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans import fresh, small_plan
from warehouse.check import check_plan, check_structure
from warehouse.plan import STOP_DTYPE, Plan
from warehouse.scenario import Service, Station

TABLES = ("stops", "picks", "drops", "packing", "unserved")
EXTREMES = (-(2**31), -(10**6), -2, -1, 0, 1, 2, 5, 40, 10**6, 2**31 - 1)


def arrays_of(plan: Plan) -> list[np.ndarray]:
    """Every array of a plan that can be changed in place, column by column."""
    found = [plan.cells]
    if plan.headings is not None:
        found.append(plan.headings)
    for name in TABLES:
        table = getattr(plan, name)
        found += [table[column] for column in table.dtype.names]
    scenario = plan.scenario
    for owner in (scenario.layout, scenario.stock, scenario.orders, scenario.fleet):
        values = [getattr(owner, field.name) for field in fields(owner)]
        found += [value for value in values if isinstance(value, np.ndarray)]
    return found


def nonsense(dtype: np.dtype) -> st.SearchStrategy:
    if dtype.kind == "f":
        return st.floats(width=64)
    info = np.iinfo(dtype)
    extremes = [value for value in EXTREMES if info.min <= value <= info.max]
    return st.sampled_from(extremes) | st.integers(info.min, info.max)


@given(st.data())
def test_changed_entries_never_crash_the_checker(data):
    plan = fresh(small_plan(data.draw(st.sampled_from(["omni", "rotate"]))))
    columns = arrays_of(plan)
    for _ in range(data.draw(st.integers(1, 6))):
        column = data.draw(st.sampled_from(columns))
        place = data.draw(st.integers(0, column.size - 1))
        column.flat[place] = data.draw(nonsense(column.dtype))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = check_plan(plan)
        check_structure(plan)
    assert len({str(violation) for violation in found}) <= len(found)
    assert all(violation.message for violation in found)


@given(st.data())
def test_rows_lost_or_repeated_are_noticed(data):
    plan = small_plan(data.draw(st.sampled_from(["omni", "rotate"])))
    name = data.draw(st.sampled_from(TABLES))
    table = getattr(plan, name)
    rows = data.draw(st.lists(st.integers(0, len(table) - 1), max_size=12))
    found = check_plan(replace(plan, **{name: table[rows]}))
    # Any order of rows is a breach of row-order, so only the whole table is valid.
    assert (not found) == (rows == list(range(len(table))))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("size", [0, 3])
def test_tables_of_another_type_are_a_violation(name, size):
    strange = np.zeros(size, [("robot", "<i8")])
    found = check_plan(replace(small_plan(), **{name: strange}))
    assert "array-shape" in {violation.rule for violation in found}


@pytest.mark.parametrize(
    "cells",
    [
        np.zeros((0, 4), np.int32),
        np.zeros(4, np.int32),
        np.zeros((3, 4), np.int64),
        np.zeros((3, 4), np.float64),
        np.zeros((3, 5), np.int32),
        np.zeros((3, 4, 2), np.int32),
        np.int32(3) * np.ones((), np.int32),
    ],
)
def test_paths_of_another_shape_are_a_violation(cells):
    plan = replace(small_plan(), cells=cells)
    assert "array-shape" in {violation.rule for violation in check_plan(plan)}
    assert "array-shape" in {violation.rule for violation in check_structure(plan)}


@pytest.mark.parametrize("motion", ["omni", "rotate"])
@pytest.mark.parametrize("shape", [(3, 5), (0, 0), (54, 4), (7,), None])
def test_headings_of_another_shape_hide_no_collision(motion, shape):
    plan = fresh(small_plan(motion))
    plan.cells[7, 3] = plan.cells[7, 0]
    headings = None if shape is None else np.full(shape, 9, np.int64)
    rules = {v.rule for v in check_plan(replace(plan, headings=headings))}
    assert "vertex-conflict" in rules
    assert ("array-shape" in rules) == (motion == "rotate" or shape is not None)


@pytest.mark.parametrize(
    "part",
    [
        {"service": Service(pick_s_per_line=float("nan"))},
        {"service": Service(pack_s_per_unit=-1.0)},
        {"stations": (Station("a", 10**9),)},
        {"stations": (Station("a", 5, packers=-1),)},
        {"stations": (Station("a", 5, packers=10**30),)},
        {"sku_names": ()},
    ],
)
def test_a_scenario_that_makes_no_sense_is_a_violation(part):
    plan = small_plan()
    plan = replace(plan, scenario=replace(plan.scenario, **part))
    assert {violation.rule for violation in check_plan(plan)} == {"scenario"}


@pytest.mark.parametrize(
    "part",
    [
        {"tote_slots": 0},
        {"speed_m_s": 0.0},
        {"speed_m_s": float("nan")},
        {"speed_m_s": 1e300},
        {"motion": "hop"},
    ],
)
def test_a_fleet_that_makes_no_sense_is_a_violation(part):
    plan = small_plan()
    fleet = replace(plan.scenario.fleet, **part)
    plan = replace(plan, scenario=replace(plan.scenario, fleet=fleet))
    assert {violation.rule for violation in check_plan(plan)} == {"scenario"}


def test_no_stations_and_no_stops_left():
    plan = small_plan()
    plan = replace(
        plan,
        scenario=replace(plan.scenario, stations=()),
        stops=np.zeros(0, STOP_DTYPE),
    )
    rules = {violation.rule for violation in check_plan(plan)}
    assert {"index-range", "line-count"} <= rules
