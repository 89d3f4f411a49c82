"""Small batching problems with due times, and slow, obvious answers to them."""

import itertools

import numpy as np
from hypothesis import strategies as st

from solvers.batching.timed_problem import TimedBatchingProblem, tardiness_s
from tests.batching_problems import aisle_batching, faults_of, naive_cost
from tests.naive import partitions
from warehouse.check.batch_times import FoundTimes, GivenTimes, check_batch_times


def timed_batching(seed, orders, *, aisles=3, pickers=2, blocks=1, tight=1.0):
    """Orders in parallel aisles, some of them due, some released later."""
    rng = np.random.default_rng(seed)
    return TimedBatchingProblem(
        aisle_batching(seed, orders, aisles, blocks=blocks),
        np.where(rng.random(orders) < 0.2, np.inf, rng.integers(0, 60, orders) / tight),
        release_s=rng.integers(0, 20, orders) * (rng.random(orders) < 0.3),
        service_s=rng.integers(0, 5, orders),
        setup_s=float(rng.integers(0, 6)),
        pickers=pickers,
        speed=float(rng.choice([0.5, 1.0, 3.0])),
        late_weight=float(rng.choice([0.0, 0.5, 1.0, 10.0])),
    )


@st.composite
def timed_batchings(draw, most_orders=5):
    return timed_batching(
        draw(st.integers(0, 2**32)),
        draw(st.integers(0, most_orders)),
        aisles=draw(st.integers(1, 3)),
        pickers=draw(st.integers(1, 3)),
        blocks=draw(st.integers(1, 2)),
        tight=draw(st.sampled_from([0.5, 1.0, 4.0])),
    )


def least_value(problem):
    """Try every way to batch, to order the batches, and to give them to pickers."""
    batching = problem.batching
    least = np.inf if batching.orders else 0.0
    for batches in partitions(list(range(batching.orders)), batching.orders):
        loads = [batching.load[batch].sum(axis=0) for batch in batches]
        if any((load > batching.capacity).any() for load in loads):
            continue
        lengths = [naive_cost(batching, batch) for batch in batches]
        numbers = range(len(batches))
        for queue in itertools.permutations(numbers):
            for pickers in itertools.product(range(problem.pickers), repeat=len(queue)):
                late_s = _late_s(problem, batches, lengths, queue, pickers)
                value = sum(lengths) / problem.speed + problem.late_weight * late_s
                least = min(least, value)
    return least


def _late_s(problem, batches, lengths, queue, pickers):
    free_s = [0.0] * problem.pickers
    late_s = 0.0
    for b, picker in zip(queue, pickers, strict=True):
        members = list(batches[b])
        begin_s = max(free_s[picker], problem.release_s[members].max())
        needs_s = problem.setup_s + lengths[b] / problem.speed
        free_s[picker] = begin_s + needs_s + problem.service_s[members].sum()
        late_s += np.maximum(0, free_s[picker] - problem.due_s[members]).sum()
    return late_s


def timed_faults(problem, timed):
    """What is wrong with timed batches; empty if nothing."""

    class AsBatch:
        def __init__(self, batch):
            self.orders, self.tour, self.cost = batch.orders, batch.tour, batch.length

    given = zip(problem.release_s, problem.due_s, problem.service_s, strict=True)
    return faults_of(problem.batching, [AsBatch(batch) for batch in timed]) + (
        check_batch_times(
            {order: GivenTimes(*times) for order, times in enumerate(given)},
            problem.pickers,
            problem.speed,
            problem.setup_s,
            [
                FoundTimes(b.orders, b.picker, b.start_s, b.end_s, b.length)
                for b in timed
            ],
            tardiness_s(problem, timed),
        )
    )
