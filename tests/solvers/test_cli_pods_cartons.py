"""Cartons and trucks of sites with pods on the command line, up to the report."""

import pytest

from tests.packed_pod_sites import FILES, write_files
from tests.solvers.test_cli_commands import answer, run

TOO_LONG = FILES["skus.csv"].replace("S4,0.2,", "S4,9.0,")


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A plan of the site, with an item that is longer than every carton."""
    folder = tmp_path_factory.mktemp("packed")
    path = folder / "packed.plan.npz"
    site = write_files(folder, skus__csv=TOO_LONG)
    return path, run("plan", site, "-o", path, "--time-limit", "20", "--json")


def test_an_item_larger_than_every_carton_is_named_and_the_rest_is_planned(planned):
    _, result = planned
    assert result.exit_code == 0, result.output
    facts = answer(result)
    assert {notice.split()[0] for notice in facts["notices"]} == {"E180"}
    assert all(order in result.stderr for order in ("O2", "O4", "O8", "O10"))
    assert "fits into no carton; add a larger carton" in result.stderr
    assert facts["violations"] == []
    assert {late["cause"] for late in facts["late"]} == {"carton"}
    assert sum(facts["cartons"].values()) == 8
    assert sum(truck["orders"] for truck in facts["trucks"]) == 8


def test_check_and_export_take_the_plan(planned, tmp_path):
    path, _ = planned
    assert run("check", path).exit_code == 0
    assert run("export", path, "--to", "csv", "-o", tmp_path).exit_code == 0
    loads = (tmp_path / "loads.csv").read_text(encoding="utf-8").splitlines()
    assert loads[0] == "carrier,door,departs_s,position,number,order"


def test_the_report_and_the_sheets_tell_of_packers_cartons_and_trucks(planned):
    path, _ = planned
    report = path.with_name("report.html")
    assert run("report", path, "-o", report).exit_code == 0
    page = report.read_text(encoding="utf-8")
    assert "P2 picker" in page and "P2 / 2 packer" in page
    assert "until all is packed" in page
    assert "road" in page.split("<h2>Trucks</h2>")[1].split("</section>")[0]
    late = page.split("<h2>Lateness</h2>")[1].split("</section>")[0]
    assert "they go into no carton" in late


def test_the_summary_tells_of_cartons_trucks_and_late_orders(planned, tmp_path):
    site = write_files(tmp_path)
    result = run("plan", site, "-o", tmp_path / "a.plan.npz")
    assert result.exit_code == 0, result.output
    assert "cartons      12, " in result.output
    assert "trucks       11 orders on " in result.output
    assert "late         no order" in result.output
    assert "when the last order is packed" in result.output


def test_cartons_are_given_to_generated_sites_with_pods(tmp_path):
    words = ("--orders", "20", "--robots", "4", "--pods", "40")
    made = run("scenario", "new-pods", tmp_path / "pods", *words)
    assert made.exit_code == 0, made.output
    shipped = tmp_path / "shipped"
    words = ("--trucks-every-s", "200")
    made = run("scenario", "add-shipping", tmp_path / "pods", shipped, *words)
    assert made.exit_code == 0, made.output
    path = tmp_path / "shipped.plan.npz"
    result = run("plan", shipped, "-o", path, "--json")
    assert result.exit_code == 0 and answer(result)["violations"] == []
    assert sum(answer(result)["cartons"].values()) >= 20
