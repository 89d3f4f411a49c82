"""Sets of Mainz instances (a folder, an archive) and their published values."""

import csv
import gzip
import io
import math
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PureWindowsPath
from typing import Final, TypeVar

from warehouse.errors import Fault, InputError
from warehouse.formats.mainz import MAX_BYTES, MainzInstance, parse_mainz, read_bytes

Instance = TypeVar("Instance")

ARCHIVE_ENDINGS: Final = (".tgz", ".tar.gz", ".tar")
MAX_SET_BYTES: Final = 256 * 1024 * 1024

# In the one-block results the parts of the file name stand in columns of their own.
_NAME_COLUMNS: Final = (
    "unit demand",
    "alpha",
    "num aisles",
    "num cells",
    "num articles",
    "random seed",
)
_VALUE_COLUMNS: Final = ("objective", "DP cost", "Netw MIP cost", "UB")


def read_mainz_set(path: Path | str) -> Iterator[MainzInstance]:
    """Read one file, all ``*.txt`` of a folder, or all ``*.txt`` of a tar archive.

    Instances come sorted by name. Faults of all files are gathered and raised after
    the last one; an archive is read in memory and nothing is unpacked.

    Raises
    ------
    InputError
        E150 if nothing can be read, else the faults of the files (E150 to E158).

    Examples
    --------
    >>> list(read_mainz_set("absent.tgz"))
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 absent.tgz: no such file; name an existing file
    """
    yield from read_instances(path, parse_mainz)


def read_instances(
    path: Path | str, parse: Callable[[bytes, str], Instance]
) -> Iterator[Instance]:
    """Read the instances of one file, a folder or an archive, as `read_mainz_set` does.

    Parameters
    ----------
    path : Path or str
    parse : callable
        Makes an instance of the bytes of a file and the name it has in faults.

    Raises
    ------
    InputError
        E150 if nothing can be read, else the faults that ``parse`` raises.
    """
    path = Path(path)
    sources: list[tuple[str, bytes | None]]
    if path.is_dir():
        sources = [(str(file), None) for file in sorted(path.rglob("*.txt"))]
    elif path.name.endswith(ARCHIVE_ENDINGS):
        sources = sorted(_archive_members(path))
    else:
        sources = [(str(path), None)]
    if not sources:
        needed = "name a folder or archive with instances"
        raise InputError([Fault("E150", str(path), "no .txt file in it", needed)])
    faults: list[Fault] = []
    for source, data in sources:
        try:
            yield parse(read_bytes(source) if data is None else data, source)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def _archive_members(path: Path) -> Iterator[tuple[str, bytes | None]]:
    # All bytes first: gzip finds damage by the checksum at its end.
    data = io.BytesIO(_bytes_of(path, zipped=path.suffix != ".tar"))
    try:
        with tarfile.open(fileobj=data) as archive:
            for member in archive:
                if not (member.isfile() and member.name.endswith(".txt")):
                    continue
                file = archive.extractfile(member)
                if file is not None:
                    name = member.name.removeprefix("./")
                    yield f"{path}/{name}", file.read(MAX_BYTES + 1)
    except tarfile.TarError:
        found, needed = "not a tar archive", "name one with instances"
        raise InputError([Fault("E150", str(path), found, needed)]) from None


def read_published_values(path: Path | str) -> dict[str, float]:
    """Published objective by instance name, from a results CSV, plain or gzipped.

    Understands three published layouts: a column ``filename`` with ``objective``, the
    parts of the name in columns with ``DP cost``, and, separated by semicolons and with
    decimal commas, ``filename`` with ``UB`` for several policies, of which the optimal
    one counts. An instance with two values in one file has none.

    Raises
    ------
    InputError
        E150 if it cannot be read, E152 for missing columns, E153 for wrong numbers.
    """
    path = Path(path)
    try:
        text = _bytes_of(path, zipped=path.suffix == ".gz").decode("utf-8")
    except UnicodeDecodeError:
        found, needed = "bytes that are not UTF-8", "save it as UTF-8"
        raise InputError([Fault("E150", str(path), found, needed)]) from None
    separated = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=separated)
    columns = rows.fieldnames or []
    value_column = next((name for name in _VALUE_COLUMNS if name in columns), None)
    by_file = "filename" in columns
    if value_column is None or not (by_file or set(_NAME_COLUMNS) <= set(columns)):
        found = f"columns {', '.join(columns)[:80] or 'none'}"
        needed = f"need filename or name parts, and {' or '.join(_VALUE_COLUMNS)}"
        raise InputError([Fault("E152", f"{path}, line 1", found, needed)])
    values: dict[str, float] = {}
    faults = []
    doubtful = set()
    for row in rows:
        if row.get("policy", "optimal") != "optimal":
            continue
        if by_file:
            name = PureWindowsPath(row["filename"] or "").name.removesuffix(".txt")
        else:
            unit, alpha, *sizes = (row[column] for column in _NAME_COLUMNS)
            demand = "unit" if unit == "true" else "varying"
            name = "{}_F{}_m{}_C{}_a{}_{}".format(demand, alpha, *sizes)
        value = _number(row[value_column], decimal_comma=separated == ";")
        if math.isfinite(value):
            if separated == ";" and values.get(name, value) != value:
                doubtful.add(name)
            values[name] = value
        else:
            place = f"{path}, line {rows.line_num}, column {value_column}"
            found = repr(row[value_column])
            faults.append(Fault("E153", place, found, "a finite number"))
    if faults:
        raise InputError(faults)
    return {name: value for name, value in values.items() if name not in doubtful}


def _bytes_of(path: Path, *, zipped: bool) -> bytes:
    try:
        with gzip.open(path) if zipped else path.open("rb") as file:
            data = file.read(MAX_SET_BYTES + 1)
    except FileNotFoundError:
        found, needed = "no such file", "name an existing file"
    except (EOFError, OSError, zlib.error):
        found, needed = "cannot be read: damaged, or no such format", "get it again"
    else:
        if len(data) <= MAX_SET_BYTES:
            return data
        found = f"more than {MAX_SET_BYTES >> 20} MiB"
        needed = "name a set of instances, or their results"
    raise InputError([Fault("E150", str(path), found, needed)])


def _number(text: str | None, *, decimal_comma: bool) -> float:
    text = text or ""
    if decimal_comma:
        text = text.replace(".", "").replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return math.nan
