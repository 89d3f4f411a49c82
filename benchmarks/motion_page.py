"""Robot motion beside what others reach: tables, and their section of the page."""

import math
from pathlib import Path
from typing import Final

from benchmarks.motion_others import (
    LARGE,
    LORR_2024_BEST,
    NONE,
    OMNI,
    ONE_SHOT,
    ROTATE,
    LifelongOthers,
    Reached,
)
from benchmarks.motion_picture import throughput_picture
from benchmarks.registry import Outcome

PICTURE: Final = "throughput.svg"
Row = list[str]


def section(outcomes: list[Outcome], facts: dict[str, str | int]) -> str:
    """Return the section of the page, with where and how it was measured."""
    where = ", ".join(f"{name} {value}" for name, value in facts.items())
    skipped = [o.spec.name for o in outcomes if o.skipped]
    lines = [
        "## Robot motion",
        "Written by `make bench-motion`: the motion specs of `benchmarks/`, once each "
        "with seed 0, kernels compiled, every motion checked against every rule. The "
        "other programs were measured once each on two cores of a like machine.",
        f"![Goals finished a step by number of robots](images/{PICTURE})",
        tables(outcomes),
        f"Measured with {where}.",
    ]
    if skipped:
        lines.insert(2, "Not measured: " + ", ".join(skipped) + ".")
    return "\n\n".join(lines) + "\n"


def tables(outcomes: list[Outcome]) -> str:
    """Every table that there are figures for."""
    figures = {
        outcome.spec.name: {name: s.median for name, s in outcome.numbers.items()}
        for outcome in outcomes
        if not outcome.skipped
    }
    parts = [
        ("### One shot, four directions", _ONE_SHOT_WORDS, one_shot_table(figures)),
        ("### One shot, turning", _TURNING_WORDS, one_shot_turning_table(figures)),
        ("### One shot, small teams", _EXACT_WORDS, exact_table(figures)),
        (
            "### Lifelong, four directions",
            _LIFELONG_WORDS,
            lifelong_table(figures, "omni", OMNI),
        ),
        ("### Lifelong, turning", "", lifelong_table(figures, "rotate", ROTATE)),
        ("### Many robots", "", large_table(figures)),
        ("### League of Robot Runners 2024", _LEAGUE_WORDS, league_table(figures)),
    ]
    texts = []
    for title, words, rows in parts:
        if len(rows) > 1:
            texts += [title, *([words] if words else []), aligned(rows)]
    return "\n\n".join(texts)


_ONE_SHOT_WORDS: Final = (
    "Seconds to the first solution, and sums of costs over the sum of all shortest "
    "paths: of the first solution, at 10 s and at 30 s. A dash: not measured; none: "
    "nothing found in 30 s (MAPF-LNS2), or by then."
)
_TURNING_WORDS: Final = (
    "The same for robots that turn; shortest paths count turns. No other program was "
    "measured."
)
_EXACT_WORDS: Final = (
    "Two to eight robots on 8 x 8 cells with 10 to 25 % walls, 2 s each, beside a "
    "plain conflict-based search; cases that this could not solve are replaced."
)
_LIFELONG_WORDS: Final = (
    "Goals finished a step in 1,000 steps of at most 50 ms, and what a step took. The "
    "bound holds for every planner."
)
_LEAGUE_WORDS: Final = (
    "Tasks finished in the competition's steps, at 100 ms a step on two cores. The "
    "best of the competition had 32 cores and 1 s a step."
)


def one_shot_table(figures: dict[str, dict[str, float]]) -> list[Row]:
    """Rows of one-shot motion, ours first of each kind."""
    rows = [
        [
            "instance",
            "first: ours",
            "LaCAM",
            "lacam3",
            "LG-LaCAM",
            "10 s: ours",
            "lacam3",
            "30 s: ours",
            "lacam3",
            "LNS2",
        ]
    ]
    for name, others in ONE_SHOT.items():
        if name not in figures:
            continue
        ours = figures[name]
        first = Reached(ours["first_s"], ours["first_cost_per_bound"])
        rows.append(
            [
                name.removeprefix("mapf-"),
                *(_reached(r) for r in (first, others.lacam, others.lacam3)),
                _reached(others.lg_lacam),
                _cost(ours["cost_per_bound_10_s"]),
                _cost(others.lacam3_10_s),
                _cost(ours["cost_per_bound_30_s"]),
                _cost(others.lacam3_30_s),
                _cost(others.lns2_30_s),
            ]
        )
    return rows


def one_shot_turning_table(figures: dict[str, dict[str, float]]) -> list[Row]:
    """Rows of one-shot motion of robots that turn."""
    rows = [["instance", "first", "10 s", "30 s"]]
    prefix = "mapf-rotate-"
    for name, ours in figures.items():
        if name.startswith(prefix):
            first = Reached(ours["first_s"], ours["first_cost_per_bound"])
            marks = (ours["cost_per_bound_10_s"], ours["cost_per_bound_30_s"])
            costs = [_cost(cost) for cost in marks]
            rows.append([name.removeprefix(prefix), _reached(first), *costs])
    return rows


