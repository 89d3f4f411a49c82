"""Boxes that lie in a container, as they are reported and checked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solvers.packing.problem import Load
    from warehouse.check.violation import Violation

Triple = tuple[int, int, int]


def boxes_of(load: "Load", edges: Sequence[Triple]) -> list[tuple[int, Triple, Triple]]:
    """Kind of each box, its size as it lies, and its least corner.

    Parameters
    ----------
    load : Load
    edges : sequence of (int, int, int)
        Of each kind, as given.
    """
    from solvers.packing.problem import ROTATIONS

    rows = []
    for kind, rotation, (x, y, z) in zip(
        load.kind.tolist(), load.rotation.tolist(), load.position.tolist(), strict=True
    ):
        a, b, c = ROTATIONS[rotation]
        own = edges[kind]
        rows.append((kind, (own[a], own[b], own[c]), (x, y, z)))
    return rows


def refuse_violations(name: str, violations: "list[Violation]") -> None:
    """Let nobody see a load that breaks a rule.

    Raises
    ------
    SolverError
        E380.
    """
    from warehouse.errors import SolverError

    if violations:
        raise SolverError("E380", f"{name}: {violations[0]}", "report this")
