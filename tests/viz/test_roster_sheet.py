"""The roster on paper."""

import re
from html.parser import HTMLParser

import pytest

from tests.warehouse.packing_days import write_day
from viz.roster_sheet import roster_html
from warehouse.formats.packing_day import read_packing_day
from warehouse.packing_day import PackedOrder

ROWS = [
    PackedOrder(2, 0, 0.0, 100.0),
    PackedOrder(0, 0, 500.0, 540.0),
    PackedOrder(1, 0, 540.0, 600.0),
    PackedOrder(3, 1, 100.0, 130.0),
]


@pytest.fixture
def day(tmp_path):
    return read_packing_day(write_day(tmp_path))


def test_every_packer_has_a_page_with_orders_and_breaks(day):
    page = roster_html(day, ROWS)
    sheets = page.split('<section class="sheet">')[1:]
    assert len(sheets) == 2
    ann, bob = sheets
    assert ann.count("<tr") == 1 + 3 + 2 and bob.count("<tr") == 1 + 1
    assert "ann, station A" in ann and "gift, heavy" in ann
    # In the order of time; the order that misses its truck stands out.
    assert re.findall(r"<td>(o\d)</td>", ann) == ["o3", "o1", "o2"]
    assert '<tr class="late"><td>0:08:20</td>' in ann
    assert ann.count("(set up)") == 2
    assert "1 order · shift from 0:01:40</p>" in bob
    assert page.count('class="truck"') == 3
    assert "1 late" in page


def test_names_cannot_break_the_page(tmp_path):
    packers = 'packer,station,skills\n"<b>&ann",A,heavy;gift\nbob,B,\n'
    breaks = "packer,start_s,end_s\nbob,5,6\n"
    day = read_packing_day(write_day(tmp_path, packers=packers, breaks=breaks))
    page = roster_html(day, ROWS)
    HTMLParser().feed(page)
    assert "<b>&ann" not in page and "&lt;b&gt;&amp;ann" in page


def test_nothing_packed(day):
    assert "0 of 4 orders packed" in roster_html(day, [])
