"""Who packs what when at the stations: list schedules and CP-SAT with OR-Tools.

What is exported here schedules orders that are at their station; `roster` also decides
the station, for packers with shifts, breaks and skills.
"""

from solvers.scheduling.problem import PackingProblem, PackingSchedule
from solvers.scheduling.solve import PackingParams, solve

__all__ = ["PackingParams", "PackingProblem", "PackingSchedule", "solve"]
