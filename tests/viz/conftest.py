"""What tests of panels share."""

import pytest

from viz.column import Column


@pytest.fixture
def written(monkeypatch):
    """All lines written into panels: pairs of words."""
    lines = []
    write = Column.write

    def keep(self, words, beside="", **more):
        lines.append((words, beside))
        write(self, words, beside, **more)

    monkeypatch.setattr(Column, "write", keep)
    return lines
