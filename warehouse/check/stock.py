"""Stock: units come from cells beside the robot that hold them."""

import numpy as np

from warehouse.check.rows import Tables
from warehouse.check.violation import Findings
from warehouse.plan import Plan


def check_stock(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report picks out of reach, of a SKU that is not there, or of too many units."""
    picks, scenario = tables.picks, plan.scenario
    width = scenario.layout.width
    rows = np.abs(picks.cell // width - picks.rack // width)
    cols = np.abs(picks.cell % width - picks.rack % width)
    far = rows + cols != 1
    findings.add(
        "pick-reach",
        "robot {robot} at {place} takes units from row {row}, col {col}: not beside it",
        robot=picks.robot[far],
        step=picks.start[far],
        cell=picks.cell[far],
        order=picks.order[far],
        row=picks.rack[far] // width,
        col=picks.rack[far] % width,
    )
    _check_quantities(plan, tables, findings)


def _check_quantities(plan: Plan, tables: Tables, findings: Findings) -> None:
    picks, stock = tables.picks, plan.scenario.stock
    cells = plan.scenario.layout.kinds.size
    taken_from = picks.sku * cells + picks.rack
    lies_at = stock.sku.astype(np.int64) * cells + stock.cell
    places, which = np.unique(
        np.concatenate([lies_at, taken_from]), return_inverse=True
    )
    stock_at, pick_at = which[: len(lies_at)], which[len(lies_at) :]
    held = np.zeros(len(places), np.int64)
    np.add.at(held, stock_at, stock.quantity)
    known = np.zeros(len(places), bool)
    known[stock_at] = True
    names = np.array([*plan.scenario.sku_names, ""], object)
    absent = ~known[pick_at]
    findings.add(
        "sku-not-there",
        "robot {robot} takes SKU {sku} from {place}, which holds none",
        robot=picks.robot[absent],
        step=picks.start[absent],
        cell=picks.rack[absent],
        order=picks.order[absent],
        sku=names[picks.sku[absent]],
    )
    # Follow each place through time: the pick that takes it below zero is reported.
    order = np.lexsort((picks.start, pick_at))
    at, quantity = pick_at[order], picks.quantity[order]
    taken = np.cumsum(quantity)
    new = np.flatnonzero(np.diff(at, prepend=-1))
    taken -= np.repeat((taken - quantity)[new], np.diff(np.append(new, len(at))))
    over = (taken > held[at]) & known[at]
    first = over & (taken - quantity <= held[at])
    total = np.bincount(pick_at, picks.quantity, len(places)).astype(np.int64)
    rows, at = order[first], at[first]
    findings.add(
        "stock-exceeded",
        "robot {robot} takes SKU {sku} from {place} below zero: {total} taken in all, "
        "{held} there",
        robot=picks.robot[rows],
        step=picks.start[rows],
        cell=picks.rack[rows],
        order=picks.order[rows],
        sku=names[picks.sku[rows]],
        total=total[at],
        held=held[at],
    )
