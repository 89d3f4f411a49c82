"""The rules of the house that can be read off the sources.

Which package may import which, what a light import may not pull in, and a few rules
on names and sizes. Imports inside functions count as well.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
HOUSES = ("warehouse", "solvers", "viz", "layouts")
HEAVY = ("numba", "ortools", "pygame", "shapely", "imageio", "pandas", "scipy")
# What the checker may know of: what a scenario and a plan are, and nothing that
# decides or measures anything.
CONTRACT = (
    *("errors", "layout", "grid", "scenario", "packing_day", "replenishment"),
    *("shipping", "staff", "trucks", "plan", "consignment", "check", "version"),
)
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
MOST_LINES = 500


def sources(*folders: str) -> list[Path]:
    return sorted(path for name in folders for path in (CHECKOUT / name).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_names(path: Path) -> set[str]:
    """Full dotted names a file imports; ``from a import b`` gives ``a.b``."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{source}.{alias.name}" for alias in node.names}
    return names


def is_inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def breaches(importers: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    """Lines ``importer imports name`` for every forbidden import."""
    assert importers, "no file to read: the rule below would hold for nothing"
    return [
        f"{module_name(path)} imports {name}"
        for path in importers
        for name in sorted(imported_names(path))
        if any(is_inside(name, package) for package in forbidden)
    ]


def solver_sources() -> list[Path]:
    """Everything in solvers but the command line, which is the roof."""
    roof = ("solvers.cli", "solvers.__main__")
    return [
        path
        for path in sources("solvers")
        if not any(is_inside(module_name(path), part) for part in roof)
    ]


def test_imported_names_sees_every_kind_of_import(tmp_path, monkeypatch):
    folder = tmp_path / "house" / "room"
    folder.mkdir(parents=True)
    file = folder / "door.py"
    file.write_text(
        "import a.b as c\nfrom d import e\nfrom . import f\n"
        "def g():\n    from ..h import i\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sys.modules[__name__], "CHECKOUT", tmp_path)
    assert imported_names(file) == {"a.b", "d.e", "house.room.f", "house.h.i"}
    assert breaches([file], ("house.h",)) == ["house.room.door imports house.h.i"]


def test_warehouse_imports_neither_solvers_nor_viz():
    assert breaches(sources("warehouse"), ("solvers", "viz", "layouts")) == []


def test_viz_never_imports_solvers():
    assert breaches(sources("viz"), ("solvers",)) == []


def test_layouts_import_neither_solvers_nor_viz():
    assert breaches(sources("layouts"), ("solvers", "viz")) == []


def test_solvers_import_viz_only_under_the_command_line():
    assert breaches(solver_sources(), ("viz", "solvers.cli")) == []


def test_checker_shares_no_code_with_solvers():
    checker = [
        path
        for path in sources("warehouse")
        if is_inside(module_name(path), "warehouse.check")
    ]
    assert breaches(checker, ("numba", "ortools")) == []
    allowed = tuple(f"warehouse.{name}" for name in CONTRACT)
    assert [
        f"{module_name(path)} imports {name}"
        for path in checker
        for name in sorted(imported_names(path))
        if is_inside(name, "warehouse")
        and not any(is_inside(name, module) for module in allowed)
    ] == []
    assert breaches(solver_sources(), ("warehouse.check",)) == []


@pytest.mark.parametrize("module", ["warehouse", "solvers", "solvers.cli", "layouts"])
def test_import_is_light(module):
    code = f"import sys, {module}; print(*(n for n in {HEAVY} if n in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split() == []


def test_library_code_neither_prints_nor_exits():
    loud = []
    quiet_sources = [*sources("warehouse", "viz", "layouts"), *solver_sources()]
    for path in quiet_sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in {"print", "sys.exit", "exit", "logging.basicConfig"}:
                    loud.append(f"{module_name(path)}:{node.lineno} calls {called}")
    assert loud == []


def test_no_module_has_a_vague_name():
    names = [module_name(path) for path in sources(*HOUSES, "tests", "benchmarks")]
    assert [name for name in names if VAGUE & set(name.split("."))] == []


def test_no_file_is_too_long():
    lengths = {
        module_name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(*HOUSES, "tests", "benchmarks")
    }
    too_long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES}
    assert too_long == {}, f"more than {MOST_LINES} lines: what is the second subject?"


def test_every_folder_of_modules_is_a_package_with_a_docstring():
    folders = {path.parent for path in sources(*HOUSES, "benchmarks")}
    assert {CHECKOUT / house for house in HOUSES} <= folders
    silent = []
    for folder in sorted(folders):
        start = folder / "__init__.py"
        if not start.is_file() or not ast.get_docstring(
            ast.parse(start.read_text(encoding="utf-8"))
        ):
            silent.append(str(folder.relative_to(CHECKOUT)))
    assert silent == []
