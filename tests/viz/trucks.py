"""Trucks for plans that have none: each order in a carton, on the next in time."""

from dataclasses import replace

import numpy as np

from warehouse.consignment import (
    LOAD_DTYPE,
    PACKED_CARTON_DTYPE,
    PACKED_UNIT_DTYPE,
    Consignment,
)
from warehouse.cutoffs import transfer_s
from warehouse.plan import Plan
from warehouse.shipping import Catalogue, Door, PackingRules, Shipping, Units
from warehouse.trucks import Trucks

CARRIERS = ("road", "rail")


def with_trucks(plan: Plan, departs_s: tuple[float, ...], due: int = 1) -> Plan:
    """The plan with a truck of each carrier at each second; the first has no limit.

    Orders go with the carriers in turn, on the first truck that they reach. They are
    due with departure number ``due`` of theirs: those packed after it are late.
    """
    scenario, orders = plan.scenario, len(plan.scenario.orders)
    carrier = tuple(CARRIERS[order % 2] for order in range(orders))
    number, skus = 2 * len(departs_s), len(scenario.sku_names)
    no_flag = np.zeros(skus, bool)
    trucks = Trucks(
        CARRIERS * len(departs_s),
        ("D1",) * number,
        np.repeat(departs_s, 2).astype(float),
        np.where(np.arange(number) == 0, np.inf, 2.0),
        np.full(number, 50.0),
    )
    shipping = Shipping(
        Units(
            scenario.sku_names, np.full((skus, 3), 0.1), np.full(skus, 0.5),
            no_flag, no_flag.copy(),
        ),
        Catalogue(("S",), np.full((1, 3), 0.5), np.array([20.0]), np.ones(1)),
        PackingRules(transfer_s=5.0, walk_m_s=100.0),
        (Door("D1", int(scenario.stations[0].cell)),),
        trucks,
    )  # fmt: skip
    given = replace(
        scenario.orders,
        carrier=carrier,
        due_s=np.full(orders, float(departs_s[due])),
    )
    scenario = replace(scenario, orders=given, shipping=shipping)
    plan = replace(plan, scenario=scenario)
    return replace(plan, consignment=_consignment(plan, trucks))


def _consignment(plan: Plan, trucks: Trucks) -> Consignment:
    """A carton for each packed order, with one unit of its first line."""
    packing, orders = plan.packing, plan.scenario.orders
    walk_s, loads = transfer_s(plan.scenario), []
    for carton, row in enumerate(packing):
        ready_s = row["end_s"] + walk_s[row["station"]]
        fits = [
            truck
            for truck in range(len(trucks))
            if trucks.carrier[truck] == orders.carrier[row["order"]]
            and trucks.departs_s[truck] >= ready_s[truck]
        ]
        loads += [(carton, truck) for truck in fits[:1]]
    loads.sort(key=lambda load: load[1])
    first_sku = [
        int(orders.line_sku[np.argmax(orders.line_order == order)])
        for order in packing["order"]
    ]
    return Consignment(
        np.array([(order, 0) for order in packing["order"]], PACKED_CARTON_DTYPE),
        np.array(
            [(k, sku, 0, 0, 0, 100, 100, 100) for k, sku in enumerate(first_sku)],
            PACKED_UNIT_DTYPE,
        ),
        np.array([(*load, k) for k, load in enumerate(loads)], LOAD_DTYPE),
    )
