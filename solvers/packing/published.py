"""Published container loading instances as problems."""

import numpy as np

from solvers.packing.problem import Boxes, LoadProblem
from warehouse.formats.packing_csv import WAYS, PackingInstance


def load_problem(instance: PackingInstance, support: float) -> LoadProblem:
    """The problem of an instance, with so much support for the base of each box."""
    items = instance.items
    return LoadProblem(
        boxes=Boxes(
            size=np.array([item.edges for item in items], np.int32),
            copies=np.array([item.copies for item in items]),
            rotations=np.array([[way in item.ways for way in WAYS] for item in items]),
            mass_kg=np.array([item.mass_kg for item in items]),
            fragile=np.zeros(len(items), bool),
        ),
        container=np.array(instance.container),
        max_mass_kg=instance.max_mass_kg,
        support=support,
    )
