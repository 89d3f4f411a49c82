"""Folders of sites with pods that have a fault."""

from tests.pod_sites import FILES


def pods_edited(file: str, old: str, new: str) -> dict[str, str | bytes]:
    """Files of the good site with pods after one edit."""
    assert old in FILES[file], f"{old!r} is not in {file}"
    return {**FILES, file: FILES[file].replace(old, new, 1)}


BATTERY = """
[battery]
capacity_wh = 200
moving_w = 100
carrying_w = 150
idle_w = 20
charge_w = 600
[fleet]"""
CHARGERS = FILES["layout.toml"].replace("...........\n.oo", "..C.C......\n.oo", 1)


def battery_edited(
    old: str = "", new: str = "", **files: str
) -> dict[str, str | bytes]:
    """Files of a good site with batteries and chargers after one edit of `BATTERY`."""
    assert old in BATTERY
    settings = FILES["scenario.toml"].replace("[fleet]", BATTERY.replace(old, new, 1))
    others = {name.replace("__", "."): text for name, text in files.items()}
    files = {**FILES, "layout.toml": CHARGERS, **others}
    return {**files, "scenario.toml": settings}


# Folder, code, place, and a word of what was found.
CASES = {
    "pods of tote robots": (
        pods_edited("scenario.toml", '"pod"', '"tote"'),
        "E125",
        "scenario.toml, [fleet] key kind",
        "carry totes",
    ),
    "pod robots that do not turn": (
        pods_edited("scenario.toml", '"pod"', '"pod"\nmotion = "omni"'),
        "E123",
        "scenario.toml, [fleet] key motion",
        "do not turn",
    ),
    "horizon that ends too early": (
        pods_edited(
            "scenario.toml", "[fleet]", "[horizon]\nwarm_up_s = 9\nend_s = 9\n[fleet]"
        ),
        "E126",
        "scenario.toml, [horizon] key end_s",
        "9 s",
    ),
    "robot that stands longer than the picker works": (
        pods_edited(
            "scenario.toml", "[fleet]", "[service]\nrobot_s_per_unit = 11\n[fleet]"
        ),
        "E126",
        "scenario.toml, [service] key robot_s_per_unit",
        "longer",
    ),
    "pod on a station": (
        pods_edited("pods.csv", "POD0,1,1", "POD0,4,5"),
        "E149",
        "pods.csv, line 2",
        "a dock",
    ),
    "two pods on a spot": (
        pods_edited("pods.csv", "POD1,1,4", "POD1,1,1"),
        "E148",
        "pods.csv, line 3",
        "line 2",
    ),
    "two pods of a name": (
        pods_edited("pods.csv", "POD1", "POD0"),
        "E147",
        "pods.csv, line 3, column pod",
        "line 2",
    ),
    "no pod": (
        {**FILES, "pods.csv": "pod,row,col\n"},
        "E169",
        "pods.csv",
        "no pod",
    ),
    "stock beside the pods": (
        pods_edited("stock.csv", "S0,1,1", "S0,1,2"),
        "E182",
        "stock.csv, line 2",
        "no pod",
    ),
    "pod without a way out": (
        pods_edited(
            "layout.toml", "...........\n.oo.oo.oo..", "oooo.......\nooo.oo.oo.."
        ),
        "E167",
        "layout.toml, row 1, col 1",
        "no way out",
    ),
    "station without a way for pods": (
        pods_edited("layout.toml", "...........\n.....P...", "....ooo....\n....oPo.."),
        "E168",
        "layout.toml, row 4, col 9",
        "P1 and P2",
    ),
    "battery without a capacity": (
        battery_edited("capacity_wh = 200\n", ""),
        "E121",
        "scenario.toml, [battery] key capacity_wh",
        "missing",
    ),
    "battery of a negative power": (
        battery_edited("idle_w = 20", "idle_w = -20"),
        "E117",
        "scenario.toml, [battery] key idle_w",
        "-20",
    ),
    "charger that gives nothing": (
        battery_edited("charge_w = 600", "charge_w = 0"),
        "E117",
        "scenario.toml, [battery] key charge_w",
        "0",
    ),
    "key of a battery that nobody knows": (
        battery_edited("idle_w", "idle_w = 20\nstanding_w"),
        "E122",
        "scenario.toml, [battery] key standing_w",
        "unknown",
    ),
    "battery that is a number": (
        pods_edited("scenario.toml", "[demand]", "battery = 5\n[demand]"),
        "E116",
        "scenario.toml, key battery",
        "5",
    ),
    "robots that begin at their reserve": (
        battery_edited("charge_w", "start = 0.2\ncharge_w"),
        "E126",
        "scenario.toml, [battery] key start",
        "0.2 of it is their reserve",
    ),
    "batteries and no charger": (
        battery_edited(layout__toml=FILES["layout.toml"]),
        "E177",
        "layout.toml",
        "no charger",
    ),
    "charger behind a charger": (
        battery_edited(
            layout__toml=CHARGERS.replace("..C.C......", "CC#.C......", 1).replace(
                ".oo.oo.oo..", "#oo.oo.oo..", 1
            )
        ),
        "E178",
        "layout.toml, row 0, col 0",
        "this charger",
    ),
    "station behind a charger": (
        battery_edited(
            layout__toml=CHARGERS.replace(
                "...........\n.....P...P.", "........C##\n.....P.#.P."
            )
        ),
        "E178",
        "layout.toml, row 4, col 9",
        "another charger",
    ),
    "battery too small for a trip": (
        battery_edited("capacity_wh = 200", "capacity_wh = 5"),
        "E179",
        "scenario.toml, [battery]",
        "from a charger to the pod at row ",
    ),
    "robots that begin with too little to get to a charger": (
        battery_edited("idle_w = 20", "idle_w = 20\nstart = 0.2001"),
        "E179",
        "scenario.toml, [battery]",
        "robots begin with 0.02 Wh above the reserve; from row 0, col 10 to a charger",
    ),
    "chargers too weak for robots that only stand": (
        battery_edited("charge_w = 600", "charge_w = 20"),
        "E179",
        "scenario.toml, [battery]",
        "3 robots that stand use 60 W, 2 chargers give 40 W",
    ),
    "more pods than spots": (
        {
            **FILES,
            "pods.csv": FILES["pods.csv"]
            + "".join(f"X{k},1,{1 + k}\n" for k in range(7)),
        },
        "E170",
        "pods.csv",
        "13 rows",
    ),
    "orders that no pod can serve": (
        {**FILES, "orders.csv": "order,sku,quantity\nO1,S0,1\n"}
        | {
            "stock.csv": FILES["stock.csv"].split("\n")[0] + "\nS0,1,1,0\nS1,1,1,5\n",
        },
        "E164",
        "stock.csv",
        "no unit of any order",
    ),
    "first station without a way for pods": (
        pods_edited("layout.toml", "...........\n.....P...", "....ooo....\n....oPo.."),
        "E168",
        "layout.toml, row 4, col 9",
        "P1 and P2",
    ),
    "stock on a spot that no pod has": (
        pods_edited("stock.csv", "S0,1,1", "S0,2,1"),
        "E182",
        "stock.csv, line 2",
        "no pod stands",
    ),
    "station off the docks": (
        pods_edited("scenario.toml", "row = 4\ncol = 5", "row = 1\ncol = 1"),
        "E183",
        "scenario.toml, [[station]] 1",
        "a pod spot",
    ),
}
