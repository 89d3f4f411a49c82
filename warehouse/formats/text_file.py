"""Text files in and out: bytes to UTF-8 text, with every way that can fail."""

import codecs
import gzip
import zlib
from pathlib import Path
from typing import Final

from warehouse.errors import Fault, InputError

MOST_BYTES: Final = 512 * 1024 * 1024
MOST_LINES: Final = 5_000_000
MOST_SHOWN: Final = 40
WRITE_MEND: Final = "give a place where you may write and where there is room"


def read_text(path: Path, faults: list[Fault]) -> str | None:
    r"""Read a UTF-8 text file, unpacked if it ends in ``.gz``.

    A byte order mark is taken off.

    Parameters
    ----------
    path : Path
    faults : list of Fault
        What is wrong is appended here.

    Returns
    -------
    str or None
        The text with ``\n`` line ends, or None when there is a fault.

    Examples
    --------
    >>> faults = []
    >>> read_text(Path("no_such_file.csv"), faults) is None
    True
    >>> print(faults[0])
    E101 no_such_file.csv: no such file; write the file or correct its name
    """
    data = _read_bytes(path, faults)
    if data is None:
        return None
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        faults.append(
            Fault("E103", path.name, "the file is empty", "fill it or take it away")
        )
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = error.start - data.rfind(b"\n", 0, error.start)
        faults.append(
            Fault(
                "E104",
                f"{path.name}, line {line}, byte {byte}",
                f"byte 0x{data[error.start]:02x} is not UTF-8",
                "save the file as UTF-8 text",
            )
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text_of_lines(path: Path, faults: list[Fault]) -> str | None:
    """Read a text file as `read_text` does, and refuse it if it has too many lines."""
    text = read_text(path, faults)
    if text is not None and text.count("\n") > MOST_LINES:
        found = f"{text.count(chr(10)):,} lines"
        faults.append(Fault("E106", path.name, found, f"use at most {MOST_LINES:,}"))
        return None
    return text


def _read_bytes(path: Path, faults: list[Fault]) -> bytes | None:
    """Content of a regular file of sensible size, or None and a fault."""
    try:
        if not path.exists():
            fault = ("E101", "no such file", "write the file or correct its name")
        elif path.is_dir():
            fault = ("E102", "this is a folder", "give a file")
        elif not path.is_file():
            fault = ("E102", "this is not a regular file", "give a file")
        elif path.stat().st_size > MOST_BYTES:
            found = f"{path.stat().st_size:,} bytes"
            fault = ("E106", found, f"at most {MOST_BYTES:,} bytes are read")
        else:
            data = _content(path)
            if len(data) <= MOST_BYTES:
                return data
            found = f"over {MOST_BYTES:,} bytes when unpacked"
            fault = ("E106", found, f"at most {MOST_BYTES:,} bytes are read")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        found = "it is no gzip file, or a damaged one"
        fault = ("E102", found, "get the whole file again")
    except OSError as error:
        found = f"it cannot be read ({error.strerror})"
        fault = ("E102", found, "give a file that can be read")
    code, found, needed = fault
    faults.append(Fault(code, shown(path.name).strip("'"), found, needed))
    return None


def _content(path: Path) -> bytes:
    """Content of a file, unpacked if need be, and no longer than tells it too large."""
    if path.suffix != ".gz":
        return path.read_bytes()
    with gzip.open(path) as file:
        return file.read(MOST_BYTES + 1)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            [Fault("E107", str(path), f"it cannot be written ({reason})", WRITE_MEND)]
        ) from error


def shown(value: object) -> str:
    r"""Return a value from a file as a message may show it: short, no controls.

    Examples
    --------
    >>> shown("a\x1b[2Jb"), shown(True), shown(10**5000)
    ("'a\\x1b[2Jb'", 'true', 'a number of 16610 bits')
    """
    if isinstance(value, str):
        cut = value if len(value) <= MOST_SHOWN else value[: MOST_SHOWN - 1] + "…"
        return repr(cut)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        bits = value.bit_length()
        return str(value) if bits < 100 else f"a number of {bits} bits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "null"
    return "a table" if isinstance(value, dict) else "a date or time"
