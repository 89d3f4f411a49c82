"""The plan file: what is written comes back, and nothing else gets in."""

import io
import json
import os
import struct
import tracemalloc
import zipfile
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans import empty_plan, fresh, small_plan
from warehouse.check import check_plan
from warehouse.errors import InputError
from warehouse.formats.npz_members import LIMIT_VARIABLE, parse_npy
from warehouse.formats.plan_file import (
    MEMBERS,
    OPTIONAL,
    _digest,
    read_plan,
    write_plan,
)
from warehouse.layout import Zone
from warehouse.metrics import measure
from warehouse.plan import Bound


def assert_equal(first, second):
    """Both are the same all the way down, arrays by type, shape and value."""
    assert type(first) is type(second)
    if is_dataclass(first):
        for field in fields(first):
            assert_equal(getattr(first, field.name), getattr(second, field.name))
    elif isinstance(first, np.ndarray):
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)
    elif isinstance(first, tuple):
        assert len(first) == len(second)
        for a, b in zip(first, second, strict=True):
            assert_equal(a, b)
    else:
        assert first == second


@pytest.fixture
def path(tmp_path):
    return tmp_path / "small.plan.npz"


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """Bytes of a good plan file."""
    path = tmp_path_factory.mktemp("plans") / "whole.plan.npz"
    write_plan(small_plan(), path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("plans") / "scratch.plan.npz"


def members_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n.removesuffix(".npy"): archive.read(n) for n in archive.namelist()}


def pack(path, members, *, sign=False):
    """Write members as an archive that is whole; sign it to look untouched."""
    if sign:
        buffer = io.BytesIO()
        np.save(buffer, np.array(_digest(members), "<U64"))
        members = {**members, "sha256": buffer.getvalue()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)


def edited(path, data, **arrays):
    """Write a plan file as somebody with numpy would change it."""
    loaded = np.load(io.BytesIO(data), allow_pickle=False)
    np.savez(path, **{**loaded, **arrays})


def codes(path, **options):
    with pytest.raises(InputError) as caught:
        read_plan(path, **options)
    for fault in caught.value.faults:
        assert fault.found and fault.needed
        assert str(path) in fault.place
    return [fault.code for fault in caught.value.faults]


def meta_of(data):
    return json.loads(str(np.load(io.BytesIO(data))["meta"]))


def with_meta(path, data, change, **options):
    meta = meta_of(data)
    change(meta)
    buffer = io.BytesIO()
    np.save(buffer, np.array(json.dumps(meta)))
    pack(path, {**members_of(data), "meta": buffer.getvalue()}, **options)


# What is written comes back


@pytest.mark.parametrize(
    "plan",
    [small_plan(), small_plan("rotate"), empty_plan(), empty_plan(0)],
    ids=["omni", "rotate", "empty", "no robots"],
)
def test_round_trip(plan, path):
    write_plan(plan, path)
    assert_equal(read_plan(path), plan)


def test_round_trip_of_what_is_rare(path):
    plan = small_plan()
    layout = replace(
        plan.scenario.layout,
        zones=(Zone("north", 0, 0, 3, 10), Zone("süd", 4, 0, 8, 10)),
        obstacles=(((0.5, 1.0), (1.0, 1.0), (1.0, 2.5)),),
    )
    plan = replace(
        plan,
        scenario=replace(plan.scenario, name="Lager «7» 🛒", layout=layout),
        bound=Bound({"b": 2.5, "a": 2.5}, 1e-300, 7.0),
        meta={"gap": float("inf"), "nested": {"list": [1, None, True, "é"]}},
    )
    write_plan(plan, path)
    back = read_plan(path)
    assert_equal(back, plan)
    assert back.bound.binding == "b"  # the order of the parts is kept


