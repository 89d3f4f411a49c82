"""Files of a small site, written to a folder."""

from collections.abc import Mapping
from pathlib import Path


def write_texts(
    folder: Path, files: Mapping[str, str], changed: Mapping[str, str]
) -> Path:
    """Write files, some of them changed (``stock__csv`` for ``stock.csv``)."""
    texts = {**files, **{name.replace("__", "."): changed[name] for name in changed}}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
