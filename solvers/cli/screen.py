"""Whether there is a screen to open a window on, and the film to make if not."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from solvers.cli.progress import Progress
from solvers.cli.writing import whole_file
from warehouse.errors import MissingDependencyError

if TYPE_CHECKING:
    from warehouse.plan import Plan

FILM_FPS = 10
FILM_SIZE = (960, 600)
"""Coarse enough that the film of a demo takes seconds; ``replay --export`` can more."""


def has_screen() -> bool:
    """Whether a window can be expected to open."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def write_film(plan: "Plan", folder: Path, stem: str) -> Path:
    """Write the replay as the best kind of film that can be made here.

    Returns
    -------
    Path
        An MP4 where the film extra is installed, else a GIF, else a picture.
    """
    from viz.export import export

    for ending in (".mp4", ".gif"):
        path = folder / f"{stem}{ending}"
        try:
            with whole_file(path) as part, Progress() as progress:
                export(plan, part, fps=FILM_FPS, size=FILM_SIZE, on_progress=progress)
        except MissingDependencyError:
            continue
        return path
    path = folder / f"{stem}.png"
    with whole_file(path) as part:
        export(plan, part)
    return path
