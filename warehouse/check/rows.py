"""Rows of a plan that are safe to index with: what the rules work on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stops:
    """Columns of the stops that can be read."""

    robot: Ints
    trip: Ints
    kind: Ints
    cell: Ints
    start: Ints
    end: Ints
    station: Ints


@dataclass(frozen=True, slots=True)
class Picks:
    """Units taken, each row with what its stop and its order line say."""

    stop: Ints
    line: Ints
    rack: Ints
    quantity: Ints
    order: Ints
    sku: Ints
    robot: Ints
    trip: Ints
    cell: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Drops:
    """Orders handed over, each row with what its stop says."""

    stop: Ints
    order: Ints
    robot: Ints
    trip: Ints
    cell: Ints
    start: Ints
    end: Ints
    station: Ints


@dataclass(frozen=True, slots=True)
class Packing:
    """Packed orders. Times may be no numbers: `with_times` leaves those rows out."""

    order: Ints
    station: Ints
    packer: Ints
    start_s: Floats
    end_s: Floats

    def with_times(self) -> "Packing":
        """Rows whose times are finite numbers."""
        good = np.isfinite(self.start_s) & np.isfinite(self.end_s)
        return Packing(
            self.order[good],
            self.station[good],
            self.packer[good],
            self.start_s[good],
            self.end_s[good],
        )


@dataclass(frozen=True, slots=True)
class Unserved:
    """Unserved units."""

    line: Ints
    quantity: Ints
    reason: Ints


@dataclass(frozen=True, slots=True)
class Tables:
    """All rows of a plan that can be read, and how many units each order got.

    ``units`` has one entry per order: units picked.
    """

    stops: Stops
    picks: Picks
    drops: Drops
    packing: Packing
    unserved: Unserved
    units: Ints
