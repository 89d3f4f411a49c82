"""The rules for numba kernels that keep their on-disk cache right.

The cache of an `njit` kernel is thrown away when its own file changes, and only then:
what it takes from another file stays compiled into it. A `solvers.kernel.kernel` may
use kernels, constants and named tuples of other files that it imports by name.
"""

import ast
import functools
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from warehouse.distances import UNREACHABLE

CHECKOUT = Path(__file__).resolve().parents[1]
HOUSES = ("warehouse", "solvers", "viz")
KERNEL = {"kernel", "lean_kernel"}
FIXED = {"warehouse.distances.UNREACHABLE"}
"""Constants of other files that kernels may hold: they never change."""


def kernels(path: Path) -> list[ast.FunctionDef]:
    """Functions of a file that numba compiles."""
    return [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(
            "jit" in ast.unparse(mark) or ast.unparse(mark) in KERNEL
            for mark in node.decorator_list
        )
    ]


def imports(path: Path) -> dict[str, str]:
    """Name in a file to what of the project it stands for."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            for alias in node.names:
                found[alias.asname or alias.name] = f"{source}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = alias.name
    ours = tuple(f"{house}." for house in HOUSES)
    return {
        name: source
        for name, source in found.items()
        if source.startswith((".", *ours)) or source in HOUSES
    }


def taken_from_elsewhere(path: Path) -> set[str]:
    """What kernels of a file take from other files of the project; not annotations."""
    known = imports(path)
    return {
        known[node.id]
        for kernel in kernels(path)
        for line in kernel.body
        for node in ast.walk(line)
        if isinstance(node, ast.Name) and node.id in known
    }


def kernel_files() -> list[Path]:
    files = [path for house in HOUSES for path in (CHECKOUT / house).rglob("*.py")]
    return sorted(path for path in files if kernels(path))


def test_the_scan_sees_calls_into_other_files(tmp_path):
    path = tmp_path / "kernel.py"
    path.write_text(
        "import solvers.a\nimport numpy as np\nfrom warehouse.b import c as d, E, f\n"
        "from . import near\n"
        "@njit(cache=True)\ndef kernel(x: E):\n"
        "    return d(x) + solvers.a.g(x) + np.sin(x) + near.h(x)\n"
        "def no_kernel(x):\n    return f(x)\n",
        encoding="utf-8",
    )
    assert [kernel.name for kernel in kernels(path)] == ["kernel"]
    assert taken_from_elsewhere(path) == {"warehouse.b.c", "solvers.a", "..near"}


def noticed(source: str) -> bool:
    """Whether a `kernel` notices a change of what it imports under a full name."""
    module, _, name = source.rpartition(".")
    if not module.startswith(HOUSES):
        return False
    value = getattr(importlib.import_module(module), name)
    fields = isinstance(value, type) and issubclass(value, tuple)
    return fields or isinstance(value, (int, float, np.generic, np.ndarray))


@functools.cache
def shared_kernels() -> set[str]:
    """Full names of the kernels that others may call."""
    return {
        f"{'.'.join(path.relative_to(CHECKOUT).with_suffix('').parts)}.{one.name}"
        for path in kernel_files()
        for one in kernels(path)
        if any(ast.unparse(mark) in KERNEL for mark in one.decorator_list)
    }


def marks(path: Path) -> set[str]:
    return {ast.unparse(m) for one in kernels(path) for m in one.decorator_list}


@pytest.mark.parametrize("path", kernel_files(), ids=lambda path: path.stem)
def test_kernels_take_nothing_from_other_files_that_their_cache_misses(path):
    taken = taken_from_elsewhere(path) - FIXED
    if marks(path) <= KERNEL:
        taken = {source for source in taken - shared_kernels() if not noticed(source)}
    assert taken == set()


def test_fixed_constants_are_what_cached_kernels_hold():
    assert UNREACHABLE == 32767, "rename it: kernels compiled before keep the old value"


@pytest.mark.parametrize("path", kernel_files(), ids=lambda path: path.stem)
def test_kernels_are_cached_and_compiled_for_what_they_are_given(path):
    assert marks(path) == {"njit(cache=True)"} or marks(path) <= KERNEL


CALLED = """
from solvers.kernel import kernel
@kernel
def called(x):
    return x + {}
"""
CONSTANT = "ADDED = {}"
CALLER = """
from solvers.kernel import kernel
from called import called
from constant import ADDED
@kernel
def caller(x):
    return called(x) + ADDED
