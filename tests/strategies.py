"""Hypothesis strategies: small floors of all kinds, and scenarios on them."""

import numpy as np
from hypothesis import strategies as st

from warehouse.fitness import find_layout_faults
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
from warehouse.scenario import Fleet, Orders, Scenario, Service, Station, Stock


@st.composite
def scattered_layouts(draw, most_rows=6, most_cols=6, one_way=True):
    """Floor with walls, racks and arrows anywhere; may be in pieces, has some floor."""
    rows, cols = draw(st.integers(1, most_rows)), draw(st.integers(1, most_cols))
    marks = "....#S" + ("<>^v" if one_way else "")
    cells = draw(
        st.lists(st.sampled_from(marks), min_size=rows * cols, max_size=rows * cols)
    )
    cells[draw(st.integers(0, rows * cols - 1))] = "."
    text = "".join(cells)
    return Layout.from_rows([text[k * cols : (k + 1) * cols] for k in range(rows)])


@st.composite
def rooms(draw, most_rows=6, most_cols=6):
    """Floor on which any two cells next to each other lie on a short loop.

    Whole blocks of two by two cells, in one piece: 2-connected, as PIBT wants it.
    """
    rows, cols = draw(st.integers(2, most_rows)), draw(st.integers(2, most_cols))
    blocks = draw(
        st.sets(st.tuples(st.integers(0, rows - 2), st.integers(0, cols - 2)))
    )
    solid = np.zeros((rows, cols), bool)
    # Walk from block to block by single cells, so that two always share an edge.
    row, col = 0, 0
    for to_row, to_col in [(0, 0), *sorted(blocks)]:
        while (row, col) != (to_row, to_col):
            row += np.sign(to_row - row)
            col += np.sign(to_col - col) if row == to_row else 0
            solid[row : row + 2, col : col + 2] = True
        solid[row : row + 2, col : col + 2] = True
    return Grid.from_arrays(solid)


@st.composite
def site_layouts(draw):
    """Racks along aisles, docks and homes in front: a floor that a site could have.

    Aisles may be dead ends or one-way, homes a yard of their own or in the only
    corridor, where robots that rest cut the floor in two.
    """
    kind = draw(st.sampled_from(["two-way", "one-way", "dead ends"]))
    aisles = draw(st.integers(2 if kind == "one-way" else 1, 3))
    length = draw(st.integers(1, 4))
    wide = draw(st.booleans())
    arrows = "^v" if kind == "one-way" else ".."
    aisle_row = "".join(f"S{arrows[k % 2]}S" for k in range(aisles))
    width = len(aisle_row)
    rows = [aisle_row] * length + ["." * width] * (2 if wide else 1)
    if kind != "dead ends":
        rows.insert(0, "." * width)
    docks = draw(st.integers(1, 2))
    yard = [*"P" * docks, *"#" * (width - docks)]
    if draw(st.booleans()):
        rows[-1] = "H" * draw(st.integers(1, 3)) + rows[-1][3:].rjust(width, ".")
        rows[-1] = rows[-1][:width].ljust(width, ".")
    else:
        for col in range(docks, draw(st.integers(docks + 1, width))):
            yard[col] = "H"
    rows.append("".join(draw(st.permutations(yard))))
    layout = Layout.from_rows(rows, cell_size_m=draw(st.sampled_from([1.0, 1.5])))
    assert find_layout_faults(layout) == []
    return layout


def seconds(most):
    """Whole and broken seconds, often 0."""
    return st.sampled_from([0.0, 0.0, 1.0, 2.5]).map(lambda s: min(s, float(most)))


@st.composite
def orders_tables(draw, skus, most_orders=7, over_time=None):
    """Orders of a few lines each, some urgent, some due, some released later."""
    count = draw(st.integers(1, most_orders))
    lines = [
        (order, sku, draw(st.integers(1, 3)))
        for order in range(count)
        for sku in sorted(draw(st.sets(st.integers(0, skus - 1), min_size=1)))
    ]
    line_order, line_sku, line_quantity = np.array(lines, np.int32).T.copy()
    later = draw(st.booleans()) if over_time is None else over_time
    release_s = np.zeros(count)
    if later:
        release_s[:] = draw(
            st.lists(
                st.sampled_from([0.0, 7.3, 30.0, 31.0, 90.0]),
                min_size=count,
                max_size=count,
            )
        )
    due_s = np.full(count, np.inf)
    if draw(st.booleans()):
        due_s[:] = draw(
            st.lists(
                st.sampled_from([np.inf, 1.0, 60.0, 200.0]),
                min_size=count,
                max_size=count,
            )
        )
    priority = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    return Orders(
        names=tuple(f"order {k}" for k in range(count)),
        release_s=release_s,
        due_s=np.maximum(due_s, release_s),
        priority=np.array(priority, np.int32),
        line_order=line_order,
        line_sku=line_sku,
        line_quantity=line_quantity,
    )


@st.composite
def stocks(draw, layout, skus):
    """Units of each SKU on one to three racks; SKU 0 is never out of stock."""
    racks = layout.cells_of(CellKind.RACK).tolist()
    rows = []
    for sku in range(skus):
        cells = draw(st.sets(st.sampled_from(racks), min_size=1, max_size=3))
        rows += [(sku, cell, draw(st.integers(0, 9))) for cell in sorted(cells)]
    rows[0] = (*rows[0][:2], 9)
    sku, cell, quantity = np.array(rows, np.int32).T.copy()
    return Stock(sku, cell, quantity)


@st.composite
def scenarios(draw, over_time=None):
    """Anything from one robot with one order to more robots than orders."""
    layout = draw(site_layouts())
    skus = draw(st.integers(1, 4))
    docks = layout.cells_of(CellKind.DOCK).tolist()
    homes = layout.cells_of(CellKind.HOME).tolist()
    robots = draw(st.integers(1, len(homes)))
    fleet = Fleet(
        np.array(homes[:robots], np.int32),
        tote_slots=draw(st.integers(1, 4)),
        speed_m_s=draw(st.sampled_from([1.0, 1.5])),
        motion=draw(st.sampled_from(["omni", "rotate"])),
    )
    service = Service(*(draw(seconds(3)) for _ in range(5)))
    return Scenario(
        name="drawn",
        layout=layout,
        sku_names=tuple(f"sku {k}" for k in range(skus)),
        stock=draw(stocks(layout, skus)),
        orders=draw(orders_tables(skus, over_time=over_time)),
        fleet=fleet,
        stations=tuple(
            Station(f"station {k}", dock, draw(st.integers(1, 2)))
            for k, dock in enumerate(docks)
        ),
        service=service,
    )
