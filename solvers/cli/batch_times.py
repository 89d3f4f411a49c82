"""Due times in ``solve batch``: what is given beside a file, and what is reported."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from warehouse.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from solvers.batching.instances import PosedBatching
    from solvers.batching.timed_problem import TimedBatch, TimedBatchingProblem
    from solvers.result import Result
    from warehouse.formats.order_times_csv import OrderTimes

LATE_WEIGHT: Final = 10.0
"""Seconds of travel that a second of tardiness is worth, if nothing else is said."""


@dataclass(frozen=True, slots=True)
class TimedInstance:
    """An instance with the times of its orders, and who picks them.

    Parameters
    ----------
    posed : PosedBatching
    times : OrderTimes
    pickers : int
    speed : float
        Length in a second, in the unit of the file.
    setup_s : float
        Of each batch.
    late_weight : float
    """

    posed: "PosedBatching"
    times: "OrderTimes"
    pickers: int
    speed: float
    setup_s: float
    late_weight: float

    def problem(self) -> "TimedBatchingProblem":
        """Pose it to the solver, whose lengths may be scaled."""
        from solvers.batching.timed_problem import TimedBatchingProblem

        return TimedBatchingProblem(
            self.posed.problem,
            self.times.due_s,
            release_s=self.times.release_s,
            service_s=self.times.service_s,
            setup_s=self.setup_s,
            pickers=self.pickers,
            speed=self.speed * self.posed.scale,
            late_weight=self.late_weight,
        )

    def facts(self, result: "Result[list[TimedBatch]]") -> dict[str, Any]:
        """What is reported of a batching besides its lengths."""
        from solvers.batching.problem import Batch

        timed = result.solution or []
        late_s = _late_s(self.times, timed)
        plain = [Batch(one.orders, one.tour, one.length) for one in timed]
        batches = [
            {
                **reported,
                "picker": one.picker,
                "start_s": round(one.start_s, 6),
                "end_s": round(one.end_s, 6),
            }
            for one, reported in zip(timed, self.posed.reported(plain), strict=True)
        ]
        return {
            "length": round(sum(batch["length"] for batch in batches), 6),
            "objective_s": round(result.objective, 6),
            "lower_bound_s": round(result.lower_bound, 6),
            "gap": round(result.gap, 6) if result.lower_bound > 0 else None,
            "tardiness_s": round(sum(late_s), 6),
            "late_orders": len(late_s),
            "batches": batches,
        }

    def faults(self, facts: dict[str, Any]) -> list[str]:
        """What the independent checker has against the reported times."""
        from warehouse.check.batch_times import (
            FoundTimes,
            GivenTimes,
            check_batch_times,
        )

        given = zip(
            self.times.release_s.tolist(),
            self.times.due_s.tolist(),
            self.times.service_s.tolist(),
            strict=True,
        )
        names = self.posed.order_names
        orders: dict[Hashable, GivenTimes] = {
            name: GivenTimes(*times) for name, times in zip(names, given, strict=True)
        }
        found = [
            FoundTimes(
                tuple(b["orders"]), b["picker"], b["start_s"], b["end_s"], b["length"]
            )
            for b in facts["batches"]
        ]
        return check_batch_times(
            orders, self.pickers, self.speed, self.setup_s, found, facts["tardiness_s"]
        )


def read_timed(
    posed: "list[PosedBatching]",
    path: Path,
    *,
    pickers: int,
    speed: float,
    setup_s: float,
    late_weight: float,
) -> TimedInstance:
    """Read the times of the orders of the one instance given.

    Raises
    ------
    InputError
        E150, if there are several instances; the faults of the table.
    """
    from warehouse.formats.order_times_csv import read_order_times

    if len(posed) != 1:
        found = f"given for {len(posed)} instances"
        needed = "a table of due times is for one instance: name its file"
        raise InputError([Fault("E150", str(path), found, needed)])
    (one,) = posed
    first = one.order_names[0] if one.order_names else 0
    times = read_order_times(path, len(one.order_names), first)
    return TimedInstance(one, times, pickers, speed, setup_s, late_weight)


def _late_s(times: "OrderTimes", timed: "list[TimedBatch]") -> list[float]:
    """By how much each order is late that is."""
    late_s = [
        batch.end_s - float(times.due_s[order])
        for batch in timed
        for order in batch.orders
    ]
    return [late for late in late_s if late > 1e-9]
