"""Where a robot with totes stops on its way, and how far it has come."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Errand:
    """Stops of a robot, one after the other, and how far it has come.

    Parameters
    ----------
    vertices, steps : list of int
        Where to stop, and for how many timesteps.
    stations : list of int
        Station whose dock each stop is at; `NOWHERE` for picks.
    start, end : list of int
        Timesteps at which services began and ended, of those that did.
    begun : int
        Timestep since which the robot is on the way to its stop, or stands there.
    """

    vertices: list[int]
    steps: list[int]
    stations: list[int]
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    begun: int = 0

    @property
    def done(self) -> bool:
        """Whether the last stop is over."""
        return len(self.end) == len(self.vertices)

    @property
    def serving(self) -> bool:
        """Whether the robot stands at a stop."""
        return len(self.start) > len(self.end)
