"""Racks among the pods of a generated site, and the robots that serve them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from warehouse.layout import CellKind, Layout
from warehouse.scenario import RobotKind


def with_racks(layout: Layout, racks: int) -> tuple[Layout, NDArray[np.int32]]:
    """Put racks in the place of spots, those farthest to the right.

    Parameters
    ----------
    layout : Layout
    racks : int
        At most as many as there are spots.

    Returns
    -------
    Layout
    ndarray of int32, shape (racks,)
        Cells of the racks, ascending.

    Examples
    --------
    >>> layout, racks = with_racks(Layout.from_rows(["oo.oo", "oo.oo"]), 3)
    >>> layout.rows(), racks.tolist()
    (['oo.SS', 'oo.oS'], [3, 4, 9])
    """
    spots = layout.cells_of(CellKind.POD_SPOT)
    row, col = np.divmod(spots, layout.width)
    chosen = np.sort(spots[np.lexsort((row, -col))][:racks])
    kinds = layout.kinds.copy()
    kinds.ravel()[chosen] = CellKind.RACK
    return replace(layout, kinds=kinds), chosen


def kinds_of_robots(with_pods: int, with_totes: int) -> NDArray[np.uint8] | None:
    """Kind of each robot, the two evenly mixed; None where all carry pods.

    So the first few of the fleet are of both kinds, too.

    Examples
    --------
    >>> kinds_of_robots(4, 2).tolist(), kinds_of_robots(4, 0)
    ([1, 1, 0, 1, 1, 0], None)
    """
    if not with_totes:
        return None
    robots = with_pods + with_totes
    before = np.arange(robots + 1) * with_totes // robots
    return np.where(np.diff(before) > 0, RobotKind.TOTE, RobotKind.POD).astype(np.uint8)
