"""A seeded generator of scenarios: floor, stock, orders, robots, stations."""

import numpy as np

from warehouse.errors import Fault, InputError
from warehouse.generate.demand import generate_orders, popularity_of_skus
from warehouse.generate.layout import generate_layout
from warehouse.generate.params import ScenarioParams
from warehouse.generate.placement import generate_stock
from warehouse.layout import CellKind, Layout
from warehouse.scenario import Fleet, Scenario, Service, Station


def generate_scenario(params: ScenarioParams, layout: Layout | None = None) -> Scenario:
    """Make a scenario. The same parameters give the same scenario.

    Parameters
    ----------
    params : ScenarioParams
    layout : Layout, optional
        A floor of your own; its docks become the stations. Without it the floor is
        made from ``params.layout``.

    Raises
    ------
    InputError
        If the floor lacks homes for the robots, docks or racks.

    Examples
    --------
    >>> scenario = generate_scenario(ScenarioParams(orders=50, short_share=0.0))
    >>> ordered = scenario.orders.line_quantity.sum()
    >>> bool(scenario.stock.quantity.sum() > ordered)
    True
    """
    if layout is None:
        layout = generate_layout(params.layout)
    homes = layout.cells_of(CellKind.HOME)
    docks = layout.cells_of(CellKind.DOCK)
    _refuse_unfit(params, layout, len(homes), len(docks))
    rng = np.random.Generator(np.random.PCG64(params.seed))
    popularity = popularity_of_skus(params, rng)
    orders = generate_orders(params, popularity, rng)
    stock = generate_stock(params, orders, popularity, layout, rng)
    sku_digits, dock_digits = len(str(params.skus)), len(str(len(docks)))
    return Scenario(
        name=params.name,
        layout=layout,
        sku_names=tuple(f"SKU{i + 1:0{sku_digits}}" for i in range(params.skus)),
        stock=stock,
        orders=orders,
        fleet=Fleet(
            homes[: params.robots],
            tote_slots=params.tote_slots,
            speed_m_s=params.speed_m_s,
            motion=params.motion,
        ),
        stations=tuple(
            Station(f"P{i + 1:0{dock_digits}}", int(cell), params.packers)
            for i, cell in enumerate(docks)
        ),
        service=Service(
            pick_s_per_line=params.pick_s_per_line,
            pick_s_per_unit=params.pick_s_per_unit,
            drop_s_per_order=params.drop_s_per_order,
            pack_s_per_order=params.pack_s_per_order,
            pack_s_per_unit=params.pack_s_per_unit,
        ),
    )


def _refuse_unfit(
    params: ScenarioParams, layout: Layout, homes: int, docks: int
) -> None:
    faults = []
    if params.robots > homes:
        found, needed = f"got {params.robots} and {homes} homes", "need more homes"
        faults.append(Fault("E602", "robots", found, f"{needed} or fewer robots"))
    if docks == 0:
        faults.append(Fault("E602", "layout", "no station dock", "need a cell P"))
    if len(layout.cells_of(CellKind.RACK)) == 0:
        faults.append(Fault("E602", "layout", "no rack", "need a cell S"))
    if faults:
        raise InputError(faults)
