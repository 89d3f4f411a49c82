"""Wave instances of the SBPO challenge, solution files, and the checker of waves."""

import tarfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mainz_files import write_archive
from warehouse.check.wave import WAVE_RULES, check_wave
from warehouse.errors import InputError
from warehouse.formats import sbpo
from warehouse.formats.instance_text import MAX_FAULTS
from warehouse.formats.sbpo import (
    parse_sbpo,
    parse_solution,
    read_sbpo_set,
    read_solution,
    solution_text,
)
from warehouse.formats.sbpo_values import read_best_known

GOOD = """2 3 2
1 2 5
2 0 1 1 4
3 0 2 1 9 2 1
1 2 6
3 9
"""


def faults_of(text, parse=parse_sbpo):
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(InputError) as refused:
        parse(data, "tiny.txt")
    return [(f.code, f.place.removeprefix("tiny.txt, ")) for f in refused.value.faults]


def test_reads_everything():
    instance = parse_sbpo(GOOD.encode(), "a/tiny.txt")
    assert (instance.folder, instance.name, instance.items) == ("a", "tiny", 3)
    assert instance.order_start.tolist() == [0, 1, 3]
    assert instance.order_item.tolist() == [2, 0, 1]
    assert instance.order_quantity.tolist() == [5, 1, 4]
    assert instance.aisle_start.tolist() == [0, 3, 4]
    assert instance.aisle_item.tolist() == [0, 1, 2, 2]
    assert instance.aisle_quantity.tolist() == [2, 9, 1, 6]
    assert (instance.least_units, instance.most_units) == (3, 9)
    with pytest.raises(ValueError, match="read-only"):
        instance.order_item[0] = 1


@pytest.mark.parametrize("end", ["", "\n\n", "\r\n", " "])
def test_reads_other_line_ends(end):
    text = GOOD.rstrip() + end
    assert parse_sbpo(text.encode(), "x").most_units == 9
    assert parse_sbpo(text.replace("\n", "\r\n").encode(), "x").most_units == 9


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("2 3 2\n", "2 3\n", [("E155", "line 1")]),
        ("2 3 2\n", "x 3 2\n", [("E153", "line 1")]),
        ("2 3 2\n", "3 3 2\n", [("E154", "line 1")]),
        ("2 3 2\n", "2000000000 3 2000000000\n", [("E154", "line 1")]),
        ("2 3 2\n", "99999999999 3 2\n", [("E153", "line 1")]),
        ("2 3 2\n", "2 2 2\n", [("E157", f"line {k}") for k in (2, 4, 5)]),
        ("1 2 5\n", "1 2\n", [("E154", "line 2")]),
        ("1 2 5\n", "2 2 5\n", [("E154", "line 2")]),
        ("1 2 5\n", "\n", [("E154", "line 2")]),
        ("1 2 5\n", "1 2 0\n", [("E153", "line 2")]),
        ("1 2 5\n", "1 2 -5\n", [("E153", "line 2")]),
        ("1 2 5\n", "1 2 5.5\n", [("E153", "line 2")]),
        ("1 2 5\n", "1 3 5\n", [("E157", "line 2")]),
        ("1 2 5\n", "1 -1 5\n", [("E153", "line 2")]),
        ("1 2 5\n", "1 2 \u0665\n", [("E151", "line 2")]),
        ("1 2 5\n", "1 2 2147483647\n", [("E153", "line 2")]),
        ("1 2 6\n", "1 2 6 7\n", [("E154", "line 5")]),
        ("3 9\n", "9 3\n", [("E153", "line 6")]),
        ("3 9\n", "3\n", [("E155", "line 6")]),
        ("3 9\n", "-3 9\n", [("E153", "line 6")]),
        ("3 9\n", "", [("E154", "line 1")]),
        ("3 9\n", "3 9\n7 7\n", [("E154", "line 1")]),
        ("5\n2 0 1 1", "x\n2 0 1 y", [("E153", f"line {k}") for k in (2, 3)]),
    ],
)  # fmt: skip
def test_refuses_what_is_wrong_and_says_where(old, new, faults):
    assert faults_of(GOOD.replace(old, new, 1)) == faults


def test_refuses_empty_and_large_files(monkeypatch):
    assert faults_of(" \n") == [("E150", "tiny.txt")]
    monkeypatch.setattr(sbpo, "MAX_BYTES", 10)
    assert faults_of(GOOD) == [("E150", "tiny.txt")]


def test_a_file_that_is_wrong_throughout_has_no_endless_list():
    text = "100 1 0\n" + "1 7 1\n" * 100 + "0 9\n"
    assert len(faults_of(text)) == MAX_FAULTS


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    for parse in (parse_sbpo, parse_solution):
        try:
            parse(data, "x.txt")
        except InputError as error:
            assert error.faults


