"""XML files: elements with their lines, which hand out checked values."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from warehouse.errors import Fault
from warehouse.formats.text_file import read_text, shown

MOST_ELEMENTS: Final = 2_000_000
DEEPEST: Final = 32


@dataclass(slots=True)
class XmlElement:
    """An element of an XML file.

    Parameters
    ----------
    tag : str
    attributes : dict of str to str
    line : int
        Line of the file on which it begins.
    file : str
    faults : list of Fault
        What is wrong with a value that is asked for is appended here.
    """

    tag: str
    attributes: dict[str, str]
    line: int
    file: str
    faults: list[Fault]
    children: list["XmlElement"] = field(default_factory=list)
    text: str = ""

    def all(self, *path: str) -> Iterator["XmlElement"]:
        """Elements that a path of tags leads to, in the order of the file."""
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:]) if path[1:] else (child,)

    def fault(self, code: str, found: str, needed: str) -> None:
        """Append a fault at this element."""
        place = f"{self.file}, line {self.line}"
        self.faults.append(Fault(code, place, found, needed))

    def number(
        self, name: str, low: float, high: float, default: float | None = None
    ) -> float:
        """Return an attribute as a number; a fault, and ``low``, where it is none.

        Parameters
        ----------
        name : str
        low, high : float
        default : float, optional
            Where the attribute is not there; without it that is a fault.
        """
        if default is not None and name not in self.attributes:
            return default
        needed = f"need {name} of {self.tag}, a number from {low:g} to {high:g}"
        if name not in self.attributes:
            self.fault("E121", f"{name} is missing", needed)
            return low
        return self._in_range(self.attributes[name], low, high, needed)

    def content(self, low: float, high: float) -> float:
        """Return the text of the element as a number, as `number` does."""
        needed = f"need {self.tag}, a number from {low:g} to {high:g}"
        return self._in_range(self.text, low, high, needed)

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """Return an attribute as a whole number; a fault, and ``low``, otherwise."""
        value = self.number(name, low, high, default)
        if value != int(value):
            found, needed = shown(self.attributes[name]), f"{name}: a whole number"
            self.fault("E116", found, f"need {needed}")
            return low
        return int(value)

    def _in_range(self, text: str, low: float, high: float, needed: str) -> float:
        try:
            value = float(text)
        except ValueError:
            self.fault("E116", shown(text), needed)
            return low
        if not (low <= value <= high and math.isfinite(value)):
            self.fault("E117", shown(text), needed)
            return low
        return value


class _Refused(Exception):
    """Ends the parsing of a file that is not read further."""


def parse_xml(path: Path, root: str, faults: list[Fault]) -> XmlElement | None:
    """Root element of an XML file, or None when there is none to speak of.

    A document type is refused before anything in it is looked at, so that no entity
    is ever expanded and nothing else is fetched; elements are counted as they come.

    Parameters
    ----------
    path : Path
    root : str
        Tag that the root must have.
    faults : list of Fault
        What is wrong is appended here.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "x.xml"
    >>> bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    >>> _ = file.write_text(bomb, encoding="utf-8")
    >>> faults = []
    >>> parse_xml(file, "a", faults) is None
    True
    >>> print(faults[0])
    E109 x.xml, line 1: it declares a document type; take the DOCTYPE away
    """
    text = read_text(path, faults)
    if text is None:
        return None
    reader = _Reader(path.name, faults)
    try:
        reader.parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        place = f"{path.name}, line {error.lineno}, column {error.offset + 1}"
        found = f"it is not XML ({expat.ErrorString(error.code)})"
        faults.append(Fault("E105", place, found, "write well-formed XML"))
        return None
    except _Refused:
        return None
    found_root = reader.root
    if found_root is None or found_root.tag != root:
        found = f"the root is {shown(found_root.tag if found_root else '')}"
        faults.append(Fault("E105", path.name, found, f"need a root {root}"))
        return None
    return found_root


class _Reader:
    """Builds elements from what expat reports."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self.file, self.faults = file, faults
        self.root: XmlElement | None = None
        self.stack: list[XmlElement] = []
        self.elements = 0
        # What the file says of its encoding is not asked: the text is UTF-8 by now.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, code: str, found: str, needed: str) -> None:
        place = f"{self.file}, line {self.parser.CurrentLineNumber}"
        self.faults.append(Fault(code, place, found, needed))
        raise _Refused

    def _doctype(self, *_: object) -> None:
        self._refuse("E109", "it declares a document type", "take the DOCTYPE away")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            needed = f"use at most {MOST_ELEMENTS:,}"
            self._refuse("E106", "too many elements", needed)
        if len(self.stack) >= DEEPEST:
            needed = f"need elements no deeper than {DEEPEST}"
            self._refuse("E106", "elements within elements without end", needed)
        line = self.parser.CurrentLineNumber
        element = XmlElement(tag, attributes, line, self.file, self.faults)
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def _end(self, _: str) -> None:
        self.stack.pop()

    def _text(self, text: str) -> None:
        if text.strip():
            self.stack[-1].text += text.strip()
