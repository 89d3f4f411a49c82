"""Load one container: beam search over blocks, wider with every pass.

Araya and Riff (2014), "A beam search approach to the container loading problem",
doi:10.1016/j.cor.2013.09.003. Changed: blocks are weighed otherwise (see
`choice_kernels`), and fills that end equally full from equal volumes count as one.
"""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import numbers, whole_numbers
from solvers.packing.blocks import BlockList, make_blocks
from solvers.packing.bounds import volume_bound
from solvers.packing.choice_kernels import grow, list_jobs, try_blocks
from solvers.packing.fill_state import (
    PLACED,
    VOLUME,
    Fill,
    Rules,
    new_fills,
    new_scratch,
    rules_to_try,
)
from solvers.packing.problem import MASS_TOLERANCE, NO_BOX, Boxes, Load, LoadProblem
from solvers.packing.space_kernels import empty
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError

_LOOK_S: Final = 0.02
"""So often the clock is looked at."""
_GROWTH: Final = 2**0.5
_NOISE: Final = 1e-3
"""How much the seed changes what a block is worth: ties are broken by it."""


@dataclass(frozen=True, slots=True)
class LoadParams:
    """Parameters of `solve`.

    Parameters
    ----------
    blocks : int
        Most blocks to choose from.
    slack : float
        Share of a space that may stay free beside a block that counts as touching.
    widest : int
        Largest width of the beam.
    trials : int
        Fills that are tried where neither a time nor an iteration limit is given.
    threads : int
        1 or 2; the result does not depend on it.
    """

    blocks: int = 3000
    slack: float = 0.04
    widest: int = 200
    trials: int = 1000
    threads: int = 2

    def __post_init__(self) -> None:
        whole_numbers("blocks", self.blocks, (), low=1, high=100_000)
        numbers("slack", self.slack, ())
        whole_numbers("widest", self.widest, (), low=1, high=1000)
        whole_numbers("trials", self.trials, (), low=1)
        whole_numbers("threads", self.threads, (), low=1, high=2)


