"""A bound for sites with both kinds of robots, whatever is brought by which."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.bounds.pods import filling_s, nearest_s
from solvers.mixed.bound_program import Costs, Program, Served
from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP, CellKind
from warehouse.plan import Bound
from warehouse.scenario import Scenario

MOST_RELEASES: Final = 4
"""Release times from which on the work is bounded by itself."""


def bound_of(
    scenario: Scenario, rack_picks: NDArray[np.void], pod_picks: NDArray[np.void]
) -> Bound:
    """Bound on the seconds that the units of a plan need, in any plan.

    Another plan may bring from pods what this one brings from racks, as far as the
    stock allows it. So a linear program chooses, order line by order line, and in
    fractions, what makes the most loaded of the following least: ``stations``, pickers
    and packers; ``robots``, those with pods and those with totes, with the charging
    that their work makes necessary; ``both``, all four. ``longest_order`` is the work
    of the people on one order, after its release. ``filling``, where pods are filled,
    is the work of putting into them what racks and pods do not hold at first.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    rack_picks : structured ndarray of `PICK_DTYPE`
    pod_picks : structured ndarray of `POD_PICK_DTYPE`
        They say what is served.
    """
    given = scenario.orders
    units = np.zeros(given.lines)
    for picks in (rack_picks, pod_picks):
        np.add.at(units, picks["line"], picks["quantity"])
    lines = np.flatnonzero(units)
    costs = _costs_of(scenario)
    parts = dict.fromkeys(("stations", "robots", "both"), 0.0)
    release_s = given.release_s[given.line_order[lines]]
    for release in _some(np.unique(release_s)):
        later = lines[release_s >= release]
        served = Served(later, units[later], release)
        for part, value in _least_loads(scenario, costs, served).items():
            parts[part] = max(parts[part], release + value)
    parts["longest_order"] = _longest_order(scenario, lines, units[lines])
    if scenario.replenishment is not None:
        of_sku = np.bincount(given.line_sku, units, len(scenario.sku_names))
        parts["filling"] = filling_s(scenario, scenario.replenishment, of_sku)
    return Bound(makespan_s=parts)


def _some(releases: NDArray[np.float64]) -> list[float]:
    """A few of the release times, the first and the last among them."""
    chosen = np.linspace(0, len(releases) - 1, min(MOST_RELEASES, len(releases)))
    return releases[chosen.astype(np.int64)].tolist()


def _costs_of(scenario: Scenario) -> Costs:
    """Measure a site on shortest ways, pods in nobody's way."""
    pods, stock = scenario.pods, scenario.stock
    assert pods is not None  # whoever calls has looked
    table = DistanceTable(Grid.from_layout(scenario.layout))
    docks = np.array([station.cell for station in scenario.stations], np.int32)
    begin = np.concatenate([docks, scenario.fleet.start_cells])
    to_dock = table.data[table.rows(docks)].min(0).astype(np.int64)
    ride = table.from_any(begin).astype(np.int64) + to_dock
    kinds = scenario.layout.kinds.ravel()
    rows = np.flatnonzero((kinds[stock.cell] == CellKind.RACK) & (stock.quantity > 0))
    steps = np.full(len(scenario.sku_names), np.inf)
    np.minimum.at(steps, stock.sku[rows], _beside(scenario, stock.cell[rows], ride))
    return Costs(nearest_s(scenario), steps * scenario.step_s)


def _beside(
    scenario: Scenario, racks: NDArray[np.int32], steps: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Least of some steps over the cells beside each rack; inf where there is none."""
    height, width = scenario.layout.kinds.shape
    row, col = np.divmod(racks.astype(np.int64), width)
    least = np.full(len(racks), np.inf)
    for r, c in zip(ROW_STEP, COL_STEP, strict=True):
        inside = (
            (row + r >= 0) & (row + r < height) & (col + c >= 0) & (col + c < width)
        )
        near = np.where(inside, (row + r) * width + col + c, 0)
        there = inside & (steps[near] < UNREACHABLE)
        least = np.where(there, np.minimum(least, steps[near]), least)
    return least


def _least_loads(scenario: Scenario, costs: Costs, served: Served) -> dict[str, float]:
    """Seconds in which people, robots and both can do the work that is served."""
    return {
        "stations": Program(scenario, costs, served, people=True).solve(),
        "robots": Program(scenario, costs, served, robots=True).solve(),
        "both": Program(scenario, costs, served, people=True, robots=True).solve(),
    }


def _longest_order(
    scenario: Scenario, lines: NDArray[np.int64], line_units: NDArray[np.float64]
) -> float:
    """Release and work of people on one order, its units divided as is best for it."""
    pods, given = scenario.pods, scenario.orders
    assert pods is not None  # whoever calls has looked
    of_pods, of_racks = pods.station_s_per_unit, scenario.service.pack_s_per_unit
    unit_s = of_pods * of_racks / (of_pods + of_racks) if of_pods + of_racks else 0.0
    units = np.bincount(given.line_order[lines], line_units, len(given))
    done_s = np.where(units > 0, given.release_s + units * unit_s, 0.0)
    return float(done_s.max(initial=0.0))
