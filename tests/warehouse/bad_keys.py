"""Scenario folders with faults in their keys and maps."""

from tests.warehouse.scenario_files import (
    LAYOUT,
    SCENARIO,
    STOCK,
    edited,
    with_files,
)

# Folder, code, place, and a word of what was found.
CASES = {  # keys
    "no map": (
        with_files(layout__toml="cell_size_m = 1.0"),
        "E121",
        "layout.toml, key map",
        "missing",
    ),
    "station without row": (
        edited((SCENARIO, "row = 5\ncol = 6", "col = 6")),
        "E121",
        "scenario.toml, [[station]] 2 key row",
        "missing",
    ),
    "zone without rows": (
        edited((LAYOUT, "rows = [2, 3]\n", "")),
        "E121",
        "layout.toml, [[zone]] 1 key rows",
        "missing",
    ),
    "unknown key": (
        edited((SCENARIO, "speed_m_s", "speed")),
        "E122",
        "scenario.toml, [fleet] key speed",
        "unknown key",
    ),
    "unknown layout key": (
        edited((LAYOUT, "cell_size_m", "cellsize")),
        "E122",
        "layout.toml, key cellsize",
        "unknown key",
    ),
    "batteries of tote robots": (
        edited((SCENARIO, "[fleet]", "[battery]\ncapacity_wh = 50\n[fleet]")),
        "E123",
        "scenario.toml, key battery",
        "carry totes",
    ),
    "pods": (
        edited((SCENARIO, "\n[fleet]", 'pods = "pods.csv"\n\n[fleet]')),
        "E101",
        "pods.csv",
        "no such file",
    ),
    "pod robots": (
        edited((SCENARIO, "[fleet]", '[fleet]\nkind = "pod"')),
        "E125",
        "scenario.toml, [fleet] key kind",
        "none are named",
    ),
    "demand": (
        edited((SCENARIO, "[fleet]", "[demand]\nbacklog = 200\n[fleet]")),
        "E122",
        "scenario.toml, key demand",
        "unknown key",
    ),
    "horizon": (
        edited((SCENARIO, "[fleet]", "[horizon]\nend_s = 5\n[fleet]")),
        "E122",
        "scenario.toml, key horizon",
        "unknown key",
    ),
    "robots.csv unnamed": (
        with_files(robots__csv="robot,row,col\nR1,1,1\n"),
        "E124",
        "scenario.toml, key robots",
        "not named",
    ),
    "text for a count": (
        edited((SCENARIO, "count = 2", 'count = "2"')),
        "E116",
        "scenario.toml, [fleet] key count",
        "'2'",
    ),
    "truth for a count": (
        edited((SCENARIO, "count = 2", "count = true")),
        "E116",
        "scenario.toml, [fleet] key count",
        "true",
    ),
    "number for a name": (
        edited((SCENARIO, 'name = "tiny"', "name = 7")),
        "E116",
        "scenario.toml, key name",
        "7 is not text",
    ),
    "fleet is a number": (
        with_files(scenario__toml="fleet = 3\n"),
        "E116",
        "scenario.toml, key fleet",
        "3",
    ),
    "station is a table": (
        with_files(scenario__toml='[station]\nname = "P1"\n'),
        "E116",
        "scenario.toml, key station",
        "a table",
    ),
    "unknown motion": (
        edited((SCENARIO, '"omni"', '"omnni"')),
        "E116",
        "scenario.toml, [fleet] key motion",
        "'omnni'",
    ),
    "zones by one number": (
        edited((LAYOUT, "[2, 3]", "2")),
        "E116",
        "layout.toml, [[zone]] 1 key rows",
        "2",
    ),
    "zero robots": (
        edited((SCENARIO, "count = 2", "count = 0")),
        "E117",
        "scenario.toml, [fleet] key count",
        "0",
    ),
    "negative speed": (
        edited((SCENARIO, "speed_m_s = 1.5", "speed_m_s = -1.5")),
        "E117",
        "scenario.toml, [fleet] key speed_m_s",
        "-1.5",
    ),
    "endless speed": (
        edited((SCENARIO, "speed_m_s = 1.5", "speed_m_s = inf")),
        "E117",
        "scenario.toml, [fleet] key speed_m_s",
        "inf",
    ),
    "hex speed": (
        edited((SCENARIO, "speed_m_s = 1.5", "speed_m_s = 0x" + "f" * 9999)),
        "E117",
        "scenario.toml, [fleet] key speed_m_s",
        "bits",
    ),
    "time nan": (
        edited((SCENARIO, "pick_s_per_line = 6.0", "pick_s_per_line = nan")),
        "E117",
        "scenario.toml, [service] key pick_s_per_line",
        "nan",
    ),
    "cell without size": (
        edited((LAYOUT, "cell_size_m = 1.0", "cell_size_m = 0")),
        "E117",
        "layout.toml, key cell_size_m",
        "0",
    ),
    "blank station": (
        edited((SCENARIO, '"P1"', '" "')),
        "E115",
        "scenario.toml, [[station]] 1 key name",
        "blank",
    ),
    # the map
    "empty map": (with_files(layout__toml='map = ""'), "E131", LAYOUT, "empty"),
    "ragged": (
        edited((LAYOUT, "#.......#", "#......#")),
        "E132",
        "layout.toml, line 8",
        "row 4 has 8 marks",
    ),
    "unknown mark": (
        edited((LAYOUT, "#.P...P.#", "#.P..?P.#")),
        "E133",
        "layout.toml, line 9, row 5, col 5",
        "'?'",
    ),
    "wide mark": (
        edited((LAYOUT, "#.P...P.#", "#.P..\u2588P.#")),
        "E133",
        "layout.toml, line 9, row 5, col 5",
        "\u2588",
    ),
    "zone off the map": (
        edited((LAYOUT, "[2, 3]", "[2, 7]")),
        "E134",
        "layout.toml, [[zone]] 1 key rows",
        "[2, 7]",
    ),
    "stock off the map": (
        edited((STOCK, "B,2,4,7", "B,2,9,7")),
        "E134",
        "stock.csv, line 4",
        "row 2, col 9",
    ),
    "station off the map": (
        edited((SCENARIO, "col = 6", "col = 99")),
        "E134",
        "scenario.toml, [[station]] 2",
        "col 99",
    ),
    "exits of a wall": (
        {
            **edited((LAYOUT, "map =", 'exits = "exits.csv"\nmap =')),
            "exits.csv": "row,col,exits\n0,0,<\n",
        },
        "E135",
        "exits.csv, line 2",
        "wall",
    ),
    "exits misspelt": (
        {
            **edited((LAYOUT, "map =", 'exits = "exits.csv"\nmap =')),
            "exits.csv": "row,col,exits\n1,1,<<\n",
        },
        "E116",
        "exits.csv, line 2, column exits",
        "'<<'",
    ),
    "exits twice": (
        {
            **edited((LAYOUT, "map =", 'exits = "exits.csv"\nmap =')),
            "exits.csv": "row,col,exits\n1,1,>v\n1,1,>v\n",
        },
        "E141",
        "exits.csv, line 3",
        "line 2",
    ),
}
