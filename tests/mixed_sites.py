"""A small site with racks and pods as files, and plans of it, for several tests."""

import functools
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from solvers.mixed.planner import plan_mixed
from solvers.result import Stop
from tests.site_files import write_texts
from warehouse.check import check_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.plan import Plan
from warehouse.scenario import Scenario

ONCE = Stop(iterations=1)
ROWS = [
    "H.H.......",
    "..........",
    ".SS.oo.oo.",
    ".SS.oo.oo.",
    "..........",
    "...P...P.H",
]
SCENARIO = """\
name = "mixed"
pods = "pods.csv"
robots = "robots.csv"

[fleet]
kind = "mixed"
tote_slots = 2

[[station]]
name = "P1"
row = 5
col = 3
order_slots = 2

[[station]]
name = "P2"
row = 5
col = 7
order_slots = 3
packers = 2
"""
SPOTS = [(2, 4), (2, 8), (3, 5), (3, 8)]
RACKS = [(2, 1), (2, 2), (3, 1), (3, 2)]
LINES = {
    "racks": [("A0", 1), ("A3", 2)],
    "pods": [("C0", 1), ("C2", 2)],
    "either": [("B", 1)],
    "both": [("A1", 1), ("C1", 2), ("B", 1)],
}
"""Lines of orders by where they can be served from."""


def orders_csv(**numbers: int) -> str:
    """Return so many orders of each kind of `LINES`."""
    rows = [
        f"{kind}{k},{sku},{units}\n"
        for kind, number in numbers.items()
        for k in range(number)
        for sku, units in LINES[kind]
    ]
    return "order,sku,quantity\n" + "".join(rows)


FILES = {
    "scenario.toml": SCENARIO,
    "layout.toml": 'name = "mixed"\nmap = """\n' + "\n".join(ROWS) + '\n"""\n',
    "pods.csv": "pod,row,col\n"
    + "".join(f"POD{k},{row},{col}\n" for k, (row, col) in enumerate(SPOTS)),
    "robots.csv": "robot,row,col,kind\nR1,0,0,tote\nR2,1,9,pod\nR3,0,2,tote\n"
    "R4,5,9,pod\n",
    "stock.csv": "sku,row,col,quantity\n"
    + "".join(
        f"{letter}{k},{row},{col},20\nB,{row},{col},4\n"
        for letter, cells in (("A", RACKS), ("C", SPOTS))
        for k, (row, col) in enumerate(cells)
    ),
    "orders.csv": orders_csv(racks=4, pods=4, either=4, both=3),
}


BATTERY = """\
[battery]
capacity_wh = {capacity}
moving_w = 120
carrying_w = 180
idle_w = 10
charge_w = 600
start = {start}
"""
CHARGERS = {
    "layout.toml": FILES["layout.toml"].replace("H.H.......", "H.H...C..C"),
    "robots.csv": FILES["robots.csv"].replace("1,9", "1,8"),
}


def charging_site(capacity: float, start: float, **numbers: int) -> dict[str, str]:
    """Return what is other where robots have batteries: for `mixed_scenario`."""
    table = BATTERY.format(capacity=capacity, start=start)
    files = {name.replace(".", "__"): text for name, text in CHARGERS.items()}
    files["scenario__toml"] = SCENARIO + table
    return files | ({"orders__csv": orders_csv(**numbers)} if numbers else {})


FILLING = """\
[[replenishment]]
name = "R1"
row = 0
col = 5
s_per_visit = 2
s_per_box = 5
s_per_unit = 1
"""


def refill_site(
    arrivals: str, orders: str, *, capacity: int = 30, more: str = ""
) -> dict[str, str]:
    """Return what is other where pods are filled: for `mixed_scenario`.

    Parameters
    ----------
    arrivals : str
        Rows ``sku,quantity,release_s``.
    orders : str
        Rows ``order,sku,quantity,release_s``.
    capacity : int
        Units that a pod holds; 24 are on each at first.
    more : str
        Tables of settings.
    """
    names = 'robots = "robots.csv"\narrivals = "replenishment.csv"'
    settings = SCENARIO.replace('robots = "robots.csv"', names)
    pods = f'kind = "mixed"\npod_capacity = {capacity}'
    return {
        "layout__toml": FILES["layout.toml"].replace("H.H.......", "H.H..P...."),
        "scenario__toml": settings.replace('kind = "mixed"', pods) + FILLING + more,
        "replenishment__csv": "sku,quantity,release_s\n" + arrivals,
        "orders__csv": "order,sku,quantity,release_s\n" + orders,
    }


def write_site(folder: Path, **changed: str) -> Path:
    """Write the files of the site, some of them changed."""
    return write_texts(folder, FILES, changed)


def mixed_scenario(**changed: str) -> Scenario:
    """Return the site, some of its files changed."""
    with TemporaryDirectory() as folder:
        return read_scenario(write_site(Path(folder), **changed))


def planned(files: dict[str, str], seed: int = 0) -> Plan:
    """Return the plan of one run on the site, which keeps every rule."""
    plan = plan_mixed(mixed_scenario(**files), ONCE, seed=seed).solution
    assert plan is not None
    assert [str(violation) for violation in check_plan(plan)] == []
    return plan


@functools.cache
def _planned(charging: bool) -> Plan:
    files = charging_site(12.0, 0.4) if charging else {}
    plan = plan_mixed(mixed_scenario(**files), seed=1).solution
    assert plan is not None
    return plan


def mixed_plan(*, charging: bool = False) -> Plan:
    """Return a plan of the site, without or with batteries, that may be damaged."""
    return deepcopy(_planned(charging))