def solve(
    problem: LoadProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: LoadParams = LoadParams(),
    initial: Load | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[Load]:
    """Load a container with as much volume as possible.

    Parameters
    ----------
    problem : LoadProblem
    stop : Stop
        ``iterations`` counts fills that are tried to their end. However early it says
        stop, one is tried.
    seed : int
    params : LoadParams
    initial : Load, optional
        Kept unless something better is found. It must keep the rules of the problem.
    on_progress : callable, optional

    Returns
    -------
    Result of Load
        The objective is the volume of the boxes, which is maximised. The search ends
        early when it has nothing left to try.

    Raises
    ------
    SolverError
        E303 if ``initial`` names a kind that there is not.

    Examples
    --------
    A container into which nothing fits stays empty, and that is optimal.

    >>> from solvers.packing.problem import Boxes
    >>> problem = LoadProblem(Boxes.plain([[9, 9, 9]], [2]), [5, 5, 5])
    >>> result = solve(problem, Stop())
    >>> len(result.solution), result.status
    (0, <Status.OPTIMAL: 'optimal'>)
    """
    began = time.perf_counter()
    bound = volume_bound(problem)
    best = NO_BOX
    if initial is not None:
        if len(initial) and initial.kind.max() >= problem.boxes.kinds:
            found = f"got initial kind {initial.kind.max()}"
            raise SolverError("E303", found, f"need 0 to {problem.boxes.kinds - 1}")
        best = initial
    volume = int(problem.boxes.volume[best.kind].sum())
    termination, tried, width = Termination.PROVED, 0, 0
    if volume < bound:
        search = BeamSearch(problem, stop, seed, params, volume, bound)
        termination = search.run(on_progress)
        tried, width = search.tried, search.width
        if search.placed is not None:
            best, volume = search.load(), search.volume
    if volume >= bound:
        termination = Termination.PROVED
    return Result(
        solution=best,
        status=Status.OPTIMAL if volume >= bound else Status.FEASIBLE,
        termination=termination,
        objective=float(volume),
        lower_bound=float("-inf"),
        upper_bound=float(bound),
        maximised=True,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="beam search",
        statistics={"trials": tried, "width": width},
    )


def load_kernels() -> None:
    """Compile or load the kernels, so that no time limit has to bear it."""
    boxes = Boxes.plain([[3, 3, 3], [2, 2, 2], [1, 1, 1]], [1, 1, 1])
    solve(LoadProblem(boxes, np.array([4, 4, 4])), Stop(iterations=3))


class BeamSearch:
    """A beam search under way.

    Attributes
    ----------
    volume : int
        Of the best load so far.
    placed : ndarray of int32, or None
        Its blocks and corners; None while nothing beats the volume given at first.
    tried : int
        Fills that were tried.
    width : int
        Of the widest beam.
    """

    def __init__(
        self,
        problem: LoadProblem,
        stop: Stop,
        seed: int,
        params: LoadParams,
        volume: int,
        bound: int,
    ) -> None:
        self._began, self._deadline = time.perf_counter(), stop.deadline()
        self._problem, self._stop, self._params = problem, stop, params
        self.volume, self._bound = volume, bound
        self.placed: NDArray[np.int32] | None = None
        self.tried, self.width = 0, 0
        self._most = stop.iterations
        if stop.iterations is None and stop.time_limit_s is None:
            self._most = params.trials
        self._end: Termination | None = None
        self._trial_s = _LOOK_S
        self._list = _shuffled(make_blocks(problem, params.blocks), seed)
        self._rules = rules_to_try(problem.container, problem.support, params.slack)

    def load(self) -> Load:
        """The best load so far, as boxes."""
        assert self.placed is not None
        return self._list.load(self._problem, self.placed)

    def run(self, on_progress: ProgressCallback | None) -> Termination:
        """Search with wider and wider beams; return why it ended."""
        workers = self._params.threads
        with ThreadPoolExecutor(workers) as self._pool:
            width = 1.0
            while self._end is None:
                self.width = int(width)
                left_out = [self._pass(rules, on_progress) for rules in self._rules]
                if self._end is None and (
                    not any(left_out) or self.width == self._params.widest
                ):
                    self._end = Termination.CONVERGED
                width = min(max(width * _GROWTH, width + 0.5), self._params.widest)
        return self._end

    def _fills(self, many: int, rules: Rules) -> Fill:
        return new_fills(many, self._list.blocks, self._problem.boxes.copies, rules)

    def _pass(self, rules: Rules, on_progress: ProgressCallback | None) -> bool:
        """Search once with a beam of this width; whether it left anything out."""
        blocks, width = self._list.blocks, self.width
        beam, spare = self._fills(width, rules), self._fills(width, rules)
        root = _row(beam, 0)
        empty(root, blocks, rules, self._problem.max_mass_kg * MASS_TOLERANCE)
        whole = [_row(self._fills(1, rules), 0) for _ in range(self._params.threads)]
        scratch, jobs = new_scratch(width), np.zeros((width * width, 3), np.int32)
        count, left_out = 1, False
        while True:
            found = list_jobs(beam, count, blocks, rules, scratch, jobs)
            ranked = np.bincount(jobs[:found, 0], minlength=1)
            left_out |= bool((ranked == width).any())
            if found == 0:
                return left_out
            volume = self._try(beam, whole, rules, jobs[:found])
            if on_progress is not None:
                on_progress(self._share(), f"beam of {width}, {self.volume} filled")
            if self._end is not None:
                return True
            chosen = _different(beam, blocks.volume, jobs[:found], volume, width)
            left_out |= len(chosen) < found
            grow(beam, spare, blocks, rules, jobs[chosen])
            beam, spare, count = spare, beam, len(chosen)

    def _try(
        self, beam: Fill, whole: list[Fill], rules: Rules, jobs: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        """Volume in the end of each job that there is time for; keep the best."""
        volume = np.zeros(len(jobs), np.int64)
        if self._most is not None:
            jobs = jobs[: self._most - self.tried]
        blocks, at = self._list.blocks, 0

        def run(part: slice, fill: Fill) -> None:
            try_blocks(
                beam, fill, blocks, rules, jobs[part], volume[part], new_scratch(1)
            )

        # However short the time is, one fill is tried.
        while at < len(jobs) and (self.tried == 0 or self._look() is None):
            began = time.perf_counter()
            size = max(1, int(_LOOK_S / self._trial_s)) if self.tried else 1
            ends = [min(at + size * k, len(jobs)) for k in range(len(whole) + 1)]
            parts = [slice(first, last) for first, last in itertools.pairwise(ends)]
            list(self._pool.map(run, parts, whole))
            took_s = time.perf_counter() - began
            self._trial_s = max(1e-6, took_s / (ends[1] - ends[0]))
            self.tried += ends[-1] - at
            at = ends[-1]
        best = int(volume.argmax())
        if volume[best] > self.volume:
            self.volume = int(volume[best])
            run(slice(best, best + 1), whole[0])
            self.placed = whole[0].placed[: whole[0].counts[PLACED]].copy()
        self._look()
        return volume

    def _look(self) -> Termination | None:
        """Note whether the search has to end, and return why."""
        if self.volume >= self._bound:
            self._end = Termination.PROVED
        elif self._most is not None and self.tried >= self._most:
            self._end = Termination.ITERATION_LIMIT
        elif time.perf_counter() >= self._deadline:
            self._end = Termination.TIME_LIMIT
        elif self._stop.interrupted():
            self._end = Termination.INTERRUPTED
        return self._end

    def _share(self) -> float:
        """Share of the trials or of the time that has passed."""
        share = self.tried / self._most if self._most else 0.0
        if self._deadline < float("inf"):
            now = time.perf_counter()
            share = max(share, (now - self._began) / (self._deadline - self._began))
        return min(1.0, share)


def _row(fills: Fill, row: int) -> Fill:
    return Fill(*(array[row] for array in fills))


def _shuffled(made: BlockList, seed: int) -> BlockList:
    """Blocks of which each is worth a little more or less, as the seed has it."""
    rng = np.random.default_rng(seed)
    worth = made.blocks.worth * (1 + _NOISE * rng.random(len(made.order)))
    return BlockList(made.blocks._replace(worth=worth), made.drafts, made.order)


def _different(
    beam: Fill,
    block_volume: NDArray[np.int64],
    jobs: NDArray[np.int32],
    volume: NDArray[np.int64],
    most: int,
) -> NDArray[np.int64]:
    """Jobs that end fullest; of those with equal volumes now and in the end, one."""
    now = beam.counts[jobs[:, 0], VOLUME] + block_volume[jobs[:, 2]]
    pairs = np.stack([-volume, now], axis=1)
    _, first = np.unique(pairs, axis=0, return_index=True)
    return np.sort(first[:most])
