"""What the fulfilment loop needs of a fleet, whoever plans its paths."""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Motion(Protocol):
    """A fleet on one clock that serves lists of stops without collision."""

    @property
    def t(self) -> int:
        """Present timestep."""

    @property
    def robots(self) -> int:
        """Number of robots."""

    @property
    def position(self) -> NDArray[np.int32]:
        """Cell of every robot at the present timestep, shape (robots,)."""

    def send(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> bool:
        """Give a robot its next stops, the last ``fixed`` of them in a fixed order.

        Returns
        -------
        bool
            False if the robot cannot go now.
        """

    def order(self, robot: int) -> NDArray[np.int32]:
        """Numbers of the present stops in the order in which they are served."""

    def free_at(self, robot: int) -> int:
        """Timestep at which a robot has served its last stop, as far as is known."""

    def advance(self, until: int) -> NDArray[np.int32]:
        """Go on to a timestep, or to where robots become free; return those robots."""

    def services(self, robot: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """First and last timestep of each service of the present stops."""


class ForkableMotion(Motion, Protocol):
    """A fleet alone on its floor: whoever runs it can go back, and write it down."""

    @property
    def statistics(self) -> dict[str, float]:
        """How much searching and escaping there was."""

    def fork(self) -> "ForkableMotion":
        """A copy that goes its own way from here."""

    def would_end(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> int:
        """When a robot's last stop would be served if it were sent now, about."""

    def turns_at(self) -> NDArray[np.int32]:
        """When each robot leaves its last stop but the fixed ones; `NEVER` if unknown.

        Shape (robots,).
        """

    def redirect(self, robot: int, cells: ArrayLike, steps: ArrayLike) -> bool:
        """Give a robot other last stops, in a fixed order; False if it cannot go."""

    def improve(self, rounds: int) -> int:
        """Try so many changes to what is planned; return the timesteps won."""

    def cells(self) -> NDArray[np.int32]:
        """Cell of every robot at timesteps 0 .. t, shape (t + 1, robots)."""

    def headings(self) -> NDArray[np.uint8] | None:
        """Heading of every robot at timesteps 0 .. t; None where none turn."""
