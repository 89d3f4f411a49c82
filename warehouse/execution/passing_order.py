"""The passing order of a plan: who passes a cell before whom.

A plan says where every robot is at every timestep. What keeps robots apart is less:
the order in which they pass each cell. This file reads that order off a plan. It is the
temporal plan graph of Hönig et al. (2016, doi:10.1609/icaps.v26i1.13796), kept per
action as in the action dependency graph of Hönig et al. (2019,
doi:10.1109/LRA.2019.2894217).

**Actions.** A robot's plan is a list of actions of one step each: drive to the next
cell, turn, work (a step of a service). Waiting is no action: it falls away, and comes
back as the time before which an action does not begin.

**Dependencies.** A drive into cell c depends on the drive by which the robot that stood
on c before left it. Two rules hold in every execution:

1. A robot does its actions in their order.
2. A drive into a cell happens no earlier than the drive it depends on; both may happen
   in the same step (following into a cell that is being left).

**No collision.** The plan orders the visits of a cell c. By induction over them, a
visit begins no earlier than the one before it ends: with another robot by rule 2, with
the same robot by rule 1. So two robots are never on c together. And if robots a and b
swapped cells in one step, the visit of each would directly follow that of the other,
and their drives would depend on each other. Dependencies never point to later steps of
the plan, so both drives had one step in the plan too, which then swapped them: such
plans are refused.

**No deadlock.** The published graphs ask that the other robot *has left* before one
enters. Where robots turn in a ring, each into the cell of the next, that is a cycle of
waiting. Here a drive depends only on drives that the plan makes in the same step or
before (rule 2 holds in the plan). Look at the earliest step t of the plan with actions
still to do. All that they depend on is done, or is itself planned for t and to do. So
if all robots with actions of step t go in one step, both rules are kept: some robot can
always go on. How many have to go at once? Every drive depends on at most one other, so
the actions of step t form chains, whose head can go alone, and rings. A ring is one
joint move: its robots say one by one that they are ready, and go when the last is.
Hence: if every robot is free again and again, every action is done in the end.

Would a ring go only when all of its robots happen to be free in the same step, then
with robots late in 10 % of steps a ring of 8 would wait 2 steps on average, one of 50
would wait 194, and one of 112, found on a crowded floor, 130,000: nearly a deadlock.

What we changed: following and rings happen in one step instead of being split or
forbidden, services are actions, and an action may keep its planned time as the
earliest.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError, WarehouseError

if TYPE_CHECKING:
    from warehouse.execution.progress import Progress
    from warehouse.plan import Plan

MOST_FAULTS: Final = 1000
"""So many meetings of robots are named when paths are refused."""


class ActionKind(IntEnum):
    """What a robot does in one action."""

    DRIVE = 0
    TURN = 1
    WORK = 2


@njit(cache=True)
def _find_rings(dependency, ring):  # type: ignore[no-untyped-def]
    """Number the cycles of a graph with one way on from each node at most.

    ``ring`` comes filled with -1 and leaves with the number of the cycle a node is on.
    Returns how many there are.
    """
    seen = np.full(len(dependency), -1, np.int64)
    rings = 0
    for start in range(len(dependency)):
        node = start
        while node >= 0 and seen[node] < 0:
            seen[node] = start
            node = dependency[node]
        # Came back to a node of this very walk: it lies on a new cycle.
        if node >= 0 and seen[node] == start:
            while ring[node] < 0:
                ring[node] = rings
                node = dependency[node]
            rings += 1
    return rings


@dataclass(frozen=True, slots=True)
class PassingOrder:
    """Actions of every robot, and for each drive the drive it must not overtake.

    Actions of a robot are neighbours, in their order; robots ascend. Made by
    `from_paths` or `from_plan`; the file's docstring says why it is safe to follow.

    Parameters
    ----------
    steps : int
        Timesteps of the plan.
    start_cells : ndarray of int32, shape (robots,)
    start_headings : ndarray of uint8, shape (robots,), or None
    first : ndarray of int64, shape (robots + 1,)
        Actions of robot r are ``first[r] .. first[r + 1] - 1``.
    owner : ndarray of int32, shape (actions,)
        Robot of each action.
    kind : ndarray of uint8, shape (actions,)
        `ActionKind`.
    cell : ndarray of int32, shape (actions,)
        Where the robot is after the action.
    heading : ndarray of uint8, shape (actions,), or None
        Where it heads after the action.
    step : ndarray of int32, shape (actions,)
        Timestep at which the plan begins the action; it ends one later.
    earliest : ndarray of int32, shape (actions,)
        Timestep before which the action does not begin.
    dependency : ndarray of int64, shape (actions,)
        Action that must happen before this one or in the same step; -1 if none.
    ring : ndarray of int32, shape (actions,)
        Joint move the action is part of; -1 for almost all.
    keeps_times : bool
        Whether no action begins before its planned time.
    """

    steps: int
    start_cells: NDArray[np.int32]
    start_headings: NDArray[np.uint8] | None
    first: NDArray[np.int64]
    owner: NDArray[np.int32]
    kind: NDArray[np.uint8]
    cell: NDArray[np.int32]
    heading: NDArray[np.uint8] | None
    step: NDArray[np.int32]
    earliest: NDArray[np.int32]
    dependency: NDArray[np.int64]
    ring: NDArray[np.int32]
    keeps_times: bool = True

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @classmethod
    def from_paths(
        cls,
        cells: NDArray[np.integer],
        headings: NDArray[np.uint8] | None = None,
        *,
        works: NDArray[np.bool_] | None = None,
        keeps_times: bool = True,
    ) -> "PassingOrder":
        """Read the order off bare paths. O(steps * robots).

        Parameters
        ----------
        cells : ndarray of integers, shape (T + 1, robots)
            Cell of every robot at every timestep; any numbering from 0.
        headings : ndarray of uint8, shape (T + 1, robots), optional
        works : ndarray of bool, shape (T, robots), optional
            Whether a robot that stands still works in the step from t to t + 1.
        keeps_times : bool
            If False, robots drive as early as the order allows; work still keeps its
            planned time.

        Raises
        ------
        WarehouseError
            If shapes do not fit.
        InputError
            If robots meet in a cell or swap cells; every such place.

        Examples
        --------
        Three robots turn around in a ring; none can go before the others:

        >>> order = PassingOrder.from_paths(np.array([[0, 1, 2], [1, 2, 0]]))
        >>> order.dependency.tolist(), order.ring_sizes.tolist()
        ([1, 2, 0], [3])

        Robots that swap cells have no order that anybody could follow:

        >>> PassingOrder.from_paths(  # doctest: +ELLIPSIS
        ...     np.array([[0, 1], [1, 0]]))
        Traceback (most recent call last):
        warehouse.errors.InputError: E215 step 0: robots 0 and 1 swap cells 0 and 1; ...
        """
        _check_shapes(cells, headings, works)
        moved = cells[1:] != cells[:-1]
        working = np.zeros_like(moved) if works is None else works & ~moved
        active = moved | working
        if headings is not None:
            active |= headings[1:] != headings[:-1]
        owner, step = np.nonzero(active.T)
        robots = cells.shape[1]
        first = np.searchsorted(owner, np.arange(robots + 1)).astype(np.int64)
        kind = np.full(len(owner), ActionKind.TURN, np.uint8)
        kind[working[step, owner]] = ActionKind.WORK
        kind[moved[step, owner]] = ActionKind.DRIVE
        dependency = _dependencies(cells, owner, step, kind)
        same_step = np.full_like(dependency, -1)
        rows = np.flatnonzero(dependency >= 0)
        rows = rows[step[dependency[rows]] == step[rows]]
        same_step[rows] = dependency[rows]
        ring = np.full(len(owner), -1, np.int32)
        _find_rings(same_step, ring)
        kept = step if keeps_times else np.where(kind == ActionKind.WORK, step, 0)
        after = None if headings is None else headings[step + 1, owner]
        return cls(
            steps=len(cells) - 1,
            start_cells=cells[0].astype(np.int32),
            start_headings=None if headings is None else headings[0].copy(),
            first=first,
            owner=owner.astype(np.int32),
            kind=kind,
            cell=cells[step + 1, owner].astype(np.int32),
            heading=after,
            step=step.astype(np.int32),
            earliest=kept.astype(np.int32),
            dependency=dependency,
            ring=ring,
            keeps_times=keeps_times,
        )

    @classmethod
    def from_plan(cls, plan: "Plan", *, keeps_times: bool = True) -> "PassingOrder":
        """Read the order off a plan, whose stops become work.

        A stop never begins before the plan has it begin, so that nothing is picked
        before its release.

        Parameters
        ----------
        plan : Plan
            Must keep `warehouse.check.check_structure`.
        keeps_times : bool
            If False, robots drive between stops as early as the order allows.

        Raises
        ------
        InputError
            E215 if robots meet in a cell or swap cells; E218 if they carry pods, whose
            stops and stations this order does not know.
        """
        if plan.scenario.pods is not None:
            found = "its robots carry pods"
            needed = "follow a plan of robots with totes, or use `from_paths`"
            raise InputError([Fault("E218", plan.scenario.name, found, needed)])
        works = np.zeros((plan.steps, len(plan.scenario.fleet)), bool)
        by_time = np.argsort(plan.stops["start"], kind="stable")
        stops = plan.stops[by_time][["robot", "start", "end"]].tolist()
        for robot, start, end in stops:
            works[start:end, robot] = True
        order = cls.from_paths(
            plan.cells, plan.headings, works=works, keeps_times=keeps_times
        )
        if keeps_times:
            return order
        # Nothing that follows a stop happens before the plan has the stop begin.
        earliest = np.zeros(len(order), np.int32)
        for robot, start, _ in stops:
            begin, end = order.first[robot : robot + 2]
            begin += np.searchsorted(order.step[begin:end], start)
            earliest[begin:end] = start
        return replace(order, earliest=earliest)

    def __len__(self) -> int:
        """Return the number of actions."""
        return len(self.owner)

    @property
    def robots(self) -> int:
        """Number of robots."""
        return len(self.start_cells)

    @property
    def ring_sizes(self) -> NDArray[np.int64]:
        """Robots of each joint move, shape (rings,)."""
        return np.bincount(self.ring[self.ring >= 0])

    @property
    def planned_finish(self) -> NDArray[np.int64]:
        """Timestep at which each robot's last action is planned to be over."""
        finish = np.zeros(self.robots, np.int64)
        busy = self.first[1:] > self.first[:-1]
        finish[busy] = self.step[self.first[1:][busy] - 1] + 1
        return finish

    def begin(self) -> "Progress":
        """Return the state of robots that are about to follow this order."""
        from warehouse.execution.progress import Progress

        return Progress(self)


