"""The frame of a page: one HTML file that needs no network."""

from html import escape


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
