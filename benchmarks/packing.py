"""Packing: published containers, and the orders of a real site in twelve cartons."""

import time
from typing import Final

import numpy as np

from benchmarks.packing_exact import cheapest_cost
from benchmarks.packing_orders import catalogue, order_problems, read_orders
from benchmarks.packing_others import Packed, by_py3dbp, first_fit_decreasing
from benchmarks.registry import ORDERS, Run, spec
from solvers.cli.laid_boxes import boxes_of
from solvers.packing.beam_search import solve as load
from solvers.packing.carton_problem import CartonProblem
from solvers.packing.cartons import solve as pack
from solvers.packing.many_orders import solve_many
from solvers.packing.problem import Boxes, LoadProblem
from solvers.packing.published import load_problem
from solvers.result import Result, Stop
from warehouse.check.cartons import GivenCarton, check_cartons
from warehouse.check.load import GivenBox, LaidBox, check_load
from warehouse.formats.packing_csv import read_packing_set
from warehouse.generate.shipping import draw_units

LIMIT_S: Final = 5.0
EVERY: Final = 10
SMALL_ORDERS: Final = 100
MOST_UNITS: Final = 6
ORACLE_S: Final = 60.0


def given(boxes: Boxes) -> list[GivenBox]:
    """Boxes that may lie any way, as the checker takes them."""
    return [
        GivenBox((a, b, c), copies, mass_kg=mass_kg)
        for (a, b, c), copies, mass_kg in zip(
            boxes.size.tolist(), boxes.copies.tolist(), boxes.mass_kg.tolist(),
            strict=True,
        )
    ]  # fmt: skip


def filled_percent(
    problem: LoadProblem, ways: list[frozenset[str]], seed: int, limit_s: float
) -> float:
    """Percent of a container that is filled in time; the checker has looked at it."""
    result = load(problem, Stop(limit_s), seed=seed)
    assert result.solution is not None
    sizes = [(a, b, c) for a, b, c in problem.boxes.size.tolist()]
    kinds = [
        GivenBox(size, copies, way)
        for size, copies, way in zip(
            sizes, problem.boxes.copies.tolist(), ways, strict=True
        )
    ]
    laid = [LaidBox(*box) for box in boxes_of(result.solution, sizes)]
    broken = check_load(
        kinds, problem.container.tolist(), laid, support=problem.support
    )
    if broken:
        raise RuntimeError(f"a load breaks a rule: {broken[0]}")
    volume = sum(int(np.prod(box.edges)) for box in laid)
    return 100 * volume / problem.volume


@spec(
    "packing-load",
    "Every 10th of BR1 to BR7, 5 s each: percent of the container that is filled, "
    "without support and with full support",
    needs_data="orders/packing3d",
    seeds=(0,),
    group=ORDERS,
)
def packing_load(run: Run) -> dict[str, float]:
    instances = list(read_packing_set(run.data / "BR1_7.tgz"))
    figures: dict[str, float] = {}
    for name, support in (("free", 0.0), ("supported", 1.0)):
        by_class: dict[str, list[float]] = {}
        for one in instances[:: 350 if run.smoke else EVERY]:
            ways = [frozenset(item.ways) for item in one.items]
            problem, limit_s = load_problem(one, support), 0.5 if run.smoke else LIMIT_S
            percent = filled_percent(problem, ways, run.seed, limit_s)
            by_class.setdefault(one.name[:3], []).append(percent)
        for group, values in by_class.items():
            figures[f"{group}_{name}_percent"] = float(np.mean(values))
        values = [value for group in by_class.values() for value in group]
        figures[f"mean_{name}_percent"] = float(np.mean(values))
    return figures


def drawn_orders(run: Run) -> list[CartonProblem]:
    """Orders of the large site with drawn sizes; a few of them for a smoke run."""
    orders = read_orders(run.data / "orders.csv")
    problems = order_problems(orders, run.seed, 0.0)
    return problems[:: 200 if run.smoke else 1]


def broken_rules(problem: CartonProblem, packed: Packed) -> list[str]:
    """Rules that the cartons of an order break."""
    cartons = problem.cartons
    given_cartons = [
        GivenCarton((a, b, c), limit, cost)
        for (a, b, c), limit, cost in zip(
            cartons.size.tolist(), cartons.max_mass_kg.tolist(), cartons.cost.tolist(),
            strict=True,
        )
    ]  # fmt: skip
    cost = float(sum(cartons.cost[carton] for carton, _ in packed))
    found = check_cartons(given(problem.boxes), given_cartons, packed, cost)
    return [str(violation) for violation in found]


