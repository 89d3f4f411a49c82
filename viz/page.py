"""The frame of a page, and the parts that pages are made of.

A page is one HTML file that needs no network.
"""

from html import escape
from typing import Final

MOST_ROWS: Final = 40
"""Rows of a table; the rest is counted."""


def html_page(title: str, style: str, body: str) -> str:
    """Return a page around what it shows.

    Parameters
    ----------
    title : str
        As the browser's tab names it; plain text.
    style, body : str
        CSS, and HTML with the scripts it needs.

    Examples
    --------
    >>> "<title>A &amp; B</title>" in html_page("A & B", "", "")
    True
    """
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def section(title: str, body: str, *, long: bool = False) -> str:
    """Return a part of a page with its heading; a long one may break in print."""
    style = ' class="long"' if long else ""
    return f"<section{style}>\n<h2>{title}</h2>\n{body}\n</section>"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a table of plain text; says how many rows it leaves out.

    Examples
    --------
    >>> table(["A"], [["<"]] * 42)[-31:]
    '<p class="muted">and 2 more</p>'
    """
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>{}</tr>".format("".join(f"<td>{escape(cell)}</td>" for cell in row))
        for row in rows[:MOST_ROWS]
    )
    more = ""
    if len(rows) > MOST_ROWS:
        more = f'<p class="muted">and {len(rows) - MOST_ROWS:,} more</p>'
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{more}"
    )


def legend(entries: list[tuple[str, str]]) -> str:
    """Return what colours stand for: pairs of a class of the style, and words."""
    items = "".join(
        f'<li><i class="{style}"></i>{escape(words)}</li>' for style, words in entries
    )
    return f'<ul class="key">{items}</ul>'


def bars(rows: list[tuple[str, float, str, bool]]) -> str:
    """Return lying bars: name, share of the longest, remark, and whether it matters."""
    parts = [
        f'<div class="{"part binds" if matters else "part"}">'
        f"<span>{escape(name)}</span>"
        f'<div><i style="width:{share:.1%}"></i></div>'
        f"<span>{escape(remark)}</span></div>"
        for name, share, remark, matters in rows
    ]
    return f'<div class="parts">{"".join(parts)}</div>'
