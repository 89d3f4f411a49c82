"""The fewest visits with CP-SAT: a set multicover with orders shared out."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from solvers.cp_sat import new_cp_solver
from solvers.pods.window.problem import WindowChoice, WindowProblem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


def solve_exactly(
    problem: WindowProblem,
    hint: WindowChoice,
    *,
    station: NDArray[np.int32] | None = None,
    seed: int,
    deterministic_limit: float,
    time_limit_s: float = math.inf,
) -> tuple[WindowChoice, float]:
    """Find a choice with fewer visits than a known one, or a bound on them.

    Parameters
    ----------
    problem : WindowProblem
    hint : WindowChoice
        Returned where nothing better is found.
    station : ndarray of int32, shape (orders,), optional
        Where each order is served; left out, that is decided too.
    seed : int
    deterministic_limit : float
    time_limit_s : float

    Returns
    -------
    choice : WindowChoice
    lower_bound : float
        Not above the visits of ``hint``, even where none of these stations allow as
        few; equal to those of the choice where they are proved to be fewest.
    """
    from ortools.sat.python import cp_model

    model = _Model(problem)
    if station is None:
        model.number_stations(hint)
    else:
        model.fix(station)
    visits = sum(model.visit.values())
    model.cp.add(visits <= hint.visits - 1)
    model.cp.minimize(visits)
    solver = new_cp_solver(
        seed, deterministic_limit=deterministic_limit, time_limit_s=time_limit_s
    )
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return hint, float(hint.visits)
    bound = max(0.0, math.ceil(solver.best_objective_bound - 1e-6))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint, bound
    return model.choice(solver), bound


class _Model:
    """Variables and rules: which pods visit, what they bring, where orders are."""

    def __init__(self, problem: WindowProblem) -> None:
        from ortools.sat.python import cp_model

        self.problem, self.cp = problem, cp_model.CpModel()
        pods, stations = len(problem.stock), len(problem.most_orders)
        self.at = [
            [self.cp.new_bool_var("") for _ in range(stations)] for _ in problem.wanted
        ]
        self.visit = {
            (pod, s): self.cp.new_bool_var("") for pod, s in np.ndindex(pods, stations)
        }
        self.brought = self._bring()
        self._serve()

    def _bring(self) -> dict[tuple[int, int, int], "cp_model.IntVar"]:
        """Units by pod, station and SKU: no more than in stock, of pods that visit."""
        problem, brought = self.problem, {}
        total = problem.wanted.sum(0)
        for pod, sku in np.argwhere(np.minimum(problem.stock, total) > 0).tolist():
            most = min(int(problem.stock[pod, sku]), int(total[sku]))
            units = []
            for s in range(len(problem.most_orders)):
                brought[pod, s, sku] = self.cp.new_int_var(0, most, "")
                units.append(brought[pod, s, sku])
                self.cp.add(units[-1] <= most * self.visit[pod, s])
            self.cp.add(sum(units) <= int(problem.stock[pod, sku]))
        return brought

    def _serve(self) -> None:
        """Every order is at one station, and gets there what it wants."""
        problem = self.problem
        for row in self.at:
            self.cp.add_exactly_one(row)
        for s, most in enumerate(problem.most_orders.tolist()):
            self.cp.add(sum(row[s] for row in self.at) <= most)
            for sku in np.flatnonzero(problem.wanted.sum(0)).tolist():
                comes = [self.brought[k] for k in self.brought if k[1:] == (s, sku)]
                wanted = problem.wanted[:, sku].tolist()
                goes = (n * row[s] for n, row in zip(wanted, self.at, strict=True))
                self.cp.add(sum(comes) == sum(goes))
        for order, sku in np.argwhere(problem.wanted).tolist():
            holders = np.flatnonzero(problem.stock[:, sku]).tolist()
            for s, at in enumerate(self.at[order]):
                # Says nothing new, but brings the bound up.
                self.cp.add(sum(self.visit[pod, s] for pod in holders) >= at)

    def number_stations(self, hint: WindowChoice) -> None:
        """Of stations that are alike, the first order is at that of a known choice."""
        most = self.problem.most_orders
        if self.at and (most == most[0]).all():
            self.cp.add(self.at[0][int(hint.station[0])] == 1)

    def fix(self, station: NDArray[np.int32]) -> None:
        """Leave no choice of stations."""
        for row, s in zip(self.at, station.tolist(), strict=True):
            self.cp.add(row[s] == 1)

    def choice(self, solver: "cp_model.CpSolver") -> WindowChoice:
        """Read what was found."""
        problem = self.problem
        shape = (len(problem.stock), len(problem.most_orders), problem.stock.shape[1])
        units = np.zeros(shape, np.int32)
        for key, variable in self.brought.items():
            units[key] = solver.value(variable)
        chosen = [[solver.boolean_value(var) for var in row] for row in self.at]
        station = np.argmax(np.array(chosen).reshape(len(self.at), -1), 1)
        return WindowChoice(station.astype(np.int32), units)
