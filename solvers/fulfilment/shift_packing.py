"""Packing at the stations by people with shifts, breaks and skills."""

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.people import People
from solvers.fulfilment.shipment import Shipment
from solvers.result import Stop
from solvers.scheduling.problem import PackingProblem
from solvers.scheduling.roster.methods import RULES
from solvers.scheduling.roster.problem import NOBODY, PER_S, Roster
from solvers.scheduling.roster.routes import Routes
from solvers.scheduling.roster.rules import routes_by_rule
from solvers.scheduling.roster.solve import RosterParams, solve
from solvers.scheduling.roster.timing_kernels import TOO_LATE, placed_end

_MOST_PRIORITY = 1000


class ShiftPacking:
    """Orders that were handed over, for the packers of their stations.

    Parameters
    ----------
    people : People
    orders : ndarray of int32, shape (n,)
    problem : PackingProblem
        Their packing, with a change of cartons in the work of every order.
    shipment : Shipment or None
        Their cartons, where there are any.
    """

    def __init__(
        self,
        people: People,
        orders: NDArray[np.int32],
        problem: PackingProblem,
        shipment: Shipment | None,
    ) -> None:
        count = len(orders)
        self._first = self._last = self._changes = np.zeros(count, np.int32)
        setup_s = np.zeros(1)
        if shipment is not None:
            kinds = [packed.kinds for packed in shipment.packed]
            self._first = np.array([kind[0] for kind in kinds], np.int32)
            self._last = np.array([kind[-1] for kind in kinds], np.int32)
            changes = [packed.changes for packed in shipment.packed]
            self._changes = np.array(changes, np.int32)
            setup_s = shipment.setup_s
        here = problem.station[:, None] == people.staff.packers.station[None]
        work_s = np.maximum(0.0, problem.work_s - setup_s[self._first])
        self._roster = people.roster(
            ready_s=problem.ready_s,
            due_s=problem.due_s,
            priority=np.minimum(problem.priority, _MOST_PRIORITY),
            kind=self._first,
            work_s=work_s,
            setup_s=setup_s,
            able=people.able[orders] & here,
        )
        self._work = self._roster.work
        self._setup_ms = int(self._work.setup[0])
        self._own_s = work_s - setup_s[self._first] * self._changes
        self._speed = people.staff.packers.speed

    def by_rules(self, *, look_ahead: bool) -> Roster:
        """Schedule by rules, the best of them.

        Parameters
        ----------
        look_ahead : bool
            Whether packers may know of orders that are not there yet. If not, the
            packer who comes free first takes what is due first.
        """
        rules = RULES if look_ahead else ("earliest-due",)
        tried = [routes_by_rule(self._work, rule) for rule in rules]
        return self._timed(min(tried, key=lambda routes: routes.value(self._work)))

    def improved(self, schedule: Roster, stop: Stop, *, seed: int) -> Roster:
        """Search for a better schedule, from one on."""
        params = RosterParams(exact_jobs=0)
        found = solve(self._roster, stop, seed=seed, params=params, initial=schedule)
        assert found.solution is not None  # one that packs nothing at worst
        return self._timed(Routes.of(self._work, found.solution))

    def _timed(self, routes: Routes) -> Roster:
        """Times with all changes of cartons; what fits into no shift is left out."""
        work = self._work
        packer_of = np.full(len(work.ready), NOBODY, np.int32)
        start_ms, end_ms = np.zeros((2, len(work.ready)), np.int64)
        for packer, count in enumerate(routes.counts.tolist()):
            free, rest = int(work.shift_start[packer]), int(work.break_first[packer])
            kind = NOBODY
            for job in routes.jobs[packer, :count].tolist():
                took = self._took_ms(packer, job, kind)
                ready = int(work.ready[job])
                end, then, next_rest = placed_end(work, packer, ready, took, free, rest)
                if end == TOO_LATE:
                    continue
                packer_of[job], end_ms[job] = packer, end
                start_ms[job] = end - took
                free, rest, kind = int(then), int(next_rest), int(self._last[job])
        return Roster(packer_of, start_ms / PER_S, end_ms / PER_S)

    def _took_ms(self, packer: int, job: int, kind: int) -> int:
        """How long a packer takes for a job after a carton of some kind, or none."""
        changes = int(self._changes[job]) + (kind not in (NOBODY, self._first[job]))
        own_ms = float(self._own_s[job] / self._speed[packer]) * PER_S
        return int(np.ceil(own_ms - 1e-6)) + changes * self._setup_ms
