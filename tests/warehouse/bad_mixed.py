"""Folders of sites with racks and pods that have a fault."""

from tests.mixed_sites import CHARGERS, FILES, charging_site


def mixed_edited(*edits: tuple[str, str, str]) -> dict[str, str | bytes]:
    """Files of the good site with racks and pods after some edits."""
    files: dict[str, str | bytes] = {**FILES}
    for file, old, new in edits:
        text = str(files[file])
        assert old in text, f"{old!r} is not in {file}"
        files[file] = text.replace(old, new, 1)
    return files


def charging_edited(
    capacity: float, *edits: tuple[str, str, str]
) -> dict[str, str | bytes]:
    """Files of the site with batteries, after some edits of the files of `FILES`."""
    site = {
        name.replace("__", "."): text
        for name, text in charging_site(capacity, 1.0).items()
    }
    return mixed_edited(*edits) | site


# Folder, code, place, and a word of what was found.
CASES = {
    "no table that says who carries what": (
        mixed_edited(("scenario.toml", 'robots = "robots.csv"\n', "")),
        "E570",
        "scenario.toml, key robots",
        "which pods",
    ),
    "batteries too small for the ways of robots with totes": (
        charging_edited(2.5),
        "E179",
        "scenario.toml, [battery]",
        "for a robot with totes, from a charger to row 5, col 0 and back",
    ),
    "robot with totes on a charger": (
        {
            **charging_edited(12.0),
            "robots.csv": FILES["robots.csv"].replace("R3,0,2", "R3,0,9"),
        },
        "E573",
        "layout.toml, row 0, col 9",
        "pods or chargers",
    ),
    "charger behind pods": (
        {
            **charging_edited(12.0),
            "layout.toml": CHARGERS["layout.toml"].replace(
                "H.H...C..C\n..........", "H.H.....oC\n........oo"
            ),
        },
        "E576",
        "layout.toml, row 0, col 9",
        "no way to this charger",
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
