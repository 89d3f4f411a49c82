"""Sites with racks and pods: their files, and those of their plans."""

from dataclasses import replace

import numpy as np
import pytest

from tests.mixed_sites import mixed_plan, mixed_scenario
from tests.warehouse import bad_mixed
from tests.warehouse.scenario_files import write_folder
from warehouse.check import check_plan
from warehouse.errors import InputError
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario, write_scenario
from warehouse.layout import CellKind
from warehouse.mixed_fitness import find_mixed_faults
from warehouse.mixed_metrics import measure_mixed
from warehouse.scenario import RobotKind


@pytest.mark.parametrize("name", bad_mixed.CASES)
def test_fault_names_its_place(name, tmp_path):
    files, code, place, found = bad_mixed.CASES[name]
    with pytest.raises(InputError) as caught:
        read_scenario(write_folder(tmp_path / "tiny", files))
    hits = [f for f in caught.value.faults if (f.code, f.place) == (code, place)]
    assert hits, [str(fault) for fault in caught.value.faults]
    assert any(found in hit.found for hit in hits)
    assert all(fault.needed for fault in caught.value.faults)


def test_a_site_that_is_written_is_read_back(tmp_path):
    site = mixed_scenario()
    write_scenario(site, tmp_path)
    again = read_scenario(tmp_path)
    assert again.is_mixed
    kinds = [RobotKind.TOTE, RobotKind.POD, RobotKind.TOTE, RobotKind.POD]
    assert again.fleet.kinds.tolist() == kinds
    assert again.fleet.tote_slots == 2
    assert again.service == site.service
    assert [station.packers for station in again.stations] == [1, 2]
    assert again.pods.order_slots.tolist() == [2, 3]
    assert np.array_equal(again.stock.cell, site.stock.cell)


def test_other_sites_have_no_faults_of_this_kind():
    site = mixed_scenario()
    alone = replace(site, fleet=replace(site.fleet, kinds=None))
    walls = np.full_like(site.layout.kinds, CellKind.POD_SPOT)
    nowhere = replace(alone, layout=replace(site.layout, kinds=walls))
    assert find_mixed_faults(nowhere, "layout.toml") == []


def test_a_plan_that_is_written_is_read_back(tmp_path):
    plan = mixed_plan()
    path = tmp_path / "x.plan.npz"
    write_plan(plan, path)
    again = read_plan(path)
    assert check_plan(again) == []
    assert again.scenario.fleet.kinds.tolist() == [0, 1, 0, 1]
    assert np.array_equal(again.shares, plan.shares)
    with np.load(path) as members:
        assert '"format_version": 4' in members["meta"].item()


@pytest.mark.parametrize("name", ["robot_kinds", "line_shares", "pod_cells"])
def test_a_plan_without_one_of_its_tables_is_refused(name, tmp_path):
    path = tmp_path / "x.plan.npz"
    write_plan(mixed_plan(), path)
    with np.load(path) as members:
        kept = {key: members[key] for key in members if key != name}
    np.savez(path, **kept)
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert caught.value.faults[0].code == "E207"


def test_a_table_of_another_length_is_refused(tmp_path):
    plan = mixed_plan()
    path = tmp_path / "x.plan.npz"
    write_plan(replace(plan, shares=plan.shares[:-1]), path)
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert [fault.code for fault in caught.value.faults] == ["E209"]


def test_figures_add_up():
    plan = mixed_plan()
    figures = measure_mixed(plan)
    assert figures.orders == figures.orders_served == len(plan.scenario.orders)
    of_kinds = figures.orders_from_racks + figures.orders_from_pods
    assert of_kinds + figures.orders_from_both == figures.orders
    assert figures.orders_from_both == 3
    units = figures.racks.units + figures.pods.units
    assert units == plan.scenario.orders.line_quantity.sum()
    assert (figures.racks.robots, figures.pods.robots) == (2, 2)
    assert figures.makespan_s >= figures.bound_s > 0
    assert figures.to_dict()["racks"]["units"] == figures.racks.units


def test_figures_of_other_plans_are_refused():
    plan = mixed_plan()
    with pytest.raises(ValueError, match="both kinds"):
        measure_mixed(replace(plan, pod_work=None))
