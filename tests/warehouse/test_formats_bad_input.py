"""Every way a scenario folder can be wrong: its code, its place, all at once."""

import re
from pathlib import Path

import pytest

from tests.warehouse import bad_keys, bad_pods, bad_refills, bad_sites, bad_tables
from tests.warehouse.scenario_files import (
    GOOD,
    LAYOUT,
    ORDERS,
    SCENARIO,
    STOCK,
    edited,
    rows,
    with_files,
    write_folder,
)
from warehouse.errors import Fault, InputError
from warehouse.formats import map_rows, table, text_file
from warehouse.formats.layouts_by_ending import read_any_layout
from warehouse.formats.scenario_folder import read_scenario
from warehouse.formats.toml_file import parse_toml_text

CHECKOUT = Path(__file__).resolve().parents[2]
SETS = bad_tables, bad_keys, bad_sites, bad_pods, bad_refills
CASES = {name: case for cases in SETS for name, case in cases.CASES.items()}


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read_scenario(folder)
    return caught.value.faults


@pytest.mark.parametrize("name", CASES)
def test_fault_names_its_place(name, tmp_path):
    files, code, place, found = CASES[name]
    faults = faults_of(write_folder(tmp_path / "tiny", files))
    hits = [f for f in faults if f.code == code and f.place.startswith(place)]
    assert hits, [str(fault) for fault in faults]
    assert any(found in fault.found for fault in hits), hits
    assert all(fault.needed for fault in faults)


@pytest.mark.parametrize(
    ("text", "line", "mend"),
    [
        ("name = corner", 1, "put text in quotes"),
        ('a = 1\nname = "corner', 2, "close the quotes"),
        ("a = 1\nb\nc = 2", 2, "write key = value"),
        ("a = 1\na = 2\n", 2, "keep one"),
        ("[fleet]\n[fleet]", 2, "keep one"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_and_mend(text, line, mend):
    faults: list[Fault] = []
    assert parse_toml_text(text, "s.toml", faults) is None
    assert faults[0].code == "E105"
    assert faults[0].place.startswith(f"s.toml, line {line}")
    assert mend in faults[0].needed


def test_good_folder_is_read(tmp_path):
    assert len(read_scenario(write_folder(tmp_path, {**GOOD})).orders) == 2


def test_no_folder_and_a_file_for_a_folder(tmp_path):
    assert faults_of(tmp_path / "none")[0].code == "E101"
    write_folder(tmp_path, {**GOOD})
    assert faults_of(tmp_path / SCENARIO)[0].code == "E102"


def test_all_faults_of_all_files_come_at_once(tmp_path):
    files = edited(
        (SCENARIO, "tote_slots = 4", "tote_slots = 0"),
        (SCENARIO, "row = 5\ncol = 6", "row = 4\ncol = 6"),
        (LAYOUT, "[2, 3]", "[3, 2]"),
        (STOCK, "A,3,2,0", "A,3,2,x"),
        (STOCK, "C,3,6,0", "C,3,6,0,0"),
        (ORDERS, "O1,C,1", "O1,C,0"),
        (ORDERS, "30.5", "-1"),
    )
    places = [fault.place for fault in faults_of(write_folder(tmp_path, files))]
    assert places == [
        "scenario.toml, [fleet] key tote_slots",
        "layout.toml, [[zone]] 1 key rows",
        "stock.csv, line 5",
        "stock.csv, line 3, column quantity",
        "orders.csv, line 4, column quantity",
        "orders.csv, line 3, column release_s",
        "scenario.toml, [[station]] 2",
    ]


def test_line_numbers_count_blank_lines_and_quoted_line_ends(tmp_path):
    stock = 'sku,row,col,quantity\r\n\r\n"A",2,2,1\r\nB,2,4,7\r\n\r\nC,3,6,zero\r\n'
    faults = faults_of(write_folder(tmp_path, with_files(stock__csv=stock)))
    assert [fault.place for fault in faults] == ["stock.csv, line 6, column quantity"]


def test_a_misspelt_name_comes_with_the_right_one(tmp_path):
    files = edited(
        (SCENARIO, "tote_slots", "tote_slot"), (ORDERS, "sku,quantity", "sku,qty")
    )
    needed = [fault.needed for fault in faults_of(write_folder(tmp_path, files))]
    assert "take it away, or did you mean tote_slots?" in needed
    assert "take it away, or did you mean quantity?" in needed


def test_a_fault_in_stock_does_not_make_skus_unknown(tmp_path):
    files = edited((STOCK, "B,2,4,7", "B,2,4"))
    assert [f.code for f in faults_of(write_folder(tmp_path, files))] == ["E114"]


def test_limits_on_size(tmp_path, monkeypatch):
    folder = write_folder(tmp_path, {**GOOD})
    monkeypatch.setattr(text_file, "MOST_LINES", 3)
    monkeypatch.setattr(map_rows, "MOST_CELLS", 62)
    assert [(f.code, f.place) for f in faults_of(folder)] == [
        ("E106", "layout.toml, line 4"),
        ("E106", "stock.csv"),
        ("E106", "orders.csv"),
    ]
    monkeypatch.setattr(text_file, "MOST_BYTES", 10)
    assert {f.code for f in faults_of(folder)} == {"E106"}


def test_a_wholly_wrong_file_is_not_listed_in_full(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "MOST_FAULTS", 5)
    monkeypatch.setattr(map_rows, "MOST_FAULTS", 5)
    lines = "".join(f"A{i},2,2,x\n" for i in range(50))
    files = edited(rows(*["????", "????", "????", "????"]))
    files[STOCK] = "sku,row,col,quantity\n" + lines
    codes = [fault.code for fault in faults_of(write_folder(tmp_path, files))]
    assert codes.count("E133") == 8  # the row that reached the limit is finished
    assert codes.count("E116") == 5
    assert codes.count("E119") == 2


def test_a_layout_by_itself_is_refused_likewise(tmp_path):
    path = tmp_path / "floor.map"
    path.write_text("type octile\nheight 2\nwidth x\nmap\n..\n..\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_any_layout(path)
    assert caught.value.faults[0].place == "floor.map, line 3"


def test_every_code_is_documented_and_shown_here():
    text = (CHECKOUT / "docs" / "errors.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| (E1[0-46-8]\d|E55\d) ", text, re.MULTILINE))
    # Sizes, writing, XML, `.map` files, joint picking, packing.
    elsewhere = {"E106", "E107", "E109", "E119", "E136", "E175", "E176"}
    elsewhere |= {"E127", "E128", "E129", "E137", "E138", "E180"}
    assert {code for _, code, _, _ in CASES.values()} | elsewhere == documented
