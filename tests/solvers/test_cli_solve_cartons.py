"""``aislewise solve cartons`` as a person types it."""

import json

import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.packing.beam_search import load_kernels
from tests.interrupting import interrupted

ITEMS = "ID,X,Y,Z,ROTATION_XYZ,ROTATION_YXZ,COPIES\n{}7,3,2,2,1,1,9\n8,2,2,2,1,1,9\n"
BINS = "ID,X,Y,Z\n0,6,4,5\n"
SITE = {
    "cartons": "carton,length_m,width_m,height_m,max_mass_kg,cost\n"
    "S,0.2,0.15,0.1,5,0.5\nL,0.4,0.3,0.2,10,1.1\n",
    "skus": "sku,length_m,width_m,height_m,mass_kg\n"
    "A,0.1,0.1,0.05,0.3\nB,0.9,0.1,0.1,1\nC,0.1,0.1,0.1,50\n",
    "orders": "order,sku,quantity\no1,A,3\no2,B,1\no2,A,1\no3,C,1\n",
}


def run(*words):
    result = CliRunner().invoke(app, ["solve", "cartons", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def pair(tmp_path):
    path = tmp_path / "one_items.csv"
    path.write_text(ITEMS.format(""))
    (tmp_path / "one_bins.csv").write_text(BINS)
    return path


@pytest.fixture
def site(tmp_path):
    for name, text in SITE.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def test_one_container(pair, tmp_path):
    output = tmp_path / "load.json"
    done = run(pair, "--time-limit", 1, "--support", 1, "-o", output)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].startswith("one: optimal, 80.00% filled, ")
    (load,) = json.loads(output.read_text())["loads"]
    assert load["volume"] == 96
    assert {box["item"] for box in load["boxes"]} <= {"7", "8"}
    assert len(load["boxes"][0]["corner"]) == 3


def test_a_set_as_json_names_what_is_too_large(pair):
    (pair.parent / "two_items.csv").write_text(ITEMS.format("6,9,9,9,1,1,1\n"))
    (pair.parent / "two_bins.csv").write_text(BINS)
    done = run(pair.parent, "--time-limit", 0.2, "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert (answer["instances"], answer["solved"]) == (2, 2)
    assert [load["too_large"] for load in answer["loads"]] == [[], ["6"]]
    assert "larger than the container: 6" in run(pair.parent).stdout


def test_orders_of_a_folder(site):
    output = site / "cartons.json"
    done = run(site, "-o", output)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[:3] == [
        "order o1: optimal, S, cost 0.5",
        "order o2: optimal, S, cost 0.5",
        "order o3: optimal, no carton, cost 0",
    ]
    assert done.stderr.splitlines() == [
        "E180 order o2, SKU B: 0.9 x 0.1 x 0.1 m fits into no carton; add a larger "
        "carton to cartons.csv",
        "E127 order o3, SKU C: 50 kg; the cartons it fits into carry 10 kg; add a "
        "stronger carton to cartons.csv, or correct its mass_kg",
    ]
    answer = json.loads(output.read_text())
    assert answer["cartons_used"] == {"S": 2}
    assert answer["orders"][0]["cartons"][0]["boxes"][0]["corner_m"] == [0, 0, 0]


def test_orders_as_json(site):
    (site / "orders.csv").write_text("order,sku,quantity\no1,A,3\n")
    done = run(site, "--json", "--support", 0.8)
    assert done.exit_code == 0 and done.stderr == ""
    answer = json.loads(done.stdout)
    assert (answer["packed"], answer["optimal"], answer["gap"]) == (1, 1, 0.0)


@pytest.mark.parametrize("words", [["--support", "1.5"], ["--support", "-1"]])
def test_a_share_out_of_range_is_typed_wrong(pair, words):
    assert run(pair, *words).exit_code == 2


def test_bad_input_is_named_without_a_traceback(tmp_path, pair, site):
    done = run(tmp_path / "absent_items.csv")
    assert done.exit_code == 1 and "E150" in done.stderr
    (site / "cartons.csv").write_text("carton,length_m,width_m,height_m\nS,1,0,-1\n")
    done = run(site, "--json")
    assert done.exit_code == 1
    faults = json.loads(done.stdout)["error"]["faults"]
    assert [fault["code"] for fault in faults] == ["E117", "E117"]
    done = run(pair, "-o", tmp_path / "no" / "x.json")
    assert done.exit_code == 1 and "E906" in done.stderr


def test_help_shows_an_example():
    done = run("--help")
    assert "aislewise solve cartons my_site/" in done.stdout


def test_ctrl_c_keeps_what_was_found(pair):
    rows = "".join(f"{n},{20 + n % 7},{15 + n % 5},{9 + n % 11},1,1,9\n"
                   for n in range(20))  # fmt: skip
    pair.write_text(ITEMS.format(rows))
    (pair.parent / "one_bins.csv").write_text("ID,X,Y,Z\n0,97,83,71\n")
    # Kernels are ready, so that the wait below is the search itself.
    load_kernels()
    words = ("solve", "cartons", pair, "--time-limit", 120, "--json")
    answer = json.loads(interrupted(*words))
    assert answer["loads"][0]["termination"] == "interrupted"
    assert answer["loads"][0]["filled"] > 0.5


def test_sheet_shows_every_order_that_is_packed(site, pair, tmp_path):
    sheet = tmp_path / "sheet.html"
    done = run(site, "--sheet", sheet)
    assert (done.exit_code, f"wrote {sheet}" in done.stdout) == (1, True)
    page = sheet.read_text("utf-8")
    assert page.count("<article>") == 3
    assert "3 x A" in page
    assert page.count("In no carton: ") == 2
    done = run(pair, "--sheet", sheet)
    assert (done.exit_code, "need a folder with orders" in done.stderr) == (2, True)
