"""Loads and cartons of solvers as the independent checker takes them."""

from solvers.packing.carton_problem import CartonProblem, PackedCarton
from solvers.packing.problem import Boxes, Load, LoadProblem
from tests.naive_packing import TURNS
from warehouse.check.cartons import GivenCarton, check_cartons
from warehouse.check.load import WAYS, GivenBox, LaidBox, check_load


def given_boxes(boxes: Boxes) -> list[GivenBox]:
    return [
        GivenBox(
            tuple(size),
            copies,
            frozenset(way for way, allowed in zip(WAYS, ways, strict=True) if allowed),
            mass_kg,
            fragile,
        )
        for size, copies, ways, mass_kg, fragile in zip(
            boxes.size.tolist(),
            boxes.copies.tolist(),
            boxes.rotations.tolist(),
            boxes.mass_kg.tolist(),
            boxes.fragile.tolist(),
            strict=True,
        )
    ]


def laid_boxes(boxes: Boxes, load: Load) -> list[LaidBox]:
    size = boxes.size.tolist()
    return [
        LaidBox(kind, tuple(size[kind][axis] for axis in TURNS[turn]), tuple(corner))
        for kind, turn, corner in zip(
            load.kind.tolist(),
            load.rotation.tolist(),
            load.position.tolist(),
            strict=True,
        )
    ]


def broken_in_load(problem: LoadProblem, load: Load) -> list[str]:
    """Rules that a load breaks."""
    found = check_load(
        given_boxes(problem.boxes),
        problem.container.tolist(),
        laid_boxes(problem.boxes, load),
        max_mass_kg=problem.max_mass_kg,
        support=problem.support,
    )
    return [str(violation) for violation in found]


def broken_in_cartons(
    problem: CartonProblem, packed: tuple[PackedCarton, ...], cost: float
) -> list[str]:
    """Rules that the cartons of an order break."""
    cartons = problem.cartons
    catalogue = [
        GivenCarton(tuple(size), limit, price)
        for size, limit, price in zip(
            cartons.size.tolist(),
            cartons.max_mass_kg.tolist(),
            cartons.cost.tolist(),
            strict=True,
        )
    ]
    boxes = problem.boxes
    found = check_cartons(
        given_boxes(boxes),
        catalogue,
        [(one.carton, laid_boxes(boxes, one.load)) for one in packed],
        cost,
        support=problem.support,
    )
    return [str(violation) for violation in found]