def litres(problem: CartonProblem, packed: Packed) -> float:
    """What the cartons of an order hold together."""
    return float(sum(problem.cartons.cost[carton] for carton, _ in packed))


def packed_by(problem: CartonProblem, result: Result) -> Packed:
    """Our cartons as the checker takes them."""
    sizes = [(a, b, c) for a, b, c in problem.boxes.size.tolist()]
    return [
        (one.carton, [LaidBox(*box) for box in boxes_of(one.load, sizes)])
        for one in result.solution or ()
    ]


@spec(
    "packing-orders",
    "2,625 orders of the large site in 12 cartons, sizes drawn: litres of carton, "
    "percent above the lower bound, beside first fit decreasing",
    needs_data="mercado/large",
    group=ORDERS,
)
def packing_orders(run: Run) -> dict[str, float]:
    problems = drawn_orders(run)
    began = time.perf_counter()
    results = solve_many(problems, Stop(), seed=run.seed)
    took_s = time.perf_counter() - began
    ours = [packed_by(*pair) for pair in zip(problems, results, strict=True)]
    began = time.perf_counter()
    simple = [first_fit_decreasing(problem) for problem in problems]
    simple_s = time.perf_counter() - began
    for problem, *ways in zip(problems, ours, simple, strict=True):
        for packed in ways:
            broken = broken_rules(problem, packed)
            if broken:
                raise RuntimeError(f"an order breaks a rule: {broken[0]}")
    bound = sum(result.lower_bound for result in results)
    total = sum(map(litres, problems, ours))
    first_fit = sum(map(litres, problems, simple))
    return {
        "litres": total,
        "above_bound_percent": 100 * (total / bound - 1),
        "proved_percent": 100
        * float(np.mean([result.gap < 1e-9 for result in results])),
        "time_s": took_s,
        "cartons": float(sum(map(len, ours))),
        "first_fit_litres": first_fit,
        "first_fit_above_bound_percent": 100 * (first_fit / bound - 1),
        "first_fit_time_s": simple_s,
    }


@spec(
    "packing-py3dbp",
    "The same orders by py3dbp: the cheapest carton that it packs all into, "
    "the largest filled first where there is none",
    needs_data="mercado/large",
    group=ORDERS,
    needs_package="py3dbp",
)
def packing_py3dbp(run: Run) -> dict[str, float]:
    problems = drawn_orders(run)
    began = time.perf_counter()
    packed = [by_py3dbp(problem) for problem in problems]
    took_s = time.perf_counter() - began
    broken = sum(
        bool(broken_rules(*pair)) for pair in zip(problems, packed, strict=True)
    )
    return {
        "litres": sum(map(litres, problems, packed)),
        "time_s": took_s,
        "broken_orders": float(broken),
    }


def small_order(seed: int) -> CartonProblem:
    """An order of 2 to 6 drawn units."""
    rng = np.random.default_rng(seed)
    units = int(rng.integers(2, MOST_UNITS + 1))
    kinds = np.sort(rng.integers(0, units, units))
    copies = np.unique(kinds, return_counts=True)[1]
    size, mass_kg = draw_units(rng, len(copies))
    boxes = Boxes(
        size, copies.astype(np.int32), np.ones((len(copies), 6), bool), mass_kg,
        np.zeros(len(copies), bool),
    )  # fmt: skip
    return CartonProblem(boxes, catalogue())


@spec(
    "packing-exact",
    "100 drawn orders of 2 to 6 units: how many cost what CP-SAT proves to be least",
    seeds=(0,),
    group=ORDERS,
)
def packing_exact(run: Run) -> dict[str, float]:
    equal = unknown = 0
    orders = 3 if run.smoke else SMALL_ORDERS
    for seed in range(orders):
        problem = small_order(run.seed * 1000 + seed)
        cost = pack(problem, Stop()).objective
        least = cheapest_cost(problem, cost, ORACLE_S)
        unknown += least is None
        equal += least is not None and cost <= least + 1e-3
    return {"equal": equal, "not_known": unknown, "orders": orders}
