"""Small files in the Mainz text format, written here."""

import io
import tarfile

GOOD = """NAME : tiny.txt
TYPE : Single_picker_routing
COMMENT : He\xdfler and Irnich
LAYOUT : single-block
NUM_AISLES : 3
NUM_CELLS : 10
DEPOT_AISLE : 1
DEPOT_LOCATION : bottom
DISTANCE_AISLE_TO_AISLE : 3
DISTANCE_CELL_TO_CELL : 1
DISTANCE_TOP_TO_CELL : 1.5
DISTANCE_BOTTOM_TO_CELL : 2
DISTANCE_TOP_OR_BOTTOM_TO_DEPOT : 0
ARTICLE_SECTION
NUM_ARTICLES : 2
ID 7
ID 9
SKU_SECTION
NUM_SKUS : 3
ID 7 AISLE 0 CELL 0 QUANTITY 4 LEFT_RIGHT_HAND_SIDE left
ID 9 AISLE 2 CELL 9 QUANTITY 1 LEFT_RIGHT_HAND_SIDE right
ID 9 AISLE 1 CELL 5 QUANTITY 2
ORDER_SECTION
NUM_ARTICLES : 2
ID 7 QUANTITY 4
ID 9 QUANTITY 3
EOF"""
"""Scattered: article 9 lies in two places."""


def write_archive(path, texts):
    with tarfile.open(path, "w:gz") as archive:
        for name, text in texts.items():
            data = text.encode("latin-1")
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
