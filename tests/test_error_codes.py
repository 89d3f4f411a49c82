"""Every error code of the sources is in docs/errors.md with a mend, and no other is."""

import ast
import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = CHECKOUT / "docs" / "errors.md"
HOUSES = ("warehouse", "solvers", "viz", "layouts")


def strings(path: Path) -> list[str]:
    """Every string in a source, docstrings too."""
    return [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def all_strings() -> list[str]:
    paths = [path for house in HOUSES for path in (CHECKOUT / house).rglob("*.py")]
    return [text for path in paths for text in strings(path)]


def raised() -> set[str]:
    """Codes that stand alone in a string, as where an error is made."""
    return {text for text in all_strings() if re.fullmatch(r"E\d{3}", text)}


def rows() -> list[list[str]]:
    """Cells of every row of the page that begins with a code."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines
        if re.match(r"\| E\d{3} ", line)
    ]


def test_the_scan_sees_codes(tmp_path):
    source = tmp_path / "x.py"
    source.write_text('"""Of E100."""\nraise Error("E199", f"{x} E101")\n', "utf-8")
    assert [text for text in strings(source) if re.fullmatch(r"E\d{3}", text)] == [
        "E199"
    ]


def test_every_code_is_on_the_page_and_every_row_has_its_code():
    listed = {row[0] for row in rows()}
    assert sorted(raised() - listed) == [], "raised and not in docs/errors.md"
    assert sorted(listed - raised()) == [], "in docs/errors.md and never raised"


def test_no_docstring_names_a_code_that_is_gone():
    named = {code for text in all_strings() for code in re.findall(r"\bE\d{3}\b", text)}
    assert sorted(named - raised()) == []


def test_every_row_has_a_meaning_and_a_mend_and_is_there_once():
    table = rows()
    for row in table:
        assert len(row) == 3, row
        assert all(cell.endswith(".") and len(cell) > 6 for cell in row[1:]), row
    codes = [row[0] for row in table]
    assert len(codes) == len(set(codes))


def test_every_section_of_the_page_holds_its_hundred():
    text = PAGE.read_text(encoding="utf-8")
    promised = re.findall(r"\| \[E(\d)00.E\d99\]\(#([a-z-]+)\)", text)
    assert len(promised) == 7
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    found = {
        section.splitlines()[0].lower().replace(" ", "-"): {
            code[1] for code in re.findall(r"^\| (E\d{3}) ", section, re.MULTILINE)
        }
        for section in sections
    }
    assert found == {anchor: {hundred} for hundred, anchor in promised}


def test_a_code_means_one_thing():
    codes = [row[0] for row in rows()]
    assert sorted(codes) == sorted(set(codes))
