"""The Foodmart format: what it says, and every fault by name."""

import pytest

from solvers.batching.foodmart_batching import foodmart_problem, used_locations
from solvers.batching.methods import solve_by
from solvers.result import Stop
from tests.foodmart_files import foodmart_text
from warehouse.errors import InputError
from warehouse.formats.foodmart import parse_foodmart


def parse(*change):
    text = foodmart_text(change=change) if change else foodmart_text()
    return parse_foodmart(text.encode(), "tiny.txt")


def test_reads_everything():
    instance = parse()
    assert (instance.name, instance.orders) == ("tiny", 3)
    assert (instance.trolley_boxes, instance.box_capacity, instance.mixed) == (2, 10, 1)
    assert instance.product_location.tolist() == [1, 2, 2]
    assert instance.line_order.tolist() == [0, 1, 1, 2]
    assert instance.line_product.tolist() == [0, 1, 2, 0]
    assert instance.line_quantity.tolist() == [4, 2, 1, 9]
    assert instance.distance[0, 2] == 4.75
    assert len(instance.arcs) == 6


def test_capacity_counts_boxes_of_orders():
    # By volume, 4 + 5 + 9, all three would fit into two boxes of 10.
    problem = foodmart_problem(parse())
    assert problem.load.tolist() == [[1], [1], [1]]
    assert used_locations(parse()).tolist() == [1, 2]
    result = solve_by("exact", problem, Stop())
    assert [batch.orders for batch in result.solution] == [(0, 2), (1,)]
    assert result.objective == 100 * (2 * 3.25 + 2 * 4.75)


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("4\n//NbProducts", "9999\n//NbProducts", "E153", "NbLocations is '9999'"),
        ("//NbProducts", "//NbProduct", "E152", "unknown heading 'NbProduct'"),
        ("NbLocations\n4", "NbLocations\n4\n4", "E152", "a second NbLocations"),
        ("Capacity\n1", "Capacity\n2", "E153", "2 dimensions"),
        ("2 2 2\n", "", "E154", "3 products said, 2 found"),
        ("2 2 2\n", "2 7 2\n", "E156", "location 7 of 4"),
        ("2 2 2\n", "2 2\n", "E155", "'2 2'"),
        ("1 1 1 1 4", "1 1 1 1 -4", "E153", "quantity is '-4'"),
        ("1 1 1 1 4", "1 1 1 9 4", "E157", "product 9 of 3"),
        ("1 1 1 1 4", "1 1 2 1 4", "E154", "2 products said, 1 found"),
        ("1 1 1 1 4", "1 1 1 1 40", "E154", "volume 40 in 1 boxes"),
        ("0 1 3.25", "0 1 nan", "E153", "length is 'nan'"),
        ("0 1 3.25\n", "", "E154", "no way from 0 to 1"),
        ("0 1 3.25", "0 1 1_0", "E153", "length is '1_0'"),
        ("0 1 3.25", "0 1 0.5", "E154", "0 to 1 is 0.5, and is 3.25 by the arcs"),
        ("0 2 4.75", "0 2 9e5", "E154", "0 to 2 is 900000, and is 4.75 by the arcs"),
        ("0 3 1.25\n3 4", "3 4", "E154", "0 to 1 is 3.25, and leads nowhere by the"),
        ("0 1 3.25", "0 2 3.25", "E157", "0 to 2 again"),
        ("Depot\n4", "Depot\n5", "E156", "location 5 of 4"),
        ("Nb Orders\n3", "Nb Orders\n\xe9", "E151", "not plain text"),
        ("//Orders", "//Orders\nfour", "E155", "'four'"),
    ],
)
def test_names_every_fault(old, new, code, words):
    with pytest.raises(InputError) as caught:
        parse(old, new)
    said = [str(fault) for fault in caught.value.faults]
    assert any(text.startswith(code) and words in text for text in said), said
    assert all("tiny.txt" in text for text in said)


def test_ways_that_no_tour_takes_may_be_anything():
    # From depot to depot, and to an intersection.
    instance = parse("0 4 2.5", "0 4 0")
    assert instance.distance[0, 4] == 0
    assert parse("0 3 1.25\n0 4", "0 3 77\n0 4").distance[0, 3] == 77


def test_an_empty_or_hostile_file_is_refused():
    for data in (b"", b"//K\n", b"\0" * 100, b"x\n" * 10_000):
        with pytest.raises(InputError) as caught:
            parse_foodmart(data, "bad.txt")
        assert 1 <= len(caught.value.faults) <= 50
