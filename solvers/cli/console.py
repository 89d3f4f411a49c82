"""What a command says: text for people, or one JSON object for programs."""

import contextlib
import errno
import json
import math
import sys
from types import TracebackType
from typing import Any, Self, TextIO

import typer

from warehouse.errors import Fault, InputError, WarehouseError

MOST_FAULTS = 50
INTERRUPTED_CODE = 130


class Console:
    """Speaks for one command and turns its errors into words and exit codes.

    Used as a context around the whole command. What is said with `say` goes to
    standard output; when the command was asked for JSON it is dropped, and `answer`
    is printed at the end instead, as the one object on standard output.

    Parameters
    ----------
    as_json : bool
    """

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.answer: dict[str, Any] = {}
        self.exit_code = 0
        self._stdout: TextIO = sys.stdout
        self._redirect = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._stdout = sys.stdout
        if self.as_json:  # so that not even a library's greeting gets in between
            self._redirect.enter_context(contextlib.redirect_stdout(sys.stderr))
        return self

    def say(self, text: str = "") -> None:
        """Tell the person something."""
        if not self.as_json:
            typer.echo(text)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._redirect.close()
        if error is None:
            if self.as_json:
                self._print_json(self.answer)
            if self.exit_code:
                raise typer.Exit(self.exit_code)
        elif isinstance(error, KeyboardInterrupt):
            self._fail(INTERRUPTED_CODE, [Fault("E904", "", "stopped by Ctrl-C", "")])
        elif isinstance(error, BrokenPipeError):
            pass  # typer ends quietly: whoever read our output has gone
        elif isinstance(error, (WarehouseError, OSError, MemoryError)):
            self._fail(1, faults_of(error))

    def _fail(self, exit_code: int, faults: list[Fault]) -> None:
        for fault in faults[:MOST_FAULTS]:
            typer.echo(one_line(fault), err=True)
        if len(faults) > MOST_FAULTS:
            typer.echo(f"... and {len(faults) - MOST_FAULTS} more", err=True)
        if self.as_json:
            self._print_json(error_object(faults))
        raise typer.Exit(exit_code) from None

    def _print_json(self, answer: dict[str, Any]) -> None:
        text = json.dumps(_plain(answer), allow_nan=False, ensure_ascii=False)
        typer.echo(text, file=self._stdout)


def faults_of(error: Exception) -> list[Fault]:
    """Return what an error says as faults, one for each thing that is wrong."""
    if isinstance(error, InputError):
        return list(error.faults)
    if isinstance(error, WarehouseError):
        return [Fault(error.code, "", error.message, error.hint)]
    if isinstance(error, MemoryError):
        return [
            Fault("E903", "", "not enough memory for this", "use a smaller instance")
        ]
    if isinstance(error, OSError):
        place = "" if error.filename is None else str(error.filename)
        found = (error.strerror or str(error)).lower()
        full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        return [
            Fault("E902", place, found, "make room, or write elsewhere" if full else "")
        ]
    raise error


def one_line(fault: Fault) -> str:
    """Return a fault as one line, without the parts it does not have."""
    place = f" {fault.place}:" if fault.place else ""
    needed = f"; {fault.needed}" if fault.needed else ""
    return f"{fault.code}{place} {fault.found}{needed}"


def error_object(faults: list[Fault]) -> dict[str, Any]:
    """Return faults as the JSON object that a failed command answers with."""
    return {
        "error": {
            "code": faults[0].code,
            "faults": [
                {
                    "code": fault.code,
                    "place": fault.place,
                    "found": fault.found,
                    "needed": fault.needed,
                }
                for fault in faults
            ],
        }
    }


def error_text(code: str, found: str) -> str:
    """Return the JSON text of one fault that has no place and no mend."""
    return json.dumps(error_object([Fault(code, "", found, "")]))


def _plain(value: Any) -> Any:
    """Make a value fit for JSON: numpy becomes Python, infinity becomes null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)
