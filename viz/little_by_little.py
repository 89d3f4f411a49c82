"""Long searches that a window lets go on for a few milliseconds each frame."""

import time
from collections.abc import Iterator


def go_on(work: Iterator[None], most_s: float) -> None:
    """Let work that rests now and then go on for about so many seconds."""
    until = time.perf_counter() + most_s
    for _ in work:
        if time.perf_counter() >= until:
            return
