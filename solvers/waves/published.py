"""Waves of published instances: SBPO files as problems."""

from typing import TYPE_CHECKING

from solvers.waves.problem import WaveProblem

if TYPE_CHECKING:
    from warehouse.formats.sbpo import SbpoInstance


def wave_problem(instance: "SbpoInstance") -> WaveProblem:
    r"""Problem of an instance; orders and aisles keep their numbers.

    Examples
    --------
    >>> from warehouse.formats.sbpo import parse_sbpo
    >>> problem = wave_problem(parse_sbpo(b"1 1 1\n1 0 2\n1 0 9\n1 5\n", "x"))
    >>> problem.orders, problem.aisles, problem.least_units, problem.most_units
    (1, 1, 1, 5)
    """
    return WaveProblem(
        instance.items,
        instance.order_start,
        instance.order_item.astype("int32"),
        instance.order_quantity,
        instance.aisle_start,
        instance.aisle_item.astype("int32"),
        instance.aisle_quantity,
        instance.least_units,
        instance.most_units,
    )
