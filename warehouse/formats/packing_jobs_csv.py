"""``jobs.csv``: orders to pack, and the departures they go with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.orders_csv import LATEST_RELEASE_S as LATEST_S
from warehouse.formats.packers_csv import known
from warehouse.formats.table import Table, parse_table, plain, write_table
from warehouse.formats.text_file import shown
from warehouse.formats.toml_file import nearest
from warehouse.packing_day import NO_TRUCK, PackingDay, PackingJobs
from warehouse.trucks import Trucks

_REQUIRED: Final = ("order", "carton", "ready_s")
_OPTIONAL: Final = (
    "units", "work_s", "carrier", "departs_s", "due_s", "priority", "needs", "stations",
)  # fmt: skip
_MOST_UNITS, _MOST_PRIORITY = 1_000_000, 1000


@dataclass(frozen=True, slots=True)
class JobSettings:
    """What holds for all orders of a day.

    Parameters
    ----------
    order_s, unit_s : float
        Seconds of work for an order, and for each unit of it.
    transfer_s : float
        From the end of packing into the truck.
    cartons : tuple of str
    setup_s : ndarray of float64, shape (cartons,)
    skill : tuple of str
        What it takes to pack such a carton; empty for none.
    """

    order_s: float
    unit_s: float
    transfer_s: float
    cartons: tuple[str, ...]
    setup_s: NDArray[np.float64]
    skill: tuple[str, ...]


def parse_jobs(
    path: Path,
    settings: JobSettings,
    stations: tuple[str, ...],
    trucks: Trucks | None,
    faults: list[Fault],
) -> PackingJobs | None:
    """Read the orders; None when any row has a fault.

    An order with a carrier and no departure takes the carrier's first departure that
    leaves time to pack it when it is ready, or the last one.

    Parameters
    ----------
    path : Path
    settings : JobSettings
    stations : tuple of str
    trucks : Trucks or None
        None when they could not be read, and no carrier is refused.
    faults : list of Fault
        What is wrong is appended here: E502, E503, E506, E507, and faults of tables.
    """
    table = parse_table(path, _REQUIRED, _OPTIONAL, faults)
    if table is None:
        return None
    names = table.different_names("order", "E502")
    carton = known(table, "carton", settings.cartons)
    units = table.whole_numbers("units", 0, _MOST_UNITS, default=0)
    ready_s = table.numbers("ready_s", 0, LATEST_S)
    work_s = table.numbers("work_s", 0, LATEST_S, default=float("nan"))
    by_units = settings.order_s + settings.unit_s * units
    work_s = np.where(np.isnan(work_s), by_units, work_s)
    due_s = table.numbers("due_s", 0, LATEST_S, default=float("inf"))
    last_s = ready_s + work_s + settings.transfer_s
    truck = np.full(len(table), NO_TRUCK, np.int32)
    if trucks is not None:
        truck = _departures(table, trucks, last_s)
        leaves_s = np.append(trucks.departs_s, np.inf)[truck] - settings.transfer_s
        due_s = np.minimum(due_s, leaves_s)
    jobs = PackingJobs(
        names=tuple(names),
        carton=carton,
        ready_s=ready_s,
        work_s=work_s,
        due_s=due_s,
        truck=truck,
        priority=table.whole_numbers("priority", 0, _MOST_PRIORITY, default=0).astype(
            np.int32
        ),
        needs=_needs(table, settings, carton),
        stations=_stations(table, stations),
    )
    if len(table) == 0 and table.complete:
        found = "there is no order"
        faults.append(Fault("E507", table.file, found, "write one line or more"))
    return jobs if table.complete and len(table) else None


def _needs(
    table: Table, settings: JobSettings, carton: NDArray[np.int32]
) -> tuple[frozenset[str], ...]:
    """Skills that each order needs: its own, and that of its carton."""
    of_carton = [frozenset({skill} if skill else ()) for skill in settings.skill]
    of_carton = of_carton or [frozenset()]
    return tuple(
        own | of_carton[kind]
        for own, kind in zip(table.words("needs"), carton.tolist(), strict=True)
    )


def _stations(table: Table, stations: tuple[str, ...]) -> tuple[frozenset[int], ...]:
    """Stations at which each order may be packed; none stands for all."""
    index_of = {name: index for index, name in enumerate(stations)}
    allowed = []
    for row, names in enumerate(table.words("stations")):
        for name in sorted(names - set(index_of)):
            needed = f"name stations of schedule.toml{nearest(name, stations)}"
            found = f"unknown station {shown(name)}"
            table.fault("E503", row, "stations", found, needed)
        allowed.append(frozenset(index_of[name] for name in names if name in index_of))
    return tuple(allowed)


def _departures(
    table: Table, trucks: Trucks, last_s: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Row of the departure that each order goes with, or -1."""
    departs_s = table.numbers("departs_s", 0, LATEST_S, default=float("nan"))
    of_carrier: dict[str, list[tuple[float, int]]] = {}
    for row in range(len(trucks)):
        departure = (float(trucks.departs_s[row]), row)
        of_carrier.setdefault(trucks.carrier[row], []).append(departure)
    truck = np.full(len(table), NO_TRUCK, np.int32)
    for row, carrier in enumerate(table.texts("carrier")):
        wanted_s = float(departs_s[row])
        if not carrier and np.isnan(wanted_s):
            continue
        departures = sorted(of_carrier.get(carrier, ()))
        at = dict(reversed(departures))
        if not departures:
            needed = "name a carrier of trucks.csv" + nearest(carrier, list(of_carrier))
            found = f"unknown carrier {shown(carrier)}"
            table.fault("E503", row, "carrier", found, needed)
        elif np.isnan(wanted_s):
            in_time = [one for time, one in departures if time >= last_s[row]]
            truck[row] = in_time[0] if in_time else departures[-1][1]
        elif wanted_s in at:
            truck[row] = at[wanted_s]
        else:
            found = f"{shown(carrier)} has no departure at {plain(wanted_s)} s"
            times = [plain(time) for time, _ in departures[:10]]
            needed = "use one of " + ", ".join(times)
            table.fault("E506", row, "departs_s", found, needed)
    return truck


def write_jobs(day: PackingDay, path: Path) -> None:
    """Write ``jobs.csv``, with the work of each order; units are not known any more."""
    jobs, trucks = day.jobs, day.trucks
    carrier = [*trucks.carrier, ""]
    departs_s = [*map(plain, trucks.departs_s.tolist()), ""]
    write_table(
        path,
        {
            "order": jobs.names,
            "carton": [day.cartons[carton] for carton in jobs.carton.tolist()],
            "ready_s": map(plain, jobs.ready_s.tolist()),
            "work_s": map(plain, jobs.work_s.tolist()),
            "carrier": [carrier[truck] for truck in jobs.truck.tolist()],
            "departs_s": [departs_s[truck] for truck in jobs.truck.tolist()],
            "due_s": map(plain, jobs.due_s.tolist()),
            "priority": jobs.priority.tolist(),
            "needs": [";".join(sorted(needs)) for needs in jobs.needs],
            "stations": [
                ";".join(day.stations[station] for station in sorted(allowed))
                for allowed in jobs.stations
            ],
        },
    )
