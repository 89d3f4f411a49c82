"""Errors: one root, and faults that name their place and their mend."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST_SHOWN: Final = 50
"""So many faults are listed in the text of an error; `InputError.faults` has all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input.

    Parameters
    ----------
    code : str
        Stable code, listed with its mend in ``docs/errors.md`` (``"E101"``).
    place : str
        File and line, key, or cell: ``"orders.csv, line 7, column quantity"``.
    found : str
        What was found there.
    needed : str
        What is needed instead, as a mend a person can act on.
    """

    code: str
    place: str
    found: str
    needed: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        return f"{self.code} {self.place}: {self.found}; {self.needed}"


class WarehouseError(Exception):
    """Root of all errors this project raises on purpose.

    Parameters
    ----------
    code : str
        Stable code, listed in ``docs/errors.md``.
    message : str
        What is wrong and where.
    hint : str, optional
        How to mend it.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return code, message and hint as one line."""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.code} {self.message}{hint}"


class InputError(WarehouseError):
    """An input is wrong. Carries every fault that was found, not the first.

    Examples
    --------
    >>> error = InputError([Fault("E101", "orders.csv", "no file", "write one")])
    >>> print(error)
    E101 orders.csv: no file; write one
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.code, f"{first.place}: {first.found}", first.needed)

    def __str__(self) -> str:
        """Return the faults, one a line: the first 50, and how many more there are."""
        lines = [str(fault) for fault in self.faults[:MOST_SHOWN]]
        if len(self.faults) > MOST_SHOWN:
            lines.append(f"... and {len(self.faults) - MOST_SHOWN:,} more")
        return "\n".join(lines)


class MissingDependencyError(WarehouseError):
    """An optional package is needed and not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            "E901",
            f"{what} needs a package that is not installed",
            f"pip install 'aislewise[{extra}]'",
        )


class SolverError(WarehouseError):
    """A solver was called with a problem it cannot take."""
