"""Numpy archives (``.npz``): written alike every time, read with suspicion.

A reader that trusts a strange file can be made to allocate a terabyte by a few bytes
that claim one. Here every size is compared with the bytes that are really there
before anything of that size is made.
"""

import ast
import io
import math
import mmap
import os
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError

LIMIT_VARIABLE: Final = "AISLEWISE_MAX_PLAN_BYTES"
USUAL_LIMIT: Final = 2 << 30
MOST_FILE_BYTES: Final = (2 << 30) - 1
"""Above this a zip file needs another kind of directory, which is not read here."""

MOST_MEMBERS: Final = 64
MOST_DIRECTORY_BYTES: Final = 1 << 16
MOST_HEADER_BYTES: Final = 10_000
MOST_DEFLATED: Final = 1032
"""Deflate makes at most 1032 bytes out of one."""

CHUNK: Final = 1 << 20
UNPACKED_FROM: Final = 1 << 24
"""Bytes from which a member is written as it is, to be read as it is needed."""
ALIGNMENT: Final = 64
PADDING_FIELD: Final = 0xD935
"""Number of the extra field that pads, as Android's zipalign has it."""

MemberBytes = bytearray | memoryview
"""Contents of a member: unpacked, or a part of the file itself."""
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    struct.error,
)
"""What the zip reader raises, in all its moods, on a file that is no good."""


def npy_bytes(array: NDArray[Any]) -> bytes:
    """Contents of an ``.npy`` file of an array."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array, order="C"), allow_pickle=False)
    return buffer.getvalue()


def text_array(texts: tuple[str, ...], place: str) -> NDArray[np.str_]:
    """Fixed-width unicode array of some texts, at least one character wide.

    Raises
    ------
    InputError
        If a text cannot be kept: one that holds a NUL or half a character.
    """
    bad = [text for text in texts if "\0" in text or not _is_unicode(text)]
    if bad:
        need = "use text without NUL and without surrogates"
        raise InputError(Fault("E213", place, repr(text), need) for text in bad)
    width = max(map(len, texts), default=1)
    return np.array(texts, dtype=f"<U{max(1, width)}")


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= mark <= "\udfff" for mark in text)


def write_npz(path: Path, members: Mapping[str, bytes]) -> None:
    """Write members (name to ``.npy`` bytes) as an archive, in one go.

    The same members give the same bytes. The archive is written beside its place
    and moved there when it is whole, so a reader never sees half of one. Large members
    are not packed, and begin where a page may be mapped: see `Archive.read`.

    Raises
    ------
    InputError
        If it cannot be written there.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            room = sum(map(len, members.values())) + MOST_DIRECTORY_BYTES
            with part.open("wb") as file, zipfile.ZipFile(file, "w") as archive:
                for name, data in members.items():
                    info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
                    info.compress_type = zipfile.ZIP_DEFLATED
                    info.create_system = 3
                    info.external_attr = 0o644 << 16
                    if len(data) >= UNPACKED_FROM and room <= MOST_FILE_BYTES:
                        info.compress_type = zipfile.ZIP_STORED
                        info.extra = _padding(file.tell() + 30 + len(info.filename))
                    archive.writestr(info, data, compresslevel=1)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        fault = Fault(
            "E213",
            str(path),
            f"cannot be written ({reason(error)})",
            "name a file in a folder that exists and that you may write to",
        )
        raise InputError([fault]) from error


def _padding(end: int) -> bytes:
    """Extra field behind a member's header, so that the member begins aligned."""
    empty = struct.calcsize("<HH")
    gap = -(end + empty) % ALIGNMENT
    return struct.pack("<HH", PADDING_FIELD, gap) + bytes(gap)


def reason(error: Exception) -> str:
    """Why a file cannot be opened, without its name."""
    return getattr(error, "strerror", None) or str(error)


