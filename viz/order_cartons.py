"""The filled cartons of a plan, order by order."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from viz.carton_view import FilledCarton
from warehouse.plan import Plan

_MM: Final = 1000.0
_PLACE: Final = ("x_mm", "y_mm", "z_mm")
_SIZE: Final = ("length_mm", "width_mm", "height_mm")


@dataclass(slots=True)
class OrderCartons:
    """Cartons of orders, made when they are first asked for and kept.

    Parameters
    ----------
    plan : Plan
        Without cartons no order has any.
    """

    plan: Plan
    _made: dict[int, tuple[FilledCarton, ...]] = field(default_factory=dict)

    def rows_of(self, order: int) -> list[int]:
        """Rows of the packed cartons of an order."""
        if self.plan.consignment is None:
            return []
        of_order = self.plan.consignment.cartons["order"]
        return np.flatnonzero(of_order == order).tolist()

    def of(self, order: int) -> tuple[FilledCarton, ...]:
        """Cartons of an order, in metres, in the order of packing."""
        if order not in self._made:
            self._made[order] = tuple(map(self._filled, self.rows_of(order)))
        return self._made[order]

    def _filled(self, row: int) -> FilledCarton:
        shipping, consignment = self.plan.scenario.shipping, self.plan.consignment
        assert shipping is not None and consignment is not None  # it has a row
        kind = int(consignment.cartons["carton"][row])
        units = consignment.units[consignment.units["carton"] == row]
        names = self.plan.scenario.sku_names
        return FilledCarton(
            shipping.catalogue.names[kind],
            shipping.catalogue.size_m[kind],
            np.stack([units[name] for name in _PLACE], axis=-1) / _MM,
            np.stack([units[name] for name in _SIZE], axis=-1) / _MM,
            tuple(names[sku] for sku in units["sku"].tolist()),
            shipping.units.size_m[units["sku"]],
        )
