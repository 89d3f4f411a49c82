"""A small site with pods, cartons and trucks as files, and plans of it, for tests."""

import functools
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from tests.pod_sites import FILES as POD_FILES
from tests.pod_sites import ROWS
from tests.site_files import write_texts
from warehouse.formats.scenario_folder import read_scenario
from warehouse.plan import Plan
from warehouse.scenario import Scenario

SETTINGS = POD_FILES["scenario.toml"].replace(
    'robots = "robots.csv"',
    'robots = "robots.csv"\nskus = "skus.csv"\ncartons = "cartons.csv"\n'
    'trucks = "trucks.csv"',
)
SETTINGS = SETTINGS.replace("\n[demand]\nbacklog = 6\n", "")
SETTINGS = SETTINGS.replace("order_slots = 3", "order_slots = 3\npackers = 2")
SETTINGS += """
[service]
pack_s_per_order = 20.0
pack_s_per_unit = 4.0

[packing]
s_per_carton = 3.0
setup_s = 6.0
transfer_s = 10.0

[[door]]
name = "D1"
row = 5
col = 5
"""
BACKLOG = "\n[demand]\nbacklog = 6\n"
HORIZON = "\n[horizon]\nend_s = 150.0\n"
ORDERS = tuple(range(12))
FILES = {
    **POD_FILES,
    "scenario.toml": SETTINGS,
    "layout.toml": 'name = "pods"\nmap = """\n'
    + "\n".join([*ROWS, "#####D#####"])
    + '\n"""\n',
    "orders.csv": "order,sku,quantity,due_s,carrier\n"
    + "".join(
        f"O{k},S{k * k % 6},{1 + k % 2},{900 if k % 2 else 300},"
        f"{'' if k == 4 else 'road'}\n"
        for k in ORDERS
    )
    + "".join(
        f"O{k},S{(k * k + 3) % 6},1,{900 if k % 2 else 300},road\n"
        for k in range(0, 12, 3)
    ),
    "skus.csv": "sku,length_m,width_m,height_m,mass_kg,this_side_up,fragile\n"
    + "".join(f"S{k},0.{4 if k == 1 else 2},0.1,0.1,0.5,{k % 2},0\n" for k in range(6)),
    "cartons.csv": "carton,length_m,width_m,height_m\nS,0.3,0.2,0.2\nL,0.5,0.4,0.3\n",
    "trucks.csv": "carrier,door,departs_s\nroad,D1,300\nroad,D1,900\n",
}


def write_files(folder: Path, **changed: str) -> Path:
    """Write the files of the site, some of them changed."""
    return write_texts(folder, FILES, changed)


@functools.cache
def packed_scenario(end: str = "") -> Scenario:
    """Return the site; ``end`` is appended to its settings."""
    with TemporaryDirectory() as folder:
        return read_scenario(write_files(Path(folder), scenario__toml=SETTINGS + end))


@functools.cache
def _planned(end: str, split_s: float | None) -> Plan:
    params = PodParams(split_s=split_s)
    plan = plan_pods(packed_scenario(end), seed=1, params=params).solution
    assert plan is not None
    return plan


def packed_plan(end: str = "", split_s: float | None = None) -> Plan:
    """Return a plan of the site that may be damaged."""
    return deepcopy(_planned(end, split_s))
