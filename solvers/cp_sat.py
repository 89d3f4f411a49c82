"""CP-SAT as every solver here uses it: seeded, limited, and deaf to Ctrl-C."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


def new_cp_solver(
    seed: int,
    *,
    workers: int = 1,
    deterministic_limit: float = math.inf,
    time_limit_s: float = math.inf,
) -> "cp_model.CpSolver":
    """Return a CP-SAT solver that has its limits.

    Its own handler of Ctrl-C is left out: it would end this search alone, keep the
    wish from `solvers.interrupt.Interrupt`, and at a bad moment end the process.

    Parameters
    ----------
    seed : int
    workers : int
        Threads; with more than 1 the answer depends on the clock.
    deterministic_limit : float
        CP-SAT's own clock, close to seconds, the same on every machine.
    time_limit_s : float
        Wall clock; a run that ends by it is not repeatable.

    Examples
    --------
    A limit that has passed already is no error.

    >>> solver = new_cp_solver(1, time_limit_s=-0.5)
    >>> solver.parameters.max_time_in_seconds
    0.0
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.catch_sigint_signal = False
    if deterministic_limit < math.inf:
        solver.parameters.max_deterministic_time = deterministic_limit
    if time_limit_s < math.inf:
        solver.parameters.max_time_in_seconds = max(0.0, time_limit_s)
    return solver
