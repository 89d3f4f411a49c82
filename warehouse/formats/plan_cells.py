"""Columns of a plan's tables as people read them: names, rows and columns, seconds."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.formats.table import plain
from warehouse.plan import Plan


def rounded(value: float) -> str:
    """Three digits of a number at most; blank for infinity.

    Examples
    --------
    >>> rounded(2.0), rounded(1 / 3), rounded(float("inf"))
    ('2', '0.333', '')
    """
    return plain(round(value, 3))


def numbers_of(values: NDArray[np.floating]) -> list[str]:
    """Numbers of a column, rounded."""
    return [rounded(value) for value in values.tolist()]


def steps_in_s(plan: Plan, steps: NDArray[np.integer]) -> list[str]:
    """Timesteps in seconds, rounded."""
    return [rounded(step * plan.scenario.step_s) for step in steps.tolist()]


def places_of(plan: Plan, cells: NDArray[np.integer]) -> dict[str, Any]:
    """Columns ``row`` and ``col`` of cells."""
    row, col = np.divmod(cells, plan.scenario.layout.width)
    return {"row": row.tolist(), "col": col.tolist()}


def names_of(names: tuple[str, ...], index: NDArray[np.integer]) -> list[str]:
    """Names by index, blank for those below 0."""
    return [names[i] if i >= 0 else "" for i in index.tolist()]


def station_names(plan: Plan, index: NDArray[np.integer]) -> list[str]:
    """Names of stations by index, blank for those below 0."""
    return names_of(tuple(station.name for station in plan.scenario.stations), index)
