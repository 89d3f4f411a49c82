"""Sets of published instances: one file, a folder of them, or a tar archive."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from warehouse.errors import Fault, InputError

ARCHIVE_ENDINGS: Final = (".tgz", ".tar.gz", ".tar")
MAX_SET_BYTES: Final = 256 * 1024 * 1024

Instance = TypeVar("Instance")


def read_set(
    path: Path | str, parse: Callable[[bytes, str], Instance], max_bytes: int
) -> Iterator[Instance]:
    """Read one file, all ``*.txt`` of a folder, or all ``*.txt`` of a tar archive.

    Instances come sorted by name. Faults of all files are gathered and raised after
    the last one; an archive is read in memory and nothing is unpacked.

    Parameters
    ----------
    path : Path or str
    parse : callable
        Makes an instance of the bytes of a file and its name, or raises `InputError`.
    max_bytes : int
        Larger files are cut one byte behind this, for `parse` to refuse.

    Raises
    ------
    InputError
        E150 if nothing can be read, else the faults of the files.

    Examples
    --------
    >>> list(read_set("absent.tgz", lambda data, name: name, 99))
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 absent.tgz: no such file; name an existing file
    """
    path = Path(path)
    faults: list[Fault] = []
    for source, data in find_members(path, ".txt", max_bytes):
        try:
            if data is None:
                data = read_bytes(Path(source), max_bytes)
            yield parse(data, source)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def find_members(
    path: Path, ending: str, max_bytes: int
) -> list[tuple[str, bytes | None]]:
    """Files of a set, sorted by name: those of a folder or archive with an ending.

    A path that is neither stands for itself. Files of an archive come with their
    bytes, cut one byte behind ``max_bytes``; others with None.

    Raises
    ------
    InputError
        E150 if an archive cannot be read, or there is no such file in it.
    """
    members: list[tuple[str, bytes | None]]
    if path.is_dir():
        members = [(str(file), None) for file in sorted(path.rglob(f"*{ending}"))]
    elif path.name.endswith(ARCHIVE_ENDINGS):
        members = sorted(_archive_members(path, ending, max_bytes))
    else:
        members = [(str(path), None)]
    if not members:
        needed = "name a folder or archive with instances"
        raise InputError([Fault("E150", str(path), f"no {ending} file in it", needed)])
    return members


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Bytes of one file, cut one byte behind ``max_bytes``.

    Raises
    ------
    InputError
        E150 if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except FileNotFoundError:
        found, needed = "no such file", "name an existing file"
    except OSError as error:
        found = error.strerror or "cannot be read"
        needed = "name a readable file"
    raise InputError([Fault("E150", str(path), found, needed)])


def set_bytes(path: Path, *, zipped: bool) -> bytes:
    """Bytes of a whole archive or table, unzipped.

    Raises
    ------
    InputError
        E150 if it cannot be read, is damaged or too large.
    """
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


def _archive_members(
    path: Path, ending: str, max_bytes: int
) -> Iterator[tuple[str, bytes]]:
    # All bytes first: gzip finds damage by the checksum at its end.
    data = io.BytesIO(set_bytes(path, zipped=path.suffix != ".tar"))
    try:
        with tarfile.open(fileobj=data) as archive:
            for member in archive:
                if not (member.isfile() and member.name.endswith(ending)):
                    continue
                file = archive.extractfile(member)
                if file is not None:
                    name = member.name.removeprefix("./")
                    yield f"{path}/{name}", file.read(max_bytes + 1)
    except tarfile.TarError:
        found, needed = "not a tar archive", "name one with instances"
        raise InputError([Fault("E150", str(path), found, needed)]) from None
