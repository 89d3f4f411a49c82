"""Make a day at packing stations: packers, orders over time, trucks."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import InputError
from warehouse.generate.params import out_of_range
from warehouse.packing_day import PackingDay, PackingJobs
from warehouse.staff import PackerBreaks, Packers
from warehouse.trucks import Trucks

_CARTONS: Final = ("XS", "S", "M", "L", "XL", "tube")
_CARTON_SHARES: Final = (0.25, 0.27, 0.22, 0.14, 0.08, 0.04)
_SKILLS: Final = ("fragile", "heavy", "gift")
_SKILL_OF_ORDERS: Final = (0.10, 0.08, 0.05)
_SKILL_OF_PACKERS: Final = (0.6, 0.5, 0.4)
_MOST: Final = 100_000
_CARRIERS: Final = 4


@dataclass(frozen=True, slots=True)
class PackingDayParams:
    """What a generated day is made from.

    Parameters
    ----------
    orders, stations : int
    packers_per_station : int
    trucks : int
        Departures, shared among up to four carriers.
    load : float
        Share of the packers' time that work takes, without setups, until the last
        truck leaves. Near 1, orders must be late.
    order_s, unit_s, setup_s, transfer_s : float
        Seconds for an order, for each unit, to begin with a kind of carton, and from
        the station into the truck.
    break_s : float
        Length of each packer's break; 0 for none.

    Raises
    ------
    InputError
        With every parameter that is out of range.

    Examples
    --------
    >>> PackingDayParams(load=0)
    Traceback (most recent call last):
    warehouse.errors.InputError: E601 load: got 0; need a number from 0.05 to 5
    """

    orders: int = 200
    stations: int = 6
    packers_per_station: int = 2
    trucks: int = 4
    load: float = 0.8
    order_s: float = 40.0
    unit_s: float = 8.0
    setup_s: float = 15.0
    transfer_s: float = 120.0
    break_s: float = 600.0

    def __post_init__(self) -> None:
        counts = ("orders", "stations", "packers_per_station", "trucks")
        seconds = ("unit_s", "setup_s", "transfer_s", "break_s")
        limits = {
            **dict.fromkeys(counts, (1, _MOST)),
            "load": (0.05, 5.0),
            "order_s": (0.1, 1e5),
            **dict.fromkeys(seconds, (0.0, 1e5)),
        }
        faults = out_of_range(self, limits)
        if faults:
            raise InputError(faults)


def generate_packing_day(
    params: PackingDayParams, *, seed: int, name: str = "packing day"
) -> PackingDay:
    """Make a day; the same seed makes the same one.

    Totes of an order come at a time before its truck leaves, early ones more often.
    Some orders need a skill that some packers have; speeds differ by up to a fifth.

    Parameters
    ----------
    params : PackingDayParams
    seed : int
    name : str
    """
    rng = np.random.default_rng(seed)
    count = params.stations * params.packers_per_station
    speed = np.round(rng.uniform(0.85, 1.2, count), 2)
    units = rng.geometric(0.3, params.orders).astype(np.float64)
    work_s = params.order_s + params.unit_s * units
    carton = rng.choice(len(_CARTONS), params.orders, p=_CARTON_SHARES)
    last_s = float(work_s.sum() / speed.sum() / params.load)
    has_break = params.break_s > 0
    last_s = float(np.ceil(last_s + params.break_s * has_break))
    trucks = _trucks(params, last_s + params.transfer_s)
    truck = np.sort(rng.integers(0, params.trucks, params.orders)).astype(np.int32)
    due_s = trucks.departs_s[truck] - params.transfer_s
    lead_s = rng.beta(1.5, 1.0, params.orders) * last_s * 0.7
    early_s: NDArray[np.float64] = np.maximum(0.0, due_s - work_s * 2 - lead_s)
    jobs = PackingJobs(
        names=tuple(f"o{order + 1}" for order in range(params.orders)),
        carton=carton.astype(np.int32),
        ready_s=np.round(early_s),
        work_s=work_s,
        due_s=due_s,
        truck=truck,
        priority=(rng.random(params.orders) < 0.1).astype(np.int32) * 2,
        needs=_some_skills(rng, _SKILL_OF_ORDERS, params.orders),
        stations=(frozenset(),) * params.orders,
    )
    return PackingDay(
        name,
        tuple(f"P{station + 1}" for station in range(params.stations)),
        _CARTONS,
        np.full(len(_CARTONS), params.setup_s),
        _packers(params, rng, speed, last_s),
        _breaks(params, rng, last_s),
        jobs,
        trucks,
        params.transfer_s,
    )


def _trucks(params: PackingDayParams, last_s: float) -> Trucks:
    departs_s = np.ceil(last_s * np.arange(1, params.trucks + 1) / params.trucks)
    carriers = tuple(f"carrier {k % _CARRIERS + 1}" for k in range(params.trucks))
    doors = tuple(f"D{k % _CARRIERS + 1}" for k in range(params.trucks))
    free = np.full(params.trucks, np.inf)
    return Trucks(carriers, doors, departs_s, free, free.copy())


def _packers(
    params: PackingDayParams,
    rng: np.random.Generator,
    speed: NDArray[np.float64],
    last_s: float,
) -> Packers:
    """Packers of all stations; the first has every skill."""
    count = len(speed)
    skills = _some_skills(rng, _SKILL_OF_PACKERS, count)
    station = np.repeat(np.arange(params.stations), params.packers_per_station)
    return Packers(
        names=tuple(f"packer {packer + 1}" for packer in range(count)),
        station=station.astype(np.int32),
        start_s=np.zeros(count),
        end_s=np.full(count, np.ceil(last_s * 1.25)),
        speed=speed,
        skills=(frozenset(_SKILLS), *skills[1:]),
    )


def _breaks(
    params: PackingDayParams, rng: np.random.Generator, last_s: float
) -> PackerBreaks:
    """A break for each packer about the middle of the day, not for all at once."""
    count = params.stations * params.packers_per_station if params.break_s else 0
    start_s = np.round(last_s * rng.uniform(0.35, 0.6, count))
    return PackerBreaks(
        np.arange(count, dtype=np.int32),
        start_s,
        start_s + params.break_s,
        np.full(count, 120.0),
    )


def _some_skills(
    rng: np.random.Generator, shares: tuple[float, ...], count: int
) -> tuple[frozenset[str], ...]:
    drawn = rng.random((count, len(shares))) < np.array(shares)
    return tuple(
        frozenset(skill for skill, has in zip(_SKILLS, row, strict=True) if has)
        for row in drawn.tolist()
    )
