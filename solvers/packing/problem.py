"""Boxes, one container, and how the boxes lie in it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices, keep, numbers, whole_numbers
from warehouse.errors import SolverError

ROTATIONS: Final = ((0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1), (2, 0, 1))
"""Which edge of a box lies along length, width and height; the last one stands up."""
LONGEST_EDGE: Final = 20_000
MOST_UNITS: Final = 10_000
"""Boxes of one problem: a fill keeps a row for each."""
MOST_KINDS: Final = 1_000
MASS_TOLERANCE: Final = 1 + 1e-12
"""Factor on mass limits, so that sums of masses are not refused for rounding."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Kinds of boxes, and how many there are of each.

    Parameters
    ----------
    size : ndarray of int32, shape (kinds, 3)
        Length, width and height, in any unit, 1 or more.
    copies : ndarray of int32, shape (kinds,)
    rotations : ndarray of bool, shape (kinds, 6)
        Which of `ROTATIONS` are allowed; at least one of each kind.
    mass_kg : ndarray of float64, shape (kinds,)
        Of one box.
    fragile : ndarray of bool, shape (kinds,)
        Whether nothing may stand above.

    Raises
    ------
    SolverError
        E301 for another shape or type; E302 for a number out of range, a kind that may
        not be turned any way, more than 10,000 boxes, or more than 1,000 kinds.

    Examples
    --------
    >>> Boxes.plain([[3, 2, 0]], [1])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got size 0; need 1 to 20000
    """

    size: NDArray[np.int32]
    copies: NDArray[np.int32]
    rotations: NDArray[np.bool_]
    mass_kg: NDArray[np.float64]
    fragile: NDArray[np.bool_]

    def __post_init__(self) -> None:
        kinds = len(np.atleast_1d(np.asarray(self.copies)))
        size = whole_numbers("size", self.size, (kinds, 3), low=1, high=LONGEST_EDGE)
        copies = whole_numbers("copies", self.copies, (kinds,), high=MOST_UNITS)
        for many, most, of in (
            (copies.sum(), MOST_UNITS, "boxes"),
            (kinds, MOST_KINDS, "kinds"),
        ):
            if many > most:
                raise SolverError("E302", f"got {many} {of}", f"need {most} at most")
        rotations = _flags("rotations", self.rotations, (kinds, 6))
        if not rotations.any(axis=1).all():
            kind = int(np.argmin(rotations.any(axis=1)))
            found = f"got no rotation that is allowed for kind {kind}"
            raise SolverError("E302", found, "need one at least")
        keep(
            self,
            size=size,
            copies=copies,
            rotations=rotations,
            mass_kg=numbers("mass_kg", self.mass_kg, (kinds,)),
            fragile=_flags("fragile", self.fragile, (kinds,)),
        )

    @classmethod
    def plain(cls, size: object, copies: object) -> "Boxes":
        """Boxes that may lie any way, carry anything and weigh nothing."""
        kinds = len(np.atleast_1d(np.asarray(copies)))
        return cls(
            size=np.asarray(size),
            copies=np.asarray(copies),
            rotations=np.ones((kinds, 6), bool),
            mass_kg=np.zeros(kinds),
            fragile=np.zeros(kinds, bool),
        )

    @property
    def kinds(self) -> int:
        """How many kinds there are."""
        return len(self.copies)

    @property
    def units(self) -> int:
        """How many boxes there are."""
        return int(self.copies.sum())

    @property
    def volume(self) -> NDArray[np.int64]:
        """Volume of one box of each kind."""
        return self.size.astype(np.int64).prod(axis=1)

    def turned(self) -> NDArray[np.int32]:
        """Size of each kind in each rotation, shape (kinds, 6, 3)."""
        return np.take(self.size, ROTATIONS, axis=1)

    def fitting(self, container: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Rotations of each kind that are allowed and fit into a container alone.

        Sizes of several containers may have axes of their own in front.
        """
        return self.rotations & (self.turned() <= container).all(axis=-1)


def _flags(name: str, given: object, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    array = np.array(given)
    if array.shape != shape or (array.size and array.dtype != bool):
        found = f"got {name} of shape {array.shape}, {array.dtype}"
        raise SolverError("E301", found, f"need {shape}, bool")
    array = array.astype(bool)
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True)
class LoadProblem:
    """One container, and boxes of which it is to hold as much volume as possible.

    Parameters
    ----------
    boxes : Boxes
    container : ndarray of int32, shape (3,)
        Inner length, width and height.
    max_mass_kg : float
        Of all boxes in it; inf for no limit.
    support : float
        Share of the base of each box that lies on the floor or on other boxes, 0 to 1.

    Raises
    ------
    SolverError
        E301, E302.
    """

    boxes: Boxes
    container: NDArray[np.int32]
    max_mass_kg: float = float("inf")
    support: float = 0.0

    def __post_init__(self) -> None:
        container = whole_numbers(
            "container", self.container, (3,), low=1, high=LONGEST_EDGE
        )
        if not self.max_mass_kg >= 0:
            found = f"got max_mass_kg {self.max_mass_kg}"
            raise SolverError("E302", found, "need 0 or more")
        if not 0 <= self.support <= 1:
            raise SolverError("E302", f"got support {self.support}", "need 0 to 1")
        keep(self, container=container)

    @property
    def volume(self) -> int:
        """Volume of the container."""
        return int(self.container.astype(np.int64).prod())


@dataclass(frozen=True, slots=True)
class Load:
    """Boxes in a container, in an order in which they can be put in from above.

    Parameters
    ----------
    kind : ndarray of int32, shape (boxes,)
    rotation : ndarray of int32, shape (boxes,)
        Row of `ROTATIONS`.
    position : ndarray of int32, shape (boxes, 3)
        Corner with the least length, width and height.

    Raises
    ------
    SolverError
        E301, E302, E303.

    Examples
    --------
    >>> Load([0], [6], [[0, 0, 0]])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E303 got rotation 6; need 0 to 5
    """

    kind: NDArray[np.int32]
    rotation: NDArray[np.int32]
    position: NDArray[np.int32]

    def __post_init__(self) -> None:
        count = len(np.atleast_1d(np.asarray(self.kind)))
        keep(
            self,
            kind=whole_numbers("kind", self.kind, (count,)),
            rotation=indices("rotation", self.rotation, (count,), 6),
            position=whole_numbers(
                "position", np.reshape(self.position, (count, 3)), (count, 3)
            ),
        )

    def __len__(self) -> int:
        """How many boxes there are."""
        return len(self.kind)

    def size(self, boxes: Boxes) -> NDArray[np.int32]:
        """Size of each box as it lies, shape (boxes, 3)."""
        sizes: NDArray[np.int32] = boxes.turned()[self.kind, self.rotation]
        return sizes


NO_BOX: Final = Load(
    np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros((0, 3), np.int32)
)
"""A container that stays empty."""
