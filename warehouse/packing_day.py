"""What packers of a site have to do in a day, and who packed what when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.staff import PackerBreaks, Packers
from warehouse.trucks import Trucks

NO_TRUCK: Final = -1
"""In place of the departure of an order that goes with none."""


@dataclass(frozen=True, slots=True)
class PackingJobs:
    """Orders to pack.

    Parameters
    ----------
    names : tuple of str
    carton : ndarray of int32, shape (orders,)
        Kind of carton.
    ready_s, work_s : ndarray of float64, shape (orders,)
        When all of it is at the station, and seconds to pack it, without setup.
    due_s : ndarray of float64, shape (orders,)
        When it has to be packed; inf if never.
    truck : ndarray of int32, shape (orders,)
        Departure it goes with, or `NO_TRUCK`.
    priority : ndarray of int32, shape (orders,)
    needs : tuple of frozenset of str
        Skills that its packer has.
    stations : tuple of frozenset of int
        Where it may be packed; anywhere if empty.
    """

    names: tuple[str, ...]
    carton: NDArray[np.int32]
    ready_s: NDArray[np.float64]
    work_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    truck: NDArray[np.int32]
    priority: NDArray[np.int32]
    needs: tuple[frozenset[str], ...]
    stations: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class PackingDay:
    """Stations, packers, orders and trucks of a day.

    Parameters
    ----------
    name : str
    stations, cartons : tuple of str
    setup_s : ndarray of float64, shape (cartons,)
        Seconds to begin with a kind of carton.
    packers : Packers
    breaks : PackerBreaks
    jobs : PackingJobs
    trucks : Trucks
        Perhaps none.
    transfer_s : float
        From the end of packing into the truck.
    """

    name: str
    stations: tuple[str, ...]
    cartons: tuple[str, ...]
    setup_s: NDArray[np.float64]
    packers: Packers
    breaks: PackerBreaks
    jobs: PackingJobs
    trucks: Trucks
    transfer_s: float


@dataclass(frozen=True, slots=True)
class PackedOrder:
    """That a packer packs an order, from the setup on; indices into the day."""

    order: int
    packer: int
    start_s: float
    end_s: float


def is_late(day: PackingDay, row: PackedOrder) -> bool:
    """Whether an order is packed after it is due; what floating point adds is not."""
    return row.end_s > float(day.jobs.due_s[row.order]) + 1e-6


def breaks_taken(
    day: PackingDay, rows: Sequence[PackedOrder]
) -> list[tuple[int, float, float]]:
    """Packer, start and end of every break, as late as the orders in hand make it.

    Examples
    --------
    >>> nobody = Packers((), *np.zeros((4, 0)), ())
    >>> jobs = PackingJobs((), *np.zeros((6, 0)), (), ())
    >>> none = PackerBreaks(*np.zeros((4, 0)))
    >>> day = PackingDay("", (), (), np.zeros(0), nobody, none, jobs, Trucks.none(), 0)
    >>> breaks_taken(day, [])
    []
    """
    breaks = day.breaks
    taken = []
    for packer, start_s, end_s in zip(
        breaks.packer.tolist(), breaks.start_s.tolist(), breaks.end_s.tolist(),
        strict=True,
    ):  # fmt: skip
        in_hand = [
            row.end_s
            for row in rows
            if row.packer == packer and row.start_s < start_s < row.end_s
        ]
        begin_s = max([start_s, *in_hand])
        taken.append((packer, begin_s, begin_s + end_s - start_s))
    return taken
