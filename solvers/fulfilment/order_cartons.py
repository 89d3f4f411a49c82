"""Which cartons each order goes into, found before it is picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.packing.carton_problem import PackedCarton
from solvers.packing.cartons import solve
from solvers.packing.many_orders import solve_many
from solvers.packing.ordered import PackingOrder, orders_to_pack
from solvers.result import ProgressCallback, Stop
from warehouse.formats.cartons_csv import PackingOrders
from warehouse.scenario import Orders, Scenario

PACKING_SHARE: Final = 0.25
"""Share of a plan's time limit in which the cartons of all orders are chosen."""
EFFORT: Final = Stop(iterations=20)
"""For an order of which less is served than was ordered."""

UnitRow = tuple[int, ...]
"""SKU, corner and size as it lies, in mm."""
Content = tuple[tuple[int, int], ...]
"""SKUs and units of each, ascending."""


@dataclass(frozen=True, slots=True)
class PackedOrder:
    """The cartons of an order.

    Parameters
    ----------
    kinds : tuple of int
        Index into the catalogue, ascending.
    inside : tuple of tuple of UnitRow
        What lies in each carton, in the order of loading.
    volume_m3, mass_kg : float
        Of all its cartons together.
    """

    kinds: tuple[int, ...]
    inside: tuple[tuple[UnitRow, ...], ...]
    volume_m3: float
    mass_kg: float

    @property
    def changes(self) -> int:
        """How often the kind of carton changes from one of its cartons to the next."""
        return len(set(self.kinds)) - 1 if self.kinds else 0


class OrderCartons:
    """Packs orders; what was packed once is kept.

    Parameters
    ----------
    scenario : Scenario
        With shipping.
    seed : int

    Attributes
    ----------
    no_carton : ndarray of bool, shape (lines,)
        Order lines that go into no carton.
    """

    def __init__(self, scenario: Scenario, *, seed: int) -> None:
        assert scenario.shipping is not None  # there is nothing to pack in otherwise
        self._scenario, self._shipping, self._seed = scenario, scenario.shipping, seed
        self._known: dict[tuple[int, Content], PackedOrder] = {}
        self._whole = self._problems(scenario.orders)
        self.no_carton = self._without_carton()

    def pack_all(self, stop: Stop, on_progress: ProgressCallback | None = None) -> None:
        """Pack every order as it was ordered; later, each would have to be in a hurry.

        Parameters
        ----------
        stop : Stop
            For the whole plan; a share of its time is for this. However early it says
            stop, all are packed.
        on_progress : callable, optional
        """
        problems = [one.problem for one in self._whole]
        limit_s = None
        if stop.time_limit_s is not None:
            limit_s = PACKING_SHARE * stop.time_limit_s
        within = Stop(limit_s, interrupted=stop.interrupted)
        results = solve_many(problems, within, seed=self._seed, on_progress=on_progress)
        for order, content in enumerate(self._contents()):
            self._known[order, content] = self._written(
                self._whole[order], results[order].solution or ()
            )

    def packed(self, order: int, units: Mapping[int, int]) -> PackedOrder:
        """Cartons of some units of an order.

        Parameters
        ----------
        order : int
        units : mapping of int to int
            Units by SKU, of lines that go into a carton.
        """
        key = order, tuple(sorted(units.items()))
        if key not in self._known:
            self._known[key] = self._pack_some(order, key[1])
        return self._known[key]

    def work_s(self, order: int, units: Mapping[int, int]) -> float:
        """Seconds that a packer needs for them, with a change of cartons before."""
        packed = self.packed(order, units)
        changes = packed.changes + 1
        return self._scenario.pack_s(sum(units.values()), len(packed.kinds), changes)

    def as_ordered(self) -> list[PackedOrder]:
        """Cartons of every order as it was ordered, but for what goes into none."""
        return [self.packed(order, dict(c)) for order, c in enumerate(self._contents())]

    def _contents(self) -> list[Content]:
        orders = self._scenario.orders
        contents: list[list[tuple[int, int]]] = [[] for _ in range(len(orders))]
        for line in np.flatnonzero(~self.no_carton).tolist():
            pair = int(orders.line_sku[line]), int(orders.line_quantity[line])
            contents[int(orders.line_order[line])].append(pair)
        return [tuple(sorted(content)) for content in contents]

    def _problems(self, orders: Orders) -> list[PackingOrder]:
        shipping = self._shipping
        given = PackingOrders(orders, shipping.units, shipping.catalogue)
        return orders_to_pack(given, shipping.rules.support)

    def _without_carton(self) -> NDArray[np.bool_]:
        orders = self._scenario.orders
        out = np.zeros(orders.lines, bool)
        first = np.searchsorted(orders.line_order, np.arange(len(orders)))
        for order, one in enumerate(self._whole):
            lines = slice(int(first[order]), int(first[order]) + len(one.sku))
            out[lines] = one.problem.boxes.copies == 0
            if not len(one.sku):
                out[orders.line_order == order] = True
        return out

    def _pack_some(self, order: int, content: Content) -> PackedOrder:
        given = self._scenario.orders
        sku, quantity = np.array(content, np.int32).reshape(len(content), 2).T
        orders = Orders(
            names=(given.names[order],),
            release_s=given.release_s[[order]],
            due_s=given.due_s[[order]],
            priority=given.priority[[order]],
            line_order=np.zeros(len(sku), np.int32),
            line_sku=sku,
            line_quantity=quantity,
        )
        [one] = self._problems(orders)
        solution = solve(one.problem, EFFORT, seed=self._seed).solution
        return self._written(one, solution or ())

    def _written(
        self, one: PackingOrder, solution: Sequence[PackedCarton]
    ) -> PackedOrder:
        """Write an order's cartons down, those of a kind next to each other."""
        boxes, catalogue = one.problem.boxes, self._shipping.catalogue
        turned = boxes.turned()
        cartons = sorted(solution, key=lambda packed: packed.carton)
        inside = []
        for packed in cartons:
            load = packed.load
            columns = [one.sku[load.kind], load.position]
            columns.append(turned[load.kind, load.rotation])
            rows = np.column_stack(columns).tolist()
            inside.append(tuple(tuple(row) for row in rows))
        kinds = tuple(packed.carton for packed in cartons)
        volume_m3 = float(catalogue.volume_m3[list(kinds)].sum())
        mass_kg = float(boxes.copies @ boxes.mass_kg)
        return PackedOrder(kinds, tuple(inside), volume_m3, mass_kg)
