"""Motion alone, as a plan: robots drive, and there is nothing else."""

import numpy as np
from numpy.typing import NDArray

from warehouse.layout import Layout
from warehouse.plan import (
    DROP_DTYPE,
    PACKING_DTYPE,
    PICK_DTYPE,
    STOP_DTYPE,
    UNSERVED_DTYPE,
    Bound,
    Plan,
)
from warehouse.scenario import Fleet, Orders, Scenario, Stock


def bare_motion(
    name: str,
    layout: Layout,
    cells: NDArray[np.int32],
    headings: NDArray[np.uint8] | None = None,
) -> Plan:
    """Motion as a plan without stock, orders, stations and stops.

    Parameters
    ----------
    name : str
    layout : Layout
    cells : ndarray of int32, shape (steps + 1, robots)
        A step is a second.
    headings : ndarray of uint8, same shape, or None
        None for robots that do not turn.

    Examples
    --------
    >>> here = np.zeros((1, 1), np.int32)
    >>> plan = bare_motion("still", Layout.from_rows(["."]), here)
    >>> plan.steps, plan.makespan_s, plan.scenario.step_s
    (0, 0.0, 1.0)
    """
    no, none = np.zeros(0, np.int32), np.zeros(0)
    scenario = Scenario(
        name=name,
        layout=layout,
        sku_names=(),
        stock=Stock(no, no, no),
        orders=Orders((), none, none, no, no, no, no),
        fleet=Fleet(
            cells[0].copy(),
            speed_m_s=layout.cell_size_m,
            motion="omni" if headings is None else "rotate",
        ),
        stations=(),
    )
    return Plan(
        scenario=scenario,
        cells=cells,
        headings=headings,
        stops=np.zeros(0, STOP_DTYPE),
        picks=np.zeros(0, PICK_DTYPE),
        drops=np.zeros(0, DROP_DTYPE),
        packing=np.zeros(0, PACKING_DTYPE),
        unserved=np.zeros(0, UNSERVED_DTYPE),
        bound=Bound({}),
    )
