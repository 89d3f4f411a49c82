"""The floor of a file in the Mainz format, as the independent checkers see it."""

from warehouse.check.tours import AisleFloor
from warehouse.formats.mainz import MainzInstance


def mainz_floor(instance: MainzInstance, blocks: int) -> AisleFloor:
    """Aisles, cross aisles and cells, by what the file says.

    Parameters
    ----------
    instance : MainzInstance
    blocks : int
        With 2 there is a cross aisle in the middle.
    """
    half = instance.cells // 2 if blocks == 2 else instance.cells
    step = instance.cell_to_cell
    # Behind a middle cross aisle every cell lies one cell further down.
    y = tuple(
        instance.top_to_cell + step * (cell + (cell >= half))
        for cell in range(instance.cells)
    )
    cross = [0.0, y[-1] + instance.bottom_to_cell]
    if blocks == 2:
        cross.insert(1, instance.top_to_cell + step * half)
    x = tuple(aisle * instance.aisle_to_aisle for aisle in range(instance.aisles))
    depot_y = cross[0] if instance.depot_side == "top" else cross[-1]
    depot = x[instance.depot_aisle], depot_y
    return AisleFloor(x, tuple(cross), y, depot, instance.to_depot)
