"""``aislewise replay``: watch a plan, or make a picture or film of it."""

import math
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from solvers.cli.console import Console
from solvers.cli.options import JsonOption, PlanArgument, example, parse_pair
from solvers.cli.progress import Progress
from solvers.cli.writing import make_folder, refuse_unwritable, whole_file

EXAMPLE = example(
    "aislewise replay demo.plan.npz",
    "aislewise replay demo.plan.npz --export noon.png --at 300 --follow 17",
    "aislewise replay result.json --map warehouse.map",
    "aislewise replay before.plan.npz after.plan.npz",
    "aislewise replay demo.plan.npz --export rush.mp4 --from 60 --to 120 --speed 4",
)

OPTIONS = {
    "at_s": ("--at", True),
    "start_s": ("--from", False),
    "end_s": ("--to", False),
    "speed": ("--speed", False),
    "fps": ("--fps", False),
    "size": ("--size", None),
    "theme": ("--theme", None),
    "follow": ("--follow", None),
    "heatmap": ("--heatmap", None),
    "heat_part": ("--heat-around", None),
    "gantt": ("--gantt", None),
    "waits": ("--waits", None),
    "panels": ("--bare", None),
}
"""What is told to `viz.export.export` and its look; true: pictures alone have it."""

OF_LOOK = ("theme", "follow", "heatmap", "heat_part", "waits", "gantt", "panels")
"""Those that are fields of `viz.look.Look`."""


class HeatMap(StrEnum):
    """What the floor of the replay is coloured by."""

    VISITS = "visits"
    WAITING = "waiting"
    PICKS = "picks"


class Theme(StrEnum):
    """Colours of the replay."""

    DARK = "dark"
    LIGHT = "light"


