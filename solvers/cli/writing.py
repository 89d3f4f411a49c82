"""Output files that are there whole, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import Fault, InputError


def refuse_unwritable(path: Path) -> None:
    """Say before long work that its result could not be written.

    Raises
    ------
    InputError
        If the folder is missing or closed to us, or a folder stands at `path`.
    """
    folder = path.parent
    if not folder.is_dir():
        found, needed = "no such folder", "make it, or choose another"
        raise InputError([Fault("E906", str(folder), found, needed)])
    if path.is_dir():
        raise InputError([Fault("E906", str(path), "is a folder", "name a file")])
    if not os.access(folder, os.W_OK):
        found, needed = "you may not write there", "choose another folder"
        raise InputError([Fault("E906", str(folder), found, needed)])


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written gets its name only when complete.

    An error, a full disk or Ctrl-C leaves an older file of that name as it was.
    """
    part = path.with_name(f".part-{os.getpid()}-{path.name}")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
