"""Faults of one file, kept to as many as anybody reads."""

from typing import Final

from warehouse.errors import Fault

MOST_FAULTS: Final = 1_000
"""Faults of one file that are listed; a wrong file of a million lines is not."""


def add_faults(faults: list[Fault], found: list[Fault], file: str) -> None:
    """Append the faults of a file, and say so if there are too many to list.

    Examples
    --------
    >>> faults = []
    >>> add_faults(faults, [Fault("E190", "x", "bad", "mend")] * 1200, "x")
    >>> len(faults), str(faults[-1])
    (1001, 'E119 x: 1,200 faults, and the rest is not listed; mend these first')
    """
    faults += found[:MOST_FAULTS]
    if len(found) > MOST_FAULTS:
        text = f"{len(found):,} faults, and the rest is not listed"
        faults.append(Fault("E119", file, text, "mend these first"))
