"""Orders that are late in a plan, and why; looked for when first asked for."""

from functools import cached_property
from typing import Final

from warehouse.lateness import LateCause, late_orders
from warehouse.plan import Plan

CAUSE_OF_ONE: Final = {
    LateCause.STOCK: "the stock does not cover it",
    LateCause.CARTON: "it goes into no carton",
    LateCause.PACKER: "nobody there can pack it",
    LateCause.POD: "its pod serves others first",
    LateCause.ROBOT: "a robot brings it too late",
    LateCause.STATION: "it waits for its station",
    LateCause.TRUCK: "its truck leaves too early or is full",
}
"""What each cause is, as it is told of one order."""


class LateOrders:
    """Late orders of one plan.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def causes(self) -> dict[int, LateCause]:
        """Late orders with what made each late."""
        return {late.order: late.cause for late in late_orders(self._plan)}
