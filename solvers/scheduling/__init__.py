"""Who packs what when at the stations: list schedules and CP-SAT with OR-Tools."""

from solvers.scheduling.problem import PackingProblem, PackingSchedule
from solvers.scheduling.solve import PackingParams, solve

__all__ = ["PackingParams", "PackingProblem", "PackingSchedule", "solve"]
