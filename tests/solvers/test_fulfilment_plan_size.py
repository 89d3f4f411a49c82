"""Scenarios whose plan would be endless are refused; long ones are planned."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.fulfilment import plan_scenario
from solvers.fulfilment.plan_size import refuse_endless
from tests.planning import ONCE
from tests.solvers.test_fulfilment import make_orders, make_scenario
from warehouse.errors import SolverError
from warehouse.scenario import Service


def served(quantity, units):
    return make_scenario(make_orders([(0, 0, quantity), (1, 1, 1)]), units=units)


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (served(10**9, 10**9), "to pick and pack the orders takes 2e+09 s"),
        (served(10**7, 10**7), "look for a quantity"),
        (
            make_scenario(make_orders([(0, 0, 1)], release_s=1e8)),
            "the last order is released at 100000000 s",
        ),
        (
            replace(served(2, 9), service=Service(pick_s_per_line=1e8)),
            "a service time or a speed",
        ),
    ],
)
def test_what_never_ends_is_refused(scenario, words):
    with pytest.raises(SolverError) as refused:
        plan_scenario(scenario, ONCE)
    assert refused.value.code == "E340"
    assert words in str(refused.value)


def test_only_what_robots_would_fetch_counts():
    refuse_endless(served(10**9, 50))  # most is not in stock
    masses = np.ones(6)
    heavy = served(10**9, 10**9)
    fleet = replace(heavy.fleet, max_mass_kg=20.0)
    refuse_endless(replace(heavy, fleet=fleet, sku_mass_kg=masses))
