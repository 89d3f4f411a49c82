"""Tables of a plan with pods as CSV files: names, rows and columns, seconds."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.formats.plan_cells import (
    names_of,
    numbers_of,
    places_of,
    station_names,
    steps_in_s,
)
from warehouse.plan import Plan, PodStopKind, PodWork, Splitting
from warehouse.replenishment import Replenishment
from warehouse.scenario import PodSystem


def pod_tables_csv(plan: Plan) -> dict[str, dict[str, Any]]:
    """Columns of each table, by its name; none for a plan without pods.

    Charges are there where robots have batteries, refills where pods are filled, and
    split orders where orders may be split.
    """
    pods, work = plan.scenario.pods, plan.pod_work
    if pods is None or work is None:
        return {}
    tables = {
        "pod_stops": _stops(plan, pods, work),
        "pod_picks": _picks(plan, pods, work),
        "open_orders": _open_orders(plan, work),
    }
    if plan.scenario.fleet.battery is not None:
        tables["charges"] = _charges(plan, work)
    if pods.replenishment is not None:
        tables["refills"] = _refills(plan, pods, pods.replenishment, work)
    if work.splitting is not None:
        tables["split_orders"] = _split_orders(plan, work.splitting)
    return tables


def _stops(plan: Plan, pods: PodSystem, work: PodWork) -> dict[str, Any]:
    stops = work.stops
    return {
        "stop": range(len(stops)),
        "robot": stops["robot"].tolist(),
        "trip": stops["trip"].tolist(),
        "kind": [PodStopKind(kind).name.lower() for kind in stops["kind"].tolist()],
        **places_of(plan, stops["cell"]),
        "pod": names_of(pods.names, stops["pod"]),
        "station": _stations(plan, stops),
        "start_step": stops["start"].tolist(),
        "end_step": stops["end"].tolist(),
        "start_s": steps_in_s(plan, stops["start"]),
        "end_s": steps_in_s(plan, stops["end"]),
    }


def _stations(plan: Plan, stops: NDArray[np.void]) -> list[str]:
    """Names of the stations of stops, be it to pick or to fill."""
    filling = plan.scenario.replenishment
    picked = station_names(plan, stops["station"])
    if filling is None:
        return picked
    filled = stops["kind"] == PodStopKind.FILL
    index = np.where(filled, stops["station"], -1)
    pairs = zip(names_of(filling.names, index), picked, filled, strict=True)
    return [own if is_filled else other for own, other, is_filled in pairs]


def _picks(plan: Plan, pods: PodSystem, work: PodWork) -> dict[str, Any]:
    picks, orders = work.picks, plan.scenario.orders
    stops, line = work.stops[work.picks["stop"]], work.picks["line"]
    return {
        "stop": picks["stop"].tolist(),
        "robot": stops["robot"].tolist(),
        "pod": names_of(pods.names, stops["pod"]),
        "station": station_names(plan, stops["station"]),
        "order": names_of(orders.names, orders.line_order[line]),
        "sku": names_of(plan.scenario.sku_names, orders.line_sku[line]),
        "quantity": picks["quantity"].tolist(),
        "start_s": numbers_of(picks["start_s"]),
        "end_s": numbers_of(picks["end_s"]),
    }


def _open_orders(plan: Plan, work: PodWork) -> dict[str, Any]:
    rows = work.open_orders
    return {
        "order": names_of(plan.scenario.orders.names, rows["order"]),
        "station": station_names(plan, rows["station"]),
        "start_s": numbers_of(rows["start_s"]),
        "end_s": numbers_of(rows["end_s"]),
    }


def _split_orders(plan: Plan, splitting: Splitting) -> dict[str, Any]:
    rows = splitting.orders
    return {
        "order": names_of(plan.scenario.orders.names, rows["order"]),
        "done_s": numbers_of(rows["done_s"]),
    }


def _charges(plan: Plan, work: PodWork) -> dict[str, Any]:
    rows = work.charges
    return {
        "robot": rows["robot"].tolist(),
        **places_of(plan, rows["cell"]),
        "start_s": steps_in_s(plan, rows["start"]),
        "end_s": steps_in_s(plan, rows["end"]),
        "start_wh": numbers_of(rows["start_wh"]),
        "end_wh": numbers_of(rows["end_wh"]),
    }


def _refills(
    plan: Plan, pods: PodSystem, filling: Replenishment, work: PodWork
) -> dict[str, Any]:
    rows, stops = work.refills, work.stops[work.refills["stop"]]
    return {
        "stop": rows["stop"].tolist(),
        "robot": stops["robot"].tolist(),
        "pod": names_of(pods.names, stops["pod"]),
        "station": names_of(filling.names, stops["station"]),
        "arrival": rows["arrival"].tolist(),
        "sku": names_of(plan.scenario.sku_names, filling.sku[rows["arrival"]]),
        "quantity": rows["quantity"].tolist(),
        "start_s": numbers_of(rows["start_s"]),
        "end_s": numbers_of(rows["end_s"]),
    }