def test_an_aisle_may_be_empty():
    instance = parse_sbpo(b"0 0 1\n0\n0 5\n", "x")
    assert instance.aisle_start.tolist() == [0, 0]


def test_reads_folders_and_archives_by_name(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    for name in ("two", "one"):
        (folder / f"{name}.txt").write_text(GOOD)
    archive = tmp_path / "sets.tgz"
    write_archive(archive, {"./a/two.txt": GOOD, "./a/one.txt": GOOD, "a/x.md": ""})
    for path in (folder, archive):
        names = [(one.folder, one.name) for one in read_sbpo_set(path)]
        assert names == [("a", "one"), ("a", "two")]
    assert next(read_sbpo_set(folder / "one.txt")).name == "one"


def test_faults_of_all_files_of_a_set_are_named(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(GOOD.replace("3 9", "9 3"))
    with pytest.raises(InputError) as refused:
        list(read_sbpo_set(tmp_path))
    assert len(refused.value.faults) == 2
    (tmp_path / "bad.tgz").write_bytes(b"no archive")
    with tarfile.open(tmp_path / "empty.tar", "w"):
        pass
    for name in ("bad.tgz", "empty.tar", "absent.txt"):
        with pytest.raises(InputError, match="E150"):
            list(read_sbpo_set(tmp_path / name))


@given(st.lists(st.integers(0, 99)), st.lists(st.integers(0, 99)))
def test_solutions_come_back(orders, aisles):
    read = parse_solution(solution_text(orders, aisles).encode(), "x")
    assert [numbers.tolist() for numbers in read] == [orders, aisles]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("E150", "tiny.txt")]),
        ("1\n4\n", [("E154", "line 3")]),
        ("1\n4\n2\n7\n", [("E154", "line 3")]),
        ("1\n4\n1\n7\n7\n", [("E154", "line 5")]),
        ("1\n4 5\n1\n7\n", [("E155", "line 2")]),
        ("1\nx\n1\n7\n", [("E153", "line 2")]),
        ("1\n-4\n1\n7\n", [("E153", "line 2")]),
        ("2000000000\n4\n", [("E154", "line 1")]),
    ],
)
def test_refuses_wrong_solutions(text, faults):
    assert faults_of(text, parse_solution) == faults


def test_reads_a_solution_file(tmp_path):
    path = tmp_path / "wave.txt"
    path.write_text("1\n4\n0\n")
    orders, aisles = read_solution(path)
    assert (orders.tolist(), aisles.tolist()) == ([4], [])
    with pytest.raises(InputError, match="E150"):
        read_solution(tmp_path / "absent.txt")


@pytest.mark.parametrize(
    ("orders", "aisles", "rules"),
    [
        ([0], [1], []),
        ([1, 0], [0, 1], ["too-many-units"]),
        ([1], [0], []),
        ([0], [0], ["stock-exceeded"]),
        ([1], [1], ["stock-exceeded", "stock-exceeded"]),
        ([], [], ["too-few-units"]),
        ([0, 0], [1], ["order-twice"]),
        ([0], [1, 1, 1], ["aisle-twice"]),
        ([0, 2], [1], ["order-range"]),
        ([0], [-1, 1], ["aisle-range"]),
    ],
)
def test_names_every_rule_that_a_wave_breaks(orders, aisles, rules):
    given_wave = parse_sbpo(GOOD.replace("3 9", "3 8").encode(), "x")
    found = check_wave(given_wave, np.array(orders), np.array(aisles))
    assert [violation.rule for violation in found] == rules
    assert set(rules) <= set(WAVE_RULES)


def test_an_aisle_named_twice_counts_once():
    given_wave = parse_sbpo(b"1 1 1\n1 0 4\n1 0 2\n1 9\n", "x")
    rules = [violation.rule for violation in check_wave(given_wave, [0], [0, 0])]
    assert rules == ["aisle-twice", "stock-exceeded"]


def test_reads_best_known_values(tmp_path):
    path = tmp_path / "best.csv"
    path.write_text("dataset,instance,best_objective\na,one.txt,2.5\n")
    assert read_best_known(path) == {("a", "one"): 2.5}
    for text, code in (
        ("dataset,instance\na,one\n", "E152"),
        ("dataset,instance,best_objective\na,one.txt,x\n", "E153"),
        ("dataset,instance,best_objective\na,one.txt\n", "E153"),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=code):
            read_best_known(path)
    path.write_bytes(b"\xff")
    with pytest.raises(InputError, match="E150"):
        read_best_known(path)
