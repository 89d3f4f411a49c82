"""TOML files: tables that hand out checked values and remember what was asked."""

import difflib
import json
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from warehouse.errors import Fault
from warehouse.formats.names import find_name_fault
from warehouse.formats.text_file import read_text, shown

Word = TypeVar("Word", bound=str)
_MENDS = {
    "Invalid value": "put text in quotes; write numbers plainly, as in 1000 or 1.5",
    "Invalid initial character": "write key = value, or a table as in [fleet]",
    "Invalid statement": "write key = value, or a table as in [fleet]",
    "Expected '=' after a key": "write key = value",
    "Expected newline": "put text in quotes, and each key on a line of its own",
    "Expected ']'": "close the bracket of the table",
    "Cannot overwrite": "this key is there twice: keep one of them",
    "Cannot declare": "this table is there twice: keep one of them",
    "Unterminated string": "close the quotes of the text",
    "Illegal character '\\n'": "close the quotes of the text in the line it begins in",
}
"""What mends the faults that tomllib's messages begin with."""


def parse_toml(path: Path, faults: list[Fault]) -> "TomlTable | None":
    """Root table of a TOML file, or None when there is none to speak of."""
    text = read_text(path, faults)
    return None if text is None else parse_toml_text(text, path.name, faults)


def parse_toml_text(text: str, file: str, faults: list[Fault]) -> "TomlTable | None":
    """Root table of TOML text that came from a file of the given name."""
    try:
        return TomlTable(tomllib.loads(text), file, "", faults)
    except RecursionError:
        place, found = file, "lists or tables are nested too deeply"
    except ValueError as error:  # tomllib lets int() complain about long numbers
        message = str(error)
        at = re.search(r" \(at (line \d+), (column \d+)\)$", message)
        place, found = file, message.replace(" (at end of", " (end of")
        if at:
            place, found = f"{file}, {at[1]}, {at[2]}", message[: at.start()]
        elif found != message:
            place = f"{file}, line {text.rstrip().count(chr(10)) + 1}"
    mends = [mend for start, mend in _MENDS.items() if found.startswith(start)]
    needed = mends[0] if mends else "write it as TOML 1.0"
    faults.append(Fault("E105", place, found, needed))
    return None


class TomlTable:
    """One table of a TOML file.

    Every method takes a key, appends what is wrong with it to the faults, and
    returns a value of the right type in any case, so that reading goes on.

    Parameters
    ----------
    values : dict
    file : str
        Name of the file, for places.
    where : str
        Name of the table, for places: ``"[fleet] "``, or empty for the root.
    faults : list of Fault
    """

    def __init__(
        self, values: dict[str, Any], file: str, where: str, faults: list[Fault]
    ) -> None:
        self.values = values
        self.file = file
        self.where = where
        self.faults = faults
        self.asked: list[str] = []

    def place(self, key: str) -> str:
        """Place of a key, as faults name it."""
        return f"{self.file}, {self.where}key {key}"

    def fault(self, code: str, key: str, found: str, needed: str) -> None:
        """Append a fault about a key."""
        self.faults.append(Fault(code, self.place(key), found, needed))

    def has(self, key: str) -> bool:
        """Whether a key that may be left out is there."""
        self.asked.append(key)
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """Text; without a default the key must be there."""
        if not self.has(key):
            return self._missing(key, "need text in quotes", default, "")
        value = self.values[key]
        if not isinstance(value, str):
            self.fault("E116", key, f"{shown(value)} is not text", "put it in quotes")
            return default or ""
        return value

    def name(self, key: str, default: str | None = None) -> str:
        """Text that may stand as a name: not blank, printable, not too long."""
        before = len(self.faults)
        name = self.text(key, default).strip()
        if len(self.faults) == before and key in self.values:
            fault = find_name_fault(name)
            if fault is not None:
                code, found, needed = fault
                self.fault(code, key, found, needed)
        return name

    def choice(self, key: str, choices: tuple[Word, ...], default: Word) -> Word:
        """One of some words."""
        before = len(self.faults)
        word = self.text(key, default)
        for choice in choices:
            if choice == word:
                return choice
        if len(self.faults) == before:
            needed = "use one of " + ", ".join(choices) + nearest(word, choices)
            self.fault("E116", key, shown(word), needed)
        return default

    def whole(
        self, key: str, lowest: int, highest: int, default: int | None = None
    ) -> int:
        """Whole number between two limits, both included."""
        needed = f"need a whole number from {lowest:,} to {highest:,}"
        if not self.has(key):
            return self._missing(key, needed, default, lowest)
        value = self.values[key]
        if type(value) is not int:
            self.fault("E116", key, shown(value), needed)
        elif not lowest <= value <= highest:
            self.fault("E117", key, shown(value), needed)
        else:
            return value
        return lowest

    def number(
        self, key: str, lowest: float, highest: float, default: float | None = None
    ) -> float:
        """Finite number between two limits, both included."""
        needed = f"need a number from {lowest:,g} to {highest:,g}"
        if not self.has(key):
            return self._missing(key, needed, default, lowest)
        value = self.values[key]
        if type(value) is not int and type(value) is not float:
            self.fault("E116", key, shown(value), needed)
        elif not lowest <= value <= highest:  # nor is nan
            self.fault("E117", key, shown(value), needed)
        else:
            return float(value)
        return lowest

    def table(self, key: str) -> "TomlTable":
        """Table inside; an empty one when it is left out."""
        value = self.values.get(key, {}) if self.has(key) else {}
        if not isinstance(value, dict):
            self.fault("E116", key, shown(value), f"write it as a table [{key}]")
            value = {}
        return TomlTable(value, self.file, f"[{key}] ", self.faults)

    def tables(self, key: str) -> list["TomlTable"]:
        """Tables of an array of tables; none when it is left out."""
        value = self.values[key] if self.has(key) else []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.fault("E116", key, shown(value), f"write each as a table [[{key}]]")
            return []
        return [
            TomlTable(entry, self.file, f"[[{key}]] {number} ", self.faults)
            for number, entry in enumerate(value, start=1)
        ]

    def refuse_others(self) -> None:
        """Append a fault for each key that no one asked for."""
        for key in self.values:
            if key not in self.asked:
                needed = "take it away" + nearest(key, self.asked)
                self.fault("E122", shown(key).strip("'"), "unknown key", needed)

    def _missing(self, key: str, needed: str, default: Any, fallback: Any) -> Any:
        if default is None:
            self.fault("E121", key, "the key is missing", needed)
            return fallback
        return default


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return ``", or did you mean x?"`` for the nearest known word, if one is near.

    Examples
    --------
    >>> nearest("speed", ["speed_m_s", "count"]), nearest("pods", ["count"])
    (', or did you mean speed_m_s?', '')
    >>> nearest("SKU", ["sku"])
    ', or did you mean sku?'
    """
    plain = {name.casefold(): name for name in reversed(known)}
    close = difflib.get_close_matches(word[:80].casefold(), plain, n=1, cutoff=0.5)
    return f", or did you mean {plain[close[0]]}?" if close else ""


def toml_text(text: str) -> str:
    """Text as a TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
