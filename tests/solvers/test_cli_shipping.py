"""Cartons and trucks on the command line, from the generator to the report."""

import inspect
from dataclasses import fields

import pytest

from solvers.cli.scenario_shipping import add_shipping
from tests.solvers.test_cli_commands import answer, run
from warehouse.formats.plan_file import read_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import ShippingParams

STATION = '\n[[station]]\nname = "P3"\nrow = 14\ncol = {col}\npackers = 0\n'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The shipped scenario with trucks that are soon gone, and an idle station."""
    folder = tmp_path_factory.mktemp("sites") / "shipped"
    made = run("scenario", "add-shipping", "small", folder, "--trucks-every-s", "350")
    assert made.exit_code == 0, made.output
    layout = folder / "layout.toml"
    rows = layout.read_text(encoding="utf-8").splitlines()
    first = rows.index('map = """') + 1
    row = rows[first + 14]
    col = row.index(".", row.index("P") + 2)
    rows[first + 14] = row[:col] + "P" + row[col + 1 :]
    layout.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(STATION.format(col=col))
    skus = folder / "skus.csv"
    lines = skus.read_text(encoding="utf-8").splitlines()
    sku = read_scenario(folder).orders.line_sku[0]
    lines[sku + 1] = ",".join([lines[sku + 1].split(",")[0], "9", "9", "9", "", "", ""])
    lines = [lines[0], *(line.replace(",,,", ",,0,0") for line in lines[1:])]
    skus.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def planned(site, tmp_path_factory):
    path = tmp_path_factory.mktemp("plans") / "shipped.plan.npz"
    words = ("plan", site, "-o", path, "--iterations", "1", "--objective", "on-time")
    return path, run(*words, "--json")


def test_bad_input_is_named_and_the_rest_is_planned(site, planned):
    path, result = planned
    assert result.exit_code == 0
    facts = answer(result)
    assert {notice.split()[0] for notice in facts["notices"]} == {"E180", "E530"}
    assert "E530 station P3: it has no packers" in result.stderr
    assert "fits into no carton; add a larger carton" in result.stderr
    assert facts["violations"] == []
    assert 2 not in read_plan(path).packing["station"]
    assert facts["late"] and set(facts["metrics"]["late_causes"]) <= {
        "stock", "carton", "robot", "station", "truck",
    }  # fmt: skip
    assert sum(facts["cartons"].values()) == sum(t["cartons"] for t in facts["trucks"])


def test_check_report_and_export_take_the_plan(planned, tmp_path):
    path, _ = planned
    assert run("check", path).exit_code == 0
    report = tmp_path / "report.html"
    assert run("report", path, "-o", report).exit_code == 0
    page = report.read_text(encoding="utf-8")
    section = page.split("<h2>Trucks</h2>")[1].split("</section>")[0]
    assert "carrier 1" in section
    late = page.split("<h2>Lateness</h2>")[1].split("</section>")[0]
    assert "they wait for their stations" in late or "too late" in late
    tables = tmp_path / "tables"
    assert run("export", path, "--to", "csv", "-o", tables).exit_code == 0
    loads = (tables / "loads.csv").read_text(encoding="utf-8").splitlines()
    assert loads[0] == "carrier,door,departs_s,position,number,order"
    assert len(loads) > 1 and (tables / "carton_units.csv").exists()


def test_a_site_without_any_packers_is_refused(site, tmp_path):
    for file in site.iterdir():
        text = file.read_text(encoding="utf-8")
        if file.name == "scenario.toml":
            text = text.replace("packers = 0\n", "")
            text = text.replace("[[station]]\n", "[[station]]\npackers = 0\n")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    result = run("plan", tmp_path, "-o", tmp_path / "a.plan.npz")
    assert result.exit_code == 1 and "E532" in result.stderr


def test_the_same_options_give_the_same_files(tmp_path):
    for name in ("one", "other"):
        words = ("--orders", "20", "--trucks-every-s", "900", "--cartons")
        assert run("scenario", "new", tmp_path / name / "site", *words).exit_code == 0
    for file in (tmp_path / "one" / "site").iterdir():
        assert file.read_bytes() == (tmp_path / "other/site" / file.name).read_bytes()
    site = read_scenario(tmp_path / "one" / "site")
    assert site.shipping.trucks is not None and all(site.orders.carrier)


def test_option_defaults_are_those_of_the_generator():
    options = inspect.signature(add_shipping).parameters
    for field in fields(ShippingParams):
        assert options[field.name].default == field.default, field.name


def test_impossible_numbers_are_refused(tmp_path):
    words = ("scenario", "add-shipping", "small", tmp_path / "site")
    result = run(*words, "--carriers", "0", "--support", "2")
    assert result.exit_code == 1
    assert "E601 support" in result.stderr and "E601 carriers" in result.stderr
    result = run(*words, "--trucks-every-s", "1e-9")
    assert result.exit_code == 1
    assert "E602 trucks_every_s: got 1e-09 for 3 carriers" in result.stderr
    assert not (tmp_path / "site").exists()
