"""Generated sites where pods are filled: what lies there at first, and what arrives."""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.generate.pod_params import PodScenarioParams
from warehouse.layout import Layout
from warehouse.replenishment import Replenishment
from warehouse.scenario import Orders


def split_docks(
    layout: Layout, docks: NDArray[np.int32], params: PodScenarioParams
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Docks of stations, and those of stations where pods are filled.

    The latter are those farthest from the side of the stations.
    """
    rows, cols = np.divmod(docks, layout.width)
    side = params.layout.station_side
    away = {"bottom": -rows, "top": rows, "right": -cols, "left": cols}[side]
    far_first = np.argsort(-away, kind="stable")
    filled = np.sort(docks[far_first[: params.layout.replenishment_stations]])
    return np.setdiff1d(docks, filled), filled


def find_small_pods(params: PodScenarioParams) -> list[Fault]:
    """Fault of pods that are filled and lack room for a unit of each of their SKUs."""
    filled = params.layout.replenishment_stations > 0
    if not filled or params.pod_capacity >= params.skus_per_pod:
        return []
    found = f"got {params.pod_capacity} for {params.skus_per_pod} SKUs on a pod"
    needed = "need room for a unit of each"
    return [Fault("E602", "pod_capacity", found, needed)]


def first_quantities(
    params: PodScenarioParams, pod: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Units of each SKU on a pod, so that all pods are equally full.

    Parameters
    ----------
    params : PodScenarioParams
    pod : ndarray of int64, shape (places,)
        The pod of each pair of pod and SKU.
    """
    places = np.bincount(pod, minlength=params.pods)[pod]
    level = int(params.start_level * params.pod_capacity)
    return np.maximum(1, level // places)


def generate_replenishment(
    params: PodScenarioParams,
    orders: Orders,
    pickers: int,
    cells: NDArray[np.int32],
    rng: np.random.Generator,
) -> Replenishment:
    """Goods that keep the stock as it is: boxes of what was ordered.

    A box of a SKU arrives when so many units of it as it holds have been ordered and
    could have been picked: not before the orders are released, and not before pickers
    who never wait would have come so far. How many units were short of a box at first
    is drawn, so that as much arrives from the start as leaves.

    Parameters
    ----------
    params : PodScenarioParams
    orders : Orders
        In order of release.
    pickers : int
    cells : ndarray of int32, shape (stations,)
        Docks of the stations where pods are filled.
    rng : numpy.random.Generator
    """
    units = orders.line_quantity.astype(np.int64)
    pace_s = params.station_s_per_unit / pickers
    picked_s = np.maximum(
        orders.release_s[orders.line_order], np.cumsum(units) * pace_s
    )
    by_sku = np.argsort(orders.line_sku, kind="stable")
    sku = orders.line_sku[by_sku]
    total = np.cumsum(units[by_sku])
    first = np.searchsorted(sku, sku)
    short = rng.integers(0, params.box_units, params.skus)[sku]
    so_far = short + total - (total - units[by_sku])[first]
    # Boxes that are full with a line and were not with the line before it.
    full = so_far // params.box_units
    boxes = full - (so_far - units[by_sku]) // params.box_units
    line = np.repeat(np.arange(len(sku)), boxes)
    when = np.argsort(picked_s[by_sku][line], kind="stable")
    line = line[when]
    stations, none = len(cells), np.zeros(len(cells))
    return Replenishment(
        names=tuple(f"R{k + 1:0{len(str(stations))}}" for k in range(stations)),
        cells=cells,
        s_per_visit=none,
        s_per_box=np.full(stations, params.box_s),
        s_per_unit=none.copy(),
        capacity=np.full(params.pods, params.pod_capacity, np.int32),
        sku=sku[line],
        quantity=np.full(len(line), params.box_units, np.int32),
        release_s=np.round(picked_s[by_sku][line], 1),
        station=np.full(len(line), -1, np.int32),
    )
