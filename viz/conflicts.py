"""Where robots of a faulty plan meet or move as they must not, found little by little.

The rules are those of `warehouse.check`. A long plan takes the check many seconds, so
that a window lets it go on for a few milliseconds each frame.
"""

from collections.abc import Iterator
from typing import Final

from viz.little_by_little import go_on
from warehouse.check.motion import check_block, motion_blocks
from warehouse.check.violation import Findings, Violation
from warehouse.grid import Grid
from warehouse.plan import Plan

_BLOCK: Final = 1 << 15
"""Robot-steps looked at together: a few milliseconds."""


class Conflicts:
    """Conflicts and illegal moves in a plan, those that were found so far.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._findings = Findings.in_plan_of(plan.scenario)
        self._work = self._examine()
        self.searched = 0
        """Steps of the plan that were looked at."""
        self.found: list[Violation] = []
        """By step; of very many of a kind the first thousand."""

    @property
    def done(self) -> bool:
        """Whether the whole plan was looked at."""
        return self.searched > self._plan.steps

    def search(self, most_s: float = float("inf")) -> None:
        """Look at more of the plan, for about so many seconds."""
        if self.done:
            return
        before = self._findings.total
        go_on(self._work, most_s)
        if self._findings.total > before:
            listed = [v for v in self._findings.violations() if v.step is not None]
            self.found = sorted(listed, key=lambda violation: violation.step or 0)

    def _examine(self) -> Iterator[None]:
        """Look at the plan, with a rest after each block."""
        plan, grid = self._plan, Grid.from_layout(self._plan.scenario.layout)
        for block in motion_blocks(plan.cells, plan.headings, grid, _BLOCK):
            check_block(block, grid, self._findings)
            self.searched = block.first + block.steps
            yield

    def beside(self, t: float, places: int) -> int | None:
        """Number of the first conflict after a moment, or of the last before it."""
        numbers = range(len(self.found))
        if places > 0:
            return next((i for i in numbers if (self.found[i].step or 0) > t), None)
        before = [i for i in numbers if (self.found[i].step or 0) < t]
        return before[-1] if before else None


def robots_of(conflict: Violation) -> list[int]:
    """Robots that a conflict is between, or the one that moves as it must not."""
    both = (conflict.robot, conflict.other_robot)
    return [robot for robot in both if robot is not None]
