"""What every solver is given to stop by, and what it gives back."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

S = TypeVar("S")

ProgressCallback = Callable[[float, str], None]
"""Called with the share done (0 to 1) and a few words on what is being done."""


class Status(StrEnum):
    """What is known of the solution."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


class Termination(StrEnum):
    """Why the solver stopped."""

    PROVED = "proved"
    TIME_LIMIT = "time limit"
    ITERATION_LIMIT = "iteration limit"
    INTERRUPTED = "interrupted"
    CONVERGED = "converged"


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop: whichever comes first. None means no such limit.

    Parameters
    ----------
    time_limit_s : float, optional
        Wall-clock seconds.
    iterations : int, optional
        Iterations of the solver's main loop. With a seed and no time limit the
        result is the same every time.
    interrupted : callable
        Asked now and then; True ends the search with the best so far.
    """

    time_limit_s: float | None = None
    iterations: int | None = None
    interrupted: Callable[[], bool] = _never

    def deadline(self) -> float:
        """Moment on ``time.perf_counter`` at which time is up; inf without limit."""
        if self.time_limit_s is None:
            return float("inf")
        return time.perf_counter() + self.time_limit_s


class Chunks:
    """Moves of a search, a few at a time, until a stop ends it.

    Iterating gives the share done, of the moves or of the time, and how many moves
    come next.

    Parameters
    ----------
    stop : Stop
        Its time begins now; ``iterations`` counts moves.
    moves : int
        How many, where the stop sets no iteration limit.
    size : int
        Moves between two looks at the clock.

    Attributes
    ----------
    done : int
        Moves given out so far.
    termination : Termination
        Why it ended, when it has.

    Examples
    --------
    >>> chunks = Chunks(Stop(), moves=5, size=4)
    >>> list(chunks), chunks.termination
    ([(0.0, 4), (0.8, 1)], <Termination.ITERATION_LIMIT: 'iteration limit'>)
    """

    def __init__(self, stop: Stop, moves: int, size: int) -> None:
        self._began = time.perf_counter()
        self._deadline = stop.deadline()
        self._stop = stop
        self._moves = moves if stop.iterations is None else stop.iterations
        self._size = size
        self.done = 0
        self.termination = Termination.ITERATION_LIMIT

    def __iter__(self) -> Iterator[tuple[float, int]]:
        """Give the next moves while there are any, and time."""
        while self.done < self._moves:
            now = time.perf_counter()
            if now >= self._deadline:
                self.termination = Termination.TIME_LIMIT
                return
            if self._stop.interrupted():
                self.termination = Termination.INTERRUPTED
                return
            share = self.done / self._moves
            if self._deadline < float("inf"):
                time_share = (now - self._began) / (self._deadline - self._began)
                share = max(share, time_share)
            n = min(self._size, self._moves - self.done)
            self.done += n
            yield share, n


@dataclass(frozen=True, slots=True)
class Result(Generic[S]):
    """Outcome of a solver.

    Parameters
    ----------
    solution : S or None
        None when the status is infeasible or unknown.
    status : Status
    termination : Termination
    objective : float
        Value of the solution in the solver's own unit (see its docstring).
    lower_bound : float
        Valid for every solution; ``-inf`` when none is known, or where the objective
        is maximised.
    runtime_s : float
    seed : int
    solver : str
        Name of the method.
    statistics : dict
    upper_bound : float
        The same for an objective that is maximised; else, or when unknown, ``inf``.
    maximised : bool
        Whether a larger objective is better. Nearly everywhere a smaller one is.

    Examples
    --------
    >>> result = Result(
    ...     None, Status.FEASIBLE, Termination.TIME_LIMIT, 4.0, float("-inf"), 1.0, 0,
    ...     "waves", upper_bound=5.0, maximised=True)
    >>> result.bound, result.gap
    (5.0, 0.2)
    """

    solution: S | None
    status: Status
    termination: Termination
    objective: float
    lower_bound: float
    runtime_s: float
    seed: int
    solver: str
    statistics: dict[str, Any] = field(default_factory=dict)
    upper_bound: float = float("inf")
    maximised: bool = False

    @property
    def bound(self) -> float:
        """What no solution is better than."""
        return self.upper_bound if self.maximised else self.lower_bound

    @property
    def gap(self) -> float:
        """Distance to the bound, as a share of the bound; inf when unknown."""
        if self.maximised:
            if self.objective >= self.upper_bound:
                return 0.0
            if not 0 < self.upper_bound < float("inf"):
                return float("inf")
            return (self.upper_bound - self.objective) / self.upper_bound
        if self.lower_bound <= 0:
            return 0.0 if self.objective <= self.lower_bound else float("inf")
        return (self.objective - self.lower_bound) / self.lower_bound

    def summary(self) -> str:
        """One line for people."""
        return (
            f"{self.solver}: {self.status}, objective {self.objective:g}, "
            f"bound {self.bound:g}, gap {self.gap:.1%}, "
            f"{self.runtime_s:.2f} s ({self.termination})"
        )

    def to_json(self) -> str:
        """All but the solution as JSON text."""
        return json.dumps(
            {
                "solver": self.solver,
                "status": self.status,
                "termination": self.termination,
                "objective": self.objective,
                "upper_bound" if self.maximised else "lower_bound": self.bound,
                "gap": self.gap,
                "runtime_s": self.runtime_s,
                "seed": self.seed,
                "statistics": self.statistics,
            }
        )
