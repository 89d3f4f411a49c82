"""What both kinds of robots did, as one plan."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.loop import Record
from solvers.fulfilment.record import PackedRecord
from solvers.fulfilment.site import Site
from solvers.mixed.bound import bound_of
from solvers.mixed.sides import Side
from solvers.mixed.tote_batteries import Stay
from solvers.pods.record import pod_work_of
from solvers.pods.simulate import Simulation
from solvers.scheduling.problem import PackingProblem
from warehouse.plan import CHARGE_DTYPE, UNSERVED_DTYPE, Plan, PodWork, UnservedReason
from warehouse.scenario import Scenario


class Ended(NamedTuple):
    """Why what was to come from racks, or from pods, and did not, is not served."""

    racks: UnservedReason
    pods: UnservedReason


class PackedBesidePods(PackedRecord):
    """A run of the loop, packed when the parts of orders that pods bring are there too.

    Parameters
    ----------
    site : Site
    record : Record
    seed : int
    picked_s : ndarray of float64, shape (orders,)
        When the last unit of each order was picked from a pod; 0 where none was.
    """

    def __init__(
        self, site: Site, record: Record, seed: int, picked_s: NDArray[np.float64]
    ) -> None:
        self._picked_s = picked_s
        super().__init__(site, record, "throughput", seed)

    def _packing_problem(self) -> PackingProblem:
        problem = super()._packing_problem()
        ready_s = np.maximum(problem.ready_s, self._picked_s[self.orders])
        return replace(problem, ready_s=ready_s)


def picked_work(pods: Side, simulation: Simulation) -> PodWork:
    """Work of the robots with pods, by numbers of robots, orders and lines of the site.

    Parameters
    ----------
    pods : Side
    simulation : Simulation
        Run to its end.
    """
    work = pod_work_of(pods.scenario, simulation)
    work.stops["robot"] = pods.robots[work.stops["robot"]]
    work.picks["line"] = pods.lines[work.picks["line"]]
    work.open_orders["order"] = pods.orders[work.open_orders["order"]]
    work.charges["robot"] = pods.robots[work.charges["robot"]]
    return work


def with_stays(
    work: PodWork, totes: Side, simulation: Simulation, stays: list[Stay]
) -> PodWork:
    """Add where robots with totes charge to the charging of those with pods."""
    robots, cell_of = totes.robots, simulation.ways.floor.cell_of
    rows = [
        (robots[s.robot], cell_of[s.vertex], s.start, s.end, s.start_wh, s.end_wh)
        for s in stays
    ]
    table = np.concatenate([work.charges, np.array(rows, CHARGE_DTYPE)])
    return replace(work, charges=table[np.lexsort((table["start"], table["robot"]))])


def to_plan(
    scenario: Scenario,
    shares: NDArray[np.void],
    late: NDArray[np.int64],
    totes: Side,
    packed: PackedRecord,
    work: PodWork,
    simulation: Simulation,
    meta: dict[str, Any],
    ended: Ended,
) -> Plan:
    """Put both sides together.

    Parameters
    ----------
    scenario : Scenario
    shares : structured ndarray of `SHARE_DTYPE`
    late : ndarray of int64, shape (lines,)
        Units that are in no share because the plan ended before they were known.
    totes : Side
    packed : PackedRecord
        What robots with totes did.
    work : PodWork
        What robots with pods did.
    simulation : Simulation
        Run to its end.
    meta : dict
    ended : Ended
    """
    stops, picks, drops = packed.tables()
    packing = packed.packing()
    left = [
        _left_on_racks(totes, packed, picks, ended.racks),
        _left_on_pods(shares, work, ended.pods),
        _left(late, ended.pods),
        _short(scenario, shares, late),
    ]
    stops["robot"] = totes.robots[stops["robot"]]
    picks["line"] = totes.lines[picks["line"]]
    for table in (drops, packing):
        table["order"] = totes.orders[table["order"]]
    columns = _columns(scenario, totes)
    return Plan(
        scenario=scenario,
        cells=np.ascontiguousarray(simulation.cells()[:, columns]),
        headings=np.ascontiguousarray(simulation.headings()[:, columns]),
        stops=stops[np.lexsort((stops["start"], stops["robot"]))],
        picks=picks,
        drops=drops,
        packing=packing,
        unserved=_merged(np.concatenate(left)),
        bound=bound_of(scenario, picks, work.picks),
        meta=meta,
        pod_work=work,
        shares=shares,
    )


def _columns(scenario: Scenario, totes: Side) -> NDArray[np.int64]:
    """Column of each robot in a simulation, where those with pods come first."""
    is_tote = np.zeros(len(scenario.fleet), bool)
    is_tote[totes.robots] = True
    columns = np.empty(len(is_tote), np.int64)
    columns[np.argsort(is_tote, kind="stable")] = np.arange(len(is_tote))
    return columns


def _left_on_racks(
    totes: Side, packed: PackedRecord, picks: NDArray[np.void], ended: UnservedReason
) -> NDArray[np.void]:
    """Units that robots with totes were to bring and did not."""
    served = np.bincount(
        picks["line"], picks["quantity"], totes.scenario.orders.lines
    ).astype(np.int64)
    left = packed.unserved(served)
    left["line"] = totes.lines[left["line"]]
    left["reason"][left["reason"] == UnservedReason.INTERRUPTED] = ended
    return left


def _left_on_pods(
    shares: NDArray[np.void], work: PodWork, ended: UnservedReason
) -> NDArray[np.void]:
    """Units that robots with pods were to bring and did not."""
    served = np.bincount(work.picks["line"], work.picks["quantity"], len(shares))
    return _left(shares["pods"] - served.astype(np.int64), ended)


def _short(
    scenario: Scenario, shares: NDArray[np.void], late: NDArray[np.int64]
) -> NDArray[np.void]:
    """Units that neither racks nor pods hold, or will."""
    missing = scenario.orders.line_quantity - late - shares["racks"] - shares["pods"]
    return _left(missing, UnservedReason.STOCK)


def _left(units: NDArray[np.int64], reason: UnservedReason) -> NDArray[np.void]:
    """Rows of order lines of which units are left, all for one reason."""
    lines = np.flatnonzero(units > 0)
    table = np.zeros(len(lines), UNSERVED_DTYPE)
    table["line"], table["quantity"], table["reason"] = lines, units[lines], reason
    return table


def _merged(left: NDArray[np.void]) -> NDArray[np.void]:
    """Rows of units that are not served, one for each line and reason."""
    key, row = np.unique(left[["line", "reason"]], return_inverse=True)
    table = np.zeros(len(key), UNSERVED_DTYPE)
    table["line"], table["reason"] = key["line"], key["reason"]
    np.add.at(table["quantity"], row, left["quantity"])
    return table
