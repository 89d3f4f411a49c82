"""Lifelong problems: the League of Robot Runners' files, and the plain tables."""

import pytest

from tests.warehouse.motion_files import AGENTS, PROBLEM, TASKS, write_files
from warehouse.errors import InputError
from warehouse.formats.lifelong_csv import read_lifelong_csv
from warehouse.formats.lorr_problem import read_lorr_problem

CUT = "type octile\nheight 3\nwidth 4\nmap\n..@.\n.@@.\n..@.\n"
ROUND_ROBIN = PROBLEM.replace(
    '"version": "2024 LoRR"', '"taskAssignmentStrategy": "roundrobin"'
)


def read(folder, **changed):
    return read_lorr_problem(write_files(folder, **changed) / "tiny.json")


def faults(folder, **changed):
    with pytest.raises(InputError) as caught:
        read(folder, **changed)
    return [str(fault) for fault in caught.value.faults]


def test_form_of_2024(tmp_path):
    problem = read(tmp_path)
    assert problem.starts.tolist() == [0, 11]
    assert problem.errands.tolist() == [1, 2, 3, 7, 11, 8]
    assert problem.first_errand.tolist() == [0, 2, 5, 6]
    assert problem.open_tasks == 3


def test_form_of_2023(tmp_path):
    problem = read(tmp_path, tiny_json=ROUND_ROBIN, tiny_tasks="3\n1\n3\n8\n")
    assert problem.open_tasks is None
    assert problem.errands.tolist() == [1, 3, 8]


def test_fewer_robots_than_the_file_has(tmp_path):
    one = PROBLEM.replace('"teamSize": 2', '"teamSize": 1')
    problem = read(tmp_path, tiny_json=one)
    assert problem.starts.tolist() == [0]
    assert problem.open_tasks == 2


def test_unknown_key_is_passed_over_and_a_misspelt_one_is_not(tmp_path):
    more = PROBLEM.replace('"teamSize"', '"author": "me", "teamSize"')
    assert read(tmp_path, tiny_json=more).robots == 2
    wrong = PROBLEM.replace("numTasksReveal", "numTaskReveal")
    assert faults(tmp_path, tiny_json=wrong) == [
        "E122 tiny.json, key numTaskReveal: unknown key; take it away, or did you mean "
        "numTasksReveal?"
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("tiny_json", PROBLEM, PROBLEM[:60], "E105 tiny.json, line 1"),
        ("tiny_json", "{", "[", "E105 tiny.json, line 1"),
        ("tiny_json", '"teamSize": 2', '"teamSize": "2"', "E116 tiny.json, key team"),
        ("tiny_json", '"teamSize": 2', '"teamSize": 3', "E195 tiny.json, key teamSize"),
        ("tiny_json", '"teamSize": 2,', "", "E121 tiny.json, key teamSize"),
        ("tiny_json", "1.5", "NaN", "E105 tiny.json"),
        ("tiny_json", "1.5", "-1", "E117 tiny.json, key numTasksReveal"),
        ("tiny_json", "2024 LoRR", "2026 LoRR", "E197 tiny.json, key version"),
        ("tiny_json", "tiny.map", "no.map", "E101 no.map"),
        ("tiny_json", "tiny.map", "tiny\\u0000.map", "E115 tiny.json, key mapFile"),
        ("tiny_agents", "2\n0", "1000000000\n0", "E195 tiny.agents, line 2"),
        ("tiny_agents", "2\n0", "9999999999999999\n0", "E195 tiny.agents, line 2"),
        ("tiny_agents", "2\n0", "2\n5", "E184 tiny.agents, line 3"),
        ("tiny_agents", "2\n0", "2\n12", "E134 tiny.agents, line 3"),
        ("tiny_agents", "2\n0", "2\n11", "E146 tiny.agents, line 4"),
        ("tiny_agents", "2\n0", "2\n0,1", "E190 tiny.agents, line 3"),
        ("tiny_agents", "2\n0", "two\n0", "E190 tiny.agents, line 2"),
        ("tiny_agents", AGENTS, "# only\n", "E190 tiny.agents, line 1"),
        ("tiny_tasks", "3\n", "4\n", "E195 tiny.tasks, line 1"),
        ("tiny_tasks", "3,7,11", "3,6,11", "E192 tiny.tasks, line 3"),
        ("tiny_tasks", "3,7,11", "3,7,12", "E134 tiny.tasks, line 3"),
        ("tiny_tasks", "3,7,11", "3,7,-1", "E190 tiny.tasks, line 3"),
        ("tiny_tasks", "3,7,11", "3;7;11", "E190 tiny.tasks, line 3"),
        ("tiny_tasks", "3,7,11", "3,7," + "1" * 5000, "E190 tiny.tasks, line 3"),
        ("tiny_tasks", TASKS, "3\n1,2\n3,7,1", "E195 tiny.tasks, line 1"),
        ("tiny_tasks", TASKS, "0\n", "E103 tiny.tasks"),
    ],
)
def test_refused_with_its_place(tmp_path, file, old, new, expected):
    text = {"tiny_json": PROBLEM, "tiny_agents": AGENTS, "tiny_tasks": TASKS}[file]
    found = faults(tmp_path, **{file: text.replace(old, new, 1)})
    assert [line for line in found if line.startswith(expected)], found


