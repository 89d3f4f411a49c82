"""Ctrl-C as a wish that is granted at the next good moment."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Interrupt:
    """While entered, the first Ctrl-C is noted and the second raises as usual.

    Only the main thread receives signals; elsewhere nothing changes.

    Examples
    --------
    >>> with Interrupt() as interrupt:
    ...     signal.raise_signal(signal.SIGINT)
    ...     interrupt.wanted()
    True
    """

    def __init__(self) -> None:
        self._wanted = False
        self._main = threading.current_thread() is threading.main_thread()

    def wanted(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._wanted

    def _note(self, signum: int, frame: FrameType | None) -> None:
        if self._wanted:
            raise KeyboardInterrupt
        self._wanted = True

    def __enter__(self) -> Self:
        """Begin to note Ctrl-C."""
        if self._main:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give Ctrl-C its former meaning back."""
        if self._main:
            signal.signal(signal.SIGINT, self._before)