class Archive:
    """An ``.npz`` file opened for reading, its directory checked.

    Raises
    ------
    InputError
        On opening: no such file, not an archive, cut short, damaged, too large.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pages: mmap.mmap | None = None
        try:
            self._file = path.open("rb")
        except (OSError, ValueError) as error:
            need = "name a plan file that exists and that you may read"
            raise self.fault(
                "E201", "", f"cannot be read ({reason(error)})", need
            ) from (error)
        try:
            self._infos = self._read_directory()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Return the archive."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    @property
    def names(self) -> set[str]:
        """Names of the arrays."""
        return set(self._infos)

    @property
    def total_bytes(self) -> int:
        """Bytes of all members, unpacked."""
        return sum(info.file_size for info in self._infos.values())

    def fault(self, code: str, name: str, found: str, needed: str) -> InputError:
        """Error about a member, or with an empty name about the file."""
        place = f"{self.path}, {name}" if name else str(self.path)
        return InputError([Fault(code, place, found, needed)])

    def read(self, name: str) -> MemberBytes:
        """Bytes of a member.

        A large one that is not packed is not copied: its pages come from the file when
        they are looked at, and may leave memory again.

        Raises
        ------
        InputError
            If it is damaged.
        """
        info = self._infos[name]
        if info.compress_type == zipfile.ZIP_STORED and info.file_size >= UNPACKED_FROM:
            return self._map(name, info)
        return self._unpack(name)

    def _map(self, name: str, info: zipfile.ZipInfo) -> memoryview:
        """Map a member that is not packed."""
        self._file.seek(info.header_offset)
        head = self._file.read(30)
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise self._damaged(name)
        begin = info.header_offset + 30 + sum(struct.unpack("<HH", head[26:]))
        end = begin + info.file_size
        if info.compress_size != info.file_size or end > self.path.stat().st_size:
            raise self._damaged(name)
        if self._pages is None:
            self._pages = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        data, check = memoryview(self._pages)[begin:end], 0
        for first in range(0, len(data), CHUNK):
            check = zlib.crc32(data[first : first + CHUNK], check)
        if check != info.CRC:
            raise self._damaged(name)
        return data

    def _unpack(self, name: str) -> bytearray:
        """Unpack a member, growing with what really comes out of it."""
        data = bytearray()
        try:
            with self._zip.open(self._infos[name]) as member:
                while chunk := member.read(CHUNK):
                    data += chunk
        except (*BROKEN, OSError) as error:
            raise self._damaged(name) from error
        except MemoryError as error:
            need = "read it on a machine with more memory"
            raise self.fault("E205", name, "does not fit in memory", need) from error
        return data

    def _damaged(self, name: str = "") -> InputError:
        need = "get the file again, or write the plan again"
        return self.fault("E204", name, "damaged: its bytes do not add up", need)

    def _read_directory(self) -> dict[str, zipfile.ZipInfo]:
        self._check_ends()
        try:
            self._zip = zipfile.ZipFile(self._file)
            infos = self._zip.infolist()
        except (*BROKEN, OSError) as error:
            raise self._damaged() from error
        names = [info.filename for info in infos]
        for info in infos:
            whole = info.filename.endswith(".npy")
            plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            if not whole or not plain or info.flag_bits & 1:
                need = "need a plan file: an archive of .npy members, not encrypted"
                raise self.fault("E202", info.filename, "strange member", need)
            if names.count(info.filename) > 1:
                need = "write the plan again"
                raise self.fault("E207", info.filename, "is there twice", need)
        self._check_sizes(infos)
        return {info.filename.removesuffix(".npy"): info for info in infos}

    def _check_ends(self) -> None:
        """Compare the end of the file, which says where its directory is."""
        file = self._file
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(4)
        if size < 22 or head != b"PK\3\4":
            found = "an empty file" if size == 0 else "not a plan file"
            need = "need a file that `aislewise plan` wrote (*.plan.npz)"
            raise self.fault("E202", "", found, need)
        if size > MOST_FILE_BYTES:
            need = f"plan files have at most {MOST_FILE_BYTES:,}"
            raise self.fault("E205", "", f"{size:,} bytes", need)
        file.seek(max(0, size - 42))
        tail = file.read(42)
        mark, count, length, offset, comment = struct.unpack("<4s6xHIIH", tail[-22:])
        if mark != b"PK\5\6":
            need = "get the whole file again"
            raise self.fault("E203", "", "cut short: its end is missing", need)
        if (
            tail[:4] == b"PK\6\7"
            or comment
            or count > MOST_MEMBERS
            or length > MOST_DIRECTORY_BYTES
            or offset + length + 22 != size
        ):
            raise self._damaged()
        file.seek(0)

    def _check_sizes(self, infos: list[zipfile.ZipInfo]) -> None:
        size = self.path.stat().st_size
        for info in infos:
            if (
                info.compress_size > size
                or info.file_size > MOST_DEFLATED * info.compress_size + 64
            ):
                found = f"claims {info.file_size:,} bytes out of {info.compress_size:,}"
                need = "get the file again: no such member can be packed"
                raise self.fault("E205", info.filename, found, need)
        limit = byte_limit()
        total = sum(info.file_size for info in infos)
        if total > limit:
            found = f"{total:,} bytes unpacked, more than {limit:,}"
            need = f"set {LIMIT_VARIABLE} higher if you trust the file"
            raise self.fault("E205", "", found, need)


def byte_limit() -> int:
    """Bytes a plan may unpack to; `LIMIT_VARIABLE` in the environment sets it."""
    text = os.environ.get(LIMIT_VARIABLE, "")
    return int(text) if text.isascii() and text.isdigit() else USUAL_LIMIT


def parse_npy(
    data: MemberBytes, dtype: np.dtype[Any] | None, ndim: int, most: int
) -> NDArray[Any]:
    """Array in the bytes of an ``.npy`` file, without a copy where it is aligned.

    Parameters
    ----------
    data : bytearray or memoryview
    dtype : dtype or None
        The type it must have; None stands for text of any width.
    ndim : int
        Dimensions it must have.
    most : int
        The longest it may be in any dimension.

    Raises
    ------
    ValueError
        With what was found and what is needed.

    Examples
    --------
    >>> parse_npy(bytearray(b"no array"), None, 1, 10)
    Traceback (most recent call last):
    ValueError: not an .npy array
    """
    header, offset = _read_header(data)
    descr, shape = header["descr"], header["shape"]
    if dtype is None:
        # Text of width 0 takes no bytes, so any number of them would fit.
        match = re.fullmatch(r"<U([1-9]\d{0,8})", descr if type(descr) is str else "")
        if not match:
            raise ValueError(f"got type {descr!r}, need fixed-width text (<U1 or more)")
        dtype = np.dtype(match[0])
    elif np.lib.format.dtype_to_descr(dtype) != descr:
        raise ValueError(f"got type {descr!r}, need {dtype}")
    if len(shape) != ndim:
        raise ValueError(f"got {len(shape)} dimensions, need {ndim}")
    there = len(data) - offset
    if max(shape, default=0) > most or math.prod(shape) * dtype.itemsize != there:
        raise ValueError(f"got shape {shape}, which {there:,} bytes do not hold")
    count = math.prod(shape)
    flat = np.frombuffer(data, dtype, count, offset) if count else np.zeros(0, dtype)
    flat = np.require(flat, requirements="A")
    if dtype.kind == "U":
        marks = flat.view(np.uint32)
        if np.any((marks > 0x10FFFF) | ((marks >= 0xD800) & (marks < 0xE000))):
            raise ValueError("got marks that are no unicode characters, need text")
    return flat.reshape(shape, order="F" if header["fortran_order"] else "C")


def _read_header(data: MemberBytes) -> tuple[dict[str, Any], int]:
    """Read the header of an ``.npy`` file: type and shape; and where the data begin."""
    if data[:6] != b"\x93NUMPY" or len(data) < 12 or data[6] not in (1, 2, 3):
        raise ValueError("not an .npy array")
    wide = data[6] > 1
    begin = 12 if wide else 10
    length = int.from_bytes(data[8:begin], "little")
    if length > min(MOST_HEADER_BYTES, len(data) - begin):
        raise ValueError("got a header longer than the array, need an .npy array")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = ast.literal_eval(
                bytes(data[begin : begin + length]).decode().strip()
            )
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError("got a header that is no description") from error
    good = (
        isinstance(header, dict)
        and set(header) == {"descr", "fortran_order", "shape"}
        and isinstance(header["shape"], tuple)
        and all(type(n) is int and n >= 0 for n in header["shape"])
    )
    if not good:
        raise ValueError("got a header without type and shape")
    return header, begin + length
