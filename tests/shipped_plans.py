"""A small plan with cartons and trucks, made by hand from `tests.plans.small_plan`."""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from tests.plans import fresh, small_plan
from warehouse.consignment import (
    LOAD_DTYPE,
    PACKED_CARTON_DTYPE,
    PACKED_UNIT_DTYPE,
    Consignment,
)
from warehouse.cutoffs import transfer_s
from warehouse.layout import CellKind
from warehouse.plan import Plan
from warehouse.scenario import Scenario
from warehouse.shipping import Catalogue, Door, PackingRules, Shipping, Units
from warehouse.trucks import Trucks

EDGE_M = 0.1
CATALOGUE = Catalogue(
    ("small", "large"),
    np.array([[0.1, 0.1, 0.5], [0.2, 0.1, 1.0]]),
    np.array([5.0, 10.0]),
    np.array([1.0, 3.0]),
)
SECOND_S = 4000.0


def shipped_scenario(scenario: Scenario) -> Scenario:
    """The scenario with cubes of 10 cm, two cartons, and two departures of one door."""
    skus, layout = len(scenario.sku_names), scenario.layout
    kinds = layout.kinds.copy()
    kinds[0, 5] = CellKind.DOOR
    units = Units(
        scenario.sku_names,
        np.full((skus, 3), EDGE_M),
        np.full(skus, 0.5),
        np.zeros(skus, bool),
        np.zeros(skus, bool),
    )
    trucks = Trucks(
        ("road", "road", "rail"),
        ("D1", "D1", "D1"),
        np.array([2000.0, SECOND_S, SECOND_S]),
        np.array([1.0, 1.0, 1.0]),
        np.array([20.0, 20.0, 20.0]),
    )
    carriers = ["road"] * len(scenario.orders)
    carriers[1] = ""
    orders = scenario.orders
    due_s = np.where(np.isfinite(orders.due_s), SECOND_S, np.inf)
    return replace(
        scenario,
        layout=replace(layout, kinds=kinds, exits=layout.exits.copy()),
        orders=replace(orders, due_s=due_s, carrier=tuple(carriers)),
        shipping=Shipping(
            units,
            CATALOGUE,
            PackingRules(s_per_carton=5.0, setup_s=7.0, transfer_s=10.0),
            (Door("D1", 5),),
            trucks,
        ),
    )


def shipped_plan() -> Plan:
    """A plan in which every rule of cartons and trucks is kept.

    The units of an order are stacked in one small carton, which holds five, and
    packers take as much longer as the cartons do.
    """
    plan = fresh(small_plan("omni"))
    scenario = shipped_scenario(plan.scenario)
    units: dict[int, list[int]] = defaultdict(list)
    orders = scenario.orders
    for pick in plan.picks:
        line = int(pick["line"])
        sku = int(orders.line_sku[line])
        units[int(orders.line_order[line])] += [sku] * int(pick["quantity"])
    packed = sorted(units)
    edge = round(EDGE_M * 1000)
    rows = [
        (carton, sku, 0, 0, level * edge, edge, edge, edge)
        for carton, order in enumerate(packed)
        for level, sku in enumerate(sorted(units[order]))
    ]
    packing = plan.packing.copy()
    _stretch(packing, scenario)
    loads = _loads(scenario, packing, packed)
    consignment = Consignment(
        np.array([(order, 0) for order in packed], PACKED_CARTON_DTYPE),
        np.array(rows, PACKED_UNIT_DTYPE),
        loads,
    )
    return replace(plan, scenario=scenario, packing=packing, consignment=consignment)


def _stretch(packing: np.ndarray, scenario: Scenario) -> None:
    """Let packers begin later, so that each order has five seconds more."""
    more_s = scenario.shipping.rules.s_per_carton
    free_s: dict[tuple[int, int], float] = defaultdict(float)
    for row in np.argsort(packing["start_s"]).tolist():
        packer = int(packing["station"][row]), int(packing["packer"][row])
        length_s = packing["end_s"][row] - packing["start_s"][row] + more_s
        packing["start_s"][row] = max(packing["start_s"][row], free_s[packer])
        packing["end_s"][row] = packing["start_s"][row] + length_s
        free_s[packer] = float(packing["end_s"][row])


def _loads(scenario: Scenario, packing: np.ndarray, packed: list[int]) -> np.ndarray:
    """The second departure takes every carton that has a carrier."""
    walk_s = transfer_s(scenario)[:, 1]
    come_s = {
        int(row["order"]): float(row["end_s"] + walk_s[row["station"]])
        for row in packing
    }
    mine = [order for order in packed if scenario.orders.carrier[order]]
    mine.sort(key=lambda order: come_s[order])
    rows = [(packed.index(order), 1, k) for k, order in enumerate(mine)]
    return np.array(rows, LOAD_DTYPE)
