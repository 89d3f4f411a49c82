"""Lengths found beside published ones: for the commands that take ``--compare``."""

from typing import Any


def compare_lengths(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Count how lengths found compare with those published.

    Parameters
    ----------
    found : list of dict
        With ``length`` where there is a solution, and ``published`` where known.

    Examples
    --------
    >>> compare_lengths([{"length": 11.0, "published": 10.0}, {"length": 3.0}])
    {'compared': 1, 'equal': 0, 'shorter': 0, 'mean_gap': 0.1}
    """
    pairs = [
        (one["length"], one["published"])
        for one in found
        if "length" in one and "published" in one
    ]
    gaps = [(length - value) / value for length, value in pairs if value > 0]
    return {
        "compared": len(pairs),
        "equal": sum(abs(length - value) < 1e-6 for length, value in pairs),
        "shorter": sum(length < value - 1e-6 for length, value in pairs),
        "mean_gap": round(sum(gaps) / len(gaps), 6) if gaps else 0.0,
    }


def comparison_line(answer: dict[str, Any]) -> str:
    """Return what `compare_lengths` counted, in words."""
    return (
        f"{answer['equal']} of {answer['compared']} equal to the published length, "
        f"{answer['shorter']} shorter, mean gap {answer['mean_gap']:.2%}"
    )
