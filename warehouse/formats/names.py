"""What may stand as a name of an order, a SKU, a station, a zone."""

from typing import Final

from warehouse.formats.text_file import shown

MOST_CHARACTERS: Final = 200


def find_name_fault(name: str) -> tuple[str, str, str] | None:
    r"""Code, what was found and what is needed; None for a good name.

    Control characters are refused because names are printed, drawn and written
    into reports.

    Examples
    --------
    >>> find_name_fault("P 01") is None
    True
    >>> find_name_fault("P\t01")[1]
    "'P\\t01' has a character that cannot be printed"
    """
    if not name:
        return "E115", "the name is blank", "give a name"
    if len(name) > MOST_CHARACTERS:
        needed = f"use at most {MOST_CHARACTERS}"
        return "E118", f"a name of {len(name):,} characters", needed
    if not name.isprintable():
        found = f"{shown(name)} has a character that cannot be printed"
        return "E118", found, "use letters, digits and signs"
    return None
