"""What a command says, and what becomes of its errors."""

import errno
import io
import json

import numpy as np
import pytest
import typer

from solvers.cli.console import Console
from solvers.cli.progress import Progress
from solvers.cli.writing import refuse_unwritable, whole_file, whole_folder
from warehouse.errors import Fault, InputError, MissingDependencyError


def run(as_json: bool, error: BaseException | None = None, **answer: object) -> int:
    """Exit code of a command that answers or fails."""
    try:
        with Console(as_json) as console:
            console.say("hello")
            console.answer = dict(answer)
            if error is not None:
                raise error
    except typer.Exit as stop:
        return stop.exit_code
    return 0


def test_text_goes_to_stdout(capsys):
    assert run(False, count=3) == 0
    assert capsys.readouterr() == ("hello\n", "")


def test_json_is_all_there_is_on_stdout(capsys):
    assert run(True, n=np.int32(3), far=float("inf"), rows=np.arange(2)) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"n": 3, "far": None, "rows": [0, 1]}
    assert err == ""


def test_a_greeting_from_a_library_does_not_get_into_the_json(capsys):
    with Console(True) as console:
        print("welcome to the library")
        console.answer = {"ok": True}
    out, err = capsys.readouterr()
    assert json.loads(out) == {"ok": True}
    assert err == "welcome to the library\n"


def test_exit_code_of_a_failed_check_comes_with_its_answer(capsys):
    with pytest.raises(typer.Exit) as stop, Console(True) as console:
        console.answer = {"ok": False}
        console.exit_code = 3
    assert stop.value.exit_code == 3
    assert json.loads(capsys.readouterr().out) == {"ok": False}


def test_all_faults_are_told_and_at_most_fifty_shown(capsys):
    faults = [Fault("E1", f"line {i}", "bad", "mend") for i in range(53)]
    assert run(True, InputError(faults)) == 1
    out, err = capsys.readouterr()
    assert err.splitlines()[0] == "E1 line 0: bad; mend"
    assert len(err.splitlines()) == 50 + 1
    assert err.splitlines()[-1] == "... and 3 more"
    error = json.loads(out)["error"]
    assert error["code"] == "E1"
    assert len(error["faults"]) == 53


@pytest.mark.parametrize(
    ("error", "exit_code", "text"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "x.npz"), 1, "make room"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), 1, "E902 x: perm"),
        (MemoryError(), 1, "not enough memory"),
        (MissingDependencyError("a film", "film"), 1, "pip install 'aislewise[film]'"),
        (KeyboardInterrupt(), 130, "stopped by Ctrl-C"),
    ],
)
def test_errors_become_one_line_and_an_exit_code(capsys, error, exit_code, text):
    assert run(False, error) == exit_code
    assert text in capsys.readouterr().err


def test_a_fault_of_our_own_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run(False, ZeroDivisionError())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_draws_on_a_terminal_and_leaves_nothing_behind():
    stream = Terminal()
    with Progress(stream, delay_s=0.0) as progress:
        progress(0.5, "moving")
    text = stream.getvalue()
    assert "50% moving" in text
    assert text.count("\n") == 0
    assert text.endswith("\r")
    assert text.split("\r")[-2].strip() == ""


def test_progress_is_silent_in_a_pipe_and_within_the_first_second():
    pipe, terminal = io.StringIO(), Terminal()
    with Progress(pipe, delay_s=0.0) as progress:
        progress(0.5, "moving")
    with Progress(terminal) as progress:
        progress(0.5, "moving")
    assert pipe.getvalue() == terminal.getvalue() == ""


def test_a_file_is_there_whole_or_as_it_was(tmp_path):
    path = tmp_path / "plan.npz"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), whole_file(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert [p.name for p in tmp_path.iterdir()] == ["plan.npz"]
    assert path.read_text() == "old"
    with whole_file(path) as part:
        part.write_text("new")
    assert [p.read_text() for p in tmp_path.iterdir()] == ["new"]


def test_a_folder_is_there_whole_or_as_it_was(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "new") as part:
        (part / "orders.csv").write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "orders.csv").write_text("old")
    with pytest.raises(OSError, match="full"), whole_folder(tmp_path) as part:
        (part / "orders.csv").write_text("half")
        raise OSError("full")
    assert [p.read_text() for p in tmp_path.iterdir()] == ["old"]
    with whole_folder(tmp_path) as part:
        (part / "orders.csv").write_text("new")
    assert [p.read_text() for p in tmp_path.iterdir()] == ["new"]


def test_output_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        refuse_unwritable(tmp_path / "none" / "x.npz")
    with pytest.raises(InputError, match="is a folder"):
        refuse_unwritable(tmp_path)
    refuse_unwritable(tmp_path / "x.npz")
