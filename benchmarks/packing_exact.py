"""The cheapest cartons for a small order by CP-SAT: an oracle that shares no method."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solvers.cp_sat import new_cp_solver
from solvers.packing.carton_problem import CartonProblem

_SCALE = 1000
"""Costs and masses are whole thousandths."""


def cheapest_cost(problem: CartonProblem, below: float, limit_s: float) -> float | None:
    """Least cost of cartons for an order without support; None if time ran out.

    Parameters
    ----------
    problem : CartonProblem
        A few boxes, none fragile.
    below : float
        A cost that is known to do: no more is looked for.
    limit_s : float
    """
    boxes, cartons = problem.boxes, problem.cartons
    kinds = np.repeat(np.arange(boxes.kinds), boxes.copies).tolist()
    costs = np.rint(cartons.cost * _SCALE)
    model = cp_model.CpModel()
    slots = range(len(kinds))
    used = [[model.new_bool_var("") for _ in costs] for _ in slots]
    inside = [[model.new_bool_var("") for _ in slots] for _ in kinds]
    for slot in slots:
        model.add_at_most_one(used[slot])
        if slot:  # cartons in the order of their cost
            model.add(_sum(used[slot], costs) <= _sum(used[slot - 1], costs))
        for amounts, holds in (
            (boxes.volume, cartons.volume),
            (np.ceil(boxes.mass_kg * _SCALE - 1e-6), cartons.max_mass_kg * _SCALE),
        ):
            model.add(
                _sum([row[slot] for row in inside], amounts[kinds])
                <= _sum(used[slot], np.floor(holds))
            )
    places = []
    for i, kind in enumerate(kinds):
        model.add_exactly_one(inside[i])
        places.append(_place(model, problem, kind, inside[i], used))
    for i in range(len(kinds)):
        for j in range(i):
            _keep_apart(model, places[i], places[j], inside[i], inside[j])
    total = sum(_sum(row, costs) for row in used)
    model.add(total <= round(below * _SCALE))
    model.minimize(total)
    solver = new_cp_solver(1, workers=2, time_limit_s=limit_s)
    status = solver.solve(model)
    if status != cp_model.OPTIMAL:
        return None
    return float(solver.objective_value) / _SCALE


def _sum(row: list[cp_model.IntVar], weights: NDArray[Any]) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum(row, weights.astype(int).tolist())


def _place(
    model: cp_model.CpModel,
    problem: CartonProblem,
    kind: int,
    inside: list[cp_model.IntVar],
    used: list[list[cp_model.IntVar]],
) -> list[tuple[cp_model.IntVar, cp_model.LinearExpr]]:
    """Where a box begins along each axis and how long it is there."""
    cartons = problem.cartons
    ways = np.flatnonzero(problem.boxes.rotations[kind]).tolist()
    turns = [model.new_bool_var("") for _ in ways]
    model.add_exactly_one(turns)
    turned = problem.boxes.turned()[kind]
    place = []
    for axis in range(3):
        edge = _sum(turns, turned[ways, axis])
        start = model.new_int_var(0, int(cartons.size[:, axis].max()), "")
        for slot, here in enumerate(inside):
            length = _sum(used[slot], cartons.size[:, axis])
            model.add(start + edge <= length).only_enforce_if(here)
        place.append((start, edge))
    return place


def _keep_apart(
    model: cp_model.CpModel,
    one: list[tuple[cp_model.IntVar, cp_model.LinearExpr]],
    other: list[tuple[cp_model.IntVar, cp_model.LinearExpr]],
    one_inside: list[cp_model.IntVar],
    other_inside: list[cp_model.IntVar],
) -> None:
    """Let two boxes lie one before the other along an axis, or in two cartons."""
    apart = []
    for (a, a_edge), (b, b_edge) in zip(one, other, strict=True):
        for first, edge, second in ((a, a_edge, b), (b, b_edge, a)):
            before = model.new_bool_var("")
            model.add(first + edge <= second).only_enforce_if(before)
            apart.append(before)
    for here, there in zip(one_inside, other_inside, strict=True):
        model.add_bool_or([*apart, here.negated(), there.negated()])
