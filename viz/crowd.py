"""Many small pictures on a surface at once, as numbers in its pixels."""

import numpy as np
import pygame
from numpy.typing import NDArray

_SOLID = 128  # alpha from which a pixel of a picture is drawn


class Crowd:
    """Stamps pictures of one size on surfaces, without smooth edges.

    For thousands this takes a fraction of the time of a blit each.

    Parameters
    ----------
    pictures : list of Surface
        Square, with alpha.
    """

    def __init__(self, pictures: list[pygame.Surface]) -> None:
        self._points = []
        for picture in pictures:
            solid = np.nonzero(pygame.surfarray.array_alpha(picture) >= _SOLID)
            self._points.append((*solid, pygame.surfarray.array3d(picture)[solid]))
        self._mapped: list[tuple[NDArray[np.int64], NDArray[np.uint32]]] = []
        self._kind: tuple[object, ...] = ()

    def stamp(
        self,
        target: pygame.Surface,
        which: NDArray[np.int64],
        corner: NDArray[np.int64],
    ) -> None:
        """Draw pictures; each must lie on the surface as a whole.

        Parameters
        ----------
        target : Surface
            Of 32 bits a pixel.
        which : ndarray of int64, shape (n,)
            Index of each picture.
        corner : ndarray of int64, shape (n, 2)
            Pixels of their top left corners.
        """
        pixels = pygame.surfarray.pixels2d(target)
        pitch = pixels.strides[1] // 4
        flat = np.lib.stride_tricks.as_strided(
            pixels, (pitch * pixels.shape[1],), (4,), writeable=True
        )
        self._map_to(target, pitch)
        first = corner[:, 0] + corner[:, 1] * pitch
        for index in np.unique(which).tolist():
            offsets, colours = self._mapped[index]
            flat[first[which == index][:, None] + offsets] = colours

    def _map_to(self, target: pygame.Surface, pitch: int) -> None:
        """Turn points and colours into what the pixels of a kind of surface are."""
        kind = (target.get_masks(), pitch)
        if kind == self._kind:
            return
        self._kind = kind
        self._mapped = [
            (
                (x + y * pitch).astype(np.int64),
                np.array([target.map_rgb(c) for c in colours.tolist()], np.uint32),
            )
            for x, y, colours in self._points
        ]
