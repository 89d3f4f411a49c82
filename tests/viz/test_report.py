import base64
import dataclasses
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz.palette import LIGHT
from viz.png import encode_png
from viz.report import report_html, write_report
from viz.svg import time_ticks

SECTIONS = (
    "How far from the best possible",
    "The plan at work",
    "Orders packed over time",
    "Work of the stations",
    "Where it happens",
    "Use of the fleet",
    "Lateness",
    "Not served",
    "How to reproduce",
)
VOID = {"meta", "img", "br", "link", "input", "source"}


class Page(HTMLParser):
    """Collects tags and headings; fails where tags do not close in order."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.headings, self.addresses = [], [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v for k, v in attrs if k in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


@pytest.fixture(scope="module")
def wave():
    return Wave().build()


@pytest.mark.parametrize(
    "plan",
    [
        Wave().build(),
        corridor_plan(),
        corridor_plan(()),
        still_plan(0),
        still_plan(1, robots=0),
        Wave(rotate=True, robots=2, orders=4).build(),
    ],
    ids=["wave", "corridor", "no order", "no step", "no robot", "turning"],
)
def test_report_has_every_section_and_needs_nothing_else(plan):
    html = report_html(plan)
    page = Page(html)
    assert tuple(page.headings) == SECTIONS
    assert page.tags.count("script") == 2
    assert "://" not in html
    assert "@import" not in html
    assert all(address.startswith("data:") for address in page.addresses)


def test_progress_is_told_up_to_the_end(tmp_path, wave):
    told = []
    path = tmp_path / "report.html"
    write_report(wave, path, on_progress=lambda share, _: told.append(share))
    assert told == sorted(told) and told[-1] == 1.0


def test_names_are_escaped():
    html = report_html(corridor_plan(("A", "<script>alert(1)</script>"), due_s=1.0))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<h1>corridor &lt;b&gt;</h1>" in html


def test_bound_is_told_in_words():
    html = report_html(corridor_plan())
    assert "The plan takes 0:00:21" in html
    assert "less than 0:00:15, because one order alone takes that long" in html
    assert "at most 0:00:06 could still be saved (28.6 % of the plan" in html


def test_bounds_of_driving_and_lateness_are_told_where_there_are_some():
    plan = corridor_plan(due_s=16.0)
    assert "The robots drive" not in report_html(plan)
    bound = dataclasses.replace(plan.bound, travel_m=2000.0, tardiness_s=3.0)
    told = report_html(dataclasses.replace(plan, bound=bound))
    assert "The robots drive 4 m; no plan" in told
    assert "drives less than 2.0 km." in told
    assert "late by 0:00:05 in sum; no plan could bring that below 0:00:03." in told


def test_lateness_lists_late_orders_the_latest_first():
    html = report_html(corridor_plan(("A", "B", "C"), due_s=16.0))
    section = html.split("<h2>Lateness</h2>")[1].split("</section>")[0]
    assert "2 orders packed late, by 0:00:08 on average and 0:00:11 at most" in section
    names = re.findall(r"<tr><td>(\w+)</td>", section)
    assert names == ["C", "B"]
    on_time = report_html(corridor_plan(due_s=99.0))
    assert "No order is packed late." in on_time
    assert "No order has a due time." in report_html(corridor_plan(due_s=np.inf))


def test_unserved_lines_come_with_their_reason(wave):
    section = report_html(wave).split("<h2>Not served</h2>")[1]
    assert "7 units of 1 order line not served." in section
    assert "<td>7 of 7</td><td>the stock does not cover it</td>" in section
    assert "Every order line is served in full." in report_html(corridor_plan())


def test_long_tables_say_how_many_rows_they_leave_out(wave):
    many = np.repeat(wave.unserved, 130)
    html = report_html(dataclasses.replace(wave, unserved=many))
    assert "and 90 more" in html


def test_heatmap_has_one_pixel_a_cell(wave):
    html = report_html(wave)
    coded = re.search(r'src="data:image/png;base64,([^"]+)"', html).group(1)
    picture = Image.open(io.BytesIO(base64.b64decode(coded)))
    layout = wave.scenario.layout
    assert picture.size == (layout.width, layout.height)
    pixels = np.asarray(picture).reshape(-1, 3)
    docks = np.array([station.cell for station in wave.scenario.stations])
    visited = np.setdiff1d(np.unique(wave.cells), docks)
    unseen = np.setdiff1d(np.flatnonzero(layout.drivable), [*visited, *docks])
    assert not (pixels[visited] == LIGHT.floor).all(axis=1).any()
    assert (pixels[unseen] == LIGHT.floor).all()
    assert (pixels[docks] == LIGHT.station).all()


def test_shares_of_the_fleet_add_up(wave):
    section = report_html(wave).split("<h2>Use of the fleet</h2>")[1]
    key = section.split('<ul class="key">')[1].split("</ul>")[0]
    shares = [float(value) for value in re.findall(r"([\d.]+) %", key)]
    assert len(shares) == 6
    assert sum(shares) == pytest.approx(100, abs=0.3)


def test_command_and_seed_are_told(wave):
    meta = {"seed": 7, "iterations": 4, "time_limit_s": None, "partial": "hold"}
    told = report_html(dataclasses.replace(wave, meta=meta))
    command = "aislewise plan SCENARIO -o PLAN --seed 7 --iterations 4 --partial hold"
    assert f"<code>{command}</code>" in told
    odd = report_html(dataclasses.replace(wave, meta={"objective": "<x>; ls"}))
    assert "--objective &#x27;&lt;x&gt;; ls&#x27;</code>" in odd


def test_report_is_written_as_utf8(tmp_path):
    path = tmp_path / "report.html"
    plan = corridor_plan(("Ä", "注文"), due_s=1.0)
    write_report(plan, path)
    assert path.read_text(encoding="utf-8") == report_html(plan)
    assert "注文" in path.read_text(encoding="utf-8")


def test_png_is_what_other_readers_read():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    read = np.asarray(Image.open(io.BytesIO(encode_png(pixels))))
    assert np.array_equal(read, pixels)


def test_marks_of_time_are_few():
    for end_s in (0.5, 7, 3000, 86400 * 9):
        assert 1 <= len(time_ticks(end_s)) <= 10
