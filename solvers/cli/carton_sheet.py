"""The orders of ``aislewise solve cartons`` as a sheet for who packs them."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from viz.pack_sheet import SheetOrder
    from warehouse.formats.cartons_csv import PackingOrders


def packed_orders(given: "PackingOrders", answer: dict[str, Any]) -> "list[SheetOrder]":
    """Return the orders of an answer as `viz.pack_sheet` takes them.

    Parameters
    ----------
    given : PackingOrders
    answer : dict
        Of `solvers.cli.pack_orders.pack_orders`.
    """
    from viz.carton_view import FilledCarton
    from viz.pack_sheet import SheetOrder

    sizes = dict(zip(given.units.names, given.units.size_m, strict=True))
    catalogue = given.catalogue
    inside = dict(zip(catalogue.names, catalogue.size_m, strict=True))

    def filled(carton: dict[str, Any]) -> FilledCarton:
        boxes = carton["boxes"]
        return FilledCarton(
            carton["carton"],
            inside[carton["carton"]],
            np.array([box["corner_m"] for box in boxes], float),
            np.array([box["size_m"] for box in boxes], float),
            tuple(box["sku"] for box in boxes),
            np.array([sizes[box["sku"]] for box in boxes], float),
        )

    return [
        SheetOrder(
            one["order"],
            tuple(filled(carton) for carton in one["cartons"]),
            left_out=tuple(one["left_out"]),
        )
        for one in answer["orders"]
    ]
