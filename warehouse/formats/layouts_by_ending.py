"""Layouts of every format we read, told apart by the ending of the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from warehouse.errors import Fault, InputError
from warehouse.formats.layout_toml import parse_layout
from warehouse.formats.movingai import parse_map
from warehouse.formats.text_file import shown
from warehouse.layout import Layout

LAYOUT_ENDINGS: Final[dict[str, Callable[[Path, list[Fault]], Layout | None]]] = {
    ".toml": parse_layout,
    ".map": parse_map,
}


def read_any_layout(path: str | Path) -> Layout:
    """Read a layout in the format that the ending of its file names.

    Raises
    ------
    InputError
        With every fault of the file; E108 if the ending is not known.

    Examples
    --------
    >>> read_any_layout("floor.docx")
    Traceback (most recent call last):
    warehouse.errors.InputError: E108 floor.docx: no layout format ends in '.docx'; \
use one of .toml .map
    """
    faults: list[Fault] = []
    layout = parse_any_layout(Path(path), faults)
    if layout is None or faults:
        raise InputError(faults)
    return layout


def parse_any_layout(path: Path, faults: list[Fault]) -> Layout | None:
    """Read a layout by its ending and append its faults."""
    parse = LAYOUT_ENDINGS.get(path.suffix.lower())
    if parse is None:
        found = f"no layout format ends in {shown(path.suffix)}"
        needed = "use one of " + " ".join(LAYOUT_ENDINGS)
        faults.append(Fault("E108", path.name, found, needed))
        return None
    return parse(path, faults)
