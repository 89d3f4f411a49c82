"""``aislewise layout`` as a person types it."""

from tests.solvers.test_cli_commands import answer, run

ONE_AISLE = [
    *("--block-rows", "1", "--block-cols", "1", "--aisles-per-block", "2"),
    *("--aisle-depth", "3", "--stations", "1", "--homes", "4"),
]


def test_layout_with_exits_is_written_with_its_table_beside_it(tmp_path):
    hall, again = tmp_path / "hall.toml", tmp_path / "again.toml"
    assert run("layout", "new-pods", "-o", hall).exit_code == 0
    assert run("layout", "convert", hall, again).exit_code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"hall.toml", "hall_exits.csv", "again.toml", "again_exits.csv"}
    made = [answer(run("layout", "show", path, "--json")) for path in (hall, again)]
    assert made[0]["one_way_cells"] == made[1]["one_way_cells"] > 0


def test_two_way_floor_is_remembered_in_the_command(tmp_path):
    folder = tmp_path / "mine"
    assert run("scenario", "new-pods", folder, "--two-way").exit_code == 0
    words = (folder / "made_by.txt").read_text(encoding="utf-8")
    assert words == "aislewise scenario new-pods mine --two-way\n"


def test_layout_goes_from_new_through_convert_to_show(tmp_path):
    hall, as_map = tmp_path / "hall.toml", tmp_path / "hall.map"
    made = answer(run("layout", "new", "-o", hall, *ONE_AISLE, "--one-way", "--json"))
    assert (made["rows"], made["cols"]) == (13, 12)
    assert run("layout", "convert", hall, as_map).exit_code == 0
    shown = run("layout", "show", hall)
    assert shown.exit_code == 0
    assert "#..S^SSvS..#" in shown.stdout
    assert "^ v < > one-way floor" in shown.stdout
    assert "12 of 12 racks" in shown.stdout
    facts = answer(run("layout", "show", as_map, "--json"))
    assert "rack" not in facts["cells"]
    assert facts["drivable_cells"] == facts["drivable_cells_reached"]


def test_layout_with_a_robot_too_wide_for_it_is_refused(tmp_path):
    hall = tmp_path / "hall.toml"
    run("layout", "new", "-o", hall, *ONE_AISLE)
    result = run("layout", "show", hall, "--robot", "1.4x1.2")
    assert result.exit_code == 1
    assert "robot of 1.4 x 1.2 m" in result.stderr
    assert run("layout", "show", hall, "--robot", "0.9x0.9").exit_code == 0


def test_layout_show_says_what_no_robot_reaches(tmp_path):
    odd = tmp_path / "odd.map"
    odd.write_text("type octile\nheight 1\nwidth 3\nmap\n.@.\n")
    facts = answer(run("layout", "show", odd, "--json"))
    assert (facts["drivable_cells"], facts["drivable_cells_reached"]) == (2, 1)


def test_layout_is_drawn(tmp_path):
    picture = tmp_path / "small.png"
    assert run("layout", "show", "small", "-o", picture).exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_scenario_is_made_on_a_floor_of_ones_own(tmp_path):
    hall, made = tmp_path / "hall.toml", tmp_path / "mine"
    run("layout", "new", "-o", hall, *ONE_AISLE)
    words = ["scenario", "new", made, "--layout", hall, "--robots", 3, "--orders", 7]
    facts = answer(run(*words, "--json"))
    assert (facts["orders"], facts["robots"], facts["stations"]) == (7, 3, 1)
    made_by = (made / "made_by.txt").read_text()
    assert made_by == (
        f"aislewise scenario new mine --layout {hall} --robots 3 --orders 7\n"
    )
    assert run(*words).exit_code == 0  # its own work may be made anew
