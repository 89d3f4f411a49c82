"""A picture of throughput against the number of robots, drawn as SVG by hand."""

from collections.abc import Mapping
from typing import Final

from benchmarks.motion_others import OMNI, ROTATE, LifelongOthers

PANEL: Final = (400, 300)
MARGIN: Final = (52, 44, 28, 40)  # left, top, right, bottom
MOST_ROBOTS: Final = 2000
COLOURS: Final = {
    "Aislewise": "#0b63c5",
    "EPIBT+LNS": "#7a3db8",
    "EPIBT": "#c9741a",
    "PIBT": "#6b7280",
}
_FONT: Final = 'font-family="system-ui, sans-serif" font-size="12" fill="#1f2937"'


def throughput_picture(omni: Mapping[int, float], rotate: Mapping[int, float]) -> str:
    """Return the SVG text of two panels: four directions, and turning.

    Parameters
    ----------
    omni, rotate : mapping of int to float
        Our goals finished a step, by number of robots.
    """
    top = 2.0 * -(-max([*omni.values(), *rotate.values(), 8.0]) // 2.0)
    width, height = 2 * PANEL[0], PANEL[1] + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        'aria-label="Goals finished a step by number of robots">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_panel(0, "Robots that move in four directions", top, _lines(omni, OMNI)),
        *_panel(PANEL[0], "Robots that turn", top, _lines(rotate, ROTATE)),
        *_legend(width, height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _lines(
    ours: Mapping[int, float], others: Mapping[int, LifelongOthers]
) -> dict[str, list[tuple[int, float]]]:
    """Points of every line, those of others first, so that ours lies on top."""
    return {
        "PIBT": [(robots, other.pibt) for robots, other in others.items()],
        "EPIBT": [(robots, other.epibt) for robots, other in others.items()],
        "EPIBT+LNS": [
            (robots, other.epibt_lns)
            for robots, other in others.items()
            if other.epibt_lns is not None
        ],
        "Aislewise": sorted(ours.items()),
    }


def _panel(
    offset: int, title: str, top: float, lines: dict[str, list[tuple[int, float]]]
) -> list[str]:
    left, above, right, below = MARGIN
    wide, high = PANEL[0] - left - right, PANEL[1] - above - below

    def at(robots: float, rate: float) -> tuple[float, float]:
        x = offset + left + wide * robots / MOST_ROBOTS
        return round(x, 1), round(above + high * (1 - rate / top), 1)

    parts = [
        f'<text x="{offset + left}" y="24" {_FONT} font-weight="600">{title}</text>'
    ]
    for rate in range(0, int(top) + 1, 2):
        (x0, y), (x1, _) = at(0, rate), at(MOST_ROBOTS, rate)
        parts.append(f'<path d="M{x0} {y}H{x1}" stroke="#e5e7eb"/>')
        parts.append(
            f'<text x="{x0 - 8}" y="{y + 4}" {_FONT} text-anchor="end">{rate}</text>'
        )
    for robots in range(0, MOST_ROBOTS + 1, 500):
        x, y = at(robots, 0)
        parts.append(
            f'<text x="{x}" y="{y + 18}" {_FONT} text-anchor="middle">{robots:,}</text>'
        )
    for name, points in lines.items():
        parts += _line(name, [at(robots, rate) for robots, rate in points])
    return parts


def _line(name: str, points: list[tuple[float, float]]) -> list[str]:
    colour, width = COLOURS[name], 3 if name == "Aislewise" else 1.8
    path = " ".join(f"{x},{y}" for x, y in points)
    dots = [f'<circle cx="{x}" cy="{y}" r="{width + 1}"/>' for x, y in points]
    line = f'<polyline points="{path}" fill="none" stroke-width="{width}"/>'
    return [f'<g stroke="{colour}" fill="{colour}">', line, *dots, "</g>"]


def _legend(width: int, height: int) -> list[str]:
    parts = [
        f'<text x="{MARGIN[0]}" y="{height - 12}" {_FONT}>goals finished a step, by '
        "number of robots</text>"
    ]
    x = width - 100 * len(COLOURS) - 8
    for name, colour in COLOURS.items():
        parts.append(
            f'<rect x="{x}" y="{height - 20}" width="14" height="5" fill="{colour}"/>'
        )
        parts.append(f'<text x="{x + 20}" y="{height - 12}" {_FONT}>{name}</text>')
        x += 100
    return parts
