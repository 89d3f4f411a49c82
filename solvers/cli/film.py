"""The film of a replay, where there is no screen to show it on."""

from pathlib import Path
from typing import TYPE_CHECKING

from solvers.cli.progress import Progress
from solvers.cli.writing import whole_file
from warehouse.errors import MissingDependencyError

if TYPE_CHECKING:
    from warehouse.plan import Plan

FILM_FPS = 10
"""Few enough that the film of a demo takes seconds; ``replay --export`` can more."""


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
                export(plan, part, fps=FILM_FPS, on_progress=progress)
        except MissingDependencyError:
            continue
        return path
    path = folder / f"{stem}.png"
    with whole_file(path) as part:
        export(plan, part)
    return path
