"""How many cartons each order has, and how often its packer changes the kind."""

import numpy as np
from numpy.typing import NDArray

from warehouse.check.rows import Ints, Packing
from warehouse.plan import Plan


def carton_work(plan: Plan, rows: Packing) -> tuple[Ints, Ints]:
    """Cartons, and changes of the kind of carton, for each row of packing.

    A packer packs the cartons of an order in the order of the plan, and keeps the last
    kind for the next order. The first carton of all needs no change.

    Parameters
    ----------
    plan : Plan
    rows : Packing

    Returns
    -------
    cartons, changes : ndarray of int64, shape (rows,)
        Zeros where orders are not packed in cartons.
    """
    cartons, changes = (np.zeros(len(rows.order), np.int64) for _ in range(2))
    if plan.consignment is None:
        return cartons, changes
    kinds = _kinds_by_order(plan.consignment.cartons)
    at_packer: dict[tuple[int, int], int] = {}
    for row in np.lexsort((rows.end_s, rows.start_s)).tolist():
        mine = kinds.get(int(rows.order[row]), [])
        packer = int(rows.station[row]), int(rows.packer[row])
        cartons[row] = len(mine)
        if not mine:
            continue
        before = [at_packer.get(packer, mine[0]), *mine[:-1]]
        changes[row] = sum(a != b for a, b in zip(before, mine, strict=True))
        at_packer[packer] = mine[-1]
    return cartons, changes


def _kinds_by_order(cartons: NDArray[np.void]) -> dict[int, list[int]]:
    kinds: dict[int, list[int]] = {}
    if cartons.dtype.names == ("order", "carton"):
        for order, kind in cartons.tolist():
            kinds.setdefault(order, []).append(kind)
    return kinds
