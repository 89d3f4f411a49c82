"""What is packed, picked and filled when at each station, as bars."""

import numpy as np
from numpy.typing import NDArray

from viz.gantt_bars import BarKind, Chart, bars_of, between
from viz.plan_roster import plan_roster
from viz.pod_filling import PodFilling
from viz.pod_picking import PodPicking
from viz.replay import Replay
from warehouse.packing_day import breaks_taken
from warehouse.plan import PodStopKind
from warehouse.staff import Staff


def station_chart(replay: Replay) -> Chart:
    """Rows of the stations, in their order, and of those where pods are filled.

    A lane for each packer, with breaks and shifts where these are given. Where there
    are pods, one for the pod that is there and one for what is picked from it, below
    those of the packers.

    Parameters
    ----------
    replay : Replay
    """
    scenario, with_pods = replay.scenario, replay.scenario.pods is not None
    names = [station.name for station in scenario.stations]
    packers = [
        station.packers if scenario.packs else 0 for station in scenario.stations
    ]
    parts = _packing(replay)
    if scenario.staff is not None:
        parts += _absences(replay, scenario.staff)
    if not with_pods:
        return Chart.of(names, packers, *parts)
    lane = np.array([*packers, *[0] * len(replay.filling.stations)], np.int32)
    parts += _pods(replay, lane)
    parts += _picks(replay, replay.picking, lane)
    parts += _refills(replay.filling, len(names))
    names += replay.filling.stations
    return Chart.of(names, (lane + 2).tolist(), *parts)


def _packing(replay: Replay) -> list[NDArray[np.void]]:
    """Orders being packed, and packers who wait between two of them."""
    work, stations = replay.packing, replay.scenario.stations
    # A packer whom the station has not (a faulty plan) is shown in its last lane.
    most = np.array([station.packers - 1 for station in stations], np.int32)
    packed = bars_of(
        work.station,
        np.minimum(work.packer, most[work.station]),
        work.start_s,
        work.end_s,
        _timeliness(replay, work.order),
        order=work.order,
    )
    return [packed, between(packed, BarKind.REST)]


def _absences(replay: Replay, staff: Staff) -> list[NDArray[np.void]]:
    """Breaks of packers, as they are taken, and the time outside of their shifts."""
    packers, end_s = staff.packers, replay.charted_s
    row = packers.station
    lane = np.arange(len(packers)) - np.searchsorted(row, row)
    taken = breaks_taken(*plan_roster(replay.plan, staff))
    who = np.array([packer for packer, _, _ in taken], np.int64)
    start_s, back_s = np.array([times for _, *times in taken]).reshape(-1, 2).T
    before, after = packers.start_s > 0, packers.end_s < end_s
    off = int(BarKind.OFF_SHIFT)
    return [
        bars_of(row[who], lane[who], start_s, back_s, BarKind.BREAK),
        bars_of(
            row[before],
            lane[before],
            np.zeros(np.count_nonzero(before)),
            packers.start_s[before],
            off,
        ),
        bars_of(
            row[after],
            lane[after],
            packers.end_s[after],
            np.full(np.count_nonzero(after), end_s),
            off,
        ),
    ]


def _timeliness(replay: Replay, order: NDArray[np.integer]) -> NDArray[np.integer]:
    """Whether orders are late, in time, or not due at all."""
    orders = replay.scenario.orders
    due = np.isfinite(orders.due_s[order]) | orders.has_carrier[order]
    late = np.isin(order, list(replay.late.causes))
    return np.where(late, BarKind.LATE, np.where(due, BarKind.IN_TIME, BarKind.WORK))


def _pods(replay: Replay, lane: NDArray[np.int32]) -> list[NDArray[np.void]]:
    """Pods that stand at stations, and the time between two of them."""
    stops = replay.pod_trips.stops
    stops = stops[np.isin(stops["kind"], (PodStopKind.VISIT, PodStopKind.FILL))]
    fills = stops["kind"] == PodStopKind.FILL
    row = stops["station"] + np.where(fills, len(replay.scenario.stations), 0)
    start_s, end_s = (stops[name] * replay.step_s for name in ("start", "end"))
    there = bars_of(row, lane[row], start_s, end_s, BarKind.POD, pod=stops["pod"])
    return [there, between(there, BarKind.BETWEEN_PODS)]


def _picks(
    replay: Replay, picking: PodPicking, lane: NDArray[np.int32]
) -> list[NDArray[np.void]]:
    """Units being picked from pods, for which order, and pickers who wait."""
    picked = bars_of(
        picking.station,
        lane[picking.station] + 1,
        picking.start_s,
        picking.end_s,
        _timeliness(replay, picking.order),
        order=picking.order,
        pod=picking.pod,
    )
    return [picked, between(picked, BarKind.REST)]


def _refills(filling: PodFilling, stations: int) -> list[NDArray[np.void]]:
    """Units being put into pods; the rows stand below those of other stations."""
    put_in = bars_of(
        filling.station + stations,
        1,
        filling.start_s,
        filling.end_s,
        BarKind.FILL,
        pod=filling.pod,
    )
    return [put_in, between(put_in, BarKind.REST)]