def test_masses_come_back_in_a_format_of_their_own(path):
    plan = small_plan()
    fleet = replace(plan.scenario.fleet, max_mass_kg=12.5)
    unit_kg = np.array([0.1, 0.0, 2.0, 1e6, 3.0])
    for changes in (
        {"sku_mass_kg": unit_kg},
        {"fleet": fleet, "sku_mass_kg": unit_kg},
    ):
        heavy = replace(plan, scenario=replace(plan.scenario, **changes))
        write_plan(heavy, path)
        assert_equal(read_plan(path), heavy)
        meta = json.loads(np.load(path, allow_pickle=False)["meta"].item())
        assert meta["format_version"] == 2


def test_masses_for_other_skus_are_refused(path):
    plan = small_plan()
    heavy = replace(plan, scenario=replace(plan.scenario, sku_mass_kg=np.ones(3)))
    write_plan(heavy, path)
    assert codes(path) == ["E209"]


def test_numpy_numbers_in_meta_become_plain(path):
    write_plan(replace(small_plan(), meta={"seed": np.int64(7)}), path)
    assert read_plan(path).meta == {"seed": 7}


def test_identical_plans_give_identical_bytes(tmp_path):
    plan = small_plan("rotate")
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    write_plan(replace(plan, meta={"a": 1, "b": 2}), first)
    write_plan(replace(fresh(plan), meta={"b": 2, "a": 1}), second)
    assert first.read_bytes() == second.read_bytes()


def test_numpy_alone_reads_it(whole):
    loaded = np.load(io.BytesIO(whole), allow_pickle=False)
    plan = small_plan()
    assert set(loaded) == set(MEMBERS) - OPTIONAL
    np.testing.assert_array_equal(loaded["cells"], plan.cells)
    assert loaded["stops"].dtype.names[:2] == ("robot", "trip")
    assert loaded["sku_names"].tolist() == list(plan.scenario.sku_names)
    meta = json.loads(loaded["meta"].item())
    assert meta["format"] == "aislewise plan"
    assert meta["format_version"] == 1


def test_saved_again_by_numpy_it_is_still_unchanged(whole, path):
    edited(path, whole)
    assert_equal(read_plan(path), small_plan())


def test_an_older_file_is_replaced_whole_or_not_at_all(path, monkeypatch):
    write_plan(empty_plan(), path)
    before = path.read_bytes()

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_plan(small_plan(), path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written(tmp_path):
    for path in (tmp_path / "no" / "folder.npz", tmp_path):
        with pytest.raises(InputError, match=r"E213 .* cannot be written"):
            write_plan(small_plan(), path)


@pytest.mark.parametrize("name", ["ends in NUL\0", "half a mark \ud800"])
def test_names_that_a_file_cannot_keep(path, name):
    plan = small_plan()
    skus = (name, *plan.scenario.sku_names[1:])
    with pytest.raises(InputError, match="E213"):
        write_plan(replace(plan, scenario=replace(plan.scenario, sku_names=skus)), path)


DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"


@pytest.mark.parametrize("member", MEMBERS)
def test_every_member_and_column_is_documented(member):
    text = DOCS.read_text(encoding="utf-8")
    dtype, _ = MEMBERS[member]
    for name in (member, *((dtype.names or ()) if dtype else ())):
        assert f"`{name}`" in text, name


def test_every_key_of_meta_is_documented(whole):
    text = DOCS.read_text(encoding="utf-8").split("## `meta`")[1]
    for key, value in meta_of(whole).items():
        assert f"`{key}`" in text, key
        for inner in value if isinstance(value, dict) and key != "plan" else ():
            assert f"`{inner}`" in text, inner


# Bad files


def test_files_that_are_no_plans(tmp_path, whole):
    path = tmp_path / "x.npz"
    assert codes(path) == ["E201"]
    assert codes(tmp_path) == ["E201"]
    for content in (b"", b"hello", b"\x89PNG" * 99, b"PK\3\4"):
        path.write_bytes(content)
        assert codes(path) == ["E202"]
    np.savez(path, cells=np.zeros(3))
    assert codes(path) == ["E202"]
    np.savez(path, meta=np.array("no json"))
    assert codes(path) == ["E202"]
    np.savez(path, meta=np.array('{"format": "other"}'))
    assert codes(path) == ["E202"]
    np.savez(path, meta=np.array([object()]))  # pickled: must not be unpacked
    assert codes(path) == ["E202"]
    np.savez(path, meta=np.array("[" * 100_000))
    assert codes(path) == ["E202"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert codes(path) == ["E202"]


def test_cut_short_anywhere(whole, scratch):
    ends = (range(60), range(60, len(whole) - 60, 53), range(-60, 0))
    for length in (n % len(whole) for part in ends for n in part):
        scratch.write_bytes(whole[:length])
        with pytest.raises(InputError) as caught:
            read_plan(scratch)
        assert caught.value.code in ("E202", "E203", "E204")
    assert caught.value.code == "E203"


def test_something_appended(whole, path):
    path.write_bytes(whole + b"x")
    assert codes(path) == ["E203"]
    path.write_bytes(whole + whole)
    assert codes(path) == ["E204"]


@given(st.data())
def test_flipped_bytes_are_refused_or_do_no_harm(whole, scratch, data):
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    scratch.write_bytes(damaged)
    for verify in (True, False):
        try:
            plan = read_plan(scratch, verify=verify)
        except InputError as error:
            assert error.faults
        else:
            assert_equal(plan, small_plan())


@given(st.data())
def test_changed_members_are_refused_or_can_be_checked(whole, scratch, data):
    """The zip is whole and the digest right: only what the members say is wrong."""
    members = members_of(whole)
    name = data.draw(st.sampled_from(sorted(members)))
    changed = bytearray(members[name])
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))
    members[name] = bytes(changed)
    pack(scratch, members, sign=True)
    try:
        plan = read_plan(scratch)
    except InputError:
        pass
    else:
        measure(plan)
    try:
        plan = read_plan(scratch, verify=False)
    except InputError:
        pass
    else:
        check_plan(plan)


