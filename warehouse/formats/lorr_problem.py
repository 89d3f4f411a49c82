"""Problems of the League of Robot Runners, in their forms of 2023 and 2024.

A JSON file that names a map, a list of starts and a list of tasks. Source:
MAPF-Competition/Start-Kit, ``Input_Output_Format.md``; M. Jiang, S.-H. Chan, Y. Zhang,
P. J. Stuckey, S. Koenig, D. Harabor, Scaling Lifelong Multi-Agent Path Finding to More
Realistic Settings (2024), arXiv:2404.16162.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from warehouse.errors import Fault, InputError
from warehouse.formats.fault_list import add_faults
from warehouse.formats.json_file import parse_json
from warehouse.formats.layouts_by_ending import parse_any_layout
from warehouse.formats.lifelong_instance import LifelongInstance, find_cell_faults
from warehouse.formats.text_file import read_text_of_lines, shown
from warehouse.formats.toml_file import TomlTable, nearest

Read = TypeVar("Read")

MOST_ROBOTS: Final = 1_000_000
ROUND_ROBIN: Final = "roundrobin"
KEYS: Final = (
    "mapFile",
    "agentFile",
    "taskFile",
    "teamSize",
    "numTasksReveal",
    "taskAssignmentStrategy",
    "version",
)
_CELLS: Final = re.compile(r"[0-9]{1,9}(,[0-9]{1,9})*")


def read_lorr_problem(path: str | Path) -> LifelongInstance:
    """Read a problem and the three files it names.

    Of 2023 it is where it has a ``taskAssignmentStrategy``, else of 2024. Keys that we
    do not know are passed over, unless they look like one that is missing.

    Raises
    ------
    InputError
        With every fault of the four files.

    Examples
    --------
    >>> read_lorr_problem("absent.json")
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 absent.json: no such file; write the file or \
correct its name
    """
    faults: list[Fault] = []
    path = Path(path)
    root = parse_json(path, faults)
    if root is None:
        raise InputError(faults)
    team = root.whole("teamSize", 1, MOST_ROBOTS)
    open_tasks = _open_tasks(root, team)
    layout = _parse_named(root, "mapFile", path, parse_any_layout)
    starts = _parse_named(root, "agentFile", path, _parse_starts)
    tasks = _parse_named(root, "taskFile", path, parse_counted)
    _refuse_misspelt(root)
    if starts is not None and team > len(starts.cells):
        found = f"{team:,}, and {starts.file} has {len(starts.cells):,} robots"
        root.fault("E195", "teamSize", found, "lower it, or add robots")
    if faults or layout is None or starts is None or tasks is None:
        raise InputError(faults)
    sizes = [len(cells) for cells in tasks.cells]
    instance = LifelongInstance(
        layout,
        np.array([cells[0] for cells in starts.cells[:team]], np.int32),
        np.array([cell for cells in tasks.cells for cell in cells], np.int32),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        open_tasks,
    )
    found_faults = find_cell_faults(instance, starts.place, tasks.place)
    if found_faults:
        add_faults(faults, found_faults, path.name)
        raise InputError(faults)
    return instance


@dataclass(frozen=True, slots=True)
class CountedLines:
    """Lines of cells from a file that begins with how many there are.

    Parameters
    ----------
    file : str
    lines : list of int
        Line number of each entry.
    cells : list of list of int
        Numbers on each line.
    """

    file: str
    lines: list[int]
    cells: list[list[int]]

    def place(self, entry: int) -> str:
        """File and line of an entry."""
        return f"{self.file}, line {self.lines[entry]}"


def parse_counted(path: Path, faults: list[Fault]) -> CountedLines | None:
    """Read a file of ``n`` and then n lines of cells with commas between.

    Lines that begin with ``#`` and blank lines are passed over. Nothing is allocated
    on the word of the first line.
    """
    text = read_text_of_lines(path, faults)
    if text is None:
        return None
    numbered = [
        (number, line.strip())
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    found_faults: list[Fault] = []
    if not numbered or not re.fullmatch(r"[0-9]{1,18}", numbered[0][1]):
        first_line, first = numbered[0] if numbered else (1, "")
        needed = "begin with how many lines follow"
        spot = f"{path.name}, line {first_line}"
        found_faults.append(Fault("E190", spot, shown(first), needed))
    elif int(numbered[0][1]) != len(numbered) - 1:
        found = f"{int(numbered[0][1]):,} lines promised, {len(numbered) - 1:,} follow"
        spot = f"{path.name}, line {numbered[0][0]}"
        needed = "get the whole file again, or correct the number"
        found_faults.append(Fault("E195", spot, found, needed))
    elif len(numbered) == 1:
        found_faults.append(Fault("E103", path.name, "no line follows", "write one"))
    entries = CountedLines(path.name, [], [])
    for number, line in numbered[1:]:
        compact = line.replace(" ", "")
        if _CELLS.fullmatch(compact):
            entries.lines.append(number)
            entries.cells.append([int(cell) for cell in compact.split(",")])
            continue
        needed = "need cells as row * width + col, with commas between"
        spot = f"{path.name}, line {number}"
        found_faults.append(Fault("E190", spot, shown(line), needed))
    add_faults(faults, found_faults, path.name)
    return None if found_faults else entries


def _parse_starts(path: Path, faults: list[Fault]) -> CountedLines | None:
    """Read a file of starts, one cell a line."""
    starts = parse_counted(path, faults)
    if starts is None:
        return None
    found = [
        Fault("E190", starts.place(robot), f"{len(cells)} cells", "give one a robot")
        for robot, cells in enumerate(starts.cells)
        if len(cells) > 1
    ]
    add_faults(faults, found, path.name)
    return None if found else starts


def _parse_named(
    root: TomlTable,
    key: str,
    problem: Path,
    parse: Callable[[Path, list[Fault]], Read | None],
) -> Read | None:
    """Read the file that a key names, beside the problem; None with a fault."""
    before = len(root.faults)
    name = root.text(key)
    if len(root.faults) > before:
        return None
    if "\0" in name or not name.strip():
        root.fault("E115", key, shown(name), "name a file")
        return None
    return parse(problem.parent / name, root.faults)


def _open_tasks(root: TomlTable, team: int) -> int | None:
    """Size of the pool, or None where robots take tasks by turns."""
    reveal = root.number("numTasksReveal", 0.001, 1e6, 1.0)
    version = root.text("version", "")
    strategy = root.text("taskAssignmentStrategy", "")
    if version and not version.startswith(("2023", "2024")):
        needed = "problems of 2023 and 2024 are read"
        root.fault("E197", "version", shown(version), needed)
    if strategy not in ("", ROUND_ROBIN):
        needed = f"only {ROUND_ROBIN} is supported of the strategies of 2023"
        root.fault("E197", "taskAssignmentStrategy", shown(strategy), needed)
    if strategy or version.startswith("2023"):
        return None
    return max(1, math.ceil(reveal * team - 1e-9))


def _refuse_misspelt(root: TomlTable) -> None:
    """Append a fault for each unknown key that looks like a known one left out."""
    absent = [key for key in KEYS if key not in root.values]
    for key in root.values:
        if key not in KEYS and nearest(key, absent):
            name = shown(key).strip("'")
            needed = "take it away" + nearest(key, absent)
            root.fault("E122", name, "unknown key", needed)
