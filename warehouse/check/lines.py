"""Order lines: every unit is served or named as unserved, for a true reason."""

import math

import numpy as np

from warehouse.check.rows import Tables
from warehouse.check.violation import Findings
from warehouse.plan import REASON_TEXT, Plan, UnservedReason
from warehouse.scenario import Scenario


def check_lines(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report lines that do not add up, and reasons that are not true."""
    orders = plan.scenario.orders
    ordered = orders.line_quantity.astype(np.int64)
    served, unserved = (np.zeros(orders.lines, np.int64) for _ in range(2))
    np.add.at(served, tables.picks.line, tables.picks.quantity)
    np.add.at(unserved, tables.unserved.line, tables.unserved.quantity)
    names = np.array([*plan.scenario.sku_names, ""], object)
    for rule, wrong, message in (
        (
            "line-exceeded",
            served > ordered,
            "order {name}, SKU {sku}: {served} units picked, {ordered} ordered",
        ),
        (
            "line-count",
            served + unserved != ordered,
            "order {name}, SKU {sku}: {served} units picked and {unserved} unserved, "
            "{ordered} ordered",
        ),
    ):
        findings.add(
            rule,
            message,
            order=orders.line_order[wrong],
            sku=names[orders.line_sku[wrong]],
            served=served[wrong],
            unserved=unserved[wrong],
            ordered=ordered[wrong],
        )
    _check_reasons(plan, tables, findings)
    _check_possible(plan.scenario, tables, findings)


def _check_reasons(plan: Plan, tables: Tables, findings: Findings) -> None:
    orders = plan.scenario.orders
    rows = tables.unserved
    order = orders.line_order[rows.line]
    lacking = rows.reason == UnservedReason.STOCK
    skus = len(plan.scenario.sku_names)
    shortage, claimed = np.zeros(skus, np.int64), np.zeros(skus, np.int64)
    np.add.at(shortage, orders.line_sku, orders.line_quantity)
    shortage -= plan.scenario.supply()
    np.add.at(claimed, orders.line_sku[rows.line[lacking]], rows.quantity[lacking])
    shortage = np.maximum(shortage, 0)
    excused = np.flatnonzero(claimed > shortage)
    findings.add(
        "stock-excuse",
        "SKU {sku}: {claimed} units unserved for lack of stock, {shortage} lacking",
        sku=np.array([*plan.scenario.sku_names, ""], object)[excused],
        claimed=claimed[excused],
        shortage=shortage[excused],
    )
    lacking |= rows.reason == UnservedReason.NO_CARTON
    short_orders = np.unique(order[lacking])
    held = rows.reason == UnservedReason.HELD
    wrong = np.unique(order[held & ~np.isin(order, short_orders)])
    findings.add(
        "held-excuse",
        "order {name} is held back, and no line of it lacks stock or a carton",
        order=wrong,
    )
    _check_mass_excuse(plan, tables, findings)


def _check_possible(scenario: Scenario, tables: Tables, findings: Findings) -> None:
    """Report reasons that no plan of such a site can have."""
    pods, people = scenario.pods, scenario.staff is not None
    filled = pods is not None and pods.replenishment is not None
    possible = {
        UnservedReason.HORIZON: pods is not None and pods.end_s < math.inf,
        UnservedReason.NO_ROOM: filled,
        UnservedReason.NO_CARTON: scenario.shipping is not None,
        UnservedReason.NO_PACKER: people,
        UnservedReason.SHIFT_OVER: people,
    }
    rows = tables.unserved
    for reason, can_be in possible.items():
        if can_be:
            continue
        findings.add(
            "impossible-reason",
            "order {name} is left, {reason}: this site knows nothing of that",
            order=np.unique(
                scenario.orders.line_order[rows.line[rows.reason == reason]]
            ),
            reason=REASON_TEXT[reason],
        )


def _check_mass_excuse(plan: Plan, tables: Tables, findings: Findings) -> None:
    scenario, rows = plan.scenario, tables.unserved
    orders = scenario.orders
    left = rows.line[rows.reason == UnservedReason.TOO_HEAVY]
    blamed = np.unique(orders.line_order[left])
    mass_kg = np.zeros(len(orders))
    if scenario.sku_mass_kg is not None:
        for line in np.flatnonzero(np.isin(orders.line_order, blamed)).tolist():
            unit_kg = scenario.sku_mass_kg[orders.line_sku[line]]
            mass_kg[orders.line_order[line]] += orders.line_quantity[line] * unit_kg
    light = blamed[mass_kg[blamed] <= scenario.fleet.max_mass_kg]
    findings.add(
        "mass-excuse",
        "order {name} is left as too heavy, with {mass:g} kg, and a robot may carry "
        "{most:g} kg",
        order=light,
        mass=mass_kg[light],
        most=scenario.fleet.max_mass_kg,
    )