def _check_shapes(
    cells: NDArray[np.integer],
    headings: NDArray[np.uint8] | None,
    works: NDArray[np.bool_] | None,
) -> None:
    if cells.ndim != 2 or len(cells) == 0:
        found = f"cells have shape {cells.shape}"
        raise WarehouseError("E301", found, "need (T + 1, robots), a row at least")
    if not np.issubdtype(cells.dtype, np.integer):
        raise WarehouseError("E301", f"cells are {cells.dtype}", "need integers")
    for name, array, rows in (
        ("headings", headings, len(cells)),
        ("works", works, len(cells) - 1),
    ):
        if array is not None and array.shape != (rows, cells.shape[1]):
            needed = f"need ({rows}, {cells.shape[1]})"
            raise WarehouseError("E301", f"{name} have shape {array.shape}", needed)


def _dependencies(
    cells: NDArray[np.integer],
    owner: NDArray[np.intp],
    step: NDArray[np.intp],
    kind: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """For every action the drive that leaves its cell before; refuses meetings.

    A visit is a stay on a cell: it begins with a drive there, or at step 0, and ends
    with the robot's next drive, or never.
    """
    robots = cells.shape[1]
    drives = np.flatnonzero(kind == ActionKind.DRIVE)
    # Behind each drive of a robot comes its next; behind the last, nothing.
    after = np.full(len(drives), -1, np.int64)
    same = owner[drives[1:]] == owner[drives[:-1]]
    after[:-1][same] = drives[1:][same]
    first_drive = np.full(robots, -1, np.int64)
    first_drive[owner[drives[::-1]]] = drives[::-1]
    robot = np.concatenate([np.arange(robots), owner[drives]])
    enters = np.concatenate([np.full(robots, -1, np.int64), drives])
    leaves = np.concatenate([first_drive, after])
    since = np.concatenate([np.zeros(robots, np.int64), step[drives] + 1])
    place = np.concatenate([cells[0], cells[step[drives] + 1, owner[drives]]])
    by_cell = np.argsort(place.astype(np.int64) * (len(cells) + 1) + since)
    before, later = by_cell[:-1], by_cell[1:]
    shared = place[before] == place[later]
    before, later = before[shared], later[shared]
    # Following: the one before may leave in the very step in which the next enters.
    stays = leaves[before] < 0
    met = stays | (step[leaves[before]] + 1 > since[later]) if len(step) else stays
    if met.any():
        rows = np.flatnonzero(met)[:MOST_FAULTS]
        raise InputError(
            _meeting(place[i], since[i], robot[j], robot[i])
            for i, j in zip(later[rows].tolist(), before[rows].tolist(), strict=True)
        )
    dependency = np.full(len(owner), -1, np.int64)
    other = robot[before] != robot[later]
    dependency[enters[later[other]]] = leaves[before[other]]
    _refuse_swaps(cells, owner, step, dependency)
    return dependency


def _meeting(cell: int, step: int, robot: int, other: int) -> Fault:
    found = (
        f"robots {min(robot, other)} and {max(robot, other)} are both on cell {cell}"
    )
    return Fault("E215", f"step {step}", found, _MEND)


_MEND: Final = "need paths without collisions: see what `aislewise check` says"


def _refuse_swaps(
    cells: NDArray[np.integer],
    owner: NDArray[np.intp],
    step: NDArray[np.intp],
    dependency: NDArray[np.int64],
) -> None:
    rows = np.flatnonzero(dependency >= 0)
    rows = rows[dependency[dependency[rows]] == rows]
    rows = rows[rows < dependency[rows]][:MOST_FAULTS]
    faults = []
    for row in rows.tolist():
        t, a, b = step[row], owner[row], owner[dependency[row]]
        found = f"robots {a} and {b} swap cells {cells[t, a]} and {cells[t, b]}"
        faults.append(Fault("E215", f"step {t}", found, _MEND))
    if faults:
        raise InputError(faults)
