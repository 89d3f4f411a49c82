"""When and where orders come to packers: what packing is held against."""

from dataclasses import dataclass

import numpy as np

from warehouse.check.picking import units_wanted
from warehouse.check.pod_tables import PodTables
from warehouse.check.rows import Floats, Ints, Tables
from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class Handed:
    """Orders as they come to packers.

    Parameters
    ----------
    ready_s : ndarray of float64, shape (orders,)
        When all of each order is there; inf where some of it never is.
    order, station : ndarray of int64, shape (n,)
        Which order came where, in any order, and perhaps several times.
    """

    ready_s: Floats
    order: Ints
    station: Ints


def handed_by_totes(plan: Plan, tables: Tables) -> Handed:
    """Orders that robots with totes hand over; others are there from the start."""
    drops = tables.drops
    ready = np.zeros(len(plan.scenario.orders), np.int64)
    np.maximum.at(ready, drops.order, drops.end)
    ready_s = ready.astype(float) * plan.scenario.step_s
    return Handed(ready_s, drops.order, drops.station)


def handed_by_pickers(plan: Plan, rows: PodTables) -> Handed:
    """Orders that are picked from pods, and put together where they have parts."""
    picks, splits, n = rows.picks, rows.splits, len(plan.scenario.orders)
    units = np.zeros(n, np.int64)
    np.add.at(units, picks.order, picks.quantity)
    last_s = np.zeros(n)
    np.maximum.at(last_s, picks.order, picks.end_s)
    np.maximum.at(last_s, splits.order, splits.done_s)
    whole = (units > 0) & (units >= units_wanted(plan, rows))
    return Handed(np.where(whole, last_s, np.inf), picks.order, picks.station)
