"""What was executed, written as a plan again: later, and valid all the same."""

import heapq
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import WarehouseError
from warehouse.execution.consigned import CartonChanges, sent_anew
from warehouse.execution.follow import Execution
from warehouse.execution.left_out import without_orders
from warehouse.execution.shifts import pack_in_shifts
from warehouse.plan import Plan


def executed_plan(plan: Plan, execution: Execution) -> Plan:
    """Plan with the times at which it was executed.

    Robots stand where they stood at every full step; stops begin and end when they
    did, rounded up to whole steps; packers take orders as `repack` says, and trucks
    what is at their doors as `sent_anew` says. Orders too late for the packers' shifts
    are left out, see `without_orders`.

    Parameters
    ----------
    plan : Plan
    execution : Execution
        Of the order of this very plan.

    Raises
    ------
    WarehouseError
        If the run did not come to its end.
    """
    if not execution.finished:
        found = f"the run with seed {execution.seed} did not come to its end"
        raise WarehouseError("E217", found, "allow more steps, or fewer delays")
    stops = retimed_stops(plan, execution)
    steps = max(plan.steps, int(stops["end"].max(initial=0)))
    cells, headings = execution.positions(steps)
    packing = repack(plan, stops)
    executed = {
        "ticks_per_step": execution.ticks_per_step,
        "seed": execution.seed,
        "planned_makespan_s": plan.makespan_s,
    }
    late = np.setdiff1d(plan.packing["order"], packing["order"])
    done = replace(
        plan,
        cells=cells,
        headings=headings,
        stops=stops,
        packing=packing,
        consignment=sent_anew(plan, packing),
        meta={**plan.meta, "executed": executed},
    )
    return without_orders(done, late)


def retimed_stops(plan: Plan, execution: Execution) -> NDArray[np.void]:
    """Stops of a plan with the steps at which they were made; -1 for never."""
    order, pace = execution.order, execution.ticks_per_step
    stops = plan.stops.copy()
    for row, stop in enumerate(plan.stops):
        start, end = int(stop["start"]), int(stop["end"])
        begin, close = order.first[stop["robot"]], order.first[stop["robot"] + 1]
        work = begin + np.searchsorted(order.step[begin:close], start)
        if end > start:
            since, until = execution.began[work], execution.done[work + end - start - 1]
        else:  # nothing to do: it is made as soon as the robot is there
            arrived = execution.done[work - 1] if work > begin else 0
            since = until = -1 if arrived < 0 else max(arrived, start * pace)
        made = since >= 0 and until >= 0
        stops["start"][row] = -(-since // pace) if made else -1
        stops["end"][row] = -(-until // pace) if made else -1
    return stops


def repack(plan: Plan, stops: NDArray[np.void]) -> NDArray[np.void]:
    """Packing table for stops that were made at other times.

    A packer who is free takes, among the orders that are complete, the one that the
    plan packs first; it takes as long as planned, but for changes of the kind of
    carton. Stops as planned give the packing as
    planned, unless packers of the plan stand idle beside complete orders. Packers with
    shifts keep to them, to their breaks and to their own orders. Orders that are not
    delivered in full, or too late for the shift, are left out.

    Parameters
    ----------
    plan : Plan
    stops : structured array of `STOP_DTYPE`
        Rows as in the plan; -1 as start and end of those never made.
    """
    end = stops["end"][plan.drops["stop"]].astype(np.int64)
    ready = np.zeros(len(plan.scenario.orders), np.int64)
    np.maximum.at(ready, plan.drops["order"], end)
    missing = np.unique(plan.drops["order"][end < 0])
    packing = plan.packing[~np.isin(plan.packing["order"], missing)]
    ready_s = ready[packing["order"]] * plan.scenario.step_s
    changes = CartonChanges(plan)
    if plan.scenario.staff is not None:
        return pack_in_shifts(packing, ready_s, plan.scenario.staff, changes)
    for station, given in enumerate(plan.scenario.stations):
        rows = np.flatnonzero(packing["station"] == station)
        _pack(packing, rows, ready_s, given.packers, changes)
    return packing


def _pack(
    packing: NDArray[np.void],
    rows: NDArray[np.intp],
    ready_s: NDArray[np.float64],
    packers: int,
    changes: CartonChanges,
) -> None:
    """Give new times to the rows of one station."""
    free_s = [0.0] * packers
    coming = rows[np.argsort(ready_s[rows], kind="stable")].tolist()
    coming.reverse()
    queue: list[tuple[float, int]] = []
    while coming or queue:
        now_s = min(free_s)
        if not queue:
            now_s = max(now_s, ready_s[coming[-1]])
        while coming and ready_s[coming[-1]] <= now_s:
            row = coming.pop()
            heapq.heappush(queue, (float(packing["start_s"][row]), row))
        planned_s, row = heapq.heappop(queue)
        packer = int(packing["packer"][row])
        if free_s[packer] > now_s:
            packer = free_s.index(min(free_s))
        start_s = max(float(ready_s[row]), free_s[packer])
        end_s = float(packing["end_s"][row])
        order, who = int(packing["order"][row]), (int(packing["station"][row]), packer)
        more_s = changes.more_s(order, who)
        changes.packed(order, who)
        if start_s != planned_s or more_s:
            end_s = start_s + (end_s - planned_s) + more_s
        free_s[packer] = end_s
        packing["packer"][row] = packer
        packing["start_s"][row], packing["end_s"][row] = start_s, end_s
