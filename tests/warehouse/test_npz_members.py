"""Members that are not packed: mapped from the file instead of copied."""

import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans import small_plan
from warehouse.errors import InputError
from warehouse.formats import npz_members
from warehouse.formats.npz_members import Archive, npy_bytes, parse_npy, write_npz
from warehouse.formats.plan_file import read_plan, write_plan

ARRAYS = {
    "a": np.arange(7, dtype=np.uint8),
    "cells": np.arange(3000, dtype=np.int32).reshape(30, 100),
    "times": np.linspace(0, 1, 999),
}


@pytest.fixture
def unpacked(monkeypatch):
    """Members of 200 bytes count as large."""
    monkeypatch.setattr(npz_members, "UNPACKED_FROM", 200)


@pytest.fixture
def path(tmp_path, unpacked):
    path = tmp_path / "x.npz"
    write_npz(path, {name: npy_bytes(array) for name, array in ARRAYS.items()})
    return path


def read(path, name):
    array = ARRAYS[name]
    with Archive(path) as archive:
        data = archive.read(name)
        return data, parse_npy(data, array.dtype, array.ndim, 10_000)


@pytest.mark.parametrize("name", ARRAYS)
def test_large_members_are_mapped_aligned_and_cannot_be_written(path, name):
    data, array = read(path, name)
    assert np.array_equal(array, ARRAYS[name])
    assert isinstance(data, memoryview) == (ARRAYS[name].nbytes > 200)
    if isinstance(data, memoryview):
        assert array.flags.aligned
        assert not array.flags.writeable
        assert np.shares_memory(array, np.frombuffer(data, np.uint8))


def test_numpy_alone_reads_them(path):
    with np.load(path, allow_pickle=False) as found:
        assert all(np.array_equal(found[name], ARRAYS[name]) for name in ARRAYS)


def test_members_that_others_wrote_unaligned_are_copied(tmp_path, unpacked):
    path = tmp_path / "others.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in ARRAYS.items():
            archive.writestr(f"{name}.npy", npy_bytes(array))
    for name in ARRAYS:
        _, array = read(path, name)
        assert np.array_equal(array, ARRAYS[name])
        assert array.flags.aligned


def test_arrays_outlive_the_archive_and_the_name_of_its_file(path):
    _, array = read(path, "cells")
    path.unlink()
    assert np.array_equal(array, ARRAYS["cells"])


def test_what_a_file_has_no_room_for_is_packed(tmp_path, unpacked, monkeypatch):
    monkeypatch.setattr(npz_members, "MOST_FILE_BYTES", 70_000)
    path = tmp_path / "x.npz"
    write_npz(path, {"cells": npy_bytes(ARRAYS["cells"])})
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_DEFLATED
    assert np.array_equal(read(path, "cells")[1], ARRAYS["cells"])


@given(data=st.data())
def test_flipped_bytes_of_an_unpacked_plan(tmp_path_factory, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(npz_members, "UNPACKED_FROM", 200)
        path = tmp_path_factory.mktemp("flipped") / "x.plan.npz"
        write_plan(small_plan(), path)
        assert np.array_equal(read_plan(path).cells, small_plan().cells)
        content = bytearray(path.read_bytes())
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(
            st.integers(1, 255)
        )
        path.write_bytes(content)
        try:
            plan = read_plan(path)
        except InputError:
            return
        assert np.array_equal(plan.cells, small_plan().cells)
