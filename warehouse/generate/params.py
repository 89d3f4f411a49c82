"""What a generated layout and a generated scenario are made from."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from warehouse.errors import Fault, InputError
from warehouse.scenario import MotionModel

Side = Literal["bottom", "top", "left", "right"]
Placement = Literal["random", "class"]

MAX_CELLS = 4_000_000
"""Largest floor the generator makes, about 2,000 x 2,000 cells."""


@dataclass(frozen=True, slots=True)
class LayoutParams:
    """Parameters of a generated layout: blocks of parallel aisles.

    Parameters
    ----------
    block_rows, block_cols : int
        Blocks down and across.
    aisles_per_block : int
        Parallel aisles of one cell's width in a block, a rack on either side.
    aisle_depth : int
        Rack cells along an aisle.
    cross_aisle_width : int
        Cells between blocks, and around all of them.
    stations : int
        Packing-station docks, spread evenly along the wall of one side.
    station_side : "bottom", "top", "left" or "right"
    apron_depth : int
        Rows of open floor between the docks and the way around the blocks, the
        row of the docks included.
    homes, chargers : int
        Parking places along the wall opposite the stations.
    one_way : bool
        Aisles are one-way, up and down in turn; everything else stays two-way.
    cell_size_m : float
    name : str

    Raises
    ------
    InputError
        With every parameter that is out of range.

    Examples
    --------
    >>> LayoutParams(stations=0)
    Traceback (most recent call last):
    warehouse.errors.InputError: E601 stations: got 0; need a whole number from 1 up
    """

    block_rows: int = 2
    block_cols: int = 2
    aisles_per_block: int = 6
    aisle_depth: int = 10
    cross_aisle_width: int = 2
    stations: int = 4
    station_side: Side = "bottom"
    apron_depth: int = 3
    homes: int = 20
    chargers: int = 2
    one_way: bool = False
    cell_size_m: float = 1.0
    name: str = "generated"

    def __post_init__(self) -> None:
        at_least = dict.fromkeys(
            (
                "block_rows",
                "block_cols",
                "aisles_per_block",
                "aisle_depth",
                "cross_aisle_width",
                "stations",
                "apron_depth",
                "homes",
            ),
            1,
        )
        faults = too_small(self, {**at_least, "chargers": 0})
        faults += not_positive(self, ("cell_size_m",))
        faults += not_in(self, "station_side", get_args(Side))
        faults = faults or too_large(self.cells)
        if faults:
            raise InputError(faults)

    @property
    def core_height(self) -> int:
        """Rows of all blocks, the ways between them and around them."""
        blocks = self.block_rows * self.aisle_depth
        return blocks + (self.block_rows + 1) * self.cross_aisle_width

    @property
    def core_width(self) -> int:
        """Columns of all blocks, the ways between them and around them."""
        blocks = self.block_cols * 3 * self.aisles_per_block
        return blocks + (self.block_cols + 1) * self.cross_aisle_width

    @property
    def wall_length(self) -> int:
        """Cells along the wall that the docks stand at."""
        sideways = self.station_side in ("left", "right")
        return self.core_height if sideways else self.core_width

    @property
    def cells(self) -> int:
        """Cells of the floor, the parking rows counted roughly."""
        parking = 2 * (self.homes + self.chargers)
        apron = self.apron_depth * self.wall_length
        return self.core_height * self.core_width + apron + parking


@dataclass(frozen=True, slots=True)
class DemandParams:
    """Parameters of generated orders.

    The defaults for lines and units follow published e-commerce orders: few
    single-line orders among those that are batched, most with two lines and a
    geometric tail; four fifths of the lines ask for one unit.

    Parameters
    ----------
    orders, skus : int
    popularity : float
        Zipf exponent: SKU of rank k is asked for in proportion to ``k ** -popularity``;
        0 makes all equal.
    affinity : float
        Chance that a further line of an order comes from the same family of SKUs
        as an earlier one.
    family_size : int
        SKUs that are bought together.
    lines_mean, units_mean : float
        Mean lines of an order and units of a line.
    single_line_share : float
        Share of orders with one line; the others have two and more.
    released_at_start : float
        Share of orders that are known at second 0; the rest come in at random
        (a Poisson process) until `horizon_s`.
    horizon_s : float
    peaks : int
        Busy spells within the horizon; 0 for an even stream.
    due_after_s : (float, float) or None
        Least and most seconds from release to due time; None for no due times.
    seed : int
    name : str

    Raises
    ------
    InputError
        With every parameter that is out of range.

    Examples
    --------
    >>> DemandParams(orders=0)
    Traceback (most recent call last):
    warehouse.errors.InputError: E601 orders: got 0; need a whole number from 1 up
    """

    orders: int = 100
    skus: int = 200
    popularity: float = 0.8
    affinity: float = 0.3
    family_size: int = 6
    lines_mean: float = 2.6
    units_mean: float = 1.3
    single_line_share: float = 0.05
    released_at_start: float = 1.0
    horizon_s: float = 600.0
    peaks: int = 0
    due_after_s: tuple[float, float] | None = None
    seed: int = 0
    name: str = "generated"

    def __post_init__(self) -> None:
        faults = self.demand_faults()
        if faults:
            raise InputError(faults)

    def demand_faults(self) -> list[Fault]:
        """Faults of the parameters that say what is ordered and when."""
        counts = dict.fromkeys(("orders", "skus", "family_size"), 1)
        faults = too_small(self, {**counts, "peaks": 0, "seed": 0})
        faults += not_positive(self, ("horizon_s",))
        faults += out_of_range(
            self,
            {
                "affinity": (0.0, 1.0),
                "single_line_share": (0.0, 1.0),
                "released_at_start": (0.0, 1.0),
                "popularity": (0.0, 5.0),
                "units_mean": (1.0, 3.0),
                "lines_mean": (2.0 - self.single_line_share, 50.0),
            },
        )
        due = self.due_after_s
        if due is not None and not 0 <= due[0] <= due[1] < float("inf"):
            faults.append(_found(self, "due_after_s", "need least and most seconds"))
        return faults


@dataclass(frozen=True, slots=True)
class ScenarioParams(DemandParams):
    """Parameters of a generated scenario; those for the demand are `DemandParams`.

    Parameters
    ----------
    layout : LayoutParams
    robots, tote_slots : int
    speed_m_s : float
    motion : "omni" or "rotate"
    packers : int
        Packers at each station.
    placement : "random" or "class"
        Anywhere, or popular SKUs near the stations (classes of 20, 30 and 50 % of
        the SKUs).
    locations_mean : float
        Mean number of rack cells that hold a SKU; the popular ones get more.
    short_share : float
        Share of order lines that the stock must not cover in full.
    pick_s_per_line, pick_s_per_unit, drop_s_per_order : float
    pack_s_per_order, pack_s_per_unit : float
        Service times, see `warehouse.scenario.Service`.

    Raises
    ------
    InputError
        With every parameter that is out of range.
    """

    layout: LayoutParams = field(default_factory=LayoutParams)
    robots: int = 10
    tote_slots: int = 8
    speed_m_s: float = 1.5
    motion: MotionModel = "omni"
    packers: int = 1
    placement: Placement = "random"
    locations_mean: float = 1.5
    short_share: float = 0.0
    pick_s_per_line: float = 6.0
    pick_s_per_unit: float = 2.0
    drop_s_per_order: float = 2.0
    pack_s_per_order: float = 25.0
    pack_s_per_unit: float = 3.0

    def __post_init__(self) -> None:
        faults = self.demand_faults()
        counts = ("robots", "tote_slots", "packers")
        faults += too_small(self, dict.fromkeys(counts, 1))
        faults += not_positive(self, ("speed_m_s",))
        seconds = (0.0, 3600.0)
        faults += out_of_range(
            self,
            {
                "short_share": (0.0, 1.0),
                "locations_mean": (1.0, 50.0),
                "pick_s_per_line": seconds,
                "pick_s_per_unit": seconds,
                "drop_s_per_order": seconds,
                "pack_s_per_order": seconds,
                "pack_s_per_unit": seconds,
            },
        )
        faults += not_in(self, "placement", get_args(Placement))
        faults += not_in(self, "motion", get_args(MotionModel))
        if faults:
            raise InputError(faults)


def _fault(place: str, found: str, needed: str) -> Fault:
    return Fault("E601", place, found, needed)


def _found(params: Any, name: str, needed: str) -> Fault:
    return _fault(name, f"got {getattr(params, name)}", needed)


def too_small(params: Any, least: dict[str, int]) -> list[Fault]:
    """Faults of whole numbers below what they must be at least.

    Examples
    --------
    >>> too_small(ScenarioParams(), {"seed": 0})
    []
    """
    return [
        _found(params, name, f"need a whole number from {low} up")
        for name, low in least.items()
        if getattr(params, name) < low
    ]


def out_of_range(params: Any, limits: dict[str, tuple[float, float]]) -> list[Fault]:
    """Faults of numbers outside their limits, which are allowed themselves.

    Examples
    --------
    >>> out_of_range(ScenarioParams(), {"popularity": (0.8, 1.0)})
    []
    """
    return [
        _found(params, name, f"need a number from {low:g} to {high:g}")
        for name, (low, high) in limits.items()
        if not low <= getattr(params, name) <= high
    ]


def too_large(cells: int) -> list[Fault]:
    """A fault if a floor has more cells than the generator makes.

    Examples
    --------
    >>> print(*too_large(MAX_CELLS + 1))
    E601 blocks: a floor of about 4,000,001 cells; need at most 4,000,000
    """
    if cells <= MAX_CELLS:
        return []
    found = f"a floor of about {cells:,} cells"
    return [_fault("blocks", found, f"need at most {MAX_CELLS:,}")]


def not_positive(params: Any, names: tuple[str, ...]) -> list[Fault]:
    """Faults of numbers that are not above 0, or not finite.

    Examples
    --------
    >>> not_positive(ScenarioParams(), ("speed_m_s",))
    []
    """
    return [
        _found(params, name, "need a number above 0")
        for name in names
        if not 0 < getattr(params, name) < float("inf")
    ]


def not_in(params: Any, name: str, allowed: tuple[str, ...]) -> list[Fault]:
    """Fault of a word that is none of those allowed.

    Examples
    --------
    >>> not_in(ScenarioParams(), "motion", ("omni", "rotate"))
    []
    """
    if getattr(params, name) in allowed:
        return []
    return [_found(params, name, f"need one of {', '.join(allowed)}")]