def replay(
    plan: PlanArgument,
    beside: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PLAN]", readable=False, help="A second plan, beside the first."
        ),
    ] = None,
    floor: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            readable=False,
            help="The .map or .toml of motion that another program planned: a result "
            "of the League of Robot Runners, or a text of the mapf-visualizer.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--export", help="Write this .png, .gif or .mp4, or PNGs in this folder."
        ),
    ] = None,
    at_s: Annotated[
        float | None,
        typer.Option(
            "--at",
            min=0.0,
            metavar="S",
            help="The picture's second; without it the middle of the plan.",
        ),
    ] = None,
    from_s: Annotated[
        float | None,
        typer.Option(
            "--from",
            min=0.0,
            metavar="S",
            help="The film's first second; without it the plan's.",
        ),
    ] = None,
    to_s: Annotated[
        float | None,
        typer.Option(
            "--to",
            min=0.0,
            metavar="S",
            help="The film's last second; without it the plan's.",
        ),
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            metavar="X",
            help="The film runs X times as fast as the floor; without it so fast that "
            "it lasts 30 s, or less where the plan does.",
        ),
    ] = None,
    fps: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=50,
            metavar="N",
            help="Pictures a second in the film; 20 if not said.",
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH", help="Width and height in pixels; 1280x800 if not said."
        ),
    ] = None,
    theme: Annotated[
        Theme | None,
        typer.Option(help="Colours; dark if not said, in the window T changes them."),
    ] = None,
    follow: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="ROBOT",
            help="Select this robot, show its trip and keep it in sight.",
        ),
    ] = None,
    bare: Annotated[
        bool, typer.Option("--bare", help="The floor alone, without panels.")
    ] = False,
    heatmap: Annotated[
        HeatMap | None,
        typer.Option(help="Colour the floor by what happens on each cell."),
    ] = None,
    heat_around_s: Annotated[
        float | None,
        typer.Option(
            "--heat-around", metavar="S", help="Of S seconds around the clock alone."
        ),
    ] = None,
    heat_from_s: Annotated[
        float | None,
        typer.Option("--heat-from", min=0.0, metavar="S", help="From this second on."),
    ] = None,
    heat_to_s: Annotated[
        float | None,
        typer.Option("--heat-to", min=0.0, metavar="S", help="Up to this second."),
    ] = None,
    waits: Annotated[
        bool,
        typer.Option(
            "--waits", help="Arrows from robots that wait to those in the way."
        ),
    ] = False,
    gantt: Annotated[
        bool,
        typer.Option(
            "--gantt", help="What stations and the followed robot do over time."
        ),
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Watch a plan in a window: play, seek, zoom, click a robot. H shows all keys.

    Two plans are shown beside each other on one clock, with the difference of their
    figures. With --export a file is written instead, which needs no screen.
    """
    given = {
        "at_s": at_s,
        "start_s": from_s,
        "end_s": to_s,
        "speed": speed,
        "fps": fps,
        "size": size,
        "theme": None if theme is None else theme.value,
        "follow": follow,
        "heatmap": None if heatmap is None else heatmap.value,
        "heat_part": _part(heat_around_s, heat_from_s, heat_to_s, heatmap),
        "gantt": gantt or None,
        "waits": waits or None,
        "panels": False if bare else None,
    }
    chosen: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    _refuse_idle(chosen, output)
    if gantt and bare:
        words = "is a panel, and --bare leaves all of them out"
        raise typer.BadParameter(words, param_hint="--gantt")
    if size is not None:
        width, height = parse_pair(size, "--size", "as in 1280x720")
        chosen["size"] = (int(width), int(height))
    with Console(json_output) as console:
        from viz.look import Look
        from warehouse.formats.motion_plan import read_any_plan

        console.answer = {"plan": str(plan)}
        names = None
        if beside is not None:
            console.answer["beside"] = str(beside)
            names = (_short_name(plan), _short_name(beside))
        looks = {name: chosen.pop(name) for name in OF_LOOK if name in chosen}
        if "heat_part" in looks:
            from viz.heat_part import HeatPart

            looks["heat_part"] = HeatPart(**looks["heat_part"])
        look = Look(**looks, names=names)
        if output is None:
            from viz.window import show

            shown = read_any_plan(plan, floor)
            other = None if beside is None else read_any_plan(beside, floor)
            show(shown, other, look=look)
            return
        from viz.export import export

        into_folder = output.is_dir()
        if into_folder:
            make_folder(output)  # refuses one that is closed to us
        else:
            refuse_unwritable(output)
        shown = read_any_plan(plan, floor)
        if beside is not None:
            chosen["beside"] = read_any_plan(beside, floor)
        written = nullcontext(output) if into_folder else whole_file(output)
        with written as part, Progress() as progress:
            export(shown, part, look=look, on_progress=progress, **chosen)
        console.answer["export"] = str(output)
        console.say(f"wrote {output}")


def _short_name(plan: Path) -> str:
    """Name of a plan's file without its ending."""
    return plan.name.removesuffix(".npz").removesuffix(".plan")


def _part(
    around_s: float | None,
    from_s: float | None,
    to_s: float | None,
    heatmap: HeatMap | None,
) -> dict[str, Any] | None:
    """Part of the time that colours are about, as `viz.heat_part.HeatPart` takes it."""
    given = {"--heat-around": around_s, "--heat-from": from_s, "--heat-to": to_s}
    hints = [option for option, value in given.items() if value is not None]
    if hints and heatmap is None:
        raise typer.BadParameter("goes with --heatmap", param_hint=hints[0])
    if around_s is not None:
        if len(hints) > 1:
            words = "is a window around the clock, and has no other ends"
            raise typer.BadParameter(words, param_hint=hints[0])
        return {"around_s": around_s}
    if not hints:
        return None
    return {"between_s": (from_s or 0.0, math.inf if to_s is None else to_s)}


def _refuse_idle(chosen: dict[str, Any], output: Path | None) -> None:
    """Refuse options that would do nothing: a command typed wrong."""
    kind = None if output is None else output.suffix.lower() == ".png"
    looks = OF_LOOK if output is None else ()  # the window begins with them
    for name in chosen:
        if name in looks:
            continue
        option, of_picture = OPTIONS[name]
        if kind is None:
            words = "goes with --export, which says what to write; the window has keys"
        elif of_picture not in (None, kind):
            words = f"is for a {'picture (.png)' if of_picture else 'film'}"
        else:
            continue
        raise typer.BadParameter(words, param_hint=option)
