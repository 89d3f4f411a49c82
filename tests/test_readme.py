"""The README does what it says: its code, its commands, its files, its links.

- A block ``python`` runs as printed, in a folder of its own.
- A block after a line that is only a path in backticks is that file's content.
- A line ``$ aislewise ...`` runs in the folder where those files were written, in
  the README's order. Commands that open a window are left out.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:^`(?P<file>[\w./-]+)`\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
BLOCKS = list(BLOCK.finditer(README))
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
LONGEST_S = 180


def python_blocks() -> list[str]:
    return [block["text"] for block in BLOCKS if block["kind"] == "python"]


def opens_a_window(words: list[str]) -> bool:
    return words[1] == "demo" or (words[1] == "replay" and "--export" not in words)


def shown_commands() -> list[list[str]]:
    lines = [
        line.removeprefix("$ ")
        for block in BLOCKS
        if block["kind"] in {"console", "sh"}
        for line in block["text"].splitlines()
        if line.startswith("$ aislewise")
    ]
    commands = [shlex.split(line, comments=True) for line in lines]
    return [words for words in commands if not opens_a_window(words)]


def write_shown_files(folder: Path) -> None:
    for block in BLOCKS:
        if block["file"]:
            path = folder / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


def test_readme_shows_code_commands_and_files():
    assert python_blocks()
    assert any(words[1] == "plan" for words in shown_commands())
    assert [block["file"] for block in BLOCKS if block["file"]]


@pytest.mark.parametrize("code", python_blocks())
def test_code_runs_as_printed(code, tmp_path):
    done = run([sys.executable, "-c", code], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_commands_run_as_printed(tmp_path):
    write_shown_files(tmp_path)
    program = str(Path(sys.executable).with_name("aislewise"))
    for words in shown_commands():
        done = run([program, *words[1:]], tmp_path)
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    "page",
    [
        *(CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((CHECKOUT / "docs").rglob("*.md")),
    ],
    ids=lambda page: page.name,
)
def test_links_lead_somewhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