def test_a_newer_version(whole, path):
    with_meta(path, whole, lambda meta: meta.update(format_version=5, news="yes"))
    assert codes(path) == ["E206"]
    assert codes(path, verify=False) == ["E206"]
    with_meta(path, whole, lambda meta: meta.update(format_version="new"))
    assert codes(path) == ["E211"]


def test_an_edited_plan_is_refused_and_can_be_checked(whole, path):
    cells = np.load(io.BytesIO(whole))["cells"]
    cells[7, 3] = cells[7, 0]
    edited(path, whole, cells=cells)
    assert codes(path) == ["E210"]
    found = check_plan(read_plan(path, verify=False))
    assert "vertex-conflict" in {violation.rule for violation in found}


def test_edited_settings_are_noticed_too(whole, path):
    with_meta(path, whole, lambda meta: meta["fleet"].update(tote_slots=99))
    assert codes(path) == ["E210"]
    assert read_plan(path, verify=False).scenario.fleet.tote_slots == 99


def test_rows_that_point_to_nothing(whole, path):
    plan = fresh(small_plan())
    plan.picks["line"][0] = 500
    plan.cells[2, 1] = -9
    write_plan(plan, path)
    assert codes(path) == ["E212", "E212"]
    assert {"index-range", "off-grid"} <= {
        violation.rule for violation in check_plan(read_plan(path, verify=False))
    }


def test_members_missing_strange_or_twice(whole, path):
    members = members_of(whole)
    del members["stops"], members["sku_names"]
    pack(path, {**members, "extra": members["cells"]})
    assert codes(path) == ["E207", "E207", "E207"]
    with pytest.warns(UserWarning, match="Duplicate name"):
        pack(path, members)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("cells.npy", members["cells"])
    assert codes(path) == ["E207"]


def test_members_of_another_type_or_shape(whole, path):
    edited(
        path,
        whole,
        cells=np.zeros((3, 4)),
        stops=np.zeros(3, "<i4"),
        picks=np.array([{"no": "pickle"}]),
        sku_names=np.zeros(4),
        layout_kinds=np.zeros(4, np.uint8),
    )
    assert codes(path, verify=False) == ["E208"] * 5


