"""Rows that stand in a table twice, though each may be there once."""

from collections.abc import Hashable, Sequence


def repeated_rows(rows: Sequence[Hashable]) -> list[int]:
    """Numbers of the rows that are equal to an earlier one. O(n).

    Examples
    --------
    >>> repeated_rows(["a", "b", "a", "a"])
    [2, 3]
    """
    seen: set[Hashable] = set()
    found = []
    for number, row in enumerate(rows):
        if row in seen:
            found.append(number)
        seen.add(row)
    return found
