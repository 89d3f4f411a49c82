"""What is on pods over time: units picked are there, and units put in find room."""

from typing import NamedTuple

import numpy as np

from warehouse.check.pod_tables import PodTables
from warehouse.check.rows import Floats, Ints
from warehouse.check.violation import Findings
from warehouse.scenario import PodSystem, Scenario

TOLERANCE_S = 1e-6


class _Changes(NamedTuple):
    """Units that come onto pods, or leave them, in order of pod, SKU and time."""

    key: Ints  # pod * SKUs + SKU
    time_s: Floats
    units: Ints
    held: Ints  # on the pod of the SKU after it


def check_contents(
    scenario: Scenario, pods: PodSystem, rows: PodTables, findings: Findings
) -> None:
    """Report units that pods do not hold when they are picked, and pods too full.

    What is put in counts from the end of that, and takes up room from its start; what
    is picked counts no more from the start of that, and takes up room as long as the
    pod must stand there.
    """
    skus = max(1, len(scenario.sku_names))
    pod_at = np.full(scenario.layout.kinds.size, -1, np.int64)
    pod_at[pods.start_cells] = np.arange(len(pods))
    stock, picks, refills = scenario.stock, rows.picks, rows.refills
    first = pod_at[stock.cell]
    on_pod = np.flatnonzero(first >= 0)
    first = first[on_pod]
    key = np.concatenate(
        [
            first * skus + stock.sku[on_pod],
            refills.pod * skus + refills.sku,
            picks.pod * skus + picks.sku,
        ]
    )
    units = np.concatenate(
        [stock.quantity[on_pod].astype(np.int64), refills.quantity, -picks.quantity]
    )
    at_first_s = np.full(len(on_pod), -np.inf)
    there_s = np.concatenate([at_first_s, refills.end_s, picks.start_s + TOLERANCE_S])
    _report_missing(scenario, skus, _in_order(key, there_s, units), findings)
    if pods.replenishment is None:
        return
    left_s = picks.end_s - pods.station_s_per_unit + pods.robot_s_per_unit
    room_s = np.concatenate([at_first_s, refills.start_s, left_s - TOLERANCE_S])
    changes = _in_order(key // skus, room_s, units)
    over = changes.held > pods.replenishment.capacity[changes.key]
    over &= changes.units > 0
    findings.add(
        "pod-overfull",
        "pod {pod} holds {held} units at {time:.2f} s, and room for {most}",
        pod=changes.key[over],
        held=changes.held[over],
        time=np.maximum(0.0, changes.time_s[over]),
        most=pods.replenishment.capacity[changes.key[over]],
    )


def _in_order(key: Ints, time_s: Floats, units: Ints) -> _Changes:
    """Changes by key and time, with the sum of units of each key so far."""
    order = np.lexsort((-units, time_s, key))
    key, units = key[order], units[order]
    total = np.cumsum(units)
    new = np.flatnonzero(np.diff(key, prepend=-1))
    before = np.repeat((total - units)[new], np.diff(np.append(new, len(key))))
    return _Changes(key, time_s[order], units, total - before)


def _report_missing(
    scenario: Scenario, skus: int, changes: _Changes, findings: Findings
) -> None:
    """Report picks that take what a pod never held, or does not hold then.

    Once for each pod and SKU: where it first happens.
    """
    ever = np.unique(changes.key[changes.units >= 0])
    missing = ~np.isin(changes.key, ever)
    short = changes.held < 0
    for rule, wrong, text in (
        ("sku-not-on-pod", missing, "pod {pod} does not hold SKU {sku}"),
        (
            "pod-stock-exceeded",
            short & ~missing,
            "pod {pod}, SKU {sku}: {units} units picked at {time:.2f} s, {there} held",
        ),
    ):
        at = np.flatnonzero(wrong)
        at = at[np.unique(changes.key[at], return_index=True)[1]]
        findings.add(
            rule,
            text,
            pod=changes.key[at] // skus,
            sku=np.array([*scenario.sku_names, ""], object)[changes.key[at] % skus],
            units=-changes.units[at],
            time=changes.time_s[at],
            there=(changes.held - changes.units)[at],
        )
