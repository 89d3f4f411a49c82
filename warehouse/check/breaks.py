"""What a packer packs in a break."""

from collections.abc import Sequence
from typing import Final

TOLERANCE_S: Final = 0.0021
"""Times are whole milliseconds, what takes time is rounded up, starts and ends too."""


def packed_in_break(
    due_s: float, length_s: float, wait_s: float, spans: Sequence[tuple[float, float]]
) -> tuple[float, list[int]]:
    """When a break begins, and what is packed in it.

    A break begins at its time, or, where it may wait, at the end of what is in hand.

    Parameters
    ----------
    due_s, length_s, wait_s : float
        When the break is to begin, how long it is, and how much later it may begin.
    spans : sequence of (float, float)
        Start and end of all that the packer packs, in the order of starts.

    Returns
    -------
    float
        When the break begins.
    list of int
        Which of the spans lie in it.

    Examples
    --------
    The first order is ended before the break, which then lasts until 75 s.

    >>> packed_in_break(50.0, 20.0, 10.0, [(40.0, 55.0), (70.0, 90.0)])
    (55.0, [1])
    """
    begin_s = due_s
    for start_s, end_s in spans:
        in_hand = start_s < due_s - TOLERANCE_S / 4 and end_s > due_s
        if in_hand and end_s <= due_s + wait_s + TOLERANCE_S:
            begin_s = end_s
    return begin_s, [
        number
        for number, (start_s, end_s) in enumerate(spans)
        if start_s < begin_s + length_s - TOLERANCE_S and end_s > begin_s + TOLERANCE_S
    ]
