"""Scenario folders of sites that do not fit together or cannot work."""

from tests.warehouse.scenario_files import (
    GOOD,
    LAYOUT,
    ORDERS,
    ROTATE,
    SCENARIO,
    STOCK,
    edited,
    named_files,
    rows,
    with_files,
)

# Folder, code, place, and a word of what was found.
CASES = {  # doubles
    "order line twice": (
        edited((ORDERS, "O2,B,1", "O1,A,1,0,600,1\nO2,B,1")),
        "E140",
        "orders.csv, line 3",
        "duplicate line",
    ),
    "SKU twice": (
        named_files("skus", "sku\nA\nA\n"),
        "E141",
        "skus.csv, line 3",
        "'A'",
    ),
    "stock twice": (
        edited((STOCK, "A,3,2,0", "A,2,2,1")),
        "E142",
        "stock.csv, line 3",
        "line 2",
    ),
    "station twice": (
        edited((SCENARIO, '"P2"', '"P1"')),
        "E143",
        "scenario.toml, [[station]] 2 key name",
        "'P1'",
    ),
    "zone twice": (
        edited(
            (LAYOUT, "[[obst", '[[zone]]\nname="racks"\nrows=[1,1]\ncols=[1,1]\n[[obst')
        ),
        "E143",
        "layout.toml, [[zone]] 2 key name",
        "'racks'",
    ),
    "two stations at a dock": (
        edited((SCENARIO, "col = 6", "col = 2")),
        "E144",
        "scenario.toml, [[station]] 2",
        "'P1'",
    ),
    "robot twice": (
        named_files("robots", "robot,row,col\nR1,1,1\nR1,1,2\n"),
        "E145",
        "robots.csv, line 3, column robot",
        "'R1'",
    ),
    "two robots on a cell": (
        named_files("robots", "robot,row,col\nR1,1,1\nR2,1,1\n"),
        "E146",
        "robots.csv, line 3",
        "row 1, col 1",
    ),
    # what does not fit together
    "unknown SKU": (
        edited((ORDERS, "O2,B", "O2,Q")),
        "E181",
        "orders.csv, line 3, column sku",
        "'Q'",
    ),
    "stock on the floor": (
        edited((STOCK, "B,2,4,7", "B,2,5,7")),
        "E182",
        "stock.csv, line 4",
        "row 2, col 5 is floor",
    ),
    "station on a rack": (
        edited((SCENARIO, "row = 5\ncol = 6", "row = 2\ncol = 6")),
        "E183",
        "scenario.toml, [[station]] 2",
        "row 2, col 6 is a rack",
    ),
    "robot on a rack": (
        named_files("robots", "robot,row,col\nR1,2,2\nR2,1,1\n"),
        "E184",
        "robots.csv, line 2",
        "row 2, col 2 is a rack",
    ),
    "more robots than homes": (
        edited((SCENARIO, "count = 2", "count = 4")),
        "E185",
        LAYOUT,
        "3 home cells",
    ),
    "more robots than lines": (
        named_files("robots", "robot,row,col\nR1,1,1\n"),
        "E185",
        "robots.csv",
        "1 lines for 2",
    ),
    "no robot": (
        edited((LAYOUT, "HHH", "..."), (SCENARIO, "count = 2\n", "")),
        "E186",
        LAYOUT,
        "no robot",
    ),
    "no station": (
        edited((SCENARIO, GOOD[SCENARIO][GOOD[SCENARIO].index("[[st") :], "")),
        "E187",
        "scenario.toml, key station",
        "no packing station",
    ),
    "no order": (
        with_files(orders__csv="order,sku,quantity\n"),
        "E188",
        ORDERS,
        "no order",
    ),
    "two release times": (
        edited((ORDERS, "O1,C,1,0,", "O1,C,1,9,")),
        "E189",
        "orders.csv, line 4, column release_s",
        "'0' on line 2",
    ),
    "two due times": (
        edited((ORDERS, "O1,C,1,0,600", "O1,C,1,0,")),
        "E189",
        "orders.csv, line 4, column due_s",
        "'600' on line 2",
    ),
    # whether it can work
    "no floor": (edited(rows("####", "####")), "E160", "layout.toml, map", "no floor"),
    "two pieces": (
        edited((LAYOUT, "#.......#\n#.P", "#########\n#.P")),
        "E161",
        "layout.toml, row 5, col 1",
        "7 cells",
    ),
    "no way back": (
        edited((LAYOUT, "#HHH....#", "#HHH...>#"), (LAYOUT, ".S.#\n#", ".Sv#\n#")),
        "E162",
        "layout.toml, row 1, col 7",
        "1 cell of one-way floor cannot be left",
    ),
    "no way in": (
        edited((LAYOUT, "#HHH....#", "#H>H....#"), (LAYOUT, "#.S.S.S.#", "#vS.S.S.#")),
        "E162",
        "layout.toml, row 1, col 1",
        "3 cells of one-way floor cannot be reached",
    ),
    "lone rack": (
        edited(
            (LAYOUT, "#########\n#HHH", "####S####\n#HHS"), (LAYOUT, "S....#", "SS...#")
        ),
        "E163",
        "layout.toml, row 0, col 4",
        "reach",
    ),
    "nothing in stock": (
        edited((STOCK, "A,2,2,5", "A,2,2,0"), (STOCK, "B,2,4,7", "B,2,4,0")),
        "E164",
        "stock.csv",
        "no order can be served",
    ),
    "no mass where masses are limited": (
        edited((SCENARIO, "tote_slots", "max_mass_kg = 20\ntote_slots")),
        "E165",
        "skus.csv",
        "SKU 'B' has no mass",
    ),
    "every order too heavy": (
        {
            **edited(
                (SCENARIO, "tote_slots", "max_mass_kg = 2\ntote_slots"),
                (SCENARIO, "\n[fleet]", 'skus = "skus.csv"\n\n[fleet]'),
            ),
            "skus.csv": "sku,mass_kg\nA,1\nB,2.5\nC,0.5\n",
        },
        "E166",
        "orders.csv",
        "the lightest order in stock has 2.5 kg, and a robot carries 2 kg",
    ),
    "robots that carry nothing": (
        edited((SCENARIO, "tote_slots", "max_mass_kg = 0\ntote_slots")),
        "E117",
        "scenario.toml, [fleet] key max_mass_kg",
        "0",
    ),
    "limit of mass that is none": (
        edited((SCENARIO, "tote_slots", 'max_mass_kg = "2"\ntote_slots')),
        "E116",
        "scenario.toml, [fleet] key max_mass_kg",
        "'2'",
    ),
    "mass below nothing": (
        named_files("skus", "sku,mass_kg\nA,-1\nB,nan\n"),
        "E117",
        "skus.csv, line 2, column mass_kg",
        "'-1'",
    ),
    "robot too large": (
        edited((SCENARIO, "tote_slots", "length_m = 1.2\ntote_slots")),
        "E171",
        "layout.toml, row 1, col 1 and row 1, col 2",
        "overlap",
    ),
    "robot touches a rack": (
        edited((SCENARIO, "tote_slots", "length_m = 1.2\ntote_slots")),
        "E172",
        "layout.toml, row 1, col 1 to row 1, col 2",
        "a rack",
    ),
    "post in the way": (
        edited(
            (LAYOUT, "[[2.4, 4.4], [2.6, 4.4], [2.6, 4.6]]", "[[5,2],[5.3,2],[5,2.3]]")
        ),
        "E172",
        "layout.toml, row 4, col 4 to row 4, col 5",
        "obstacle 1",
    ),
    "robot cannot turn": (
        edited((SCENARIO, *ROTATE), (LAYOUT, "[[2.4, 4.4]", "[[1.95, 3.4]")),
        "E173",
        "layout.toml, row 3, col 1",
        "turns here touches obstacle 1",
    ),
    "twisted post": (
        edited((LAYOUT, "[2.6, 4.6]]", "[2.6, 4.6], [2.4, 4.3], [2.6, 4.3]]")),
        "E174",
        "layout.toml, [[obstacle]] 1",
        "cross",
    ),
    "flat post": (
        edited((LAYOUT, "[[2.4, 4.4], [2.6, 4.4], [2.6, 4.6]]", "[[1,1],[2,2],[3,3]]")),
        "E174",
        "layout.toml, [[obstacle]] 1",
        "no ground",
    ),
    "post off the map": (
        edited(
            (LAYOUT, "[[2.4, 4.4], [2.6, 4.4], [2.6, 4.6]]", "[[0,-1],[1,-1],[1,-2]]")
        ),
        "E174",
        "layout.toml, [[obstacle]] 1",
        "off the map",
    ),
}
