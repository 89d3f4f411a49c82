"""What lies at a pixel of the floor, and where what is selected lies."""

import numpy as np

from viz.arrangement import inside
from viz.view import View


def robot_at(view: View, point: tuple[float, float]) -> int | None:
    """Robot drawn at a pixel of the floor, the nearest one if several."""
    if not view.replay.robots or not inside(view.arrangement.floor, point):
        return None
    x, y = view.camera.to_floor(*point)
    distance = np.hypot(*(view.moment.xy - (x, y)).T)
    nearest = int(distance.argmin())
    reach = max(0.6, 7 / view.camera.scale)
    return nearest if distance[nearest] <= reach else None


def station_at(view: View, point: tuple[float, float]) -> int | None:
    """Station whose dock is drawn at a pixel of the floor."""
    if not inside(view.arrangement.floor, point):
        return None
    x, y = view.camera.to_floor(*point)
    layout = view.replay.scenario.layout
    reach = max(0.7, 8 / view.camera.scale)
    for index, station in enumerate(view.replay.scenario.stations):
        row, col = layout.row_col(station.cell)
        if max(abs(col + 0.5 - x), abs(row + 0.5 - y)) <= reach:
            return index
    return None


def cell_at(view: View, point: tuple[float, float]) -> int | None:
    """Flat cell that is drawn at a pixel of the floor."""
    if not inside(view.arrangement.floor, point):
        return None
    x, y = view.camera.to_floor(*point)
    layout = view.replay.scenario.layout
    if not (0 <= x < layout.width and 0 <= y < layout.height):
        return None
    return layout.cell(int(y), int(x))


def pod_at(view: View, point: tuple[float, float]) -> int | None:
    """Pod that stands at a pixel of the floor."""
    at = cell_at(view, point)
    if at is None:
        return None
    cell, _ = view.replay.pods.at(view.t)
    found = np.flatnonzero(cell == at)
    return int(found[0]) if len(found) else None


def cells_of_selected(view: View) -> list[int]:
    """Cells of what is selected: of SKUs and orders, the racks they are taken from."""
    replay, scenario = view.replay, view.replay.scenario
    if view.robot is not None:
        return [replay.cell_of(view.robot, view.t)]
    if view.station is not None:
        return [scenario.stations[view.station].cell]
    if view.pod is not None:
        place, robot = (int(part[view.pod]) for part in replay.pods.at(view.t))
        return [replay.cell_of(robot, view.t) if robot >= 0 else place]
    if view.conflict is not None:
        cell = replay.conflicts.found[view.conflict].cell
        return [] if cell is None else [cell]
    if view.truck is not None:
        return view.replay.trucks.door_cells(view.truck)
    if view.sku is not None:
        stock = scenario.stock
        return np.unique(stock.cell[stock.sku == view.sku]).tolist()
    if view.order is not None:
        picks, lines = replay.plan.picks, scenario.orders.line_order
        return np.unique(picks["rack"][lines[picks["line"]] == view.order]).tolist()
    return []


def look_at_selected(view: View) -> None:
    """Bring what is selected into sight, if it has one place."""
    cells = cells_of_selected(view)
    if len(cells) != 1:
        return
    layout = view.replay.scenario.layout
    row, col = layout.row_col(cells[0])
    point = (col + 0.5, row + 0.5)
    if not inside(view.arrangement.floor, view.camera.to_screen(*point)):
        view.camera = view.camera.following(*point, layout.width, layout.height)
        view.fitted = False
