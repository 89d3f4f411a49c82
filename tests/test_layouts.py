"""The shipped scenarios are what their recorded commands make."""

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import layouts
from solvers.cli.app import app
from warehouse.floorplan import find_floor_faults
from warehouse.formats.scenario_folder import read_scenario
from warehouse.layout import CellKind

# rows, columns, robots, stations, orders, homes at least
SHAPES = {
    "small": (16, 24, 4, 2, 20, 4),
    "demo": (60, 100, 60, 10, 1_000, 60),
    "large": (116, 196, 300, 40, 10_000, 1_000),
    "pods": (39, 55, 60, 8, 2_000, 60),
}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_folders_and_names_agree():
    package = Path(layouts.__file__).parent
    assert {path.parent.name for path in package.glob("*/scenario.toml")} == set(
        layouts.names()
    )
    for name in layouts.names():
        assert (layouts.folder(name) / "scenario.toml").is_file()


def test_unknown_name_is_refused():
    with pytest.raises(KeyError, match="small, demo, large, pods"):
        layouts.folder("../small")


@pytest.mark.parametrize("name", layouts.names())
def test_recorded_command_makes_the_same_files(name, tmp_path):
    shipped = layouts.folder(name)
    command = (shipped / "made_by.txt").read_text(encoding="utf-8")
    words = shlex.split(command)
    new = "new-pods" if name == "pods" else "new"
    assert words[:4] == ["aislewise", "scenario", new, name]
    made = tmp_path / name
    result = CliRunner().invoke(app, ["scenario", new, str(made), *words[4:]])
    assert result.exit_code == 0, result.stderr
    assert content(made) == content(shipped)


@pytest.mark.parametrize("name", layouts.names())
def test_shipped_scenario_is_what_the_documents_say(name):
    scenario = read_scenario(layouts.folder(name))
    rows, cols, robots, stations, orders, homes = SHAPES[name]
    layout = scenario.layout
    assert (layout.height, layout.width) == (rows, cols)
    assert (len(scenario.fleet), len(scenario.stations)) == (robots, stations)
    assert len(scenario.orders) == orders
    assert (scenario.pods is None) == (name != "pods")
    assert len(layout.cells_of(CellKind.HOME)) >= homes
    assert find_floor_faults(layout, scenario.fleet) == []


def test_data_is_small():
    package = Path(layouts.__file__).parent
    sizes = {path: path.stat().st_size for path in package.rglob("*.*")}
    assert max(sizes.values()) < 1_000_000
    assert sum(sizes.values()) < 2_500_000
