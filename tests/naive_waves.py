"""Slow, obvious versions of what `solvers.waves` computes, and small problems."""

from fractions import Fraction
from itertools import chain, combinations

import numpy as np
from hypothesis import strategies as st

from solvers.waves.problem import WaveProblem


def rows_of(start, item, quantity):
    """Rows as dicts of item to quantity."""
    rows = []
    for row in range(len(start) - 1):
        amounts = {}
        for line in range(start[row], start[row + 1]):
            name = int(item[line])
            amounts[name] = amounts.get(name, 0) + int(quantity[line])
        rows.append(amounts)
    return rows


def orders_of(problem):
    return rows_of(problem.order_start, problem.order_item, problem.order_quantity)


def stock_of(problem):
    return rows_of(problem.aisle_start, problem.aisle_item, problem.aisle_quantity)


def total(rows):
    amounts = {}
    for row in rows:
        for name, quantity in row.items():
            amounts[name] = amounts.get(name, 0) + quantity
    return amounts


def subsets(n):
    return chain.from_iterable(combinations(range(n), k) for k in range(n + 1))


def best_ratio(problem):
    """Try all orders with all aisles; None where no wave has enough units."""
    orders, stock = orders_of(problem), stock_of(problem)
    held = [(len(s), total(stock[a] for a in s)) for s in subsets(len(stock))]
    best = None
    for chosen in subsets(len(orders)):
        asked = total(orders[o] for o in chosen)
        units = sum(asked.values())
        if not problem.least_units <= units <= problem.most_units:
            continue
        for aisles, amounts in held:
            if all(amounts.get(i, 0) >= q for i, q in asked.items()):
                ratio = Fraction(units, aisles) if aisles else Fraction(0)
                best = ratio if best is None else max(best, ratio)
                break  # fewer aisles come first
    return best


def best_use(quantities, c):
    """Largest sum of some quantities that is at most c."""
    sums = (sum(quantities[k] for k in s) for s in subsets(len(quantities)))
    return max(value for value in sums if value <= c)


def wave_problem(items, orders, stock, least, most):
    """Problem of rows of (item, quantity) pairs."""
    columns = []
    for rows in (orders, stock):
        start = np.cumsum([0, *map(len, rows)])
        pairs = np.array([pair for row in rows for pair in row], np.int64)
        pairs = pairs.reshape(-1, 2)
        columns += [start, pairs[:, 0], pairs[:, 1]]
    return WaveProblem(items, *columns, least, most)


@st.composite
def wave_problems(draw, most_orders=6, most_aisles=5, most_items=4):
    """Few orders and aisles, of one line or several, feasible or not."""
    items = draw(st.integers(1, most_items))
    single = draw(st.booleans())

    def rows(count, longest, low, high):
        pair = st.tuples(st.integers(0, items - 1), st.integers(low, high))
        row = st.lists(pair, min_size=1, max_size=longest)
        return draw(st.lists(row, min_size=1, max_size=count))

    orders = rows(most_orders, 1 if single else 3, 1, 4)
    stock = rows(most_aisles, 4, 0, 5)
    least = draw(st.integers(0, 8))
    return wave_problem(items, orders, stock, least, least + draw(st.integers(0, 12)))
