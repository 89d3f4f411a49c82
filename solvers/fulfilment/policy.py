"""Dispatch policies: the few numbers that decide which trip goes next, and where."""

from dataclasses import dataclass, replace

import numpy as np

from solvers.fulfilment.params import Objective


@dataclass(frozen=True, slots=True)
class Policy:
    """How the loop weighs trips and stations against each other.

    Parameters
    ----------
    slots : int
        Orders that may ride together, at most the robots' ``tote_slots``.
    long_first : float
        Seconds of approach that a second of trip length is worth when a robot
        chooses its next trip: long trips early leave short ones for an even end.
    starters : float
        Share of the fleet that begins with the shortest trips instead, so that
        packing begins early.
    queue_weight : float
        Seconds of travel that a second of waiting at a station is worth when the
        station of a trip is chosen.
    due_weight : float
        Seconds of approach that a second of slack before the due time is worth.
    """

    slots: int
    long_first: float = 0.05
    starters: float = 0.0
    queue_weight: float = 0.3
    due_weight: float = 0.0


def policies(objective: Objective, slots: int, count: int, seed: int) -> list[Policy]:
    """List policies to try, the most sensible first, then seeded variations of it.

    Parameters
    ----------
    objective : "throughput", "on-time" or "travel"
    slots : int
        Tote slots of the robots.
    count : int
        How many; at least 1.
    seed : int
    """
    if objective == "travel":
        first = Policy(slots, long_first=0.0, queue_weight=0.0)
        return [first]
    first = Policy(slots, due_weight=1.0 if objective == "on-time" else 0.0)
    rng = np.random.Generator(np.random.PCG64(seed))
    tried = [first]
    sizes = sorted({slots, max(1, (3 * slots) // 4), max(1, slots // 2)}, reverse=True)
    while len(tried) < count:
        tried.append(
            replace(
                first,
                slots=int(rng.choice(sizes)),
                long_first=float(rng.choice([0.0, 0.02, 0.05, 0.1, 0.2, 0.5])),
                starters=float(rng.choice([0.0, 0.1, 0.25, 0.5])),
                queue_weight=float(rng.choice([0.1, 0.3, 0.6, 1.0])),
            )
        )
    return tried
