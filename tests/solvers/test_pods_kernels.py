"""Every decision with pods is the one that a slow and obvious version makes."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.pods import simulate
from solvers.pods.arrays import (
    IDLE,
    MOST_ROWS,
    NONE,
    ORDERS_GIVEN,
    ORDERS_KNOWN,
    PARTS,
    PICKS,
    STAYS,
    STOPS,
)
from solvers.pods.params import RULES, PodParams, PodRules
from solvers.pods.serving import VISIT
from solvers.pods.simulate import Simulation
from solvers.pods.ways import Ways
from tests.naive_pod_trips import World
from tests.pod_sites import pod_scenario
from warehouse.layout import CellKind
from warehouse.scenario import Battery, Orders, Scenario, Station, Stock

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]
SKUS = 6
STEPS = 50


@cache
def ways() -> Ways:
    return Ways(pod_scenario())


@cache
def charged_scenario() -> Scenario:
    """Return the site with one more station, and a charger for three robots."""
    scenario = pod_scenario()
    kinds = scenario.layout.kinds.copy()
    kinds[-1, 0] = CellKind.CHARGER
    kinds[-1, 2] = CellKind.DOCK
    cell = kinds.size - kinds.shape[1] + 2
    stations = (*scenario.stations, Station("P3", cell))
    scenario = replace(scenario, stations=stations)
    layout = replace(scenario.layout, kinds=kinds)
    battery = Battery(4.0, 100.0, 150.0, 5.0, 200.0, 900.0, reserve=0.05)
    fleet = replace(scenario.fleet, battery=battery)
    return replace(scenario, layout=layout, fleet=fleet)


@cache
def charged_ways() -> Ways:
    return Ways(charged_scenario())


def some_site(seed: int, rules: PodRules, charged: bool) -> Simulation:
    """Simulation of the small site with any stock, orders, slots, times and weights."""
    rng = np.random.default_rng(seed)
    scenario = charged_scenario() if charged else pod_scenario()
    stock = [
        (sku, cell, rng.integers(1, 5))
        for cell in scenario.pods.start_cells
        for sku in sorted(rng.permutation(SKUS)[: rng.integers(4)])
    ]
    pods = replace(
        scenario.pods,
        order_slots=rng.integers(1, 4, len(scenario.stations)).astype(np.int32),
        station_s_per_visit=rng.choice([0.0, 2.0]),
        station_s_per_line=rng.choice([0.0, 1.5]),
        station_s_per_unit=rng.choice([4.0, 10.0]),
        backlog=int(rng.choice([0, 1, 3, 6])),
    )
    scenario = replace(
        scenario,
        stock=Stock(*np.array(stock, np.int32).reshape(-1, 3).T.copy()),
        orders=some_orders(rng),
        pods=pods,
    )
    params = PodParams(
        rules=rules,
        held=int(rng.integers(3)),
        work_s=rng.choice([15.0, 75.0]),
        overhead_s=rng.choice([0.0, 30.0]),
        detour_rate=rng.choice([0.0, 0.05]),
        slot_worth=rng.choice([0.0, 1.0, 3.0]),
        rare_worth=rng.choice([0.0, 2.0]),
        least_gain=rng.choice([-0.5, 0.5]),
        wait_weight=rng.choice([1.0, 2.0]),
        scarce_worth=rng.choice([0.0, 1.0]),
        age_worth=rng.choice([0.0, 0.25]),
        due_worth=rng.choice([0.0, 3.0]),
        split_s=[None, 0.0, 20.0, 50.0][rng.integers(4)] if rules == "joint" else None,
        least_split=rng.choice([0.0, 1.0]),
    )
    if not charged:
        return Simulation(scenario, pods, params, seed, ways())
    fleet = scenario.fleet
    capacity_wh = rng.choice([2.0, 4.0, 8.0])
    battery = replace(fleet.battery, capacity_wh=capacity_wh)
    scenario = replace(scenario, fleet=replace(fleet, battery=battery))
    simulation = Simulation(scenario, pods, params, seed, charged_ways())
    levels = rng.uniform(0.05, 1.0, len(fleet)) * capacity_wh
    simulation.site.robots.level_wh = levels
    return simulation


def some_orders(rng: np.random.Generator) -> Orders:
    """Orders of up to three lines, some released later."""
    count = int(rng.integers(1, 25))
    lines = [
        (order, sku, rng.integers(1, 4))
        for order in range(count)
        for sku in sorted(rng.permutation(SKUS)[: rng.integers(1, 4)])
    ]
    return Orders(
        tuple(f"O{k}" for k in range(count)),
        rng.choice([0.0, 0.0, 30.0], count),
        rng.choice([np.inf, 10.0, 90.0, 700.0], count),
        np.zeros(count, np.int32),
        *np.array(lines, np.int32).T.copy(),
    )


class Held:
    """A simulation whose every call of a kernel is made on a `World` as well."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.world = World(simulation.site, simulation.ways)
        self.calls: set[str] = set()

    def twin(self, name: str, kernel: Callable) -> Callable:
        """Return a kernel that calls its twin as well and compares what they did."""

        def both(site, *arguments):
            result = kernel(site, *arguments)
            robots, world = site.traffic.robots, self.world
            states = 4 * robots.vertex.astype(int) + robots.heading
            if name == "dispatch":
                world.dispatch(arguments[0], states)
            elif name == "advance":
                world.advance(*arguments[:2], robots.vertex.tolist())
            elif name == "charge":
                world.charge(*arguments, robots.vertex.tolist())
            elif name == "call":
                world.call(*arguments[:3], states)
            elif name == "spend":
                world.spend(states != self.states)
            else:
                getattr(world, name)(*arguments)
            self.states = states
            self.calls.add(name)
            assert seen(site) == expected(world), name
            return result

        return both

    def step(self) -> None:
        names = ("reveal", "hold", "fill_slots", "advance", "dispatch")
        names += ("charge", "call", "spend")
        twins = {name: self.twin(name, getattr(simulate, name)) for name in names}
        with patch.multiple(simulate, **twins):
            self.simulation.step(lambda: False)


