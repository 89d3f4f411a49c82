"""The RAFS data: three files become a site with racks and robots with totes."""

import tarfile

import numpy as np
import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from tests.warehouse.rawsim_files import (
    RAFS_LAYOUT,
    RAFS_ORDERS,
    RAFS_PODS,
    write_rafs,
)
from warehouse.errors import InputError
from warehouse.formats.rafs import rafs_scenario, read_rafs
from warehouse.formats.scenario_folder import read_scenario
from warehouse.grid import Grid
from warehouse.layout import CellKind

FLOOR = [
    "#############",
    "#P..........#",
    "#.####SS###.#",
    "#...........#",
    "######S######",
]


def test_instance_becomes_racks_beside_the_places_to_pick_at(tmp_path):
    site = rafs_scenario(read_rafs(*write_rafs(tmp_path)))
    assert site.layout.rows() == FLOOR
    assert site.layout.cell_size_m == 0.9
    assert site.pods is None
    assert site.fleet.max_mass_kg == 5.0
    assert site.fleet.start_cells.tolist() == [site.stations[0].cell]
    lies = {
        (site.sku_names[sku], *site.layout.row_col(cell)): int(units)
        for sku, cell, units in zip(
            site.stock.sku, site.stock.cell, site.stock.quantity, strict=True
        )
    }
    assert lies == {
        ("red/a", 2, 6): 4,
        ("blue/b", 2, 6): 9,
        ("red/a", 2, 7): 9,
        ("green/c", 4, 6): 2,
    }


def test_orders_add_up_positions_of_one_item_and_know_when_they_come(tmp_path):
    orders = read_rafs(*write_rafs(tmp_path)).goods.orders
    assert orders.line_order.tolist() == [0, 0, 1]
    assert orders.line_sku.tolist() == [0, 1, 1]
    assert orders.line_quantity.tolist() == [2, 2, 1]
    assert orders.release_s.tolist() == [0.0, 30.0]


def test_paths_lead_both_ways(tmp_path):
    site = rafs_scenario(read_rafs(*write_rafs(tmp_path)))
    moves = Grid.from_layout(site.layout).successors
    corner = site.layout.cell(1, 11)
    assert (moves[corner] >= 0).sum() == 2


def edited(file: str, old: str, new: str) -> dict[str, str]:
    text = {"layout": RAFS_LAYOUT, "pods": RAFS_PODS, "orders": RAFS_ORDERS}[file]
    assert old in text
    return {file: text.replace(old, new, 1)}


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (edited("pods", "10;4.8", "99;4.8"), "E190", "pods.txt, line 1"),
        (edited("pods", "red/a/4", "red/a"), "E190", "pods.txt, line 1"),
        (edited("pods", "red/a/4", "red/a/-4"), "E190", "pods.txt, line 1"),
        (edited("pods", "red/a/4", "red/a/" + "9" * 5000), "E190", "pods.txt, line 1"),
        (edited("pods", "10;4.8", "9" * 5000 + ";4.8"), "E190", "pods.txt, line 1"),
        (edited("orders", 'Count="2"', 'Count="0"'), "E117", "orders.xml, line 9"),
        (
            edited("orders", 'Count="2" ItemDescriptionID="1"', 'Count="2"'),
            "E121",
            "orders.xml, line 9",
        ),
        (
            edited("orders", '"2" ItemDescriptionID="1"', '"2" ItemDescriptionID="7"'),
            "E181",
            "orders.xml, line 9",
        ),
        (edited("orders", 'ID="1" Letter', 'ID="0" Letter'), "E141", "orders.xml"),
        (
            edited("layout", 'PickLocation="0"/>', 'PickLocation="8"/>'),
            "E190",
            "layout",
        ),
    ],
)
def test_faulty_files_are_refused_with_the_place(change, code, place, tmp_path):
    with pytest.raises(InputError) as error:
        read_rafs(*write_rafs(tmp_path, **change))
    fault = error.value.faults[0]
    assert fault.code == code
    assert fault.place.startswith(place)


def test_two_pods_on_one_side_are_refused(tmp_path):
    change = edited("layout", 'Y="-1.7"', 'Y="9"')
    with pytest.raises(InputError, match="E148"):
        rafs_scenario(read_rafs(*write_rafs(tmp_path, **change)))


def test_convert_makes_a_folder_that_is_planned(tmp_path):
    layout, pods, orders = map(str, write_rafs(tmp_path))
    folder, plan = str(tmp_path / "site"), str(tmp_path / "a.plan.npz")
    files = ["--pod-file", pods, "--order-file", orders]
    words = ["scenario", "convert", layout, folder, *files]
    ran = CliRunner().invoke(app, [*words, "--orders", "5", "--end-s", "60"])
    assert ran.exit_code == 1
    assert ran.stderr.count("E913") == 2
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.stderr
    assert np.isfinite(read_scenario(folder).fleet.max_mass_kg)
    words = ["plan", folder, "-o", plan, "--iterations", "1"]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.stderr
    assert "2 of 2 orders" in ran.stdout


@pytest.fixture(scope="module")
def published(bench_data, tmp_path_factory):
    """Folder with the published instances unpacked."""
    folder = tmp_path_factory.mktemp("rafs")
    with tarfile.open(bench_data / "orders" / "rmfs" / "rafs_sku24_sku360.tgz") as file:
        file.extractall(folder, filter="data")
    return folder


@pytest.mark.data
@pytest.mark.parametrize("name", ["24_1", "24_2", "360_1", "360_2", "360_4"])
def test_published_layouts_are_floors(name, published):
    size = name.split("_")[0]
    folder = published / f"sku{size}"
    files = (
        folder / f"layout_sku_{name}.xml",
        folder / "pods_items_mixed_shevels_1-5.txt",
        folder / f"orders_20_mean_5_sku_{size}.xml",
    )
    site = rafs_scenario(read_rafs(*files))
    assert len(site.layout.cells_of(CellKind.RACK)) == int(size)
    assert len(site.stations) == int(name.split("_")[1])
    assert len(site.orders) == 20