def test_members_that_do_not_fit_together(whole, path):
    edited(
        path,
        whole,
        layout_exits=np.zeros((2, 2), np.uint8),
        order_names=np.array(["one"]),
        station_names=np.array(["one"]),
        start_cells=np.zeros(9, np.int32),
        headings=np.zeros((2, 4), np.uint8),
    )
    assert codes(path, verify=False) == ["E209"] * 5
    edited(path, whole, cells=np.zeros((0, 4), np.int32))
    assert codes(path, verify=False) == ["E209"]


def test_settings_missing_or_of_another_type(whole, path):
    def change(meta):
        del meta["service"]
        meta["fleet"]["tote_slots"] = "eight"
        meta["fleet"]["speed_m_s"] = 10**400
        meta["layout"]["zones"] = [["a", 1, 2]]
        meta["layout"]["obstacles"] = [[[1.0]]]
        meta["bound"]["makespan_s"] = [["stations"]]
        meta["plan"] = []

    with_meta(path, whole, change)
    assert codes(path, verify=False) == ["E211"] * 11


def test_text_that_is_no_text(whole, path):
    names = np.load(io.BytesIO(whole))["sku_names"]
    names.view(np.uint32)[0] = 0x110000
    members = members_of(whole)
    buffer = io.BytesIO()
    np.save(buffer, names)
    pack(path, {**members, "sku_names": buffer.getvalue()}, sign=True)
    assert codes(path) == ["E208"]


# Files that claim more than they hold


def peak_bytes(path, **options):
    tracemalloc.start()
    try:
        result = codes(path, **options)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def header_of(shape, descr="'<i4'"):
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (117 - len(text)) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("cells", header_of((10**6, 250_000))),
        ("cells", header_of((10**12, 0))),
        ("sku_names", header_of((10**12,), "'<U0'")),
        ("sku_names", header_of((1,), f"'<U{10**8}'")),
        ("sku_names", header_of((1,), f"'<U{10**30}'")),
        ("start_cells", header_of((2**63,))),
        ("start_cells", header_of((2**64, 2**64))),
    ],
)
def test_a_member_that_claims_a_terabyte(whole, path, name, header):
    pack(path, {**members_of(whole), name: header}, sign=True)
    result, peak = peak_bytes(path)
    assert result == ["E208"]
    assert peak < 8_000_000


def test_a_directory_that_claims_a_terabyte(whole, path):
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        info = archive.getinfo("cells.npy")
    claim = bytearray(whole)
    # Its entry in the directory: 46 bytes and the name; the size unpacked is byte 24.
    start_cells = whole.rindex(b"start_cells.npy")
    entry = whole.index(b"cells.npy", start_cells + 15) - 46
    assert struct.unpack_from("<I", whole, entry + 24) == (info.file_size,)
    struct.pack_into("<I", claim, entry + 24, 2**32 - 2)
    path.write_bytes(claim)
    result, peak = peak_bytes(path)
    assert result == ["E205"]
    assert peak < 8_000_000


def test_a_bomb_is_not_unpacked(whole, path, monkeypatch):
    members = members_of(whole)
    members["cells"] = bytes(50_000_000)
    pack(path, members)
    monkeypatch.setenv(LIMIT_VARIABLE, str(10_000_000))
    result, peak = peak_bytes(path)
    assert result == ["E205"]
    assert peak < 8_000_000


def test_the_limit_can_be_set(whole, path, monkeypatch):
    path.write_bytes(whole)
    monkeypatch.setenv(LIMIT_VARIABLE, "1000")
    assert codes(path) == ["E205"]
    monkeypatch.setenv(LIMIT_VARIABLE, "1000000")
    read_plan(path)


@given(
    st.binary(max_size=200) | st.binary(max_size=200).map(lambda b: b"\x93NUMPY" + b)
)
def test_bytes_that_are_no_array(data):
    with pytest.raises(ValueError, match=r"got|not"):
        parse_npy(bytearray(data), np.dtype("<i4"), 1, 100)
