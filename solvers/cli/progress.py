"""A progress line on a terminal, for work that takes longer than a second."""

import sys
import time
from types import TracebackType
from typing import Self, TextIO

BAR_CELLS = 24


class Progress:
    """Called with the share done and a few words; draws one line, over and over.

    Draws only where the stream is a terminal, only once `delay_s` have passed, and
    at most ten times a second. Leaves nothing behind.

    Parameters
    ----------
    stream : TextIO, optional
        Standard error by default.
    delay_s : float
    """

    def __init__(self, stream: TextIO | None = None, delay_s: float = 1.0) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._next_draw = time.perf_counter() + delay_s
        self._drawn = 0
        self._on_terminal = self._stream.isatty()

    def __call__(self, share: float, words: str) -> None:
        """Show the share done, from 0 to 1, and what is being done."""
        now = time.perf_counter()
        if not self._on_terminal or now < self._next_draw:
            return
        self._next_draw = now + 0.1
        share = min(1.0, max(0.0, share))
        full = round(share * BAR_CELLS)
        line = f"[{'#' * full}{'.' * (BAR_CELLS - full)}] {share:4.0%} {words}"[:79]
        self._stream.write(f"\r{line:<{self._drawn}}")
        self._stream.flush()
        self._drawn = len(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            self._stream.write(f"\r{'':<{self._drawn}}\r")
            self._stream.flush()
