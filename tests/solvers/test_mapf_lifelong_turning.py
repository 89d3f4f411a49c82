"""Turning robots: every move is legal, nobody collides, goals are reached."""

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.problem import LifelongProblem, RoundRobin
from solvers.mapf.lifelong.simulate import simulate
from solvers.mapf.lifelong.tasks import TaskPool
from solvers.mapf.lifelong.turning import TurningParams, TurningTeam
from solvers.result import Stop
from warehouse.grid import Grid


def _floor() -> Floor:
    free = np.random.default_rng(3).random((9, 9)) > 0.1
    free[::4] = free[:, ::4] = True
    return Floor.from_grid(Grid.from_arrays(free))


def _check(
    floor: Floor,
    before: tuple[NDArray[np.int32], NDArray[np.uint8]],
    after: tuple[NDArray[np.int32], NDArray[np.uint8]],
) -> None:
    stood = {int(vertex): robot for robot, vertex in enumerate(before[0])}
    assert len(set(after[0].tolist())) == len(after[0])
    for robot, (vertex, there) in enumerate(zip(before[0], after[0], strict=True)):
        turn = (int(after[1][robot]) - int(before[1][robot])) % 4
        assert turn in ((0, 1, 3) if vertex == there else (0,))
        if vertex != there:
            assert floor.successors[vertex, before[1][robot]] == there
            assert after[0][stood.get(int(there), robot)] != vertex


def _run(seed: int) -> tuple[int, list[list[int]]]:
    floor = _floor()
    starts = np.random.default_rng(1).permutation(floor.vertices)[:30].astype(np.int32)
    cells = floor.cell_of[np.random.default_rng(2).integers(0, floor.vertices, (40, 2))]
    pool = TaskPool(list(cells), 45).begin(floor, starts, "rotate")
    team = TurningTeam(floor, starts, seed=seed)
    now = (starts, np.ones(30, np.uint8))
    record = []
    for t in range(60):
        after = team.step(pool.visit(t, *now))
        _check(floor, now, after)
        now = after
        record.append(now[0].tolist())
    for t, robot, task, errands in pool.events().tolist():
        cell = cells[task % 40][errands - 1]
        assert record[t - 1][robot] == floor.vertex_of[cell]
    return pool.finished, record


def test_robots_finish_tasks_without_collision_and_the_same_way_every_time() -> None:
    first, second = _run(5), _run(5)
    assert first[0] > 20
    assert first == second


def test_a_deadline_in_the_past_is_safe() -> None:
    floor = _floor()
    starts = np.arange(20, dtype=np.int32)
    team = TurningTeam(floor, starts)
    now = (starts, np.ones(20, np.uint8))
    for _ in range(5):
        after = team.step(starts[::-1].copy(), deadline=0.0)
        _check(floor, now, after)
        now = after
    assert team.statistics["cut_short"] == 5


def test_a_nearly_full_floor_delivers_no_less_than_one_half_full() -> None:
    grid = Grid.from_arrays(np.ones((7, 7), bool))
    finished = []
    for robots in (24, 39):
        rng = np.random.default_rng(4)
        starts = rng.permutation(49)[:robots].astype(np.int32)
        problem = LifelongProblem(
            grid, starts, RoundRobin(rng.integers(0, 49, 997)), "rotate"
        )
        result = simulate(problem, Stop(iterations=120))
        finished.append(int(result.statistics["finished"]))
    assert finished[1] >= finished[0]


def test_settings_that_are_given_are_not_rehearsed_away() -> None:
    floor = Floor.from_grid(Grid.from_arrays(np.ones((5, 5), bool)))
    starts = np.arange(20, dtype=np.int32)
    params = TurningParams(against_cost=12, active_share=1.0)
    team = TurningTeam(floor, starts, params=params)
    team.prepare(starts[::-1].copy())
    assert team.statistics["against_cost"] == 3.0
