"""A small joint picking instance as four files, written here."""

import json

GOOD = {
    "articles": [{"id": "shirt", "volume": 4}, {"id": "shoe", "volume": 9}],
    "orders": [
        {"id": "o-1", "positions": ["shirt", "shoe"]},
        {"id": "o-2", "positions": ["shirt"]},
    ],
    "warehouse_items": [
        {"id": "w-1", "row": 3, "aisle": -2, "article": "shirt", "zone": "north"},
        {"id": "w-2", "row": -4, "aisle": 5, "article": "shirt", "zone": "south"},
        {"id": "w-3", "row": 7, "aisle": 0, "article": "shoe", "zone": "north"},
    ],
    "parameters": {
        "min_number_requested_items": 2,
        "max_orders_per_batch": 2,
        "max_container_volume": 13,
        "first_row": -8,
        "last_row": 8,
        "first_aisle": -8,
        "last_aisle": 8,
    },
}


def write_instance(folder, **changed):
    """Write the files, some with other content; text is written as it is."""
    folder.mkdir(exist_ok=True)
    for name, content in {**GOOD, **changed}.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder
