"""Parameters of the fulfilment loop."""

from dataclasses import dataclass, field
from typing import Literal

from solvers.allocation.with_batches import BatchedAllocationParams
from solvers.batching.annealing import BatchingParams

Objective = Literal["throughput", "on-time", "travel"]
MotionMethod = Literal["reserved", "pibt"]
Partial = Literal["ship", "hold"]
Decisions = Literal["joint", "plain"]


@dataclass(frozen=True, slots=True)
class FulfilmentParams:
    """Parameters of `plan_scenario`.

    Parameters
    ----------
    objective : "throughput", "on-time" or "travel"
        Least makespan; least total tardiness, then makespan; least travel.
    partial : "ship" or "hold"
        Whether an order that the stock cannot cover is served as far as it goes,
        or held back whole.
    decisions : "joint" or "plain"
        How locations, batches and tours are decided: together, to drive little; or by
        the rules of thumb to compare with, see `plain`.
    allocation : BatchedAllocationParams
        Effort of choosing locations together with batches.
    batching : BatchingParams
        Effort of batching; the same number of moves for every policy tried.
    runs : int, optional
        Runs of the loop on a wave when neither a time nor an iteration limit is
        given; by default 8 to 48, more for fewer orders.
    motion : "reserved" or "pibt"
        How paths are found: each trip around all settled ones, or step by step.
    replanning : int
        Neighbourhoods of a few robots whose paths are planned again, each time that
        trips were given out; with reserved motion only, and on a wave not before some
        policies were tried without.
    """

    objective: Objective = "throughput"
    partial: Partial = "ship"
    decisions: Decisions = "joint"
    allocation: BatchedAllocationParams = field(default_factory=BatchedAllocationParams)
    batching: BatchingParams = field(default_factory=BatchingParams)
    runs: int | None = None
    motion: MotionMethod = "reserved"
    replanning: int = 8
