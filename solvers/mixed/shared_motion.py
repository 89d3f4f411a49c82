"""The fleet of robots with totes as the fulfilment loop needs it, on a shared floor."""

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.fulfilment.site import Site
from solvers.mixed.admission import NOWHERE
from solvers.mixed.errand import Errand
from solvers.mixed.tote_robots import ToteRobots
from solvers.pods.simulate import Simulation


class ClockStoppedError(Exception):
    """The time that is planned is over, or planning was stopped."""


class SharedMotion:
    """Robots with totes that move while a site with pods is simulated.

    A `solvers.mapf.fleet.motion.Motion`: to advance it is to advance everything.

    Parameters
    ----------
    site : Site
        Of robots with totes.
    totes : ToteRobots
        Those of ``simulation``.
    simulation : Simulation
    stopped : callable
        Whether planning is to be stopped.
    tell : callable
        Is told which share of the work is done.
    """

    def __init__(
        self,
        site: Site,
        totes: ToteRobots,
        simulation: Simulation,
        stopped: Callable[[], bool],
        tell: Callable[[float], None],
    ) -> None:
        self._site = site
        self._floor = simulation.ways.floor
        self._totes = totes
        self._simulation = simulation
        self._stopped = stopped
        self._tell = tell
        docks = simulation.ways.docks.tolist()
        self._station_of = {dock: station for station, dock in enumerate(docks)}
        self._last: list[Errand | None] = [None] * len(totes.errands)

    @property
    def t(self) -> int:
        """Present timestep."""
        return self._simulation.t

    @property
    def robots(self) -> int:
        """Number of robots with totes."""
        return len(self._totes.errands)

    @property
    def position(self) -> NDArray[np.int32]:
        """Cell of every robot with totes at the present timestep, shape (robots,)."""
        vertices = self._totes.vertices(self._simulation.site)
        return self._floor.cell_of[vertices]

    def send(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> bool:
        """Give a robot its next stops, the last ``fixed`` of them at docks.

        The order of all is kept. A robot that has to charge first is not sent while
        others are at work: False.
        """
        if not self._totes.may_be_sent(self._simulation.site, robot):
            return False
        vertices = self._floor.at(cells).tolist()
        picks = len(vertices) - fixed
        stations = [NOWHERE] * picks
        stations += [self._station_of[vertex] for vertex in vertices[picks:]]
        errand = Errand(vertices, np.asarray(steps).tolist(), stations)
        self._last[robot] = errand
        self._totes.send(robot, errand, self.t)
        return True

    def order(self, robot: int) -> NDArray[np.int32]:
        """Numbers of the present stops in the order of serving: as they were given."""
        return np.arange(len(self._errand(robot).vertices), dtype=np.int32)

    def free_at(self, robot: int) -> int:
        """Timestep at which a robot has served its last stop, if never held up."""
        errand = self._errand(robot)
        done = len(errand.end)
        goals = self._floor.cell_of[errand.vertices[done:]]
        places = [self.position[robot], *goals.tolist()]
        table = self._site.table
        way = sum(int(table.to(int(b))[a]) for a, b in itertools.pairwise(places))
        return self.t + way + sum(errand.steps[done:])

    def advance(self, until: int) -> NDArray[np.int32]:
        """Go on to a timestep, or to where robots become free; return those robots.

        With robots that are free already, go on to where there are new orders at most.

        Raises
        ------
        ClockStoppedError
            Where it is the end before that.
        """
        finished = self._totes.take_finished()
        while not finished and self.t < until and not self._totes.are_called:
            if not self._simulation.go_on(self._stopped, self._tell):
                raise ClockStoppedError
            finished = self._totes.take_finished()
        return np.array(finished, np.int32)

    def services(self, robot: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """First and last timestep of each service of the present stops."""
        errand = self._errand(robot)
        return np.array(errand.start, np.int32), np.array(errand.end, np.int32)

    def _errand(self, robot: int) -> Errand:
        errand = self._last[robot]
        assert errand is not None  # it was sent
        return errand
