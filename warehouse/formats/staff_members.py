"""Members of a plan file that say who packs, and when."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.formats.npz_members import text_array
from warehouse.formats.orders_csv import skills_of
from warehouse.scenario import Orders
from warehouse.staff import PackerBreaks, Packers, Staff

PACKER_DTYPE: Final = np.dtype(
    [("station", "<i4"), ("start_s", "<f8"), ("end_s", "<f8"), ("speed", "<f8")]
)
BREAK_DTYPE: Final = np.dtype(
    [("packer", "<i4"), ("start_s", "<f8"), ("end_s", "<f8"), ("wait_s", "<f8")]
)
STAFF_MEMBERS: Final[dict[str, tuple[np.dtype[Any] | None, int]]] = {
    "packer_names": (None, 1),
    "packers": (PACKER_DTYPE, 1),
    "packer_skills": (None, 1),
    "packer_breaks": (BREAK_DTYPE, 1),
    "order_needs": (None, 1),
}
"""All there where packers have names and shifts, or none."""


def staff_arrays(staff: Staff, orders: Orders) -> dict[str, NDArray[Any]]:
    """Members that hold packers, their breaks, and what orders need of them."""
    packers, breaks = staff.packers, staff.breaks
    needs = orders.needs or (frozenset(),) * len(orders)
    return {
        "packer_names": text_array(packers.names, "names of packers"),
        "packers": _table(PACKER_DTYPE, packers),
        "packer_skills": text_array(_written(packers.skills), "skills"),
        "packer_breaks": _table(BREAK_DTYPE, breaks),
        "order_needs": text_array(_written(needs), "skills"),
    }


def _table(dtype: np.dtype[Any], columns: Packers | PackerBreaks) -> NDArray[Any]:
    names = dtype.names or ()
    table = np.zeros(len(getattr(columns, names[0])), dtype)
    for name in names:
        table[name] = getattr(columns, name)
    return table


def _written(skills: tuple[frozenset[str], ...]) -> tuple[str, ...]:
    return tuple(";".join(sorted(words)) for words in skills)


def read_staff(arrays: dict[str, NDArray[Any]]) -> Staff | None:
    """Staff of a plan, as its rows stand; None where packers have no names."""
    if "packers" not in arrays:
        return None
    packers, breaks = (
        {name: table[name].copy() for name in table.dtype.names or ()}
        for table in (arrays["packers"], arrays["packer_breaks"])
    )
    skills = tuple(map(skills_of, arrays["packer_skills"].tolist()))
    names = tuple(arrays["packer_names"].tolist())
    return Staff(Packers(names, **packers, skills=skills), PackerBreaks(**breaks))


def read_needs(arrays: dict[str, NDArray[Any]]) -> tuple[frozenset[str], ...]:
    """Skills that each order needs; nothing where no order needs any."""
    if "order_needs" not in arrays:
        return ()
    needs = tuple(map(skills_of, arrays["order_needs"].tolist()))
    return needs if any(needs) else ()


def staff_pairs(arrays: dict[str, NDArray[Any]]) -> list[tuple[str, str]]:
    """Pairs of members that must be equally long, where they are there."""
    if "packers" not in arrays:
        return []
    return [
        ("packer_names", "packers"),
        ("packer_skills", "packers"),
        ("order_needs", "orders"),
    ]
