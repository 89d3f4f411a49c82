"""Kernels are made ready by a small site that is like the given one."""

import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import layouts
from solvers.fulfilment import plan_scenario
from solvers.mixed.planner import plan_mixed
from solvers.pods.planner import plan_pods
from solvers.result import Stop
from solvers.site_kernels import load_kernels, small_likeness
from tests.battery_sites import battery_scenario
from tests.mixed_sites import mixed_scenario
from tests.pod_sites import pod_scenario
from tests.refill_sites import refill_scenario
from tests.staffed_sites import staff_of, staffed
from warehouse.check import check_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import ShippingParams, add_shipping


@pytest.fixture(scope="module")
def small():
    return read_scenario(layouts.folder("small"))


@pytest.mark.parametrize("every_s", [None, 0.0, 600.0])
def test_a_site_with_totes_has_what_the_given_one_has(small, every_s):
    if every_s is not None:
        small = add_shipping(small, ShippingParams(trucks_every_s=every_s))
    release_s = np.where(np.arange(len(small.orders)) % 2, 60.0, 0.0)
    orders = replace(small.orders, release_s=release_s)
    site = replace(small, orders=orders, fleet=replace(small.fleet, motion="rotate"))
    likeness = small_likeness(site)
    assert likeness.fleet.motion == "rotate"
    assert 0 < np.count_nonzero(likeness.orders.release_s) < len(likeness.orders)
    assert (likeness.shipping is None) == (every_s is None)
    if likeness.shipping is not None:
        assert (likeness.shipping.trucks is None) == (every_s == 0.0)


def test_packers_of_the_likeness_have_shifts_and_breaks(small):
    people = [("A", 0, 0, 600, 1, ""), ("B", 1, 0, 900, 1, ""), ("C", 1, 9, 99, 2, "")]
    likeness = small_likeness(staffed(small, staff_of(*people)))
    assert likeness.staff.counts(2) == [1, 1]
    assert len(likeness.staff.breaks.packer) == 1
    plan = plan_scenario(likeness, Stop(iterations=2)).solution
    assert check_plan(plan) == []
    assert len(plan.packing) == len(likeness.orders)


@pytest.mark.parametrize(
    "site", [pod_scenario(), battery_scenario(), refill_scenario(), mixed_scenario()]
)
def test_a_site_with_pods_has_what_the_given_one_has(site):
    likeness = small_likeness(site)
    assert likeness.is_mixed == site.is_mixed
    assert (likeness.replenishment is None) == (site.replenishment is None)
    assert (likeness.fleet.battery is None) == (site.fleet.battery is None)


def test_robots_of_all_kinds_work_on_it():
    for planner, site in (
        (plan_pods, battery_scenario()),
        (plan_pods, refill_scenario()),
    ):
        plan = planner(small_likeness(site)).solution
        assert len(plan.unserved) == 0
        assert len(plan.pod_work.picks)
    plan = plan_mixed(small_likeness(mixed_scenario())).solution
    assert len(plan.picks)
    assert len(plan.pod_work.picks)


def test_an_interrupt_while_kernels_are_loaded_ends_the_command(small):
    def interrupt(_):
        signal.raise_signal(signal.SIGINT)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("solvers.fulfilment.planner._Search._out_of_time", interrupt)
        with pytest.raises(KeyboardInterrupt):
            load_kernels(plan_scenario, small)


LOADED = """
from numba.core.dispatcher import Dispatcher
from solvers.mixed.planner import plan_mixed
from solvers.pods.planner import plan_pods
from solvers.site_kernels import load_kernels
from tests.{sites} import {site}

site = {site}()
load_kernels({planner}, site)
compile_or_load = Dispatcher.compile

def told(self, types):
    print(self.py_func.__name__)
    return compile_or_load(self, types)

Dispatcher.compile = told
{planner}(site)
"""


@pytest.mark.parametrize(
    ("planner", "sites", "site"),
    [
        ("plan_pods", "battery_sites", "battery_scenario"),
        ("plan_pods", "refill_sites", "refill_scenario"),
        ("plan_mixed", "mixed_sites", "mixed_scenario"),
    ],
)
def test_nothing_is_left_to_be_loaded(planner, sites, site):
    code = LOADED.format(planner=planner, sites=sites, site=site)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
