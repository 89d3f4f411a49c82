"""Following a plan when robots are late: the order of passing is kept, times are not.

`passing_order` turns paths or a plan into the graph of who passes a cell before whom,
`progress` keeps it while real robots drive, `delays` says who is late when, `follow`
simulates it, `retime` writes what was executed as a plan again, `report` sums it up.
"""

from warehouse.execution.delays import (
    Breakdowns,
    DelayModel,
    LorrDelays,
    RandomDelays,
    RecordedDelays,
)
from warehouse.execution.follow import Execution, execute
from warehouse.execution.passing_order import ActionKind, PassingOrder
from warehouse.execution.progress import Progress
from warehouse.execution.report import FollowReport, follow_plan
from warehouse.execution.retime import executed_plan

__all__ = [
    "ActionKind",
    "Breakdowns",
    "DelayModel",
    "Execution",
    "FollowReport",
    "LorrDelays",
    "PassingOrder",
    "Progress",
    "RandomDelays",
    "RecordedDelays",
    "execute",
    "executed_plan",
    "follow_plan",
]
