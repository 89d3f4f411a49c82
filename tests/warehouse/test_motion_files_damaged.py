"""Damaged files of motion: read, or refused in words; there is no third way."""

import json
import random

import pytest

from tests.warehouse.motion_files import FILES, write_files
from tests.warehouse.test_lorr_result import OMNI, TURNING_2023, TURNING_2026
from tests.warehouse.test_mapf_visualizer import LACAM
from warehouse.errors import InputError
from warehouse.formats.lifelong_csv import read_lifelong_csv
from warehouse.formats.lorr_problem import read_lorr_problem
from warehouse.formats.lorr_result import read_lorr_result
from warehouse.formats.mapf_visualizer import read_mapf_visualizer
from warehouse.formats.movingai_scen import read_one_shot
from warehouse.layout import Layout

LAYOUT = Layout.from_rows(["...."] * 3)
ALL = {
    **FILES,
    "omni.json": json.dumps(OMNI),
    "2023.json": json.dumps(TURNING_2023),
    "2026.json": json.dumps(TURNING_2026),
    "lacam.txt": LACAM,
}
PIECES = [
    *(b"-1", b"99999999999999999999", b"4294967296", b"1.5", b"1e9", b"0"),
    *(b"null", b"true", b"[]", b"{}", b"[[", b"(", b")", b":", b",", b'"'),
    *(b"\xff", b"\x00", b"\n", b"\t"),
]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Put something in, take something out, or cut the end off."""
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            data = data[:at] + rng.choice(PIECES) + data[at:]
        elif kind == 1:
            data = data[:at] + rng.choice(PIECES) + data[at + rng.randint(1, 6) :]
        elif kind == 2:
            data = data[:at] + data[at + rng.randint(1, 20) :]
        else:
            data = data[:at]
    return data


def read(name, folder):
    """Read a file by the reader that takes it."""
    if name in {"tiny.map", "tiny.scen"}:
        read_one_shot(folder / "tiny.map", folder / "tiny.scen")
    elif name.startswith("tiny"):
        read_lorr_problem(folder / "tiny.json")
    elif name.endswith(".csv"):
        tables = folder / "agents.csv", folder / "tasks.csv"
        read_lifelong_csv(folder / "tiny.map", *tables)
    elif name.endswith(".txt"):
        read_mapf_visualizer(folder / name, LAYOUT)
    else:
        read_lorr_result(folder / name, LAYOUT)


@pytest.mark.parametrize("name", ALL)
def test_damage_is_refused_in_words_or_does_no_harm(name, tmp_path):
    write_files(tmp_path)
    path = tmp_path / name
    path.write_text(ALL[name], encoding="utf-8")
    read(name, tmp_path)
    rng = random.Random(name)
    refused = 0
    for _ in range(60):
        path.write_bytes(damaged(ALL[name].encode(), rng))
        try:
            read(name, tmp_path)
        except InputError as error:
            refused += 1
            assert all(fault.needed for fault in error.faults)
    assert refused > 10
