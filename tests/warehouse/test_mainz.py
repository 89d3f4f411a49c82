"""The Mainz text format: reading, refusing, sets and published values."""

import gzip
import math

import numpy as np
import pytest

from tests.mainz_files import GOOD, write_archive
from warehouse.errors import InputError
from warehouse.formats.instance_text import MAX_FAULTS
from warehouse.formats.mainz import parse_mainz, read_mainz
from warehouse.formats.mainz_sets import read_mainz_set, read_published_values


def parse(text):
    return parse_mainz(text.encode("latin-1"), "tiny.txt")


def faults_of(text):
    with pytest.raises(InputError) as refused:
        parse(text)
    return [(fault.code, fault.place) for fault in refused.value.faults]


def test_reads_everything():
    instance = parse(GOOD)
    assert instance.name == "tiny"
    assert (instance.aisles, instance.cells) == (3, 10)
    assert (instance.depot_aisle, instance.depot_side) == (1, "bottom")
    assert instance.top_to_cell == 1.5
    assert instance.bottom_to_cell == 2.0
    assert instance.capacity == math.inf
    assert instance.article_id.tolist() == [7, 9]
    assert instance.stock_article.tolist() == [0, 1, 1]
    assert instance.stock_aisle.tolist() == [0, 2, 1]
    assert instance.stock_cell.tolist() == [0, 9, 5]
    assert instance.stock_quantity.tolist() == [4, 1, 2]
    assert instance.orders == 1
    assert instance.line_article.tolist() == [0, 1]
    assert instance.line_quantity.tolist() == [4, 3]


def test_reads_batching():
    text = GOOD.replace("Single_picker_routing", "Order_batching").replace(
        "LAYOUT", "PICKER_CAPACITY : 30\nLAYOUT"
    )
    text = text.replace("ID 7\nID 9\n", "ID 7 WEIGHT 1\nID 9 WEIGHT 2.5\n")
    text = text[: text.index("ORDER_SECTION")] + (
        "ORDER_SECTION\nNUM_ORDERS : 2\nNUM_ARTICLES_IN_ORDER : 1\nID 9 QUANTITY 50\n"
        "NUM_ARTICLES_IN_ORDER : 2\nID 9 QUANTITY 1\nID 7 QUANTITY 2\nEOF\n"
    )
    instance = parse(text)
    assert instance.capacity == 30
    assert instance.article_weight.tolist() == [1.0, 2.5]
    assert instance.orders == 2
    assert instance.line_order.tolist() == [0, 1, 1]
    # Quantities in stock are nominal in batching: 50 of 3 is no fault.
    assert instance.line_quantity.tolist() == [50, 1, 2]


