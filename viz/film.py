"""Files of frames: PNG, GIF, MP4, or a folder of PNG pictures."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pygame

from warehouse.errors import Fault, InputError, MissingDependencyError
from warehouse.formats.text_file import WRITE_MEND

Frames = Iterator[pygame.Surface]
"""Surfaces of `blank_frame`, which may all be the same one, drawn on anew."""

_MASKS: Final = (0xFF0000, 0xFF00, 0xFF, 0)
_PIXELS: Final = "bgr0"
"""The name that ffmpeg has for pixels of these masks."""


def blank_frame(size: tuple[int, int]) -> pygame.Surface:
    """Return a surface whose pixels a film encoder takes as they are."""
    return pygame.Surface(size, 0, 32, _MASKS)


def write_png(path: Path, frame: pygame.Surface) -> None:
    """Write a picture as PNG, whatever the ending of the file is.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    data = io.BytesIO()
    pygame.image.save(frame, data, "picture.png")
    try:
        path.write_bytes(data.getvalue())
    except OSError as error:
        found = f"it cannot be written ({error.strerror})"
        raise InputError([Fault("E107", str(path), found, WRITE_MEND)]) from error


def write_gif(path: Path, frames: Frames, fps: int) -> None:
    """Write a GIF that plays for ever.

    Raises
    ------
    MissingDependencyError
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingDependencyError("writing a GIF", "film") from error
    images = (
        Image.frombytes("RGB", frame.get_size(), pygame.image.tobytes(frame, "RGB"))
        for frame in frames
    )
    # One table of colours for all frames: no flicker, and small differences.
    first = next(images).quantize(128, dither=Image.Dither.NONE)
    rest = (image.quantize(palette=first, dither=Image.Dither.NONE) for image in images)
    first.save(
        path,
        format="gif",
        save_all=True,
        append_images=rest,
        duration=round(1000 / fps),
        loop=0,
        optimize=True,  # what stays as it was becomes see-through: far smaller
    )


def write_mp4(path: Path, frames: Frames, fps: int) -> None:
    """Write an MP4; both sides of its frames must be even.

    Raises
    ------
    MissingDependencyError
    InputError
        E107, if the file was cut short, as on a full disk.
    """
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise MissingDependencyError("writing an MP4", "film") from error
    first = next(frames)
    writer = imageio_ffmpeg.write_frames(
        str(path),
        first.get_size(),
        fps=fps,
        codec="libx264",
        pix_fmt_in=_PIXELS,
        pix_fmt_out="yuv420p",
        # Lines and text need more than the usual quality for films.
        output_params=["-crf", "22", "-preset", "veryfast", "-movflags", "+faststart"],
        quality=None,
        macro_block_size=2,
    )
    writer.send(None)
    try:
        writer.send(first.get_view("0"))
        for frame in frames:
            writer.send(frame.get_view("0"))
    finally:
        writer.close()
    if not _is_whole(path):  # the encoder does not tell
        found = "it was cut short while it was written"
        raise InputError([Fault("E107", str(path), found, WRITE_MEND)])


def _is_whole(path: Path) -> bool:
    """Whether an MP4 has its table of frames, and all its boxes are as long as told."""
    if not path.exists():
        return False
    kinds: list[bytes] = []
    at, end = 0, path.stat().st_size
    with path.open("rb") as file:
        while at + 8 <= end:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4])
            kinds.append(head[4:8])
            at += int.from_bytes(head[8:16]) if length == 1 else max(length, 8)
    return at == end and b"moov" in kinds


def write_pictures(folder: Path, frames: Frames, fps: int) -> None:
    """Write one PNG a frame: ``frame-00000.png`` and so on; ``fps`` is not used."""
    for number, frame in enumerate(frames):
        write_png(folder / f"frame-{number:05d}.png", frame)


WRITERS: Final[dict[str, Callable[[Path, Frames, int], None]]] = {
    ".gif": write_gif,
    ".mp4": write_mp4,
    "": write_pictures,
}
"""How a film is written, by the ending of its file; a folder has none."""
