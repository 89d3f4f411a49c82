"""Lifelong problems as two tables: where robots start, and cells to go to by turns."""

from pathlib import Path

import numpy as np

from warehouse.errors import Fault, InputError
from warehouse.formats.fault_list import add_faults
from warehouse.formats.layouts_by_ending import parse_any_layout
from warehouse.formats.lifelong_instance import LifelongInstance, find_cell_faults
from warehouse.formats.table import parse_table

MOST_CELLS = 2**31 - 1


def read_lifelong_csv(
    map_file: str | Path, agents_file: str | Path, tasks_file: str | Path
) -> LifelongInstance:
    """Read a map, ``agent id,row,col`` a robot, and ``targets``: a cell a line.

    Cells are ``row * width + col``. Robot r's j-th goal is line ``(j * robots + r)``
    of the targets, which begin anew when they end.

    Raises
    ------
    InputError
        With every fault of the three files.

    Examples
    --------
    >>> read_lifelong_csv("a.map", "b.csv", "c.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 a.map: no such file; write ...
    E101 b.csv: no such file; write the file or correct its name
    E101 c.csv: no such file; write the file or correct its name
    """
    faults: list[Fault] = []
    layout = parse_any_layout(Path(map_file), faults)
    agents = parse_table(Path(agents_file), ("row", "col"), ("agent id",), faults)
    tasks = parse_table(Path(tasks_file), ("targets",), (), faults)
    if layout is None or agents is None or tasks is None:
        raise InputError(faults)
    rows = agents.whole_numbers("row", 0, layout.height - 1)
    cols = agents.whole_numbers("col", 0, layout.width - 1)
    targets = tasks.whole_numbers("targets", 0, MOST_CELLS)
    for table, what in ((agents, "robot"), (tasks, "target")):
        if not len(table):
            needed = f"write a line for each {what}"
            faults.append(Fault("E103", table.file, f"there is no {what}", needed))
    if faults:
        raise InputError(faults)
    instance = LifelongInstance(
        layout,
        (rows * layout.width + cols).astype(np.int32),
        targets.astype(np.int32),
        np.arange(len(targets) + 1, dtype=np.int64),
        None,
    )
    found = find_cell_faults(
        instance,
        lambda robot: f"{agents.file}, line {agents.lines[robot]}",
        lambda task: f"{tasks.file}, line {tasks.lines[task]}",
    )
    if found:
        add_faults(faults, found, agents.file)
        raise InputError(faults)
    return instance
