"""Motion as codes of a byte, for the replay inside a page."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_POSITIONS: Final = 12_000_000
"""Positions (robots times moments) that a page holds: about 2 MB of it."""
LEAST_ROBOTS: Final = 100
"""Robots that a page shows at least, if there are so many: a longer plan is cut."""
STATE_SHIFT: Final = 3
"""A code is a move, and a state so many bits further up."""

_UP, _RIGHT, _DOWN, _LEFT, _TURN_LEFT, _TURN_RIGHT, _JUMP = range(1, 8)


@dataclass(frozen=True, slots=True)
class Extent:
    """The part of a plan that a page shows.

    Parameters
    ----------
    robots : ndarray of int64
        Numbers of the robots, ascending.
    steps : int
        Timesteps from the start.
    """

    robots: NDArray[np.int64]
    steps: int

    @classmethod
    def of(cls, steps: int, robots: int) -> "Extent":
        """Choose robots evenly by number, and of a very long plan its first part.

        Examples
        --------
        >>> Extent.of(1000, 3)
        Extent(robots=array([0, 1, 2]), steps=1000)
        >>> large = Extent.of(11_999, 5_000)
        >>> large.robots[:3].tolist(), len(large.robots), large.steps
        ([0, 5, 10], 1000, 11999)
        """
        moments = steps + 1
        kept = min(robots, max(LEAST_ROBOTS, MOST_POSITIONS // moments))
        moments = min(moments, MOST_POSITIONS // max(1, kept))
        numbers = np.arange(kept, dtype=np.int64) * robots // max(1, kept)
        return cls(numbers, moments - 1)


@dataclass(frozen=True, slots=True)
class MoveCodes:
    """Moves of robots: 0 none, 1 to 4 up, right, down, left, 5 and 6 turns, 7 a jump.

    Parameters
    ----------
    moves : ndarray of uint8, shape (steps + 1, robots)
        The last row is of nothing but zeros: nobody moves on.
    jump_cells, jump_headings : ndarray of int64, shape (jumps,)
        Where a robot is after a jump, which no robot can make but a faulty plan may
        hold; robot by robot.
    """

    moves: NDArray[np.uint8]
    jump_cells: NDArray[np.int64]
    jump_headings: NDArray[np.int64]

    @classmethod
    def of(
        cls, cells: NDArray[np.int32], headings: NDArray[np.uint8] | None, width: int
    ) -> "MoveCodes":
        """Find the codes of flat cells, shape (steps + 1, robots).

        Examples
        --------
        >>> cells = np.array([[4], [5], [5], [2], [7]], np.int32)
        >>> codes = MoveCodes.of(cells, None, width=3)
        >>> codes.moves.ravel().tolist(), codes.jump_cells.tolist()
        ([2, 0, 1, 7, 0], [7])
        """
        moved = np.diff(cells, axis=0)
        moves = np.full(cells.shape, _JUMP, np.uint8)
        moves[-1] = 0
        for code, change in enumerate((0, -width, 1, width, -1)):
            moves[:-1][moved == change] = code
        after = np.zeros(cells.shape, np.uint8)
        if headings is not None:
            _add_turns(moves[:-1], headings)
            after[:-1] = headings[1:]
        robot, step = np.nonzero(moves.T == _JUMP)
        return cls(
            moves,
            cells[step + 1, robot].astype(np.int64),
            after[step, robot].astype(np.int64),
        )


def _add_turns(moves: NDArray[np.uint8], headings: NDArray[np.uint8]) -> None:
    """Put turns on the spot among the moves; any other turn is a jump."""
    turn = (headings[1:].astype(np.int64) - headings[:-1]) % 4
    still = moves == 0
    moves[turn != 0] = _JUMP
    moves[still & (turn == 3)] = _TURN_LEFT
    moves[still & (turn == 1)] = _TURN_RIGHT
