"""Motion that a solver found: checked, measured in cores, written to a file."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from solvers.cli.console import MOST_FAULTS, Console
from solvers.cli.writing import refuse_unwritable, whole_file
from warehouse.errors import Fault, InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from warehouse.check import Violation

ENDINGS: Final = (".json", ".txt")
WRITTEN_AS: Final = (
    "Write the motion: .json as a League of Robot Runners result, for PlanViz; .txt "
    "for mapf-visualizer."
)


def refuse_output(output: Path | None) -> None:
    """Say before long work that a file could not be written, or not in that form.

    Raises
    ------
    InputError
        E906 or E907.
    """
    if output is None:
        return
    if output.suffix.lower() not in ENDINGS:
        needed = "use one of " + " ".join(ENDINGS)
        fault = Fault("E907", str(output), f"it ends in {output.suffix!r}", needed)
        raise InputError([fault])
    refuse_unwritable(output)


def write_motion(
    output: Path,
    cells: "NDArray[np.int32]",
    headings: "NDArray[np.uint8] | None",
    width: int,
    result: Callable[[], dict[str, Any]],
    facts: dict[str, object],
) -> None:
    """Write motion by the ending of the file.

    Parameters
    ----------
    output : Path
    cells, headings : ndarray
        One row a step.
    width : int
        Of the grid.
    result : callable
        Makes the result of the League of Robot Runners.
    facts : dict
        What stands before a solution for mapf-visualizer.
    """
    from warehouse.formats.mapf_visualizer import write_mapf_visualizer

    with whole_file(output) as part:
        if output.suffix.lower() == ".txt":
            write_mapf_visualizer(part, cells, headings, width, facts)
        else:
            text = json.dumps(result(), separators=(",", ":"))
            part.write_text(text + "\n", encoding="utf-8")


def report_violations(console: Console, violations: "list[Violation]") -> None:
    """Tell what the checker found, and end with exit code 3 if it found anything."""
    from warehouse.check import count_by_rule

    counts = count_by_rule(violations)
    console.answer["violations"] = counts
    if not violations:
        return
    for violation in violations[:MOST_FAULTS]:
        console.say(str(violation))
    console.say(
        f"the checker found {sum(counts.values()):,} violations: this is a fault of "
        "the planner, please report it"
    )
    console.exit_code = 3


class CoreUse:
    """While entered, how much computing went on beside how much time passed.

    Examples
    --------
    >>> with CoreUse() as use:
    ...     pass
    >>> use.cores >= 0
    True
    """

    def __init__(self) -> None:
        self.wall_s = self.cpu_s = 0.0

    @property
    def cores(self) -> float:
        """Processor seconds a second."""
        return self.cpu_s / self.wall_s if self.wall_s > 0 else 0.0

    def __enter__(self) -> Self:
        """Begin to measure."""
        self._began = time.perf_counter(), time.process_time()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End measuring."""
        self.wall_s = time.perf_counter() - self._began[0]
        self.cpu_s = time.process_time() - self._began[1]
