"""Instances of joint picking: read, refused with every fault, and solutions written."""

import copy
import json
import tarfile

import pytest

from tests.warehouse.joint_picking_files import GOOD, write_instance
from warehouse.check.pick_lists import check_pick_lists
from warehouse.errors import InputError
from warehouse.formats.joint_picking import read_joint_picking, write_batches


def faults(folder):
    with pytest.raises(InputError) as caught:
        read_joint_picking(folder)
    return [(fault.code, fault.place) for fault in caught.value.faults]


def test_an_instance_is_read_as_it_is_written(tmp_path):
    instance = read_joint_picking(write_instance(tmp_path / "tiny"))
    assert instance.name == "tiny"
    assert instance.item_ids == ("w-1", "w-2", "w-3")
    assert instance.zones == ("north", "south")
    assert instance.item_zone.tolist() == [0, 1, 0]
    assert instance.item_row.tolist() == [3, -4, 7]
    assert instance.item_aisle.tolist() == [-2, 5, 0]
    assert instance.item_article.tolist() == [0, 0, 1]
    assert instance.article_volume.tolist() == [4, 9]
    assert instance.order_start.tolist() == [0, 2, 3]
    assert instance.position_article.tolist() == [0, 1, 0]
    assert (instance.min_items, instance.max_orders, instance.capacity) == (2, 2, 13)
    assert (instance.first_row, instance.last_row) == (-8, 8)


def test_batches_are_written_by_id(tmp_path):
    instance = read_joint_picking(write_instance(tmp_path))
    write_batches(tmp_path / "batches.json", instance, [((1, 0), ((1,), (0, 2)))])
    written = json.loads((tmp_path / "batches.json").read_text(encoding="utf-8"))
    assert written == [
        {"picklists": [["w-2"], ["w-1", "w-3"]], "orders": ["o-2", "o-1"]}
    ]


def test_every_fault_of_all_files_is_named(tmp_path):
    bad = copy.deepcopy(GOOD)
    bad["articles"][1]["id"] = "shirt"
    bad["orders"][0]["positions"] = []
    del bad["orders"][1]["id"]
    bad["warehouse_items"][0]["row"] = 9
    bad["warehouse_items"][1]["aisle"] = "five"
    bad["parameters"]["max_orders_per_batch"] = 0
    bad["parameters"]["min_items"] = 3
    assert faults(write_instance(tmp_path, **bad)) == [
        ("E175", "articles.json, [1], id"),
        ("E121", "orders.json, [1], id"),
        ("E117", "parameters.json, key max_orders_per_batch"),
        ("E122", "parameters.json, key min_items"),
        ("E117", "warehouse_items.json, [0], row"),
        ("E116", "warehouse_items.json, [1], aisle"),
    ]


def test_names_that_point_to_no_article_are_refused(tmp_path):
    bad = copy.deepcopy(GOOD)
    bad["orders"][0]["positions"] = ["shirt", "hat"]
    bad["orders"][1]["positions"] = [7]
    bad["warehouse_items"][2]["article"] = "hat"
    assert faults(write_instance(tmp_path, **bad)) == [
        ("E176", "orders.json, [0], positions"),
        ("E176", "orders.json, [1], positions"),
        ("E176", "warehouse_items.json, [2], article"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "E103"), ("[", "E105"), ("{}", "E105"), ("[1]", "E116"), ("null", "E105")],
)
def test_files_that_are_no_list_of_objects_are_refused(tmp_path, text, code):
    assert code in [code for code, _ in faults(write_instance(tmp_path, orders=text))]


def test_what_is_far_out_of_range_or_no_number_is_refused(tmp_path):
    for volume in (-1, 1.5, 1e300, True, None, [1]):
        bad = copy.deepcopy(GOOD)
        bad["articles"][0]["volume"] = volume
        (code, place), *_ = faults(write_instance(tmp_path, **bad))
        assert code in ("E116", "E117")
        assert place == "articles.json, [0], volume"


@pytest.mark.data
def test_published_pick_lists_have_their_published_length(bench_data, tmp_path):
    archive = bench_data / "orders" / "zalando" / "small_0_4_seed1.tgz"
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    folder = tmp_path / "small-0"
    instance = read_joint_picking(folder)
    item_of = {name: number for number, name in enumerate(instance.item_ids)}
    order_of = {name: number for number, name in enumerate(instance.order_ids)}
    written = json.loads((folder / "batches.json").read_text(encoding="utf-8"))
    batches = [
        (
            [order_of[name] for name in batch["orders"]],
            [[item_of[name] for name in walk] for walk in batch["picklists"]],
        )
        for batch in written
    ]
    said = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    assert check_pick_lists(instance, batches, said["objective_value"]) == []
