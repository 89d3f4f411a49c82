"""Published batching instances as problems, with the names their files use."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solvers.batching.foodmart_batching import UNITS, foodmart_problem, used_locations
from solvers.batching.mainz_batching import batching_problem
from solvers.batching.problem import Batch, BatchingProblem
from solvers.routing.mainz_problem import places_to_pick
from warehouse.errors import Fault, InputError
from warehouse.formats.foodmart import FoodmartInstance, parse_foodmart
from warehouse.formats.instance_sets import read_set
from warehouse.formats.mainz import MAX_BYTES, MainzInstance, parse_mainz


@dataclass(frozen=True, slots=True)
class PosedBatching:
    """A batching problem, and how its file names what is in it.

    Parameters
    ----------
    instance : MainzInstance or FoodmartInstance
        As the file says it.
    problem : BatchingProblem
    scale : int
        Lengths in the problem are those of the file times this.
    order_names : list of int
        Number of each order in the file.
    place_names : list of str
        Places 1, 2, ... of the problem: ``aisle:cell``, or the location.
    """

    instance: MainzInstance | FoodmartInstance
    problem: BatchingProblem
    scale: int
    order_names: list[int]
    place_names: list[str]

    @property
    def name(self) -> str:
        """Name of the file, without its ending."""
        return self.instance.name

    def reported(self, batches: list[Batch]) -> list[dict[str, Any]]:
        """Batches as plain data, in the names and the unit of the file.

        Each has its ``orders``, the ``length`` of its tour, and the ``places`` in the
        order in which the tour visits them.
        """
        return [
            {
                "orders": [self.order_names[order] for order in batch.orders],
                "length": round(batch.cost / self.scale, 6),
                "places": [self.place_names[place - 1] for place in batch.tour],
            }
            for batch in batches
        ]


def parse_batching(data: bytes, source: str) -> MainzInstance | FoodmartInstance:
    """Parse a file of either format; Foodmart files begin with ``//``.

    Raises
    ------
    InputError
        E150 to E158.
    """
    if data.lstrip().startswith(b"//"):
        return parse_foodmart(data, source)
    return parse_mainz(data, source)


def read_posed(path: Path | str, *, blocks: int = 1) -> list[PosedBatching]:
    """Problems of a file, a folder or an archive; the faults of all raised together.

    Raises
    ------
    InputError
        E150 to E159.
    """
    return pose_all(read_set(path, parse_batching, MAX_BYTES), blocks=blocks)


def pose_all(
    instances: Iterable[MainzInstance | FoodmartInstance], *, blocks: int = 1
) -> list[PosedBatching]:
    """Problems of some instances.

    Raises
    ------
    InputError
        E159, for all instances that cannot be posed.
    """
    posed: list[PosedBatching] = []
    faults: list[Fault] = []
    for instance in instances:
        try:
            posed.append(_pose(instance, blocks))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return posed


def _pose(instance: MainzInstance | FoodmartInstance, blocks: int) -> PosedBatching:
    if isinstance(instance, FoodmartInstance):
        return PosedBatching(
            instance,
            foodmart_problem(instance),
            UNITS,
            list(range(1, instance.orders + 1)),
            [str(location) for location in used_locations(instance).tolist()],
        )
    rows = places_to_pick(instance)
    aisles, cells = instance.stock_aisle[rows], instance.stock_cell[rows]
    return PosedBatching(
        instance,
        batching_problem(instance, blocks=blocks),
        1,
        list(range(instance.orders)),
        [f"{a}:{c}" for a, c in zip(aisles.tolist(), cells.tolist(), strict=True)],
    )
