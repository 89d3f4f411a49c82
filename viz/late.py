"""Orders that are late in a plan, and why; looked for when first asked for."""

from functools import cached_property
from typing import Final

import numpy as np

from viz.orders_done import OrdersDone
from warehouse.lateness import LateCause, late_orders
from warehouse.plan import Plan

CAUSE_OF_ONE: Final = {
    LateCause.STOCK: "the stock does not cover it",
    LateCause.CARTON: "it goes into no carton",
    LateCause.PACKER: "nobody there can pack it",
    LateCause.ROBOT: "a robot brings it too late",
    LateCause.STATION: "it waits for a packer",
    LateCause.TRUCK: "its truck leaves too early or is full",
}
"""What each cause is, as it is told of one order."""


class LateOrders:
    """Late orders of one plan.

    Parameters
    ----------
    plan : Plan
    done : OrdersDone
    """

    def __init__(self, plan: Plan, done: OrdersDone) -> None:
        self._plan = plan
        self._done = done

    @cached_property
    def causes(self) -> dict[int, LateCause | None]:
        """Late orders with what made each late; None where nobody can tell.

        Where orders are not packed causes are not known, nor where robots of both kinds
        bring them.
        """
        scenario = self._plan.scenario
        if scenario.packs and not scenario.is_mixed:
            return {late.order: late.cause for late in late_orders(self._plan)}
        late = np.flatnonzero(self._done.late_s > 0)
        return dict.fromkeys(self._done.order[late].tolist())
