"""Which robot drives which trip: assignment and flow with OR-Tools."""

from solvers.assignment.problem import Assignment, AssignmentProblem
from solvers.assignment.solve import assign, assign_sparse, solve

__all__ = ["Assignment", "AssignmentProblem", "assign", "assign_sparse", "solve"]
