"""Scenarios that ship with the package, each made by the generator.

``made_by.txt`` in each folder holds the command that makes the same files again.
"""

from importlib.resources import files
from pathlib import Path


def names() -> list[str]:
    """Names of the shipped scenarios: by size, then the site with pods.

    Examples
    --------
    >>> names()
    ['small', 'demo', 'large', 'pods']
    """
    return ["small", "demo", "large", "pods"]


def folder(name: str) -> Path:
    """Folder of a shipped scenario.

    Raises
    ------
    KeyError
        If no scenario of that name ships.

    Examples
    --------
    >>> (folder("small") / "scenario.toml").name
    'scenario.toml'
    """
    if name not in names():
        raise KeyError(f"got {name!r}, need one of {', '.join(names())}")
    return Path(str(files(__name__) / name))
