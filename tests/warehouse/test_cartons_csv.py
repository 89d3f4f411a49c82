"""Orders to pack: sizes of SKUs and a catalogue of cartons."""

import numpy as np
import pytest

from warehouse.errors import InputError
from warehouse.formats.cartons_csv import has_cartons, read_packing_orders
from warehouse.formats.stock_csv import parse_skus

CARTONS = "carton,length_m,width_m,height_m,max_mass_kg,cost\nS,0.2,0.15,0.1,5,0.5\n"
SKUS = (
    "sku,length_m,width_m,height_m,mass_kg,this_side_up,fragile\n"
    "A,0.1,0.1,0.05,0.3,1,\nB,0.2,0,,-1,,1\n"
)
ORDERS = "order,sku,quantity\no1,A,3\no1,B,1\n"


@pytest.fixture
def folder(tmp_path):
    for name, text in (("cartons", CARTONS), ("skus", SKUS), ("orders", ORDERS)):
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def faults_of(folder):
    with pytest.raises(InputError) as error:
        read_packing_orders(folder)
    return str(error.value)


def test_what_the_tables_say(folder):
    given = read_packing_orders(folder)
    assert has_cartons(folder)
    assert given.catalogue.names == ("S",)
    assert given.catalogue.cost.tolist() == [0.5]
    assert given.units.this_side_up.tolist() == [True, False]
    assert given.units.fragile.tolist() == [False, True]
    # Sizes that cannot be are left for the orders that ask for the SKU.
    assert given.units.size_m[1, :2].tolist() == [0.2, 0.0]
    assert np.isnan(given.units.size_m[1, 2]) and given.units.mass_kg[1] == -1
    assert given.orders.line_quantity.tolist() == [3, 1]


def test_a_scenario_may_name_the_tables(folder):
    (folder / "cartons.csv").rename(folder / "boxes.csv")
    (folder / "scenario.toml").write_text('cartons = "boxes.csv"\n')
    assert read_packing_orders(folder).catalogue.names == ("S",)


def test_mass_and_cost_are_optional(folder):
    (folder / "cartons.csv").write_text(
        "carton,length_m,width_m,height_m\nS,0.2,0.1,0.1\nL,0.5,0.4,0.1\n"
    )
    catalogue = read_packing_orders(folder).catalogue
    assert catalogue.max_mass_kg.tolist() == [np.inf, np.inf]
    assert catalogue.cost.tolist() == pytest.approx([2.0, 20.0])


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("cartons", CARTONS + "S,1,1,1,1,1\n", "E137 cartons.csv, line 3"),
        ("cartons", CARTONS.splitlines()[0] + "\n", "E138 cartons.csv: there is no"),
        ("cartons", CARTONS + "T,1,0,1,1,1\n", "E117 cartons.csv, line 3"),
        ("cartons", CARTONS + "T,1,-1,1,1,1\n", "column width_m"),
        ("cartons", CARTONS + "T,1,,1,1,1\n", "E115 cartons.csv, line 3"),
        ("cartons", CARTONS + "T,1,1,1,0,1\n", "column max_mass_kg"),
        ("cartons", "carton,length_m\nS,1\n", "E111"),
        ("skus", SKUS + "A,1,1,1,1,0,0\n", "E141 skus.csv, line 4"),
        ("skus", SKUS + "C,1,1,1,1,2,0\n", "column this_side_up"),
        ("skus", "sku,length_m,width_m\nA,1,1\n", "column height_m is missing"),
        ("orders", ORDERS + "o2,Z,1\n", "E181 orders.csv, line 4"),
    ],
)
def test_what_is_wrong_is_named(folder, name, text, fault):
    (folder / f"{name}.csv").write_text(text)
    assert fault in faults_of(folder)


def test_all_tables_are_looked_at(folder):
    (folder / "cartons.csv").write_text(CARTONS + "S,1,1,1,1,1\n")
    (folder / "skus.csv").write_text(SKUS + "A,1,1,1,1,0,0\n")
    assert {line[:4] for line in faults_of(folder).splitlines()} == {"E137", "E141"}


def test_a_plan_reads_how_units_are_handled_and_does_not_mind(folder):
    faults = []
    path = folder / "skus.csv"
    path.write_text("sku,mass_kg,this_side_up,fragile\nA,1,1,\nB,2,,0\n")
    assert parse_skus(path, {}, faults)[0] and faults == []
    path.write_text("sku,fragile\nA,perhaps\n")
    assert not parse_skus(path, {}, faults)[0]
    assert [fault.code for fault in faults] == ["E116"]
