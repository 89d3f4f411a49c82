"""Small roster problems: drawn by hypothesis, or from a seed."""

import numpy as np
from hypothesis import strategies as st

from solvers.scheduling.roster.problem import Breaks, RosterProblem


@st.composite
def roster_problems(draw, most_jobs=5, most_packers=2):
    jobs = draw(st.integers(1, most_jobs))
    packers = draw(st.integers(1, most_packers))

    def numbers(low, high, size):
        values = st.lists(st.integers(low, high), min_size=size, max_size=size)
        return np.array(draw(values), int)

    due = numbers(2, 40, jobs).astype(float)
    due[numbers(0, 3, jobs) == 0] = np.inf
    end = numbers(15, 60, packers).astype(float)
    end[numbers(0, 2, packers) == 0] = np.inf
    with_break = np.flatnonzero(numbers(0, 1, packers))
    start = numbers(3, 12, len(with_break)).astype(float)
    return RosterProblem(
        ready_s=numbers(0, 15, jobs) / 2,
        due_s=due,
        priority=numbers(0, 2, jobs),
        kind=numbers(0, 1, jobs),
        work_s=numbers(1, 16, jobs) / 2,
        setup_s=numbers(0, 4, 2) / 2,
        able=numbers(0, 4, jobs * packers).reshape(jobs, packers) > 0,
        speed=numbers(2, 5, packers) / 4,
        shift_start_s=numbers(0, 4, packers).astype(float),
        shift_end_s=end,
        first_kind=numbers(-1, 1, packers),
        breaks=Breaks(
            with_break,
            start,
            start + numbers(1, 4, len(with_break)),
            numbers(0, 3, len(with_break)).astype(float),
        ),
    )


def seeded_problem(jobs: int, stations: int, trucks: int, seed: int, load: float = 0.9):
    """A day at stations with one or two packers each, breaks, skills and trucks."""
    rng = np.random.default_rng(seed)
    packers = int(rng.integers(stations, 2 * stations + 1))
    work_s = 20.0 + 5.0 * rng.geometric(0.3, jobs)
    speed = rng.choice([0.8, 0.9, 1.0, 1.1, 1.25], packers)
    last_s = float((work_s.sum() + 5 * jobs) / speed.sum() / load) + 40.0
    due_s = last_s * (rng.integers(0, trucks, jobs) + 1) / trucks
    skilled = rng.random((2, packers)) < 0.6
    skilled[:, 0] = True
    needs = rng.random((2, jobs)) < 0.15
    able = (~needs[:, :, None] | skilled[:, None, :]).all(axis=0)
    start_s = np.round(last_s * rng.uniform(0.3, 0.6, packers))
    return RosterProblem(
        ready_s=np.round(np.maximum(0.0, due_s - last_s * rng.uniform(0.2, 0.8, jobs))),
        due_s=due_s,
        priority=2 * (rng.random(jobs) < 0.2),
        kind=rng.integers(0, 3, jobs),
        work_s=work_s,
        setup_s=np.full(3, 10.0),
        able=able,
        speed=speed,
        shift_start_s=np.zeros(packers),
        shift_end_s=np.full(packers, np.inf),
        breaks=Breaks(
            np.arange(packers), start_s, start_s + 30.0, np.full(packers, 15.0)
        ),
    )
