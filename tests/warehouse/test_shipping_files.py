"""Cartons, doors, trucks and carriers of a scenario folder."""

from dataclasses import replace

import numpy as np
import pytest

from tests.warehouse.scenario_files import ORDERS, SCENARIO, edited, write_folder
from tests.warehouse.shipping_files import CARTONS, SHIPPED, SKUS, TRUCKS, shipped
from warehouse.cutoffs import packing_due_s, timely_trucks, transfer_s
from warehouse.errors import InputError
from warehouse.formats.scenario_folder import read_scenario, write_scenario

DOOR = '[[door]]\nname = "D1"\nrow = 6\ncol = 4\n'


def without(file, files):
    return {name: text for name, text in files.items() if name != file}


BAD = {
    "carriers without trucks": (
        without(TRUCKS, shipped((SCENARIO, 'trucks = "trucks.csv"\n', ""))), {"E520"},
    ),
    "a carrier without a truck": (shipped((ORDERS, "0,600,1,road", "0,600,1,rail"),
                                          (ORDERS, "0,600,1,road", "0,600,1,rail")),
                                  {"E521"}),
    "lines of two carriers": (shipped((ORDERS, "1,road\nO2", "1,\nO2")), {"E189"}),
    "a truck without a door": (shipped((TRUCKS, "road,D1,900", "road,D9,900")),
                               {"E522"}),
    "a door in a wall": (shipped((SCENARIO, "row = 6\ncol = 4", "row = 6\ncol = 5")),
                         {"E523"}),
    "a door off the map": (shipped((SCENARIO, "row = 6\ncol = 4", "row = 9\ncol = 4")),
                           {"E134"}),
    "a door twice": (shipped((SCENARIO, DOOR, DOOR + "\n" + DOOR)), {"E524"}),
    "two doors in one place": (
        shipped((SCENARIO, DOOR, DOOR + "\n" + DOOR.replace("D1", "D2"))), {"E524"},
    ),
    "trucks without cartons": (
        shipped((SCENARIO, 'cartons = "cartons.csv"\n', "")), {"E525", "E527"},
    ),
    "packing without cartons": (
        edited((SCENARIO, "[service]", "[packing]\nsupport = 0.5\n\n[service]")),
        {"E527"},
    ),
    "cartons without sizes": (
        without(SKUS, shipped((SCENARIO, 'skus = "skus.csv"\n', ""))), {"E528"},
    ),
    "a carton without a size": (shipped((CARTONS, "L,0.4", "L,0")), {"E117"}),
    "a share above 1": (shipped((SCENARIO, "transfer_s = 20.0", "support = 2")),
                        {"E117"}),
    "a misspelt key": (shipped((SCENARIO, "transfer_s", "transfers_s")), {"E122"}),
    "a carrier that cannot be printed": (
        shipped((ORDERS, "1,road\nO2", "1,ro\x07ad\nO2")), {"E118"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_named(case, tmp_path):
    files, codes = BAD[case]
    with pytest.raises(InputError) as refused:
        read_scenario(write_folder(tmp_path, files))
    found = {fault.code for fault in refused.value.faults}
    assert codes <= found, str(refused.value)


def test_a_folder_with_trucks_comes_back(tmp_path):
    site = read_scenario(write_folder(tmp_path / "a", SHIPPED))
    assert site.orders.carrier == ("road", "")
    assert site.shipping.rules.s_per_carton == 4.0
    assert site.shipping.trucks.departs_s.tolist() == [300, 900]
    assert np.isnan(site.shipping.units.mass_kg[1]) and site.sku_mass_kg[1] == 0
    assert site.shipping.units.this_side_up.tolist() == [False, True, False]
    write_scenario(site, tmp_path / "b")
    again = read_scenario(tmp_path / "b")
    write_scenario(again, tmp_path / "c")
    for file in (tmp_path / "b").iterdir():
        assert file.read_bytes() == (tmp_path / "c" / file.name).read_bytes()
    assert again.orders.carrier == site.orders.carrier


def test_a_size_that_is_none_is_no_fault_of_the_folder(tmp_path):
    files = shipped((SKUS, "A,0.1", "A,-0.1"), (SKUS, "C,0.3", "C,"))
    site = read_scenario(write_folder(tmp_path, files))
    assert site.shipping.units.size_m[0, 0] == -0.1
    assert np.isnan(site.shipping.units.size_m[2, 0])


def test_sizes_of_skus_that_are_not_listed_are_not_known(tmp_path):
    files = shipped((SKUS, "C,0.3,0.2,0.1,2,0,1\n", ""))
    site = read_scenario(write_folder(tmp_path, files))
    assert site.sku_names == ("A", "B", "C")
    assert np.isnan(site.shipping.units.size_m[2]).all()


def test_an_order_is_due_before_its_last_truck_in_time(tmp_path):
    site = read_scenario(write_folder(tmp_path, SHIPPED))
    # Docks at row 5, cols 2 and 6; the door at row 6, col 4: three cells at 1 m/s.
    assert transfer_s(site).tolist() == [[23.0, 23.0]] * 2
    assert timely_trucks(site).tolist() == [[True, False], [False, False]]
    assert packing_due_s(site).tolist() == [[277.0, 277.0], [np.inf, np.inf]]
    orders = replace(site.orders, due_s=np.array([np.inf, 40.0]))
    assert packing_due_s(replace(site, orders=orders))[:, 0].tolist() == [877.0, 40.0]
    orders = replace(site.orders, due_s=np.array([200.0, np.inf]))
    assert packing_due_s(replace(site, orders=orders))[0, 0] == 200.0
