"""Parameters of planning with pods."""

from dataclasses import dataclass
from typing import Final, Literal

from solvers.pods.arrays import (
    ANY_ORDER,
    ANY_POD,
    ANY_SPOT,
    BEST_RATE,
    FIRST_COME,
    JOINT,
    NEAREST_POD,
    NEAREST_SPOT,
    POD_MATCH,
)

Matching = Literal["nearest", "assignment"]
PodRules = Literal["joint", "pod-match", "first-come", "random"]
RULES: Final[dict[PodRules, tuple[int, int, int]]] = {
    "joint": (JOINT, BEST_RATE, NEAREST_SPOT),
    "pod-match": (POD_MATCH, NEAREST_POD, NEAREST_SPOT),
    "first-come": (FIRST_COME, NEAREST_POD, NEAREST_SPOT),
    "random": (ANY_ORDER, ANY_POD, ANY_SPOT),
}
"""How orders, pods and spots are chosen, by name."""


@dataclass(frozen=True, slots=True)
class PodParams:
    """Parameters of `plan_pods`.

    Parameters
    ----------
    rules : "joint", "pod-match", "first-come" or "random"
        Orders, pods and stations chosen together; or one of the simple rules.
    held : int
        Slots of a station that orders fill before a pod comes for them. The others
        are for orders that a pod serves whole, one after the other, or in part.
    work_s : float
        A station for which so many seconds of work are on their way gets no pod. More
        on large floors: as many as two usual drives to the nearest station.
    overhead_s : float
        Added to the time of a trip when trips are compared: more makes visits fewer
        and fuller.
    wait_weight : float
        Seconds of a trip that a second in the queue of a station counts as. It is more
        than one, as who waits takes the place of others.
    detour_rate : float
        Units for each second more that make a pod go on to another station.
    slot_worth : float
        Units that it is worth when an order no longer needs its slot.
    rare_worth : float
        Units that a line costs that an open order lacks and that one pod alone has;
        with more pods it is so much less.
    least_gain : float
        An order of which a pod has a part is opened where the units are worth more than
        this after the costs of what it lacks.
    robots : "nearest" or "assignment"
        A pod is fetched by the robot that is nearest when its trip is planned; or trips
        that have begun are matched again whenever a robot comes free or a trip begins.
    spots : "nearest" or "assignment"
        A pod returns to the free spot that is nearest, or to the one that `rules`
        name; or pods that leave stations are matched to free spots by how often they
        are wanted.
    scarce_worth : float
        Units that a unit counts more that one pod alone has; with more pods it is so
        much less.
    age_worth : float
        Units that a unit counts more when its order has waited as long as those did of
        which lines were picked of late; in proportion where it is longer or shorter.
    due_worth : float
        Units that a unit counts more when its order must be picked at once to be in
        time; in proportion to what is left of `solvers.pods.worth.DUE_WITHIN_S` before.
    fill_worth : float
        Units that a unit is worth that is put into a pod and that no order lacks; more
        the longer it waits. One that an order lacks counts in full.
    split_s : float, optional
        Lines of an order may be picked at several stations, and this many seconds for
        each but one go by until the order is together. In decisions they count as
        seconds of a trip do: `detour_rate` units each. None: an order is picked at one
        station.
    least_split : float
        Units that it costs at the least to split an order that could keep a slot for
        what it lacks: orders of which little is left are hard to serve.
    """

    rules: PodRules = "joint"
    held: int = 1
    work_s: float = 65.0
    overhead_s: float = 60.0
    wait_weight: float = 2.0
    detour_rate: float = 0.05
    slot_worth: float = 0.5
    rare_worth: float = 2.0
    least_gain: float = -0.5
    robots: Matching = "nearest"
    spots: Matching = "nearest"
    scarce_worth: float = 1.0
    age_worth: float = 0.2
    due_worth: float = 10.0
    fill_worth: float = 0.1
    split_s: float | None = None
    least_split: float = 1.0