def test_text_that_is_no_utf8(tmp_path):
    for file in ("tiny_json", "tiny_agents", "tiny_tasks", "tiny_map"):
        found = faults(tmp_path, **{file: b"\xff\xfe\x00"})
        assert any(line.startswith("E104") for line in found), found


def test_key_that_is_there_twice(tmp_path):
    found = faults(tmp_path, tiny_json=PROBLEM.replace("{", '{"teamSize": 1,', 1))
    assert found == ["E113 tiny.json, key teamSize: the key is there twice; keep one"]


def test_json_nested_without_end(tmp_path):
    found = faults(tmp_path, tiny_json='{"a":' + "[" * 200_000)
    assert found == [
        "E105 tiny.json: lists or objects are nested too deeply; write it as JSON"
    ]


def test_all_faults_of_all_files_come_at_once(tmp_path):
    found = faults(
        tmp_path,
        tiny_json=PROBLEM.replace("1.5", '"x"'),
        tiny_agents="2\nx\ny\n",
        tiny_tasks="1\nz\n",
    )
    assert [line.split(":")[0] for line in found] == [
        "E116 tiny.json, key numTasksReveal",
        "E190 tiny.agents, line 2",
        "E190 tiny.agents, line 3",
        "E190 tiny.tasks, line 2",
    ]


def test_errands_of_a_pool_must_be_in_reach_of_one_robot(tmp_path):
    tasks = "3\n1,0\n3,11\n0,3\n"
    found = faults(tmp_path, tiny_map=CUT, tiny_tasks=tasks)
    assert [line.split(":")[0] for line in found] == ["E194 tiny.tasks, line 4"]
    alone = PROBLEM.replace('"teamSize": 2', '"teamSize": 1')
    found = faults(tmp_path, tiny_map=CUT, tiny_json=alone, tiny_tasks=tasks)
    assert [line[:23] for line in found] == [
        "E194 tiny.tasks, line 3",
        "E194 tiny.tasks, line 4",
    ]


def test_tasks_by_turns_must_be_in_reach_of_the_robot_whose_turn_it_is(tmp_path):
    """Robot 0 is on the left, robot 1 on the right of a wall."""
    good = "4\n0\n3\n8\n11\n"
    both = "3\n0\n3\n8\n"  # an odd number: every task comes to every robot
    given = {"tiny_map": CUT, "tiny_json": ROUND_ROBIN}
    assert read(tmp_path, **given, tiny_tasks=good).tasks == 4
    assert len(faults(tmp_path, **given, tiny_tasks=both)) == 3
    found = faults(tmp_path, **given, tiny_tasks="4\n0\n3\n11\n11\n")
    assert [line.split(":")[0] for line in found] == ["E194 tiny.tasks, line 4"]


def read_tables(folder, **changed):
    write_files(folder, **changed)
    return read_lifelong_csv(
        folder / "tiny.map", folder / "agents.csv", folder / "tasks.csv"
    )


def test_tables(tmp_path):
    problem = read_tables(tmp_path)
    assert problem.starts.tolist() == [0, 11]
    assert problem.errands.tolist() == [1, 3, 8]
    assert problem.open_tasks is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"agents_csv": "agent id,row,col\n0,1,1\n"}, "E184 agents.csv, line 2"),
        ({"agents_csv": "row,col\n0,0\n0,0\n"}, "E146 agents.csv, line 3"),
        ({"agents_csv": "row,col\n3,0\n"}, "E117 agents.csv, line 2, column row"),
        ({"agents_csv": "row\n3\n"}, "E111 agents.csv, line 1"),
        ({"agents_csv": "row,col\n"}, "E103 agents.csv"),
        ({"tasks_csv": "targets\n5\n"}, "E192 tasks.csv, line 2"),
        ({"tasks_csv": "targets\n999999999999\n"}, "E117 tasks.csv, line 2"),
        ({"tasks_csv": "targets\n12\n"}, "E134 tasks.csv, line 2"),
        ({"tasks_csv": "target\n1\n"}, "E111 tasks.csv, line 1"),
    ],
)
def test_tables_refused_with_their_place(tmp_path, changed, expected):
    with pytest.raises(InputError) as caught:
        read_tables(tmp_path, **changed)
    found = [str(fault) for fault in caught.value.faults]
    assert [line for line in found if line.startswith(expected)], found


@pytest.mark.data
def test_published_problems(bench_data):
    folder = bench_data / "mapf"
    pools = []
    for problem in sorted(folder.glob("lorr20*/*/*.json")):
        pools.append(read_lorr_problem(problem).open_tasks)
    assert sorted(pool for pool in pools if pool) == [150, 300, 600, 1050, 1200]
    assert pools.count(None) == len(pools) - 5
