"""How pods are filled in a plan: what is put in, what waits, how full pods are."""

from dataclasses import dataclass

import numpy as np

from warehouse.plan import Plan, PodStopKind


@dataclass(frozen=True, slots=True)
class FillStationUse:
    """What one replenishment station does in the time that counts.

    Parameters
    ----------
    name : str
    units, visits : int
        Units put into pods, and pods that came.
    busy : float
        Share of the time in which its worker works.
    """

    name: str
    units: int
    visits: int
    busy: float


@dataclass(frozen=True, slots=True)
class RefillMetrics:
    """Key figures of filling.

    Those of the first five are over the time that counts, after the warm-up; the others
    are of the whole plan.

    Parameters
    ----------
    units, boxes, visits : int
        Units put into pods, rows of the table of refills, and pods that came to be
        filled.
    units_per_station_hour : float
        Units for each replenishment station and hour.
    units_per_visit : float
    wait_s : float
        Mean time from the arrival of goods that were put into pods until that begins.
    waiting : int
        Units that have arrived by the end of the plan and are in no pod.
    start_level, end_level : float
        Units on pods as a share of what they hold, at the start and at the end.
    stations : tuple of FillStationUse
    """

    units: int
    boxes: int
    visits: int
    units_per_station_hour: float
    units_per_visit: float
    wait_s: float
    waiting: int
    start_level: float
    end_level: float
    stations: tuple[FillStationUse, ...]


def measure_refills(plan: Plan) -> RefillMetrics | None:
    """Key figures of filling; None where pods are not filled.

    Examples
    --------
    >>> from warehouse.bare_motion import bare_motion
    >>> from warehouse.layout import Layout
    >>> floor = Layout.from_rows(["."])
    >>> still = bare_motion("totes", floor, np.zeros((1, 1), np.int32))
    >>> print(measure_refills(still))
    None
    """
    pods, work = plan.scenario.pods, plan.pod_work
    if pods is None or work is None or pods.replenishment is None:
        return None
    filling, rows, step_s = pods.replenishment, work.refills, plan.scenario.step_s
    to_s = plan.steps * step_s
    from_s = min(pods.warm_up_s, to_s)
    late = rows["end_s"] > from_s
    units = int(rows["quantity"][late].sum())
    comes = (work.stops["kind"] == PodStopKind.FILL) & (
        work.stops["start"] * step_s >= from_s
    )
    begin_s, end_s = (np.clip(rows[c], from_s, to_s) for c in ("start_s", "end_s"))
    at = work.stops["station"][rows["stop"]]
    stations = []
    for index, name in enumerate(filling.names):
        mine = at == index
        stations.append(
            FillStationUse(
                name=name,
                units=int(rows["quantity"][mine & late].sum()),
                visits=int((comes & (work.stops["station"] == index)).sum()),
                busy=_share(float((end_s - begin_s)[mine].sum()), to_s - from_s),
            )
        )
    room = int(filling.capacity.sum())
    stock = plan.scenario.stock
    on_pods = np.isin(stock.cell, pods.start_cells)
    first = int(stock.quantity[on_pods].sum())
    last = first + int(rows["quantity"].sum()) - int(work.picks["quantity"].sum())
    arrived = int(filling.quantity[filling.release_s <= to_s].sum())
    waited_s = rows["start_s"] - filling.release_s[rows["arrival"]]
    hours = (to_s - from_s) / 3600
    return RefillMetrics(
        units=units,
        boxes=int(late.sum()),
        visits=int(comes.sum()),
        units_per_station_hour=_share(units, hours * len(filling.names)),
        units_per_visit=_share(units, int(comes.sum())),
        wait_s=_share(float(waited_s.sum()), len(waited_s)),
        waiting=arrived - int(rows["quantity"].sum()),
        start_level=_share(first, room),
        end_level=_share(last, room),
        stations=tuple(stations),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
