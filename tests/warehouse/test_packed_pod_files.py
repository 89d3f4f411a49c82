"""Files of sites with pods and cartons: read, written, and refused."""

import numpy as np
import pytest

from tests.mixed_sites import mixed_scenario
from tests.packed_pod_sites import SETTINGS, packed_plan, packed_scenario, write_files
from tests.pod_sites import SCENARIO, write_site
from warehouse.errors import InputError
from warehouse.formats.plan_csv import write_plan_csv
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario, write_scenario
from warehouse.generate import ShippingParams, add_shipping
from warehouse.shipping_notices import find_notices


def faults_of(folder):
    with pytest.raises(InputError) as caught:
        read_scenario(folder)
    return {fault.code: str(fault) for fault in caught.value.faults}


def test_packers_and_times_of_packing_are_read():
    scenario = packed_scenario()
    assert [station.packers for station in scenario.stations] == [1, 2]
    assert scenario.service.pack_s_per_order == 20.0
    assert scenario.pack_s(2, 1, 1) == 20.0 + 2 * 4.0 + 3.0 + 6.0
    assert scenario.hand_s(2, 3) == 30.0
    assert find_notices(scenario) == []


def test_a_folder_comes_back_as_it_was_written(tmp_path):
    scenario = packed_scenario()
    write_scenario(scenario, tmp_path / "one")
    again = read_scenario(tmp_path / "one")
    write_scenario(again, tmp_path / "other")
    assert again.service == scenario.service
    assert again.stations == scenario.stations
    assert again.shipping.rules == scenario.shipping.rules
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()


def test_a_plan_file_holds_packing_and_cartons(tmp_path):
    plan = packed_plan()
    write_plan(plan, tmp_path / "packed.plan.npz")
    again = read_plan(tmp_path / "packed.plan.npz")
    assert np.array_equal(again.packing, plan.packing)
    for table in ("cartons", "units", "loads"):
        read, given = (getattr(p.consignment, table) for p in (again, plan))
        assert np.array_equal(read, given)
    assert again.scenario.stations == plan.scenario.stations


def test_tables_say_who_packs_what(tmp_path):
    write_plan_csv(packed_plan(), tmp_path)
    rows = (tmp_path / "packing.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 13
    assert (tmp_path / "open_orders.csv").exists()
    assert (tmp_path / "carton_units.csv").exists()


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('kind = "pod"', 'kind = "pod"\n[service]\npack_s_per_order = 9', "[service]"),
        ("order_slots = 2", "order_slots = 2\npackers = 2", "[[station]]"),
    ],
)
def test_packing_without_cartons_is_refused(tmp_path, before, after, place):
    text = SCENARIO.replace(before, after)
    faults = faults_of(write_site(tmp_path, scenario__toml=text))
    assert set(faults) == {"E122"} and place in faults["E122"]


def test_times_of_picking_from_racks_are_refused(tmp_path):
    text = SETTINGS.replace("[service]", "[service]\npick_s_per_line = 3.0")
    faults = faults_of(write_files(tmp_path, scenario__toml=text))
    assert set(faults) == {"E122"}


def test_a_station_without_packers_is_refused(tmp_path):
    text = SETTINGS.replace("packers = 2", "packers = 0")
    assert set(faults_of(write_files(tmp_path, scenario__toml=text))) == {"E117"}


def test_a_truck_that_nothing_can_reach_is_named(tmp_path):
    trucks = "carrier,door,departs_s\nroad,D1,20\nroad,D1,900\n"
    scenario = read_scenario(write_files(tmp_path, trucks__csv=trucks))
    [notice] = find_notices(scenario)
    assert notice.code == "E531" and "truck of road at 20 s" in notice.place


def test_sites_with_racks_and_pods_have_no_cartons():
    with pytest.raises(InputError, match="its robots carry totes and pods"):
        add_shipping(mixed_scenario(), ShippingParams())
