"""Windows of orders for a few pods, and what is wrong with a choice for one."""

import numpy as np

from solvers.pods.window.problem import WindowChoice, WindowProblem
from tests.window_check import faults


def window(seed: int, orders: int = 10, pods: int = 50) -> WindowProblem:
    """Orders of mostly one or two lines of skewed SKUs, pods of several."""
    rng = np.random.default_rng(seed)
    skus = 40
    share = 1.0 / np.arange(1, skus + 1)
    share /= share.sum()
    wanted = np.zeros((orders, skus), np.int32)
    stock = np.zeros((pods, skus), np.int32)
    for order in wanted:
        lines = rng.choice([1, 2, 3, 4], p=[0.54, 0.36, 0.09, 0.01])
        chosen = rng.choice(skus, lines, False, share)
        order[chosen] = rng.integers(1, 3, len(chosen))
    for pod in stock:
        chosen = rng.choice(skus, rng.integers(3, 9), False)
        pod[chosen] = rng.integers(1, 6, len(chosen))
    stock[rng.integers(pods, size=skus), np.arange(skus)] += wanted.sum(0)
    return WindowProblem(wanted, stock, np.array([orders // 2, orders - orders // 2]))


def wrong(problem: WindowProblem, choice: WindowChoice) -> list[str]:
    """Say which rules a choice breaks."""
    arrays = (problem.wanted, problem.stock, problem.most_orders)
    return faults(*(a.tolist() for a in (*arrays, choice.station, choice.brought)))
