"""Container loading instances: pairs of tables, alone, in folders and archives."""

import io
import tarfile

import pytest

from warehouse.errors import InputError
from warehouse.formats.packing_csv import parse_packing, read_packing_set

ITEMS = (
    "ID,X,Y,Z,ROTATION_XYZ,ROTATION_YXZ,ROTATION_ZYX,ROTATION_YZX,ROTATION_XZY,"
    "ROTATION_ZXY,COPIES\n0,100,44,37,1,1,0,0,1,1,32\n1,90,78,55,1,1,0,0,0,0,2\n"
)
BINS = "ID,X,Y,Z\n0,587,233,220\n"


def parse(items=ITEMS, bins=BINS):
    return parse_packing(items.encode(), "a_items.csv", bins.encode(), "a_bins.csv")


def test_what_the_tables_say():
    instance = parse()
    assert instance.name == "a"
    assert instance.container == (587, 233, 220)
    assert [item.copies for item in instance.items] == [32, 2]
    assert instance.items[0].edges == (100, 44, 37)
    assert instance.items[0].ways == ("XYZ", "YXZ", "XZY", "ZXY")
    assert instance.max_mass_kg == float("inf")


def test_masses_are_optional():
    instance = parse("ID,X,Y,Z,WEIGHT\nbox,1,2,3,4.5\n",
                     "ID,X,Y,Z,MAXIMUM_WEIGHT\n0,9,9,9,20\n")  # fmt: skip
    assert (instance.items[0].mass_kg, instance.max_mass_kg) == (4.5, 20.0)


@pytest.fixture
def folder(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}_items.csv").write_text(ITEMS)
        (tmp_path / f"{name}_bins.csv").write_text(BINS)
    return tmp_path


def test_one_pair_a_folder_and_an_archive(folder):
    assert [one.name for one in read_packing_set(folder / "b_items.csv")] == ["b"]
    assert [one.name for one in read_packing_set(folder)] == ["a", "b"]
    archive = folder / "set.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(folder.glob("*.csv")):
            tar.add(path, f"./sub/{path.name}")
    assert [one.name for one in read_packing_set(archive)] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "found"), [("here.csv", "no table"), ("absent", "no such file or folder")]
)
def test_a_name_that_is_no_table_is_told_from_one_that_is_not_there(
    tmp_path, name, found
):
    (tmp_path / "here.csv").write_text("a,b\n")
    with pytest.raises(InputError, match=found):
        list(read_packing_set(tmp_path / name))


def test_a_pair_that_is_not_whole_is_named(folder):
    (folder / "b_bins.csv").unlink()
    with pytest.raises(InputError, match=r"E150 .*b_bins.csv: no such file"):
        list(read_packing_set(folder))
    archive = folder / "set.tar"
    with tarfile.open(archive, "w") as tar:
        for name in ("a_items.csv", "b_items.csv", "a_bins.csv"):
            data = (folder / name).read_bytes()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    with pytest.raises(InputError, match=r"b_bins.csv: no such file"):
        list(read_packing_set(archive))
    with pytest.raises(InputError, match="E150"):
        list(read_packing_set(folder / "a_bins.csv"))


@pytest.mark.parametrize(
    ("items", "bins", "fault"),
    [
        ("", BINS, "E152 a_items.csv, line 1: no column ID"),
        ("ID,X,Y\n0,1,1\n", BINS, "no column Z"),
        ("ID,X,Y,Z,Q\n0,1,1,1,1\n", BINS, "column 'Q'"),
        ("ID,X,Y,Z,Z\n0,1,1,1,1\n", BINS, "column 'Z'"),
        ("ID,X,Y,Z\n", BINS, "E154 a_items.csv, rows: none"),
        ("ID,X,Y,Z\n0,1,0,1\n", BINS, "E153 a_items.csv, line 2: Y is '0'"),
        ("ID,X,Y,Z\n0,1,-5,1\n", BINS, "line 2: Y is '-5'"),
        ("ID,X,Y,Z\n0,1,1.5,1\n", BINS, "line 2: Y is '1.5'"),
        ("ID,X,Y,Z\n0,1,1\n", BINS, "E155 a_items.csv, line 2: 3 cells"),
        ("ID,X,Y,Z,COPIES\n0,1,1,1,-1\n", BINS, "COPIES is '-1'"),
        ("ID,X,Y,Z,COPIES\n0,1,1,1,9000\n1,1,1,1,9000\n", BINS, "18000 boxes"),
        ("ID,X,Y,Z,WEIGHT\n0,1,1,1,nan\n", BINS, "WEIGHT is 'nan'"),
        ("ID,X,Y,Z,ROTATION_XYZ\n0,1,1,1,0\n", BINS, "no rotation is allowed"),
        ("ID,X,Y,Z,ROTATION_XYZ\n0,1,1,1,2\n", BINS, "ROTATION_XYZ is '2'"),
        ('ID,X,Y,Z\n0,1,"1,1\n', BINS, "E155"),
        ("ID,X,Y,Z\n\u00e4,1,1,1\n", BINS, "E151"),
        (ITEMS, BINS + "1,5,5,5\n", "E154 a_bins.csv, rows: 2 containers"),
        (ITEMS, "ID,X,Y,Z\n0,5,5,0\n", "E153 a_bins.csv, line 2: Z is '0'"),
    ],
)
def test_what_is_wrong_is_named(items, bins, fault):
    with pytest.raises(InputError) as error:
        parse(items, bins)
    assert fault in str(error.value)