def exact_table(figures: dict[str, dict[str, float]]) -> list[Row]:
    """The one row of the small teams with a known optimum."""
    rows = [["cases", "replaced", "optimal", "proved", "mean", "longest"]]
    ours = figures.get("mapf-exact")
    if ours is not None:
        counts = [_number(ours[name], 0) for name in ("cases", "replaced")]
        shares = [
            f"{ours[name]:.1f}%" for name in ("optimal_percent", "proved_percent")
        ]
        times = [f"{ours[name]:.3f} s" for name in ("mean_s", "longest_s")]
        rows.append([*counts, *shares, *times])
    return rows


def lifelong_table(
    figures: dict[str, dict[str, float]],
    motion: str,
    others: dict[int, LifelongOthers],
) -> list[Row]:
    """Rows of lifelong motion by number of robots."""
    pibt = "PIBT" if motion == "omni" else "causal PIBT"
    names = ["ours", "bound", pibt, "EPIBT", "EPIBT+LNS"]
    rows = [["robots", *names, "ms median", "99th", "largest", "over 50 ms"]]
    lines = [(f"lifelong-{motion}-{n}", f"{n:,}", other) for n, other in others.items()]
    if motion == "omni":
        alone = "1,000, PIBT alone"
        lines.append(("lifelong-pibt-1000", alone, others[1000]))
        lines.append(("lifelong-plain-pibt-1000", f"{alone}, plain", others[1000]))
    for name, label, rival in lines:
        ours = figures.get(name)
        if ours is not None:
            rates = [ours["throughput"], ours["bound_throughput"], *rival[1:]]
            rows.append([label, *(_number(rate, 2) for rate in rates), *_times(ours)])
    return rows


def large_table(figures: dict[str, dict[str, float]]) -> list[Row]:
    """The one row of the very large team."""
    rows = [
        [
            "robots",
            *("ours", "bound", "PIBT", "EPIBT"),
            *("ms median", "99th", "largest", "over 100 ms"),
        ]
    ]
    ours = figures.get("lifelong-large")
    if ours is not None:
        rates = [ours["throughput"], ours["bound_throughput"], LARGE.pibt, LARGE.epibt]
        rows.append(["10,000", *(_number(r, 1) for r in rates), *_times(ours)])
    return rows


def league_table(figures: dict[str, dict[str, float]]) -> list[Row]:
    """Tasks of the league's problems, and of all of them together."""
    rows = [
        ["problem", "ours", "best of 2024", "share", "ms median", "99th", "largest"]
    ]
    ours_in_all = best_in_all = 0.0
    for name, best in LORR_2024_BEST.items():
        ours = figures.get(f"league-{name}")
        if ours is None:
            continue
        finished = ours["finished"]
        share = f"{finished / best:.0%}"
        rows.append([name, _number(finished, 0), f"{best:,}", share, *_times(ours)[:3]])
        ours_in_all, best_in_all = ours_in_all + finished, best_in_all + best
    if len(rows) > len(LORR_2024_BEST):
        share = f"{ours_in_all / best_in_all:.0%}"
        totals = (_number(total, 0) for total in (ours_in_all, best_in_all))
        rows.append(["together", *totals, share, "", "", ""])
    return rows


def draw(outcomes: list[Outcome], folder: Path) -> None:
    """Write the picture of throughput against the number of robots."""
    ours: dict[str, dict[int, float]] = {"omni": {}, "rotate": {}}
    for outcome in outcomes:
        kind, _, rest = outcome.spec.name.partition("-")
        motion, _, robots = rest.partition("-")
        if kind == "lifelong" and motion in ours and not outcome.skipped:
            ours[motion][int(robots)] = outcome.numbers["throughput"].median
    if ours["omni"] and ours["rotate"]:
        text = throughput_picture(ours["omni"], ours["rotate"])
        (folder / PICTURE).write_text(text, encoding="utf-8")


def aligned(rows: list[Row]) -> str:
    """Rows as a Markdown table: names to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = []
    for row in [rows[0], rule, *rows[1:]]:
        cells = [row[0].ljust(widths[0])]
        cells += [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _reached(reached: Reached) -> str:
    """Seconds and cost of a first solution."""
    if reached.s is None:
        return "-"
    if reached.s == NONE:
        return "none"
    cost = "" if reached.cost is None else f", {reached.cost:.2f}"
    return f"{reached.s:.2f} s{cost}"


def _cost(cost: float | None) -> str:
    if cost is None:
        return "-"
    return f"{cost:.3f}" if math.isfinite(cost) else "none"


def _number(value: float | None, digits: int) -> str:
    if value is None or not math.isfinite(value):
        return "-"
    return f"{value:,.{digits}f}"


def _times(ours: dict[str, float]) -> Row:
    """Milliseconds a step, and how many took longer than they should."""
    names = ("step_ms_median", "step_ms_p99", "step_ms_max")
    return [*(_number(ours[name], 1) for name in names), f"{ours['overruns']:.0f}"]
