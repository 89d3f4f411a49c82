"""Which stock serves which order line: minimum-cost flow with OR-Tools."""

from solvers.allocation.problem import Allocation, AllocationProblem
from solvers.allocation.solve import Partial, solve

__all__ = ["Allocation", "AllocationProblem", "Partial", "solve"]
