"""The state of a search for batches with due times: how it starts and ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.batching import annealing, kernels, timed_kernels
from solvers.batching.problem import Batch, BatchingProblem, batch_numbers
from solvers.batching.timed_problem import TimedBatchingProblem
from solvers.batching.tours import batches_of
from solvers.random_words import first_state
from solvers.result import Chunks, ProgressCallback, Stop
from solvers.routing.parallel_aisles import AisleProblem, tour_problem


@dataclass(frozen=True, slots=True)
class Setting:
    """What all searches of one call share.

    Parameters
    ----------
    problem : TimedBatchingProblem
    posed : BatchingProblem
        The same orders on a matrix of whole numbers.
    scale : int
        What lengths were multiplied with for it.
    times : timed_kernels.Times
    near : ndarray of int32, shape (orders, k)
        Orders that each order may join; -1 where fewer.
    """

    problem: TimedBatchingProblem
    posed: BatchingProblem
    scale: int
    times: timed_kernels.Times
    near: NDArray[np.int32]


def pose(
    problem: TimedBatchingProblem, neighbours: int, due_neighbours: int, stop: Stop
) -> Setting:
    """Pose a problem for kernels.

    Parameters
    ----------
    problem : TimedBatchingProblem
    neighbours, due_neighbours : int
        Orders near in place, and in due time, that each order may join.
    stop : Stop
        Of looking for those near in place.
    """
    posed, scale = problem.batching, 1
    if isinstance(posed.floor, AisleProblem):
        floor, scale = tour_problem(posed.floor)
        posed = BatchingProblem(
            floor.distance,
            posed.order_start,
            posed.order_place,
            posed.capacity,
            posed.load,
        )
    count = posed.orders
    near = annealing.near_orders(posed, min(neighbours, count), stop)
    times = timed_kernels.Times(
        np.array(problem.due_s),
        np.array(problem.release_s),
        np.array(problem.service_s),
        problem.setup_s,
        1.0 / (problem.speed * scale),
        problem.late_weight,
    )
    beside = _due_beside(problem.due_s, due_neighbours // 2)
    return Setting(problem, posed, scale, times, np.concatenate([near, beside], axis=1))


def _due_beside(due_s: NDArray[np.float64], reach: int) -> NDArray[np.int32]:
    """Orders that are due just before and after each order; -1 where fewer."""
    count = len(due_s)
    ranked = np.argsort(due_s, kind="stable")
    beside = np.full((count, 2 * reach), -1, np.int32)
    for column, step in enumerate([*range(-reach, 0), *range(1, reach + 1)]):
        at = np.arange(count) + step
        inside = (at >= 0) & (at < count)
        beside[ranked[inside], column] = ranked[at[inside]]
    beside[np.isinf(due_s)] = -1
    return beside


class AnnealedQueue:
    """Batches in a queue for pickers, while they are changed, and the best so far.

    Parameters
    ----------
    setting : Setting
    batch_of : ndarray of int32, shape (orders,)
        Batch number of each order. The queue is by due time.

    Attributes
    ----------
    least : float
        Value of the best, in the seconds of `value_s`.
    best : list of Batch
        In the order of the queue; costs are those of ``setting.posed``.
    """

    def __init__(self, setting: Setting, batch_of: NDArray[np.int32]) -> None:
        self.setting = setting
        posed = setting.posed
        # Where orders are late there are many small batches, one a picker or more.
        most = int(batch_of.max()) + 2 + setting.problem.pickers
        self.batches = kernels.empty_batches(
            posed.order_start, posed.loads(), batch_of, spare=most
        )
        places = annealing.order_places(posed)
        kernels.build(posed.floor, places, posed.load, self.batches)
        count = len(self.batches.size)
        self.queue = timed_kernels.Queue(
            np.arange(count, dtype=np.int32),
            np.zeros(count),
            np.zeros(count),
            np.zeros(count),
            np.zeros(setting.problem.pickers),
            np.zeros(2),
        )
        self._weigh()
        self.queue.batch[:] = np.lexsort((self.queue.ready, self.queue.soonest))
        self._weigh()
        self.least, self.best = float("inf"), list[Batch]()
        self._note()

    def batch_of(self) -> NDArray[np.int32]:
        """Batch number of each order in the best."""
        return batch_numbers(self.best, self.setting.posed.orders)

    def again(self) -> "AnnealedQueue":
        """Another search from the best."""
        return AnnealedQueue(self.setting, self.batch_of())

    def anneal(
        self,
        chunks: Chunks,
        heat: tuple[float, float],
        random: NDArray[np.uint64],
        on_progress: ProgressCallback | None,
    ) -> None:
        """Change the state, ever cooler, and remember the best.

        Parameters
        ----------
        chunks : Chunks
        heat : (float, float)
            The first temperature as a share of the value per order, the last as one of
            the travel per order.
        random : ndarray of uint64, shape (1,)
        on_progress : callable, optional
        """
        setting, posed = self.setting, self.setting.posed
        places, loads = annealing.order_places(posed), posed.loads()
        travel_s = setting.times.pace * float(self.batches.cost.sum())
        cool = heat[1] * max(1e-9, travel_s / posed.orders)
        warm = max(cool, heat[0] * float(self.queue.total[0]) / posed.orders)
        if posed.orders == 1:
            return
        for share, moves in chunks:
            self._weigh()  # sums of many changes drift
            timed_kernels.anneal_timed(
                posed.floor, places, setting.near, self.batches, loads, setting.times,
                self.queue, moves, warm * (cool / warm) ** share, random,
            )  # fmt: skip
            self._note()
            if on_progress is not None:
                late_s = float(self.queue.total[1])
                on_progress(share, f"{late_s:.0f} s late in all")

    def finish(self, shortest_tours: bool, moves: int) -> list[Batch]:
        """Return the best, in the order of the queue, with lengths as costs.

        Parameters
        ----------
        shortest_tours : bool
            Whether tours are made anew, as short as can be.
        moves : int
            Moves in the queue for each batch, with those lengths.
        """
        problem, scale = self.setting.problem, self.setting.scale
        batches = [Batch(b.orders, b.tour, b.cost / scale) for b in self.best]
        if not shortest_tours:
            return batches
        shortest = batches_of(problem.batching, self.batch_of())
        batches = [min(a, b, key=_cost) for a, b in zip(shortest, batches, strict=True)]
        state = self.again()
        for b, batch in enumerate(batches):
            state.batches.cost[b] = round(batch.cost * scale)
        # The queue of the best, then what is better for the new lengths.
        used = len(batches)
        state.queue.batch[:] = np.arange(len(state.queue.batch))
        state._weigh()
        if state.queue.total[1] > 0 and problem.late_weight > 0 and used > 1:
            random = first_state(0)
            timed_kernels.anneal_queue(
                state.batches, self.setting.times, state.queue, moves * used, random
            )
        return [batches[b] for b in state.queue.batch.tolist() if b < used]

    def _weigh(self) -> None:
        timed_kernels.weigh(self.batches, self.setting.times, self.queue)

    def _note(self) -> None:
        """Remember the state if it is the best met."""
        value = float(self.queue.total[0])
        if value >= self.least - 1e-9:
            return
        self.least = value
        used = np.flatnonzero(self.batches.size).tolist()
        by_number = dict(zip(used, annealing.solution_of(self.batches), strict=True))
        queue = [b for b in self.queue.batch.tolist() if b in by_number]
        self.best = [by_number[b] for b in queue]


def _cost(batch: Batch) -> float:
    return batch.cost
