"""A small site with pods as files, and plans of it, for several tests."""

import functools
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from solvers.pods.params import PodParams, PodRules
from solvers.pods.planner import plan_pods
from tests.site_files import write_texts
from warehouse.formats.scenario_folder import read_scenario
from warehouse.plan import Plan
from warehouse.scenario import Scenario

ROWS = [
    "...........",
    ".oo.oo.oo..",
    ".oo.oo.oo..",
    "...........",
    ".....P...P.",
]
SCENARIO = """\
name = "pods"
pods = "pods.csv"
robots = "robots.csv"

[demand]
backlog = 6

[fleet]
kind = "pod"

[[station]]
name = "P1"
row = 4
col = 5
order_slots = 2

[[station]]
name = "P2"
row = 4
col = 9
order_slots = 3
"""
SPOTS = [(1, 1), (1, 4), (2, 2), (2, 5), (1, 8), (2, 8)]
FILES = {
    "scenario.toml": SCENARIO,
    "layout.toml": 'name = "pods"\nmap = """\n' + "\n".join(ROWS) + '\n"""\n',
    "pods.csv": "pod,row,col\n"
    + "".join(f"POD{k},{row},{col}\n" for k, (row, col) in enumerate(SPOTS)),
    "robots.csv": "robot,row,col\nR1,0,0\nR2,0,10\nR3,3,0\n",
    "stock.csv": "sku,row,col,quantity\n"
    + "".join(
        f"S{(k + shift) % 6},{row},{col},{4 + shift}\n"
        for k, (row, col) in enumerate(SPOTS)
        for shift in range(2)
    ),
    "orders.csv": "order,sku,quantity\n"
    + "".join(f"O{k},S{k * k % 6},{1 + k % 2}\n" for k in range(12))
    + "".join(f"O{k},S{(k * k + 3) % 6},1\n" for k in range(0, 12, 3)),
}


def write_site(folder: Path, **changed: str) -> Path:
    """Write the files of the site, some of them changed."""
    return write_texts(folder, FILES, changed)


@functools.cache
def pod_scenario(end: str = "") -> Scenario:
    """Return the site; ``end`` is appended to its settings."""
    with TemporaryDirectory() as folder:
        text = SCENARIO + end
        return read_scenario(write_site(Path(folder), scenario__toml=text))


@functools.cache
def _planned(rules: PodRules, end: str, split_s: float | None) -> Plan:
    params = PodParams(rules=rules, split_s=split_s)
    plan = plan_pods(pod_scenario(end), seed=1, params=params).solution
    assert plan is not None
    return plan


def pod_plan(
    rules: PodRules = "joint", end: str = "", split_s: float | None = None
) -> Plan:
    """Return a plan of the site that may be damaged."""
    return deepcopy(_planned(rules, end, split_s))