def test_windows_line_ends_and_blank_lines_are_fine():
    text = GOOD.replace("\n", "\r\n\r\n")
    assert np.array_equal(parse(text).stock_cell, parse(GOOD).stock_cell)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (GOOD, " \n", [("E150", "tiny.txt")]),
        ("LAYOUT", "LAY\xd6UT", [("E151", "tiny.txt, line 4")]),
        ("LAYOUT", "LAY\0UT", [("E151", "tiny.txt, line 4")]),
        ("NUM_CELLS : 10\n", "", [("E152", "tiny.txt, keyword NUM_CELLS")]),
        ("LAYOUT", "LAYOUTS", [("E152", "tiny.txt, line 4")]),
        ("COMMENT", "NAME", [("E152", "tiny.txt, line 3")]),
        ("NUM_SKUS : 3", "NUM_ARTICLES : 3", [
            ("E152", "tiny.txt, line 19"), ("E154", "tiny.txt, section SKU_SECTION")]),
        ("NUM_SKUS : 3", "NUM_SKUS : 3\nNUM_SKUS : 3", [("E152", "tiny.txt, line 20")]),
        ("ORDER_SECTION", "ORDER_SECTION\nORDER_SECTION",
         [("E152", "tiny.txt, line 24")]),
        ("NUM_AISLES : 3", "NUM_AISLES : three", [("E153", "tiny.txt, line 5")]),
        ("NUM_AISLES : 3", "NUM_AISLES : 0", [("E153", "tiny.txt, line 5")]),
        ("NUM_AISLES : 3", "NUM_AISLES : 9999999", [("E153", "tiny.txt, line 5")]),
        ("CELL : 1.5", "CELL : nan", [("E153", "tiny.txt, line 11")]),
        ("CELL : 1.5", "CELL : -1", [("E153", "tiny.txt, line 11")]),
        ("CELL : 1.5", "CELL : 1,5", [("E153", "tiny.txt, line 11")]),
        ("CELL : 1.5", "CELL : 1e400", [("E153", "tiny.txt, line 11")]),
        ("DEPOT_LOCATION : bottom", "DEPOT_LOCATION : left",
         [("E153", "tiny.txt, line 8")]),
        ("Single_picker_routing", "Travelling", [("E153", "tiny.txt, line 2")]),
        ("single-block", "two-block", [("E153", "tiny.txt, line 4")]),
        ("ID 9 QUANTITY 3", "ID 9 QUANTITY 0", [("E153", "tiny.txt, line 26")]),
        ("ID 9 QUANTITY 3", "ID 9 QUANTITY -3", [("E153", "tiny.txt, line 26")]),
        ("EOF", "", [("E154", "tiny.txt, at its end")]),
        ("NUM_SKUS : 3", "NUM_SKUS : 4", [("E154", "tiny.txt, line 19")]),
        ("NUM_ARTICLES : 2\nID 7 Q", "ID 7 Q", [
            ("E154", "tiny.txt, line 24"), ("E154", "tiny.txt, line 25"),
            ("E154", "tiny.txt, section ORDER_SECTION")]),
        ("EOF", "EOF\nID 9 QUANTITY 3", [("E155", "tiny.txt, line 28")]),
        ("ID 9 QUANTITY 3", "ID 9 3", [
            ("E155", "tiny.txt, line 26"), ("E154", "tiny.txt, line 24")]),
        ("ID 9 QUANTITY 3", "ID 9 QUANTITY", [
            ("E155", "tiny.txt, line 26"), ("E154", "tiny.txt, line 24")]),
        ("LAYOUT : single", "LAYOUT single", [("E155", "tiny.txt, line 4")]),
        ("LAYOUT : single-block", "ID 3", [("E155", "tiny.txt, line 4")]),
        ("AISLE 2", "AISLE 3", [("E156", "tiny.txt, line 21")]),
        ("CELL 9", "CELL 10", [("E156", "tiny.txt, line 21")]),
        ("DEPOT_AISLE : 1", "DEPOT_AISLE : 3", [("E156", "tiny.txt, line 7")]),
        ("ID 9\n", "ID 7\n", [
            ("E157", "tiny.txt, line 17"), ("E157", "tiny.txt, line 21"),
            ("E157", "tiny.txt, line 22"), ("E157", "tiny.txt, line 26"),
            ("E154", "tiny.txt, line 15")]),
        ("ID 9 QUANTITY 3", "ID 9 QUANTITY 4", [("E158", "tiny.txt, line 26")]),
        ("ID 7 AISLE", "ID 9 AISLE", [("E158", "tiny.txt, line 25")]),
        ("Single_picker_routing", "Order_batching",
         [("E152", "tiny.txt, keyword PICKER_CAPACITY")]),
    ],
)  # fmt: skip
def test_refuses_with_code_and_place(old, new, expected):
    assert old in GOOD
    assert faults_of(GOOD.replace(old, new, 1)) == expected


def test_tells_all_faults_at_once():
    text = GOOD.replace("AISLE 2", "AISLE 99").replace("AISLE 0", "AISLE x")
    text = text.replace("CELL 9", "CELL 99")
    text = text.replace("NUM_CELLS : 10", "NUM_CELLS : 10.5").replace("EOF", "")
    # Cells cannot be judged while NUM_CELLS is no number.
    assert sorted({code for code, _ in faults_of(text)}) == ["E153", "E154", "E156"]


def test_no_order_line_is_refused():
    text = GOOD[: GOOD.index("NUM_ARTICLES : 2\nID 7 Q")] + "EOF"
    codes = [code for code, _ in faults_of(text)]
    assert "E158" in codes


@pytest.mark.parametrize("cut", range(1, len(GOOD), 23))
def test_truncated_anywhere_is_refused(cut):
    assert faults_of(GOOD[:cut])


def test_noise_is_refused_with_a_bounded_list():
    noise = np.random.default_rng(0).integers(0, 256, 20_000).astype(np.uint8)
    with pytest.raises(InputError) as refused:
        parse_mainz(noise.tobytes(), "noise.txt")
    assert len(refused.value.faults) == MAX_FAULTS


