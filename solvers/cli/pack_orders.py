"""The orders of a folder in cartons: for ``aislewise solve cartons``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from solvers.cli.laid_boxes import boxes_of, refuse_violations
from solvers.cli.progress import Progress
from warehouse.errors import Fault

if TYPE_CHECKING:
    from solvers.packing.carton_problem import PackedCarton
    from solvers.packing.ordered import PackingOrder
    from solvers.result import Result
    from warehouse.formats.cartons_csv import PackingOrders

_MM = 1000.0


def pack_orders(
    folder: Path, support: float, limit_s: float, seed: int
) -> tuple["PackingOrders", dict[str, Any], list[str], list[Fault]]:
    """Pack the orders of a folder.

    Returns
    -------
    PackingOrders, dict, list of str, list of Fault
        What is given, the answer, the same in words, and what goes into no carton.
    """
    from solvers.interrupt import Interrupt
    from solvers.packing.many_orders import solve_many
    from solvers.packing.ordered import orders_to_pack
    from solvers.result import Stop
    from warehouse.formats.cartons_csv import read_packing_orders

    given = read_packing_orders(folder)
    orders = orders_to_pack(given, support)
    with Interrupt() as interrupt, Progress() as progress:
        stop = Stop(limit_s, interrupted=interrupt.wanted)
        results = solve_many(
            [order.problem for order in orders], stop, seed=seed, on_progress=progress
        )
    packed = [
        _facts(given, order, result, support)
        for order, result in zip(orders, results, strict=True)
    ]
    answer = {"support": support, "seed": seed, **_summary(packed), "orders": packed}
    faults = [fault for order in orders for fault in order.left_out]
    return given, answer, _lines(answer), faults


def _facts(
    given: "PackingOrders",
    order: "PackingOrder",
    result: "Result[tuple[PackedCarton, ...]]",
    support: float,
) -> dict[str, Any]:
    """What is reported of an order; one that breaks a rule is never reported."""
    from warehouse.check.cartons import GivenCarton, check_cartons
    from warehouse.check.load import WAYS, GivenBox, LaidBox

    boxes, cartons = order.problem.boxes, order.problem.cartons
    edges = [(a, b, c) for a, b, c in boxes.size.tolist()]
    units, solution = given.units, result.solution or ()
    kinds = [
        GivenBox(
            edges[kind],
            int(boxes.copies[kind]),
            frozenset(w for w in WAYS if w[2] == "Z" or not units.this_side_up[sku]),
            float(boxes.mass_kg[kind]),
            bool(units.fragile[sku]),
        )
        for kind, sku in enumerate(order.sku.tolist())
    ]
    rows = [(one.carton, boxes_of(one.load, edges)) for one in solution]
    catalogue = [
        GivenCarton(tuple(size), limit, cost)
        for size, limit, cost in zip(
            cartons.size.tolist(), cartons.max_mass_kg.tolist(), cartons.cost.tolist(),
            strict=True,
        )
    ]  # fmt: skip
    laid = [(carton, [LaidBox(*box) for box in inside]) for carton, inside in rows]
    refuse_violations(
        f"order {order.name}",
        check_cartons(kinds, catalogue, laid, result.objective, support=support),
    )
    names = [units.names[sku] for sku in order.sku.tolist()]
    return {
        "order": order.name,
        "status": result.status.value,
        "cost": round(result.objective, 6),
        "cost_bound": round(result.lower_bound, 6),
        "left_out": [fault.place for fault in order.left_out],
        "cartons": [
            {
                "carton": given.catalogue.names[carton],
                "boxes": [
                    {
                        "sku": names[kind],
                        "size_m": [edge / _MM for edge in size],
                        "corner_m": [edge / _MM for edge in corner],
                    }
                    for kind, size, corner in inside
                ],
            }
            for carton, inside in rows
        ],
    }


def _summary(packed: list[dict[str, Any]]) -> dict[str, Any]:
    cost = sum(one["cost"] for one in packed)
    bound = sum(one["cost_bound"] for one in packed)
    used: dict[str, int] = {}
    for one in packed:
        for carton in one["cartons"]:
            used[carton["carton"]] = used.get(carton["carton"], 0) + 1
    return {
        "packed": len(packed),
        "optimal": sum(one["status"] == "optimal" for one in packed),
        "cost": round(cost, 6),
        "cost_bound": round(bound, 6),
        "gap": round(cost / bound - 1, 6) if bound > 0 else None,
        "cartons_used": dict(sorted(used.items())),
    }


def _lines(answer: dict[str, Any]) -> list[str]:
    """Return the cartons as text: a line an order if they are few, and a summary."""
    lines = []
    if len(answer["orders"]) <= 20:
        for one in answer["orders"]:
            names = ", ".join(carton["carton"] for carton in one["cartons"])
            lines.append(
                f"order {one['order']}: {one['status']}, {names or 'no carton'}, "
                f"cost {one['cost']:.6g}"
            )
    used = ", ".join(f"{n} {name}" for name, n in answer["cartons_used"].items())
    gap = "" if answer["gap"] is None else f", gap {answer['gap']:.2%}"
    lines.append(
        f"{answer['packed']} orders, {answer['optimal']} proved optimal, cost "
        f"{answer['cost']:.6g}{gap}; cartons: {used or 'none'}"
    )
    return lines
