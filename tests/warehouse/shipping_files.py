"""A scenario folder with cartons and trucks as text, for tests that break it."""

from tests.warehouse.scenario_files import GOOD

CARTONS, SKUS, TRUCKS = "cartons.csv", "skus.csv", "trucks.csv"
_SCENARIO = GOOD["scenario.toml"].replace(
    "\n[fleet]",
    'skus = "skus.csv"\ncartons = "cartons.csv"\ntrucks = "trucks.csv"\n\n[fleet]',
    1,
)
SHIPPED = {
    **GOOD,
    "scenario.toml": _SCENARIO
    + """
[packing]
s_per_carton = 4.0
transfer_s = 20.0

[[door]]
name = "D1"
row = 6
col = 4
""",
    "layout.toml": GOOD["layout.toml"].replace('\n#########\n"', '\n####D####\n"'),
    "orders.csv": (
        "order,sku,quantity,release_s,due_s,priority,carrier\n"
        "O1,A,2,0,600,1,road\nO2,B,1,30.5,,0,\nO1,C,1,0,600,1,road\n"
    ),
    "skus.csv": (
        "sku,length_m,width_m,height_m,mass_kg,this_side_up,fragile\n"
        "A,0.1,0.1,0.1,0.5,0,0\nB,0.2,0.1,0.1,,1,0\nC,0.3,0.2,0.1,2,0,1\n"
    ),
    "cartons.csv": "carton,length_m,width_m,height_m\nS,0.2,0.2,0.2\nL,0.4,0.4,0.4\n",
    "trucks.csv": "carrier,door,departs_s,capacity_m3\nroad,D1,300,2\nroad,D1,900,2\n",
}


def shipped(*edits: tuple[str, str, str]) -> dict[str, str | bytes]:
    """Files of the folder after edits (file, old text, new text)."""
    files = dict(SHIPPED)
    for file, old, new in edits:
        assert old in files[file], f"{old!r} is not in {file}"
        files[file] = files[file].replace(old, new, 1)
    return {**files}
