"""JSON files: the root object, as a table that hands out checked values."""

import json
from pathlib import Path
from typing import Any

from warehouse.errors import Fault
from warehouse.formats.text_file import read_text, shown
from warehouse.formats.toml_file import TomlTable


def parse_json(path: Path, faults: list[Fault]) -> TomlTable | None:
    r"""Root object of a JSON file, or None when there is none to speak of.

    A key that is there twice is a fault; of the two values nobody knows which was
    meant.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "x.json"
    >>> _ = file.write_text('{"a": 1,\n "a": 2}', encoding="utf-8")
    >>> faults = []
    >>> parse_json(file, faults) is None
    True
    >>> print(faults[0])
    E113 x.json, key a: the key is there twice; keep one
    """
    root = _parse(path, faults)
    if root is not None and not isinstance(root, dict):
        faults.append(Fault("E105", path.name, shown(root), "write one JSON object"))
    return TomlTable(root, path.name, "", faults) if isinstance(root, dict) else None


def parse_json_list(path: Path, faults: list[Fault]) -> list[Any] | None:
    """Root list of a JSON file, or None when there is none; as `parse_json`."""
    root = _parse(path, faults)
    if root is not None and not isinstance(root, list):
        faults.append(Fault("E105", path.name, shown(root), "write a list [...]"))
    return root if isinstance(root, list) else None


def _parse(path: Path, faults: list[Fault]) -> Any:
    """Root of a JSON file, or None where there is a fault."""
    text = read_text(path, faults)
    if text is None:
        return None
    before = len(faults)

    def one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) < len(pairs) and len(faults) == before:
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            place = f"{path.name}, key {shown(twice).strip(chr(39))}"
            faults.append(Fault("E113", place, "the key is there twice", "keep one"))
        return values

    def no_number(word: str) -> None:
        raise ValueError(f"{word} is no JSON number")

    place, found = path.name, ""
    try:
        root = json.loads(text, object_pairs_hook=one_of_each, parse_constant=no_number)
    except json.JSONDecodeError as error:
        place = f"{path.name}, line {error.lineno}, column {error.colno}"
        found = error.msg[:1].lower() + error.msg[1:]
        if error.pos >= len(text.rstrip()):
            found += ", and there the file ends"
    except RecursionError:
        found = "lists or objects are nested too deeply"
    except ValueError as error:  # a number of thousands of digits, NaN, Infinity
        found = str(error)
    if found:
        faults.append(Fault("E105", place, found, "write it as JSON"))
    elif root is None:
        faults.append(Fault("E105", place, "null", "write a list or an object"))
    return None if len(faults) > before else root
