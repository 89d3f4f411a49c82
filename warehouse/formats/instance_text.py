"""What readers of published text instances share: faults by line, and numbers."""

import math
from dataclasses import dataclass, field
from typing import Final

from warehouse.errors import Fault, InputError

MAX_QUANTITY: Final = 1_000_000
MAX_LENGTH: Final = 1e6
MAX_FAULTS: Final = 50


@dataclass(slots=True)
class InstanceText:
    """A file that is being read, and its faults so far.

    Parameters
    ----------
    source : str
        What faults call the file.

    Examples
    --------
    >>> text = InstanceText("a.txt")
    >>> text.whole_number(3, "boxes", "-1", 0, 9), str(text.faults[0])
    (0, "E153 a.txt, line 3: boxes is '-1'; need a whole number from 0 to 9")
    """

    source: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, place: int | str, found: str, needed: str) -> None:
        """Note a fault, at a line or at a place in words.

        Raises
        ------
        InputError
            With all of them, once there are `MAX_FAULTS`.
        """
        where = f"line {place}" if isinstance(place, int) else place
        self.faults.append(Fault(code, f"{self.source}, {where}", found, needed))
        if len(self.faults) >= MAX_FAULTS:
            raise InputError(self.faults)

    def whole_number(self, line: int, what: str, text: str, low: int, high: int) -> int:
        """Read a whole number; outside the range a fault (E153), and ``low``."""
        if text.isdecimal() and len(text) < 11 and low <= int(text) <= high:
            return int(text)
        needed = f"need a whole number from {low} to {high}"
        self.fault("E153", line, f"{what} is {text[:40]!r}", needed)
        return low

    def number(self, line: int, what: str, text: str) -> float:
        """Read a number up to `MAX_LENGTH`; 0 and a fault (E153) if it is none."""
        try:
            # Python would take 1_000 for a thousand.
            value = math.nan if "_" in text else float(text)
        except ValueError:
            value = math.nan
        if 0 <= value <= MAX_LENGTH:
            return value
        needed = f"need a number from 0 to {MAX_LENGTH:g}"
        self.fault("E153", line, f"{what} is {text[:40]!r}", needed)
        return 0.0
