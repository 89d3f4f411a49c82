"""Joint picking as plain arrays: what is asked for, where it lies, how one walks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices, keep, whole_numbers
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class JointPickingProblem:
    """Which orders to pick, from which stock, in which batches and pick lists.

    A position of an order asks for one item of an article; stock items are single
    pieces. Rows count from the middle cross aisle, aisles from the conveyor, which is
    where both are 0. Outer cross aisles are at ``first_row`` and ``last_row``. Every
    zone has such a grid of its own.

    Parameters
    ----------
    item_article, item_zone : ndarray of int32, shape (items,)
    item_row, item_aisle : ndarray of int32, shape (items,)
    article_volume : ndarray of int32, shape (articles,)
    order_start : ndarray of int32, shape (orders + 1,)
        Where the positions of each order begin; each has one or more.
    position_article : ndarray of int32, shape (positions,)
    min_items : int
        Positions that the chosen orders have together, at least.
    max_orders : int
        Orders of a batch, at most.
    capacity : int
        Volume of a pick list, at most.
    first_row, last_row : int
        Below and above 0.
    direct_in_aisle : bool
        Whether one walks straight from item to item in an aisle. If not, every way
        from item to item leads over a cross aisle, as where the published values of
        2024 were computed.

    Raises
    ------
    SolverError
        E301, E302 or E303 for a wrong array; E360 if they contradict each other.

    Examples
    --------
    >>> JointPickingProblem([0], [0], [9], [2], [5], [0, 1], [0], 1, 1, 5, -8, 8)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got item_row 9; need -8 to 8
    """

    item_article: NDArray[np.int32]
    item_zone: NDArray[np.int32]
    item_row: NDArray[np.int32]
    item_aisle: NDArray[np.int32]
    article_volume: NDArray[np.int32]
    order_start: NDArray[np.int32]
    position_article: NDArray[np.int32]
    min_items: int
    max_orders: int
    capacity: int
    first_row: int
    last_row: int
    direct_in_aisle: bool = False

    def __post_init__(self) -> None:
        shape, articles = np.shape(self.item_article), len(self.article_volume)
        if len(shape) != 1 or np.ndim(self.order_start) != 1:
            raise SolverError("E301", "got items or orders of another shape than (n,)")
        far = 1_000_000
        whole_numbers("first_row", self.first_row, (), low=-far, high=0)
        whole_numbers("last_row", self.last_row, (), high=far)
        whole_numbers("min_items", self.min_items, ())
        whole_numbers("max_orders", self.max_orders, (), low=1)
        whole_numbers("capacity", self.capacity, ())
        low, high = int(self.first_row), int(self.last_row)
        keep(
            self,
            item_article=indices("item_article", self.item_article, shape, articles),
            item_zone=whole_numbers("item_zone", self.item_zone, shape, high=far),
            item_row=whole_numbers(
                "item_row", self.item_row, shape, low=low, high=high
            ),
            item_aisle=whole_numbers(
                "item_aisle", self.item_aisle, shape, low=-far, high=far
            ),
            article_volume=whole_numbers(
                "article_volume", self.article_volume, (articles,)
            ),
            order_start=whole_numbers(
                "order_start", self.order_start, np.shape(self.order_start)
            ),
            position_article=indices(
                "position_article",
                self.position_article,
                np.shape(self.position_article),
                articles,
            ),
        )
        start = self.order_start
        if len(start) < 1 or start[0] != 0 or start[-1] != len(self.position_article):
            raise SolverError("E360", "order_start does not span the positions")
        if (np.diff(start) < 1).any():
            raise SolverError("E360", "an order has no position")

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.order_start) - 1

    @property
    def zones(self) -> int:
        """Number of zones."""
        return int(self.item_zone.max()) + 1 if len(self.item_zone) else 0


@dataclass(frozen=True, slots=True)
class PickBatch:
    """Orders that are picked together, and the pick lists that serve them.

    Parameters
    ----------
    orders : tuple of int
    pick_lists : tuple of tuple of int
        Stock items of one zone each, in walking order.
    """

    orders: tuple[int, ...]
    pick_lists: tuple[tuple[int, ...], ...]
