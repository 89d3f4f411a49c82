"""Output files that are there whole, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.errors import Fault, InputError

_FOLDER = "choose another folder"


def refuse_unwritable(path: Path) -> None:
    """Say before long work that its result could not be written.

    Raises
    ------
    InputError
        If the folder is missing or closed to us, or something that is no file
        stands at `path`.
    """
    folder = path.parent
    if not folder.is_dir():
        found, needed = "no such folder", "make it, or choose another"
        raise InputError([Fault("E906", str(folder), found, needed)])
    if path.is_dir():
        raise InputError([Fault("E906", str(path), "is a folder", "name a file")])
    if path.exists() and not path.is_file():  # a device: it would be replaced
        raise InputError([Fault("E906", str(path), "is no file", "name a file")])
    if not os.access(folder, os.W_OK):
        raise InputError(
            [Fault("E906", str(folder), "you may not write there", _FOLDER)]
        )


def make_folder(path: Path) -> None:
    """Make a folder to write into, unless it is there; say so if that cannot be.

    Raises
    ------
    InputError
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError([Fault("E906", str(path), "is a file", _FOLDER)]) from None
    except OSError as error:
        found = f"cannot be made ({error.strerror})"
        raise InputError([Fault("E906", str(path), found, _FOLDER)]) from error
    if not os.access(path, os.W_OK):
        raise InputError([Fault("E906", str(path), "you may not write there", _FOLDER)])


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


@contextmanager
def whole_files(path: Path) -> Iterator[Path]:
    """Give a path to write to, with other files beside it, as `whole_file` does.

    The file itself gets its place last, when those that it names are there.
    """
    with _moved_to(path.parent, last=path.name) as folder:
        yield folder / path.name


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder to write to; its files get to `path`, which is made, when all are.

    An error, a full disk or Ctrl-C leaves older files of their names as they were.

    Raises
    ------
    InputError
    """
    new = not path.exists()
    make_folder(path)
    try:
        with _moved_to(path, last="scenario.toml") as folder:
            yield folder
    except BaseException:
        if new:
            with suppress(OSError):
                path.rmdir()
        raise


@contextmanager
def _moved_to(target: Path, last: str) -> Iterator[Path]:
    """Give a folder whose files are moved to another in the end, one of them last."""
    with TemporaryDirectory(prefix=".part-", dir=target) as name:
        folder = Path(name)
        yield folder
        for file in sorted(folder.iterdir(), key=lambda file: file.name == last):
            os.replace(file, target / file.name)
