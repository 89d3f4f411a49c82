"""Ctrl-C while CP-SAT searches reaches whoever asked for it."""

import signal
from pathlib import Path

from ortools.sat.python import cp_model

import solvers
from solvers.cp_sat import new_cp_solver
from solvers.interrupt import Interrupt

SOLVERS = Path(solvers.__file__).parent


class PressCtrlC(cp_model.CpSolverSolutionCallback):
    """Presses Ctrl-C at the first solution, while the search is on."""

    def __init__(self):
        super().__init__()
        self.pressed = 0

    def on_solution_callback(self):
        if not self.pressed:
            signal.raise_signal(signal.SIGINT)
        self.pressed += 1


def test_ctrl_c_during_a_search_is_heard_by_python():
    model = cp_model.CpModel()
    parts = [model.new_int_var(0, 9, "") for _ in range(5)]
    model.add_all_different(parts)
    model.maximize(sum(k * part for k, part in enumerate(parts)))
    press = PressCtrlC()
    with Interrupt() as interrupt:
        status = new_cp_solver(1).solve(model, press)
        assert press.pressed
        assert interrupt.wanted()
    # Nobody stopped the search itself.
    assert status == cp_model.OPTIMAL


def test_limits_arrive():
    solver = new_cp_solver(7, workers=2, deterministic_limit=0.5, time_limit_s=3.0)
    parameters = solver.parameters
    assert (parameters.random_seed, parameters.num_workers) == (7, 2)
    assert parameters.max_deterministic_time == 0.5
    assert parameters.max_time_in_seconds == 3.0


def test_every_search_is_made_here():
    makers = {
        path.relative_to(SOLVERS).as_posix()
        for path in SOLVERS.rglob("*.py")
        if "CpSolver()" in path.read_text(encoding="utf-8")
    }
    assert makers == {"cp_sat.py"}