print(caller(1), sum(caller.stats.cache_hits.values()))
"""


def run_module(folder, name):
    """What a module prints that is imported in a process of its own, in words."""
    env = {**os.environ, "PYTHONPATH": f"{CHECKOUT}:{folder}"}
    for variable in ("NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT"):
        env.pop(variable, None)
    command = [sys.executable, "-B", "-c", f"import {name}"]
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_kernel_notices_that_a_kernel_of_another_file_changed(tmp_path):
    (tmp_path / "caller.py").write_text(CALLER, encoding="utf-8")
    seen = []
    for file, text in (
        ("constant.py", CONSTANT.format(0)),
        ("called.py", CALLED.format(1)),
        (None, ""),
        ("called.py", CALLED.format(10)),
        ("constant.py", CONSTANT.format(500)),
    ):
        if file:
            (tmp_path / file).write_text(text, encoding="utf-8")
        if file == "constant.py" and not seen:
            seen.append(None)
            continue
        seen.append(run_module(tmp_path, "caller"))
    assert seen[1:] == [["2", "0"], ["2", "1"], ["11", "0"], ["511", "0"]]


TAKES_A_TUPLE = """
from solvers.kernel import kernel
@kernel
def first(pair):
    return pair[0]
"""
GIVES_A_TUPLE = """
from typing import NamedTuple
from takes import first
class {0}(NamedTuple):
    a: int
    b: int
print(first({0}(7, 8)))
"""


def test_a_cache_that_names_a_class_of_before_is_left_aside(tmp_path):
    (tmp_path / "takes.py").write_text(TAKES_A_TUPLE, encoding="utf-8")
    for name in ("Old", "New"):
        text = GIVES_A_TUPLE.format(name)
        (tmp_path / "gives.py").write_text(text, encoding="utf-8")
        assert run_module(tmp_path, "gives") == ["7"]


PARTS = """
from numba.core import event
from solvers.kernel import kernel
@kernel
def low(x, added):
    if x < 0:
        raise ValueError("below nothing")
    return x + added
@kernel
def middle(x):
    return low(x, 1) + low(x, 2) + low(x, x)
@kernel
def first(x):
    return middle(x) + low(x, 3)
@kernel
def second(x):
    return low(x, 4) - middle(x)
class Names(event.Listener):
    def on_start(self, event):
        print(event.data["dispatcher"].__name__)
    def on_end(self, event):
        pass
with event.install_listener("numba:compile", Names()):
    print(first(1), second(1), low(5, 5))
for one, arguments in ((first, (-1,)), (low, (-1, 0))):
    try:
        one(*arguments)
    except ValueError as error:
        print(*error.args)
"""


def test_kernels_that_others_call_are_compiled_once_as_parts_of_them(tmp_path):
    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    warm = ["11", "-2", "10", *["below", "nothing"] * 2]
    cold = ["first", "middle", "low", "second", "low", *warm]
    assert run_module(tmp_path, "parts") == cold
    assert run_module(tmp_path, "parts") == warm
    kept = {path.name.split("-")[0] for path in tmp_path.rglob("*.nbi")}
    assert kept == {"parts.first", "parts.second", "parts.low"}


WARM_OR_COLD = """
import json, numpy as np, warehouse
from warehouse.distances import DistanceTable, _nearest
from warehouse.grid import Grid
DistanceTable(Grid.from_arrays(np.ones((2, 2), bool))).from_any([0])
stats = _nearest.stats
hits, misses = (sum(c.values()) for c in (stats.cache_hits, stats.cache_misses))
facts = {"package": warehouse.__file__, "cache": str(stats.cache_path)}
print(json.dumps({**facts, "hits": hits, "misses": misses}))
"""


def test_a_read_only_install_caches_in_the_folder_of_the_user(tmp_path):
    site, home = tmp_path / "site", tmp_path / "home"
    home.mkdir()
    bytecode = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "warehouse", site / "warehouse", ignore=bytecode)
    # A file in the way refuses writers, the administrator too; permissions would not.
    (site / "warehouse" / "__pycache__").touch()
    env = {**os.environ, "HOME": str(home), "PYTHONPATH": str(site)}
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "NUMBA_DISABLE_JIT"):
        env.pop(name, None)
    runs = []
    for _ in ("cold", "warm"):
        command = [sys.executable, "-c", WARM_OR_COLD]
        done = subprocess.run(
            command, cwd=home, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        runs.append(json.loads(done.stdout))
    assert [(run["misses"], run["hits"]) for run in runs] == [(1, 0), (0, 1)]
    for run in runs:
        assert Path(run["package"]).is_relative_to(site)
        assert Path(run["cache"]).is_relative_to(home)
