"""A small site where pods are filled, as files, and plans of it, for several tests."""

import functools
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from solvers.pods.params import PodParams, PodRules
from solvers.pods.planner import plan_pods
from tests.pod_sites import FILES as POD_FILES
from tests.pod_sites import ROWS, SPOTS
from tests.site_files import write_texts
from warehouse.formats.scenario_folder import read_scenario
from warehouse.plan import Plan
from warehouse.scenario import Scenario

SETTINGS = POD_FILES["scenario.toml"].replace(
    'robots = "robots.csv"', 'robots = "robots.csv"\narrivals = "replenishment.csv"'
)
SETTINGS = SETTINGS.replace('kind = "pod"', 'kind = "pod"\npod_capacity = 14')
SETTINGS += """
[[replenishment]]
name = "R1"
row = 0
col = 1
s_per_visit = 2
s_per_box = 5
s_per_unit = 1

[[replenishment]]
name = "R2"
row = 4
col = 0
"""
MAP = "\n".join([".P.........", *ROWS[1:4], "P" + ROWS[4][1:]])
FILES = {
    **POD_FILES,
    "scenario.toml": SETTINGS,
    "layout.toml": f'name = "refill"\nmap = """\n{MAP}\n"""\n',
    "pods.csv": "pod,row,col,capacity\n"
    + "".join(
        f"POD{k},{row},{col},{'' if k else 12}\n" for k, (row, col) in enumerate(SPOTS)
    ),
    "orders.csv": POD_FILES["orders.csv"] + "NEW,S9,3\nMORE,S1,8\nMORE,S2,1\n",
    "replenishment.csv": "sku,quantity,release_s,station\n"
    "S9,5,20,\nS1,6,40,R1\nS2,4,0,\nS3,3,100,R2\nS4,30,0,\n",
}
"""S9 is on no pod at first, S1 and S2 are short."""


def write_files(folder: Path, **changed: str) -> Path:
    """Write the files of the site, some of them changed."""
    return write_texts(folder, FILES, changed)


@functools.cache
def refill_scenario(end: str = "") -> Scenario:
    """Return the site; ``end`` is appended to its settings."""
    with TemporaryDirectory() as folder:
        return read_scenario(write_files(Path(folder), scenario__toml=SETTINGS + end))


@functools.cache
def _planned(rules: PodRules, end: str) -> Plan:
    params = PodParams(rules=rules)
    plan = plan_pods(refill_scenario(end), seed=1, params=params).solution
    assert plan is not None
    return plan


def refill_plan(rules: PodRules = "joint", end: str = "") -> Plan:
    """Return a plan of the site that may be damaged."""
    return deepcopy(_planned(rules, end))
