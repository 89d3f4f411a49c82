"""How late a plan becomes when robots are late: expected, and at worst."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.execution.consigned import sent_anew
from warehouse.execution.delays import DelayModel
from warehouse.execution.follow import Execution, execute
from warehouse.execution.passing_order import ActionKind, PassingOrder
from warehouse.execution.retime import repack, retimed_stops
from warehouse.lateness import lateness_of
from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class FollowReport:
    """Figures of several runs of one plan; one entry, or row, for each run.

    Parameters
    ----------
    seeds : tuple of int
    planned_makespan_s, planned_tardiness_s : float
    planned_late_orders : int
        Packed after they are due, or on no truck in time.
    makespan_s, tardiness_s : ndarray of float64, shape (runs,)
        inf where a run did not come to its end.
    delivered : ndarray of int64, shape (runs,)
    late : ndarray of bool, shape (runs, packed orders)
        Orders late in each run; rows of ``Plan.packing``.
    order_names : tuple of str
        Of these orders.
    orders : int
        To be delivered.
    robot_delay_s : ndarray of float64, shape (runs, robots)
        How much later than planned each robot ends.
    order_delay_s : ndarray of float64, shape (runs, packed orders)
        How much later than planned each order is packed; rows of ``Plan.packing``.
    drives, dependencies, rings, largest_ring : int
        Of the passing order: drives; those that depend on another robot; joint moves,
        and robots in the largest.
    """

    seeds: tuple[int, ...]
    planned_makespan_s: float
    planned_tardiness_s: float
    planned_late_orders: int
    makespan_s: NDArray[np.float64]
    tardiness_s: NDArray[np.float64]
    delivered: NDArray[np.int64]
    late: NDArray[np.bool_]
    order_names: tuple[str, ...]
    orders: int
    robot_delay_s: NDArray[np.float64]
    order_delay_s: NDArray[np.float64]
    drives: int
    dependencies: int
    rings: int
    largest_ring: int

    @property
    def all_delivered(self) -> bool:
        """Whether every order was delivered in every run."""
        return bool((self.delivered == self.orders).all())

    @property
    def late_orders(self) -> NDArray[np.int64]:
        """Number of late orders in each run."""
        return self.late.sum(axis=1)

    @property
    def late_runs(self) -> dict[str, int]:
        """In how many runs orders are late, by name, the most often late first."""
        times = self.late.sum(axis=0)
        most = np.argsort(-times, kind="stable")[: np.count_nonzero(times)].tolist()
        return {self.order_names[row]: int(times[row]) for row in most}

    @property
    def expected_makespan_s(self) -> float:
        """Mean over the runs."""
        return _mean(self.makespan_s)

    @property
    def worst_makespan_s(self) -> float:
        """Largest of the runs."""
        return float(self.makespan_s.max(initial=0.0))

    def to_dict(self) -> dict[str, Any]:
        """All figures as JSON can hold them: of robots and orders the mean and most."""
        return {
            "seeds": list(self.seeds),
            "orders": self.orders,
            "delivered": self.delivered.tolist(),
            "all_delivered": self.all_delivered,
            "makespan_s": {
                "planned": self.planned_makespan_s,
                **_summary(self.makespan_s),
                "runs": self.makespan_s.tolist(),
            },
            "tardiness_s": {
                "planned": self.planned_tardiness_s,
                **_summary(self.tardiness_s),
                "runs": self.tardiness_s.tolist(),
            },
            "late_orders": {
                "planned": self.planned_late_orders,
                **_summary(self.late_orders.astype(float)),
                "runs": self.late_orders.tolist(),
                "by_order": self.late_runs,
            },
            "robot_delay_s": _summary(self.robot_delay_s),
            "order_delay_s": _summary(self.order_delay_s),
            "passing_order": {
                "drives": self.drives,
                "dependencies": self.dependencies,
                "rings": self.rings,
                "largest_ring": self.largest_ring,
            },
        }


def follow_plan(
    plan: Plan,
    delays: DelayModel,
    *,
    runs: int = 10,
    seed: int = 0,
    keeps_times: bool = True,
    most_steps: int | None = None,
    on_run: Callable[[Execution], None] | None = None,
) -> FollowReport:
    """Execute a plan several times, with other delays each time.

    Parameters
    ----------
    plan : Plan
        Must keep `warehouse.check.check_structure`.
    delays : DelayModel
    runs, seed : int
        Runs have the seeds ``seed .. seed + runs - 1``.
    keeps_times : bool
        Whether no robot begins anything before its planned time.
    most_steps : int, optional
        As in `execute`.
    on_run : callable, optional
        Called with each `Execution` when it is done.

    Raises
    ------
    InputError
        E215, if robots of the plan collide; E218, if they carry pods.
    """
    order = PassingOrder.from_plan(plan, keeps_times=keeps_times)
    planned, packed = lateness_of(plan), plan.packing["order"]
    planned_end_s = plan.packing["end_s"]
    ends_s = np.full((runs, len(planned_end_s)), math.inf)
    # Until it is packed, whatever is due is late.
    due = np.isfinite(planned.due_s) | plan.scenario.orders.has_carrier[packed]
    late = np.repeat(due[None], runs, axis=0)
    finish = np.zeros((runs, order.robots))
    for run in range(runs):
        execution = execute(order, delays, seed=seed + run, most_steps=most_steps)
        stops = retimed_stops(plan, execution)
        packing = repack(plan, stops)
        rows = np.searchsorted(packed, packing["order"])
        ends_s[run, rows] = packing["end_s"]
        sent = replace(plan, packing=packing, consignment=sent_anew(plan, packing))
        late[run, rows] = lateness_of(sent).is_late
        finish[run] = execution.robot_delay
        if on_run is not None:
            on_run(execution)
    rings = order.ring_sizes
    return FollowReport(
        seeds=tuple(range(seed, seed + runs)),
        planned_makespan_s=plan.makespan_s,
        planned_tardiness_s=float(planned.late_s.sum()),
        planned_late_orders=int(planned.is_late.sum()),
        makespan_s=ends_s.max(axis=1, initial=0.0),
        tardiness_s=_late(ends_s, planned.due_s).sum(axis=1),
        delivered=np.isfinite(ends_s).sum(axis=1),
        late=late,
        order_names=tuple(plan.scenario.orders.names[row] for row in packed.tolist()),
        orders=len(planned_end_s),
        robot_delay_s=finish * plan.scenario.step_s,
        order_delay_s=ends_s - planned_end_s,
        drives=int((order.kind == ActionKind.DRIVE).sum()),
        dependencies=int((order.dependency >= 0).sum()),
        rings=len(rings),
        largest_ring=int(rings.max(initial=0)),
    )


def _late(
    end_s: NDArray[np.float64], due_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Lateness where there is any, free of the rounding of sums."""
    with np.errstate(invalid="ignore"):  # never delivered, and never due
        over_s = end_s - due_s
    late_s: NDArray[np.float64] = np.where(np.round(over_s, 6) > 0, over_s, 0.0)
    return late_s


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else 0.0


def _summary(values: NDArray[np.float64]) -> dict[str, float]:
    return {"expected": _mean(values), "worst": float(values.max(initial=0.0))}
