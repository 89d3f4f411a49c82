"""Members of a plan file where robots of both kinds work."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import SHARE_DTYPE, Plan

MIXED_MEMBERS: Final[dict[str, tuple[np.dtype[Any] | None, int]]] = {
    "robot_kinds": (np.dtype("u1"), 1),
    "line_shares": (SHARE_DTYPE, 1),
}
"""Type and dimensions; all there, or none, and only with those of pods."""


def mixed_arrays(plan: Plan) -> dict[str, NDArray[Any]]:
    """Members of a plan with both kinds of robots; none of others."""
    kinds = plan.scenario.fleet.kinds
    if kinds is None or plan.shares is None:
        return {}
    return {"robot_kinds": kinds, "line_shares": plan.shares}
