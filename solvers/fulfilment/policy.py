"""Dispatch policies: the few numbers that decide which trip goes next, and where."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from solvers.fulfilment.params import Objective

HURRIED: Final = 1
"""Number of the policy that begins with small trips; the last one is like it, and has
no others."""

KEPT: Final = 0.6
"""Share of a policy's numbers that stay when another one is drawn from it."""


@dataclass(frozen=True, slots=True)
class QueueWeights:
    """What queues at packing stations count when stations are chosen for orders.

    Parameters
    ----------
    usual : float
        Seconds of driving that a second is worth by which the orders of a trip are
        packed sooner.
    ending : float
        The same for the last fifth of the orders, when a queue that is longer than the
        others decides the end of all.
    tolerance : float
        How long a queue may be at little cost, as a share of the time that is left
        after the arrival: it can still be worked off.
    short : float
        What counts instead of the others for a queue within that.
    last : float
        What counts for a queue once no trip is left for any robot to take.
    """

    usual: float
    ending: float
    tolerance: float
    short: float
    last: float = 1.0


NO_QUEUES: Final = QueueWeights(0.0, 0.0, 0.0, 0.0, 0.0)
"""Only the way to a station counts."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the loop weighs trips and stations against each other.

    Parameters
    ----------
    slots : int
        Orders that may ride together, at most the robots' ``tote_slots``.
    least_slots : int
        When few trips are left they are cut smaller, down to this many orders, so
        that all robots come to an end together.
    long_first : float
        Seconds of approach that a second of trip length is worth when a robot
        chooses its next trip: long trips early leave short ones for an even end.
    mixed : float
        Share of the robots that take a short trip instead, as long as there are more
        trips than robots: deliveries then come spread over time, and packers who have
        waited for long trips are not too busy later.
    pack_first : float
        Seconds of approach that a second of packing work is worth: trips with much to
        pack early keep the stations busy all the time, not only at the end.
    starters : float
        Share of the fleet that begins with the shortest trips instead, so that
        packing begins early and robots do not all come back at once.
    starter_slots : int, optional
        Orders in each of these first trips, at most; None as in others. Small ones
        where packers are scarce: no station then waits for its first order.
    biggest_first : float
        Seconds of approach that a second is worth by which the largest order of a trip
        takes longer to pack than big orders do: it is packed in one piece, so it had
        better not be the last.
    queues : QueueWeights
        By which stations are chosen when a robot sets out.
    queues_again : QueueWeights
        By which they are chosen anew when it has picked all it is to pick: by then it
        is known what others bring before it.
    due_weight : float
        Seconds of approach that a second of slack before the due time is worth.
    tries : int
        Trips for which a robot that comes free looks for a way, where there are more
        trips than robots: it takes the one that others' paths hold up least.
    """

    slots: int
    least_slots: int = 1
    long_first: float = 0.05
    mixed: float = 0.0
    pack_first: float = 0.2
    starters: float = 0.5
    starter_slots: int | None = None
    biggest_first: float = 2.0
    queues: QueueWeights = QueueWeights(0.3, 0.6, 0.5, 0.1)
    queues_again: QueueWeights = QueueWeights(0.5, 0.6, 0.35, 0.1)
    due_weight: float = 0.0
    tries: int = 12


def policies(objective: Objective, slots: int, count: int) -> list[Policy]:
    """List policies to begin with, the most sensible first.

    Parameters
    ----------
    objective : "throughput", "on-time" or "travel"
    slots : int
        Tote slots of the robots.
    count : int
        How many at most; at least 1.
    """
    if objective == "travel":
        return [
            Policy(
                slots,
                least_slots=slots,
                long_first=0.0,
                pack_first=0.0,
                starters=0.0,
                biggest_first=0.0,
                queues=NO_QUEUES,
                queues_again=NO_QUEUES,
                tries=1,
            )
        ]
    half, middle, quarter = (max(1, slots * part // 8) for part in (4, 3, 2))
    plain = Policy(
        slots, least_slots=quarter, due_weight=1.0 if objective == "on-time" else 0.0
    )
    even = replace(
        plain,
        least_slots=middle,
        mixed=0.6,
        starters=0.15,
        starter_slots=half,
        queues=replace(plain.queues, usual=0.15),
    )
    hurry = replace(
        plain,
        starters=1.0,
        starter_slots=quarter,
        queues=replace(plain.queues, tolerance=0.0),
    )
    return [
        even,
        hurry,
        replace(plain, least_slots=middle, starters=0.7),
        replace(hurry, slots=half, least_slots=1),
    ][:count]


def vary(policy: Policy, rng: np.random.Generator) -> Policy:
    """Draw a policy for a whole run, like another one."""
    sizes = sorted({max(1, policy.slots * part // 8) for part in (2, 4, 6, 8)})
    slots = int(rng.choice(sizes))
    small = [None, max(1, slots // 4), max(1, slots // 2)][int(rng.integers(3))]
    return vary_end(replace(policy, slots=slots, starter_slots=small), rng)


def vary_little(policy: Policy, rng: np.random.Generator) -> Policy:
    """Draw a policy about as good as another one, with which a run goes otherwise."""
    mixed, long_first, usual, ending = rng.uniform(0.85, 1.15, 4).tolist()
    queues = policy.queues
    return replace(
        policy,
        mixed=mixed * policy.mixed,
        long_first=long_first * policy.long_first,
        queues=replace(
            queues, usual=usual * queues.usual, ending=ending * queues.ending
        ),
    )


def vary_end(policy: Policy, rng: np.random.Generator) -> Policy:
    """Draw a policy like another one, for trips of the same size."""
    small = sorted({max(1, policy.slots * part // 8) for part in (1, 2, 3)})
    drawn: dict[str, Any] = {
        "least_slots": int(rng.choice(small)),
        "pack_first": float(rng.choice([0.0, 0.2, 0.5, 1.0])),
        "long_first": float(rng.choice([0.0, 0.02, 0.05, 0.1, 0.2])),
        "starters": float(rng.choice([0.25, 0.5, 0.7, 1.0])),
    }
    of_queues: dict[str, Any] = {
        "usual": float(rng.choice([0.15, 0.2, 0.3, 0.4])),
        "ending": float(rng.choice([0.3, 0.45, 0.6, 0.8, 1.0])),
        "tolerance": float(rng.choice([0.0, 0.25, 0.5])),
    }
    queues = replace(policy.queues, **_some(of_queues, rng))
    return replace(policy, **_some(drawn, rng), queues=queues)


def _some(drawn: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A part of what was drawn: the other numbers of a policy are kept."""
    return {name: value for name, value in drawn.items() if rng.random() >= KEPT}
