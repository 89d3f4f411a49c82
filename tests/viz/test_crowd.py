import numpy as np
import pygame

from tests.viz.synthetic import Wave
from viz import layers
from viz.crowd import Crowd
from viz.frame import Painter
from viz.palette import DARK
from viz.replay import Replay
from viz.sprites import Sprites, sprite_size
from viz.view import View


def test_stamped_pictures_are_the_solid_pixels_of_blitted_ones():
    pictures = Sprites(DARK).of_size(9, turning=False)
    target = pygame.Surface((40, 31), 0, 32)
    which = np.array([0, 1, 2, 1])
    corner = np.array([(0, 0), (31, 22), (15, 11), (3, 20)])
    Crowd(pictures).stamp(target, which, corner)
    expected = pygame.Surface((40, 31), 0, 32)
    for index, place in zip(which, corner.tolist(), strict=True):
        solid = pictures[index].copy()
        alpha = pygame.surfarray.pixels_alpha(solid)
        alpha[...] = np.where(alpha >= 128, 255, 0)
        del alpha
        expected.blit(solid, place)
    shown, needed = (pygame.surfarray.array3d(s) for s in (target, expected))
    assert np.array_equal(shown, needed)


def test_stamps_on_surfaces_of_other_pixels():
    pictures = Sprites(DARK).of_size(3, turning=False)
    crowd = Crowd(pictures)
    drawn = []
    for masks in ((0xFF0000, 0xFF00, 0xFF, 0), (0xFF, 0xFF00, 0xFF0000, 0)):
        target = pygame.Surface((8, 8), 0, 32, masks)
        crowd.stamp(target, np.array([2]), np.array([(2, 3)]))
        drawn.append(pygame.surfarray.array3d(target))
    assert np.array_equal(*drawn)
    assert tuple(drawn[0][3, 4]) == DARK.serving


def test_crowds_look_like_few_but_for_smooth_edges(monkeypatch):
    replay = Replay.from_plan(Wave(rotate=True).build())
    view = View(replay)
    view.zoom(1.7)  # so that some robots are cut by the edge of the floor
    view.seek(120.4)
    few = Painter(replay).frame(view).astype(int)
    monkeypatch.setattr(layers, "_CROWD", 1)
    many = Painter(replay).frame(view).astype(int)
    differs = (few != many).any(axis=2)
    assert differs.any()
    left, top, width, height = view.arrangement.floor
    outside = differs.copy()
    outside[top : top + height, left : left + width] = False
    assert not outside.any()
    assert differs.sum() < 100 * replay.robots


def test_sprites_shrink_only_in_crowds():
    assert sprite_size(20.0, crowding=0.0005) == 24
    assert sprite_size(5.0, crowding=0.001) == 7
    assert sprite_size(5.0, crowding=0.02) == 5
    assert sprite_size(1.0, crowding=0.5) == 2
