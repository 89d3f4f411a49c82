"""Colours by role: Okabe-Ito hues, which colour-blind people can tell apart."""

from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]

# Okabe and Ito (2008), "Color Universal Design".
ORANGE: Final = (230, 159, 0)
SKY: Final = (86, 180, 233)
GREEN: Final = (0, 158, 115)
YELLOW: Final = (240, 228, 66)
BLUE: Final = (0, 114, 178)
VERMILION: Final = (213, 94, 0)
PURPLE: Final = (204, 121, 167)


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. Every colour is named for what it stands for."""

    background: Colour
    panel: Colour
    panel_raised: Colour
    panel_edge: Colour
    text: Colour
    text_muted: Colour
    text_faint: Colour
    accent: Colour
    outside: Colour
    floor: Colour
    grid: Colour
    wall: Colour
    rack: Colour
    rack_line: Colour
    rack_face: Colour
    pod_spot: Colour
    charger: Colour
    home: Colour
    door: Colour
    arrow: Colour
    station: Colour
    station_pad: Colour
    empty: Colour
    carrying: Colour
    serving: Colour
    waiting: Colour
    idle: Colour
    charging: Colour
    robot_ink: Colour
    selected: Colour
    path_ahead: Colour
    path_behind: Colour
    good: Colour
    bad: Colour
    heat: tuple[Colour, ...]

    @property
    def states(self) -> tuple[Colour, ...]:
        """Robot colours in the order of `viz.replay.RobotState`."""
        driving = (self.empty, self.carrying)
        return (*driving, self.serving, self.waiting, self.idle, self.charging)


DARK: Final = Palette(
    background=(13, 17, 23),
    panel=(20, 26, 35),
    panel_raised=(29, 37, 49),
    panel_edge=(42, 52, 67),
    text=(233, 238, 245),
    text_muted=(158, 171, 190),
    text_faint=(106, 119, 139),
    accent=SKY,
    outside=(13, 17, 23),
    floor=(25, 31, 41),
    grid=(30, 37, 49),
    wall=(76, 88, 106),
    rack=(60, 73, 94),
    rack_line=(49, 60, 79),
    rack_face=(104, 122, 151),
    pod_spot=(44, 54, 71),
    charger=(22, 78, 70),
    home=(40, 54, 76),
    door=(92, 84, 40),
    arrow=(66, 79, 100),
    station=PURPLE,
    station_pad=(104, 62, 88),
    empty=SKY,
    carrying=ORANGE,
    serving=(20, 184, 138),
    waiting=(236, 112, 34),
    idle=(150, 163, 184),
    charging=YELLOW,
    robot_ink=(16, 20, 28),
    selected=(255, 255, 255),
    path_ahead=YELLOW,
    path_behind=(132, 130, 94),
    good=(20, 184, 138),
    bad=(236, 112, 34),
    heat=((33, 42, 66), (38, 84, 138), (40, 150, 160), (172, 201, 92), (250, 231, 90)),
)


LIGHT: Final = Palette(
    background=(233, 237, 243),
    panel=(250, 251, 253),
    panel_raised=(238, 241, 246),
    panel_edge=(206, 213, 224),
    text=(22, 29, 40),
    text_muted=(72, 85, 104),
    text_faint=(112, 124, 142),
    accent=BLUE,
    outside=(233, 237, 243),
    floor=(253, 253, 254),
    grid=(240, 243, 247),
    wall=(118, 130, 148),
    rack=(188, 199, 214),
    rack_line=(204, 213, 225),
    rack_face=(138, 153, 176),
    pod_spot=(222, 229, 238),
    charger=(160, 216, 199),
    home=(212, 224, 241),
    door=(238, 228, 168),
    arrow=(172, 184, 202),
    station=(178, 82, 140),
    station_pad=(236, 198, 221),
    empty=SKY,
    carrying=(235, 150, 0),
    serving=GREEN,
    waiting=VERMILION,
    idle=(126, 140, 161),
    charging=YELLOW,
    robot_ink=(24, 30, 42),
    selected=(10, 12, 18),
    path_ahead=YELLOW,
    path_behind=(176, 172, 140),
    good=GREEN,
    bad=VERMILION,
    heat=(
        (224, 236, 247),
        (150, 200, 226),
        (62, 150, 182),
        (32, 92, 142),
        (34, 34, 84),
    ),
)

THEMES: Final = {"dark": DARK, "light": LIGHT}
"""Palettes by the name of their theme."""


def blend(a: Colour, b: Colour, share: float) -> Colour:
    """Return the colour ``share`` of the way from a to b.

    Examples
    --------
    >>> blend((0, 0, 0), (100, 50, 10), 0.5)
    (50, 25, 5)
    """
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def ramp(stops: tuple[Colour, ...], share: float) -> Colour:
    """Return a colour along a ramp of equally spaced stops, 0 to 1.

    Examples
    --------
    >>> ramp(((0, 0, 0), (10, 10, 10), (30, 30, 30)), 1.0)
    (30, 30, 30)
    """
    place = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    i = min(int(place), len(stops) - 2)
    return blend(stops[i], stops[i + 1], place - i)


def hex_colour(colour: Colour) -> str:
    """Return a colour as web pages write it: ``#e69f00``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
