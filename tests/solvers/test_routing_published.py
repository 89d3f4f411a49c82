"""Published single picker routing instances, and the command that solves them."""

import json

import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.cli.solve_tour import TourMethod
from solvers.routing.aisle_methods import AISLE_METHODS
from solvers.routing.mainz_problem import aisle_problem
from solvers.routing.ratliff_rosenthal import solve_aisles
from tests.mainz_files import GOOD, write_archive
from tests.naive_routing import walk_faults
from warehouse.formats.mainz_sets import read_mainz_set, read_published_values

# One place for each article.
TOUR = (
    GOOD.replace("ID 9 AISLE 1 CELL 5 QUANTITY 2\n", "")
    .replace("NUM_SKUS : 3", "NUM_SKUS : 2")
    .replace("ID 9 AISLE 2 CELL 9 QUANTITY 1", "ID 9 AISLE 2 CELL 9 QUANTITY 3")
)


def write(tmp_path, text, name="tiny.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="latin-1")
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["solve", "tour", *map(str, arguments)])


@pytest.mark.data
@pytest.mark.parametrize(
    ("blocks", "results"),
    [(1, "results_SPRP.csv.gz"), (2, "results_SPRP_two_block.csv.gz")],
)
def test_all_published_optima(bench_data, blocks, results):
    folder = bench_data / "orders" / "sprp"
    published = read_published_values(folder / results)
    solved = 0
    for instance in read_mainz_set(folder / "sprp_F1_instances.tgz"):
        problem = aisle_problem(instance, blocks=blocks)
        tour = solve_aisles(problem).solution
        assert tour.length == pytest.approx(published[instance.name]), instance.name
        if solved % 40 == 0:
            assert walk_faults(problem, tour) == []
        solved += 1
    assert solved == len(published) == 2400


def test_geometry_of_one_block(tmp_path):
    (instance,) = read_mainz_set(write(tmp_path, TOUR))
    problem = aisle_problem(instance)
    assert problem.aisle_x.tolist() == [0, 3, 6]
    # 1.5 above cell 0, nine cell distances, 2 below cell 9; the depot is below.
    assert problem.cross_y.tolist() == [0, 12.5]
    assert problem.pick_y.tolist() == [1.5, 10.5]
    assert (problem.depot_aisle, problem.depot_cross) == (1, 1)
    # Up aisle 0 and back by the top, or there and back: 2 * 11 + 2 * 2 + 2 * 6.
    assert solve_aisles(problem).objective == 37.0


def test_geometry_of_two_blocks(tmp_path):
    (instance,) = read_mainz_set(write(tmp_path, TOUR.replace("CELL 9", "CELL 5")))
    problem = aisle_problem(instance, blocks=2)
    # Between cells 4 (y 5.5) and 5 (y 7.5) lies the cross aisle, 1 from each.
    assert problem.cross_y.tolist() == [0, 6.5, 13.5]
    assert problem.pick_y.tolist() == [1.5, 7.5]
    assert problem.depot_cross == 2


def test_solves_one_file(tmp_path):
    done = run(write(tmp_path, TOUR))
    assert done.exit_code == 0
    assert "tiny: optimal, length 37, 2 picks" in done.stdout


@pytest.mark.parametrize("method", list(TourMethod))
def test_every_method_as_json(tmp_path, method):
    path = write(tmp_path, TOUR)
    done = run(path, "--method", method.value, "--time-limit", "0.1", "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    (tour,) = answer["tours"]
    assert {pick["article"] for pick in tour["picks"]} == {7, 9}
    assert tour["length"] >= 37.0
    assert answer["method"] == method.value


def test_methods_of_command_and_library_agree():
    assert [method.value for method in TourMethod] == list(AISLE_METHODS)


def test_solves_a_set_compares_and_writes(tmp_path):
    write_archive(tmp_path / "set.tgz", {"a.txt": TOUR, "b.txt": TOUR})
    results = tmp_path / "results.csv"
    results.write_text("filename,objective\na.txt,37\nb.txt,40\n", encoding="utf-8")
    output = tmp_path / "tours.json"
    done = run(tmp_path / "set.tgz", "--compare", results, "-o", output)
    assert done.exit_code == 0
    assert "1 of 2 equal to the published length, 1 shorter" in done.stdout
    written = json.loads(output.read_text(encoding="utf-8"))
    assert [tour["name"] for tour in written["tours"]] == ["a", "b"]
    assert written["tours"][0]["picks"][0].keys() == {"article", "aisle", "cell"}
    walk = written["tours"][0]["walk"]
    assert walk[0] == walk[-1] == [3.0, 12.5]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (GOOD.replace("NUM_CELLS : 10", "NUM_CELLS : 11"), ["--blocks", "2"],
         "E159 tiny: 11 cells; two blocks need an even number"),
        (TOUR.replace("NUM_CELLS : 10", "NUM_CELLS : 11"), ["--blocks", "2"],
         "E159 tiny: 11 cells; two blocks need an even number"),
        (TOUR, ["--blocks", "2", "--method", "return"], "E330 this rule got 2 blocks"),
        (TOUR.replace("EOF", ""), [], "E154"),
        (TOUR, ["--compare", "absent.csv"], "E150 absent.csv: no such file"),
        (TOUR, ["-o", "absent/tours.json"], "absent: no such folder"),
    ],
)  # fmt: skip
def test_refuses_with_exit_code_1(tmp_path, text, options, words):
    done = run(write(tmp_path, text), *options)
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stdout == ""


def test_several_orders_are_no_tour(tmp_path):
    second = "NUM_ARTICLES : 1\nID 7 QUANTITY 1\nEOF"
    text = TOUR.replace("EOF", second).replace("QUANTITY 4", "QUANTITY 2")
    text = text.replace(
        "ID 7 AISLE 0 CELL 0 QUANTITY 2", "ID 7 AISLE 0 CELL 0 QUANTITY 9"
    )
    done = run(write(tmp_path, text))
    assert done.exit_code == 1
    assert "2 orders" in done.stderr


def test_too_many_stops_for_held_karp(tmp_path):
    ids = range(20)
    start = TOUR[: TOUR.index("ARTICLE_SECTION")]
    lines = ["ARTICLE_SECTION", "NUM_ARTICLES : 20", *(f"ID {i}" for i in ids)]
    lines += ["SKU_SECTION", "NUM_SKUS : 20"]
    lines += [f"ID {i} AISLE {i % 3} CELL {i % 10} QUANTITY 1" for i in ids]
    lines += ["ORDER_SECTION", "NUM_ARTICLES : 20"]
    lines += [f"ID {i} QUANTITY 1" for i in ids]
    path = write(tmp_path, start + "\n".join([*lines, "EOF"]))
    assert run(path).exit_code == 0
    done = run(path, "--method", "held-karp")
    assert done.exit_code == 1
    assert "20 stops" in done.stderr


def test_mistyped_commands(tmp_path):
    path = write(tmp_path, TOUR)
    assert run(path, "--method", "zigzag").exit_code == 2
    assert run(path, "--blocks", "3").exit_code == 2
