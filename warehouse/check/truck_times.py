"""When a carton is on a truck, and by when an order must be packed for one in time.

Counted anew here, row by row: a solver that reckons wrongly must not be believed.
"""

from warehouse.scenario import Scenario


def carrying_s(scenario: Scenario, station: int, truck: int) -> float:
    """Seconds from the end of packing at a station until a carton is on a truck."""
    shipping, trucks = scenario.shipping, scenario.trucks
    assert shipping is not None and trucks is not None
    [door] = [d for d in shipping.doors if d.name == trucks.door[truck]]
    layout = scenario.layout
    row, col = layout.row_col(door.cell)
    dock_row, dock_col = layout.row_col(scenario.stations[station].cell)
    walk_m = (abs(row - dock_row) + abs(col - dock_col)) * layout.cell_size_m
    return shipping.rules.transfer_s + walk_m / shipping.rules.walk_m_s


def due_s(scenario: Scenario, order: int, station: int) -> float:
    """By when an order must be packed at a station; inf where nobody says.

    Of all trucks of its carrier that depart at its due time or before, the one for
    which it can be packed latest; the due time itself where there is none.
    """
    due = float(scenario.orders.due_s[order])
    trucks, carriers = scenario.trucks, scenario.orders.carrier
    if trucks is None or not carriers:
        return due
    latest = [
        departs_s - carrying_s(scenario, station, truck)
        for truck, (carrier, departs_s) in enumerate(
            zip(trucks.carrier, trucks.departs_s.tolist(), strict=True)
        )
        if carrier == carriers[order] and departs_s <= due
    ]
    return max(latest, default=due)
