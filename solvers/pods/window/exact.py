"""The fewest visits, proved: a set multicover with CP-SAT."""

import math

import numpy as np

from solvers.cp_sat import new_cp_solver
from solvers.pods.window.problem import WindowChoice, WindowProblem


def solve_exactly(
    problem: WindowProblem,
    hint: WindowChoice,
    *,
    seed: int,
    deterministic_limit: float,
    time_limit_s: float = math.inf,
) -> tuple[WindowChoice, float]:
    """Find the fewest visits, or a bound on them.

    Parameters
    ----------
    problem : WindowProblem
    hint : WindowChoice
        Returned where nothing better is found.
    seed : int
    deterministic_limit : float
    time_limit_s : float

    Returns
    -------
    choice : WindowChoice
    lower_bound : float
        Equal to the visits of the choice where they are proved to be fewest.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    wanted, stock = problem.wanted, problem.stock
    orders, stations = range(len(wanted)), range(len(problem.most_orders))
    total = wanted.sum(0)
    at = [[model.new_bool_var("") for _ in stations] for _ in orders]
    visit = {}
    brought = {}
    for pod, s in np.ndindex(len(stock), len(stations)):
        visit[pod, s] = model.new_bool_var("")
        model.add_hint(visit[pod, s], bool(hint.brought[pod, s].any()))
    for pod, sku in np.argwhere(np.minimum(stock, total) > 0).tolist():
        most = min(int(stock[pod, sku]), int(total[sku]))
        for s in stations:
            units = brought[pod, s, sku] = model.new_int_var(0, most, "")
            model.add_hint(units, int(hint.brought[pod, s, sku]))
            model.add(units <= most * visit[pod, s])
        model.add(sum(brought[pod, s, sku] for s in stations) <= int(stock[pod, sku]))
    for order in orders:
        model.add_exactly_one(at[order])
        for s in stations:
            model.add_hint(at[order][s], bool(hint.station[order] == s))
    for s in stations:
        model.add(sum(at[order][s] for order in orders) <= int(problem.most_orders[s]))
        for sku in np.flatnonzero(total).tolist():
            comes = [brought[key] for key in brought if key[1:] == (s, sku)]
            goes = (int(wanted[order, sku]) * at[order][s] for order in orders)
            model.add(sum(comes) == sum(goes))
    for order, sku in np.argwhere(wanted).tolist():
        holders = np.flatnonzero(stock[:, sku]).tolist()
        for s in stations:  # says nothing new, but brings the bound up
            model.add(sum(visit[pod, s] for pod in holders) >= at[order][s])
    if len(wanted) > 0 and (problem.most_orders == problem.most_orders[0]).all():
        model.add(at[0][int(hint.station[0])] == 1)  # stations are alike
    model.minimize(sum(visit.values()))
    solver = new_cp_solver(
        seed, deterministic_limit=deterministic_limit, time_limit_s=time_limit_s
    )
    status = solver.solve(model)
    bound = math.ceil(solver.best_objective_bound - 1e-6)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint, max(0.0, bound)
    chosen = [[solver.boolean_value(var) for var in row] for row in at]
    station = np.argmax(np.array(chosen).reshape(len(wanted), -1), 1)
    units = np.zeros_like(hint.brought)
    for key, var in brought.items():
        units[key] = solver.value(var)
    found = WindowChoice(station.astype(np.int32), units)
    return min(found, hint, key=lambda choice: choice.visits), max(0.0, bound)
