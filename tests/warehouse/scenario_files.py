"""A small valid scenario folder as text, for tests that break it."""

from pathlib import Path

LAYOUT, SCENARIO = "layout.toml", "scenario.toml"
STOCK, ORDERS = "stock.csv", "orders.csv"
ROTATE = ('motion = "omni"', 'motion = "rotate"')

GOOD = {
    "scenario.toml": """\
name = "tiny"
layout = "layout.toml"
stock = "stock.csv"
orders = "orders.csv"

[fleet]
count = 2
tote_slots = 4
speed_m_s = 1.5
motion = "omni"

[service]
pick_s_per_line = 6.0

[[station]]
name = "P1"
row = 5
col = 2

[[station]]
name = "P2"
row = 5
col = 6
packers = 2
""",
    "layout.toml": '''\
name = "tiny"
cell_size_m = 1.0
map = """
#########
#HHH....#
#.S.S.S.#
#.S.S.S.#
#.......#
#.P...P.#
#########
"""

[[zone]]
name = "racks"
rows = [2, 3]
cols = [1, 7]

[[obstacle]]
polygon = [[2.4, 4.4], [2.6, 4.4], [2.6, 4.6]]
''',
    "stock.csv": "sku,row,col,quantity\nA,2,2,5\nA,3,2,0\nB,2,4,7\nC,3,6,0\n",
    "orders.csv": (
        "order,sku,quantity,release_s,due_s,priority\n"
        "O1,A,2,0,600,1\nO2,B,1,30.5,,0\nO1,C,1,0,600,1\n"
    ),
}


def write_folder(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(data)
    return folder


def edited(*edits: tuple[str, str, str]) -> dict[str, str | bytes]:
    """Files of the good folder after edits (file, old text, new text)."""
    files: dict[str, str] = dict(GOOD)
    for file, old, new in edits:
        assert old in files[file], f"{old!r} is not in {file}"
        files[file] = files[file].replace(old, new, 1)
    return {**files}


def with_files(**files: str | bytes | None) -> dict[str, str | bytes]:
    """Files of the good folder with some replaced, or taken away with None."""
    named = {name.replace("__", "."): text for name, text in files.items()}
    merged = {**GOOD, **named}
    return {name: text for name, text in merged.items() if text is not None}


def named_files(key: str, text: str) -> dict[str, str | bytes]:
    """The good folder with one more table that scenario.toml names."""
    files = edited((SCENARIO, "\n[fleet]", f'{key} = "{key}.csv"\n\n[fleet]'))
    return {**files, f"{key}.csv": text}


def rows(*marks: str) -> tuple[str, str, str]:
    """Edit that puts in another map."""
    old = GOOD[LAYOUT].split('"""')[1]
    return LAYOUT, old, "\n" + "\n".join(marks) + "\n"
