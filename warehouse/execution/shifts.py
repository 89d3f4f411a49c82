"""Packing by people with shifts and breaks when orders come at other times."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.execution.consigned import CartonChanges
from warehouse.staff import Staff


@dataclass(slots=True)
class _Packer:
    """What is left of a shift: when the packer is free, and the next break."""

    staff: Staff
    row: int
    free_s: float
    rests: list[int]

    def pack(self, ready_s: float, took_s: float) -> float | None:
        """Begin something when it is ready; None if the shift is over before its end.

        A break begins at its time or, where it may wait, after the order in hand.
        """
        breaks, begin_s, left = self.staff.breaks, max(self.free_s, ready_s), self.rests
        after_s = 0.0
        while left and begin_s + took_s > breaks.start_s[left[0]]:
            rest, left = left[0], left[1:]
            due_s = float(breaks.start_s[rest])
            length_s = float(breaks.end_s[rest]) - due_s
            if begin_s < due_s and begin_s + took_s <= due_s + breaks.wait_s[rest]:
                after_s = length_s
                break
            begin_s = max(begin_s, due_s + length_s)
        if begin_s + took_s > self.staff.packers.end_s[self.row]:
            return None
        self.free_s, self.rests = begin_s + took_s + after_s, left
        return begin_s


def pack_in_shifts(
    packing: NDArray[np.void],
    ready_s: NDArray[np.float64],
    staff: Staff,
    changes: CartonChanges,
) -> NDArray[np.void]:
    """Give new times to all rows; who packs what, and in which order, stays.

    Parameters
    ----------
    packing : structured array of `warehouse.plan.PACKING_DTYPE`
        Written.
    ready_s : ndarray of float64, shape (rows,)
        When each order is at its station.
    staff : Staff
    changes : CartonChanges

    Returns
    -------
    structured array
        Without the rows that do not fit into their packer's shift any more.
    """
    who = staff.row_of(packing["station"], packing["packer"])
    packers = {
        row: _Packer(
            staff,
            row,
            float(staff.packers.start_s[row]),
            np.flatnonzero(staff.breaks.packer == row).tolist(),
        )
        for row in set(who.tolist())
    }
    kept = np.zeros(len(packing), bool)
    for row in np.argsort(packing["start_s"], kind="stable").tolist():
        order, station, packer, start_s, end_s = packing[row].tolist()
        took_s = end_s - start_s + changes.more_s(order, (station, packer))
        begin_s = packers[int(who[row])].pack(float(ready_s[row]), took_s)
        if begin_s is not None:
            kept[row] = True
            changes.packed(order, (station, packer))
            packing["start_s"][row], packing["end_s"][row] = begin_s, begin_s + took_s
    return packing[kept]
