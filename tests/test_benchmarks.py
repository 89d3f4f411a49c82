"""The harness of the benchmarks; what it measures is no test."""

import json

import pytest

from benchmarks import __main__ as command
from benchmarks import registry
from benchmarks.registry import Run, measure, spec


@pytest.fixture
def calls(monkeypatch):
    """An empty registry with two specs; the calls that the first one received."""
    received: list[Run] = []
    monkeypatch.setattr(registry, "SPECS", {})
    monkeypatch.setattr(command, "SPECS", registry.SPECS)
    monkeypatch.setattr(command, "import_specs", lambda: None)

    @spec("count", "Counts its calls", seeds=(5, 6), repeats=2)
    def count(run: Run) -> dict[str, float]:
        received.append(run)
        return {"seed": run.seed, "calls": len(received)}

    @spec("absent", "Reads a folder that nobody has", needs_data="no/such/folder")
    def absent(run: Run) -> dict[str, float]:
        raise AssertionError(run)

    return received


def test_protocol_is_a_discarded_warm_up_then_every_seed(calls):
    outcome = measure(registry.SPECS["count"], smoke=False)
    assert [(run.seed, run.smoke) for run in calls] == [
        (5, True),
        (5, False),
        (5, False),
        (6, False),
        (6, False),
    ]
    assert outcome.runs == 4
    assert outcome.numbers["seed"] == registry.Spread(5.5, 5, 6)
    assert outcome.numbers["calls"] == registry.Spread(3.5, 2, 5)


def test_smoke_calls_once(calls):
    outcome = measure(registry.SPECS["count"], smoke=True)
    assert [run.smoke for run in calls] == [True]
    assert outcome.runs == 1


def test_spec_gets_its_folder(calls, tmp_path, monkeypatch):
    (tmp_path / "no" / "such" / "folder").mkdir(parents=True)
    monkeypatch.setenv("AISLEWISE_BENCH_DATA", str(tmp_path))
    with pytest.raises(AssertionError, match="such"):
        measure(registry.SPECS["absent"], smoke=True)


def test_absent_package_skips_with_its_reason(calls):
    @spec("with", "Compares with what is not installed", needs_package="no_such_thing")
    def compare(run: Run) -> dict[str, float]:
        raise AssertionError(run)

    outcome = measure(registry.SPECS["with"], smoke=True)
    assert outcome.skipped == "no package no_such_thing"


def test_absent_folder_skips_with_its_reason(calls, tmp_path, monkeypatch):
    monkeypatch.setenv("AISLEWISE_BENCH_DATA", str(tmp_path))
    outcome = measure(registry.SPECS["absent"], smoke=True)
    assert outcome.skipped == "no folder no/such/folder"
    assert outcome.numbers == {}


def test_second_spec_of_one_name_is_refused(calls):
    with pytest.raises(ValueError, match="need another name"):
        spec("count", "Again")(lambda run: {})


def test_json_is_one_object(calls, capsys):
    assert command.main(["--smoke", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    absent, count = answer["specs"]
    assert count["numbers"]["seed"] == {"median": 5, "smallest": 5, "largest": 5}
    assert absent["skipped"]
    assert {"cpus", "python", "numpy", "numba", "ortools"} <= set(answer["machine"])


def test_only_runs_what_is_named(calls, capsys):
    assert command.main(["--only", "count", "--smoke"]) == 0
    assert "absent" not in capsys.readouterr().out


def test_page_is_written_from_a_full_run_alone(calls, tmp_path, monkeypatch, capsys):
    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr(command, "PAGE", page)
    with pytest.raises(SystemExit):
        command.main(["--write", "--smoke"])
    assert not page.exists()
    assert command.main(["--write"]) == 0
    text = page.read_text(encoding="utf-8")
    assert "| count " in text
    assert "- `absent`: Reads a folder that nobody has" in text


def test_each_group_writes_its_own_section(calls, tmp_path, monkeypatch, capsys):
    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr(command, "PAGE", page)

    @spec("batching-anytime", "A curve", seeds=(0,), group=registry.ORDERS)
    def curve(run: Run) -> dict[str, float]:
        return {"gap_percent_at_0.5_s": 2.0, "gap_percent_at_20_s": 0.5}

    assert command.main(["--write"]) == 0
    assert command.main(["--orders", "--write"]) == 0
    assert command.main(["--write"]) == 0
    text = page.read_text(encoding="utf-8")
    main, orders = text.split(command.MARKS[registry.ORDERS])
    assert "`count`" in main
    assert "batching-anytime" not in main
    assert "## Order decisions" in orders
    assert "`count`" not in orders
    assert command.sections_of(text)[registry.MOTION] == ""
    picture = (tmp_path / "images" / "batching_anytime.svg").read_text(encoding="utf-8")
    assert picture.count("<circle") == 2


def test_kept_figures_are_not_measured_again(calls, tmp_path, capsys):
    folder = tmp_path / "kept"
    assert command.main(["--only", "count", "--keep", str(folder)]) == 0
    measured = len(calls)
    first = capsys.readouterr().out
    assert command.main(["--only", "count", "--keep", str(folder)]) == 0
    assert len(calls) == measured
    assert capsys.readouterr().out == first
    assert [path.name for path in folder.iterdir()] == ["count.json"]


def test_figures_of_another_machine_are_measured_again(
    calls, tmp_path, monkeypatch, capsys
):
    command.main(["--only", "count", "--keep", str(tmp_path)])
    measured = len(calls)
    monkeypatch.setattr(command, "machine_facts", lambda: {"cpus": 1000})
    command.main(["--only", "count", "--keep", str(tmp_path)])
    assert len(calls) == 2 * measured


def test_part_of_a_table_is_written_from_what_is_kept(
    calls, tmp_path, monkeypatch, capsys
):
    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr(command, "PAGE", page)
    for name in ("first", "second"):

        @spec(name, "Measures", seeds=(0,), group=registry.ORDERS)
        def measures(run: Run) -> dict[str, float]:
            return {"orders": 3.0}

    kept = str(tmp_path / "kept")
    assert command.main(["--only", "second", "--keep", kept]) == 0
    arguments = ["--orders", "--keep", kept, "--kept-only", "--write"]
    assert command.main(arguments) == 0
    text = page.read_text(encoding="utf-8")
    assert "`second`" in text
    assert "`first`" not in text
    with pytest.raises(SystemExit):
        command.main(["--orders", "--kept-only"])
