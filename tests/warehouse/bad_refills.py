"""Folders of sites where pods are filled that have a fault."""

from tests.pod_sites import FILES as PODS
from tests.refill_sites import FILES
from tests.warehouse.scenario_files import GOOD, SCENARIO

TOML, ARRIVALS = "scenario.toml", "replenishment.csv"
STATION = '[[replenishment]]\nname = "R1"\nrow = 0\ncol = 1\n'


def refills_edited(file: str, old: str, new: str) -> dict[str, str | bytes]:
    """Files of the good site after one edit."""
    assert old in FILES[file], f"{old!r} is not in {file}"
    return {**FILES, file: FILES[file].replace(old, new, 1)}


def without_arrivals() -> dict[str, str | bytes]:
    files = refills_edited(TOML, 'arrivals = "replenishment.csv"\n', "")
    del files[ARRIVALS]
    return files


# Folder, code, place, and a word of what was found.
CASES = {
    "filling where there are no pods": (
        {**GOOD, SCENARIO: str(GOOD[SCENARIO]) + "\n" + STATION},
        "E550",
        "scenario.toml, key replenishment",
        "only pods",
    ),
    "stations and nothing arrives": (
        without_arrivals(),
        "E551",
        "scenario.toml, key arrivals",
        "nothing arrives",
    ),
    "goods and no station": (
        {
            **PODS,
            TOML: 'arrivals = "replenishment.csv"\n' + PODS[TOML],
            ARRIVALS: FILES[ARRIVALS],
        },
        "E551",
        "scenario.toml, key replenishment",
        "no station",
    ),
    "arrivals that nobody names": (
        refills_edited(TOML, 'arrivals = "replenishment.csv"\n', ""),
        "E124",
        "scenario.toml, key arrivals",
        "replenishment.csv is there",
    ),
    "goods for a station that is not there": (
        refills_edited(ARRIVALS, "40,R1", "40,R9"),
        "E552",
        "replenishment.csv, line 3, column station",
        "'R9'",
    ),
    "goods that come before the beginning": (
        refills_edited(ARRIVALS, "S9,5,20", "S9,5,-1"),
        "E117",
        "replenishment.csv, line 2, column release_s",
        "-1",
    ),
    "goods without a time": (
        refills_edited(ARRIVALS, "S9,5,20", "S9,5,"),
        "E115",
        "replenishment.csv, line 2, column release_s",
        "blank",
    ),
    "no units arrive": (
        refills_edited(ARRIVALS, "S9,5,20", "S9,0,20"),
        "E117",
        "replenishment.csv, line 2, column quantity",
        "0",
    ),
    "no goods": (
        {**FILES, ARRIVALS: "sku,quantity,release_s\n"},
        "E555",
        "replenishment.csv",
        "a header",
    ),
    "pods of which nothing says what they hold": (
        refills_edited(TOML, "pod_capacity = 14\n", ""),
        "E553",
        "pods.csv",
        "POD1",
    ),
    "pod that holds less than lies on it": (
        refills_edited("pods.csv", "POD0,1,1,12", "POD0,1,1,8"),
        "E554",
        "pods.csv",
        "9 units",
    ),
    "pod that holds nothing": (
        refills_edited("pods.csv", "POD0,1,1,12", "POD0,1,1,0"),
        "E117",
        "pods.csv, line 2, column capacity",
        "0",
    ),
    "replenishment station off the docks": (
        refills_edited(TOML, "row = 0\ncol = 1", "row = 0\ncol = 2"),
        "E183",
        "scenario.toml, [[replenishment]] 1",
        "floor",
    ),
    "replenishment station at the dock of a station": (
        refills_edited(TOML, "row = 0\ncol = 1", "row = 4\ncol = 5"),
        "E144",
        "scenario.toml, [[replenishment]] 1",
        "P1",
    ),
    "replenishment station of a station's name": (
        refills_edited(TOML, '"R1"', '"P2"'),
        "E143",
        "scenario.toml, [[replenishment]] 1 key name",
        "P2",
    ),
    "worker who takes for ever": (
        refills_edited(TOML, "s_per_box = 5", "s_per_box = 1e9"),
        "E117",
        "scenario.toml, [[replenishment]] 1 key s_per_box",
        "1000000000",
    ),
    "replenishment station that no pod comes to": (
        refills_edited("layout.toml", ".P.........\n.oo", "oPo........\n.oo"),
        "E168",
        "layout.toml, row 0, col 1",
        "P1 and R1",
    ),
}