def seen(site):
    """Return all that decisions have come to, from the tables of a site."""
    rows = site.counts[ORDERS_GIVEN] + site.counts[PARTS]
    orders, robots, record = site.orders[:rows], site.robots, site.record
    busy = robots.phase != IDLE
    return {
        "known": int(site.counts[ORDERS_KNOWN]),
        "orders": orders[
            ["state", "station", "pinned", "slot", "open_s", "close_s", "unpromised"]
        ].tolist(),
        "lines": site.lines[["order", "left", "promised"]].tolist(),
        "wanted": [wanted(site, sku) for sku in range(len(site.skus))],
        "items": site.items.left.tolist(),
        "pods": site.pods[["spot", "in_use"]].tolist(),
        "slots": [
            row[: int(n)].tolist()
            for row, n in zip(site.slot_free_s, site.stations.slots, strict=True)
        ],
        "stations": site.stations[
            ["picker_free_s", "pinned", "inbound", "units"]
        ].tolist(),
        "robots": robots[["phase", "begun", "pod"]].tolist(),
        "goals": site.traffic.robots.goal[busy].tolist(),
        "visits": [
            visit[robot.next_row : robot.rows].tolist()
            for robot, visit in zip(robots, site.visits, strict=True)
        ],
        "stops": record.stops[: record.used[STOPS]].tolist(),
        "picks": record.picks[: record.used[PICKS]].tolist(),
        "levels": robots.level_wh.tolist(),
        "chargers": robots.charger.tolist(),
        "charges": record.charges[: record.used[STAYS]].tolist(),
    }


def wanted(site, sku):
    """Lines of a SKU that want units, as they are linked; there and back the same."""
    found, line = [], site.skus.head[sku]
    while line != NONE:
        found.append(int(line))
        line = site.lines.after[line]
    back, line = [], site.skus.tail[sku]
    while line != NONE:
        back.append(int(line))
        line = site.lines.before[line]
    assert back[::-1] == found
    return found


def number(value):
    return NONE if value is None else value


def expected(world):
    """Return the same as `seen`, from a world."""
    lines = (line for order in world.orders for line in order.all_lines)
    lines = sorted(lines, key=lambda line: line.index)
    return {
        "known": len(world.known),
        "orders": [
            (
                *(order.state, number(order.station), order.pinned),
                *(number(order.slot), order.open_s, order.close_s, order.unpromised),
            )
            for order in world.orders + world.parts
        ],
        "lines": [(line.order.index, line.left, line.promised) for line in lines],
        "wanted": [
            [line.index for line in world.wanted(sku)]
            for sku in range(len(world.site.skus))
        ],
        "items": [item.left for pod in world.pods for item in pod.items],
        "pods": [(number(pod.spot), pod.in_use) for pod in world.pods],
        "slots": world.slots,
        "stations": [
            (
                *(world.picker_free_s[station], world.kept(station)),
                *(len(world.coming(station)), world.coming_units(station)),
            )
            for station in world.stations
        ],
        "robots": [
            (r.phase, r.begun, NONE if r.pod is None else r.pod.index)
            for r in world.robots
        ],
        "goals": [r.goal for r in world.robots if r.phase != IDLE],
        "visits": [
            [[line.index, item.index, units] for line, item, units in r.rows[r.done :]]
            for r in world.robots
        ],
        "stops": world.stops,
        "picks": world.picks,
        "levels": [robot.level_wh for robot in world.robots],
        "chargers": [number(robot.charger) for robot in world.robots],
        "charges": world.charges,
    }


def assert_decided_alike(simulation: Simulation) -> None:
    held = Held(simulation)
    for _ in range(STEPS):
        held.step()
    assert {"reveal", "hold", "fill_slots", "advance"} <= held.calls


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.booleans())
def test_joint_decisions_are_those_of_the_slow_version(seed, charged):
    assert_decided_alike(some_site(seed, "joint", charged))


@pytest.mark.parametrize("rules", sorted(RULES.keys() - {"joint"}))
@settings(max_examples=8)
@given(st.integers(0, 2**31), st.booleans())
def test_simple_rules_are_those_of_the_slow_version(rules, seed, charged):
    assert_decided_alike(some_site(seed, rules, charged))


def test_a_line_that_gets_no_slot_is_not_promised_again():
    simulation = some_site(3, "joint", charged=False)
    simulation.site.slot_free_s[:] = np.inf
    for _ in range(2 * STEPS):
        simulation.step(lambda: False)
    assert (simulation.site.record.stops[:, 2] == VISIT).any()
    assert not simulation.site.visits[:, MOST_ROWS - 1].any()
