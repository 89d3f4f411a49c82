"""Operations: short sequences of actions that a turning robot chooses among.

An operation is ``depth`` actions of wait, forward, clockwise, counter-clockwise. What
matters to others is only where the robot is at each step, so operations that differ in
nothing but the turns after the last move count as one *pattern*; the turns that suit
the goal best are put in when a pattern is weighed.

Source: multi-action operations of E. Yukhnevich and A. Andreychuk, Enhancing PIBT via
multi-action operations (2025), arXiv:2511.09193; one operation per pattern is ours.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

WAIT, FORWARD, CLOCKWISE, COUNTER = 0, 1, 2, 3
"""Actions of a turning robot."""

HEADING_STEP = np.array([0, 0, 1, 3], np.int64)
"""What each action adds to the heading, modulo 4."""


def patterns(depth: int) -> NDArray[np.int8]:
    """List the actions of every pattern of a depth, the one that only waits first.

    Turns come as early as they can, so that a robot that is stopped has turned
    already. Between two moves a robot turns no further than it has to.

    Returns
    -------
    ndarray of int8, shape (patterns, depth)

    Examples
    --------
    >>> ["".join("WFRC"[a] for a in row) for row in patterns(2)]
    ['WW', 'FF', 'FW', 'WF', 'RF', 'CF']
    """
    found = [row for row in product(range(4), repeat=depth) if _is_pattern(row)]
    found.sort(key=lambda row: (any(row), [action != FORWARD for action in row], row))
    return np.array(found, np.int8).reshape(-1, depth)


def _is_pattern(actions: tuple[int, ...]) -> bool:
    """Whether turns are needed, as early as can be, and one way round."""
    runs = "".join("WFRC"[action] for action in actions).split("F")
    turns = [run.rstrip("W") for run in runs]
    return turns[-1] == "" and all(turn in ("", "R", "C", "RR") for turn in turns[:-1])
