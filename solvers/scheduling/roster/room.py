"""Rows that say for how many jobs packers have room between two times."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.roster.capacity import Capacity
from solvers.scheduling.roster.problem import NOBODY

MOST_TIMES: Final = 48
NOISE: Final = 1e-6
_ROWS_A_ROUND: Final = 40


@dataclass(frozen=True, slots=True)
class Row:
    """What jobs in time need together is no more than there is room for.

    Parameters
    ----------
    need : ndarray of float64, shape (J,)
    room : float
    setups : ndarray of float64, shape (kinds,)
        What is needed beside for each kind of carton that a job in time has.
    setup_jobs : ndarray of bool, shape (J,)
        Jobs whose kind counts for that.
    """

    need: NDArray[np.float64]
    room: float
    setups: NDArray[np.float64]
    setup_jobs: NDArray[np.bool_]


_Tried = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""What jobs need by each end, what kinds of cartons need beside, and room for all."""


class RoomRows:
    """Finds rows that jobs in time break, for sets of packers and two times.

    Three sorts of rows: what all jobs need at least between the times; jobs that lie
    between them as a whole, where each packer has room for whole steps of work, such as
    a unit takes; and these jobs with setups of their kinds of cartons, where there are
    fewer packers than kinds.

    Parameters
    ----------
    capacity : Capacity
    jobs : ndarray of int64, shape (J,)
        Jobs that may be in time.
    due : ndarray of float64
        Of all jobs, in milliseconds.
    """

    def __init__(
        self, capacity: Capacity, jobs: NDArray[np.int64], due: NDArray[np.float64]
    ) -> None:
        self.capacity, self.jobs, self.due = capacity, jobs, due
        self.kind = capacity.work.kind[jobs]
        self.ends = spread(np.unique(due[jobs]))
        begins = np.unique(np.concatenate((capacity.begin[jobs], [0.0])))
        self.begins = spread(begins[np.isfinite(begins)])
        self._step = int(np.gcd.reduce(capacity.need[jobs].astype(np.int64)))
        self._of_kind = [
            np.flatnonzero(self.kind == k) for k in range(len(capacity.work.setup))
        ]

    def broken(self, in_time: NDArray[np.float64], deadline: float) -> list[Row]:
        """Rows that are broken, of each sort, begin and set of packers the worst.

        Parameters
        ----------
        in_time : ndarray of float64, shape (J,)
            How far each job is done in time.
        deadline : float
            On ``time.perf_counter``; after it no more are looked for.
        """
        found: list[tuple[float, Row]] = []
        for begin in self.begins.tolist():
            if time.perf_counter() >= deadline:
                break
            need = self.capacity.needed(begin, self.ends, self.due)[:, self.jobs]
            inside = self.due[self.jobs] <= self.ends[:, None]
            inside &= self.capacity.begin[self.jobs] >= begin
            for members, only in self.capacity.classes:
                mine = only[self.jobs]
                tried = self._sorts(members, begin, need * mine, inside & mine)
                for (own, setups, room), whole in tried:
                    excess = own @ in_time + self._present(whole, in_time) @ setups
                    excess -= room
                    excess[self.ends <= begin] = -1.0
                    at = int(np.argmax(excess / (1.0 + room)))
                    if excess[at] > NOISE * (1.0 + room[at]):
                        share = float(excess[at] / (1.0 + room[at]))
                        row = Row(own[at], float(room[at]), setups, whole[at])
                        found.append((share, row))
        found.sort(key=lambda one: -one[0])
        return [row for _, row in found[:_ROWS_A_ROUND]]

    def _sorts(
        self,
        members: NDArray[np.bool_],
        begin: float,
        own: NDArray[np.float64],
        inside: NDArray[np.bool_],
    ) -> Iterator[tuple[_Tried, NDArray[np.bool_]]]:
        """Each sort of rows for a set of packers, and the jobs whose kinds count."""
        each = self.capacity.available_each(members, begin, self.ends)
        room, none = each.sum(axis=0), np.zeros_like(inside)
        no_setups = np.zeros(len(self._of_kind))
        yield (own, no_setups, room), none
        whole = np.where(inside, own, 0.0)
        if self._step > 1:
            steps = np.floor((each + NOISE) / self._step)
            yield (whole, no_setups, steps.sum(axis=0) * self._step), none
        kinds = sum(bool(inside[-1, jobs].any()) for jobs in self._of_kind)
        if int(members.sum()) < kinds:
            setups, free = self._setups(members, begin)
            yield (whole, setups, room + free), inside

    def _setups(
        self, members: NDArray[np.bool_], begin: float
    ) -> tuple[NDArray[np.float64], float]:
        """Work that setups cost, by kind, and what may be saved of it.

        A packer who begins later and is set up for nothing saves what the room counts
        already; any other one may be set up for a kind, and save the longest.
        """
        work = self.capacity.work
        slowest = float(self.capacity.speed[members].min())
        fresh = (work.shift_start >= begin) & (work.first_kind == NOBODY)
        longest = float(work.setup.max())
        saved = np.where(fresh, self.capacity.first_setup, longest)[members].sum()
        return slowest * work.setup.astype(np.float64), slowest * float(saved)

    def _present(
        self, whole: NDArray[np.bool_], in_time: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """How far some job of each kind is in time, shape (ends, kinds)."""
        if not whole.any():
            return np.zeros((len(whole), len(self._of_kind)))
        present = np.where(whole, in_time, 0.0)
        columns = [present[:, jobs].max(axis=1, initial=0.0) for jobs in self._of_kind]
        return np.stack(columns, axis=1)


class MissedProgram:
    """Least weight of jobs missed, as a linear programme that grows row by row.

    Parameters
    ----------
    weight : ndarray of int64, shape (J,)
    kind : ndarray of int32, shape (J,)
    """

    def __init__(self, weight: NDArray[np.int64], kind: NDArray[np.int32]) -> None:
        from ortools.linear_solver import pywraplp

        self.kind = kind
        self.optimal = pywraplp.Solver.OPTIMAL
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.missed = [self.solver.NumVar(0.0, 1.0, "") for _ in weight]
        self.solver.Minimize(
            sum(
                int(cost) * variable
                for cost, variable in zip(weight, self.missed, strict=True)
            )
        )

    def add(self, row: Row) -> None:
        """Add: of the need, as much is missed as there is no room for."""
        need, infinity = row.need, self.solver.infinity()
        scale = max(1.0, float(need.max()))
        limit = self.solver.Constraint((need.sum() - row.room) / scale, infinity)
        for job in np.flatnonzero(need).tolist():
            limit.SetCoefficient(self.missed[job], need[job] / scale)
        for kind in np.flatnonzero(row.setups).tolist():
            jobs = np.flatnonzero(row.setup_jobs & (self.kind == kind)).tolist()
            if not jobs:
                continue
            present = self.solver.NumVar(0.0, 1.0, "")
            limit.SetCoefficient(present, -row.setups[kind] / scale)
            for job in jobs:
                either = self.solver.Constraint(1.0, infinity)
                either.SetCoefficient(present, 1.0)
                either.SetCoefficient(self.missed[job], 1.0)

    def solve(self, limit_s: float) -> tuple[float, NDArray[np.float64]] | None:
        """Return the least weight and who is missed; None if time was up."""
        if limit_s < math.inf:
            self.solver.SetTimeLimit(max(1, int(limit_s * 1000)))
        if self.solver.Solve() != self.optimal:
            return None
        missed = [variable.solution_value() for variable in self.missed]
        return self.solver.Objective().Value(), np.array(missed)


def spread(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return some of many times, spread evenly among them, with first and last."""
    if len(times) <= MOST_TIMES:
        return times
    return times[np.unique(np.linspace(0, len(times) - 1, MOST_TIMES).astype(int))]
