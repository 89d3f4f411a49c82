"""Fixtures and settings that all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from benchmarks.registry import data_folder

# Drawing tests need no screen; the few that open a window ask for `display`.
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

# The first example of a test may compile a kernel: no deadline, no health check on
# slow data. In CI the examples are the same every time.
settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def bench_data() -> Path:
    """Folder of published instances; mark a test that uses it with ``data``."""
    folder = data_folder()
    if folder is None:
        pytest.skip("no published instances: set AISLEWISE_BENCH_DATA to their folder")
    return folder


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of an X display a window may open on."""
    name = os.environ.get("DISPLAY")
    if not name:
        pytest.skip("no DISPLAY: a window needs a screen (Xvfb will do)")
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    return name
