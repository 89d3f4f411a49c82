"""Who is late when: models of delay for the simulation of a plan.

A model says for each tick which robots stand still whatever they are meant to do. A
step of the plan is one tick, or several where delays are shorter than a step.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import WarehouseError

BLOCK: Final = 256
"""Ticks that are drawn together."""

Mask = NDArray[np.bool_]


class DelayModel(Protocol):
    """What the simulation asks of a model of delay."""

    @property
    def ticks_per_step(self) -> int:
        """Ticks an action takes when nothing is late."""
        ...

    def blocks(self, robots: int, seed: int) -> Iterator[Mask]:
        """Whether each robot is late, in blocks of shape (ticks, robots), for ever."""
        ...


def _need(holds: bool, found: str, needed: str) -> None:
    if not holds:
        raise WarehouseError("E302", found, f"need {needed}")


@dataclass(frozen=True, slots=True)
class RandomDelays:
    """Each robot is late in each step with the same chance, independently.

    Parameters
    ----------
    share : float
        Chance from 0 to below 1.

    Examples
    --------
    >>> int(next(RandomDelays(0.0).blocks(robots=3, seed=0)).sum())
    0
    """

    share: float = 0.1

    def __post_init__(self) -> None:
        _need(0 <= self.share < 1, f"share is {self.share}", "0 or more, below 1")

    @property
    def ticks_per_step(self) -> int:
        """One: a robot is late for whole steps."""
        return 1

    def blocks(self, robots: int, seed: int) -> Iterator[Mask]:
        """Late robots of steps 0, 1, ..."""
        random = np.random.default_rng(seed)
        while True:
            yield random.random((BLOCK, robots), np.float32) < self.share


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """Some robots break down, once each, and stand for a while.

    Parameters
    ----------
    steps : int
        How long each stands.
    robots : int
        How many break down, drawn at random.
    within : int
        Each breaks down at a step from 0 to below this, drawn at random.

    Examples
    --------
    >>> late = next(Breakdowns(steps=5, robots=2, within=10).blocks(robots=9, seed=0))
    >>> sorted(late.sum(axis=0).tolist())
    [0, 0, 0, 0, 0, 0, 0, 5, 5]
    """

    steps: int
    robots: int = 1
    within: int = 1

    def __post_init__(self) -> None:
        _need(self.steps >= 0, f"steps is {self.steps}", "0 or more")
        _need(self.robots >= 0, f"robots is {self.robots}", "0 or more")
        _need(self.within >= 1, f"within is {self.within}", "1 or more")

    @property
    def ticks_per_step(self) -> int:
        """One: a robot is late for whole steps."""
        return 1

    def blocks(self, robots: int, seed: int) -> Iterator[Mask]:
        """Late robots of steps 0, 1, ..."""
        random = np.random.default_rng(seed)
        broken = random.permutation(robots)[: self.robots]
        since = np.full(robots, np.iinfo(np.int64).max // 2)
        since[broken] = random.integers(0, self.within, len(broken))
        first = 0
        while True:
            step = np.arange(first, first + BLOCK)[:, None]
            yield (step >= since) & (step < since + self.steps)
            first += BLOCK


@dataclass(frozen=True, slots=True)
class LorrDelays:
    """The delays of the League of Robot Runners, 2026.

    A step takes several ticks. In each tick robots that are not late become late, and
    stay so for a while, even in the middle of a drive. As in ``DelayGenerator.cpp`` of
    the start kit (github.com/MAPF-Competition/Start-Kit, 2026), with numpy's random
    numbers in place of C++'s: the same distributions, not the same draws. Names and
    defaults are those of ``delayConfig`` in its example with 400 robots.

    Not taken from there: the shapes of robots. The start kit drives squares, which must
    not overlap at any tick, and refuses rings; here a robot between two cells counts as
    on the first until it arrives, and one that follows is never ahead of the one in
    front of it, tick by tick.

    Parameters
    ----------
    p_delay : float
        Bernoulli: chance per robot and tick. Poisson: expected number of robots that
        become late in a tick, as a share of all.
    min_delay, max_delay : int
        Ticks that a delay lasts.
    event_model : "bernoulli" or "poisson"
    duration_model : "uniform" or "gaussian"
    gauss_mean_ratio, gauss_std_ratio : float
        Mean and deviation within ``min_delay .. max_delay``, as shares of that range.
    agent_counter : int
        Ticks of a step.

    Examples
    --------
    >>> LorrDelays.of_share(0.1, min_delay=1, max_delay=1).p_delay
    0.1
    """

    p_delay: float = 0.003
    min_delay: int = 1
    max_delay: int = 4
    event_model: Literal["bernoulli", "poisson"] = "bernoulli"
    duration_model: Literal["uniform", "gaussian"] = "uniform"
    gauss_mean_ratio: float = 0.5
    gauss_std_ratio: float = 0.22
    agent_counter: int = 3

    def __post_init__(self) -> None:
        _need(0 <= self.p_delay <= 1, f"p_delay is {self.p_delay}", "0 to 1")
        _need(self.min_delay >= 1, f"min_delay is {self.min_delay}", "1 or more")
        _need(
            self.max_delay >= self.min_delay,
            f"max_delay is {self.max_delay}",
            f"min_delay, {self.min_delay}, or more",
        )
        _need(
            0 <= self.gauss_mean_ratio <= 1,
            f"gauss_mean_ratio is {self.gauss_mean_ratio}",
            "0 to 1",
        )
        _need(
            self.gauss_std_ratio >= 0,
            f"gauss_std_ratio is {self.gauss_std_ratio}",
            "0 or more",
        )
        _need(
            self.agent_counter >= 1,
            f"agent_counter is {self.agent_counter}",
            "1 or more",
        )

    @classmethod
    def of_share(
        cls, share: float, *, min_delay: int = 1, max_delay: int = 4
    ) -> "LorrDelays":
        """Bernoulli delays of uniform length that take a share of all robots' time.

        A robot that is free turns late with chance p in a tick, for d ticks on average,
        so it is late for d / (d + (1 - p) / p) of the time.
        """
        _need(0 <= share < 1, f"share is {share}", "0 or more, below 1")
        mean = (min_delay + max_delay) / 2
        return cls(share / (share + mean * (1 - share)), min_delay, max_delay)

    @property
    def ticks_per_step(self) -> int:
        """Ticks of a step."""
        return self.agent_counter

    def blocks(self, robots: int, seed: int) -> Iterator[Mask]:
        """Late robots of ticks 0, 1, ..."""
        random = np.random.default_rng(seed)
        left = np.zeros(robots, np.int64)
        while True:
            late = np.empty((BLOCK, robots), np.bool_)
            for row in late:
                left -= left > 0
                hit = self._hit(np.flatnonzero(left == 0), robots, random)
                left[hit] = self._durations(len(hit), random)
                np.greater(left, 0, out=row)
            yield late

    def _hit(
        self, free: NDArray[np.intp], robots: int, random: np.random.Generator
    ) -> NDArray[np.intp]:
        if self.event_model == "bernoulli":
            return free[random.random(len(free)) < self.p_delay]
        number = min(random.poisson(robots * self.p_delay), len(free))
        return random.permutation(free)[:number]

    def _durations(self, n: int, random: np.random.Generator) -> NDArray[np.int64]:
        low, high = self.min_delay, self.max_delay
        if self.duration_model == "uniform":
            return random.integers(low, high, n, endpoint=True)
        span = high - low
        mean = low + span * self.gauss_mean_ratio
        drawn = random.normal(mean, span * self.gauss_std_ratio, n)
        return np.clip(np.rint(drawn), low, high).astype(np.int64)


@dataclass(frozen=True, slots=True)
class RecordedDelays:
    """Delays that were written down, as LoRR's result files of 2026 do.

    Parameters
    ----------
    intervals : tuple of tuple of (int, int)
        For each robot, ticks ``start .. end - 1`` in which it is late:
        ``delayIntervals`` of a result file.
    ticks_per_step : int
        ``agentMaxCounter`` of a result file.

    Examples
    --------
    A robot without an entry is never late; the seed does nothing.

    >>> late = next(RecordedDelays((((2, 4),),)).blocks(robots=2, seed=0))
    >>> late[:5].astype(int).T.tolist()
    [[0, 0, 1, 1, 0], [0, 0, 0, 0, 0]]
    """

    intervals: tuple[tuple[tuple[int, int], ...], ...]
    ticks_per_step: int = 1

    def __post_init__(self) -> None:
        _need(
            self.ticks_per_step >= 1,
            f"ticks_per_step is {self.ticks_per_step}",
            "1 or more",
        )

    def blocks(self, robots: int, seed: int) -> Iterator[Mask]:
        """Late robots of ticks 0, 1, ..."""
        first = 0
        while True:
            late = np.zeros((BLOCK, robots), np.bool_)
            for robot, intervals in enumerate(self.intervals[:robots]):
                for start, end in intervals:
                    if end > first and start < first + BLOCK:
                        late[max(0, start - first) : end - first, robot] = True
            yield late
            first += BLOCK
