"""Folders of sites with racks and pods that have a fault."""

from tests.mixed_sites import FILES


def mixed_edited(*edits: tuple[str, str, str]) -> dict[str, str | bytes]:
    """Files of the good site with racks and pods after some edits."""
    files: dict[str, str | bytes] = {**FILES}
    for file, old, new in edits:
        text = str(files[file])
        assert old in text, f"{old!r} is not in {file}"
        files[file] = text.replace(old, new, 1)
    return files


BATTERY = "[battery]\ncapacity_wh = 200\n\n[fleet]"

# Folder, code, place, and a word of what was found.
CASES = {
    "no table that says who carries what": (
        mixed_edited(("scenario.toml", 'robots = "robots.csv"\n', "")),
        "E570",
        "scenario.toml, key robots",
        "which pods",
    ),
    "batteries beside robots with totes": (
        mixed_edited(("scenario.toml", "[fleet]", BATTERY)),
        "E571",
        "scenario.toml, key battery",
        "not supported",
    ),
    "backlog beside robots with totes": (
        mixed_edited(("scenario.toml", "[fleet]", "[demand]\nbacklog = 3\n[fleet]")),
        "E571",
        "scenario.toml, key demand",
        "backlog",
    ),
    "replenishment beside robots with totes": (
        mixed_edited(("scenario.toml", "[fleet]", "[[replenishment]]\n[fleet]")),
        "E571",
        "scenario.toml, key replenishment",
        "not supported",
    ),
    "one kind of robots alone": (
        mixed_edited(("scenario.toml", "tote_slots", "count = 1\ntote_slots")),
        "E572",
        "robots.csv",
        "all carry totes",
    ),
    "a kind that is none": (
        mixed_edited(("robots.csv", "R2,1,9,pod", "R2,1,9,drone")),
        "E116",
        "robots.csv, line 3, column kind",
        "drone",
    ),
    "kinds that nobody gives": (
        {**FILES, "robots.csv": "robot,row,col\nR1,0,0\nR2,1,9\n"},
        "E570",
        "robots.csv",
        "column kind",
    ),
    "both kinds and no pods": (
        mixed_edited(("scenario.toml", 'pods = "pods.csv"\n', "")),
        "E125",
        "scenario.toml, [fleet] key kind",
        "none are named",
    ),
    "robot with totes under a pod": (
        mixed_edited(("robots.csv", "R1,0,0", "R1,2,4")),
        "E573",
        "layout.toml, row 2, col 4",
        "no way",
    ),
    "rack behind pods": (
        mixed_edited(
            ("layout.toml", "H.H.......\n..........", "H.H.....oS\n.........o"),
            ("robots.csv", "R2,1,9", "R2,1,0"),
            ("stock.csv", "A0,2,1,20", "A0,0,9,20"),
        ),
        "E574",
        "layout.toml, row 0, col 9",
        "no way to this rack",
    ),
    "stock on floor": (
        mixed_edited(("stock.csv", "A0,2,1", "A0,1,1")),
        "E182",
        "stock.csv, line 2",
        "no pod",
    ),
}
