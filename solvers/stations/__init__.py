"""At which station each job is packed: flow, local search and CP-SAT with OR-Tools."""

from solvers.stations.problem import StationChoice, StationParams, StationProblem
from solvers.stations.solve import solve

__all__ = ["StationChoice", "StationParams", "StationProblem", "solve"]