def test_too_large_is_refused(tmp_path):
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * (17 << 20))
    with pytest.raises(InputError, match="16 MiB"):
        read_mainz(path)


def test_absent_file_and_folder_in_its_place(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_mainz(tmp_path / "absent.txt")
    with pytest.raises(InputError, match="E150"):
        read_mainz(tmp_path)


def test_sets_are_read_from_folder_archive_and_file(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "b.txt").write_text(GOOD, encoding="latin-1")
    (folder / "a.txt").write_text(GOOD, encoding="latin-1")
    (folder / "README.md").write_text("not an instance", encoding="utf-8")
    archive = tmp_path / "set.tgz"
    write_archive(archive, {"./b.txt": GOOD, "./a.txt": GOOD, "README.md": "no"})
    assert [one.name for one in read_mainz_set(folder)] == ["a", "b"]
    assert [one.name for one in read_mainz_set(archive)] == ["a", "b"]
    assert [one.name for one in read_mainz_set(folder / "b.txt")] == ["b"]


def test_faults_of_all_files_come_together(tmp_path):
    archive = tmp_path / "set.tgz"
    bad = GOOD.replace("EOF", "")
    write_archive(archive, {"a.txt": bad, "b.txt": GOOD, "c.txt": bad})
    with pytest.raises(InputError) as refused:
        list(read_mainz_set(archive))
    places = [fault.place for fault in refused.value.faults]
    assert places == [f"{archive}/a.txt, at its end", f"{archive}/c.txt, at its end"]


def test_damaged_archives_are_refused(tmp_path):
    whole = tmp_path / "whole.tgz"
    noise = np.random.default_rng(0).integers(0, 256, 4000).astype(np.uint8)
    comment = noise.tobytes().hex()
    text = GOOD.replace("COMMENT :", f"COMMENT : {comment}")
    write_archive(whole, {f"{n}.txt": text for n in range(9)})
    assert len(list(read_mainz_set(whole))) == 9
    data = whole.read_bytes()
    for name, content in {
        "cut.tgz": data[: len(data) // 2],
        "text.tgz": b"no archive",
        "empty.tgz": b"",
        "flipped.tgz": data[:2000] + b"\xff" * 50 + data[2050:],
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError, match="E150"):
            list(read_mainz_set(path))


def test_sets_without_instances_are_refused(tmp_path):
    write_archive(tmp_path / "none.tgz", {"README.md": "no"})
    for path in (tmp_path / "none.tgz", tmp_path):
        with pytest.raises(InputError, match=r"no \.txt file"):
            list(read_mainz_set(path))


def test_published_values_in_both_layouts(tmp_path):
    by_file = tmp_path / "two.csv.gz"
    text = "filename,num_aisles,objective\nunit_F1_m5.txt,5,60\nother.txt,5,62.5\n"
    by_file.write_bytes(gzip.compress(text.encode()))
    assert read_published_values(by_file) == {"unit_F1_m5": 60.0, "other": 62.5}
    by_parts = tmp_path / "one.csv"
    by_parts.write_text(
        "problem type,unit demand,num aisles,num cells,num articles,alpha,"
        "random seed,DP cost\nSPRP,false,5,30,3,1,0,74\n",
        encoding="utf-8",
    )
    assert read_published_values(by_parts) == {"varying_F1_m5_C30_a3_0": 74.0}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E152"),
        (b"name,value\na,1\n", "E152"),
        (b"filename,objective\na.txt,many\n", "E153"),
        (b"filename,objective\na.txt\n", "E153"),
        (b"filename,objective\n\xff.txt,1\n", "E150"),
    ],
)
def test_bad_published_values_are_refused(tmp_path, content, code):
    path = tmp_path / "results.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=code):
        read_published_values(path)
    with pytest.raises(InputError, match="E150"):
        read_published_values(tmp_path / "absent.csv.gz")
    path = tmp_path / "results.csv.gz"
    path.write_bytes(b"not gzip")
    with pytest.raises(InputError, match="E150"):
        read_published_values(path)


@pytest.mark.data
def test_published_sets_are_read_whole(bench_data):
    batching = bench_data / "orders" / "jobprp" / "HennWaescher_dev.tgz"
    instances = list(read_mainz_set(batching))
    assert len(instances) == 160
    assert {one.kind for one in instances} == {"Order_batching"}
    assert {one.top_to_cell for one in instances} == {1.5}
    assert min(one.orders for one in instances) >= 20
