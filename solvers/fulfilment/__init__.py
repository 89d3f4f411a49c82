"""The chain of all decisions as one loop with a clock."""

from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.planner import plan_scenario

__all__ = ["FulfilmentParams", "plan_scenario"]
