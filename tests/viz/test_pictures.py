"""The window looks as it did when its pictures were last looked at."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from tests.viz.pictures import FOLDER, PICTURES, SIZE, file_of, pixels_of
from viz import layers, palette, scene
from viz.text import Type

MOST_MEAN = 0.15
"""Mean difference of a colour's red, green and blue, of 255."""
MOST_SHARE = 0.001
"""Share of pixels that differ by more than `PLAIN`."""
PLAIN = 48
"""Edges of letters differ by less between releases of what draws them."""


def differences(
    drawn: NDArray[np.uint8], reference: NDArray[np.uint8]
) -> tuple[float, float, NDArray[np.uint8]]:
    """Mean difference, share of pixels that differ plainly, and a picture of where."""
    apart = np.abs(drawn.astype(np.int16) - reference)
    plain = apart.max(axis=2) > PLAIN
    marked = (reference // 3).astype(np.uint8)
    marked[plain] = (255, 0, 255)
    return float(apart.mean()), float(plain.mean()), marked


def faults(name: str, folder: Path) -> str:
    """Say what differs from the picture that is kept; empty if it is alike."""
    drawn = PICTURES[name]()
    reference = pixels_of(pygame.image.load(str(file_of(name))))
    mean, share, marked = differences(pixels_of(drawn), reference)
    if mean <= MOST_MEAN and share <= MOST_SHARE:
        return ""
    now, where = folder / f"{name}.png", folder / f"{name}-differences.png"
    pygame.image.save(drawn, str(now))
    pygame.image.save(pygame.surfarray.make_surface(marked.transpose(1, 0, 2)), where)
    return (
        f"{name} differs: mean {mean:.3f} (most {MOST_MEAN}), share of pixels "
        f"{share:.2%} (most {MOST_SHARE:.2%}).\nIt is {now}, and {where} marks what "
        f"differs from {file_of(name)}.\nIf it is meant to look so: "
        "python -m tests.viz.pictures draws all anew; look at each."
    )


@pytest.mark.parametrize("name", PICTURES)
def test_the_window_looks_as_it_did(name, tmp_path):
    found = faults(name, tmp_path)
    assert not found, found


def test_pictures_are_few_and_small():
    kept = {path.stem: path for path in FOLDER.glob("*.png")}
    assert set(kept) == set(PICTURES)
    for path in kept.values():
        assert path.stat().st_size < 60_000
        assert pygame.image.load(str(path)).get_size() == SIZE


def moved_robots(monkeypatch):
    plain = layers.to_pixels
    monkeypatch.setattr(layers, "to_pixels", lambda view, xy: plain(view, xy) + 2)


def a_wrong_colour(monkeypatch):
    wrong = replace(palette.DARK, carrying=palette.DARK.serving)
    monkeypatch.setitem(palette.THEMES, "dark", wrong)


def racks_a_little_lighter(monkeypatch):
    red, green, blue = palette.DARK.rack
    wrong = replace(palette.DARK, rack=(red + 9, green + 9, blue + 9))
    monkeypatch.setitem(palette.THEMES, "dark", wrong)


def no_heat(monkeypatch):
    monkeypatch.setattr(scene.HeatLayer, "paint", lambda *_: None)


def no_words(monkeypatch):
    monkeypatch.setattr(Type, "put", lambda *_, **__: 0)


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (moved_robots, "overview"),
        (moved_robots, "trip_light"),
        (a_wrong_colour, "overview"),
        (racks_a_little_lighter, "station"),
        (no_heat, "heat_light"),
        (no_heat, "two_plans"),
        (no_words, "station"),
    ],
)
def test_what_is_drawn_wrong_is_found(spoil, name, tmp_path, monkeypatch):
    spoil(monkeypatch)
    found = faults(name, tmp_path)
    assert "python -m tests.viz.pictures" in found
    assert (tmp_path / f"{name}-differences.png").exists()
