"""The examples in docs/formats.md are one scenario that can be read."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from tests.warehouse.scenario_files import write_folder
from warehouse.formats.layouts_by_ending import LAYOUT_ENDINGS
from warehouse.formats.scenario_folder import read_scenario
from warehouse.layout import DOWN, KIND_OF_MARK, RIGHT
from warehouse.scenario import Battery, Fleet, Service

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"


@pytest.fixture
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def examples(page: str) -> dict[str, str]:
    blocks = re.findall(r"```(?:toml|csv)\n# file: (\S+)\n(.*?)```", page, re.DOTALL)
    return dict(blocks)


def test_examples_are_a_scenario(page, tmp_path):
    files = examples(page)
    assert set(files) == {
        "scenario.toml",
        "layout.toml",
        "exits.csv",
        "stock.csv",
        "orders.csv",
        "skus.csv",
        "robots.csv",
    }
    scenario = read_scenario(write_folder(tmp_path, {**files}))
    assert scenario.sku_names == ("tea, green", "coffee", "sugar", "cocoa")
    assert scenario.orders.names == ("1001", "1002", "1003")
    assert scenario.orders.line_order.tolist() == [0, 0, 1, 2]
    assert scenario.orders.due_s.tolist() == [900, float("inf"), float("inf")]
    assert scenario.stations[1].packers == 2
    assert scenario.layout.exits[4, 2] == (1 << RIGHT) | (1 << DOWN)
    assert scenario.fleet.start_cells.tolist() == [10, 16]


def test_every_key_mark_and_ending_is_on_the_page(page):
    owners = (*fields(Fleet), *fields(Service), *fields(Battery))
    keys = [field.name for field in owners]
    keys = [*keys, "count", "packers", *LAYOUT_ENDINGS, *KIND_OF_MARK]
    keys.remove("start_cells")
    keys.remove("battery")
    keys.remove("kinds")
    assert "`[battery]`" in page
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_defaults_on_the_page_are_the_real_ones(page):
    for owner in (Fleet, Service, Battery):
        for field in fields(owner):
            if field.default in (MISSING, None):
                continue
            row = re.search(rf"^\| `{field.name}` \|(.*)$", page, re.MULTILINE)
            assert row is not None, field.name
            cells = [cell.strip(" `") for cell in row[1].split("|")]
            default = field.default
            shown = default if isinstance(default, str) else f"{default:g}"
            assert shown in cells, field.name
